//! The format before PyTorch 1.6, in which many published weights still are: four pickles (a magic number, a version, facts
//! about the machine, the object), one more with the names of the storages, and then these.

use super::contents;
use crate::weights::file::{Contents, Fault};
use crate::weights::pickle::{self, Value};
use crate::weights::quote::quote;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// How such a file begins: the pickle of the magic number.
pub(in crate::weights) const START: &[u8] = b"\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// Reads what the file has; `length` is that of the file in bytes.
pub(in crate::weights) fn read_contents(file: &mut File, length: u64) -> Result<Contents, Fault> {
    let mut start = Vec::new();
    file.by_ref().take(pickle::LONGEST).read_to_end(&mut start)?;
    let mut rest = start.as_slice();
    let mut next = || {
        let pickle = pickle::read(rest)?;
        rest = rest.get(pickle.length..).unwrap_or_default();
        Ok::<_, Fault>(pickle)
    };
    let (_magic, _version, _machine, object, names) = (next()?, next()?, next()?, next()?, next()?);
    let position = (start.len() - rest.len()) as u64;
    let storages: HashMap<&str, &pickle::Storage> =
        object.storages().map(|storage| (storage.key.as_str(), storage)).collect();
    let mut places = BTreeMap::new();
    let mut position = position;
    for name in names.texts() {
        let damaged = |what: &str| Fault::Damaged(format!("its storage `{}` {what}", quote(name)));
        let storage = storages.get(name).ok_or_else(|| damaged("belongs to nothing"))?;
        file.seek(SeekFrom::Start(position))?;
        let mut count = [0; 8];
        file.read_exact(&mut count)?;
        if u64::from_le_bytes(count) != storage.elements {
            return Err(damaged("has another length than its tensors say"));
        }
        let begin = position + count.len() as u64;
        let end = storage.bytes().and_then(|bytes| begin.checked_add(bytes)).filter(|end| *end <= length);
        position = end.ok_or_else(|| damaged("reaches beyond the end of the file"))?;
        places.insert(name, (begin, position));
    }
    contents(&object, |name| {
        let place = places.get(name).copied();
        place.ok_or_else(|| Fault::Damaged(format!("its storage `{}` is missing", quote(name))))
    })
}

impl pickle::Pickle {
    /// The storages that it has made, whatever for.
    fn storages(&self) -> impl Iterator<Item = &pickle::Storage> {
        self.values().filter_map(|value| if let Value::Storage(storage) = value { Some(storage) } else { None })
    }

    /// The texts of a list; none if it is no list.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let places = if let Some(Value::List(places)) = self.root() { places.as_slice() } else { &[] };
        places
            .iter()
            .filter_map(|place| if let Value::Text(text) = self.get(*place)? { Some(text.as_str()) } else { None })
    }
}
