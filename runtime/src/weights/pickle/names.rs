//! The names that a pickle may ask for.

use super::Name;
use crate::weights::file::Fault;
use crate::weights::quote::quote;
use safetensors::Dtype;

/// PyTorch's storages and the types of their numbers.
const STORAGES: [(&str, Dtype); 10] = [
    ("DoubleStorage", Dtype::F64),
    ("FloatStorage", Dtype::F32),
    ("HalfStorage", Dtype::F16),
    ("BFloat16Storage", Dtype::BF16),
    ("LongStorage", Dtype::I64),
    ("IntStorage", Dtype::I32),
    ("ShortStorage", Dtype::I16),
    ("CharStorage", Dtype::I8),
    ("ByteStorage", Dtype::U8),
    ("BoolStorage", Dtype::BOOL),
];

/// A name that is known, or the refusal of one that is not.
pub(super) fn lookup(module: &str, name: &str) -> Result<Name, Fault> {
    match (module, name) {
        ("collections", "OrderedDict") => Ok(Name::OrderedDict),
        ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Ok(Name::RebuildTensor),
        ("torch._utils", "_rebuild_parameter") => Ok(Name::RebuildParameter),
        ("torch", "Size") => Ok(Name::Size),
        ("torch", _) => match STORAGES.iter().find(|(storage, _)| *storage == name) {
            Some((_, dtype)) => Ok(Name::Storage(*dtype)),
            None => Err(refused(module, name)),
        },
        _ => Err(refused(module, name)),
    }
}

fn refused(module: &str, name: &str) -> Fault {
    Fault::Unusable(format!(
        "is refused, and nothing in it was run: it asks for `{}.{}`, but weights are tensors in dictionaries, lists and tuples; \
         if you trust it, save these alone, with `torch.save(model.state_dict(), ...)`",
        quote(module),
        quote(name)
    ))
}
