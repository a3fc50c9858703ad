//! The options that say which images a command goes through, for commands that need no data set.

use super::arguments::at_least_one;
use super::data::progress::progress_bar;
use super::say;
use crate::data::decode::{Orientation, Reading};
use crate::data::{BadImages, OnBadImage, Source, Transform, Unlabelled, default_workers};
use crate::error::{Error, Result};
use crate::evaluate::Pace;
use crate::pass::Pass;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What stands for standard input.
const STDIN: &str = "-";

/// Nobody needs to be told how far work has come that is done sooner.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which images, and how they are read.
#[derive(Args, Debug)]
pub(super) struct ImageArguments {
    /// JPEG, PNG, BMP, GIF or WebP files; folders, for all images in them and in the folders in them, sorted; or - for standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// What standard input has, where IMAGE is -: a list of such paths, or the bytes of one image
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    stdin: Stdin,
    /// Turn images as their EXIF data say; otherwise they are taken as they are stored, as in torchvision
    #[arg(long)]
    exif_orientation: bool,
    /// Images at a time
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = at_least_one)]
    batch_size: usize,
    /// Threads that prepare images; they do not change the result. With 0 the thread that computes prepares them as well
    /// [default: one for each processor, at most 16]
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    /// Stop at an image that cannot be read, or skip it and list it at the end
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnBadImage::Stop)]
    on_bad_image: OnBadImage,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

/// What standard input has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Stdin {
    /// Paths of files and folders, one on each line, or one before each NUL byte
    #[default]
    Paths,
    /// The bytes of an image file
    Image,
}

impl ImageArguments {
    /// The images, none of which has been read.
    pub(super) fn find(&self) -> Result<Arc<Unlabelled>> {
        let orientation = if self.exif_orientation { Orientation::Exif } else { Orientation::AsStored };
        let mut images = Unlabelled::new(Reading { orientation, ..Reading::default() });
        if self.images.iter().filter(|path| *path == Path::new(STDIN)).count() > 1 {
            return Err(Error::failed("`-` stands for standard input, which can be read once"));
        }
        for path in &self.images {
            if path == Path::new(STDIN) {
                self.add_stdin(&mut images)?;
            } else {
                images.add(path)?;
            }
        }
        if images.is_empty() {
            return Err(Error::failed("standard input, where paths of images were to come from, has none"));
        }
        Ok(Arc::new(images))
    }

    fn add_stdin(&self, images: &mut Unlabelled) -> Result<()> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|e| Error::io("read", Path::new("standard input"), &e))?;
        match self.stdin {
            Stdin::Paths => paths(&bytes)?.iter().try_for_each(|path| images.add(path)),
            Stdin::Image => {
                images.add_bytes(STDIN, bytes);
                Ok(())
            }
        }
    }

    /// What goes through them.
    pub(super) fn pass(&self, images: &Arc<Unlabelled>, transform: Transform) -> Pass {
        let workers = self.workers.unwrap_or_else(default_workers);
        let pace = Pace { batch_size: self.batch_size, workers };
        Pass { source: images.clone(), transform: Arc::new(transform), pace }
    }

    /// Those that were skipped: none so far.
    pub(super) fn bad_images(&self) -> BadImages {
        BadImages::new(self.on_bad_image)
    }

    /// Shows how far it has come, unless results come in between on the same terminal.
    pub(super) fn course(&self, images: &Unlabelled, results_are_printed: bool) -> Course {
        let is_silent = self.quiet || (results_are_printed && std::io::stdout().is_terminal());
        Course { bar: progress_bar(is_silent), images: images.labels().len(), begin: Instant::now() }
    }
}

/// The paths in a list: those before NUL bytes, if there are any, as `find -print0` writes them, or else those on lines.
fn paths(list: &[u8]) -> Result<Vec<PathBuf>> {
    let lines = !list.contains(&0);
    let names = list.split(|&byte| byte == if lines { b'\n' } else { 0 });
    let names = names.map(|name| if lines { name.strip_suffix(b"\r").unwrap_or(name) } else { name });
    names.filter(|name| !name.is_empty()).map(path).collect()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "on other systems not every name is one")]
fn path(name: &[u8]) -> Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(std::ffi::OsStr::from_bytes(name).into())
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> Result<PathBuf> {
    let text = std::str::from_utf8(name).map_err(|_| {
        let name = String::from_utf8_lossy(name);
        Error::failed(format!("the path `{name}` on standard input is not UTF-8"))
    })?;
    Ok(text.into())
}

/// How far it has come.
pub(super) struct Course {
    bar: ProgressBar,
    images: usize,
    begin: Instant,
}

impl Course {
    /// The images below this number are done.
    pub(super) fn show(&self, done: usize) {
        if self.begin.elapsed() > PATIENCE {
            self.bar.set_length(self.images as u64);
            self.bar.set_position(done as u64);
        }
    }

    /// All is done that can be, and `bad_images` were skipped.
    pub(super) fn end(&self, bad_images: &BadImages) {
        self.bar.finish_and_clear();
        if !bad_images.is_empty() {
            say(format_args!("warning: {bad_images}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paths;
    use std::path::PathBuf;

    #[test]
    fn a_list_has_lines_or_ends_of_names() {
        let listed = |list: &str| paths(list.as_bytes()).unwrap();
        let expected = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(listed("a.png\nb c.png\n\nd.png"), expected(&["a.png", "b c.png", "d.png"]));
        assert_eq!(listed("a.png\r\nb\r.png\r\n"), expected(&["a.png", "b\r.png"]));
        assert_eq!(listed("a\nb.png\0c.png\r\0"), expected(&["a\nb.png", "c.png\r"]));
        assert_eq!(listed("\n"), expected(&[]));
    }
}
