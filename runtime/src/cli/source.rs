//! The options that say how a data set is read, and the data sets of `train` and `evaluate`.

use super::say;
use crate::batch::classes;
use crate::data::decode::{Orientation, Reading};
use crate::data::{Kind, Location, Options, Part, Source, check_classes};
use crate::error::Result;
use crate::network::Network;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// How a data set is read.
#[derive(Args, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SourceArguments {
    /// The kind of data set, if it cannot be told from what is in the folder, or if there are several
    #[arg(long, value_name = "KIND", value_enum)]
    data_kind: Option<Kind>,
    /// Take CIFAR-100's 20 superclasses in place of its 100 classes
    #[arg(long)]
    coarse: bool,
    /// Turn images as their EXIF data say; otherwise they are taken as they are stored, as in torchvision
    #[arg(long)]
    exif_orientation: bool,
}

impl SourceArguments {
    pub(super) fn options(self) -> Options {
        let orientation = if self.exif_orientation { Orientation::Exif } else { Orientation::AsStored };
        let reading = Reading { orientation, ..Reading::default() };
        Options { kind: self.data_kind, coarse: self.coarse, classes: Vec::new(), reading }
    }
}

/// A data set for network `N`, in which both parts are looked at before anything is computed.
pub(super) struct DataSet {
    pub(super) location: Location,
    classes: usize,
    /// What was said already.
    warnings: BTreeSet<String>,
}

impl DataSet {
    pub(super) fn find<N: Network>(folder: &Path, options: &Options) -> Result<Self> {
        let location = Location::find(folder, options)?;
        Ok(Self { location, classes: classes::<N>(), warnings: BTreeSet::new() })
    }

    /// One part; warnings about it are said.
    pub(super) fn open(&mut self, part: Part) -> Result<Arc<dyn Source>> {
        let source = self.location.open(part)?;
        self.look_at(source, part)
    }

    /// All images of a data set that has no held-out part, to be measured on.
    pub(super) fn open_all(&mut self) -> Result<Arc<dyn Source>> {
        let source = self.location.open(Part::Training)?;
        self.look_at(source, Part::HeldOut)
    }

    fn look_at(&mut self, source: Arc<dyn Source>, part: Part) -> Result<Arc<dyn Source>> {
        for warning in check_classes(&*source, part, self.classes)? {
            if self.warnings.insert(warning.clone()) {
                say(format_args!("warning: {warning}"));
            }
        }
        Ok(source)
    }
}
