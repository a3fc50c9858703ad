//! The command line as clap sees it.

use super::Defaults;
use crate::device::Choice;
use crate::train::{OptimizerKind, Recipe};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Trains, evaluates and uses this network.
#[derive(Debug, Parser)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Train a new network
    Train(TrainArguments),
    /// Measure trained weights on the test images
    Evaluate(EvaluateArguments),
    /// Classify image files
    Predict(PredictArguments),
}

/// Where to compute.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct DeviceArguments {
    /// Where to compute: cpu, cuda or cuda:N (NVIDIA), mps (Apple), or auto, the first of cuda, mps and cpu that works
    #[arg(long = "device", value_name = "DEVICE", default_value = "auto")]
    pub(super) choice: Choice,
}

/// Train a new network on a data set of the MNIST family.
///
/// After each epoch the run's folder has last.safetensors, metrics.csv, and best.safetensors: the epoch that did best on
/// the test images (or with --validation, the validation images). Having been chosen by these images, its accuracy on them is
/// flattered; the accuracy that is printed at the end is that of last.safetensors.
#[derive(Args, Debug)]
pub(super) struct TrainArguments {
    /// Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k, each perhaps with .gz
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Passes over the training images
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_one)]
    epochs: usize,
    /// The most images in a step
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = at_least_one)]
    batch_size: usize,
    /// How weights follow gradients
    #[arg(long, value_enum, default_value_t = OptimizerKind::Adam)]
    optimizer: OptimizerKind,
    /// The highest learning rate: it rises to this over a tenth of the run and falls to zero along a cosine
    /// [default: 0.001 for adam, 0.05 for sgd]
    #[arg(long, value_name = "RATE", value_parser = learning_rate, allow_negative_numbers = true)]
    lr: Option<f64>,
    /// Pulls weights towards zero
    #[arg(long, value_name = "FACTOR", default_value_t = 0.0, value_parser = weight_decay, allow_negative_numbers = true)]
    weight_decay: f64,
    /// Momentum of sgd
    #[arg(long, value_name = "FACTOR", default_value_t = 0.9, value_parser = share, allow_negative_numbers = true)]
    momentum: f64,
    /// Move training images at random, by up to this share of their height and width
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share, allow_negative_numbers = true)]
    shift: f64,
    /// Measure on this share of the training images, not trained on then, and leave the test images alone: for choosing settings
    #[arg(long, value_name = "SHARE", value_parser = share, allow_negative_numbers = true)]
    pub(super) validation: Option<f64>,
    /// The same seed gives the same network on the same machine
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Threads that prepare images; they do not change the result
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = at_least_one)]
    workers: usize,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// Folder of the run [default: runs/NETWORK-N with the first free number]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Overwrite the run in the folder given by --out
    #[arg(long, requires = "out")]
    pub(super) force: bool,
    /// Show no progress
    #[arg(long, short)]
    pub(super) quiet: bool,
}

impl TrainArguments {
    pub(super) fn recipe(&self) -> Recipe {
        Recipe {
            epochs: self.epochs,
            batch_size: self.batch_size,
            optimizer: self.optimizer,
            learning_rate: self.lr.unwrap_or_else(|| self.optimizer.default_learning_rate()),
            weight_decay: self.weight_decay,
            momentum: self.momentum,
            shift: self.shift,
            seed: self.seed,
            workers: self.workers,
        }
    }
}

/// Measure trained weights on the test images of a data set of the MNIST family.
#[derive(Args, Debug)]
pub(super) struct EvaluateArguments {
    /// Weights that train has written
    #[arg(long, value_name = "FILE")]
    pub(super) weights: PathBuf,
    /// Folder with t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each perhaps with .gz
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Images at a time; does not change the result
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = at_least_one)]
    pub(super) batch_size: usize,
    /// Threads that prepare images; they do not change the result
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = at_least_one)]
    pub(super) workers: usize,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
}

/// Classify image files; prints the likeliest classes of each with their probabilities.
#[derive(Args, Debug)]
pub(super) struct PredictArguments {
    /// Weights that train has written
    #[arg(long, value_name = "FILE")]
    pub(super) weights: PathBuf,
    /// How many classes to print for each image
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = at_least_one)]
    pub(super) top: usize,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// PNG or JPEG files
    #[arg(required = true, value_name = "IMAGE")]
    pub(super) images: Vec<PathBuf>,
}

/// Gives the command the name of the network and the program's own defaults.
pub(super) fn with_defaults(command: clap::Command, name: &'static str, defaults: Defaults) -> clap::Command {
    let command = command.name(name);
    let Some(data) = defaults.data else { return command };
    let set = |command: clap::Command| command.mut_arg("data", |arg| arg.required(false).default_value(data));
    command.mut_subcommand("train", set).mut_subcommand("evaluate", set)
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(e) => Err(format!("must be a whole number: {e}")),
    }
}

fn number(text: &str, allowed: impl Fn(f64) -> bool, what: &str) -> Result<f64, String> {
    text.parse().ok().filter(|&number| allowed(number)).ok_or_else(|| format!("must be {what}"))
}

fn learning_rate(text: &str) -> Result<f64, String> {
    number(text, |n| n > 0.0 && n <= 1000.0, "a number above 0 and at most 1000")
}

fn weight_decay(text: &str) -> Result<f64, String> {
    number(text, |n| (0.0..=1000.0).contains(&n), "a number from 0 to 1000")
}

fn share(text: &str) -> Result<f64, String> {
    number(text, |n| (0.0..1.0).contains(&n), "a number from 0 and below 1")
}
