//! Any bytes as a YAML spec: read, compiled, formatted.
#![no_main]

use googlenetc_dsl::Syntax;
use googlenetc_fuzz::reading;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| reading::read(bytes, Syntax::Yaml));
