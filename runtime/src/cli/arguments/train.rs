//! The options of `train`.

use super::recipe::RecipeArguments;
use super::{DeviceArguments, ReadingArguments};
use crate::cli::loading::LoadingArguments;
use crate::cli::source::SourceArguments;
use crate::data::OnBadImage;
use crate::error::Result;
use crate::train::{Display, Pretrained, Recipe};
use clap::Args;
use std::path::PathBuf;

/// Train a new network on a data set
///
/// After each epoch the run's folder has last.safetensors, metrics.csv, and best.safetensors: the epoch that did best on
/// the test images (or with --validation, the validation images). Having been chosen by these images, its accuracy on them is
/// flattered; the accuracy that is printed at the end is that of last.safetensors. Ctrl-C finishes the step and saves a checkpoint,
/// from which --resume goes on; a second Ctrl-C ends at once.
#[derive(Args, Debug)]
pub(in crate::cli) struct TrainArguments {
    /// Folder of the data set, as it is distributed: images in a folder per class (perhaps in train and val or test),
    /// Tiny-ImageNet-200, MNIST and its relatives, CIFAR-10 or CIFAR-100
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) data: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) source: SourceArguments,
    /// Go on with the run in this folder after its newest good checkpoint, as if it had never been broken off. Data and recipe are
    /// those of the run; --data says where the same images are now, --epochs asks for more, and workers, cache and device may be others
    #[arg(long, value_name = "DIR", conflicts_with_all = ["recipe", "out", "force"])]
    pub(in crate::cli) resume: Option<PathBuf>,
    /// Begin with these weights: safetensors, or PyTorch's .pt or .pth. If they were trained for other classes, --partial leaves out
    /// what does not fit; `--set freeze=[PART]` and `--set stages.PART.lr=0.1` say what learns, and how fast. Images are normalised
    /// as the weights are used to
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    recipe: RecipeArguments,
    /// Print the recipe that all of that comes to, with every default, and train nothing
    #[arg(long)]
    pub(in crate::cli) print_recipe: bool,
    /// Stop at an image that cannot be read, or skip it, count it and list it at the end
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnBadImage::Stop)]
    pub(in crate::cli) on_bad_image: OnBadImage,
    #[command(flatten)]
    pub(in crate::cli) loading: LoadingArguments,
    #[command(flatten)]
    pub(in crate::cli) device: DeviceArguments,
    /// Folder of the run [default: runs/NETWORK-N with the first free number]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Overwrite the run in the folder given by --out
    #[arg(long, requires = "out")]
    pub(in crate::cli) force: bool,
    /// How progress is shown. Losses and accuracies on the way are means over the last 40 steps
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Display::Auto)]
    progress: Display,
    /// Show no progress: --progress none
    #[arg(long, short, conflicts_with = "progress")]
    pub(in crate::cli) quiet: bool,
}

impl TrainArguments {
    /// How progress is shown.
    pub(in crate::cli) fn display(&self) -> Display {
        if self.quiet { Display::None } else { self.progress }
    }

    /// The weights to begin with, if there are any.
    pub(in crate::cli) fn pretrained(&self) -> Result<Option<Pretrained>> {
        let read = |path: &PathBuf| Ok(Pretrained { path: path.clone(), options: self.reading.options()? });
        self.weights.as_ref().map(read).transpose()
    }

    /// What the options say, else what the recipe says, else the defaults.
    pub(in crate::cli) fn recipe(&self) -> Result<Recipe> {
        self.recipe.recipe(self.resume.as_deref(), self.loading.workers)
    }
}
