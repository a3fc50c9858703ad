//! How many images a second the loader makes of files, beside torchvision's, and how much memory it needs.
//!
//! `scripts/benchmark-data` runs it. `BENCHMARK_FOLDER` is where pictures are made, `BENCHMARK_PYTHON` a Python that has torchvision.

#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pictures are small numbers"
)]

mod pictures;
mod torchvision;

use googlenetc_runtime::data::transform::{HorizontalFlip, RandomCrop, Resize, Size};
use googlenetc_runtime::data::{
    ImageSize, Normalisation, OnBadImage, Options, Part, Plan, Source, Step, Transform, load, open,
};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;
use torchvision::Torchvision;

/// Rounds, in each of which everything has a turn.
const ROUNDS: usize = 5;

/// A row of the table.
struct Row {
    name: String,
    folder: PathBuf,
    recipe: &'static str,
    workers: usize,
    /// Images per second of each round, ours and torchvision's.
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [_, folder] = arguments.as_slice() {
        return println!("{}", peak_memory_of_a_pass(Path::new(folder)));
    }
    let parent = std::env::var_os("BENCHMARK_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let photos = pictures::folder(&parent, "photos", 512, 375, 500, 15.0);
    let small = pictures::folder(&parent, "small", 4000, 64, 64, 10.0);
    let few = pictures::links(&parent, "few", 1000, &small);
    let many = pictures::links(&parent, "many", 100_000, &small);
    speed(&photos, &small);
    println!("\npeak memory of a pass over 64x64 pictures with two workers, batches of 32");
    for (count, folder) in [("1,000", few), ("100,000", many)] {
        let program = std::env::current_exe().unwrap();
        let output = Command::new(program).arg("memory").arg(folder).output().unwrap();
        println!("{count:>7} files {:>8} MiB", String::from_utf8(output.stdout).unwrap().trim());
    }
}

fn speed(photos: &Path, small: &Path) {
    let mut rows = Vec::new();
    for (name, folder, recipe) in [("500x375", photos, "crop"), ("64x64", small, "flip")] {
        let name = format!("{name}, {:.0} kB", pictures::kilobytes(folder));
        for workers in [1, 2] {
            let (name, folder) = (name.clone(), folder.to_owned());
            rows.push(Row { name, folder, recipe, workers, ours: Vec::new(), theirs: Vec::new() });
        }
    }
    let mut torchvision = Torchvision::start();
    for _ in 0..ROUNDS {
        for row in &mut rows {
            row.ours.push(images_per_second(&row.folder, row.recipe, row.workers));
            row.theirs.extend(torchvision.as_mut().map(|t| t.images_per_second(&row.folder, row.recipe, row.workers)));
        }
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load average at the end: {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "));
    println!("images per second, medians of {ROUNDS} rounds in which everything took turns\n");
    println!("{:<18} {:>7} {:>11} {:>12} {:>6}", "pictures", "workers", "googlenetc", "torchvision", "times");
    for Row { name, workers, ours, theirs, .. } in rows {
        let times = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
        let (ours, theirs, times) = (median(ours), median(theirs), median(times));
        println!("{name:<18} {workers:>7} {ours:>11.0} {theirs:>12.0} {times:>6.2}");
    }
}

/// Not a number if there is none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn source(folder: &Path) -> Arc<dyn Source> {
    open(folder, Part::Training, &Options::default()).unwrap()
}

fn transform(recipe: &str) -> Arc<Transform> {
    let crop = [
        Step::Resize(Resize { size: Some(Size::One(256)), ..Resize::default() }),
        Step::RandomCrop(RandomCrop { size: Some(Size::One(224)), ..RandomCrop::default() }),
    ];
    let flip = Step::HorizontalFlip(HorizontalFlip::default());
    let (input, steps) = match recipe {
        "crop" => (224, crop.into_iter().chain([flip]).collect()),
        _ => (64, vec![Step::Resize(Resize::default()), flip]),
    };
    let size = ImageSize { height: input, width: input, channels: 3 };
    let normalisation = Normalisation::new(vec![0.485, 0.456, 0.406], vec![0.229, 0.224, 0.225]);
    Arc::new(Transform::new(size, steps, normalisation).unwrap())
}

fn plan(workers: usize, epoch: u64) -> Plan {
    let on_bad_image = OnBadImage::Stop;
    Plan { batch_size: 32, seed: 1, epoch, shuffle: true, first_batch: 0, on_bad_image, workers }
}

/// Over one pass. Batches are copied once, as when they become tensors.
fn images_per_second(folder: &Path, recipe: &str, workers: usize) -> f64 {
    let (source, transform) = (source(folder), transform(recipe));
    let (begin, mut images) = (Instant::now(), 0);
    for batch in load(&source, &transform, plan(workers, 1)) {
        let batch = batch.unwrap();
        black_box(batch.images.clone());
        images += batch.labels.len();
    }
    images as f64 / begin.elapsed().as_secs_f64()
}

/// In MiB, of this process, from its start.
fn peak_memory_of_a_pass(folder: &Path) -> u64 {
    images_per_second(folder, "flip", 2);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
