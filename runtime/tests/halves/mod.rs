//! A problem that the small network can learn.

use googlenetc_runtime::data::{Dataset, ImageSize};

/// `count` images of 8x8: class 0 is bright above, class 1 on the left, class 2 nowhere; all with some noise.
pub(crate) fn halves(count: u32) -> Dataset {
    let mut pixels = Vec::new();
    let mut noise = 1_u32;
    for label in (0..count).map(|i| i % 3) {
        for place in 0..64 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bright = (label == 0 && place / 8 < 4) || (label == 1 && place % 8 < 4);
            let value = (noise >> 26) + if bright { 150 } else { 20 };
            pixels.push(u8::try_from(value).unwrap());
        }
    }
    let size = ImageSize { height: 8, width: 8, channels: 1 };
    Dataset::new(size, pixels, (0..count).map(|i| i % 3).collect()).unwrap()
}
