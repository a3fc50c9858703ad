//! `train`.

mod data;

use super::arguments::TrainArguments;
use super::{print, say};
use crate::batch::input_size;
use crate::data::BadImages;
use crate::device::{Name, find};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::train::{Display, EpochResult, Interrupt, Job, Progress, Recipe, has_checkpoint, resume, run_folder, train};
use data::DataChoice;
use std::path::Path;

pub(super) fn run<N: Network>(arguments: &TrainArguments) -> Result<()> {
    let choice = DataChoice::of(arguments)?;
    let recipe = arguments.recipe()?;
    recipe.check(input_size::<N>())?;
    if arguments.print_recipe {
        return print(recipe.to_yaml()?.trim_end());
    }
    let pretrained = arguments.pretrained()?;
    let images = choice.read_images::<N>(&arguments.loading, &recipe, arguments.quiet)?;
    let device = find(arguments.device.choice)?;
    let folder = match &arguments.resume {
        Some(folder) => folder.clone(),
        None => run_folder::create(arguments.out.as_deref(), &N::NAME.to_lowercase(), arguments.force)?,
    };
    choice.write(&folder)?;
    let (pretrained, interrupt) = (pretrained.as_ref(), Interrupt::by_signals()?);
    let job = Job { images: &images, recipe: &recipe, pretrained, device, folder: &folder, interrupt };
    let mut progress = Progress::new(arguments.display());
    let announcement = announcement::<N>(&job, arguments.resume.is_some());
    if arguments.display() != Display::None {
        say(&announcement);
    }
    progress.log(&announcement);
    let mut bad_images = BadImages::new(arguments.on_bad_image);
    let go = if arguments.resume.is_some() { resume::<N> } else { train::<N> };
    let results = go(&job, &mut bad_images, &mut progress).map_err(|e| with_the_way_on(e, &folder));
    if results.is_err() && arguments.resume.is_none() && !arguments.force && !has_checkpoint(&folder) {
        run_folder::discard(&folder);
    }
    let results = results?;
    if !bad_images.is_empty() {
        say(format_args!("warning: {bad_images}\nall are listed in {}", folder.join("bad-images.txt").display()));
    }
    results.last().map_or(Ok(()), |last| conclude(&job, &results, last))
}

fn announcement<N: Network>(job: &Job, resumed: bool) -> String {
    let Job { images, recipe, pretrained, device, folder, .. } = job;
    let [channels, height, width] = N::INPUT;
    let begin = pretrained.map(|pretrained| format!(", begun with {}", pretrained.path.display())).unwrap_or_default();
    format!(
        "{}: input {channels}x{height}x{width}, {} training and {} {} images, {} on {}, run {} {}{begin}",
        N::NAME,
        images.training.labels().len(),
        images.held_out.labels().len(),
        images.held_out_name,
        length(recipe),
        Name(*device),
        if resumed { "resumed in" } else { "in" },
        folder.display()
    )
}

fn conclude(job: &Job, results: &[EpochResult], last: &EpochResult) -> Result<()> {
    let seconds: f64 = results.iter().map(|result| result.seconds).sum();
    print(format_args!(
        "{} accuracy {:.2} % ({} images) after {}, {seconds:.0} s\nweights {}",
        job.images.held_out_name,
        100.0 * last.held_out.accuracy(),
        last.held_out.images,
        epochs(results.len()),
        job.folder.join("last.safetensors").display()
    ))
}

/// An error with the command that goes on after it, if there is something to go on from.
fn with_the_way_on(error: Error, folder: &Path) -> Error {
    if !has_checkpoint(folder) {
        return error;
    }
    let program = std::env::args().next().unwrap_or_default();
    error.and(&format!("\ngo on with: {program} train --resume {}", folder.display()))
}

fn length(recipe: &Recipe) -> String {
    match recipe.steps {
        Some(steps) if recipe.epochs == 0 => format!("{steps} steps"),
        Some(steps) => format!("at most {} and {steps} steps", epochs(recipe.epochs)),
        None => epochs(recipe.epochs),
    }
}

fn epochs(number: usize) -> String {
    if number == 1 { "1 epoch".to_owned() } else { format!("{number} epochs") }
}
