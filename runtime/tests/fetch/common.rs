//! Data sets for tests.

use crate::server::Server;
use googlenetc_runtime::data::fetch::{Content, DataSet, File, Options, Outcome, Packing, fetch};
use googlenetc_runtime::error::Result;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Duration;

/// The folder in the archives of tests.
pub(crate) const FOLDER: &str = "set";

/// What belongs into the archives of tests.
pub(crate) const CONTENT: Content = Content { folder: FOLDER, entries: 8, bytes: 400_000 };

/// Bytes that no compression shortens and that are others for each seed.
pub(crate) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// The checksum, as catalogues have it.
pub(crate) fn sha256(bytes: &[u8]) -> &'static str {
    format!("{:x}", Sha256::digest(bytes)).leak()
}

/// A data set of one file with these bytes; it has no sources of its own.
pub(crate) fn set(bytes: &[u8], packing: Packing) -> DataSet {
    let files = vec![File { name: "file.bin", bytes: bytes.len() as u64, sha256: sha256(bytes) }].leak();
    DataSet { name: "test", summary: "bytes", terms: "none", sources: &[], files, packing }
}

/// Options that lose no time.
pub(crate) fn options(servers: &[&Server]) -> Options {
    Options {
        mirrors: servers.iter().map(|server| server.url.clone()).collect(),
        tries: 3,
        wait: Duration::from_millis(1),
        stall: Duration::from_secs(20),
        authorities: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls/authority.pem")),
    }
}

/// Downloads `set` from these servers into `folder`/there.
pub(crate) fn get(set: &DataSet, folder: &Path, servers: &[&Server]) -> Result<Outcome> {
    fetch(set, &folder.join("there"), &options(servers), &mut |_| {})
}

/// Asserts that it fails with all of `reasons`, and that nothing is left that looks whole.
#[track_caller]
pub(crate) fn assert_refused(set: &DataSet, folder: &Path, servers: &[&Server], reasons: &[&str]) {
    assert_refused_with(set, folder, &options(servers), reasons);
}

/// The same with other options.
#[track_caller]
pub(crate) fn assert_refused_with(set: &DataSet, folder: &Path, options: &Options, reasons: &[&str]) {
    let message = fetch(set, &folder.join("there"), options, &mut |_| {}).unwrap_err().to_string();
    for reason in reasons {
        assert!(message.contains(reason), "`{message}` does not say `{reason}`");
    }
    assert!(!folder.join("there").exists());
}
