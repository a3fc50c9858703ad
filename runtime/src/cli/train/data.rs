//! Which images a run takes, kept in its folder so that it can go on without being told.

use crate::cli::arguments::TrainArguments;
use crate::cli::loading::LoadingArguments;
use crate::cli::source::{DataSet, SourceArguments};
use crate::data::{Part, split, yaml};
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::network::Network;
use crate::train::{Images, Recipe};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file in the folder of a run.
const FILE: &str = "data.yaml";

/// Which images a run takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataChoice {
    /// The folder of the data set; in the file, from the root.
    data: PathBuf,
    source: SourceArguments,
}

impl DataChoice {
    /// What the options say; of a run that goes on, what they said then, but for where the folder is now.
    pub(super) fn of(arguments: &TrainArguments) -> Result<Self> {
        let given = arguments.data.clone();
        if let Some(run) = &arguments.resume {
            let before = Self::read(&run.join(FILE))?;
            return Ok(Self { data: given.unwrap_or(before.data), ..before });
        }
        Ok(Self { data: given.unwrap_or_default(), source: arguments.source })
    }

    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| {
            Error::io("read", path, &e).and("; --resume takes the folder of a run, such as runs/NETWORK-1")
        })?;
        yaml::parse(&text, &path.display().to_string())
    }

    pub(super) fn write(&self, run: &Path) -> Result<()> {
        let path = run.join(FILE);
        let data = std::path::absolute(&self.data).map_err(|e| Error::io("find", &self.data, &e))?;
        let text = serde_saphyr::to_string(&Self { data, ..self.clone() });
        let text = text.map_err(|e| Error::failed(format!("`{}` cannot be written: {e}", path.display())))?;
        write_whole(&path, text.as_bytes()).map_err(|e| Error::io("write", &path, &e))
    }

    pub(super) fn read_images<N: Network>(
        &self,
        loading: &LoadingArguments,
        recipe: &Recipe,
        quiet: bool,
    ) -> Result<Images> {
        let mut data = DataSet::find::<N>(&self.data, &self.source.options())?;
        let training = loading.keep(data.open(Part::Training)?, quiet)?;
        if let Some(share) = recipe.validation {
            let (training, held_out) = split(&training, share, recipe.seed, recipe.stratified)?;
            return Ok(Images { training, held_out, held_out_name: "validation" });
        }
        let held_out = loading.keep(data.open(Part::HeldOut)?, quiet)?;
        Ok(Images { training, held_out, held_out_name: data.location.held_out_name().unwrap_or("test") })
    }
}
