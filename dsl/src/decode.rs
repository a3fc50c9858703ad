//! Bytes to text. What is not UTF-8 is decoded as far as people need to find the place, and refused by whoever reads it.

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::limits::LARGEST;
use crate::reader::Reader;
use crate::source::Span;

/// A text, and what is wrong with the bytes that it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// The text, with U+FFFD where there was none.
    pub text: String,
    /// Why it is not to be read.
    pub flaw: Option<Flaw>,
}

/// Why bytes are not a text in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// They are text in UTF-16.
    Utf16,
    /// A byte that does not belong, at this offset.
    Byte(u8, usize),
}

impl From<&str> for Decoded {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Decoded {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<String> for Decoded {
    fn from(text: String) -> Self {
        if units(text.as_bytes()).is_some() { text.into_bytes().into() } else { Self { text, flaw: None } }
    }
}

impl From<Vec<u8>> for Decoded {
    fn from(bytes: Vec<u8>) -> Self {
        // Too many are refused for that alone.
        if bytes.len() > LARGEST {
            return Self { text: String::from_utf8_lossy(&bytes).into_owned(), flaw: None };
        }
        if let Some(units) = units(&bytes) {
            let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            return Self { text, flaw: Some(Flaw::Utf16) };
        }
        String::from_utf8(bytes).map_or_else(
            |error| {
                let at = error.utf8_error().valid_up_to();
                let flaw = error.as_bytes().get(at).map(|byte| Flaw::Byte(*byte, at));
                Self { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), flaw }
            },
            |text| Self { text, flaw: None },
        )
    }
}

/// The units of a text in UTF-16: one that says so by its byte order mark, or whose first two characters are of one byte
/// with another byte of zeros, which no text in UTF-8 has.
fn units(bytes: &[u8]) -> Option<impl Iterator<Item = u16>> {
    let (start, from_bytes): (usize, fn([u8; 2]) -> u16) = match bytes {
        [0xff, 0xfe, ..] => (2, u16::from_le_bytes),
        [0xfe, 0xff, ..] => (2, u16::from_be_bytes),
        [1..=0xff, 0, 1..=0xff, 0, ..] => (0, u16::from_le_bytes),
        [0, 1..=0xff, 0, 1..=0xff, ..] => (0, u16::from_be_bytes),
        _ => return None,
    };
    Some(bytes[start..].as_chunks().0.iter().copied().map(from_bytes))
}

/// Reports the flaw of a text that has one.
pub(crate) fn report(flaw: Flaw, reader: &mut Reader<'_>) {
    let diagnostic = Diagnostic::error(codes::ENCODING, "the text is not UTF-8");
    reader.report(match flaw {
        Flaw::Utf16 => {
            let first = reader.text.chars().next().map_or(0, char::len_utf8);
            diagnostic.at(reader.span(0, first), "this is UTF-16").help("save the file as UTF-8")
        }
        Flaw::Byte(byte, at) => {
            let diagnostic = diagnostic.at(place(at, reader), format!("the byte 0x{byte:02X} cannot stand here"));
            let letter = char::from(byte);
            diagnostic.help(if letter.is_alphabetic() {
                format!("save the file as UTF-8; in Latin-1 this byte is the letter `{letter}`")
            } else {
                "save the file as UTF-8".to_owned()
            })
        }
    });
}

/// The replacement character at a byte.
fn place(at: usize, reader: &Reader<'_>) -> Span {
    reader.span(at, at + char::REPLACEMENT_CHARACTER.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::{Decoded, Flaw};

    fn decoded(bytes: &[u8]) -> (String, Option<Flaw>) {
        let Decoded { text, flaw } = bytes.to_vec().into();
        (text, flaw)
    }

    #[test]
    fn what_is_utf8_is_taken_as_it_is() {
        for text in ["", "a", "ab", "größe", "\u{feff}a", "\u{fffd}", "a\0", "\0a"] {
            assert_eq!(decoded(text.as_bytes()), (text.to_owned(), None));
        }
    }

    #[test]
    fn utf16_is_known_by_its_mark_or_by_its_zeros() {
        let text = "stem: größe\n";
        for from_unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes = |text: &str| text.encode_utf16().flat_map(from_unit).collect::<Vec<u8>>();
            let found = (text.to_owned(), Some(Flaw::Utf16));
            assert_eq!(decoded(&bytes(text)), found);
            assert_eq!(decoded(&bytes(&format!("\u{feff}{text}"))), found);
        }
        assert_eq!(decoded(&[0xff, 0xfe, 0x00, 0xd8, 0x61]), ("\u{fffd}".to_owned(), Some(Flaw::Utf16)));
        // A text in a string can be as wrong as bytes.
        assert_eq!(Decoded::from("a\0b\0"), Decoded { text: "ab".to_owned(), flaw: Some(Flaw::Utf16) });
    }

    #[test]
    fn the_first_byte_that_does_not_belong_is_told() {
        assert_eq!(decoded(b"# gr\xfc\xdfe"), ("# gr\u{fffd}\u{fffd}e".to_owned(), Some(Flaw::Byte(0xfc, 4))));
        assert_eq!(decoded(b"a\xc3"), ("a\u{fffd}".to_owned(), Some(Flaw::Byte(0xc3, 1))));
    }
}
