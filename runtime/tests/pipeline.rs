//! Files through decoding, resizing, cropping and normalising, against what Pillow 13 and torchvision 0.28 make of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "the largest differences are to be seen")]
#![expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 pixels")]

use googlenetc_runtime::data::decode::{Channels, Reading, read};
use googlenetc_runtime::data::resample::{Filter, Rectangle, resize, resize_window};
use googlenetc_runtime::data::{Image, ImageSize};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const CROP: usize = 224;

#[derive(Deserialize)]
struct Truth {
    mean: [f32; 3],
    std: [f32; 3],
    images: BTreeMap<String, File>,
    #[serde(rename = "fashion-mnist_resize224_totensor")]
    fashion_mnist: Grey,
    #[serde(rename = "d2l_resize96_totensor")]
    d2l: Grey,
}

/// What becomes of one file.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Readable(Box<Readable>),
    Broken { error: String },
}

#[derive(Deserialize)]
struct Readable {
    format: String,
    mode: String,
    size_wh: [usize; 2],
    decoded_rgb_sha256: String,
    decoded_mean: [f64; 3],
    resized_wh: [usize; 2],
    crop_top_left: [usize; 2],
    resized_sha256: String,
    crop_u8_sha256_hwc: String,
    normalized_mean_std: [[f64; 2]; 3],
    normalized_row0_first8: [[f64; 8]; 3],
    grid_u8: Vec<Vec<Vec<u8>>>,
}

/// A grey image that was resized only.
#[derive(Deserialize)]
struct Grey {
    image: String,
    shape: [usize; 3],
    mean_std: [[f64; 2]; 1],
    u8_sha256: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pipeline")
}

fn truth() -> Truth {
    serde_json::from_str(&std::fs::read_to_string(folder().join("pipeline.json")).unwrap()).unwrap()
}

fn readable() -> Vec<(String, Readable)> {
    let files: Vec<_> = truth()
        .images
        .into_iter()
        .filter_map(|(name, file)| match file {
            File::Readable(file) => Some((name, *file)),
            File::Broken { .. } => None,
        })
        .collect();
    assert_eq!(files.len(), 19);
    files
}

fn decode(name: &str, channels: Channels) -> Image {
    read(&folder().join("images").join(name), &Reading { channels, ..Reading::default() }).unwrap()
}

/// torchvision's: half of what is too much, and from a half the even number.
fn centre(size: usize) -> usize {
    let twice = size - CROP;
    twice / 2 + usize::from(twice % 4 == 3)
}

/// Rows and columns with a shorter side of 256, the longer rounded down as in torchvision.
fn shorter_side(ImageSize { height, width, .. }: ImageSize) -> (usize, usize) {
    if height < width { (256, 256 * width / height) } else { (256 * height / width, 256) }
}

/// The middle of the resized image, without the rest of it.
fn crop(image: &Image) -> Image {
    let ImageSize { height, width, .. } = image.size();
    let (new_height, new_width) = shorter_side(image.size());
    let window = Rectangle { top: centre(new_height), left: centre(new_width), height: CROP, width: CROP };
    resize_window(image, Rectangle::whole(height, width), new_height, new_width, window, Filter::Bilinear).unwrap()
}

fn hash(image: &Image) -> String {
    Sha256::digest(image.pixels()).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn channel(image: &Image, channel: usize) -> impl Iterator<Item = u8> {
    image.pixels().iter().copied().skip(channel).step_by(image.size().channels)
}

/// Mean and standard deviation.
fn mean_std(values: &[f64]) -> [f64; 2] {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    [mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()]
}

fn normalised(image: &Image, of: usize, truth: &Truth) -> Vec<f64> {
    channel(image, of).map(|byte| f64::from((f32::from(byte) / 255.0 - truth.mean[of]) / truth.std[of])).collect()
}

#[test]
fn files_without_loss_are_exact_to_the_last_bit() {
    let truth = truth();
    let mut seen = 0;
    for (name, file) in readable() {
        // Sixteen bits are ours to decide, which `images.rs` holds; the next test is about JPEG.
        if file.format == "JPEG" || file.mode == "I;16" {
            continue;
        }
        let image = decode(&name, Channels::Rgb);
        assert_eq!([image.size().width, image.size().height], file.size_wh, "{name}");
        assert_eq!(hash(&image), file.decoded_rgb_sha256, "{name}");
        let (height, width) = shorter_side(image.size());
        assert_eq!([width, height], file.resized_wh, "{name}");
        assert_eq!([centre(height), centre(width)], file.crop_top_left, "{name}");
        assert_eq!(hash(&resize(&image, height, width, Filter::Bilinear).unwrap()), file.resized_sha256, "{name}");
        let crop = crop(&image);
        assert_eq!(hash(&crop), file.crop_u8_sha256_hwc, "{name}");
        let mut grid = file.grid_u8.iter().flatten().flatten();
        for of in 0..3 {
            let values: Vec<u8> = channel(&crop, of).collect();
            for (row, column) in (0..256).map(|i| (7 + i / 16 * 14, 7 + i % 16 * 14)) {
                assert_eq!(values[row * CROP + column], *grid.next().unwrap(), "{name}");
            }
            let values = normalised(&crop, of, &truth);
            for (value, expected) in values.iter().zip(file.normalized_row0_first8[of]) {
                assert!((value - expected).abs() < 1e-6, "{name}: {value} is not {expected}");
            }
            for (value, expected) in mean_std(&values).iter().zip(file.normalized_mean_std[of]) {
                assert!((value - expected).abs() < 1e-5, "{name}: {value} is not {expected}");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 13);
}

#[test]
fn jpeg_files_are_within_what_decoders_may_differ_by() {
    let truth = truth();
    let mut seen = 0;
    for (name, file) in readable() {
        if file.format != "JPEG" {
            continue;
        }
        let image = decode(&name, Channels::Rgb);
        assert_eq!([image.size().width, image.size().height], file.size_wh, "{name}");
        let crop = crop(&image);
        let (mut largest_mean, mut largest_std) = (0_f64, 0_f64);
        let mut differences = Vec::new();
        for of in 0..3 {
            let [mean, _] = mean_std(&channel(&image, of).map(f64::from).collect::<Vec<_>>());
            largest_mean = largest_mean.max((mean - file.decoded_mean[of]).abs());
            let scale = 255.0 * f64::from(truth.std[of]);
            let [mean, std] = mean_std(&normalised(&crop, of, &truth));
            let [expected_mean, expected_std] = file.normalized_mean_std[of];
            largest_mean = largest_mean.max((mean - expected_mean).abs() * scale);
            largest_std = largest_std.max((std - expected_std).abs() * scale);
            let values: Vec<u8> = channel(&crop, of).collect();
            differences.extend(file.grid_u8[of].iter().enumerate().flat_map(|(i, row)| {
                let values = &values;
                row.iter().enumerate().map(move |(j, &value)| values[(7 + i * 14) * CROP + 7 + j * 14].abs_diff(value))
            }));
        }
        differences.sort_unstable();
        let mean = differences.iter().map(|&difference| f64::from(difference)).sum::<f64>() / differences.len() as f64;
        let (percentile, largest) = (differences[differences.len() * 99 / 100], differences.last().unwrap());
        println!(
            "{name}: mean {largest_mean:.4} and deviation {largest_std:.4} of 255; grid: mean {mean:.4}, 99 % up to \
             {percentile}, largest {largest}; decoded like Pillow: {}",
            hash(&image) == file.decoded_rgb_sha256
        );
        assert!(largest_mean <= 0.5 && largest_std <= 0.5, "{name}");
        assert!(mean <= 1.0 && percentile <= 4, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn grey_images_of_the_source_networks_are_exact() {
    let truth = truth();
    for Grey { image, shape: [channels, height, width], mean_std: expected, u8_sha256 } in
        [truth.fashion_mnist, truth.d2l]
    {
        assert_eq!(channels, 1);
        let image = resize(&decode(&image, Channels::Grey), height, width, Filter::Bilinear).unwrap();
        assert_eq!(hash(&image), u8_sha256);
        let values: Vec<f64> = channel(&image, 0).map(|byte| f64::from(f32::from(byte) / 255.0)).collect();
        for (value, expected) in mean_std(&values).iter().zip(expected[0]) {
            assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
        }
    }
}

#[test]
fn broken_files_are_refused_with_their_path_and_the_reason() {
    let mut seen = Vec::new();
    for (name, file) in truth().images {
        let File::Broken { error } = file else { continue };
        let path = folder().join("images").join(&name);
        let refusal = read(&path, &Reading::default()).unwrap_err().to_string();
        println!("{refusal} (Pillow: {error})");
        assert!(refusal.contains(&path.display().to_string()), "{refusal}");
        seen.push(name);
    }
    assert_eq!(seen, ["broken_empty.jpg", "broken_text.jpg", "broken_truncated.png"]);
    let refusal = read(&folder().join("none.png"), &Reading::default()).unwrap_err().to_string();
    assert!(refusal.contains("none.png"), "{refusal}");
}
