//! An auxiliary head that runs at inference.

use googlenetc_dsl::Syntax;
use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::{Sources, Span};

use super::{Found, Level, Lint, Subject};
use crate::codes;
use crate::network::{Head, Phase};
use crate::report::grouped;

pub(super) const LINT: Lint = Lint {
    code: codes::HEAD_AT_INFERENCE,
    name: "head-at-inference",
    level: Level::Warn,
    reason: "a head that only helps training costs time and memory in every prediction, and its parameters are shipped along",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    let checked = subject.checked;
    let network = checked.network();
    for head in network.outputs.iter().skip(1).filter_map(|index| network.heads.get(*index)) {
        if head.phase == Phase::Training {
            continue;
        }
        let sum = |count: &dyn Fn(usize) -> u64| head.layers.operations.clone().map(count).fold(0, u64::saturating_add);
        let parameters = sum(&|operation| checked.parameters(operation));
        let multiply_adds = sum(&|operation| checked.multiply_adds(operation));
        let place = head.when.unwrap_or(head.name.span);
        let message = format!("the head `{}` runs at inference, beside the one that predicts", head.name.value);
        let diagnostic = Diagnostic::warning(codes::HEAD_AT_INFERENCE, message)
            .at(
                place,
                if head.when.is_some() { "not in training alone" } else { "runs always, as nothing else is said" },
            )
            .note(format!(
                "every prediction pays for it: {} multiply-adds, {} parameters",
                grouped(multiply_adds),
                grouped(parameters)
            ));
        found.push(match edit(subject.sources, head) {
            Some(edit) => diagnostic.suggest_all(Suggestion {
                message: "let it run in training only".into(),
                edits: vec![edit],
                is_safe: false,
            }),
            None => diagnostic,
        });
    }
}

/// Says `training`, where it stands or before the layers.
fn edit(sources: &Sources, head: &Head) -> Option<Edit> {
    if let Some(span) = head.when {
        return Some(Edit { span, replacement: "training".into() });
    }
    let name = head.name.span;
    let source = sources.get(name.source);
    let rest = source.text.get(name.end()..)?;
    let at = |offset: usize, replacement: String| {
        let place = name.end() + offset;
        Some(Edit { span: Span::new(name.source, place, place), replacement })
    };
    if Syntax::of_name(&source.name) == Syntax::Text {
        let header = rest.get(..rest.find([':', '{', '\n'])?)?;
        return at(header.trim_end().len(), " when=training".into());
    }
    let layers = rest.find("layers:")?;
    let before = rest.get(..layers)?;
    let indent = before.rsplit('\n').next().unwrap_or_default();
    if before.contains('\n') && indent.trim().is_empty() {
        return at(layers, format!("when: training\n{indent}"));
    }
    at(layers, "when: training, ".into())
}
