//! `embed`.

use super::arguments::ReadingArguments;
use super::pass::{PassArguments, Ready};
use super::print;
use crate::data::Unlabelled;
use crate::embed::{Node, embed};
use crate::error::{Error, Result};
use crate::features::{FeatureFile, Format};
use crate::files::Unfinished;
use crate::network::Network;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Write what images look like inside of the network: the values of one of its outputs, a row for each image
///
/// Beside the file of features, NAME.names.json lists the images in the order of the rows. Both are written whole or not at all, and
/// row by row, so that features need not fit into memory.
#[derive(Args, Debug)]
pub(super) struct EmbedArguments {
    /// Weights that train or export has written
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    #[command(flatten)]
    reading: ReadingArguments,
    /// The output whose values are the features: a path as `summary --inference` shows it
    #[arg(long, value_name = "PATH")]
    node: String,
    /// Take the mean over height and width
    #[arg(long)]
    pool: bool,
    /// File to write: NAME.safetensors, with the tensor features, or NAME.npy for NumPy
    #[arg(long, value_name = "FILE", value_parser = feature_file)]
    output: Output,
    #[command(flatten)]
    pass: PassArguments,
}

/// A file to write, and what its name says that it is.
#[derive(Clone, Debug)]
struct Output {
    path: PathBuf,
    format: Format,
}

fn feature_file(text: &str) -> std::result::Result<Output, String> {
    let path = PathBuf::from(text);
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("safetensors") => Format::Safetensors,
        Some("npy") => Format::Npy,
        _ => return Err("must end in .safetensors or .npy".to_owned()),
    };
    Ok(Output { path, format })
}

pub(super) fn run<N: Network>(arguments: &EmbedArguments) -> Result<()> {
    let ready = arguments.pass.prepare::<N>(&arguments.weights, &arguments.reading)?;
    let Ready { images, device, trained, transform, scope: _scope } = ready;
    let node = Node::find(&trained.network, &trained.store, &arguments.node, arguments.pool)?;
    let Output { path, format } = &arguments.output;
    let mut features = FeatureFile::create(path, *format, node.path(), node.shape(), images.len())?;
    let mut names = Names::create(&path.with_extension("names.json"))?;
    let course = arguments.pass.images.course(&images, false);
    let mut bad_images = arguments.pass.images.bad_images();
    let pass = arguments.pass.images.pass(&images, transform);
    let done = embed(&trained.network, device, &pass, &node, &mut bad_images, &mut |numbers, rows| {
        features.add(rows)?;
        names.add(&images, numbers)?;
        course.show(numbers.last().map_or(0, |last| last + 1));
        Ok(())
    });
    course.end(&bad_images);
    done?;
    let listed = names.finish()?;
    let shape: Vec<String> = features.finish()?.iter().map(i64::to_string).collect();
    print(format_args!("{} {}\nfeatures {}\nnames {}", node.path(), shape.join("x"), path.display(), listed.display()))
}

/// The file that lists images: an array of JSON with a name on each line.
struct Names {
    file: Unfinished,
    path: PathBuf,
    is_new: bool,
}

impl Names {
    fn create(path: &Path) -> Result<Self> {
        let file = Unfinished::create(path).map_err(|e| Error::io("write", path, &e))?;
        Ok(Self { file, path: path.to_owned(), is_new: true })
    }

    fn add(&mut self, images: &Unlabelled, numbers: &[usize]) -> Result<()> {
        for &number in numbers {
            let begin = if std::mem::take(&mut self.is_new) { "[\n" } else { ",\n" };
            let name = serde_json::Value::from(images.title(number));
            write!(self.file, "{begin}{name}").map_err(|e| Error::io("write", &self.path, &e))?;
        }
        Ok(())
    }

    /// Makes the file appear in its place, and returns that.
    fn finish(mut self) -> Result<PathBuf> {
        let written = self.file.write_all(if self.is_new { b"[]\n" } else { b"\n]\n" });
        written.and_then(|()| self.file.finish()).map_err(|e| Error::io("write", &self.path, &e))?;
        Ok(self.path)
    }
}
