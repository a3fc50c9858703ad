//! Texts of files in messages.

/// As much of a name as a message shows.
const LONGEST: usize = 120;

/// A name out of a file, without what would move the cursor of a terminal, and shortened if it is very long.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            quoted.push_str("...");
            break;
        }
        if c.is_control() {
            quoted.extend(c.escape_default());
        } else {
            quoted.push(c);
        }
    }
    quoted
}
