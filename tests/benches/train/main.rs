//! How many images a second torchvision's `GoogLeNet` trains and infers, beside PyTorch's own run of it.
//!
//! `scripts/benchmark-train` runs it. `BENCHMARK_FOLDER` is where the weights of the comparison go, `BENCHMARK_PYTHON` a Python that has
//! torch and torchvision; without one, ours is measured alone. `BENCHMARK_ROUNDS` is how many runs there are, and arguments are
//! beginnings of the names of rows to which it keeps.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

mod ours;
mod pytorch;
mod usage;

use googlenetc_runtime::huge_pages::use_huge_pages;
use googlenetc_runtime::precision::Precision;
use googlenetc_runtime::tch;
use ours::Ours;
use pytorch::PyTorch;
use std::path::PathBuf;

/// What is measured.
struct Row {
    training: bool,
    precision: Precision,
    channels_last: bool,
    batch: i64,
    /// Passes that are timed in a run, behind one that is not.
    passes: usize,
}

/// What a pass costs.
#[derive(Clone, Copy)]
struct Cost {
    /// Seconds on the clock.
    seconds: f64,
    /// Seconds of processors, which other work on the machine changes less.
    processor: f64,
}

const ROWS: [Row; 10] = [
    Row::training(Precision::Float32, false, 1),
    Row::training(Precision::Float32, true, 2),
    Row::training(Precision::BFloat16, false, 2),
    Row::training(Precision::BFloat16, true, 3),
    Row::inference(Precision::Float32, false, 1, 20),
    Row::inference(Precision::Float32, true, 1, 20),
    Row::inference(Precision::BFloat16, true, 1, 40),
    Row::inference(Precision::Float32, false, 32, 1),
    Row::inference(Precision::Float32, true, 32, 2),
    Row::inference(Precision::BFloat16, true, 32, 4),
];

impl Row {
    const fn training(precision: Precision, channels_last: bool, passes: usize) -> Self {
        Self { training: true, precision, channels_last, batch: 32, passes }
    }

    const fn inference(precision: Precision, channels_last: bool, batch: i64, passes: usize) -> Self {
        Self { training: false, precision, channels_last, batch, passes }
    }

    fn phase(&self) -> &'static str {
        if self.training { "training" } else { "inference" }
    }

    fn numbers(&self) -> &'static str {
        match self.precision {
            Precision::Float32 => "float32",
            Precision::BFloat16 => "bfloat16",
        }
    }

    fn layout(&self) -> &'static str {
        if self.channels_last { "channels_last" } else { "plain" }
    }

    fn name(&self) -> String {
        format!("{} {} {} {}", self.phase(), self.batch, self.numbers(), self.layout())
    }
}

fn main() {
    // As the programs of networks do.
    use_huge_pages();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let rounds = std::env::var("BENCHMARK_ROUNDS").map_or(5, |rounds| rounds.parse().unwrap());
    let folder = std::env::var_os("BENCHMARK_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let threads = tch::get_num_threads();
    println!("{}, {threads} threads, load average {}", usage::processor(), usage::load_average());
    let mut pytorch = PyTorch::start(threads);
    let mut ours = Ours::new();
    if let Some(pytorch) = &mut pytorch {
        let [float32, bfloat16] = ours.compare(&pytorch.check(&folder));
        println!(
            "largest difference of logits, relative to the largest: float32 {float32:.1e}, bfloat16 {bfloat16:.1e}"
        );
    }
    println!("medians of {rounds} runs in turns; processor: seconds of processors per image\n");
    println!(
        "{:<36} {:>8} {:>8} {:>6} {:>13} {:>17}",
        "", "images/s", "PyTorch", "times", "from to", "times (processor)"
    );
    for row in ROWS.iter().filter(|row| wanted.is_empty() || wanted.iter().any(|name| row.name().starts_with(name))) {
        let (mut us, mut them) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            // Who comes second finds the machine warmer.
            if round % 2 == 0 {
                us.push(ours.run(row));
            }
            them.extend(pytorch.as_mut().map(|pytorch| pytorch.run(row)));
            if round % 2 == 1 {
                us.push(ours.run(row));
            }
        }
        print(row, &us, &them);
    }
    println!("\nload average at the end {}", usage::load_average());
}

#[expect(clippy::cast_precision_loss, reason = "batches are small")]
fn print(row: &Row, us: &[Cost], them: &[Cost]) {
    let batch = row.batch as f64;
    let ratios = || us.iter().zip(them).map(|(ours, theirs)| theirs.seconds / ours.seconds);
    println!(
        "{:<36} {:>8.1} {:>8.1} {:>6.2} {:>6.2} {:>6.2} {:>17.2}",
        row.name(),
        median(us.iter().map(|cost| batch / cost.seconds)),
        median(them.iter().map(|cost| batch / cost.seconds)),
        median(ratios()),
        ratios().fold(f64::INFINITY, f64::min),
        ratios().fold(0.0, f64::max),
        median(us.iter().zip(them).map(|(ours, theirs)| theirs.processor / ours.processor)),
    );
}

/// Not a number if there is none.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
