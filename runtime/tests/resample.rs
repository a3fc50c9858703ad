//! Resizing gives Pillow's bytes: `data/images/resize.json` has hashes of what Pillow makes of noise.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::resample::{Filter, Rectangle, resize, resize_window};
use googlenetc_runtime::data::{Image, ImageSize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Channels, height, width and seed of the noise, filter, crop, new height and width, window, hash.
type Case = (usize, usize, usize, u64, String, [usize; 4], usize, usize, [usize; 4], String);

/// The highest byte of each of splitmix64's numbers.
fn noise(channels: usize, height: usize, width: usize, seed: u64) -> Image {
    let numbers = (1..=height * width * channels).map(|i| {
        let z = seed.wrapping_add((i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)).to_be_bytes()[0]
    });
    Image::new(ImageSize { height, width, channels }, numbers.collect()).unwrap()
}

fn rectangle([top, left, height, width]: [usize; 4]) -> Rectangle {
    Rectangle { top, left, height, width }
}

fn filter(name: &str) -> Filter {
    match name {
        "nearest" => Filter::Nearest,
        "box" => Filter::Box,
        "bilinear" => Filter::Bilinear,
        "bicubic" => Filter::Bicubic,
        other => panic!("no filter is called {other}"),
    }
}

#[test]
fn eight_hundred_random_resizes_have_pillows_bytes() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("data/images/resize.json")).unwrap();
    assert_eq!(cases.len(), 800);
    for case in cases {
        let (channels, rows, columns, seed, name, source, height, width, window, expected) = &case;
        let image = noise(*channels, *rows, *columns, *seed);
        let resized =
            resize_window(&image, rectangle(*source), *height, *width, rectangle(*window), filter(name)).unwrap();
        let mut hash = String::new();
        for byte in &Sha256::digest(resized.pixels())[..8] {
            write!(hash, "{byte:02x}").unwrap();
        }
        assert_eq!(hash, *expected, "{case:?}");
    }
}

#[test]
fn rectangles_outside_and_empty_ones_are_refused() {
    let image = noise(1, 4, 5, 0);
    let whole = Rectangle::whole(4, 5);
    for wrong in [
        Rectangle { top: 1, ..whole },
        Rectangle { left: 1, ..whole },
        Rectangle { height: 0, ..whole },
        Rectangle { width: 0, ..whole },
        Rectangle { top: usize::MAX, ..whole },
    ] {
        resize_window(&image, wrong, 4, 5, whole, Filter::Box).unwrap_err();
        resize_window(&image, whole, 4, 5, wrong, Filter::Nearest).unwrap_err();
    }
    resize(&image, 0, 5, Filter::Bilinear).unwrap_err();
}

#[test]
fn a_size_that_no_memory_holds_is_refused_and_a_window_of_it_is_not() {
    let image = noise(3, 4, 5, 0);
    let far = 1 << 40;
    resize(&image, far, far, Filter::Bicubic).unwrap_err();
    let window = Rectangle { top: far - 1, left: 0, height: 1, width: 1 };
    let corner = resize_window(&image, Rectangle::whole(4, 5), far, far, window, Filter::Bilinear).unwrap();
    assert_eq!(corner.pixels(), &image.pixels()[3 * 5 * 3..][..3]);
}
