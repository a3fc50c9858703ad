//! What a file of weights says about itself, and how that fits a network.

use super::quote::quote;
use crate::data::Preparation;
use crate::network::Network;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a file of weights says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The network's name.
    pub network: String,
    /// The hash of its spec.
    pub spec_hash: String,
    /// The number of classes.
    pub classes: i64,
    /// What the classes are called, in the order of their numbers, if the data set that was trained on has names for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub class_names: Vec<String>,
    /// How images become input. Files of before there were steps have only the normalisation; images were resized then.
    #[serde(flatten)]
    pub preparation: Preparation,
}

/// What a network says about itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    pub(super) name: &'static str,
    spec_hash: &'static str,
    classes: i64,
    channels: usize,
}

impl Identity {
    pub(super) fn of<N: Network>() -> Self {
        let channels = usize::try_from(N::INPUT[0]).unwrap_or(0);
        Self { name: N::NAME, spec_hash: N::SPEC_HASH, classes: N::CLASSES, channels }
    }

    pub(super) fn metadata(&self, preparation: &Preparation, class_names: &[String]) -> Metadata {
        Metadata {
            network: self.name.to_owned(),
            spec_hash: self.spec_hash.to_owned(),
            classes: self.classes,
            class_names: class_names.to_vec(),
            preparation: preparation.clone(),
        }
    }

    /// Reads metadata, whose normalisation must be one for this network's input.
    pub(super) fn read(&self, json: &str) -> Result<Metadata, String> {
        let metadata: Metadata = serde_json::from_str(json).map_err(|e| format!("its metadata: {e}"))?;
        if let Some(problem) = metadata.preparation.normalisation.problem(self.channels) {
            return Err(problem);
        }
        Ok(metadata)
    }

    pub(super) fn class_problem(&self, metadata: &Metadata) -> Option<String> {
        let (file, network) = (metadata.classes, self.classes);
        (file != network).then(|| format!("wrong number of classes: {file}, the network has {network}"))
    }

    /// What a person should know about weights that were loaded.
    pub(super) fn warning(&self, metadata: &Metadata, path: &Path) -> Option<String> {
        let (path, network) = (path.display(), quote(&metadata.network));
        if metadata.network != self.name {
            return Some(format!(
                "`{path}` was written for another network, `{network}`, and this is `{}`; results may differ",
                self.name
            ));
        }
        (metadata.spec_hash != self.spec_hash).then(|| {
            format!("`{path}` was trained with another version of the spec of `{network}`, so results may differ")
        })
    }
}
