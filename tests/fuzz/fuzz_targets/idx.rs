//! Any bytes as an IDX file, gzipped or not.
#![no_main]

use googlenetc_runtime::data::idx::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    check::<1>(bytes);
    check::<3>(bytes);
});

fn check<const N: usize>(bytes: &[u8]) {
    let Ok((dimensions, values)) = parse::<N>(bytes) else { return };
    assert_eq!(dimensions.iter().product::<usize>(), values.len(), "the header says how many values there are");
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return;
    }
    // What is not zipped can be written again.
    let mut again = vec![0, 0, 8, u8::try_from(N).unwrap()];
    again.extend(dimensions.iter().flat_map(|&dimension| u32::try_from(dimension).unwrap().to_be_bytes()));
    again.extend(&values);
    assert_eq!(again, bytes);
}
