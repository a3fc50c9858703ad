//! Pickles as PyTorch writes them, read as data.
//!
//! A pickle is a program for a machine with a stack, and in Python it can call any function. Here it cannot: this machine knows
//! tensors, containers, texts and numbers, and the few names that PyTorch writes for tensors. Every other name, and every
//! instruction that would make or change another object, is refused.
//!
//! Values lie in one list and name each other by their places in it, so nothing here is recursive, whatever the file says.

mod input;
mod instructions;
mod machine;
mod names;

pub(super) use machine::read;

use safetensors::Dtype;

/// No pickle is longer, in bytes. PyTorch writes about 200 for a tensor; the values lie elsewhere.
pub(super) const LONGEST: u64 = 16 << 20;

/// No pickle has more values, and no machine remembers more.
const MOST_VALUES: usize = 1 << 19;

/// The place of a value in [`Pickle::values`].
pub(super) type Place = usize;

/// What a pickle describes.
#[derive(Debug)]
pub(super) struct Pickle {
    values: Vec<Value>,
    root: Place,
    /// How many bytes it has.
    pub(super) length: usize,
}

/// A value.
#[derive(Debug)]
pub(super) enum Value {
    /// None, a truth value, a number that is no length, or bytes: nothing that loading looks at.
    Plain,
    /// A number that can be a length.
    Integer(i64),
    /// A text.
    Text(String),
    /// A tuple.
    Tuple(Vec<Place>),
    /// A list.
    List(Vec<Place>),
    /// A dictionary, in the order in which it was filled.
    Dictionary(Vec<(Place, Place)>),
    /// One of the few names that are known.
    Name(Name),
    /// Where numbers lie.
    Storage(Storage),
    /// A tensor.
    Tensor(Tensor),
}

/// What a pickle of tensors can ask for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// `collections.OrderedDict`.
    OrderedDict,
    /// `torch._utils._rebuild_tensor_v2`, and what it was called before PyTorch 0.4.
    RebuildTensor,
    /// `torch._utils._rebuild_parameter`.
    RebuildParameter,
    /// `torch.Size`.
    Size,
    /// `torch.FloatStorage` and so on.
    Storage(Dtype),
}

/// Numbers that tensors are views of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Storage {
    pub(super) dtype: Dtype,
    /// Its name in the archive.
    pub(super) key: String,
    /// How many numbers there are.
    pub(super) elements: u64,
}

/// A view of a storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tensor {
    pub(super) storage: Storage,
    /// Its first element.
    pub(super) offset: u64,
    pub(super) shape: Vec<usize>,
    /// From an element to the next one of each dimension, in elements.
    pub(super) strides: Vec<usize>,
}

impl Storage {
    /// How long it is; none if that is no number.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.elements.checked_mul(self.element_bytes())
    }

    /// How long each of its numbers is.
    pub(super) fn element_bytes(&self) -> u64 {
        self.dtype.bitsize() as u64 / 8
    }
}

impl Pickle {
    /// The whole of it.
    pub(super) fn root(&self) -> Option<&Value> {
        self.get(self.root)
    }

    /// A value by its place.
    pub(super) fn get(&self, place: Place) -> Option<&Value> {
        self.values.get(place)
    }

    /// All of its values, in the order in which they were made.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }

    /// The entries of a dictionary whose keys are texts.
    pub(super) fn entries<'a>(&'a self, value: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let pairs = if let Value::Dictionary(pairs) = value { pairs.as_slice() } else { &[] };
        pairs.iter().filter_map(|(key, value)| match (self.get(*key)?, self.get(*value)?) {
            (Value::Text(key), value) => Some((key.as_str(), value)),
            _ => None,
        })
    }
}
