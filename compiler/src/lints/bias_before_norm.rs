//! A bias right before a batch norm.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::Span;

use super::{Found, Level, Lint, Subject, written};
use crate::analysis::readers::readers;
use crate::check::blame;
use crate::codes;
use crate::network::{Network, Operation};
use crate::ops::Op;

pub(super) const LINT: Lint = Lint {
    code: codes::BIAS_BEFORE_NORM,
    name: "bias-before-norm",
    level: Level::Warn,
    reason: "the norm subtracts the mean and with it the bias, which is trained, stored and added for nothing",
    find,
};

/// The convolutions that one written word gives a bias.
#[derive(Default)]
struct Word {
    /// Those before a norm, and the norm.
    idle: Vec<(usize, usize)>,
    /// Whether others need it.
    is_needed: bool,
}

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let readers = readers(network);
    let mut words: BTreeMap<Span, Word> = BTreeMap::new();
    for (index, operation) in network.operations.iter().enumerate() {
        let Op::Convolution(convolution) = &operation.op else { continue };
        if convolution.bias_init.is_none() {
            continue;
        }
        let word = words.entry(place(operation)).or_default();
        match readers[index][..] {
            [norm] if matches!(network.operations[norm].op, Op::BatchNorm(_)) => word.idle.push((index, norm)),
            _ => word.is_needed = true,
        }
    }
    found.extend(words.into_iter().flat_map(|(span, word)| messages(subject, span, &word)));
}

/// Where a convolution is given its bias.
fn place(operation: &Operation) -> Span {
    operation.slot("bias").map_or(operation.span, |slot| slot.span)
}

/// One message for a word that is never needed, and otherwise one for each layer that does not need it.
fn messages(subject: &Subject<'_>, word: Span, uses: &Word) -> Vec<Diagnostic> {
    let network = subject.checked.network();
    let Some((convolution, _)) = uses.idle.first() else { return Vec::new() };
    let is_own = written::is_within(word, network.operations[*convolution].span);
    if !uses.is_needed || is_own {
        let layer = network.operations[*convolution].span;
        let edit = edit_of_word(subject, word).filter(|_| !is_own || !has_more(subject, layer));
        return message(subject, word, uses, edit).into_iter().collect();
    }
    let mut layers: BTreeMap<Span, Word> = BTreeMap::new();
    for (convolution, norm) in &uses.idle {
        layers.entry(network.operations[*convolution].span).or_default().idle.push((*convolution, *norm));
    }
    let one = |(span, layer): (Span, Word)| {
        let edit = written::with_argument(subject.sources, span, "bias=false").filter(|_| !has_more(subject, span));
        message(subject, span, &layer, edit).map(|diagnostic| diagnostic.see(word, "the bias"))
    };
    layers.into_iter().filter_map(one).collect()
}

fn message(subject: &Subject<'_>, place: Span, word: &Word, edit: Option<Edit>) -> Option<Diagnostic> {
    let network: &Network = subject.checked.network();
    let (convolution, norm) = word.idle.first()?;
    let (convolution, norm) = (&network.operations[*convolution], &network.operations[*norm]);
    let message = format!("the bias of `{}` has no effect, because a batch norm follows", written::layer(convolution));
    let mut diagnostic =
        Diagnostic::warning(codes::BIAS_BEFORE_NORM, message).at(place, "taken away again by the norm");
    if !written::is_within(place, convolution.span) && place != convolution.span {
        diagnostic = diagnostic.see(convolution.span, "the convolution");
    }
    if norm.span != convolution.span {
        diagnostic = diagnostic.see(norm.span, "the norm");
    }
    if word.idle.len() > 1 {
        diagnostic = diagnostic.note(blame::elsewhere(word.idle.len() - 1));
    }
    let diagnostic = diagnostic.help("keep it only where weights are to fit that were trained with it");
    Some(match edit {
        Some(edit) => {
            let message = "leave the bias to the norm, which has one of its own".into();
            diagnostic.suggest_all(Suggestion { message, edits: vec![edit], is_safe: false })
        }
        None => diagnostic,
    })
}

/// Whether a layer says more about its bias, `bias_init`, which cannot stay without one.
fn has_more(subject: &Subject<'_>, layer: Span) -> bool {
    written::text(subject.sources, layer).is_some_and(|text| text.contains("bias_"))
}

/// Takes the word away.
fn edit_of_word(subject: &Subject<'_>, word: Span) -> Option<Edit> {
    match written::text(subject.sources, word)? {
        "bias" | "bias=true" => written::without_flag(subject.sources, word),
        _ => None,
    }
}
