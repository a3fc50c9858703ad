//! The codes of this crate's messages, `E01xx`. A code never changes its meaning.

/// The spec is empty.
pub const EMPTY: &str = "E0101";
/// The text is not YAML, or not of the kind that specs are written in.
pub const YAML: &str = "E0102";
/// An anchor, an alias or a merge key of YAML.
pub const REFERENCE: &str = "E0103";
/// A tag of YAML.
pub const TAG: &str = "E0104";
/// The same name or key twice.
pub const DUPLICATE: &str = "E0105";
/// A second YAML document in one file.
pub const SECOND_DOCUMENT: &str = "E0106";
/// Nested deeper than anybody can read.
pub const TOO_DEEP: &str = "E0107";
/// A file larger than a spec can be.
pub const TOO_LARGE: &str = "E0108";
/// A control character.
pub const CONTROL_CHARACTER: &str = "E0109";
/// A key or statement that the language does not have.
pub const UNKNOWN: &str = "E0110";
/// A part that must be there and is not.
pub const MISSING: &str = "E0111";
/// A list where a mapping belongs, and the like.
pub const WRONG_FORM: &str = "E0112";
/// Something that cannot be a name.
pub const NAME: &str = "E0113";
/// A layer, a value or a statement that cannot be read.
pub const SYNTAX: &str = "E0114";
/// A number where a layer belongs.
pub const BARE_NUMBER: &str = "E0115";
/// A brace that is not closed, or not opened.
pub const BRACE: &str = "E0116";
/// So many mistakes that the rest is not listed.
pub const TOO_MANY: &str = "E0117";
/// Something that one syntax can say and the other cannot.
pub const INEXPRESSIBLE: &str = "E0118";
