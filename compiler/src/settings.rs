//! Settings: what is said beside a spec and wins over what stands in it, such as `classes=10`.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{SourceId, Sources, Span, Spanned};
use googlenetc_dsl::tree::{Spec, Value};

use crate::codes;

/// What can be set, but for blocks.
const KEYS: [&str; 3] = ["classes", "input", "network"];

/// How a setting that exchanges one block for another begins.
const BLOCK: &str = "block.";

/// What comes before a setting in the name of its source.
pub(crate) const OPTION: &str = "--set ";

/// Blocks whose calls become calls of others: the name of each, and the name of what takes its place.
pub(crate) type Exchanges = BTreeMap<String, (Spanned<String>, Spanned<String>)>;

/// What lowering must know about settings.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Blocks whose calls become calls of others.
    pub(crate) exchanges: Exchanges,
    /// The input that the spec itself says, where another one is set.
    pub(crate) declared_input: Option<Spanned<Value>>,
    /// Whether the spec is but one call, which has no heads.
    pub(crate) is_part: bool,
}

/// Changes a spec as `settings` say, each of which is a `key=value`.
pub(crate) fn apply(
    spec: &mut Spec,
    settings: &[String],
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Changes {
    let mut changes = Changes::default();
    let mut keys: BTreeMap<String, Span> = BTreeMap::new();
    for setting in settings {
        let id = sources.add(format!("{OPTION}{setting}"), setting.as_str());
        let result = split(setting, id).and_then(|(key, value)| {
            if let Some(first) = keys.insert(key.value.clone(), key.span) {
                return Err(Diagnostic::error(codes::OVERRIDE, format!("`{}` is set twice", key.value))
                    .at(key.span, "set again")
                    .see(first, "first set here"));
            }
            set(spec, &key, value, sources, &mut changes)
        });
        diagnostics.extend(result.err());
    }
    changes
}

/// The two sides of `key=value`.
fn split(setting: &str, id: SourceId) -> Result<(Spanned<String>, Spanned<String>), Diagnostic> {
    let all = Span::new(id, 0, setting.len());
    match setting.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((
            Spanned::new(key.into(), Span::new(id, 0, key.len())),
            Spanned::new(value.into(), Span::new(id, key.len() + 1, setting.len())),
        )),
        _ => Err(Diagnostic::error(codes::OVERRIDE, format!("`{}` is not a setting", setting.escape_debug()))
            .at(all, "write `key=value`, such as `classes=10`")),
    }
}

fn set(
    spec: &mut Spec,
    key: &Spanned<String>,
    value: Spanned<String>,
    sources: &Sources,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    if let Some(block) = key.value.strip_prefix(BLOCK) {
        let place = key.span.starting_at(key.span.start() + BLOCK.len());
        changes.exchanges.insert(block.into(), (Spanned::new(block.into(), place), value));
        return Ok(());
    }
    match key.value.as_str() {
        "classes" => spec.classes = Some(googlenetc_dsl::parse_value(sources, value.span)?),
        "input" => {
            let input = googlenetc_dsl::parse_value(sources, value.span)?;
            changes.declared_input = spec.input.replace(input);
        }
        "network" => spec.network = Some(value),
        _ => {
            return Err(Diagnostic::error(codes::OVERRIDE, format!("`{}` cannot be set", key.value.escape_debug()))
                .at(key.span, "unknown here")
                .did_you_mean(&key.value, key.span, KEYS)
                .note(format!("can be set: {}, and `block.NAME` to the name of another block", KEYS.join(", "))));
        }
    }
    Ok(())
}
