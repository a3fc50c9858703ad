//! The command line as clap sees it.

mod values;

pub(super) use values::{Dtype, ExportFile, at_least_one};

use super::Defaults;
use super::data::DataArguments;
use super::loading::LoadingArguments;
use super::runs::RunsArguments;
use super::source::SourceArguments;
use crate::data::transform::{Probability, Shift};
use crate::data::{OnBadImage, Step};
use crate::device::Choice;
use crate::error::Result;
use crate::precision::Precision;
use crate::train::{Display, OptimizerKind, Recipe, RecipeFile};
use clap::builder::{ArgPredicate, Resettable};
use clap::{Arg, Args, Parser, Subcommand};
use std::path::PathBuf;
use values::{export_file, input_size, learning_rate, moved_share, share, weight_decay};

/// Trains, evaluates and uses this network.
#[derive(Debug, Parser)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Train(TrainArguments),
    Evaluate(EvaluateArguments),
    Predict(PredictArguments),
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

/// Train a new network on a data set
///
/// After each epoch the run's folder has last.safetensors, metrics.csv, and best.safetensors: the epoch that did best on
/// the test images (or with --validation, the validation images). Having been chosen by these images, its accuracy on them is
/// flattered; the accuracy that is printed at the end is that of last.safetensors. Ctrl-C finishes the step and saves a checkpoint,
/// from which --resume goes on; a second Ctrl-C ends at once.
#[derive(Args, Debug)]
pub(super) struct TrainArguments {
    /// Folder of the data set, as it is distributed: images in a folder per class (perhaps in train and val or test),
    /// Tiny-ImageNet-200, MNIST and its relatives, CIFAR-10 or CIFAR-100
    #[arg(long, value_name = "DIR", required_unless_present = "resume")]
    pub(super) data: Option<PathBuf>,
    #[command(flatten)]
    pub(super) source: SourceArguments,
    /// Go on with the run in this folder after its newest good checkpoint, as if it had never been broken off. Data and recipe are
    /// those of the run; --data says where the same images are now, --epochs asks for more, and workers, cache and device may be others
    #[arg(long, value_name = "DIR", conflicts_with_all = ["recipe", "out", "force"])]
    pub(super) resume: Option<PathBuf>,
    /// A recipe: a file that says how to train and what images go through, or the name of one (caffe, paper, torchvision).
    /// The options below win over what it says
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Passes over the training images [default: 5]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    epochs: Option<usize>,
    /// The most images in a step [default: 32]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    batch_size: Option<usize>,
    /// How weights follow gradients [default: adam]
    #[arg(long, value_enum)]
    optimizer: Option<OptimizerKind>,
    /// The highest learning rate: it rises to this over a tenth of the run and falls to zero along a cosine
    /// [default: 0.001 for adam, 0.05 for sgd]
    #[arg(long, value_name = "RATE", value_parser = learning_rate, allow_negative_numbers = true)]
    lr: Option<f64>,
    /// Pulls weights towards zero [default: 0]
    #[arg(long, value_name = "FACTOR", value_parser = weight_decay, allow_negative_numbers = true)]
    weight_decay: Option<f64>,
    /// Momentum of sgd [default: 0.9]
    #[arg(long, value_name = "FACTOR", value_parser = share, allow_negative_numbers = true)]
    momentum: Option<f64>,
    /// Move training images at random, by up to this share of their height and width, behind what the recipe does with them
    #[arg(long, value_name = "SHARE", value_parser = moved_share, allow_negative_numbers = true)]
    shift: Option<Probability>,
    /// Measure on this share of the training images, not trained on then, and leave the test images alone: for choosing settings
    #[arg(long, value_name = "SHARE", value_parser = share, allow_negative_numbers = true)]
    pub(super) validation: Option<f64>,
    /// With --validation, hold out the same share of every class
    #[arg(long, requires = "validation")]
    pub(super) stratified: bool,
    /// The same seed gives the same network on the same machine [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Stop at an image that cannot be read, or skip it, count it and list it at the end
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnBadImage::Stop)]
    pub(super) on_bad_image: OnBadImage,
    #[command(flatten)]
    pub(super) loading: LoadingArguments,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// Folder of the run [default: runs/NETWORK-N with the first free number]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Overwrite the run in the folder given by --out
    #[arg(long, requires = "out")]
    pub(super) force: bool,
    /// How progress is shown. Losses and accuracies on the way are means over the last 40 steps
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Display::Auto)]
    pub(super) progress: Display,
    /// Show no progress: --progress none
    #[arg(long, short, conflicts_with = "progress")]
    pub(super) quiet: bool,
}

impl TrainArguments {
    /// How progress is shown.
    pub(super) fn display(&self) -> Display {
        if self.quiet { Display::None } else { self.progress }
    }

    /// What the options say, else what the recipe's file says, else the defaults.
    pub(super) fn recipe(&self) -> Result<Recipe> {
        let resumed = self.resume.as_deref().map(|folder| folder.join("recipe.yaml"));
        let recipe = resumed.as_deref().or(self.recipe.as_deref());
        let file = recipe.map(RecipeFile::read).transpose()?.unwrap_or_default();
        let optimizer = self.optimizer.or(file.optimizer).unwrap_or(OptimizerKind::Adam);
        // A rate goes with the optimizer that it was chosen for.
        let rate = self.lr.or(file.learning_rate.filter(|_| file.optimizer.is_none_or(|named| named == optimizer)));
        let mut images = file.images;
        images.training.extend(self.shift.map(|share| Step::Shift(Shift { share })));
        Ok(Recipe {
            epochs: self.epochs.or(file.epochs).unwrap_or(5),
            batch_size: self.batch_size.or(file.batch_size).unwrap_or(32),
            optimizer,
            learning_rate: rate.unwrap_or_else(|| optimizer.default_learning_rate()),
            weight_decay: self.weight_decay.or(file.weight_decay).unwrap_or(0.0),
            momentum: self.momentum.or(file.momentum).unwrap_or(0.9),
            seed: self.seed.or(file.seed).unwrap_or(1),
            workers: self.loading.workers_or(file.workers),
            images,
            normalise: file.normalise,
            checkpoints: file.checkpoints,
        })
    }
}

/// In which numbers to compute.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct PrecisionArguments {
    /// What convolutions and linear layers compute in: float32, or bfloat16, which is faster and a little less exact
    #[arg(long, value_name = "NUMBERS", value_enum, default_value_t)]
    pub(super) precision: Precision,
}

/// Measure trained weights on the held-out images of a data set
#[derive(Args, Debug)]
pub(super) struct EvaluateArguments {
    /// Weights that train or export has written
    #[arg(long, value_name = "FILE")]
    pub(super) weights: PathBuf,
    #[command(flatten)]
    pub(super) reading: ReadingArguments,
    /// Folder of the data set, as it is distributed; if no images are held out in it, all are measured on
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    #[command(flatten)]
    pub(super) source: SourceArguments,
    /// Images at a time; does not change the result
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = at_least_one)]
    pub(super) batch_size: usize,
    /// Stop at an image that cannot be read, or skip it, count it and list it at the end
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnBadImage::Stop)]
    pub(super) on_bad_image: OnBadImage,
    #[command(flatten)]
    pub(super) loading: LoadingArguments,
    #[command(flatten)]
    pub(super) numbers: PrecisionArguments,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
}

/// Classify image files: prints the likeliest classes of each with their probabilities
#[derive(Args, Debug)]
pub(super) struct PredictArguments {
    /// Weights that train or export has written
    #[arg(long, value_name = "FILE")]
    pub(super) weights: PathBuf,
    #[command(flatten)]
    pub(super) reading: ReadingArguments,
    /// How many classes to print for each image
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = at_least_one)]
    pub(super) top: usize,
    #[command(flatten)]
    pub(super) numbers: PrecisionArguments,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// JPEG, PNG, BMP, GIF or WebP files
    #[arg(required = true, value_name = "IMAGE")]
    pub(super) images: Vec<PathBuf>,
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

/// Run the network once, on zeros, and show every named output with its shape, and every variable
#[derive(Args, Debug)]
pub(super) struct SummaryArguments {
    /// Channels, height and width to run on [default: what the spec declares]
    #[arg(long, value_name = "CxHxW", value_parser = input_size)]
    pub(super) input: Option<[i64; 3]>,
    /// How many images to run on
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=65536))]
    pub(super) batch: i64,
    /// Leave out what runs in training only
    #[arg(long)]
    pub(super) inference: bool,
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

/// Gives the command the name of the network and the program's own defaults.
pub(super) fn with_defaults(command: clap::Command, name: &'static str, defaults: Defaults) -> clap::Command {
    let command = command.name(name);
    let Some(data) = defaults.data else { return command };
    let set = |command: clap::Command| command.mut_arg("data", |arg| arg.required(false).default_value(data));
    // A run that goes on has its own.
    let unless_resumed = |arg: Arg| {
        arg.required_unless_present(Resettable::Reset).default_value_if("resume", ArgPredicate::IsPresent, None)
    };
    let set_train = |command: clap::Command| set(command).mut_arg("data", unless_resumed);
    command.mut_subcommand("train", set_train).mut_subcommand("evaluate", set)
}
