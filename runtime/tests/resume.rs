//! Runs that are broken off, and go on as if nothing had been.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod alone;
mod common;
mod halves;

use alone::alone;
use common::Tiny;
use googlenetc_runtime::data::{BadImages, Image, ImageSteps, Normalisation, Source, split};
use googlenetc_runtime::error::{ErrorKind, Result};
use googlenetc_runtime::tch::Device;
use googlenetc_runtime::train::events::{self, Scalar};
use googlenetc_runtime::train::step_log::{self, StepLine};
use googlenetc_runtime::train::{
    Adam, CheckpointPlan, Display, EpochResult, Every, Images, Interrupt, Job, OptimizerConfig, Progress, Recipe, Sgd,
    resume, train,
};
use halves::halves;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Three epochs of seven steps, with a checkpoint after each step, all of which are kept.
fn recipe(optimizer: OptimizerConfig) -> Recipe {
    let (epochs, batch_size, weight_decay, learning_rate) = (3, 16, 1e-3, 0.01);
    let images = ImageSteps {
        training: serde_json::from_str(r#"["resize", "horizontal-flip", {"shift": 0.1}]"#).unwrap(),
        testing: serde_json::from_str(r#"["resize"]"#).unwrap(),
    };
    let (seed, workers) = (3, 2);
    let every = Every { epochs: None, steps: NonZeroUsize::new(1), minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::new(1000).unwrap() };
    let run = Recipe { epochs, batch_size, seed, workers, checkpoints, ..Recipe::default() };
    Recipe { optimizer, learning_rate, weight_decay, images, ..run }
}

fn images() -> Images {
    let source: Arc<dyn Source> = Arc::new(halves(140));
    let (training, held_out) = split(&source, 0.2, 1, false).unwrap();
    Images { training, held_out, held_out_name: "test" }
}

fn job<'a>(images: &'a Images, recipe: &'a Recipe, folder: &'a Path) -> Job<'a> {
    Job { images, recipe, pretrained: None, device: Device::Cpu, folder, interrupt: Interrupt::default() }
}

fn begin(job: &Job) -> Result<Vec<EpochResult>> {
    train::<Tiny>(job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

fn go_on(job: &Job) -> Result<Vec<EpochResult>> {
    resume::<Tiny>(job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

fn checkpoint(folder: &Path, step: usize) -> PathBuf {
    folder.join(format!("checkpoints/step-{step:08}.safetensors"))
}

/// All that a run leaves which must not depend on how often it was broken off.
fn outcome(folder: &Path) -> (Vec<u8>, Vec<u8>, String) {
    let weights = |name: &str| fs::read(folder.join(name)).unwrap();
    let table = fs::read_to_string(folder.join("metrics.csv")).unwrap();
    let table = table.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect();
    (weights("last.safetensors"), weights("best.safetensors"), table)
}

/// A run of which everything is there.
fn whole(recipe: &Recipe) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    begin(&job(&images(), recipe, folder.path())).unwrap();
    folder
}

/// A folder with the beginning of a run: up to the checkpoint of `step`.
fn beginning(whole: &Path, step: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("checkpoints")).unwrap();
    for step in 0..=step {
        fs::copy(checkpoint(whole, step), checkpoint(folder.path(), step)).unwrap();
    }
    if step > 0 {
        // The best epoch may be one that was done before.
        fs::copy(whole.join("best.safetensors"), folder.path().join("best.safetensors")).unwrap();
    }
    folder
}

#[test]
fn every_checkpoint_leads_to_the_same_end() {
    let _guard = alone();
    for optimizer in [OptimizerConfig::Sgd(Sgd::default()), OptimizerConfig::Adam(Adam::default())] {
        let recipe = recipe(optimizer);
        let run = whole(&recipe);
        // At the beginning, within epochs, before and after evaluations (the latter have the same step), at the end.
        for step in [0, 3, 6, 7, 8, 15, 20, 21] {
            let folder = beginning(run.path(), step);
            let results = go_on(&job(&images(), &recipe, folder.path())).unwrap();
            assert_eq!(results.iter().map(|result| result.step).collect::<Vec<_>>(), [7, 14, 21]);
            assert!(step == 21 || outcome(folder.path()) == outcome(run.path()), "{optimizer:?} from step {step}");
        }
    }
}

/// What a run says, which is in its log too.
fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log.txt")).unwrap()
}

#[test]
fn a_damaged_checkpoint_is_told_and_the_one_before_it_used() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Adam(Adam::default()));
    let run = whole(&recipe);
    let good = fs::read(checkpoint(run.path(), 10)).unwrap();
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 4;
        bytes
    };
    let length = good.len();
    let cut = |length: usize| good[..length].to_vec();
    // In the length of the header, in the header, in a tensor, in the checksum; cut short.
    let flips = [0, 40, length / 2, length - 40, length - 1].map(flipped);
    for damaged in flips.into_iter().chain([cut(0), cut(20), cut(length / 2), cut(length - 1)]) {
        let folder = beginning(run.path(), 10);
        fs::write(checkpoint(folder.path(), 10), &damaged).unwrap();
        go_on(&job(&images(), &recipe, folder.path())).unwrap();
        assert!(outcome(folder.path()) == outcome(run.path()));
        let log = log(folder.path());
        assert!(log.contains("step-00000010.safetensors` is damaged: "), "{log}");
        assert!(log.contains("going on from") && log.contains("step-00000009.safetensors`: 1 step"), "{log}");
        // It is put aside, and its place taken by a good one.
        assert_eq!(fs::read(checkpoint(folder.path(), 10).with_extension("damaged")).unwrap(), damaged);
    }
}

#[test]
fn without_a_good_checkpoint_a_run_cannot_go_on() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }));
    let folder = tempfile::tempdir().unwrap();
    let images = images();
    let message = |folder: &Path| go_on(&job(&images, &recipe, folder)).unwrap_err().to_string();
    assert!(message(folder.path()).contains("it has no checkpoints"), "{}", message(folder.path()));
    fs::create_dir(folder.path().join("checkpoints")).unwrap();
    assert!(message(folder.path()).contains("the run had not begun"), "{}", message(folder.path()));
    for step in [3, 4] {
        fs::write(checkpoint(folder.path(), step), vec![b'{'; 60]).unwrap();
    }
    let message = message(folder.path());
    assert!(message.starts_with("no checkpoint in ") && message.matches("is damaged").count() == 2, "{message}");
}

#[test]
fn a_run_that_is_not_the_same_any_more_is_refused() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }));
    let run = whole(&recipe);
    let folder = beginning(run.path(), 5);
    let refusal = |images: &Images, recipe: &Recipe| {
        let error = go_on(&job(images, recipe, folder.path())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        error.to_string()
    };
    let other = Recipe { learning_rate: 0.02, batch_size: 8, ..recipe.clone() };
    let message = refusal(&images(), &other);
    assert!(message.contains("\n  `batch_size` is 8 and was 16"), "{message}");
    assert!(message.contains("\n  `learning_rate` is 0.02 and was 0.01"), "{message}");
    let Images { training, held_out, held_out_name } = images();
    let swapped = Images { training: held_out.clone(), held_out: training.clone(), held_out_name };
    let given = Recipe { normalise: Some(Normalisation::new(vec![0.5], vec![0.5])), ..recipe.clone() };
    let message = refusal(&swapped, &given);
    assert!(message.contains("there are 28 training images and were 112"), "{message}");
    assert!(message.contains("there are 112 held-out images and were 28"), "{message}");
    let (relabelled, _) = split(&(Arc::new(halves(140)) as Arc<dyn Source>), 0.2, 2, false).unwrap();
    let message = refusal(&Images { training: relabelled, held_out, held_out_name }, &recipe);
    assert!(message.contains("the training images have other labels or another order"), "{message}");
    // Nothing was changed by that.
    assert!(go_on(&job(&images(), &recipe, folder.path())).is_ok());
    assert!(outcome(folder.path()) == outcome(run.path()));
}

#[test]
fn workers_epochs_and_checkpoints_may_change() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Adam(Adam::default()));
    let run = whole(&recipe);
    let folder = beginning(run.path(), 5);
    let every = Every { epochs: NonZeroUsize::new(2), steps: None, minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::MIN };
    go_on(&job(&images(), &Recipe { workers: 0, checkpoints, ..recipe.clone() }, folder.path())).unwrap();
    assert!(outcome(folder.path()) == outcome(run.path()));
    // That of the last step, and perhaps that of the best epoch.
    assert!(checkpoint(folder.path(), 21).exists() && !checkpoint(folder.path(), 5).exists());
    let more = go_on(&job(&images(), &Recipe { epochs: 4, ..recipe }, folder.path())).unwrap();
    assert_eq!(more.iter().map(|result| result.step).collect::<Vec<_>>(), [7, 14, 21, 28]);
}

#[test]
fn the_newest_checkpoints_are_kept_and_that_of_the_best_epoch() {
    let _guard = alone();
    let every = Every { epochs: None, steps: NonZeroUsize::new(1), minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::new(2).unwrap() };
    let run = whole(&Recipe { checkpoints, ..recipe(OptimizerConfig::Adam(Adam::default())) });
    let results =
        go_on(&job(&images(), &Recipe { checkpoints, ..recipe(OptimizerConfig::Adam(Adam::default())) }, run.path()))
            .unwrap();
    let mut best = &results[0];
    for result in &results {
        best = if result.held_out.accuracy() > best.held_out.accuracy() { result } else { best };
    }
    let mut steps = vec![20, 21, best.step];
    steps.sort_unstable();
    steps.dedup();
    let there: Vec<usize> = (0..=21).filter(|step| checkpoint(run.path(), *step).exists()).collect();
    assert_eq!(there, steps);
}

/// Images of which reading one asks the run to stop.
struct Stopping {
    images: Arc<dyn Source>,
    left: AtomicUsize,
    interrupt: Interrupt,
}

impl Source for Stopping {
    fn classes(&self) -> &[String] {
        self.images.classes()
    }

    fn labels(&self) -> &[u32] {
        self.images.labels()
    }

    fn name(&self, index: usize) -> String {
        self.images.name(index)
    }

    fn image(&self, index: usize) -> Result<Image> {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.interrupt.set();
        }
        self.images.image(index)
    }
}

#[test]
fn an_interrupted_run_saves_and_goes_on() {
    let _guard = alone();
    let recipe = Recipe {
        normalise: Some(Normalisation::new(vec![0.3], vec![0.2])),
        ..recipe(OptimizerConfig::Adam(Adam::default()))
    };
    let run = whole(&recipe);
    // None but the first and the last is due by itself.
    let every = Every { epochs: None, steps: None, minutes: None };
    let rare = Recipe { checkpoints: CheckpointPlan { every, ..CheckpointPlan::default() }, ..recipe };
    let stopping = |images: &Arc<dyn Source>, left: usize, interrupt: &Interrupt| -> Arc<dyn Source> {
        Arc::new(Stopping { images: images.clone(), left: AtomicUsize::new(left), interrupt: interrupt.clone() })
    };
    // While training, in the first epoch and the second, and while measuring, after the second.
    for (training, held_out) in [(20, 1000), (200, 1000), (1000, 40)] {
        let folder = tempfile::tempdir().unwrap();
        let (all, interrupt) = (images(), Interrupt::default());
        let stopped = Images {
            training: stopping(&all.training, training, &interrupt),
            held_out: stopping(&all.held_out, held_out, &interrupt),
            held_out_name: "test",
        };
        let error = begin(&Job { interrupt, ..job(&stopped, &rare, folder.path()) }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        let message = error.to_string();
        assert!(message.starts_with("interrupted after step ") && message.contains(" of 21"), "{message}");
        assert!(message.contains("the newest checkpoint is that of step "), "{message}");
        go_on(&job(&all, &rare, folder.path())).unwrap();
        assert!(outcome(folder.path()) == outcome(run.path()), "{message}");
    }
}

#[test]
fn a_folder_in_which_another_process_trains_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lock = fs::File::create(folder.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let recipe = recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }));
    for go in [begin, go_on] {
        let message = go(&job(&images(), &recipe, folder.path())).unwrap_err().to_string();
        assert!(message.starts_with("another process is training in "), "{message}");
    }
}

#[test]
fn a_new_run_removes_the_checkpoints_of_an_earlier_one() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }));
    let run = whole(&recipe);
    fs::write(run.path().join("checkpoints/.unfinished-1"), "half").unwrap();
    begin(&job(&images(), &Recipe { epochs: 1, ..recipe }, run.path())).unwrap();
    assert!(checkpoint(run.path(), 7).exists() && !checkpoint(run.path(), 8).exists());
    assert!(!run.path().join("checkpoints/.unfinished-1").exists());
}

#[test]
fn the_layer_is_named_whose_output_is_not_finite_first() {
    let _guard = alone();
    let failure = |recipe: &Recipe| {
        let folder = tempfile::tempdir().unwrap();
        begin(&job(&images(), recipe, folder.path())).unwrap_err().to_string()
    };
    let scaled = |std: f32| Recipe {
        normalise: Some(Normalisation::new(vec![0.0], vec![std])),
        ..recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }))
    };
    // The images are finite, 255 / 255 / std being below 3.4e38. A sum of nine of them, times weights up to 0.6, is not.
    let message = failure(&scaled(3e-39));
    assert!(message.contains("epoch 1: the loss is NaN at step 1 of 21, with the learning rate "), "{message}");
    assert!(
        message.contains("(main NaN, aux1 NaN): the first output that is not finite is that of `conv1.conv`"),
        "{message}"
    );
    assert!(message.contains("the newest checkpoint is that of step 0"), "{message}");
    assert!(failure(&scaled(1e-40)).contains("the images themselves are not finite"));
    let message = failure(&Recipe {
        learning_rate: 1e38,
        ..recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }))
    });
    assert!(message.contains("is not finite"), "{message}");
}

/// What a run has logged, without times: steps, events, epochs.
fn logs(folder: &Path) -> (Vec<StepLine>, Vec<Scalar>, String) {
    let steps = step_log::read(&folder.join("steps.jsonl")).unwrap().into_iter();
    let events = events::read(&folder.join(events::NAME)).unwrap().into_iter();
    let (_, _, table) = outcome(folder);
    (
        steps.map(|line| StepLine { time: 0.0, ..line }).collect(),
        events.map(|event| Scalar { time: 0.0, ..event }).collect(),
        table,
    )
}

#[test]
fn logs_have_no_line_twice_and_none_missing() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false }));
    let run = whole(&recipe);
    let expected = logs(run.path());
    assert_eq!(expected.0.iter().map(|line| line.step).collect::<Vec<_>>(), (1..=21).collect::<Vec<_>>());
    assert_eq!(
        expected.1.iter().filter(|event| event.tag == "loss/test").map(|event| event.step).collect::<Vec<_>>(),
        [7, 14, 21]
    );
    // The folder as if it had been killed long after the checkpoint of step 10.
    let folder = beginning(run.path(), 10);
    for name in ["steps.jsonl", events::NAME, "metrics.csv", "confusion.csv", "run.json"] {
        fs::copy(run.path().join(name), folder.path().join(name)).unwrap();
    }
    go_on(&job(&images(), &recipe, folder.path())).unwrap();
    assert_eq!(logs(folder.path()), expected);
    assert_eq!(fs::read(run.path().join("run.json")).unwrap(), fs::read(folder.path().join("run.json")).unwrap());
}
