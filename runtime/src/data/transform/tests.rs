//! Doing geometry late gives what doing it step by step gives.

use super::{Image, ImageSize, Normalisation, Step, Transform, ValueRange};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Does these steps and leaves bytes as they are, whatever size comes out.
fn unchecked(steps: Vec<Step>, size: ImageSize) -> Transform {
    let normalisation = Normalisation { range: ValueRange::Bytes, ..Normalisation::new(vec![0.0; 3], vec![1.0; 3]) };
    let tables = normalisation.tables([0.0; 3]);
    Transform { size, steps, normalisation, tables }
}

/// A step that can be done with any image.
fn draw_step(random: &mut impl Rng) -> Step {
    let mut length = || random.random_range(1..40_u32);
    let size = format!("[{}, {}]", length(), length());
    let filters = ["nearest", "box", "bilinear", "bicubic"];
    let filter = filters[random.random_range(0..4_usize)];
    let modes = ["constant", "edge", "reflect", "symmetric"];
    let mode = modes[random.random_range(0..4_usize)];
    let steps = [
        format!(r#"{{"resize": {{"size": {size}, "filter": "{filter}"}}}}"#),
        format!(r#"{{"resize": {{"size": 17, "filter": "{filter}"}}}}"#),
        format!(r#"{{"centre-crop": {size}}}"#),
        format!(
            r#"{{"random-crop": {{"size": {size}, "padding": 3, "pad_if_needed": true, "padding_mode": "{mode}"}}}}"#
        ),
        format!(r#"{{"random-resized-crop": {{"size": {size}, "filter": "random"}}}}"#),
        r#"{"horizontal-flip": 1}"#.to_owned(),
        r#"{"horizontal-flip": 0.5}"#.to_owned(),
        r#"{"colour-jitter": {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1}}"#.to_owned(),
        r#"{"greyscale": 0.2}"#.to_owned(),
        r#"{"shift": 0.3}"#.to_owned(),
    ];
    serde_json::from_str(&steps[random.random_range(0..steps.len())]).unwrap()
}

#[test]
fn late_geometry_changes_nothing() {
    for seed in 0..600 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (height, width) = (random.random_range(1..50_usize), random.random_range(1..50_usize));
        let size = ImageSize { height, width, channels: 3 };
        let pixels = (0..size.bytes()).map(|_| random.random()).collect();
        let image = Image::new(size, pixels).unwrap();
        let steps: Vec<Step> = (0..random.random_range(1..7)).map(|_| draw_step(&mut random)).collect();

        let mut one_by_one = image.clone();
        let mut draws = random.clone();
        for step in &steps {
            one_by_one = unchecked(vec![*step], size).picture(&one_by_one, &mut draws).unwrap();
        }
        let transform = unchecked(steps.clone(), one_by_one.size());
        assert_eq!(transform.picture(&image, &mut random.clone()).unwrap(), one_by_one, "{size:?} {steps:?}");
        let mut floats = Vec::new();
        transform.apply(&image, &mut random, &mut floats).unwrap();
        let bytes: Vec<f32> = one_by_one.pixels().iter().map(|&byte| f32::from(byte)).collect();
        assert_eq!(floats, bytes, "{size:?} {steps:?}");
    }
}
