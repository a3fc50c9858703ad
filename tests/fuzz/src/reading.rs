//! Bytes as a spec of one syntax or the other.

use googlenetc_dsl::diagnostic::has_errors;
use googlenetc_dsl::format::format;
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::{Parsed, Syntax, parse};

use crate::{everything, messages};

/// Reads bytes as a spec. Where they are one, it must survive formatting in both syntaxes, and it is compiled.
pub fn read(bytes: &[u8], syntax: Syntax) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let (parsed, sources) = parsed(text, syntax);
    messages::check(&parsed.diagnostics, &sources);
    if parsed.spec.is_some() && !has_errors(&parsed.diagnostics) {
        let same = formatted(text, syntax, syntax).unwrap_or_else(|message| panic!("cannot be formatted: {message}"));
        assert_eq!(formatted(&same, syntax, syntax).as_ref(), Ok(&same), "formatting changes what has been formatted");
        let (again, _) = self::parsed(&same, syntax);
        assert_eq!(again.spec, parsed.spec, "formatting changes what a spec says");
        translate(&parsed, text, syntax);
    }
    everything::compile(text, syntax);
}

fn parsed(text: &str, syntax: Syntax) -> (Parsed, Sources) {
    let mut sources = Sources::new();
    let id = sources.add(name(syntax), text);
    (parse(&sources, id, syntax), sources)
}

/// What a file of this syntax is called.
pub fn name(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Yaml => "spec.yaml",
        Syntax::Text => "spec.gnet",
    }
}

/// Writes a spec in the other syntax and back. Not everything can be said there, but what can comes back as it was.
fn translate(parsed: &Parsed, text: &str, syntax: Syntax) {
    let other = match syntax {
        Syntax::Yaml => Syntax::Text,
        Syntax::Text => Syntax::Yaml,
    };
    let Ok(translated) = formatted(text, syntax, other) else { return };
    let back = formatted(&translated, other, syntax);
    let back = back.unwrap_or_else(|message| panic!("what was translated cannot be translated back: {message}"));
    let (again, _) = self::parsed(&back, syntax);
    assert_eq!(again.spec, parsed.spec, "translating changes what a spec says");
}

fn formatted(text: &str, from: Syntax, to: Syntax) -> Result<String, String> {
    let mut sources = Sources::new();
    let id = sources.add(name(from), text);
    format(&sources, id, from, to).map_err(|diagnostics| {
        messages::check(&diagnostics, &sources);
        diagnostics.first().map(|first| first.message.clone()).unwrap_or_default()
    })
}
