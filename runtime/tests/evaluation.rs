//! Measuring with several views of an image and several networks, against lists and sums that are made here once more.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod alone;
mod common;
mod halves;

use alone::alone;
use common::Tiny;
use googlenetc_runtime::data::crops::{CropTransform, Crops, PAPER_SCALES, scales};
use googlenetc_runtime::data::resample::{Filter, resize};
use googlenetc_runtime::data::{
    BadImages, Image, ImageSize, Normalisation, OnBadImage, Preparation, Source, Transform,
};
use googlenetc_runtime::error::{Error, Result};
use googlenetc_runtime::evaluate::{Averaged, Member, Pace, Predictions, evaluate};
use googlenetc_runtime::metrics::{Judgement, Metrics};
use googlenetc_runtime::network::{Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Tensor, manual_seed};
use halves::halves;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

const INPUT: ImageSize = ImageSize { height: 8, width: 8, channels: 1 };

fn tiny(seed: i64) -> (VarStore, Tiny) {
    let _guard = alone();
    manual_seed(seed);
    let store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    (store, network)
}

fn preparation(steps: &str, mean: f32, std: f32) -> Preparation {
    let steps = serde_json::from_str(steps).unwrap();
    Preparation { steps, normalisation: Normalisation::new(vec![mean], vec![std]) }
}

/// Images of several shapes, with a pattern that has no symmetry; one of them cannot be read.
struct Shapes {
    labels: Vec<u32>,
    broken: Option<usize>,
}

impl Shapes {
    fn new() -> Self {
        Self { labels: vec![0, 2, 1, 1, 0], broken: None }
    }
}

impl Source for Shapes {
    fn classes(&self) -> &[String] {
        &[]
    }

    fn labels(&self) -> &[u32] {
        &self.labels
    }

    fn name(&self, index: usize) -> String {
        format!("image {index}")
    }

    fn image(&self, index: usize) -> Result<Image> {
        if self.broken == Some(index) {
            return Err(Error::failed(format!("image {index} is broken")));
        }
        let (height, width) = [(11, 17), (30, 13), (8, 8), (20, 20), (9, 31)][index];
        let value = |i: usize| u8::try_from((i * i * 7 + i * 31 + index * 50) % 256).unwrap();
        Image::new(ImageSize { height, width, channels: 1 }, (0..height * width).map(value).collect())
    }
}

/// Rows of pixels.
type Pixels = Vec<Vec<u8>>;

fn rows(image: &Image) -> Pixels {
    image.pixels().chunks(image.size().width).map(<[u8]>::to_vec).collect()
}

fn cut(pixels: &Pixels, top: usize, left: usize, side: usize) -> Pixels {
    pixels[top..top + side].iter().map(|row| row[left..left + side].to_vec()).collect()
}

fn resized(pixels: &Pixels, height: usize, width: usize) -> Pixels {
    let size = ImageSize { height: pixels.len(), width: pixels[0].len(), channels: 1 };
    rows(&resize(&Image::new(size, pixels.concat()).unwrap(), height, width, Filter::Bilinear).unwrap())
}

fn mirrored(pixels: &Pixels) -> Pixels {
    pixels.iter().map(|row| row.iter().rev().copied().collect()).collect()
}

/// Halves are rounded to even numbers.
fn half(slack: usize) -> usize {
    [slack / 2, slack.div_ceil(2)].into_iter().find(|half| slack.is_multiple_of(2) || half % 2 == 0).unwrap()
}

/// The image with a shorter side of `side`; the longer one is rounded down.
fn with_shorter_side(image: &Image, side: usize) -> Pixels {
    let ImageSize { height, width, .. } = image.size();
    let (height, width) = if height <= width { (side, side * width / height) } else { (side * height / width, side) };
    resized(&rows(image), height, width)
}

/// Corners and centre, 8 pixels wide.
fn five(pixels: &Pixels) -> Vec<Pixels> {
    let (down, right) = (pixels.len() - 8, pixels[0].len() - 8);
    let places = [(0, 0), (0, right), (down, 0), (down, right), (half(down), half(right))];
    places.map(|(top, left)| cut(pixels, top, left, 8)).to_vec()
}

/// The views of an image as the paper has them, for an input of 8 pixels: scales of 9, 10, 11 and 13 pixels, which are 8/7, 9/7,
/// 10/7 and 11/7 of 8, rounded.
fn all_144(image: &Image) -> Vec<Pixels> {
    let mut views = Vec::new();
    for side in [9, 10, 11, 13] {
        let image = with_shorter_side(image, side);
        let slack = (image.len() - side).max(image[0].len() - side);
        for begin in [0, half(slack), slack] {
            let (top, left) = if image.len() > side { (begin, 0) } else { (0, begin) };
            let square = cut(&image, top, left, side);
            for view in five(&square).into_iter().chain([resized(&square, 8, 8)]) {
                views.extend([view.clone(), mirrored(&view)]);
            }
        }
    }
    views
}

/// As torchvision's `TenCrop`: five crops of the image, then five of its mirror image.
fn all_10(image: &Image) -> Vec<Pixels> {
    let image = with_shorter_side(image, 9);
    five(&image).into_iter().chain(five(&mirrored(&image))).collect()
}

#[test]
fn scales_are_in_proportion_to_the_papers() {
    assert_eq!(scales(224), PAPER_SCALES);
    assert_eq!(scales(448), PAPER_SCALES.map(|scale| 2 * scale));
    // 32 x 8/7 = 36.6, 32 x 9/7 = 41.1, 32 x 10/7 = 45.7, 32 x 11/7 = 50.3.
    assert_eq!(scales(32), [37, 41, 46, 50]);
    assert_eq!(scales(96), [110, 123, 137, 151]);
    assert_eq!(scales(8), [9, 10, 11, 13]);
}

#[test]
fn views_are_those_of_a_list_made_by_hand() {
    let (mean, std) = (0.25_f32, 0.5_f32);
    let preparation = preparation(r#"["resize"]"#, mean, std);
    for index in 0..5 {
        let image = Shapes::new().image(index).unwrap();
        for (crops, expected) in [(Crops::Ten, all_10(&image)), (Crops::Paper, all_144(&image))] {
            let transform = CropTransform::new(&preparation, INPUT, crops).unwrap();
            assert_eq!((transform.count(), transform.values()), (expected.len(), expected.len() * 64));
            assert_eq!(transform.views(image.size()).unwrap().len(), expected.len());
            let mut found = Vec::new();
            transform.apply(&image, &mut ChaCha8Rng::seed_from_u64(0), &mut found).unwrap();
            assert_eq!(found.len(), expected.len() * 64);
            for (number, (found, expected)) in found.chunks(64).zip(&expected).enumerate() {
                let expected: Vec<f32> =
                    expected.iter().flatten().map(|&byte| (f32::from(byte) / 255.0 - mean) / std).collect();
                assert_eq!(found, expected, "image {index}, {crops:?}, view {number}");
            }
        }
    }
}

#[test]
fn views_take_the_place_of_geometry_only() {
    let crops = |steps: &str, size, crops| CropTransform::new(&preparation(steps, 0.0, 1.0), size, crops);
    assert!(crops(r#"[{"resize": 256}, "centre-crop"]"#, INPUT, Crops::Paper).is_ok());
    let other = crops(r#"["resize", {"greyscale": 1}]"#, INPUT, Crops::Ten).unwrap_err().to_string();
    assert!(other.contains("also go through {\"greyscale\":"), "{other}");
    assert!(crops(r#"["resize", {"greyscale": 1}]"#, INPUT, Crops::One).is_ok());
    let wide = ImageSize { width: 12, ..INPUT };
    assert!(crops(r#"["resize"]"#, wide, Crops::Ten).is_ok());
    let squares = crops(r#"["resize"]"#, wide, Crops::Paper).unwrap_err().to_string();
    assert!(squares.contains("8 rows and 12 columns"), "{squares}");
}

/// The probabilities that a network gives for one view, with a softmax written out.
fn probabilities(network: &Tiny, pixels: &Pixels, mean: f32, std: f32) -> Vec<f64> {
    let floats: Vec<f32> = pixels.iter().flatten().map(|&byte| (f32::from(byte) / 255.0 - mean) / std).collect();
    let input = Tensor::from_slice(&floats).view([1, 1, 8, 8]);
    let logits =
        Vec::<f32>::try_from(network.forward(&input, Mode::INFERENCE, &Probe::silent()).main.view(-1)).unwrap();
    let powers: Vec<f64> = logits.iter().map(|&logit| f64::from(logit).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

fn mean_of(all: &[Vec<f64>]) -> Vec<f64> {
    let count = f64::from(u32::try_from(all.len()).unwrap());
    (0..3).map(|class| all.iter().map(|one| one[class]).sum::<f64>() / count).collect()
}

#[test]
fn probabilities_are_averaged_over_views_and_networks() {
    let ((_a, first), (_b, second)) = (tiny(1), tiny(2));
    // The second network is used to other numbers.
    let [(m1, s1), (m2, s2)] = [(0.25, 0.5), (0.0, 1.0)];
    let preparations = [preparation(r#"["resize"]"#, m1, s1), preparation(r#"["resize"]"#, m2, s2)];
    let kinds = [Crops::One, Crops::Ten, Crops::Paper];
    let inputs = preparations.iter().flat_map(|p| kinds.map(|crops| CropTransform::new(p, INPUT, crops).unwrap()));
    // One image at a time, whose 155 views go through a network in several parts, or two images at a time.
    for (batch_size, workers) in [(7, 0), (700, 2)] {
        let members = vec![Member { network: &first, inputs: 0..3 }, Member { network: &second, inputs: 3..6 }];
        let pace = Pace { batch_size, workers };
        let averaged = Averaged { members, inputs: inputs.clone().collect(), device: Device::Cpu, pace };
        let source: Arc<dyn Source> = Arc::new(Shapes::new());
        let mut seen = Vec::new();
        let mut see = |predictions: &Predictions| {
            assert_eq!(predictions.of, 5);
            for (row, &index) in predictions.images.iter().enumerate() {
                assert_eq!(predictions.labels[row], [0, 2, 1, 1, 0][index]);
                let image = Shapes::new().image(index)?;
                let all = [vec![resized(&rows(&image), 8, 8)], all_10(&image), all_144(&image)];
                for (input, views) in all.iter().enumerate() {
                    let of = |network, mean, std| {
                        let each: Vec<_> = views.iter().map(|view| probabilities(network, view, mean, std)).collect();
                        mean_of(&each)
                    };
                    let (a, b) = (of(&first, m1, s1), of(&second, m2, s2));
                    for (networks, expected) in [(1, a.clone()), (2, mean_of(&[a, b]))] {
                        let found = &predictions.scores(networks, input)?[row];
                        for (found, expected) in found.iter().zip(&expected) {
                            let found = found.exp();
                            assert!((found - expected).abs() < 1e-6, "{index} {networks} {input}: {found} {expected}");
                        }
                    }
                }
                seen.push(index);
            }
            assert!(predictions.scores(1, 3).is_err() && predictions.scores(0, 0).is_err());
            Ok(())
        };
        averaged.run(&source, &mut BadImages::default(), &mut see).unwrap();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }
}

#[test]
fn images_that_are_skipped_have_no_predictions() {
    let (_store, network) = tiny(1);
    let transform = CropTransform::new(&preparation(r#"["resize"]"#, 0.0, 1.0), INPUT, Crops::One).unwrap();
    let averaged = Averaged {
        members: vec![Member { network: &network, inputs: 0..1 }],
        inputs: [transform].into(),
        device: Device::Cpu,
        pace: Pace { batch_size: 2, workers: 0 },
    };
    let source: Arc<dyn Source> = Arc::new(Shapes { broken: Some(2), ..Shapes::new() });
    let (mut images, mut labels, mut done) = (Vec::new(), Vec::new(), 0);
    let mut bad_images = BadImages::new(OnBadImage::Skip);
    let mut see = |predictions: &Predictions| {
        images.extend_from_slice(&predictions.images);
        labels.extend_from_slice(&predictions.labels);
        done = predictions.done;
        Ok(())
    };
    averaged.run(&source, &mut bad_images, &mut see).unwrap();
    assert_eq!((images, labels, done, bad_images.len()), (vec![0, 1, 3, 4], vec![0, 2, 1, 0], 5, 1));
    let stopped = averaged.run(&source, &mut BadImages::default(), &mut |_| Ok(()));
    assert!(stopped.unwrap_err().to_string().contains("image 2 is broken"));
}

/// Training measures with sums on the device, `evaluate` with numbers for each image.
#[test]
fn both_ways_to_measure_agree() {
    let (_store, network) = tiny(3);
    let source: Arc<dyn Source> = Arc::new(halves(50));
    let preparation = preparation(r#"["resize"]"#, 0.3, 0.4);
    let pace = Pace { batch_size: 16, workers: 1 };
    let transform: Arc<Transform> = Arc::new(preparation.transform(INPUT).unwrap());
    let mut bad_images = BadImages::default();
    let (sums, confusion) =
        evaluate(&network, Device::Cpu, &source, &transform, pace, &mut bad_images, &mut |_| Ok(())).unwrap();
    let inputs = [CropTransform::new(&preparation, INPUT, Crops::One).unwrap()].into();
    let averaged =
        Averaged { members: vec![Member { network: &network, inputs: 0..1 }], inputs, device: Device::Cpu, pace };
    let mut metrics = Metrics::new(3);
    let mut see = |predictions: &Predictions| {
        for (scores, &label) in predictions.scores(1, 0)?.iter().zip(&predictions.labels) {
            metrics.add(&Judgement::new(scores, label).unwrap());
        }
        Ok(())
    };
    averaged.run(&source, &mut bad_images, &mut see).unwrap();
    assert_eq!((metrics.images(), metrics.top_error(1)), (50, Some(sums.top1_error)));
    assert_eq!(metrics.confusion(), &confusion);
    assert!(sums.top1_error > 0.0 && sums.top5_error.abs() < 1e-12);
    assert!((metrics.loss().unwrap() - sums.loss).abs() < 1e-6);
}
