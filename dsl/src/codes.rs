//! The codes of this crate's messages, `E01xx`. A code never changes its meaning.

/// A code of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// What messages show, `E0301`.
    pub code: &'static str,
    /// What it means, in a sentence.
    pub summary: &'static str,
    /// What it means at length, in Markdown, with a spec that fails and one that is mended.
    pub text: &'static str,
}

/// Defines constants for codes, and the list `ALL` of all of them, from one table. The sentence above a code, which is one
/// line, becomes its summary, and `explain/CODE.md`, beside the table, its text.
#[macro_export]
macro_rules! codes {
    ($visibility:vis const: $(#[doc = $summary:literal] $name:ident = $code:literal;)*) => {
        $(#[doc = $summary] $visibility const $name: &str = $code;)*
        /// All of them, in order.
        pub const ALL: &[$crate::codes::Code] = &[$($crate::codes::Code {
            code: $code,
            summary: $summary.trim_ascii(),
            text: include_str!(concat!("explain/", $code, ".md")),
        }),*];
    };
}

codes! { pub const:
    /// The spec is empty.
    EMPTY = "E0101";
    /// The text is not YAML, or not of the kind that specs are written in.
    YAML = "E0102";
    /// An anchor, an alias or a merge key of YAML.
    REFERENCE = "E0103";
    /// A tag of YAML.
    TAG = "E0104";
    /// The same name or key twice.
    DUPLICATE = "E0105";
    /// A second YAML document in one file.
    SECOND_DOCUMENT = "E0106";
    /// Nested deeper than anybody can read.
    TOO_DEEP = "E0107";
    /// A file, or something in it, larger than in any spec.
    TOO_LARGE = "E0108";
    /// A control character.
    CONTROL_CHARACTER = "E0109";
    /// A key or statement that the language does not have.
    UNKNOWN = "E0110";
    /// A part that must be there and is not.
    MISSING = "E0111";
    /// A list where a mapping belongs, and the like.
    WRONG_FORM = "E0112";
    /// Something that cannot be a name.
    NAME = "E0113";
    /// A layer, a value or a statement that cannot be read.
    SYNTAX = "E0114";
    /// A number where a layer belongs.
    BARE_NUMBER = "E0115";
    /// A brace that is not closed, or not opened.
    BRACE = "E0116";
    /// So many mistakes that the rest is not listed.
    TOO_MANY = "E0117";
    /// `fmt` only: the spec cannot be written in the other syntax without a change.
    INEXPRESSIBLE = "E0118";
    /// The text is not UTF-8.
    ENCODING = "E0119";
}
