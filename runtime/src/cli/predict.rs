//! `predict`.

use super::arguments::{ReadingArguments, at_least_one};
use super::pass::{PassArguments, Ready};
use crate::data::Unlabelled;
use crate::error::{Error, Result};
use crate::files::Unfinished;
use crate::network::Network;
use crate::predict::{Guess, Prediction, predict};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Classify images: prints the likeliest classes of each with their probabilities
///
/// Results come in the order of the images, batch by batch. However many images there are, only a few batches are in memory.
#[derive(Args, Debug)]
pub(super) struct PredictArguments {
    /// Weights that train or export has written
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    #[command(flatten)]
    reading: ReadingArguments,
    /// How many classes to print for each image
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = at_least_one)]
    top: usize,
    /// How to write results
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// File to write in place of standard output; it is written whole or not at all
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    pass: PassArguments,
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each image
    #[default]
    Human,
    /// A table with a row for each class of each image
    Csv,
    /// A line of JSON for each image
    Json,
}

pub(super) fn run<N: Network>(arguments: &PredictArguments) -> Result<()> {
    let ready = arguments.pass.prepare::<N>(&arguments.weights, &arguments.reading)?;
    let Ready { images, device, trained, transform, scope: _scope } = ready;
    let mut results = Results::to(arguments.output.as_deref())?;
    let mut table = Table { format: arguments.format, images: &images, classes: trained.class_names(), is_new: true };
    let course = arguments.pass.images.course(&images, arguments.output.is_none());
    let mut bad_images = arguments.pass.images.bad_images();
    let pass = arguments.pass.images.pass(&images, transform);
    let done = predict(&trained.network, device, &pass, arguments.top, &mut bad_images, &mut |predictions| {
        results.write(&table.rows(&predictions)?)?;
        course.show(predictions.last().map_or(0, |last| last.image + 1));
        Ok(())
    });
    course.end(&bad_images);
    done.and_then(|()| results.finish())
}

/// Where results go.
enum Results {
    Stdout,
    /// A file that appears when all is in it.
    File(PathBuf, Unfinished),
}

impl Results {
    fn to(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        let file = Unfinished::create(path).map_err(|e| Error::io("write", path, &e))?;
        Ok(Self::File(path.to_owned(), file))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Stdout => {
                let mut stdout = std::io::stdout().lock();
                let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
                written.map_err(|e| Error::io("write to", Path::new("standard output"), &e))
            }
            Self::File(path, file) => file.write_all(bytes).map_err(|e| Error::io("write", path, &e)),
        }
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(path, file) => file.finish().map_err(|e| Error::io("write", &path, &e)),
        }
    }
}

/// Results as text.
struct Table<'a> {
    format: Format,
    images: &'a Unlabelled,
    /// The names of the classes, if they have names.
    classes: &'a [String],
    /// Whether nothing has been written.
    is_new: bool,
}

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    image: &'a str,
    guesses: Vec<NamedGuess<'a>>,
}

#[derive(Serialize)]
struct NamedGuess<'a> {
    class: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    probability: f64,
}

impl Table<'_> {
    fn rows(&mut self, predictions: &[Prediction]) -> Result<Vec<u8>> {
        let is_first = std::mem::take(&mut self.is_new);
        match self.format {
            Format::Human => {
                Ok(predictions.iter().flat_map(|prediction| self.human(prediction).into_bytes()).collect())
            }
            Format::Csv => self.csv(predictions, is_first),
            Format::Json => self.json(predictions),
        }
    }

    fn name(&self, guess: &Guess) -> Option<&str> {
        self.classes.get(guess.class).map(String::as_str)
    }

    fn human(&self, prediction: &Prediction) -> String {
        let describe = |guess: &Guess| {
            let name = self.name(guess).map_or_else(|| guess.class.to_string(), str::to_owned);
            format!("{name} {:.2} %", 100.0 * guess.probability)
        };
        let guesses: Vec<String> = prediction.guesses.iter().map(describe).collect();
        format!("{}: {}\n", self.images.title(prediction.image), guesses.join(", "))
    }

    fn csv(&self, predictions: &[Prediction], with_header: bool) -> Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if with_header {
            writer.write_record(["image", "rank", "class", "name", "probability"]).map_err(unwritable)?;
        }
        for Prediction { image, guesses } in predictions {
            for (rank, guess) in (1..).zip(guesses) {
                let name = self.name(guess).unwrap_or_default();
                let row: (_, usize, _, _, _) = (self.images.title(*image), rank, guess.class, name, guess.probability);
                writer.serialize(row).map_err(unwritable)?;
            }
        }
        writer.into_inner().map_err(unwritable)
    }

    fn json(&self, predictions: &[Prediction]) -> Result<Vec<u8>> {
        let mut lines = Vec::new();
        for Prediction { image, guesses } in predictions {
            let named = |guess: &Guess| NamedGuess {
                class: guess.class,
                name: self.name(guess),
                probability: guess.probability,
            };
            let guesses = guesses.iter().map(named).collect();
            serde_json::to_writer(&mut lines, &Line { image: &self.images.title(*image), guesses })
                .map_err(unwritable)?;
            lines.push(b'\n');
        }
        Ok(lines)
    }
}

fn unwritable(e: impl Display) -> Error {
    Error::failed(format!("the results cannot be written: {e}"))
}
