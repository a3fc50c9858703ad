//! What a run is about, beside its recipe.

use super::{Images, Job};
use crate::device::Name;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::network::{Network, Phase};
use crate::variables::in_order;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tch::nn::VarStore;

/// Where it lies in the folder of a run.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("run.json")
}

/// What a run is about: `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct About {
    /// What wrote it, with its version.
    pub program: String,
    /// The name of the network.
    pub network: String,
    /// The hash of the spec that the network was generated from.
    pub spec_hash: String,
    /// Channels, height and width.
    pub input: [i64; 3],
    /// How many classes there are.
    pub classes: i64,
    /// The heads: outputs, in their order.
    pub heads: Vec<AboutHead>,
    /// The parts of the network that have variables, in their order.
    pub stages: Vec<Stage>,
    /// How many images are trained on, and how many are measured on.
    pub training_images: usize,
    #[expect(missing_docs, reason = "see above")]
    pub held_out_images: usize,
    /// What the held-out images are called.
    pub held_out_name: String,
    /// The file of weights that it began with; none if they were drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pretrained: Option<PathBuf>,
    /// Where the run was begun.
    pub device: String,
    /// When it was begun (UTC).
    pub started: String,
}

/// A head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AboutHead {
    /// Its name in the spec.
    pub name: String,
    /// The weight of its loss.
    pub weight: f64,
    /// Whether it runs in training only.
    pub training_only: bool,
}

/// A part of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The first name in the paths of its variables.
    pub name: String,
    /// The numbers in its variables that are learnt.
    pub parameters: usize,
}

impl About {
    /// A run of the network whose variables are in `store`, which begins now.
    pub(super) fn new<N: Network>(job: &Job, store: &VarStore) -> Self {
        let Images { training, held_out, held_out_name } = job.images;
        let heads = N::HEADS.iter().map(|head| AboutHead {
            name: head.name.to_owned(),
            weight: head.weight,
            training_only: head.phase == Phase::Training,
        });
        Self {
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            network: N::NAME.to_owned(),
            spec_hash: N::SPEC_HASH.to_owned(),
            input: N::INPUT,
            classes: N::CLASSES,
            heads: heads.collect(),
            stages: stages(store),
            training_images: training.labels().len(),
            held_out_images: held_out.labels().len(),
            held_out_name: (*held_out_name).to_owned(),
            pretrained: job.pretrained.map(|pretrained| pretrained.path.clone()),
            device: Name(job.device).to_string(),
            started: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        }
    }

    /// Writes it into the run's folder.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let path = path(folder);
        let text = serde_json::to_string_pretty(self).map_err(|e| Error::failed(e.to_string()))?;
        write_whole(&path, format!("{text}\n").as_bytes()).map_err(|e| Error::io("write", &path, &e))
    }

    /// Reads it from the folder of a run.
    ///
    /// # Errors
    /// When there is none, or it is of another form.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = path(folder);
        let text = std::fs::read(&path).map_err(|e| Error::io("read", &path, &e))?;
        serde_json::from_slice(&text).map_err(|e| Error::failed(format!("`{}`: {e}", path.display())))
    }

    /// Learnt numbers in all.
    pub fn parameters(&self) -> usize {
        self.stages.iter().map(|stage| stage.parameters).sum()
    }
}

/// The folder of a run's folder for what the network was generated from.
pub(super) const SPEC: &str = "spec";

/// Writes what the network was generated from into the folder of a run.
pub(super) fn write_spec<N: Network>(folder: &Path) -> Result<()> {
    if N::SPEC.is_empty() {
        return Ok(());
    }
    let folder = folder.join(SPEC);
    std::fs::create_dir_all(&folder).map_err(|e| Error::io("create", &folder, &e))?;
    for (name, text) in N::SPEC {
        let path = folder.join(name);
        write_whole(&path, text.as_bytes()).map_err(|e| Error::io("write", &path, &e))?;
    }
    Ok(())
}

fn stages(store: &VarStore) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for (path, tensor) in in_order(store) {
        let parameters = if tensor.requires_grad() { tensor.numel() } else { 0 };
        let name = path.split('.').next().unwrap_or_default();
        match stages.iter_mut().find(|stage| stage.name == name) {
            Some(stage) => stage.parameters += parameters,
            None => stages.push(Stage { name: name.to_owned(), parameters }),
        }
    }
    stages
}
