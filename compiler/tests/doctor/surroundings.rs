//! Tools, and findings for programs.

use super::case::Case;

#[test]
fn tools_that_are_missing_or_old_are_named() {
    let case = Case::with_libtorch();
    case.rustc("1.89.0", "x86_64-unknown-linux-gnu");
    case.is_wrong(&["error: rustc is 1.89.0, and googlenetc-runtime needs 1.90 or newer", "help: rustup update"]);
    case.library("torch/lib/libtorch_cuda.so", &["libcusparse.so.99"], "$ORIGIN");
    case.says(&[], 1, &["error: GNU ld links", "2 problems"]);
    case.rustc("1.90.0-beta.2", "x86_64-unknown-linux-gnu");
    let case = case.with("CXX", "no-such-compiler");
    case.is_wrong(&["error: there is no C++ compiler `no-such-compiler`"]);
    let case = case.with("CXX", "").with("RUSTC", "no-such-rustc");
    case.is_wrong(&["error: `no-such-rustc` cannot be run"]);
}

#[test]
fn programs_can_read_it() {
    let case = Case::new();
    let found: serde_json::Value = serde_json::from_str(&case.says(&["--format", "json"], 1, &[])).unwrap();
    let first = &found[0];
    assert_eq!((first["level"].as_str(), first["check"].as_str()), (Some("error"), Some("unset")));
    assert!(first["help"].as_array().unwrap().len() == 2 && first["message"].is_string());
    assert!(found.as_array().unwrap().iter().any(|finding| finding["level"] == "fine"));
}
