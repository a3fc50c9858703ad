//! The command line as clap sees it.

mod recipe;
mod train;
mod values;

pub(super) use train::TrainArguments;
pub(super) use values::{Dtype, ExportFile, at_least_one, input_size};

use super::Defaults;
use super::data::DataArguments;
use super::embed::EmbedArguments;
use super::evaluate::EvaluateArguments;
use super::predict::PredictArguments;
use super::runs::RunsArguments;
use super::summary::SummaryArguments;
use crate::device::Choice;
use crate::error::Result;
use crate::precision::Precision;
use crate::weights::{Keys, LoadOptions};
use clap::builder::ArgPredicate;
use clap::{Arg, Args, Parser, Subcommand};
use std::path::PathBuf;
use values::export_file;

/// What stands below the list of commands, which somebody who says nothing sees too.
const AFTER: &str = "\
To begin:
  summary                        show what the network is made of; needs no data
  data check DIR                 look at every image of a data set
  train --data DIR               train on it

Exit codes: 0 fine, 1 the work failed, 2 wrong usage, 3 a file could not be read or written, 130 interrupted.";

/// Trains, evaluates and uses this network.
#[derive(Debug, Parser)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = AFTER)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Train(Box<TrainArguments>),
    Evaluate(Box<EvaluateArguments>),
    Predict(PredictArguments),
    Embed(EmbedArguments),
    Data(DataArguments),
    Forward(ForwardArguments),
    Summary(SummaryArguments),
    Export(ExportArguments),
    Runs(RunsArguments),
}

/// Where to compute.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct DeviceArguments {
    /// Where to compute: cpu, cuda or cuda:N (NVIDIA), mps (Apple), or auto, the first of cuda, mps and cpu that works
    #[arg(long = "device", value_name = "DEVICE", default_value = "auto")]
    pub(super) choice: Choice,
}

/// In which numbers to compute.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct PrecisionArguments {
    /// What convolutions and linear layers compute in: float32, or bfloat16, which is faster and a little less exact
    #[arg(long, value_name = "NUMBERS", value_enum, default_value_t)]
    pub(super) precision: Precision,
}

/// Compute what the network makes of a tensor, and write it as safetensors
///
/// The output file has the logits of each head under the head's name. It is written whole or not at all.
#[derive(Args, Debug)]
pub(super) struct ForwardArguments {
    /// Weights: safetensors, or PyTorch's .pt or .pth
    #[arg(long, value_name = "FILE", required_unless_present = "init")]
    pub(super) weights: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArguments,
    /// A new network instead of weights: the one that train begins with for this seed
    #[arg(long, value_name = "SEED", conflicts_with = "weights")]
    pub(super) init: Option<u64>,
    /// File with a tensor called input, [images, channels, height, width], ready for the network: nothing is normalised.
    /// Safetensors, or a dictionary that torch.save has written
    #[arg(long, value_name = "FILE")]
    pub(super) input: PathBuf,
    /// Safetensors file to write
    #[arg(long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Run the training graph, auxiliary heads included, but without dropout and with running statistics, so that two
    /// runs give the same
    #[arg(long)]
    pub(super) training: bool,
    /// Write every named output too, as trace.PATH
    #[arg(long)]
    pub(super) trace: bool,
    /// The type to compute in, whatever the weights and the input are; the output has it too
    #[arg(long, value_name = "TYPE", value_enum, default_value_t = Dtype::F32)]
    pub(super) dtype: Dtype,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
}

/// Write weights as safetensors, or the network as TorchScript, which runs without this program
///
/// TorchScript is the graph of inference, from a tensor [images, channels, height, width] to the logits of the head that
/// predicts. It is kept only if it gives the logits that the network gives. In Python, torch.jit.load reads it.
#[derive(Args, Debug)]
pub(super) struct ExportArguments {
    /// Weights: safetensors, or PyTorch's .pt or .pth
    #[arg(long, value_name = "FILE")]
    pub(super) weights: PathBuf,
    #[command(flatten)]
    pub(super) reading: ReadingArguments,
    /// File to write: NAME.safetensors for weights, NAME.pt for TorchScript
    #[arg(long, value_name = "FILE", value_parser = export_file)]
    pub(super) output: ExportFile,
    /// The type to write [default: f32]
    #[arg(long, value_name = "TYPE", value_enum)]
    pub(super) dtype: Option<Dtype>,
    /// What to call the variables in a safetensors file, like --keys
    #[arg(long, value_name = "LIST")]
    pub(super) output_keys: Option<PathBuf>,
    /// Mean of the images that the network expects, channel by channel, for values from 0 to 1; for weights from elsewhere,
    /// which do not say it
    #[arg(long, value_name = "M,..", value_delimiter = ',', requires = "std", allow_negative_numbers = true)]
    pub(super) mean: Option<Vec<f32>>,
    /// Their standard deviation, channel by channel
    #[arg(long, value_name = "S,..", value_delimiter = ',', requires = "mean")]
    pub(super) std: Option<Vec<f32>>,
}

/// How a file of weights is read.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ReadingArguments {
    /// What the file calls the variables: the list that `googlenetc report SPEC --layout LAYOUT --format csv` prints
    #[arg(long, value_name = "LIST", requires = "weights")]
    pub(super) keys: Option<PathBuf>,
    /// Convert numbers that are not f32 in the file
    #[arg(long, requires = "weights")]
    pub(super) convert: bool,
    /// Take what fits, leave out the rest, and say what
    #[arg(long, requires = "weights")]
    pub(super) partial: bool,
}

impl ReadingArguments {
    pub(super) fn options(&self) -> Result<LoadOptions> {
        let keys = self.keys.as_deref().map(Keys::read).transpose()?;
        Ok(LoadOptions { partial: self.partial, convert: self.convert, keys })
    }
}

/// Gives the command the name of the network and the program's own defaults.
pub(super) fn with_defaults(command: clap::Command, name: &'static str, defaults: Defaults) -> clap::Command {
    let command = command.name(name);
    let Some(data) = defaults.data else {
        let needed = |arg: Arg| arg.required_unless_present_any(["resume", "print_recipe"]);
        return command.mut_subcommand("train", |command| command.mut_arg("data", needed));
    };
    let set = |command: clap::Command| command.mut_arg("data", |arg| arg.required(false).default_value(data));
    // A run that goes on has its own.
    let unless_resumed = |arg: Arg| arg.default_value_if("resume", ArgPredicate::IsPresent, None);
    let set_train = |command: clap::Command| set(command).mut_arg("data", unless_resumed);
    command.mut_subcommand("train", set_train).mut_subcommand("evaluate", set)
}
