//! Data sets that are like photographs to whoever decodes them.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fs;
use std::path::{Path, PathBuf};

/// How many classes there are.
const CLASSES: usize = 10;

/// A folder of `count` JPEG files of quality 90 whose colours have half the resolution, as cameras and the tools that shrink
/// their pictures write them. Made once.
pub(crate) fn folder(parent: &Path, name: &str, count: usize, height: u16, width: u16, grain: f32) -> PathBuf {
    let folder = parent.join(name);
    if folder.join("ready").exists() {
        return folder;
    }
    eprintln!("making {count} pictures of {width}x{height} in {}", folder.display());
    for class in 0..CLASSES {
        fs::create_dir_all(class_folder(&folder, class)).unwrap();
    }
    for i in 0..count {
        let path = class_folder(&folder, i % CLASSES).join(format!("{i:05}.jpg"));
        let pixels = picture(i as u64, height, width, grain);
        let mut encoder = Encoder::new_file(path, 90).unwrap();
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
    }
    fs::write(folder.join("ready"), "").unwrap();
    folder
}

/// A folder of `count` files in 200 classes, which are links to the files of `pictures`.
pub(crate) fn links(parent: &Path, name: &str, count: usize, pictures: &Path) -> PathBuf {
    let folder = parent.join(name);
    if folder.join("ready").exists() {
        return folder;
    }
    eprintln!("making {count} links in {}", folder.display());
    let files = files(pictures);
    for class in 0..200 {
        fs::create_dir_all(class_folder(&folder, class)).unwrap();
    }
    for i in 0..count {
        let link = class_folder(&folder, i % 200).join(format!("n{:08}_{i:06}.JPEG", i % 200));
        fs::hard_link(&files[i % files.len()], link).unwrap();
    }
    fs::write(folder.join("ready"), "").unwrap();
    folder
}

/// The mean size of the files, in kB.
pub(crate) fn kilobytes(folder: &Path) -> f64 {
    let sizes: Vec<_> = files(folder).iter().map(|file| file.metadata().unwrap().len()).collect();
    sizes.iter().sum::<u64>() as f64 / sizes.len() as f64 / 1000.0
}

fn class_folder(folder: &Path, class: usize) -> PathBuf {
    folder.join(format!("class{class:03}"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    paths(folder).iter().filter(|path| path.is_dir()).flat_map(|class| paths(class)).collect()
}

/// Smooth noise of many scales, each the stronger the coarser it is, as light has it in nature; two edges, and some grain.
fn picture(seed: u64, height: u16, width: u16, grain: f32) -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (rows, columns) = (usize::from(height), usize::from(width));
    let mut planes = [0; 3].map(|_| vec![0.0_f32; rows * columns]);
    let mut cells = rows.max(columns);
    while cells >= 3 {
        let strength = 45.0 * (cells as f32 / rows.max(columns) as f32).sqrt();
        let common = noise(rows, columns, cells, &mut random);
        for plane in &mut planes {
            // Colours change less from place to place than light does.
            let own = noise(rows, columns, 2 * cells, &mut random);
            for ((value, common), own) in plane.iter_mut().zip(&common).zip(own) {
                *value += strength * (common + 0.3 * own);
            }
        }
        cells /= 2;
    }
    let edges: Vec<[f32; 3]> = (0..2).map(|_| [0; 3].map(|_| random.random_range(-1.0..1.0))).collect();
    let side = |i: usize| {
        let (y, x) = ((i / columns) as f32 / rows as f32 - 0.5, (i % columns) as f32 / columns as f32 - 0.5);
        edges.iter().map(|[a, b, c]| if a * y + b * x > c * 0.2 { 18.0 } else { -18.0 }).sum::<f32>()
    };
    let mut pixels = Vec::with_capacity(3 * rows * columns);
    for i in 0..rows * columns {
        let light = 120.0 + side(i) + random.random_range(-grain..=grain);
        pixels.extend(planes.iter().map(|plane| (plane[i] + light) as u8));
    }
    pixels
}

/// Random values at the corners of cells of that many pixels, and in between what is between them.
fn noise(rows: usize, columns: usize, cell: usize, random: &mut ChaCha8Rng) -> Vec<f32> {
    let across = columns / cell + 2;
    let corners: Vec<f32> = (0..across * (rows / cell + 2)).map(|_| random.random_range(-1.0..1.0)).collect();
    let value = |i: usize| {
        let (row, column) = (i / columns, i % columns);
        let part = |x: usize| (x % cell) as f32 / cell as f32;
        let corner = row / cell * across + column / cell;
        let between = |i: usize| corners[i] + (corners[i + 1] - corners[i]) * part(column);
        between(corner) + (between(corner + across) - between(corner)) * part(row)
    };
    (0..rows * columns).map(value).collect()
}
