//! The options of `evaluate`.

use crate::cli::arguments::{DeviceArguments, PrecisionArguments, ReadingArguments, at_least_one};
use crate::cli::loading::LoadingArguments;
use crate::cli::source::SourceArguments;
use crate::data::OnBadImage;
use crate::data::crops::Crops;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Measure trained weights on the held-out images of a data set
///
/// Prints the number of images, the mean cross-entropy in nats, and the shares of images whose class is not the first guess, and not among
/// the first five. Of several files of weights, and of several crops of an image, the probabilities are averaged.
#[derive(Args, Debug)]
pub(in crate::cli) struct EvaluateArguments {
    /// Weights that train or export has written; of several files the probabilities are averaged
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub(super) weights: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArguments,
    /// Folder of the data set, as it is distributed; if no images are held out in it, all are measured on
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    #[command(flatten)]
    pub(super) source: SourceArguments,
    /// How many crops of an image the probabilities are averaged over: 1 is what the weights' own steps for testing make of it, 10 are the
    /// corners and the centre with their mirror images, 144 are those of the paper [default: 1; with --table 1,10,144]
    #[arg(long, value_name = "N", value_enum, value_delimiter = ',')]
    crops: Vec<Crops>,
    /// Print a table of models and crops with what they cost: passes through a network for each image
    #[arg(long, conflicts_with_all = ["per_class", "confusion", "predictions", "mistakes"])]
    pub(super) table: bool,
    /// Print a table of the classes: images, recall (which is the accuracy on that class), precision, F1, and the means of these
    #[arg(long)]
    pub(super) per_class: bool,
    /// How to print results
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) format: Format,
    /// Write which classes are taken for which: FILE.csv for counts, FILE.png for a picture; can be given twice
    #[arg(long, value_name = "FILE", value_parser = confusion_file)]
    pub(super) confusion: Vec<ConfusionFile>,
    /// Write a line for each image: its name, its class, the class that it is taken for with its probability, and the loss
    #[arg(long, value_name = "FILE.csv")]
    pub(super) predictions: Option<PathBuf>,
    /// Draw the images with the highest losses among those that are taken for a wrong class
    #[arg(long, value_name = "FILE.png", value_parser = png_file)]
    pub(super) mistakes: Option<PathBuf>,
    /// How many of them
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = at_least_one, requires = "mistakes")]
    pub(super) count: usize,
    /// Images, or crops of them, at a time; does not change the result
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

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Lines and tables for people
    #[default]
    Human,
    /// One object with everything; what is undefined is null
    Json,
    /// One table, the last one that is asked for; what is undefined is empty
    Csv,
}

/// Where the confusion matrix goes, and as what.
#[derive(Clone, Debug)]
pub(super) enum ConfusionFile {
    Csv(PathBuf),
    Png(PathBuf),
}

impl ConfusionFile {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Csv(path) | Self::Png(path) => path,
        }
    }
}

impl EvaluateArguments {
    /// The numbers of crops, each once; several only for the table.
    pub(super) fn crops(&self) -> Result<Vec<Crops>, &'static str> {
        let mut crops = match (&self.crops[..], self.table) {
            ([], true) => vec![Crops::One, Crops::Ten, Crops::Paper],
            ([], false) => vec![Crops::One],
            (several, true) => several.to_vec(),
            (&[one], false) => vec![one],
            _ => return Err("several numbers of crops make a table: say --table too"),
        };
        crops.sort_unstable();
        crops.dedup();
        Ok(crops)
    }
}

fn confusion_file(text: &str) -> Result<ConfusionFile, String> {
    let path = PathBuf::from(text);
    match extension(&path) {
        Some("csv") => Ok(ConfusionFile::Csv(path)),
        Some("png") => Ok(ConfusionFile::Png(path)),
        _ => Err("must end in .csv for counts, or in .png for a picture".to_owned()),
    }
}

fn png_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if extension(&path) == Some("png") { Ok(path) } else { Err("must end in .png".to_owned()) }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}
