//! The command line of a generated network: `train`, `evaluate`, `predict`.
//!
//! Results go to standard output, messages and progress to standard error. The exit code is 0 when all is fine, 1 when the
//! work failed, 2 for wrong usage, 3 when files could not be read or written.

mod arguments;

use crate::batch::classes;
use crate::data::{Dataset, Normalisation, Transform, idx};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Evaluation, evaluate};
use crate::network::Network;
use crate::predict::{Guess, predict};
use crate::train::{Images, Progress, Recipe, run_folder, train};
use crate::{batch, weights};
use arguments::{Arguments, Command, EvaluateArguments, PredictArguments, TrainArguments};
use clap::{CommandFactory, FromArgMatches};
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tch::Device;
use tch::nn::VarStore;

/// What a program knows that its users then need not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The folder of the data set, if `--data` is not given.
    pub data: Option<&'static str>,
}

/// The whole program of a network: reads the command line and does what it says.
pub fn run<N: Network>() -> ExitCode {
    run_with::<N>(Defaults::default())
}

/// The same for a program that has defaults of its own.
pub fn run_with<N: Network>(defaults: Defaults) -> ExitCode {
    let command = arguments::with_defaults(Arguments::command(), N::NAME, defaults);
    let parsed = command.try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let done = match parsed {
        Ok(arguments) => execute::<N>(arguments.command),
        Err(e) => {
            // Standard output or error being closed changes nothing about the code.
            let _ = e.print();
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            say(format_args!("error: {e}"));
            ExitCode::from(match e.kind() {
                ErrorKind::Failed => 1,
                ErrorKind::Io => 3,
            })
        }
    }
}

fn execute<N: Network>(command: Command) -> Result<()> {
    match command {
        Command::Train(arguments) => run_train::<N>(&arguments),
        Command::Evaluate(arguments) => run_evaluate::<N>(&arguments),
        Command::Predict(arguments) => run_predict::<N>(&arguments),
    }
}

fn run_train<N: Network>(arguments: &TrainArguments) -> Result<()> {
    let images = read_images::<N>(arguments)?;
    let recipe = arguments.recipe();
    let folder = run_folder::create(arguments.out.as_deref(), &N::NAME.to_lowercase(), arguments.force)?;
    if !arguments.quiet {
        announce::<N>(&images, &recipe, &folder);
    }
    let results = train::<N>(&images, &recipe, &folder, &mut Progress::new(arguments.quiet))?;
    let Some(last) = results.last() else { return Ok(()) };
    let seconds: f64 = results.iter().map(|result| result.seconds).sum();
    print(format_args!(
        "{} accuracy {:.2} % ({} images) after {} epochs, {seconds:.0} s\nweights {}",
        images.held_out_name,
        100.0 * last.held_out.accuracy(),
        last.held_out.images,
        results.len(),
        folder.join("last.safetensors").display()
    ))
}

fn read_images<N: Network>(arguments: &TrainArguments) -> Result<Images> {
    let training = idx::read(&arguments.data, idx::Split::Train, classes::<N>())?;
    let (training, held_out, held_out_name) = match arguments.validation {
        Some(share) => {
            let (training, held_out) = training.split(share, arguments.seed)?;
            (training, held_out, "validation")
        }
        None => (training, idx::read(&arguments.data, idx::Split::Test, classes::<N>())?, "test"),
    };
    Ok(Images { training: Arc::new(training), held_out: Arc::new(held_out), held_out_name })
}

fn announce<N: Network>(images: &Images, recipe: &Recipe, folder: &Path) {
    let [channels, height, width] = N::INPUT;
    say(format_args!(
        "{}: input {channels}x{height}x{width}, {} training and {} {} images, {} epochs, run in {}",
        N::NAME,
        images.training.len(),
        images.held_out.len(),
        images.held_out_name,
        recipe.epochs,
        folder.display()
    ));
}

fn run_evaluate<N: Network>(arguments: &EvaluateArguments) -> Result<()> {
    let dataset: Dataset = idx::read(&arguments.data, idx::Split::Test, classes::<N>())?;
    let (_store, network, normalisation) = read_weights::<N>(&arguments.weights)?;
    let transform = Arc::new(Transform { size: batch::input_size::<N>(), normalisation, shift: 0.0 });
    let result = evaluate(&network, &Arc::new(dataset), &transform, arguments.batch_size, arguments.workers)?;
    let Evaluation { images, loss, top1_error, top5_error } = result;
    print(format_args!(
        "images {images}\nloss {loss:.4}\ntop-1 error {:.2} %\ntop-5 error {:.2} %",
        100.0 * top1_error,
        100.0 * top5_error
    ))
}

fn run_predict<N: Network>(arguments: &PredictArguments) -> Result<()> {
    let (_store, network, normalisation) = read_weights::<N>(&arguments.weights)?;
    for path in &arguments.images {
        let guesses = predict(&network, &normalisation, path, arguments.top)?;
        let describe = |guess: &Guess| format!("{} {:.2} %", guess.class, 100.0 * guess.probability);
        let guesses: Vec<String> = guesses.iter().map(describe).collect();
        print(format_args!("{}: {}", path.display(), guesses.join(", ")))?;
    }
    Ok(())
}

/// The network with the weights in `path`, and what its images were normalised with.
fn read_weights<N: Network>(path: &Path) -> Result<(VarStore, N, Normalisation)> {
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    let loaded = weights::load::<N>(&mut store, path)?;
    if let Some(warning) = loaded.warning {
        say(format_args!("warning: {warning}"));
    }
    let metadata = loaded.metadata.ok_or_else(|| {
        Error::failed(format!(
            "`{}` does not say what its images were normalised with; use weights that `train` has written",
            path.display()
        ))
    })?;
    Ok((store, network, metadata.normalisation))
}

/// Writes a result.
fn print(text: impl Display) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").map_err(|e| Error::io("write to", Path::new("standard output"), &e))
}

/// Writes a message. With standard error gone there is nobody left to tell.
fn say(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
