//! Writing the variables of a network.

use super::metadata::Identity;
use super::{Keys, safetensors};
use crate::data::Preparation;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::network::Network;
use crate::variables;
use std::path::Path;
use tch::nn::VarStore;

/// How a file is written. The default has the variables' own names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaveOptions {
    /// What the classes are called, in the order of their numbers; empty if they have no names.
    pub class_names: Vec<String>,
    /// What the variables are called in the file; none if they have their own names there. The counters that it lists are written
    /// too, as zeros: nothing here counts batches, and the usual batch normalisation does not look at them.
    pub keys: Option<Keys>,
}

/// Writes the variables of network `N` in `store` to `path` as safetensors, under their own names and in their own types.
/// `preparation` says how images become its input.
///
/// The file appears whole or not at all: it is written beside its place, brought to the disk, and moved.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::{Normalisation, Preparation};
/// use googlenetc_runtime::error::Result;
/// use googlenetc_runtime::network::Network;
/// use googlenetc_runtime::tch::nn::VarStore;
/// use googlenetc_runtime::weights::save;
/// use std::path::Path;
///
/// /// Writes weights that were trained on images from -1 to 1.
/// fn keep<N: Network>(store: &VarStore) -> Result<()> {
///     let preparation = Preparation::from(Normalisation::new(vec![0.5; 3], vec![0.5; 3]));
///     save::<N>(store, &preparation, Path::new("weights.safetensors"))
/// }
/// ```
///
/// # Errors
/// When the file cannot be written.
pub fn save<N: Network>(store: &VarStore, preparation: &Preparation, path: &Path) -> Result<()> {
    save_with::<N>(store, preparation, path, &SaveOptions::default())
}

/// The same with options.
///
/// # Errors
/// When the file cannot be written, or when the keys are not those of `N`.
pub fn save_with<N: Network>(
    store: &VarStore,
    preparation: &Preparation,
    path: &Path,
    options: &SaveOptions,
) -> Result<()> {
    save_for(&Identity::of::<N>(), store, preparation, path, options)
}

fn save_for(
    network: &Identity,
    store: &VarStore,
    preparation: &Preparation,
    path: &Path,
    options: &SaveOptions,
) -> Result<()> {
    let mut variables = variables::in_order(store);
    if let Some(keys) = &options.keys {
        keys.check(network.name, variables.iter().map(|(name, _)| name.as_str()))?;
        variables = keys.rename(variables);
    }
    let bytes = serde_json::to_string(&network.metadata(preparation, &options.class_names))
        .map_err(|e| e.to_string())
        .and_then(|metadata| safetensors::serialize(variables, Some((safetensors::METADATA, metadata))))
        .map_err(|e| Error::failed(format!("the weights for `{}` cannot be written: {e}", path.display())))?;
    write_whole(path, &bytes).map_err(|e| Error::io("write", path, &e))
}
