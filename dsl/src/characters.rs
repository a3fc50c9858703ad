//! Characters that a reader of the file cannot see: they can make a spec look like another one.

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::reader::Reader;

/// Whether the character is invisible, or turns the direction of the text around it.
pub(crate) fn is_hidden(character: char) -> bool {
    let bidirectional =
        matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    bidirectional || (character.is_control() && !matches!(character, '\t' | '\n' | '\r'))
}

/// Reports the first hidden character of the file, and how many follow it.
pub(crate) fn check(reader: &mut Reader<'_>) {
    let mut hidden = reader.text.char_indices().filter(|&(_, character)| is_hidden(character));
    let Some((position, character)) = hidden.next() else { return };
    let more = hidden.count();
    let code_point = format!("U+{:04X}", u32::from(character));
    let span = reader.span(position, position + character.len_utf8());
    let diagnostic = Diagnostic::error(codes::CONTROL_CHARACTER, format!("the control character {code_point}"))
        .at(span, "invisible here")
        .help("delete it; a spec holds only characters that one can see");
    reader.report(if more > 0 {
        diagnostic.note(format!("the file holds {more} more of its kind"))
    } else {
        diagnostic
    });
}
