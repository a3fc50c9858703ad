//! Training takes no more memory the longer it lasts.
#![cfg(target_os = "linux")]
#![expect(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "numbers are small, and one of them is for a person"
)]

#[path = "../../runtime/tests/watched/mod.rs"]
mod watched;

use googlenetc_runtime::data::{BadImages, Dataset, ImageSize};
use googlenetc_runtime::tch::Device;
use googlenetc_runtime::train::{Display, Images, Interrupt, Job, Progress, Recipe, train};
use std::sync::{Arc, Mutex};

googlenetc_runtime::include_network!("batch_norm");

const BATCH: usize = 8;
const STEPS_PER_EPOCH: usize = 50;

/// The memory that this process has in use, as Linux says.
fn resident_bytes() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages: f64 = statm.split(' ').nth(1).expect("the second number").parse().expect("a number");
    pages * 4096.0
}

/// The slope of the line through the values that has the least squared errors.
fn slope(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let (mean_x, mean_y) = ((count - 1.0) / 2.0, values.iter().sum::<f64>() / count);
    let pairs = || values.iter().enumerate().map(|(x, y)| (x as f64 - mean_x, y - mean_y));
    pairs().map(|(x, y)| x * y).sum::<f64>() / pairs().map(|(x, _)| x * x).sum::<f64>()
}

/// How much comes in from epoch to epoch, by the step: the median, as the curves that are drawn some ten seconds after the beginning take their
/// memory once.
fn usual_growth(values: &[f64]) -> f64 {
    let ends: Vec<f64> = values.iter().step_by(STEPS_PER_EPOCH).copied().collect();
    let mut growth: Vec<f64> = ends.windows(2).map(|pair| pair[1] - pair[0]).collect();
    growth.sort_by(f64::total_cmp);
    growth[growth.len() / 2] / STEPS_PER_EPOCH as f64
}

/// `GOOGLENETC_TEST_STEPS` says how many steps are watched, 1,000 if it does not: fewer miss a leak of 400 bytes; after 200 that nobody watches, in which the allocator finds
/// out what it needs.
#[test]
fn a_step_leaves_nothing_behind() {
    let watched: usize = std::env::var("GOOGLENETC_TEST_STEPS").map_or(1000, |steps| steps.parse().expect("a number"));
    let warm_up = 200;
    let size = ImageSize { height: 32, width: 32, channels: 3 };
    let dataset = |images: usize| {
        let labels = (0..images).map(|i| u32::try_from(i % 7).expect("it is small")).collect();
        let pixels = (0..images * size.bytes()).map(|i| u8::try_from(i * i % 251).expect("it is small")).collect();
        Dataset::new(size, pixels, labels).expect("as many pixels as that")
    };
    // How many images were read, and the bytes in use at the first image of each step.
    let resident: Arc<Mutex<(usize, Vec<f64>)>> = Arc::default();
    let taken_down = resident.clone();
    let training = watched::watched(Arc::new(dataset(BATCH * STEPS_PER_EPOCH)), move || {
        let mut resident = taken_down.lock().expect("nobody panics with it");
        if resident.0.is_multiple_of(BATCH) {
            resident.1.push(resident_bytes());
        }
        resident.0 += 1;
    });
    let images = Images { training, held_out: Arc::new(dataset(16)), held_out_name: "test" };
    let epochs = (warm_up + watched).div_ceil(STEPS_PER_EPOCH);
    let recipe = Recipe { epochs, batch_size: BATCH, workers: 1, ..Recipe::default() };
    let folder = tempfile::tempdir().expect("a folder");
    let interrupt = Interrupt::default();
    let (device, folder) = (Device::Cpu, folder.path());
    let job = Job { images: &images, recipe: &recipe, pretrained: None, device, folder, interrupt };
    train::<BatchNormNet>(&job, &mut BadImages::default(), &mut Progress::new(Display::None)).expect("it trains");
    let resident = resident.lock().expect("nobody panics with it");
    // The first pass over the images finds their mean.
    let steps = &resident.1[STEPS_PER_EPOCH + warm_up..];
    let (slope, growth) = (slope(steps), usual_growth(steps));
    let last = steps.last().expect("a step");
    let count = steps.len();
    println!("{slope:.1} bytes a step over {count} steps, usually {growth:.1}; {:.1} MB at the end", last / 1e6);
    // A tensor of the smallest activation that could be left behind, 8 images of 7 logits, has 224 bytes and its bookkeeping about as many
    // again; the batch of images that comes in has 98,304. The results of an epoch have about 20 bytes a step.
    // What is left behind shows in both; either alone can be the allocator's: a few pages in most epochs, or many in one.
    assert!(slope.min(growth) < 200.0, "{slope} bytes are left behind by each step, usually {growth}");
}
