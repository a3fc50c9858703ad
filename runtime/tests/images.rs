//! Small files of many kinds, decoded as Pillow does it; and damaged ones, which are refused or decoded, and no more.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "how many damaged files are refused is to be seen")]

use googlenetc_runtime::data::decode::{Channels, Limits, Orientation, Reading, decode};
use googlenetc_runtime::data::{Image, ImageSize};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Height, width, and the pixels in hexadecimal.
type Pixels = (usize, usize, String);

#[derive(Deserialize)]
struct Truth {
    rgb: Pixels,
    grey: Pixels,
    turned: Option<Pixels>,
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/images/kinds").join(name)).unwrap()
}

fn image((height, width, hexadecimal): &Pixels, channels: usize) -> Image {
    let byte = |i: usize| u8::from_str_radix(&hexadecimal[i..i + 2], 16).unwrap();
    let pixels = (0..hexadecimal.len()).step_by(2).map(byte).collect();
    Image::new(ImageSize { height: *height, width: *width, channels }, pixels).unwrap()
}

/// Equal, or with loss nearly so.
fn compare(name: &str, read: &Image, expected: &Image, largest: u8) {
    assert_eq!(read.size(), expected.size(), "{name}");
    let differences = || read.pixels().iter().zip(expected.pixels()).map(|(a, b)| a.abs_diff(*b));
    let worst = differences().max().unwrap();
    let sum: usize = differences().map(usize::from).sum();
    assert!(worst <= largest, "{name} differs by up to {worst}");
    assert!(sum <= read.pixels().len(), "{name} differs by more than 1 on average");
}

#[test]
fn seventy_six_files_are_read_as_pillow_reads_them() {
    let truth: BTreeMap<String, Truth> = serde_json::from_str(include_str!("data/images/kinds.json")).unwrap();
    assert_eq!(truth.len(), 76);
    for (name, truth) in truth {
        let bytes = file(&name);
        let read = |channels, orientation| {
            decode(&bytes, &Reading { channels, orientation, ..Reading::default() })
                .unwrap_or_else(|e| panic!("{name}: {e}"))
        };
        // Decoders of JPEG may differ, and that of WebP is exact with loss too.
        let largest = if Path::new(&name).extension().is_some_and(|extension| extension == "jpg") { 2 } else { 0 };
        compare(&name, &read(Channels::Rgb, Orientation::AsStored), &image(&truth.rgb, 3), largest);
        compare(&name, &read(Channels::Grey, Orientation::AsStored), &image(&truth.grey, 1), largest);
        if let Some(turned) = &truth.turned {
            compare(&name, &read(Channels::Rgb, Orientation::Exif), &image(turned, 3), largest);
        }
    }
}

/// A limit of 1,000,000 pixels and 16 MB, as is damage that makes a small file claim a large image.
const SMALL: Limits = Limits { pixels: 1_000_000, bytes: 16_000_000 };

#[test]
fn damaged_files_are_refused_or_decoded_quickly_and_in_little_memory() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let before = peak_memory();
    let cases = std::env::var("IMAGE_DAMAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(1000_u32);
    for name in [
        "420.jpg",
        "422-progressive.jpg",
        "cmyk.jpg",
        "restarts.jpg",
        "rgb-8.png",
        "palette-4-interlaced.png",
        "rgba-16.png",
        "frames.png",
        "rgb.bmp",
        "p.bmp",
        "frame-within-transparent.gif",
        "frames.gif",
        "lossless-alpha.webp",
        "lossy-alpha.webp",
        "frames.webp",
        "turned-6.jpg",
    ] {
        let whole = file(name);
        let mut refused = 0;
        let mut slowest = 0_f64;
        for case in 0..cases {
            let mut bytes = whole.clone();
            if case % 2 == 0 {
                bytes.truncate(random.random_range(0..whole.len()));
            }
            // One bit, or a few, for which sums of checks are not mended.
            for _ in 0..if case % 2 == 0 { random.random_range(0..2) } else { random.random_range(1..5) } {
                if !bytes.is_empty() {
                    let place = random.random_range(0..bytes.len());
                    bytes[place] ^= 1 << random.random_range(0..8);
                }
            }
            let reading = Reading { limits: SMALL, orientation: Orientation::Exif, ..Reading::default() };
            let start = Instant::now();
            refused += usize::from(decode(&bytes, &reading).is_err());
            slowest = slowest.max(start.elapsed().as_secs_f64());
        }
        println!("{name}: {refused} of {cases} refused, the slowest in {slowest:.3} s");
        assert!(slowest < 20.0, "{name} took {slowest} s");
    }
    let grown = peak_memory() - before;
    println!("{} MB more at most", grown / 1_000_000);
    assert!(grown < 100_000_000, "{grown} bytes");
}

/// The most bytes that this process has held at a time; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kibibytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    kibibytes.unwrap_or(0_u64) * 1024
}

#[test]
fn truncated_files_are_refused_wherever_pixels_are_missing() {
    // Behind the last pixel of BMP and GIF nothing is needed; PNG and WebP say how long they are.
    for (name, spare) in
        [("420.jpg", 0), ("422-progressive.jpg", 0), ("rgb-8.png", 16), ("rgb.bmp", 0), ("frame.gif", 2)]
    {
        let whole = file(name);
        for length in 0..whole.len() - spare {
            decode(&whole[..length], &Reading::default()).unwrap_err();
        }
        decode(&whole, &Reading::default()).unwrap();
    }
}

#[test]
fn a_short_jpeg_file_that_claims_a_large_image_is_refused_at_once() {
    let mut bytes = file("cmyk.jpg");
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    // 4117 rows and 28707 columns.
    bytes[frame + 5] |= 0x10;
    bytes[frame + 7] |= 0x70;
    let refusal = decode(&bytes, &Reading::default()).unwrap_err();
    assert!(refusal.contains("28707 by 4117 pixels"), "{refusal}");
}

#[test]
fn images_beyond_the_limits_are_refused_by_what_they_claim() {
    for name in ["420.jpg", "rgb-8.png", "rgb.bmp", "frame.gif", "lossy.webp"] {
        let refusal = |limits| decode(&file(name), &Reading { limits, ..Reading::default() }).unwrap_err();
        let pixels = refusal(Limits { pixels: 100, ..Limits::default() });
        assert!(pixels.contains("the limit is 100 pixels"), "{name}: {pixels}");
        refusal(Limits { bytes: 100, ..Limits::default() });
    }
}
