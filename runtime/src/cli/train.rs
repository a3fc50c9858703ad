//! `train`.

use super::arguments::TrainArguments;
use super::source::DataSet;
use super::{print, say};
use crate::batch::input_size;
use crate::data::{BadImages, Part, split};
use crate::device::{Name, find};
use crate::error::Result;
use crate::network::Network;
use crate::train::{Display, Images, Progress, Recipe, run_folder, train};
use std::path::Path;
use tch::Device;

pub(super) fn run<N: Network>(arguments: &TrainArguments) -> Result<()> {
    let recipe = arguments.recipe()?;
    recipe.check(input_size::<N>())?;
    let images = read_images::<N>(arguments, recipe.seed)?;
    let device = find(arguments.device.choice)?;
    let folder = run_folder::create(arguments.out.as_deref(), &N::NAME.to_lowercase(), arguments.force)?;
    if arguments.display() != Display::None {
        announce::<N>(&images, &recipe, device, &folder);
    }
    let mut bad_images = BadImages::new(arguments.on_bad_image);
    let mut progress = Progress::new(arguments.display());
    let results = train::<N>(&images, &recipe, device, &folder, &mut bad_images, &mut progress)?;
    if !bad_images.is_empty() {
        say(format_args!("warning: {bad_images}\nall are listed in {}", folder.join("bad-images.txt").display()));
    }
    let Some(last) = results.last() else { return Ok(()) };
    let seconds: f64 = results.iter().map(|result| result.seconds).sum();
    print(format_args!(
        "{} accuracy {:.2} % ({} images) after {}, {seconds:.0} s\nweights {}",
        images.held_out_name,
        100.0 * last.held_out.accuracy(),
        last.held_out.images,
        epochs(results.len()),
        folder.join("last.safetensors").display()
    ))
}

fn read_images<N: Network>(arguments: &TrainArguments, seed: u64) -> Result<Images> {
    let mut data = DataSet::find::<N>(&arguments.data, &arguments.source.options())?;
    let training = arguments.loading.keep(data.open(Part::Training)?, arguments.quiet)?;
    if let Some(share) = arguments.validation {
        let (training, held_out) = split(&training, share, seed, arguments.stratified)?;
        return Ok(Images { training, held_out, held_out_name: "validation" });
    }
    let held_out = arguments.loading.keep(data.open(Part::HeldOut)?, arguments.quiet)?;
    Ok(Images { training, held_out, held_out_name: data.location.held_out_name().unwrap_or("test") })
}

fn announce<N: Network>(images: &Images, recipe: &Recipe, device: Device, folder: &Path) {
    let [channels, height, width] = N::INPUT;
    say(format_args!(
        "{}: input {channels}x{height}x{width}, {} training and {} {} images, {} on {}, run in {}",
        N::NAME,
        images.training.labels().len(),
        images.held_out.labels().len(),
        images.held_out_name,
        epochs(recipe.epochs),
        Name(device),
        folder.display()
    ));
}

fn epochs(number: usize) -> String {
    if number == 1 { "1 epoch".to_owned() } else { format!("{number} epochs") }
}
