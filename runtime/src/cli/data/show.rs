//! `data show`.

use crate::batch::input_size;
use crate::cli::arguments::at_least_one;
use crate::cli::print;
use crate::cli::source::SourceArguments;
use crate::data::sheet::{Sheet, png};
use crate::data::{Location, Normalisation, Part, Transform};
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::network::Network;
use crate::train::Recipe;
use clap::Args;
use std::path::PathBuf;

/// Draw what the network will see: training images beside what a recipe makes of them
///
/// The sheet is a PNG file with a row for each image: the image, what the testing steps make of it, and what the training steps
/// make of it in each epoch. `train` with the same seed makes the same of it.
#[derive(Args, Debug)]
pub(super) struct ShowArguments {
    /// Folder of the data set, as `train --data` takes it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    source: SourceArguments,
    /// PNG file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// A recipe: a file, or the name of one, as `train` takes it [default: resize to the input]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// How many images
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = at_least_one)]
    count: usize,
    /// The first epoch to show, whose first images are shown
    #[arg(long, value_name = "N", default_value_t = 1)]
    epoch: u64,
    /// How many epochs
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_one)]
    epochs: usize,
    /// The seed of the training run [default: the recipe's, or 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

pub(super) fn run<N: Network>(arguments: &ShowArguments) -> Result<()> {
    let source = Location::find(&arguments.folder, &arguments.source.options())?.open(Part::Training)?;
    let recipe = arguments.recipe.as_deref().map(Recipe::read).transpose()?.unwrap_or_default();
    let size = input_size::<N>();
    let transform = |steps| {
        let nothing = Normalisation::new(vec![0.0; size.channels], vec![1.0; size.channels]);
        Transform::new(size, steps, nothing)
    };
    let training = transform(recipe.images.training).map_err(|e| Error::failed(format!("training images: {e}")))?;
    let testing = transform(recipe.images.testing).map_err(|e| Error::failed(format!("testing images: {e}")))?;
    let &ShowArguments { count: images, epoch, epochs, .. } = arguments;
    let seed = arguments.seed.unwrap_or(recipe.seed);
    let sheet = Sheet { images, epoch, epochs, seed }.draw(&*source, &training, &testing)?;
    let path = &arguments.out;
    write_whole(path, &png(&sheet)?).map_err(|e| Error::io("write", path, &e))?;
    print(format_args!("sheet {}", path.display()))
}
