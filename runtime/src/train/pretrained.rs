//! Weights that a run begins with.

use crate::data::Normalisation;
use crate::error::Result;
use crate::network::Network;
use crate::weights::{self, LoadOptions};
use std::path::PathBuf;
use tch::nn::VarStore;

/// Weights that a run begins with, for fine-tuning.
#[derive(Clone, Debug, PartialEq)]
pub struct Pretrained {
    /// Safetensors, or PyTorch's `.pt` or `.pth`.
    pub path: PathBuf,
    /// How it is read: in part, if for instance the number of classes is another one. What is left out begins as drawn.
    pub options: LoadOptions,
}

impl Pretrained {
    /// What the images were normalised with that the weights were trained on, if the file says it.
    pub(super) fn normalisation<N: Network>(&self) -> Result<Option<Normalisation>> {
        Ok(weights::metadata::<N>(&self.path)?.map(|metadata| metadata.preparation.normalisation))
    }

    /// Puts the weights into `store`, and says what of them or of the network was left out, if anything was.
    pub(super) fn load<N: Network>(&self, store: &mut VarStore) -> Result<Option<String>> {
        let lines = weights::load_with::<N>(store, &self.path, &self.options)?.skipped_lines();
        // That the network has another name or spec is no reason to warn: it goes on to learn.
        let left_out = || format!("left out of `{}`, and begun anew:\n  {}", self.path.display(), lines.join("\n  "));
        Ok((!lines.is_empty()).then(left_out))
    }
}
