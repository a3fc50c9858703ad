//! `data stats`.

use super::progress::progress_bar;
use crate::batch::input_size;
use crate::cli::source::SourceArguments;
use crate::cli::{print, say};
use crate::data::stats::{Statistics, of_input, of_pixels};
use crate::data::{Location, Normalisation, OnBadImage, Part, Preparation, default_workers};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::train::Recipe;
use clap::Args;
use std::path::PathBuf;

/// Compute the mean and the standard deviation of the training images' pixels, which recipes normalise with
///
/// They are over all pixels of all images, channel by channel, on the scale from 0 to 1; images have gone through the testing
/// steps of the recipe. Grey images count as colour, or colour as grey, as the network takes them.
#[derive(Args, Debug)]
pub(super) struct StatsArguments {
    /// Folder of the data set, as `train --data` takes it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    source: SourceArguments,
    /// The recipe whose testing steps images go through: a file, or the name of one, as `train` takes it [default: resize to the input]
    #[arg(long, value_name = "FILE", conflicts_with = "raw")]
    recipe: Option<PathBuf>,
    /// Take the pixels as they are, before any step
    #[arg(long)]
    raw: bool,
    /// Stop at an image that cannot be read, or skip it and say how many were skipped
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnBadImage::Stop)]
    on_bad_image: OnBadImage,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run<N: Network>(arguments: &StatsArguments) -> Result<()> {
    let source = Location::find(&arguments.folder, &arguments.source.options())?.open(Part::Training)?;
    let size = input_size::<N>();
    let recipe = arguments.recipe.as_deref().map(Recipe::read).transpose()?.unwrap_or_default();
    let nothing = Normalisation::new(vec![0.0; size.channels], vec![1.0; size.channels]);
    let transform = Preparation { steps: recipe.images.testing, normalisation: nothing }.transform(size)?;
    let bar = progress_bar(arguments.quiet);
    bar.set_length(source.labels().len() as u64);
    let progress = |done: usize| bar.set_position(done as u64);
    let workers = default_workers();
    let statistics = if arguments.raw {
        of_pixels(&*source, size.channels, workers, arguments.on_bad_image, progress)
    } else {
        of_input(&*source, &transform, workers, arguments.on_bad_image, progress)
    };
    bar.finish_and_clear();
    let statistics = statistics?;
    let skipped = source.labels().len() - statistics.images;
    if skipped > 0 {
        say(format_args!("skipped {skipped} of {} images; `data check --decode` lists them", source.labels().len()));
    }
    if arguments.json {
        let json = serde_json::to_string_pretty(&statistics);
        return print(json.map_err(|e| Error::failed(format!("the statistics cannot be written as JSON: {e}")))?);
    }
    print(describe(&statistics))
}

fn describe(statistics: &Statistics) -> String {
    let Statistics { images, pixels, mean, std } = statistics;
    let list = |values: &[f64]| values.iter().map(|value| format!("{value:.6}")).collect::<Vec<_>>().join(", ");
    let (mean, std) = (list(mean), list(std));
    format!(
        "images {images}, pixels {pixels}\nmean {mean}\nstd {std}\nfor a recipe:\nnormalise: {{mean: [{mean}], std: [{std}]}}"
    )
}
