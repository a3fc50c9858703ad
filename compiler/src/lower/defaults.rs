//! Defaults: what layers get unless they say otherwise, from the block that they are written in, or else from the spec.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Argument, Defaults, Value};

use super::Lowerer;
use super::arguments::{Given, unknown_attribute};
use super::values::Environment;
use crate::codes;
use crate::layers::{self, KINDS, Kind, elsewhere};

impl Lowerer<'_> {
    /// The defaults for a layer of this kind at the place that is being lowered. The block's own win over the spec's; only
    /// they know the block's parameters. A default that is an empty cell is none.
    pub(super) fn defaults(&mut self, kind: &Kind, environment: &Environment) -> Given {
        let of_block = of_kind(self.calls.last().map_or(&[], |block| &block.defaults), kind);
        let mut of_spec = of_kind(&self.spec.defaults, kind);
        let said: Vec<&str> = of_block.iter().filter_map(attribute).collect();
        of_spec.retain(|argument| attribute(argument).is_none_or(|name| !said.contains(&name)));
        let mut given = self.given(&of_block, environment);
        given.positional.retain(|value| value.as_ref().is_none_or(|value| !value.is_empty()));
        given.named.retain(|entry| entry.as_ref().is_none_or(|(_, value)| !value.is_empty()));
        let general = self.given(&of_spec, &environment.outside());
        given.positional.extend(general.positional);
        given.named.extend(general.named);
        given.incomplete |= general.incomplete;
        given
    }

    /// Reports defaults for layers or attributes that do not exist.
    pub(super) fn check_defaults(&mut self) {
        let all = self.spec.blocks.iter().flat_map(|block| &block.defaults);
        for defaults in self.spec.defaults.iter().chain(all) {
            let keyword = &defaults.keyword;
            let Some(kind) = layers::find(&keyword.value) else {
                let known = KINDS.map(|kind| kind.keyword);
                let message = format!("there is no layer kind `{}`", keyword.value);
                let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, message)
                    .at(keyword.span, "unknown layer kind")
                    .note(format!("layer kinds: {}", known.join(", ")));
                self.report(match elsewhere::keywords(&keyword.value) {
                    [word] if layers::find(word).is_some() => {
                        diagnostic.fix(format!("it is called `{word}` here"), keyword.span, *word)
                    }
                    _ => diagnostic.did_you_mean(&keyword.value, keyword.span, known),
                });
                continue;
            };
            for argument in &defaults.arguments {
                self.check_default(kind, argument);
            }
        }
    }

    fn check_default(&mut self, kind: &'static Kind, argument: &Argument) {
        let (what, name, written) = match argument {
            Argument::Named { key, value } => ("attribute", key.clone(), written(key, value)),
            Argument::Positional(value) => match Environment::default().resolve(value) {
                Ok(resolved) => ("flag", Spanned::new(resolved.text(), resolved.span), None),
                Err(_) => return,
            },
        };
        if kind.attribute(&name.value).is_none() {
            self.report(unknown_attribute(kind, what, &name, written));
        }
    }
}

/// The word that an attribute is given, and the place of both, where the source says them as they are.
fn written(key: &Spanned<String>, value: &Spanned<Value>) -> Option<(String, Span)> {
    match &value.value {
        Value::Word(word) if key.span.end() < value.span.start() => Some((word.clone(), key.span.to(value.span))),
        Value::Word(_) | Value::Extents { .. } => None,
    }
}

/// More arguments than any layer takes, each of which is looked at for each layer.
const MOST: usize = 100;

fn of_kind(defaults: &[Defaults], kind: &Kind) -> Vec<Argument> {
    let defaults = defaults.iter().filter(|defaults| defaults.keyword.value == kind.keyword);
    defaults.flat_map(|defaults| &defaults.arguments).take(MOST).cloned().collect()
}

/// The attribute that an argument is about.
fn attribute(argument: &Argument) -> Option<&str> {
    match argument {
        Argument::Named { key, .. } => Some(&key.value),
        Argument::Positional(value) => match &value.value {
            Value::Word(word) => Some(word),
            Value::Extents { .. } => None,
        },
    }
}
