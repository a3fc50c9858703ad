//! `evaluate`.

use super::arguments::EvaluateArguments;
use super::data::progress::progress_bar;
use super::source::DataSet;
use super::{choose, print, read_weights, say};
use crate::batch::input_size;
use crate::data::{BadImages, Options, Part, Source};
use crate::error::Result;
use crate::evaluate::{Evaluation, Pace, evaluate};
use crate::network::Network;
use std::sync::Arc;

pub(super) fn run<N: Network>(arguments: &EvaluateArguments) -> Result<()> {
    let _scope = arguments.numbers.precision.enter();
    let trained = read_weights::<N>(&arguments.weights, &arguments.reading, None)?;
    let source = arguments.loading.keep(open::<N>(arguments, trained.class_names())?, false)?;
    let device = choose(arguments.device.choice)?;
    let trained = trained.on(device)?;
    let transform = Arc::new(trained.preparation(&arguments.weights)?.transform(input_size::<N>())?);
    let pace = Pace { batch_size: arguments.batch_size, workers: arguments.loading.workers() };
    let mut bad_images = BadImages::new(arguments.on_bad_image);
    let bar = progress_bar(false);
    let result = evaluate(&trained.network, device, &source, &transform, pace, &mut bad_images, &mut |measured| {
        bar.set_length(measured.of as u64);
        bar.set_position(measured.done as u64);
        Ok(())
    });
    bar.finish_and_clear();
    let result = result?;
    if !bad_images.is_empty() {
        say(format_args!("warning: {bad_images}"));
    }
    let Evaluation { images, loss, top1_error, top5_error } = result;
    print(format_args!(
        "images {images}\nloss {loss:.4}\ntop-1 error {:.2} %\ntop-5 error {:.2} %",
        100.0 * top1_error,
        100.0 * top5_error
    ))
}

/// The held-out images; all images where none are held out. In folders, classes have the numbers that the weights' names for them have.
fn open<N: Network>(arguments: &EvaluateArguments, class_names: &[String]) -> Result<Arc<dyn Source>> {
    let options = Options { classes: class_names.to_vec(), ..arguments.source.options() };
    let mut data = DataSet::find::<N>(&arguments.data, &options)?;
    if data.location.held_out_name().is_some() {
        return data.open(Part::HeldOut);
    }
    say(format_args!(
        "no images are held out in `{}`, so all of them are measured on",
        data.location.folder().display()
    ));
    data.open_all()
}
