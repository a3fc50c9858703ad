//! What decides what is in a cache file.

use crate::data::Source;
use std::fs::Metadata;
use std::time::UNIX_EPOCH;

/// A hash over the paths, sizes and times of all files, and how they are read. Any change makes another cache file.
pub(super) fn of(source: &dyn Source) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{:?}\n", source.reading()).as_bytes());
    for index in 0..source.labels().len() {
        let path = source.path(index).unwrap_or_default();
        let name = path.as_os_str().as_encoded_bytes();
        // What cannot be looked at is read when it is asked for, and is not in the cache.
        let [size, time] = std::fs::metadata(&path).map_or([u128::MAX; 2], |metadata| size_and_time(&metadata));
        for number in [name.len() as u128, size, time] {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(name);
    }
    hasher.finalize()
}

fn size_and_time(metadata: &Metadata) -> [u128; 2] {
    let since_1970 = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    [u128::from(metadata.len()), since_1970.map_or(0, |time| time.as_nanos())]
}
