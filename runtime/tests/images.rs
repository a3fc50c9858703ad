//! Small files of many kinds, decoded as Pillow does it; and files that are cut off, or claim too much, which are refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::decode::{Channels, Limits, Orientation, Reading, decode};
use googlenetc_runtime::data::{Image, ImageSize};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

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
