//! Two convolutions or linear layers with no non-linearity between them.
//!
//! A path is enough: through a concat, the channels of one branch may reach the next convolution as they are while those of the others are
//! rectified. Pairs that factor one map into two on purpose are left alone, see [`is_factorisation`].

mod factorisation;

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::Span;

use super::{Found, Level, Lint, Subject, written};
use crate::analysis::readers::readers;
use crate::check::blame;
use crate::codes;
use crate::network::{Network, Operation, Source};
use crate::ops::{Linearity, Op};
use factorisation::is_factorisation;

pub(super) const LINT: Lint = Lint {
    code: codes::LINEAR_PAIR,
    name: "linear-pair",
    level: Level::Warn,
    reason: "two linear maps in a row compute nothing that one could not, so most often an activation has been forgotten",
    find,
};

/// How many layers a value remembers to come from, and how many a message names.
const MOST_ORIGINS: usize = 16;
const MOST_READERS: usize = 6;

/// A convolution or linear layer from which a value comes without a non-linearity on the way.
#[derive(Clone, Copy)]
struct Origin {
    operation: usize,
    /// The last concat or add on the way.
    join: Option<usize>,
    /// Whether a batch norm that is no part of the layer stands on the way.
    is_normed: bool,
    /// Whether nothing at all stands on the way.
    is_direct: bool,
}

/// Pairs by where their layers are written: the second layer, and the way to it. One map for all of them, for there can be as many as layers.
type Pairs = BTreeMap<(Span, Span), (usize, Origin)>;

/// What follows one written layer.
struct Line<'p> {
    /// Where it is written.
    written: Span,
    /// The first layer behind it, and the way there.
    first: &'p (usize, Origin),
    /// How many layers are made from it.
    layers: usize,
    /// Where the layers behind it are written, with the first of each.
    readers: Vec<(Span, &'p (usize, Origin))>,
}

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let readers = readers(network);
    let mut origins: Vec<Vec<Origin>> = Vec::with_capacity(network.operations.len());
    let mut pairs = Pairs::new();
    let mut layers: BTreeSet<(Span, usize)> = BTreeSet::new();
    for (index, operation) in network.operations.iter().enumerate() {
        let incoming = incoming(network, operation, &origins);
        origins.push(match operation.op.rule().linearity() {
            Linearity::NonLinear => Vec::new(),
            Linearity::Affine => through(network, index, incoming),
            Linearity::Weights => {
                for origin in incoming {
                    let is_meant = is_factorisation(subject.checked, index, &origin)
                        || (is_added(network, &origin) && is_shortcut(network, index, &readers));
                    if is_meant {
                        continue;
                    }
                    let first = network.operations[origin.operation].span;
                    pairs.entry((first, operation.span)).or_insert((index, origin));
                    layers.insert((first, origin.operation));
                }
                vec![Origin { operation: index, join: None, is_normed: false, is_direct: true }]
            }
        });
    }
    let usual = usual_activation(network);
    for line in lines(&pairs, &layers) {
        found.push_with(LINT.code, line.written, || message(subject, &line, usual));
    }
}

/// The pairs of each written layer.
fn lines<'p>(pairs: &'p Pairs, layers: &BTreeSet<(Span, usize)>) -> impl Iterator<Item = Line<'p>> {
    let mut pairs = pairs.iter().peekable();
    std::iter::from_fn(move || {
        let first = pairs.peek()?.0.0;
        let readers = std::iter::from_fn(|| pairs.next_if(|((span, _), _)| *span == first));
        let readers: Vec<_> = readers.map(|((_, reader), pair)| (*reader, pair)).collect();
        let (_, earliest) = readers.iter().min_by_key(|(_, (reader, _))| *reader)?;
        let layers = layers.range((first, 0)..=(first, usize::MAX)).count();
        Some(Line { written: first, first: earliest, layers, readers })
    })
}

/// Where the inputs of an operation come from; of layers that are written in the same place, one.
fn incoming(network: &Network, operation: &Operation, origins: &[Vec<Origin>]) -> Vec<Origin> {
    let mut incoming: Vec<Origin> = Vec::new();
    for source in &operation.inputs {
        let Source::Operation(read) = *source else { continue };
        for origin in origins.get(read).into_iter().flatten() {
            let span = |origin: &Origin| network.operations[origin.operation].span;
            if incoming.len() < MOST_ORIGINS && !incoming.iter().any(|known| span(known) == span(origin)) {
                incoming.push(*origin);
            }
        }
    }
    incoming
}

/// Whether a value has last come through a sum.
fn is_added(network: &Network, origin: &Origin) -> bool {
    origin.join.is_some_and(|join| matches!(network.operations[join].op, Op::Add(_)))
}

/// Whether a 1x1 convolution makes the shortcut of a residual block fit, perhaps with a norm behind it. From sum to sum such a path
/// is linear on purpose.
fn is_shortcut(network: &Network, index: usize, readers: &[Vec<usize>]) -> bool {
    let is_point = matches!(&network.operations[index].op, Op::Convolution(conv) if conv.window.kernel == [1, 1]);
    let only = |index: usize| match readers[index][..] {
        [reader] => Some(reader),
        _ => None,
    };
    let behind_norm = |reader: usize| {
        if matches!(network.operations[reader].op, Op::BatchNorm(_)) { only(reader) } else { Some(reader) }
    };
    let reader = only(index).and_then(behind_norm);
    is_point && reader.is_some_and(|reader| matches!(network.operations[reader].op, Op::Add(_)))
}

/// What an affine operation leaves on the way.
fn through(network: &Network, index: usize, incoming: Vec<Origin>) -> Vec<Origin> {
    let operation = &network.operations[index];
    let is_join = matches!(operation.op, Op::Concat(_) | Op::Add(_));
    let is_norm = matches!(operation.op, Op::BatchNorm(_));
    let pass = |origin: Origin| Origin {
        join: if is_join { Some(index) } else { origin.join },
        is_normed: origin.is_normed || (is_norm && operation.span != network.operations[origin.operation].span),
        is_direct: false,
        ..origin
    };
    incoming.into_iter().map(pass).collect()
}

fn message(subject: &Subject<'_>, line: &Line<'_>, usual: &str) -> Diagnostic {
    let network = subject.checked.network();
    let (reader, origin) = line.first;
    let first = &network.operations[origin.operation];
    let second = &network.operations[*reader];
    let mut diagnostic = Diagnostic::warning(
        codes::LINEAR_PAIR,
        format!("no non-linearity stands between `{}` and `{}`", written::layer(first), written::layer(second)),
    )
    .at(first.span, format!("no non-linearity follows this {}", noun(first)));
    for (_, (reader, origin)) in line.readers.iter().take(MOST_READERS) {
        let operation = &network.operations[*reader];
        if operation.span == first.span {
            continue;
        }
        let text = format!("before this {} reads it{}", noun(operation), by(network, *origin));
        diagnostic = diagnostic.see(operation.span, text);
    }
    if let Some((_, (reader, origin))) = line.readers.iter().find(|(span, _)| *span == first.span) {
        let name = written::layer(&network.operations[*reader]);
        diagnostic =
            diagnostic.note(format!("among those that read it is `{name}`, of the same line{}", by(network, *origin)));
    }
    if line.readers.len() > MOST_READERS {
        diagnostic = diagnostic.note(format!("{} more layers read it so", line.readers.len() - MOST_READERS));
    }
    if line.layers > 1 {
        diagnostic = diagnostic.note(blame::elsewhere(line.layers - 1));
    }
    match edit(subject, first, origin, usual) {
        Some(edit) => {
            let message = "put a non-linearity between them".into();
            diagnostic.suggest_all(Suggestion { message, edits: vec![edit], is_safe: false })
        }
        None => diagnostic.help(format!("put an activation, such as `{usual}`, between them")),
    }
}

fn noun(operation: &Operation) -> &'static str {
    if matches!(operation.op, Op::Linear(_)) { "linear layer" } else { "convolution" }
}

/// Which way a layer is reached.
fn by(network: &Network, origin: Origin) -> String {
    origin.join.map_or(String::new(), |join| {
        let join = &network.operations[join];
        format!(", through the {} `{}`", join.op.name(), join.path)
    })
}

/// Gives the first layer the activation that the network's other layers have, where the layer itself can have it.
fn edit(subject: &Subject<'_>, first: &Operation, origin: &Origin, usual: &str) -> Option<Edit> {
    // What is added to something else is rectified behind the sum.
    if origin.is_normed || is_added(subject.checked.network(), origin) || first.slot("order").is_some() {
        return None;
    }
    let slot = first.slot("activation");
    match written::own_value(first, "activation") {
        Some(span) => Some(Edit { span, replacement: usual.into() }),
        None if slot.is_some_and(|slot| slot.parameter.is_some()) => None,
        None => written::with_argument(subject.sources, first.span, &format!("activation={usual}")),
    }
}

fn usual_activation(network: &Network) -> &'static str {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for operation in &network.operations {
        if let Op::Activation(activation) = operation.op {
            *counts.entry(activation.name()).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or("relu", |(name, _)| name)
}
