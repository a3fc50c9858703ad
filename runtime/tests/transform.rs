//! Channels, resize, shift, normalisation. Expected values are worked out by hand or are Pillow's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::{
    Dataset, Image, ImageSize, Normalisation, OnBadImage, Preparation, Source, Transform, stats,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn size(height: usize, width: usize, channels: usize) -> ImageSize {
    ImageSize { height, width, channels }
}

fn image_of(pixels: &[u8], size: ImageSize) -> Image {
    Image::new(size, pixels.to_vec()).unwrap()
}

/// The image in 0..255 again, after the transform without normalisation.
fn apply(image: &[u8], from: ImageSize, to: ImageSize, shift: f64, seed: u64) -> Vec<f32> {
    let normalisation = Normalisation::new(vec![0.0; to.channels], vec![1.0; to.channels]);
    let mut out = Vec::new();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let steps = serde_json::from_str(&format!(r#"["resize", {{"shift": {shift}}}]"#)).unwrap();
    let transform = Transform::new(to, steps, normalisation).unwrap();
    transform.apply(&image_of(image, from), &mut random, &mut out).unwrap();
    out.iter().map(|value| (value * 255.0).round()).collect()
}

#[test]
fn enlarging_is_bilinear_between_the_centres_of_pixels() {
    // Centres of the four new columns lie at -1/4, 1/4, 3/4, 5/4 of the old ones.
    let row = [0.0, 64.0, 191.0, 255.0];
    assert_eq!(apply(&[0, 255], size(1, 2, 1), size(1, 4, 1), 0.0, 0), row);
}

#[test]
fn shrinking_averages_as_pillow_does() {
    // A triangle that reaches two old pixels from the centre of a new one: weights 3/7, 3/7, 1/7 at the left.
    // (3 * 0 + 3 * 0 + 1 * 255) / 7 = 36.4, and the right mirrors it.
    assert_eq!(apply(&[0, 0, 255, 255], size(1, 4, 1), size(1, 2, 1), 0.0, 0), [36.0, 219.0]);
}

#[test]
fn colour_becomes_grey_with_pillows_weights() {
    let colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    assert_eq!(apply(&colours, size(2, 2, 3), size(2, 2, 1), 0.0, 0), [76.0, 150.0, 29.0, 255.0]);
}

#[test]
fn grey_becomes_three_equal_channels() {
    assert_eq!(apply(&[5, 6], size(1, 2, 1), size(1, 2, 3), 0.0, 0), [5.0, 5.0, 5.0, 6.0, 6.0, 6.0]);
}

#[test]
fn four_channels_are_refused() {
    let preparation = Preparation::from(Normalisation::new(vec![0.0], vec![1.0]));
    let transform = preparation.transform(size(2, 2, 1)).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let error = transform.apply(&image_of(&[0; 16], size(2, 2, 4)), &mut random, &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("4 channels"), "{error}");
}

#[test]
fn shifts_stay_within_their_share_and_reach_it() {
    let mut image = vec![0; 100];
    image[55] = 200;
    let mut seen = Vec::new();
    for seed in 0..200 {
        let moved = apply(&image, size(10, 10, 1), size(10, 10, 1), 0.2, seed);
        let place = moved.iter().position(|&value| value > 0.0).unwrap();
        assert!((3..=7).contains(&(place / 10)) && (3..=7).contains(&(place % 10)), "moved to {place}");
        seen.push(place);
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 25);
}

#[test]
fn normalisation_is_the_mean_and_deviation_per_channel() {
    // Values 0 and 255 in equal parts: mean 1/2, deviation 1/2; the others are constant.
    let pixels = vec![0, 51, 255, 255, 51, 255];
    let dataset = Dataset::new(size(1, 2, 3), pixels, vec![0]).unwrap();
    let normalisation = stats::of_pixels(&dataset, 3, 2, OnBadImage::Stop, |_| {}).unwrap().normalisation();
    assert_eq!(normalisation, Normalisation::new(vec![0.5, 0.2, 1.0], vec![0.5, 1.0, 1.0]));
    let transform = Preparation::from(normalisation).transform(size(1, 2, 3)).unwrap();
    let mut out = Vec::new();
    transform.apply(&dataset.image(0).unwrap(), &mut ChaCha8Rng::seed_from_u64(0), &mut out).unwrap();
    assert_eq!(out, [-1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
}
