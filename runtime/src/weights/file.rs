//! Files of weights of any format: which tensors they hold, and where the values lie.

use super::metadata::{Identity, Metadata};
use super::{pytorch, safetensors};
use crate::error::{Error, Result};
use ::safetensors::Dtype;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

/// The types that variables have.
const FLOATS: [(Kind, Dtype); 4] =
    [(Kind::Float, Dtype::F32), (Kind::Double, Dtype::F64), (Kind::Half, Dtype::F16), (Kind::BFloat16, Dtype::BF16)];

/// A file that has been opened, and of which only the list of its tensors has been read.
pub(super) struct WeightFile {
    path: PathBuf,
    file: File,
    contents: Contents,
}

/// What a file holds.
pub(super) struct Contents {
    pub(super) tensors: BTreeMap<String, Entry>,
    /// The keys of what stands among the tensors and is none.
    pub(super) others: Vec<String>,
    /// What [`super::save`] wrote about the file, as JSON.
    pub(super) metadata: Option<String>,
}

/// A tensor in a file: numbers in little-endian order, spread over a stretch of the file that lies within it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
    /// From an element to the next one of each dimension, in elements.
    pub(super) strides: Vec<usize>,
    /// Where the first element begins, in bytes from the beginning of the file.
    pub(super) start: u64,
    /// How many elements the stretch has, from the first to the last that belongs to the tensor.
    pub(super) extent: usize,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file cannot be read.
    Io(io::Error),
    /// It is not what it should be.
    Damaged(String),
    /// It is sound, but not what can be used: what is to be said after the file's name.
    Unusable(String),
}

impl From<io::Error> for Fault {
    fn from(e: io::Error) -> Self {
        if e.kind() == ErrorKind::UnexpectedEof { Self::Damaged("it ends too early".to_owned()) } else { Self::Io(e) }
    }
}

impl Fault {
    pub(super) fn at(self, path: &Path) -> Error {
        let file = path.display();
        match self {
            Self::Io(e) => Error::io("read", path, &e),
            Self::Damaged(why) => {
                Error::failed(format!("`{file}` is damaged, or neither a safetensors nor a PyTorch file: {why}"))
            }
            Self::Unusable(what) => Error::failed(format!("`{file}` {what}")),
        }
    }
}

impl WeightFile {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut file = File::open(path).map_err(|e| Error::io("read", path, &e))?;
        let contents = read_contents(&mut file).map_err(|fault| fault.at(path))?;
        Ok(Self { path: path.to_owned(), file, contents })
    }

    pub(super) fn contents(&self) -> &Contents {
        &self.contents
    }

    pub(super) fn metadata(&self, network: &Identity) -> Result<Option<Metadata>> {
        let read = |json: &String| network.read(json).map_err(|why| Fault::Damaged(why).at(&self.path));
        self.contents.metadata.as_ref().map(read).transpose()
    }

    /// The values of a tensor of floating-point numbers.
    pub(super) fn read(&mut self, key: &str) -> Result<Tensor> {
        let entry = self.contents.tensors.get(key);
        let entry = entry.ok_or_else(|| Error::failed(format!("`{}` has no `{key}`", self.path.display())))?;
        entry.read(&mut self.file).map_err(|fault| fault.at(&self.path))
    }
}

/// Which format it is shows in the first bytes: a zip archive says so, the pickles of PyTorch before 1.6 begin with a magic
/// number, and a safetensors file with the length of a header in JSON.
fn read_contents(file: &mut File) -> std::result::Result<Contents, Fault> {
    let length = file.metadata()?.len();
    let mut start = Vec::new();
    file.by_ref().take(16).read_to_end(&mut start)?;
    file.rewind()?;
    if start.get(8) == Some(&b'{') {
        safetensors::read_contents(file, length)
    } else if start.starts_with(b"PK\x03\x04") {
        pytorch::archive::read_contents(file, length)
    } else if start.starts_with(pytorch::legacy::START) {
        pytorch::legacy::read_contents(file, length)
    } else {
        safetensors::read_contents(file, length)
    }
}

impl Entry {
    /// A tensor at byte `start` of the file whose stretch ends at byte `end` at the latest.
    pub(super) fn new(
        dtype: Dtype,
        shape: Vec<usize>,
        strides: Vec<usize>,
        start: u64,
        end: u64,
    ) -> std::result::Result<Self, String> {
        let extent = extent(&shape, &strides).ok_or("is larger than any memory")?;
        let bytes = extent.checked_mul(dtype.bitsize()).map(|bits| bits.div_ceil(8));
        let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok()).ok_or("is larger than any memory")?;
        if start.checked_add(bytes).is_none_or(|stop| stop > end) {
            return Err("reaches beyond the end of its storage".to_owned());
        }
        Ok(Self { dtype, shape, strides, start, extent })
    }

    fn read(&self, file: &mut File) -> std::result::Result<Tensor, Fault> {
        let libtorch = |e: tch::TchError| Fault::Unusable(format!("cannot be loaded: libtorch: {e}"));
        let kind = kind_of(self.dtype).ok_or_else(|| Fault::Unusable(format!("has {} numbers", self.dtype)))?;
        let mut bytes = vec![0; self.extent * kind.elt_size_in_bytes()];
        file.seek(SeekFrom::Start(self.start))?;
        file.read_exact(&mut bytes)?;
        let flat = Tensor::f_from_data_size(&bytes, &[signed(self.extent)], kind).map_err(libtorch)?;
        let [shape, strides] =
            [&self.shape, &self.strides].map(|sizes| sizes.iter().map(|&n| signed(n)).collect::<Vec<_>>());
        flat.f_as_strided(&shape, &strides, None::<i64>).map_err(libtorch)
    }
}

/// How many elements lie from the first to the last of a tensor; none if there are too many to count, or if shape and
/// strides do not go together.
fn extent(shape: &[usize], strides: &[usize]) -> Option<usize> {
    let elements = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size))?;
    if shape.len() != strides.len() {
        return None;
    }
    if elements == 0 {
        return Some(0);
    }
    let last = shape
        .iter()
        .zip(strides)
        .try_fold(0_usize, |last, (&size, &stride)| last.checked_add(size.saturating_sub(1).checked_mul(stride)?))?;
    last.checked_add(1)
}

/// The strides of a tensor whose elements lie without gaps in the order of the dimensions.
pub(super) fn dense_strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1_usize; shape.len()];
    let mut inner = 1_usize;
    for (stride, size) in strides.iter_mut().zip(shape).rev() {
        *stride = inner;
        inner = inner.saturating_mul(*size);
    }
    strides
}

/// libtorch's name of a type of floating-point numbers; none for other types.
pub(super) fn kind_of(dtype: Dtype) -> Option<Kind> {
    FLOATS.iter().find(|(_, other)| *other == dtype).map(|(kind, _)| *kind)
}

/// The file formats' name of a type of floating-point numbers; none for other types.
pub(super) fn dtype_of(kind: Kind) -> Option<Dtype> {
    FLOATS.iter().find(|(other, _)| *other == kind).map(|(_, dtype)| *dtype)
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
