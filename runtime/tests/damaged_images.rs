//! Damaged files of many kinds, which are refused or decoded, quickly and in little memory. The memory is that of the whole process,
//! so no other test may run in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "how many damaged files are refused is to be seen")]

use googlenetc_runtime::data::decode::{Limits, Orientation, Reading, decode};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/images/kinds").join(name)).unwrap()
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
    match (before, peak_memory()) {
        (Some(before), Some(after)) => {
            let grown = after - before;
            println!("{} MB more at most", grown / 1_000_000);
            assert!(grown < 100_000_000, "{grown} bytes");
        }
        // Shown even where the output of tests that pass is not.
        _ => {
            writeln!(std::io::stderr(), "memory was NOT MEASURED: this system does not say how much there was")
                .unwrap();
        }
    }
}

/// The most bytes that this process has held at a time; nothing where the system does not say, as only Linux does here.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: u64 = line?.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
