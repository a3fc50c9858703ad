//! `evaluate`.

mod arguments;
mod files;
mod models;
mod print;
mod table;

pub(super) use arguments::EvaluateArguments;

use super::data::progress::progress_bar;
use super::source::DataSet;
use super::{choose, say};
use crate::batch::classes;
use crate::data::{BadImages, Options, Part, Source};
use crate::error::{Error, Result};
use crate::evaluate::{Averaged, Pace, Predictions};
use crate::metrics::{Judgement, Metrics};
use crate::network::Network;
use files::Files;
use models::Models;
use std::sync::Arc;

pub(super) fn run<N: Network>(arguments: &EvaluateArguments) -> Result<()> {
    let _scope = arguments.numbers.precision.enter();
    let crops = arguments.crops().map_err(Error::failed)?;
    let models = Models::<N>::read(&arguments.weights, &arguments.reading)?;
    let source = arguments.loading.keep(open::<N>(arguments, models.class_names())?, false)?;
    let files = Files::create(arguments)?;
    let device = choose(arguments.device.choice)?;
    let models = models.on(device)?;
    let pace = Pace { batch_size: arguments.batch_size, workers: arguments.loading.workers() };
    let measurement = Measurement::<N> {
        averaged: models.averaged(&crops, device, pace)?,
        names: Names::new(models.class_names(), source.classes()),
        source,
    };
    if arguments.table { table::run(&measurement, arguments, &crops) } else { measurement.run(arguments, files) }
}

/// What is measured.
struct Measurement<'a, N> {
    averaged: Averaged<'a, N>,
    source: Arc<dyn Source>,
    names: Names,
}

impl<N: Network> Measurement<'_, N> {
    /// Measures, prints, and writes what is asked for.
    fn run(&self, arguments: &EvaluateArguments, mut files: Files) -> Result<()> {
        let mut metrics = Metrics::new(classes::<N>());
        let networks = self.averaged.members.len();
        self.each_batch(arguments, &mut |predictions| {
            let scores = predictions.scores(networks, 0)?;
            for ((&image, &label), scores) in predictions.images.iter().zip(&predictions.labels).zip(&scores) {
                let judgement = self.judge(image, label, scores)?;
                metrics.add(&judgement);
                files.add(&*self.source, &self.names, image, judgement)?;
            }
            Ok(())
        })?;
        print::results(&metrics, &self.names, arguments.per_class, arguments.format)?;
        files.finish(&*self.source, &self.names, metrics.confusion())
    }

    /// Hands all predictions to `see`, shows how far it has come, and lists images that could not be read.
    fn each_batch(&self, arguments: &EvaluateArguments, see: &mut dyn FnMut(&Predictions) -> Result<()>) -> Result<()> {
        let mut bad_images = BadImages::new(arguments.on_bad_image);
        let bar = progress_bar(false);
        let done = self.averaged.run(&self.source, &mut bad_images, &mut |predictions| {
            bar.set_length(predictions.of as u64);
            bar.set_position(predictions.done as u64);
            see(predictions)
        });
        bar.finish_and_clear();
        done?;
        if !bad_images.is_empty() {
            say(format_args!("warning: {bad_images}"));
        }
        Ok(())
    }

    fn judge(&self, image: usize, label: usize, scores: &[f64]) -> Result<Judgement> {
        Judgement::new(scores, label).ok_or_else(|| {
            let image = self.source.name(image);
            Error::failed(format!("`{}` gives no probabilities for {image}: some are not a number", N::NAME))
        })
    }
}

/// What classes are called: what the weights say, or else the data set, or else their numbers.
struct Names(Vec<String>);

impl Names {
    fn new(of_weights: &[String], of_data: &[String]) -> Self {
        Self(if of_weights.is_empty() { of_data } else { of_weights }.to_vec())
    }

    fn of(&self, class: usize) -> String {
        self.0.get(class).cloned().unwrap_or_else(|| class.to_string())
    }
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
