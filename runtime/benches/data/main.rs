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
mod usage;

use googlenetc_runtime::data::transform::{HorizontalFlip, RandomCrop, Resize, Size};
use googlenetc_runtime::data::{
    Cache, ImageSize, Normalisation, OnBadImage, Options, Part, Plan, Source, Step, Transform, cached, load, open,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
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
    cache: Option<Cache>,
    /// Of each round, ours and torchvision's.
    ours: Vec<Cost>,
    theirs: Vec<Cost>,
}

/// What a pass costs.
#[derive(Clone, Copy)]
struct Cost {
    /// Images per second on the clock.
    speed: f64,
    /// Milliseconds of processors per image, which other work on the machine changes less.
    processor: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [_, folder] = arguments.as_slice() {
        pass(&source(Path::new(folder), None), "flip", 2);
        return println!("{}", usage::peak_memory());
    }
    let parent = std::env::var_os("BENCHMARK_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let photos = pictures::folder(&parent, "photos", 256, 375, 500, 15.0);
    let small = pictures::folder(&parent, "small", 4000, 64, 64, 10.0);
    let few = pictures::links(&parent, "few", 1000, &small);
    let many = pictures::links(&parent, "many", 100_000, &small);
    speed(&parent, &photos, &small);
    parts(&photos, "500x375", "crop");
    parts(&small, "64x64", "flip");
    println!("\npeak memory of a pass over 64x64 pictures with two workers, batches of 32");
    for (count, folder) in [("1,000", few), ("100,000", many)] {
        let program = std::env::current_exe().unwrap();
        let output = Command::new(program).arg("memory").arg(folder).output().unwrap();
        println!("{count:>7} files {:>8} MiB", String::from_utf8(output.stdout).unwrap().trim());
    }
}

fn speed(parent: &Path, photos: &Path, small: &Path) {
    let mut rows = Vec::new();
    let in_file = Cache::Folder(parent.join("cache"));
    let kinds = [
        ("500x375", photos, "crop", None),
        ("64x64", small, "flip", None),
        ("500x375, memory", photos, "crop", Some(Cache::Memory)),
        ("500x375, file", photos, "crop", Some(in_file)),
    ];
    for (name, folder, recipe, cache) in kinds {
        for workers in [1, 2] {
            let (name, folder, cache) = (name.to_owned(), folder.to_owned(), cache.clone());
            rows.push(Row { name, folder, recipe, workers, cache, ours: Vec::new(), theirs: Vec::new() });
        }
    }
    let sources: Vec<_> = rows.iter().map(|row| source(&row.folder, row.cache.as_ref())).collect();
    let mut torchvision = Torchvision::start();
    for round in 0..=ROUNDS {
        for (row, source) in rows.iter_mut().zip(&sources) {
            let ours = pass(source, row.recipe, row.workers);
            let torchvision = torchvision.as_mut().filter(|_| row.cache.is_none());
            let theirs = torchvision.map(|t| t.pass(&row.folder, row.recipe, row.workers));
            // The first round is for whatever is done once.
            if round > 0 {
                row.ours.push(ours);
                row.theirs.extend(theirs);
            }
        }
    }
    println!(
        "pictures of 500x375 have {:.0} kB, those of 64x64 {:.1} kB",
        pictures::kilobytes(photos),
        pictures::kilobytes(small)
    );
    println!("load average at the end: {}", usage::load_average());
    println!("medians of {ROUNDS} rounds in which everything took turns; ms are of processors, per image\n");
    let heads = ["images/s", "torchvision", "times", "ms", "torchvision", "times"];
    println!(
        "{:<16} {:>7} {:>9} {:>11} {:>6} {:>7} {:>11} {:>6}",
        "pictures", "workers", heads[0], heads[1], heads[2], heads[3], heads[4], heads[5]
    );
    for Row { name, workers, ours, theirs, .. } in rows {
        let both = || ours.iter().zip(&theirs);
        println!(
            "{name:<16} {workers:>7} {:>9.0} {:>11.0} {:>6.2} {:>7.3} {:>11.3} {:>6.2}",
            median(ours.iter().map(|cost| cost.speed)),
            median(theirs.iter().map(|cost| cost.speed)),
            median(both().map(|(ours, theirs)| ours.speed / theirs.speed)),
            median(ours.iter().map(|cost| cost.processor)),
            median(theirs.iter().map(|cost| cost.processor)),
            median(both().map(|(ours, theirs)| theirs.processor / ours.processor)),
        );
    }
}

/// Not a number if there is none.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Where the time of one thread goes, the best of some rounds.
fn parts(folder: &Path, name: &str, recipe: &str) {
    let (source, transform) = (source(folder, None), transform(recipe));
    let count = source.labels().len().min(512);
    let mut best = [f64::INFINITY; 3];
    let mut floats = Vec::new();
    for _ in 0..ROUNDS {
        let mut sums = [0.0; 3];
        for i in 0..count {
            let begin = usage::this_thread();
            black_box(std::fs::read(source.path(i).unwrap()).unwrap());
            let read = usage::this_thread();
            let image = source.image(i).unwrap();
            let decoded = usage::this_thread();
            floats.clear();
            transform.apply(&image, &mut ChaCha8Rng::seed_from_u64(i as u64), &mut floats).unwrap();
            let end = usage::this_thread();
            for (sum, part) in sums.iter_mut().zip([read - begin, (decoded - read) - (read - begin), end - decoded]) {
                *sum += part / count as f64;
            }
        }
        best = std::array::from_fn(|i| best[i].min(sums[i]));
    }
    let [read, decode, transform] = best;
    println!("\nof an image of {name}, ms: read {read:.3}, decode {decode:.3}, steps and normalise {transform:.3}");
}

fn source(folder: &Path, cache: Option<&Cache>) -> Arc<dyn Source> {
    let source = open(folder, Part::Training, &Options::default()).unwrap();
    cache.map_or(source.clone(), |cache| cached(&source, cache, 2, &mut |_, _| ()).unwrap())
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

/// Batches are copied once, as when they become tensors.
fn pass(source: &Arc<dyn Source>, recipe: &str, workers: usize) -> Cost {
    let transform = transform(recipe);
    let on_bad_image = OnBadImage::Stop;
    let plan = Plan { batch_size: 32, seed: 1, epoch: 1, shuffle: true, first_batch: 0, on_bad_image, workers };
    let (begin, used, mut images) = (Instant::now(), usage::this_process(), 0);
    for batch in load(source, &transform, plan) {
        let batch = batch.unwrap();
        black_box(batch.images.clone());
        images += batch.labels.len();
    }
    let (seconds, used) = (begin.elapsed().as_secs_f64(), usage::this_process() - used);
    Cost { speed: images as f64 / seconds, processor: used / images as f64 }
}
