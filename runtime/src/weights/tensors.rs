//! Tensors that are no weights, in the same kinds of files.

use super::file::{WeightFile, kind_of};
use super::quote::quote;
use super::safetensors::serialize;
use crate::error::{Error, Result};
use crate::files::write_whole;
use std::path::Path;
use tch::Tensor;

/// At most so many names of other tensors are in a message.
const MOST_NAMES: usize = 8;

/// Reads the tensor `name`, of floating-point numbers, from a safetensors file or from a dictionary that PyTorch has saved.
///
/// # Errors
/// When the file cannot be read, is damaged, or has no such tensor.
pub fn read(path: &Path, name: &str) -> Result<Tensor> {
    let mut file = WeightFile::open(path)?;
    let tensors = &file.contents().tensors;
    let Some(entry) = tensors.get(name) else {
        let names: Vec<&str> = tensors.keys().map(String::as_str).collect();
        return Err(Error::failed(format!("`{}` has no tensor `{name}`{}", path.display(), others(&names))));
    };
    if kind_of(entry.dtype).is_none() {
        return Err(Error::failed(format!(
            "the tensor `{name}` in `{}` is {}; it must hold the floating-point numbers that a network computes with: \
             F32, F64, F16 or BF16",
            path.display(),
            entry.dtype
        )));
    }
    file.read(name)
}

fn others(names: &[&str]) -> String {
    let listed: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{}`", quote(name))).collect();
    match (names.is_empty(), names.len() - listed.len()) {
        (true, _) => ", nor any other".to_owned(),
        (_, 0) => format!("; it has {}", listed.join(", ")),
        (_, more) => format!("; it has {} and {more} more", listed.join(", ")),
    }
}

/// Writes tensors of floating-point numbers under their names, as safetensors: all of them, or no file.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, tensors: Vec<(String, Tensor)>) -> Result<()> {
    let bytes =
        serialize(tensors, None).map_err(|e| Error::failed(format!("`{}` cannot be written: {e}", path.display())))?;
    write_whole(path, &bytes).map_err(|e| Error::io("write", path, &e))
}
