//! A run that is killed, again and again, and goes on to the same end; and one whose disk is full.
//!
//! This file is a program without a test harness: told so by the environment it trains, otherwise it runs itself as that, kills it
//! at random moments, and looks at what comes of it. `GOOGLENETC_TEST_KILLS` says how often, 10 if it does not. The moments are drawn
//! from the seed `GOOGLENETC_TEST_SEED`, or from one of chance; it is printed, and draws the same shares of a run's time again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program without a test harness says what it does")]

mod checkpointed;
mod common;
mod halves;

use checkpointed::outcome;
use common::Tiny;
use googlenetc_runtime::data::{BadImages, Source, split};
use googlenetc_runtime::error::{ErrorKind, Result};
use googlenetc_runtime::tch::Device;
use googlenetc_runtime::train::{
    Adam, CheckpointPlan, Display, EpochResult, Every, Images, Interrupt, Job, OptimizerConfig, Progress, Recipe, Sgd,
    has_checkpoint, resume, train,
};
use halves::halves;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Names the optimizer when this is the program that trains, in the folder in which it runs.
const ROLE: &str = "TRAIN_WITH";

fn main() -> ExitCode {
    if let Ok(optimizer) = std::env::var(ROLE) {
        return match learn(&optimizer) {
            Ok(_) => ExitCode::SUCCESS,
            Err(e) => {
                eprintln!("{e}");
                ExitCode::from(if e.kind() == ErrorKind::Io { 3 } else { 1 })
            }
        };
    }
    let kills = std::env::var("GOOGLENETC_TEST_KILLS").map_or(10, |kills| kills.parse().unwrap());
    let seed = std::env::var("GOOGLENETC_TEST_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    eprintln!("GOOGLENETC_TEST_KILLS={kills} GOOGLENETC_TEST_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for (optimizer, kills) in [("adam", kills / 2), ("sgd", kills - kills / 2)] {
        let whole = tempfile::tempdir().unwrap();
        let mut child = spawn(whole.path(), optimizer);
        let begin = Instant::now();
        assert!(child.wait().unwrap().success());
        let time = begin.elapsed();
        killed_runs_end_the_same(optimizer, kills, whole.path(), time, &mut random);
        #[cfg(unix)]
        a_full_disk_loses_nothing(optimizer, whole.path());
    }
    ExitCode::SUCCESS
}

/// Trains in this folder, from the beginning or from where the run in it was.
fn learn(optimizer: &str) -> Result<Vec<EpochResult>> {
    let source: Arc<dyn Source> = Arc::new(halves(300));
    let (training, held_out) = split(&source, 0.4, 1, true)?;
    let images = Images { training, held_out, held_out_name: "test" };
    let recipe = recipe(if optimizer == "adam" {
        OptimizerConfig::Adam(Adam::default())
    } else {
        OptimizerConfig::Sgd(Sgd::default())
    });
    let (device, folder, interrupt) = (Device::Cpu, Path::new("."), Interrupt::default());
    let job = Job { images: &images, recipe: &recipe, pretrained: None, device, folder, interrupt };
    let (mut bad_images, mut progress) = (BadImages::default(), Progress::new(Display::None));
    println!("begun");
    let go = if has_checkpoint(folder) { resume::<Tiny> } else { train::<Tiny> };
    go(&job, &mut bad_images, &mut progress)
}

/// Eight epochs of 18 steps, with a checkpoint after every third and two of them kept.
fn recipe(optimizer: OptimizerConfig) -> Recipe {
    let every = Every { epochs: None, steps: NonZeroUsize::new(3), minutes: None };
    let checkpoints = CheckpointPlan { every, ..CheckpointPlan::default() };
    Recipe { epochs: 8, batch_size: 10, ..checkpointed::recipe(optimizer, checkpoints) }
}

/// The program that trains, after it has begun.
fn spawn(folder: &Path, optimizer: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let command = command.env(ROLE, optimizer).env("OMP_NUM_THREADS", "1").current_dir(folder);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "begun\n");
    child
}

/// Kills runs until that was done often enough, and the last of them has ended; each takes `time` if nobody kills it.
fn killed_runs_end_the_same(optimizer: &str, kills: u32, whole: &Path, time: Duration, random: &mut ChaCha8Rng) {
    let (mut killed, mut ended, mut in_a_write) = (0, 0, 0);
    while killed < kills {
        let folder = tempfile::tempdir().unwrap();
        loop {
            let mut child = spawn(folder.path(), optimizer);
            if killed < kills {
                std::thread::sleep(time.mul_f64(random.random::<f64>()));
                let _ = child.kill();
            }
            if child.wait().unwrap().success() {
                break;
            }
            killed += 1;
            in_a_write += u32::from(unfinished(folder.path()));
        }
        ended += 1;
        assert!(end_the_same(folder.path(), whole), "{optimizer}: the run ends as if never killed");
        let log = fs::read_to_string(folder.path().join("log.txt")).unwrap();
        assert!(!log.contains("damaged"), "{log}");
        assert!(!unfinished(folder.path()), "nothing is left of writes that a kill broke off");
    }
    eprintln!("{optimizer}: {killed} kills, {in_a_write} of them in a write, {ended} runs, {time:.1?} each");
}

fn unfinished(folder: &Path) -> bool {
    let folders = [folder.to_owned(), folder.join("checkpoints")];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    entries
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .any(|name| name.starts_with(".unfinished"))
}

/// The tensors of the last checkpoint.
fn tensors(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let checkpoint = fs::read(checkpoints(folder).last().unwrap()).unwrap();
    let checkpoint = safetensors::SafeTensors::deserialize(&checkpoint).unwrap();
    let tensors: BTreeMap<String, Vec<u8>> = checkpoint
        .iter()
        // The checksum is over the times of the epochs too.
        .filter(|(name, _)| *name != "checksum")
        .map(|(name, tensor)| (name.to_owned(), tensor.data().to_vec()))
        .collect();
    assert!(tensors.keys().any(|name| name.starts_with("optimizer.")));
    tensors
}

/// Whether two runs end the same, however often one was killed.
fn end_the_same(one: &Path, other: &Path) -> bool {
    outcome(one) == outcome(other) && tensors(one) == tensors(other)
}

/// The checkpoints in a folder, the oldest first.
fn checkpoints(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("checkpoints")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Goes on where no file can become as large as a checkpoint.
#[cfg(unix)]
fn a_full_disk_loses_nothing(optimizer: &str, whole: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path(), optimizer);
    while !has_checkpoint(folder.path()) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let there = |path: &PathBuf| (path.clone(), fs::read(path).unwrap());
    let before: Vec<_> =
        checkpoints(folder.path()).iter().filter(|path| path.extension().is_some()).map(there).collect();
    // In kilobytes; a write beyond it fails, as the signal about it is ignored.
    let script = "ulimit -f 4; trap '' XFSZ; exec \"$0\"";
    let mut command = Command::new("bash");
    let command = command.args(["-c", script]).arg(std::env::current_exe().unwrap());
    let command = command.env(ROLE, optimizer).env("OMP_NUM_THREADS", "1").current_dir(folder.path());
    let output = command.output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{message}");
    // The curves cannot be drawn then either, which only warns.
    let full = |line: &str| line.starts_with("cannot write `./checkpoints/step-") && line.contains("File too large");
    assert!(message.lines().any(full), "{message}");
    assert!(message.contains("the newest checkpoint is that of step "), "{message}");
    assert!(!unfinished(folder.path()), "what could not be written is removed");
    let after: Vec<_> = checkpoints(folder.path()).iter().map(there).collect();
    assert_eq!(after, before, "what was there stays");
    assert!(spawn(folder.path(), optimizer).wait().unwrap().success());
    assert!(end_the_same(folder.path(), whole), "{optimizer}: with room again the run ends as if nothing had been");
}
