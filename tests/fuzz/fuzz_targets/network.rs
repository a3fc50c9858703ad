//! Syntax trees that make sense, more or less: checked, and handed to everything that prints a network.
#![no_main]

use googlenetc_fuzz::{everything, tree};
use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok((spec, sources, main)) = tree::tree(&mut Unstructured::new(bytes)) else { return Corpus::Reject };
    everything::run(spec, sources, main);
    Corpus::Keep
});
