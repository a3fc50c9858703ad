//! The spec language of googlenetc: a YAML file or a text file becomes one syntax tree with spans, and messages.
//!
//! Nothing here knows what a layer means; that is the compiler's part. [`parse`] reads everything that can be read and
//! reports every mistake of a file in one run.

mod characters;
pub mod codes;
pub mod comment;
mod decode;
pub mod diagnostic;
pub mod edits;
mod expression;
pub mod format;
mod grammar;
mod limits;
mod mend;
mod names;
mod piece;
mod reader;
pub mod render;
pub mod source;
pub mod suggest;
mod text;
pub mod tree;
pub mod yaml;

use std::path::Path;

use comment::{Comment, Words};
pub use decode::{Decoded, Flaw};
use diagnostic::Diagnostic;
pub use limits::LARGEST;
use reader::Reader;
use source::{SourceId, Sources, Span, Spanned};

/// Which of the two syntaxes a source is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `name.yaml`.
    Yaml,
    /// `name.gnet`, the text language.
    Text,
}

impl Syntax {
    /// The syntax of a file of this name: `.gnet` is the text language, everything else YAML.
    pub fn of_name(name: &str) -> Self {
        if Path::new(name).extension().is_some_and(|extension| extension == "gnet") { Self::Text } else { Self::Yaml }
    }
}

/// What came of reading a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What could be read; `None` only if nothing useful could.
    pub spec: Option<tree::Spec>,
    /// Everything there is to say, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The comments, in file order.
    pub comments: Vec<Comment>,
}

/// Reads the source `id` into a syntax tree.
///
/// Parts that are wrong are reported and either left out or [`tree::Construct::Invalid`] in the tree.
///
/// ```
/// use googlenetc_dsl::{Syntax, parse, source::Sources};
///
/// let mut sources = Sources::new();
/// let yaml = sources.add("tiny.yaml", "network: Tiny\nstem: {conv1: conv 3x3 4}\n");
/// let text = sources.add("tiny.gnet", "network Tiny\nstem { conv1: conv 3x3 4 }\n");
/// assert_eq!(parse(&sources, yaml, Syntax::Yaml).spec, parse(&sources, text, Syntax::Text).spec);
/// ```
pub fn parse(sources: &Sources, id: SourceId, syntax: Syntax) -> Parsed {
    parse_with_words(sources, id, syntax).0
}

/// Reads a source, and says where the words of the language stand that the tree does not hold.
fn parse_with_words(sources: &Sources, id: SourceId, syntax: Syntax) -> (Parsed, Words) {
    let mut reader = Reader::new(id, sources);
    let spec = if reader.is_readable() { spec(&mut reader, syntax) } else { None };
    let (comments, words) = (std::mem::take(&mut reader.comments), std::mem::take(&mut reader.words));
    (Parsed { spec, diagnostics: reader.finish(), comments }, words)
}

/// Reads the value that stands at `span`, such as what a setting of the command line gives.
///
/// # Errors
///
/// When no value stands there.
pub fn parse_value(sources: &Sources, span: Span) -> Result<Spanned<tree::Value>, Diagnostic> {
    let text = &sources.get(span.source).text;
    let piece = piece::Piece::of_source(span.source, text, span.start(), span.end());
    expression::lone_value(piece, "value").map_err(|diagnostic| *diagnostic)
}

fn spec(reader: &mut Reader<'_>, syntax: Syntax) -> Option<tree::Spec> {
    characters::check(reader);
    let mut spec = match syntax {
        Syntax::Yaml => yaml::parse(reader),
        Syntax::Text => text::parse(reader),
    };
    if let Some(spec) = &mut spec {
        limits::shorten(spec, reader);
    }
    // Parts without content, such as `heads: {}`, say no more than none.
    let spec = spec.filter(|spec| reader.has_reported() || *spec != tree::Spec::default());
    if spec.is_none() && !reader.has_reported() {
        let diagnostic = Diagnostic::error(codes::EMPTY, "the spec is empty").at(reader.span(0, 0), "");
        reader.report(diagnostic.help("a spec starts with `network` and `input`"));
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::Syntax;

    #[test]
    fn the_name_says_the_syntax() {
        assert_eq!(Syntax::of_name("specs/googlenet.gnet"), Syntax::Text);
        assert_eq!(Syntax::of_name("googlenet.yaml"), Syntax::Yaml);
        assert_eq!(Syntax::of_name("googlenet.gnet.yml"), Syntax::Yaml);
        assert_eq!(Syntax::of_name("googlenet"), Syntax::Yaml);
    }
}
