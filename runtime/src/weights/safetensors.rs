//! The format safetensors: a header in JSON, and the values of all tensors one after another.

use super::file::{Contents, Entry, Fault, dense_strides, dtype_of, kind_of};
use safetensors::tensor::{Metadata as Header, TensorView, View};
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use tch::{Kind, Tensor};

/// The entry of the file's metadata that holds [`Metadata`] as JSON. It is one entry, because the order of several
/// is random, and the same weights should be the same bytes.
pub(super) const METADATA: &str = "googlenetc";

/// No header is longer, in bytes: networks with thousands of tensors have less than a thousandth of this.
const LONGEST_HEADER: u64 = 16 << 20;

/// The length of the header stands in so many bytes before it.
const LENGTH_BYTES: usize = 8;

/// Reads the header. Nothing is believed before it is compared with `length`, that of the file in bytes.
pub(super) fn read_contents(file: &mut File, length: u64) -> Result<Contents, Fault> {
    let damaged = |why: String| Fault::Damaged(why);
    let mut header_length = [0; LENGTH_BYTES];
    file.read_exact(&mut header_length)?;
    let header_length = u64::from_le_bytes(header_length);
    if header_length > LONGEST_HEADER {
        return Err(damaged(format!("a header of {header_length} bytes is too long")));
    }
    let data_start = LENGTH_BYTES as u64 + header_length;
    if data_start > length {
        return Err(damaged(format!("a header of {header_length} bytes does not fit into {length} bytes")));
    }
    let mut header = Vec::new();
    file.take(header_length).read_to_end(&mut header)?;
    // This makes sure that the tensors follow each other without gaps, and have the lengths that their shapes need.
    let header: Header = serde_json::from_slice(&header).map_err(|e| damaged(format!("its header: {e}")))?;
    let described = data_start.saturating_add(header.data_len() as u64);
    if described != length {
        return Err(damaged(format!("its header describes {described} bytes, and there are {length}")));
    }
    let mut tensors = BTreeMap::new();
    for (name, info) in header.tensors().into_iter().collect::<BTreeMap<_, _>>() {
        let start = data_start.saturating_add(info.data_offsets.0 as u64);
        let strides = dense_strides(&info.shape);
        let entry = Entry::new(info.dtype, info.shape.clone(), strides, start, length);
        tensors.insert(name.clone(), entry.map_err(|why| damaged(format!("`{name}` {why}")))?);
    }
    let metadata = header.metadata().as_ref().and_then(|entries| entries.get(METADATA)).cloned();
    Ok(Contents { tensors, others: Vec::new(), metadata })
}

/// A variable as safetensors wants it. Its bytes are made when they are written, so that they are not all there twice.
struct Variable {
    tensor: Tensor,
    dtype: Dtype,
    shape: Vec<usize>,
}

impl View for Variable {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let mut bytes = vec![0; self.data_len()];
        // In the order of the dimensions, however they lie in memory. There is no way to report an error from here;
        // that bytes are missing is found at the end.
        match self.tensor.f_copy_data_u8(&mut bytes, self.tensor.numel()) {
            Ok(()) => bytes.into(),
            Err(_) => Vec::new().into(),
        }
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * self.dtype.bitsize() / 8
    }
}

/// The bytes of a file, with one entry of metadata.
pub(crate) fn serialize(tensors: Vec<(String, Tensor)>, entry: Option<(&str, String)>) -> Result<Vec<u8>, String> {
    let mut variables = Vec::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        let kind = tensor.kind();
        let dtype = whole_numbers(kind).or_else(|| dtype_of(kind));
        let dtype = dtype.ok_or_else(|| format!("`{name}` has numbers of the type {kind:?}"))?;
        let shape = tensor.size().iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect();
        variables.push((name, Variable { tensor, dtype, shape }));
    }
    let entries = entry.map(|(key, value)| HashMap::from([(key.to_owned(), value)]));
    let bytes = safetensors::serialize(variables, entries).map_err(|e| e.to_string())?;
    SafeTensors::read_metadata(&bytes).map_err(|_| "libtorch did not give the values of all variables")?;
    Ok(bytes)
}

/// Counters of batches and of steps, and bytes.
fn whole_numbers(kind: Kind) -> Option<Dtype> {
    [(Kind::Int64, Dtype::I64), (Kind::Uint8, Dtype::U8)]
        .into_iter()
        .find(|(own, _)| *own == kind)
        .map(|(_, dtype)| dtype)
}

/// The tensor that a file holds, of floating-point or of whole numbers.
pub(crate) fn decode(view: &TensorView<'_>) -> Result<Tensor, String> {
    let kind = if view.dtype() == Dtype::I64 { Some(Kind::Int64) } else { kind_of(view.dtype()) };
    let kind = kind.ok_or_else(|| format!("it has numbers of the type {}", view.dtype()))?;
    let shape: Vec<i64> = view.shape().iter().map(|&n| i64::try_from(n).unwrap_or(i64::MAX)).collect();
    Tensor::f_from_data_size(view.data(), &shape, kind).map_err(|e| format!("libtorch: {e}"))
}
