//! Headers of safetensors that cannot be right.

use super::refusal;
use crate::assert_says;

/// A safetensors file with this header.
fn safetensors(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; data]].concat()
}

#[test]
fn safetensors_that_are_wrong_are_refused() {
    let f32 = |name: &str, shape: &str, from: u64, to: u64| {
        format!(r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{from},{to}]}}"#)
    };
    for (header, data, expected) in [
        (String::new(), 0, "its header: EOF while parsing"),
        ("{".to_owned(), 0, "its header: EOF while parsing"),
        ("[]".to_owned(), 0, "its header: "),
        (format!("{{{}}}", f32("a", "[2]", 0, 8)), 7, "its header describes"),
        (format!("{{{}}}", f32("a", "[2]", 0, 8)), 9, "its header describes"),
        // Overlapping, with a gap, backwards, beyond the end, of another length than the shape needs.
        (format!("{{{},{}}}", f32("a", "[2]", 0, 8), f32("b", "[2]", 4, 12)), 12, "invalid offset for tensor `b`"),
        (format!("{{{},{}}}", f32("a", "[2]", 0, 8), f32("b", "[2]", 0, 8)), 8, "invalid offset for tensor"),
        (format!("{{{},{}}}", f32("a", "[2]", 0, 8), f32("b", "[2]", 12, 20)), 20, "invalid offset for tensor `b`"),
        (format!("{{{}}}", f32("a", "[2]", 8, 0)), 8, "invalid offset for tensor `a`"),
        (format!("{{{}}}", f32("a", "[2]", 0, 1 << 60)), 8, "invalid shape, data type, or offset"),
        (format!("{{{}}}", f32("a", "[288230376151711744]", 0, 1 << 60)), 8, "its header describes"),
        (format!("{{{}}}", f32("a", "[3]", 0, 8)), 8, "invalid shape, data type, or offset"),
        (format!("{{{}}}", f32("a", "[-2]", 0, 8)), 8, "its header: invalid value"),
        (format!("{{{}}}", f32("a", "[1099511627776,1099511627776]", 0, 8)), 8, "overflow"),
        (format!("{{{}}}", f32("a", "[2]", 0, 8).replace("F32", "F33")), 8, "unknown variant `F33`"),
        (format!("{{{}}}", f32("a", "[2]", 0, 8).replace("F32", "C64")), 8, "invalid shape, data type, or offset"),
        ("[".repeat(100_000), 0, "its header: "),
    ] {
        assert_says(&refusal(&safetensors(&header, data)), &["hostile` is damaged", expected]);
    }
    for (length, expected) in [
        (1 << 60, "a header of 1152921504606846976 bytes is too long"),
        (u64::MAX, "a header of 18446744073709551615 bytes is too long"),
        (1000, "a header of 1000 bytes does not fit into 16 bytes"),
    ] {
        let bytes = [u64::to_le_bytes(length), *b"{       "].concat();
        assert_says(&refusal(&bytes), &[expected]);
    }
}
