//! What the names that PyTorch uses stand for: dictionaries, tensors, storages.

use super::super::{Name, Place, Storage, Tensor, Value};
use super::{Machine, damaged};
use crate::weights::file::Fault;

/// Values can be used many times, so nothing that each use copies may be long.
const MOST_DIMENSIONS: usize = 16;
const LONGEST_KEY: usize = 100;
/// The same holds for what each use goes through: PyTorch gives a tensor seven arguments at most, and a storage six.
const MOST_ARGUMENTS: usize = 7;

impl Machine<'_> {
    /// A call, of one of the names that are known.
    pub(super) fn reduce(&mut self) -> Result<(), Fault> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let (Value::Tuple(arguments), Value::Name(function)) = (self.value(arguments)?, self.value(function)?) else {
            return Err(damaged("calls what is no function"));
        };
        let value = match function {
            Name::OrderedDict if arguments.is_empty() => Value::Dictionary(Vec::new()),
            Name::OrderedDict => return Err(damaged("makes a dictionary in an unknown form")),
            Name::RebuildTensor => Value::Tensor(self.tensor(arguments)?),
            Name::RebuildParameter => match arguments.first().map(|place| self.value(*place)).transpose()? {
                Some(Value::Tensor(tensor)) => Value::Tensor(tensor.clone()),
                _ => return Err(damaged("makes a parameter of what is no tensor")),
            },
            Name::Size => Value::Plain,
            Name::Storage(_) => return Err(damaged("calls what is no function")),
        };
        self.push(value)
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)`; in older files only the first four.
    fn tensor(&self, arguments: &[Place]) -> Result<Tensor, Fault> {
        if arguments.len() > MOST_ARGUMENTS {
            return Err(damaged("makes a tensor of something else"));
        }
        let values = arguments.iter().map(|place| self.value(*place)).collect::<Result<Vec<_>, _>>()?;
        let [Value::Storage(storage), Value::Integer(offset), shape, strides, ..] = values.as_slice() else {
            return Err(damaged("makes a tensor of something else"));
        };
        let offset = u64::try_from(*offset).map_err(|_| damaged("has a tensor that begins before its storage"))?;
        Ok(Tensor { storage: storage.clone(), offset, shape: self.sizes(shape)?, strides: self.sizes(strides)? })
    }

    fn sizes(&self, value: &Value) -> Result<Vec<usize>, Fault> {
        let sizes = items(value).ok_or_else(|| damaged("has a shape that is no tuple"))?;
        if sizes.len() > MOST_DIMENSIONS {
            return Err(damaged("has a tensor of more dimensions than any layer"));
        }
        let size = |place: &Place| {
            let Value::Integer(size) = self.value(*place)? else { return Err(damaged("has a size that is no number")) };
            usize::try_from(*size).map_err(|_| damaged("has a negative size"))
        };
        sizes.iter().map(size).collect()
    }

    /// Attributes of an object. Only dictionaries have some that PyTorch writes: the versions of layers, which nobody needs.
    pub(super) fn build(&mut self) -> Result<(), Fault> {
        self.pop()?;
        if matches!(self.top()?, Value::Dictionary(_)) {
            return Ok(());
        }
        Err(Fault::Unusable(
            "is refused, and nothing in it was run: its pickle has the instruction `BUILD` for what is no dictionary"
                .to_owned(),
        ))
    }

    /// `("storage", type, key, device, elements)`.
    pub(super) fn storage(&mut self) -> Result<(), Fault> {
        let id = self.pop()?;
        let fields = items(self.value(id)?).filter(|fields| fields.len() <= MOST_ARGUMENTS).unwrap_or_default();
        let fields = fields.iter().map(|place| self.value(*place)).collect::<Result<Vec<_>, _>>()?;
        let [
            Value::Text(word),
            Value::Name(Name::Storage(dtype)),
            Value::Text(key),
            _,
            Value::Integer(elements),
            view @ ..,
        ] = fields.as_slice()
        else {
            return Err(damaged("has a storage in an unknown form"));
        };
        let elements = u64::try_from(*elements).map_err(|_| damaged("has a storage of negative length"))?;
        if word != "storage" || key.len() > LONGEST_KEY || !view.iter().all(|value| matches!(value, Value::Plain)) {
            return Err(damaged("has a storage in an unknown form"));
        }
        let storage = Storage { dtype: *dtype, key: key.clone(), elements };
        self.push(Value::Storage(storage))
    }
}

/// The items of a tuple or a list.
fn items(value: &Value) -> Option<&[Place]> {
    if let Value::Tuple(items) | Value::List(items) = value { Some(items) } else { None }
}
