//! Steps against what torchvision 0.28 and Pillow 13 make of the same images (`tests/python/make_transforms.py`).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use flate2::Crc;
use googlenetc_runtime::data::crops::View;
use googlenetc_runtime::data::resample::Filter;
use googlenetc_runtime::data::{
    Dataset, Image, ImageSize, Normalisation, OnBadImage, Source, Step, Transform, crops, stats,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Case {
    name: String,
    image: [usize; 3],
    steps: Vec<Step>,
    output: [usize; 2],
    crc: u32,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    image: [usize; 3],
    steps: Vec<Step>,
    output: [usize; 2],
    crcs: BTreeSet<u32>,
}

/// A part of the truth.
fn truth<T: DeserializeOwned>(name: &str) -> T {
    let mut truth: serde_json::Value = serde_json::from_str(include_str!("data/transforms.json")).unwrap();
    serde_json::from_value(truth[name].take()).unwrap()
}

/// The image of this size that the script makes.
fn image([height, width, channels]: [usize; 3]) -> Image {
    let value = |y: usize, x: usize, c: usize| {
        let noise = ((y * 73_856_093) ^ (x * 19_349_663) ^ (c * 83_492_791)) >> 5;
        let checks = if (x / 7 + y / 5) % 2 == 1 { 60 } else { 0 };
        u8::try_from((3 * y + 2 * x + 40 * c + checks + noise % 23) % 256).unwrap()
    };
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            pixels.extend((0..channels).map(|c| value(y, x, c)));
        }
    }
    Image::new(ImageSize { height, width, channels }, pixels).unwrap()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// What does these steps, with an output of this size, and leaves bytes as they are.
fn transform(steps: &[Step], [height, width]: [usize; 2], channels: usize) -> Transform {
    let mut normalisation = Normalisation::new(vec![0.0; channels], vec![1.0; channels]);
    normalisation.range = googlenetc_runtime::data::transform::ValueRange::Bytes;
    // Its size being what it is anyway, this does nothing; but that the size is right is known then.
    let known: Vec<Step> = steps.iter().copied().chain(parse(r#"["resize"]"#)).collect();
    Transform::new(ImageSize { height, width, channels }, known, normalisation).unwrap()
}

fn parse(steps: &str) -> Vec<Step> {
    serde_json::from_str(steps).unwrap()
}

#[test]
fn steps_give_torchvisions_bytes() {
    let cases: Vec<Case> = truth("cases");
    assert!(cases.len() > 150, "{}", cases.len());
    let mut wrong = Vec::new();
    for Case { name, image: size, steps, output, crc: expected } in &cases {
        let transform = transform(steps, *output, size[2]);
        let picture = transform.picture(&image(*size), &mut random(0)).unwrap();
        assert_eq!([picture.size().height, picture.size().width], *output, "{name}");
        if crc(picture.pixels()) != *expected {
            wrong.push(format!("{name} {size:?} {steps:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Every result that torchvision can have comes, and no other.
#[test]
fn random_steps_give_all_of_torchvisions_results() {
    for Set { name, image: size, steps, output, crcs } in truth::<Vec<Set>>("sets") {
        let transform = transform(&steps, output, size[2]);
        let image = image(size);
        let results: BTreeSet<u32> =
            (0..600).map(|seed| crc(transform.picture(&image, &mut random(seed)).unwrap().pixels())).collect();
        assert_eq!(results, crcs, "{name}");
    }
}

/// All colours whose values are multiples of 5; with the variable `GOOGLENETC_TEST_ALL_HUES` all there are.
#[test]
fn hues_turn_as_in_pillow() {
    #[derive(Deserialize)]
    struct Hue {
        step: usize,
        turn: f64,
        crc: u32,
    }
    let all = std::env::var_os("GOOGLENETC_TEST_ALL_HUES").is_some();
    for Hue { step, turn, crc: expected } in truth::<Vec<Hue>>("hues").into_iter().filter(|hue| hue.step > 1 || all) {
        let values: Vec<u8> = (0..=255).step_by(step).collect();
        let mut pixels = Vec::new();
        for &red in &values {
            for &green in &values {
                pixels.extend(values.iter().flat_map(|&blue| [red, green, blue]));
            }
        }
        let (height, width) = (values.len() * values.len(), values.len());
        let lattice = Image::new(ImageSize { height, width, channels: 3 }, pixels).unwrap();
        let steps = parse(&format!(r#"[{{"colour-jitter": {{"hue": [{turn}, {turn}]}}}}]"#));
        let turned = transform(&steps, [height, width], 3).picture(&lattice, &mut random(0)).unwrap();
        assert_eq!(crc(turned.pixels()), expected, "step {step}");
    }
}

#[test]
fn ten_crops_are_torchvisions_in_its_order() {
    #[derive(Deserialize)]
    struct Ten {
        image: [usize; 3],
        crop: (usize, usize),
        crcs: Vec<u32>,
    }
    for Ten { image: size, crop, crcs } in truth::<Vec<Ten>>("ten") {
        let image = image(size);
        let views = crops::ten(image.size(), None, crop).unwrap();
        let ours: Vec<u32> =
            views.iter().map(|view| crc(view.of(&image, Filter::Bilinear).unwrap().pixels())).collect();
        assert_eq!(ours, crcs, "{size:?}");
    }
}

/// The list is made here once more, from the words of the paper's section 7.
#[test]
fn the_papers_144_crops_are_all_there() {
    for (height, width) in [(300, 500), (501, 300), (333, 333), (375, 500)] {
        let mut expected = Vec::new();
        for side in [256_usize, 288, 320, 352] {
            // The longer side, rounded down.
            let long = side * height.max(width) / height.min(width);
            let (rows, columns) = if height > width { (long, side) } else { (side, long) };
            let slack = long - side;
            // Halves are rounded to even numbers, as Python's `round` does in torchvision's centre crop.
            let middle = [slack / 2, slack.div_ceil(2)].into_iter().find(|m| slack % 2 == 0 || m % 2 == 0).unwrap();
            for begin in [0, middle, slack] {
                let (y, x) = if height > width { (begin, 0) } else { (0, begin) };
                let (far, half) = (side - 224, (side - 224) / 2);
                for (down, right) in [(0, 0), (0, far), (far, 0), (far, far), (half, half)] {
                    expected.push(((rows, columns), [y + down, x + right, 224, 224]));
                }
                expected.push(((rows, columns), [y, x, side, side]));
            }
        }
        let image = ImageSize { height, width, channels: 3 };
        let views = crops::multi_scale(image, &crops::PAPER_SCALES, 224).unwrap();
        assert_eq!(views.len(), 144);
        let window = |view: &View| [view.window.top, view.window.left, view.window.height, view.window.width];
        let found: Vec<_> = views.iter().map(|view| (view.resized, window(view), view.size, view.mirrored)).collect();
        let expected: Vec<_> = expected
            .into_iter()
            .flat_map(|(resized, window)| [false, true].map(|mirrored| (resized, window, (224, 224), mirrored)))
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn views_show_what_steps_would() {
    let image = image([50, 83, 3]);
    let views = crops::multi_scale(image.size(), &[40, 32], 24).unwrap();
    assert_eq!(views.len(), 72);
    // The whole centre square of the larger scale, and its mirror image; a square is 40 of 66 columns wide, and begins at 13.
    let [plain, mirrored] = [views[22], views[23]];
    let steps = parse(r#"[{"resize": 40}, {"centre-crop": 40}, {"resize": [24, 24]}]"#);
    let seen = transform(&steps, [24, 24], 3).picture(&image, &mut random(0)).unwrap();
    assert_eq!(plain.of(&image, Filter::Bilinear).unwrap(), seen);
    let steps = parse(r#"[{"resize": 40}, {"centre-crop": 40}, {"resize": [24, 24]}, {"horizontal-flip": 1}]"#);
    let seen = transform(&steps, [24, 24], 3).picture(&image, &mut random(0)).unwrap();
    assert_eq!(mirrored.of(&image, Filter::Bilinear).unwrap(), seen);
    assert!(crops::multi_scale(image.size(), &[23], 24).unwrap_err().to_string().contains("cannot be cut"));
}

#[test]
fn floats_are_torchs_and_caffes() {
    #[derive(Deserialize)]
    struct Normalised {
        image: [usize; 3],
        normalise: Normalisation,
        crc: u32,
    }
    for Normalised { image: [height, width, channels], normalise, crc: expected } in
        truth::<Vec<Normalised>>("normalised")
    {
        let size = ImageSize { height, width, channels };
        let transform = Transform::new(size, parse(r#"["resize"]"#), normalise.clone()).unwrap();
        let mut floats = Vec::new();
        transform.apply(&image([height, width, channels]), &mut random(0), &mut floats).unwrap();
        let bytes: Vec<u8> = floats.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(crc(&bytes), expected, "{normalise:?}");
    }
}

#[test]
fn statistics_are_numpys() {
    #[derive(Deserialize)]
    struct Moments {
        mean: Vec<f64>,
        std: Vec<f64>,
    }
    #[derive(Deserialize)]
    struct Statistics {
        images: Vec<[usize; 3]>,
        raw: Moments,
        input: Moments,
    }
    let Statistics { images, raw, input } = truth("statistics");
    let source = Several(images.iter().map(|&size| image(size)).collect(), vec![0; images.len()]);
    let steps = parse(r#"[{"resize": 16}, "centre-crop"]"#);
    let transform = transform(&steps, [14, 14], 3);
    for workers in [1, 3] {
        let of_pixels = stats::of_pixels(&source, 3, workers, OnBadImage::Stop, |_| {}).unwrap();
        let of_input = stats::of_input(&source, &transform, workers, OnBadImage::Stop, |_| {}).unwrap();
        assert_eq!(of_input.pixels, 14 * 14 * 5);
        for (ours, numpys) in [(&of_pixels, &raw), (&of_input, &input)] {
            for (ours, numpys) in ours.mean.iter().chain(&ours.std).zip(numpys.mean.iter().chain(&numpys.std)) {
                assert!((ours - numpys).abs() < 1e-14, "{ours} {numpys}");
            }
        }
    }
}

/// Images of several sizes.
struct Several(Vec<Image>, Vec<u32>);

impl Source for Several {
    fn classes(&self) -> &[String] {
        &[]
    }

    fn labels(&self) -> &[u32] {
        &self.1
    }

    fn name(&self, index: usize) -> String {
        format!("image {index}")
    }

    fn image(&self, index: usize) -> googlenetc_runtime::error::Result<Image> {
        Ok(self.0[index].clone())
    }
}

#[test]
fn the_first_image_that_cannot_be_read_stops_the_statistics() {
    // Image 1 has an image that cannot become grey.
    let image = |channels| Image::new(ImageSize { height: 1, width: 1, channels }, vec![7; channels]).unwrap();
    let source = Several(vec![image(1), image(4), image(2)], vec![0; 3]);
    let error = stats::of_pixels(&source, 1, 3, OnBadImage::Stop, |_| {}).unwrap_err();
    assert!(error.to_string().contains("4 channels"), "{error}");
    let dataset = Dataset::new(ImageSize { height: 1, width: 1, channels: 1 }, vec![7], vec![0]).unwrap();
    // A single value has no deviation, and nothing to divide by.
    let normalisation = stats::of_pixels(&dataset, 1, 3, OnBadImage::Stop, |_| {}).unwrap().normalisation();
    assert_eq!(normalisation, Normalisation::new(vec![7.0 / 255.0], vec![1.0]));
}
