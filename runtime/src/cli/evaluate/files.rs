//! The files that `evaluate` writes, whole or not at all.

use super::arguments::ConfusionFile;
use super::{EvaluateArguments, Names};
use crate::cli::say;
use crate::confusion_table;
use crate::data::sheet::png;
use crate::data::{Image, Source};
use crate::error::{Error, Result};
use crate::files::Unfinished;
use crate::metrics::{self, Confusion, Judgement, Worst};
use std::io::Write;
use std::path::{Path, PathBuf};

/// All that was asked for. It is begun before anything is computed, so that a folder that is not there is known at once.
pub(super) struct Files {
    confusion: Vec<(ConfusionFile, Unfinished)>,
    predictions: Option<(PathBuf, csv::Writer<Unfinished>)>,
    mistakes: Option<(PathBuf, Unfinished)>,
    worst: Worst,
}

impl Files {
    pub(super) fn create(arguments: &EvaluateArguments) -> Result<Self> {
        let EvaluateArguments { confusion, predictions, mistakes, count, .. } = arguments;
        let with_file = |path: &PathBuf| -> Result<_> { Ok((path.clone(), create(path)?)) };
        let mut files = Self {
            confusion: confusion.iter().map(|file| Ok((file.clone(), create(file.path())?))).collect::<Result<_>>()?,
            predictions: predictions
                .as_ref()
                .map(with_file)
                .transpose()?
                .map(|(path, file)| (path, csv::Writer::from_writer(file))),
            mistakes: mistakes.as_ref().map(with_file).transpose()?,
            worst: Worst::new(if mistakes.is_some() { *count } else { 0 }),
        };
        if let Some((path, writer)) = &mut files.predictions {
            let columns = ["image", "label", "prediction", "probability", "loss"];
            writer.write_record(columns).map_err(|e| cannot_write(path, e))?;
        }
        Ok(files)
    }

    /// Adds an image.
    pub(super) fn add(&mut self, source: &dyn Source, names: &Names, image: usize, judgement: Judgement) -> Result<()> {
        if self.mistakes.is_some() {
            self.worst.add(image, judgement);
        }
        let Some((path, writer)) = &mut self.predictions else { return Ok(()) };
        let Judgement { label, prediction, probability, loss, .. } = judgement;
        // Messages quote names, files need not.
        let name = source.name(image).replace('`', "");
        let (label, prediction) = (names.of(label), names.of(prediction));
        let record = [name, label, prediction, probability.to_string(), loss.to_string()];
        writer.write_record(record).map_err(|e| cannot_write(path, e))
    }

    /// Writes what can be written at the end only, and gives all files their names.
    pub(super) fn finish(self, source: &dyn Source, names: &Names, confusion: &Confusion) -> Result<()> {
        let name = |class: usize| names.of(class);
        if let Some((path, writer)) = self.predictions {
            let file = writer.into_inner().map_err(|e| Error::io("write", &path, e.error()))?;
            finish("predictions", &path, file)?;
        }
        for (kind, file) in self.confusion {
            match kind {
                ConfusionFile::Csv(path) => {
                    let mut file = file;
                    confusion_table::write(&mut file, confusion, &name).map_err(|e| cannot_write(&path, e))?;
                    finish("confusion matrix", &path, file)?;
                }
                ConfusionFile::Png(path) => {
                    draw("confusion matrix", &path, file, &metrics::picture(confusion, &name)?)?;
                }
            }
        }
        match self.mistakes {
            Some((path, file)) => {
                let sheet = metrics::sheet(source, &name, &self.worst.into_vec())?;
                draw("worst mistakes", &path, file, &sheet)
            }
            None => Ok(()),
        }
    }
}

fn create(path: &Path) -> Result<Unfinished> {
    Unfinished::create(path).map_err(|e| Error::io("write", path, &e))
}

fn draw(what: &str, path: &Path, mut file: Unfinished, image: &Image) -> Result<()> {
    file.write_all(&png(image)?).map_err(|e| Error::io("write", path, &e))?;
    finish(what, path, file)
}

fn finish(what: &str, path: &Path, file: Unfinished) -> Result<()> {
    file.finish().map_err(|e| Error::io("write", path, &e))?;
    say(format_args!("{what} {}", path.display()));
    Ok(())
}

fn cannot_write(path: &Path, e: csv::Error) -> Error {
    Error::io("write", path, &e.into())
}
