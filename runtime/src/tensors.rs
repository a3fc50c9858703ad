//! Tensors that are no weights, in safetensors files.

use crate::error::{Error, Result};
use crate::files::write_whole;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::fmt::Display;
use std::path::Path;
use tch::{Kind, Tensor};

/// The types that networks compute with.
const FLOATS: [(Kind, Dtype); 4] =
    [(Kind::Float, Dtype::F32), (Kind::Double, Dtype::F64), (Kind::Half, Dtype::F16), (Kind::BFloat16, Dtype::BF16)];

/// At most so many names of other tensors are in a message.
const MOST_NAMES: usize = 8;

/// Reads the tensor `name`, of floating-point numbers.
///
/// # Errors
/// When the file cannot be read, is damaged, or has no such tensor.
pub fn read(path: &Path, name: &str) -> Result<Tensor> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    let file = path.display();
    let damaged = |e: &dyn Display| Error::failed(format!("`{file}` is damaged or no safetensors file: {e}"));
    let tensors = SafeTensors::deserialize(&bytes).map_err(|e| damaged(&e))?;
    let Ok(view) = tensors.tensor(name) else {
        return Err(Error::failed(format!("`{file}` has no tensor `{name}`{}", others(&tensors))));
    };
    let Some((kind, _)) = FLOATS.iter().find(|(_, dtype)| *dtype == view.dtype()) else {
        let message = format!(
            "the tensor `{name}` in `{file}` is {}; it must hold the floating-point numbers that a network computes with: \
             F32, F64, F16 or BF16",
            view.dtype()
        );
        return Err(Error::failed(message));
    };
    let shape: Vec<i64> = view.shape().iter().map(|&n| i64::try_from(n).unwrap_or(i64::MAX)).collect();
    Tensor::f_from_data_size(view.data(), &shape, *kind).map_err(|e| damaged(&e))
}

fn others(tensors: &SafeTensors<'_>) -> String {
    let mut names = tensors.names();
    names.sort_unstable();
    let more = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match (names.is_empty(), more) {
        (true, _) => ", nor any other".to_owned(),
        (_, 0) => format!("; it has {}", listed.join(", ")),
        (_, more) => format!("; it has {} and {more} more", listed.join(", ")),
    }
}

/// Writes tensors of floating-point numbers under their names: all of them, or no file.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, tensors: &[(String, Tensor)]) -> Result<()> {
    let bytes =
        serialize(tensors).map_err(|e| Error::failed(format!("`{}` cannot be written: {e}", path.display())))?;
    write_whole(path, &bytes).map_err(|e| Error::io("write", path, &e))
}

fn serialize(tensors: &[(String, Tensor)]) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut values = Vec::new();
    for (name, tensor) in tensors {
        let kind = tensor.kind();
        let dtype = FLOATS.iter().find(|(other, _)| *other == kind).map(|(_, dtype)| *dtype);
        let dtype = dtype.ok_or_else(|| format!("`{name}` is of the type {kind:?}"))?;
        // In the order of the dimensions, wherever and however they lie.
        let mut bytes = vec![0; tensor.numel() * kind.elt_size_in_bytes()];
        tensor.f_copy_data_u8(&mut bytes, tensor.numel())?;
        let shape: Vec<usize> = tensor.size().iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect();
        values.push((name, dtype, shape, bytes));
    }
    let mut views = Vec::new();
    for (name, dtype, shape, bytes) in &values {
        views.push((name, TensorView::new(*dtype, shape.clone(), bytes)?));
    }
    Ok(safetensors::serialize(views, None)?)
}
