//! The whole state of a run in one file.
//!
//! It is a safetensors file. Its metadata say as JSON which run it belongs to and how far that is, and the last of its tensors,
//! `checksum`, is the BLAKE3 hash of all bytes before it: what is damaged anywhere is found.

pub(super) mod folder;
pub(super) mod identity;
pub(super) mod plan;

use super::run::state::State;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::weights::safetensors::{decode, serialize};
use identity::Identity;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use tch::Tensor;

/// The version of the format. It changes when older programs could misunderstand a file.
const VERSION: u32 = 1;

/// The entry of the file's metadata.
const METADATA: &str = "googlenetc-checkpoint";

/// The tensor with the hash of all bytes before it. It is the only one of bytes, and safetensors puts these last.
const CHECKSUM: &str = "checksum";

/// What a checkpoint is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct About {
    version: u32,
    pub(super) identity: Identity,
    pub(super) state: State,
}

/// A checkpoint that has been read.
#[derive(Debug)]
pub(super) struct Checkpoint {
    pub(super) about: About,
    /// By name: `weights.conv1.weight`, `optimizer.momentum.conv1.weight`.
    pub(super) tensors: BTreeMap<String, Tensor>,
}

impl About {
    pub(super) fn new(identity: Identity, state: State) -> Self {
        Self { version: VERSION, identity, state }
    }
}

/// Writes a checkpoint, whole or not at all.
pub(super) fn write(path: &Path, about: &About, mut tensors: Vec<(String, Tensor)>) -> Result<()> {
    let cannot = |why: String| Error::failed(format!("`{}` cannot be written: {why}", path.display()));
    let json = serde_json::to_string(about).map_err(|e| cannot(e.to_string()))?;
    tensors.push((CHECKSUM.to_owned(), Tensor::from_slice(&[0_u8; blake3::OUT_LEN])));
    let mut bytes = serialize(tensors, Some((METADATA, json))).map_err(cannot)?;
    let content = bytes.len().saturating_sub(blake3::OUT_LEN);
    let (content, checksum) = bytes.split_at_mut(content);
    checksum.copy_from_slice(blake3::hash(content).as_bytes());
    write_whole(path, &bytes).map_err(|e| Error::io("write", path, &e))
}

/// Reads a checkpoint.
///
/// # Errors
/// When the file cannot be read, is damaged, or belongs to another version of this crate.
pub(super) fn read(path: &Path) -> Result<Checkpoint> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    parse(&bytes).map_err(|why| Error::failed(format!("`{}` {why}", path.display())))
}

/// A checkpoint from the bytes of its file, or what is wrong with the file.
fn parse(bytes: &[u8]) -> std::result::Result<Checkpoint, String> {
    let Some((content, checksum)) = bytes.split_last_chunk::<{ blake3::OUT_LEN }>() else {
        return Err(format!("is damaged: it has {} bytes", bytes.len()));
    };
    if blake3::hash(content) != *checksum {
        return Err("is damaged: its checksum is not that of its content".to_owned());
    }
    // From here on it is what was written once, and only another version can have written something else.
    let other = |why: String| format!("is a checkpoint that this version cannot read: {why}");
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| other(e.to_string()))?;
    let json = header.metadata().as_ref().and_then(|entries| entries.get(METADATA));
    let json = json.ok_or_else(|| "is no checkpoint".to_owned())?;
    let version: Version = serde_json::from_str(json).map_err(|e| other(e.to_string()))?;
    if version.version != VERSION {
        return Err(other(format!("it has version {} of the format, and this is {VERSION}", version.version)));
    }
    let about = serde_json::from_str(json).map_err(|e| other(e.to_string()))?;
    let file = SafeTensors::deserialize(bytes).map_err(|e| other(e.to_string()))?;
    let tensors = file.iter().filter(|(name, _)| *name != CHECKSUM);
    let tensors = tensors.map(|(name, view)| Ok((name.to_owned(), decode(&view)?)));
    Ok(Checkpoint { about, tensors: tensors.collect::<std::result::Result<_, String>>().map_err(other)? })
}

/// The one thing that every version says.
#[derive(Deserialize)]
struct Version {
    version: u32,
}
