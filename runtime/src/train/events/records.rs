//! The framing of TensorFlow's record files: the length of the data as eight bytes, its checksum, the data, and their checksum, all with
//! the lowest byte first. Checksums are CRC-32C, masked.

/// The bytes before the data: length and checksum.
const HEAD: usize = 12;

/// The bytes of a record.
pub(super) fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &checksum(&length), data, &checksum(data)].concat()
}

/// The data of the records in a file, each with the place where its record ends, up to the first that is broken off or damaged.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let (head, rest) = bytes.get(end..)?.split_first_chunk::<HEAD>()?;
        let (length, check) = head.split_first_chunk::<8>()?;
        if checksum(length) != check {
            return None;
        }
        let (data, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        let (check, _) = rest.split_first_chunk::<4>()?;
        if checksum(data) != *check {
            return None;
        }
        end += HEAD + data.len() + check.len();
        Some((end, data))
    })
}

/// Rotated, and a constant added, so that a checksum of data that holds checksums is a good one.
fn checksum(data: &[u8]) -> [u8; 4] {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::{record, records};

    #[test]
    fn records_come_back_up_to_the_first_that_is_damaged() {
        let bytes = [record(b"one"), record(b""), record(b"three")].concat();
        let all: Vec<_> = records(&bytes).collect();
        assert_eq!(all, [(19, &b"one"[..]), (35, b""), (56, b"three")]);
        for (place, intact) in [(0, 0), (9, 0), (13, 0), (17, 0), (20, 1), (36, 2), (50, 2), (55, 2)] {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            assert_eq!(records(&damaged).count(), intact, "byte {place}");
        }
        for length in 0..bytes.len() {
            let whole = all.iter().filter(|(end, _)| *end <= length).count();
            assert_eq!(records(&bytes[..length]).count(), whole, "{length} bytes");
        }
    }
}
