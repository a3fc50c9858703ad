//! Images that could not be read, and were skipped.

use super::loader::{OnBadImage, Skipped};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// How many of them a message lists.
const LISTED: usize = 10;

/// What becomes of images that cannot be read, and which ones there were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadImages {
    #[serde(skip)]
    policy: OnBadImage,
    /// Each with its name and the reason, and once, however often it came.
    messages: BTreeSet<String>,
}

impl BadImages {
    /// None so far.
    pub fn new(policy: OnBadImage) -> Self {
        Self { policy, messages: BTreeSet::new() }
    }

    /// Adds those of an earlier part of the same work.
    #[cfg(feature = "torch")]
    pub(crate) fn add_all(&mut self, earlier: &Self) {
        self.messages.extend(earlier.messages.iter().cloned());
    }

    /// What becomes of them.
    pub fn policy(&self) -> OnBadImage {
        self.policy
    }

    /// How many different images have been skipped.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether none has been skipped.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Adds those that a batch lists.
    pub fn add(&mut self, skipped: &[Skipped]) {
        self.messages.extend(skipped.iter().map(|image| image.message.clone()));
    }

    /// Writes the list to a file, an image per line.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let lines: String = self.messages.iter().flat_map(|message| [message.as_str(), "\n"]).collect();
        std::fs::write(path, lines).map_err(|e| Error::io("write", path, &e))
    }

    /// The error that stands for a data set of which nothing is left.
    pub fn nothing_left(&self) -> Error {
        Error::failed(format!("no image could be read; {self}"))
    }
}

impl fmt::Display for BadImages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let images = if self.len() == 1 { "image was" } else { "images were" };
        write!(f, "{} {images} skipped:", self.len())?;
        self.messages.iter().take(LISTED).try_for_each(|message| write!(f, "\n  {message}"))?;
        if self.len() > LISTED { write!(f, "\n  and {} more", self.len() - LISTED) } else { Ok(()) }
    }
}
