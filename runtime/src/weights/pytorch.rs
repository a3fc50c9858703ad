//! Files that PyTorch's `torch.save` writes: a pickle that describes tensors, and storages with their numbers.

pub(super) mod archive;
pub(super) mod legacy;

use super::file::{Contents, Entry, Fault};
use super::pickle::{Pickle, Tensor, Value};
use super::quote::quote;
use std::collections::BTreeMap;

/// Under which keys people put a `state_dict` into a dictionary, beside an epoch and the like.
const WRAPPERS: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// The tensors of a `state_dict`. `find` tells at which bytes of the file a storage begins and ends.
fn contents(pickle: &Pickle, mut find: impl FnMut(&str) -> Result<(u64, u64), Fault>) -> Result<Contents, Fault> {
    let StateDict { tensors, others } = state_dict(pickle)?;
    let mut storages = BTreeMap::new();
    let mut contents = Contents { tensors: BTreeMap::new(), others, metadata: None };
    for (key, tensor) in tensors {
        let name = tensor.storage.key.as_str();
        let (start, end) = match storages.get(name) {
            Some(place) => *place,
            None => *storages.entry(name).or_insert(find(name)?),
        };
        let place = place(tensor, start, end);
        let place = place.map_err(|why| Fault::Damaged(format!("`{}` {why}", quote(key))))?;
        contents.tensors.insert(key.to_owned(), place);
    }
    Ok(contents)
}

/// A tensor that is a view of the storage between two bytes of the file.
fn place(tensor: &Tensor, start: u64, end: u64) -> Result<Entry, String> {
    let beyond = || "reaches beyond the end of its storage".to_owned();
    let storage_end = tensor.storage.bytes().and_then(|bytes| start.checked_add(bytes));
    let end = storage_end.filter(|storage_end| *storage_end <= end).ok_or_else(beyond)?;
    let offset = tensor
        .offset
        .checked_mul(tensor.storage.element_bytes())
        .and_then(|bytes| start.checked_add(bytes))
        .ok_or_else(beyond)?;
    Entry::new(tensor.storage.dtype, tensor.shape.clone(), tensor.strides.clone(), offset, end)
}

/// The tensors of a `state_dict` with their keys, and the keys of what else is in it.
struct StateDict<'a> {
    tensors: Vec<(&'a str, &'a Tensor)>,
    others: Vec<String>,
}

fn state_dict(pickle: &Pickle) -> Result<StateDict<'_>, Fault> {
    let root = pickle.root().filter(|root| matches!(root, Value::Dictionary(_)));
    let root = root.ok_or_else(|| Fault::Unusable("holds no dictionary of tensors".to_owned()))?;
    let holds_tensors = |value: &&Value| pickle.entries(value).any(|(_, value)| matches!(value, Value::Tensor(_)));
    // Of a key that is there twice the last counts, as in Python, so that a file cannot make one dictionary be searched for ever.
    let last = |wrapper: &&str| pickle.entries(root).filter(|(key, _)| key == wrapper).map(|(_, value)| value).last();
    let wrapped = WRAPPERS.iter().find_map(|wrapper| last(wrapper).filter(holds_tensors));
    let dictionary = wrapped.unwrap_or(root);
    if matches!(dictionary, Value::Dictionary(pairs) if pickle.entries(dictionary).count() != pairs.len()) {
        return Err(Fault::Unusable("has keys in its dictionary that are no texts".to_owned()));
    }
    let (mut tensors, mut others) = (Vec::new(), Vec::new());
    for (key, value) in pickle.entries(dictionary) {
        if let Value::Tensor(tensor) = value {
            tensors.push((key, tensor));
        } else {
            others.push(key.to_owned());
        }
    }
    if tensors.is_empty() {
        let keys: Vec<String> = others.iter().take(5).map(|key| format!("`{}`", quote(key))).collect();
        let keys = if keys.is_empty() { "it is empty".to_owned() } else { format!("it has {}", keys.join(", ")) };
        return Err(Fault::Unusable(format!(
            "holds no tensors in its dictionary, nor in one under `state_dict`, `model_state_dict` or `model`: {keys}"
        )));
    }
    Ok(StateDict { tensors, others })
}
