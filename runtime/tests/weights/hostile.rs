//! Files that are damaged, or made to do harm: they are refused, change nothing, and run nothing.

mod code;
mod make;
mod mutations;
mod pickles;
mod safetensors;

use crate::common::Tiny;
use crate::{contents, store};
use googlenetc_runtime::weights;

/// Loads a file with these bytes, which must fail, and gives the message. What was in the store must still be there.
#[track_caller]
fn refusal(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile");
    std::fs::write(&path, bytes).unwrap();
    let (mut store, _network) = store::<Tiny>(1);
    let before = contents(&store);
    let error = weights::load::<Tiny>(&mut store, &path).unwrap_err();
    assert_eq!(contents(&store), before, "{error}");
    error.to_string()
}
