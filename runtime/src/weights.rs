//! Saving and loading the variables of a network, as safetensors.
//!
//! Loading is strict: everything that does not fit is listed in one error, and nothing is changed unless all fits.

use crate::data::Normalisation;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::network::Network;
use crate::variables;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// The entry of the file's metadata that holds [`Metadata`] as JSON. It is one entry, because the order of several
/// is random, and the same weights should be the same bytes.
const METADATA: &str = "googlenetc";

/// What a file of weights says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// The network's name.
    pub network: String,
    /// The hash of its spec.
    pub spec_hash: String,
    /// The number of classes.
    pub classes: i64,
    /// What the images were normalised with in training.
    pub normalisation: Normalisation,
}

/// What [`load`] found apart from the tensors.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// None if the file was not written by [`save`].
    pub metadata: Option<Metadata>,
    /// What a person should know although the weights were loaded: that the spec has changed since.
    pub warning: Option<String>,
}

/// Writes the variables of network `N` in `store` to `path`, as 32-bit floats under their own names.
///
/// The file appears whole or not at all: it is written beside its place, brought to the disk, and moved.
///
/// # Errors
/// When the file cannot be written.
pub fn save<N: Network>(store: &VarStore, normalisation: &Normalisation, path: &Path) -> Result<()> {
    let metadata = Metadata {
        network: N::NAME.to_owned(),
        spec_hash: N::SPEC_HASH.to_owned(),
        classes: N::CLASSES,
        normalisation: normalisation.clone(),
    };
    let bytes = serialize(store, &metadata)
        .map_err(|e| Error::failed(format!("the weights for `{}` cannot be written: {e}", path.display())))?;
    write_whole(path, &bytes).map_err(|e| Error::io("write", path, &e))
}

fn serialize(
    store: &VarStore,
    metadata: &Metadata,
) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut tensors = Vec::new();
    for (name, tensor) in variables::in_order(store) {
        // Flattened in the order of the dimensions, however they lie in memory.
        let values = Vec::<f32>::try_from(tensor.to_kind(Kind::Float).contiguous().view(-1))?;
        tensors.push((
            name,
            shape_of(&tensor),
            values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>(),
        ));
    }
    let mut views = Vec::new();
    for (name, shape, bytes) in &tensors {
        views.push((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?));
    }
    let entries = HashMap::from([(METADATA.to_owned(), serde_json::to_string(metadata)?)]);
    Ok(safetensors::serialize(views, Some(entries))?)
}

fn shape_of(tensor: &Tensor) -> Vec<usize> {
    tensor.size().iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect()
}

/// Reads weights for network `N` from `path` into `store`, which must hold its variables.
///
/// # Errors
/// When the file cannot be read or is damaged, or when tensors are missing, unexpected, or of another shape or type;
/// all of these are in the one message, and `store` is as it was.
pub fn load<N: Network>(store: &mut VarStore, path: &Path) -> Result<Loaded> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    let damaged = |e: &dyn std::fmt::Display| {
        Error::failed(format!("`{}` is damaged or no safetensors file: {e}", path.display()))
    };
    let file = SafeTensors::deserialize(&bytes).map_err(|e| damaged(&e))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| damaged(&e))?;
    let entry = header.metadata().as_ref().and_then(|entries| entries.get(METADATA));
    let metadata = entry.map(|json| read_metadata::<N>(json)).transpose().map_err(|e| damaged(&e))?;
    let variables = variables::in_order(store);
    let problems = compare(&variables, &file);
    if !problems.is_empty() {
        return Err(does_not_fit::<N>(path, metadata.as_ref(), &problems));
    }
    let views: BTreeMap<_, _> = file.iter().collect();
    for (name, mut variable) in variables {
        if let Some(view) = views.get(name.as_str()) {
            let value =
                Tensor::f_from_data_size(view.data(), &variable.size(), Kind::Float).map_err(|e| damaged(&e))?;
            tch::no_grad(|| variable.f_copy_(&value)).map_err(|e| damaged(&e))?;
        }
    }
    let warning = metadata.as_ref().filter(|m| m.spec_hash != N::SPEC_HASH).map(|m| {
        format!(
            "`{}` was trained with another version of the spec of `{}`; all tensors fit, but results may differ",
            path.display(),
            m.network
        )
    });
    Ok(Loaded { metadata, warning })
}

fn read_metadata<N: Network>(json: &str) -> std::result::Result<Metadata, String> {
    let metadata: Metadata = serde_json::from_str(json).map_err(|e| e.to_string())?;
    let Normalisation { mean, std } = &metadata.normalisation;
    let channels = usize::try_from(N::INPUT[0]).unwrap_or(0);
    let usable = mean.iter().all(|v| v.is_finite()) && std.iter().all(|v| v.is_finite() && *v != 0.0);
    if mean.len() != std.len() || mean.is_empty() || !usable {
        return Err(format!("its normalisation (mean {mean:?}, std {std:?}) cannot be used"));
    }
    if mean.len() != channels {
        return Err(format!("its normalisation is for {} channels, the network has {channels}", mean.len()));
    }
    Ok(metadata)
}

/// Everything in `file` that does not fit the variables, one line each.
fn compare(variables: &[(String, Tensor)], file: &SafeTensors<'_>) -> Vec<String> {
    let mut views: BTreeMap<_, _> = file.iter().collect();
    let mut problems = Vec::new();
    for (name, variable) in variables {
        let Some(view) = views.remove(name.as_str()) else {
            problems.push(format!("missing: `{name}`"));
            continue;
        };
        let shape = shape_of(variable);
        if view.shape() != shape {
            problems.push(format!("wrong shape: `{name}` is {:?}, the network has {shape:?}", view.shape()));
        }
        if view.dtype() != Dtype::F32 {
            problems.push(format!("wrong type: `{name}` is {}, the network has {}", view.dtype(), Dtype::F32));
        }
    }
    problems.extend(views.keys().map(|name| format!("unexpected: `{name}`")));
    problems
}

fn does_not_fit<N: Network>(path: &Path, metadata: Option<&Metadata>, problems: &[String]) -> Error {
    let origin = metadata.map(|m| format!(", which was written for `{}`,", m.network)).unwrap_or_default();
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    let file = path.display();
    Error::failed(format!("`{file}`{origin} does not fit `{}`, {count}:\n  {}", N::NAME, problems.join("\n  ")))
}
