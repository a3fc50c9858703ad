//! Syntax tree to network: words get their meaning, blocks and tables are expanded, names are resolved.
//!
//! All mistakes are collected. What could not be understood becomes a group whose output is unknown, and unknown values
//! make no further messages.

mod arguments;
mod blocks;
mod constructs;
mod defaults;
mod expressions;
mod header;
mod heads;
mod library;
mod names;
mod order;
mod tables;
mod values;

pub(crate) use arguments::Arguments;
pub(crate) use header::check_version;
pub(crate) use library::library;
pub(crate) use names::join;
pub(crate) use values::IN;

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::codes as reading;
use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::{Block, Section, Spec};

use crate::codes;
use crate::network::{Content, Declared, Group, Network, Operation, Phase, Source};
use crate::settings::Changes;
use crate::shape::{Partial, Shape};
use values::{Environment, NoValue};

/// More operations, and more calls of blocks and copies, than any network has; a spec whose blocks multiply beyond that is
/// refused instead of filling memory.
///
/// A fuzzer would only wait for large ones.
const MOST_OPERATIONS: usize = if cfg!(fuzzing) { 2000 } else { 1 << 17 };

/// More messages than anybody reads.
pub(crate) const MOST_MESSAGES: usize = 1000;

/// The network as far as it could be lowered, and everything that is wrong with it.
pub(crate) struct Lowered {
    /// `None` when not even a name and an input are known.
    pub(crate) network: Option<Network>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Lowers a spec, which has its libraries' blocks among its own, and which settings have changed. `complete` says whether all
/// blocks could be read, `start` is the start of the file, where everything is missing that stands nowhere.
pub(crate) fn lower(spec: &Spec, changes: &Changes, complete: bool, start: Span) -> Lowered {
    let mut lowerer = Lowerer::new(spec, complete, start);
    let header = header::lower(&mut lowerer);
    lowerer.input = header.input.as_ref().map_or(Partial::Unknown, |input| {
        let [channels, height, width] = input.value;
        Partial::from(Shape::Map { channels, height, width })
    });
    lowerer.check_blocks();
    lowerer.exchange(&changes.exchanges);
    lowerer.check_defaults();

    let environment = Environment::new(header.globals);
    let place = Place { path: "", scope: "", environment: &environment, phase: Phase::Always, input: Source::Input };
    let mut trunk: Vec<Group> = Vec::new();
    let mut declared = Vec::new();
    let mut output = Source::Input;
    for section in &spec.sections {
        let Section::Body(items) = section else {
            declared.push(Declared::Head(declared.iter().filter(|other| matches!(other, Declared::Head(_))).count()));
            continue;
        };
        let steps = lowerer.steps(items, place);
        trunk.reserve_exact(steps.len());
        for (named, step) in steps {
            if lowerer.has_too_many {
                break;
            }
            let Some(group) = lowerer.step(named, step, Place { input: output, ..place }) else { continue };
            output = group.output;
            declared.push(Declared::Trunk(trunk.len()));
            trunk.push(group);
        }
    }
    let mut heads = heads::lower(&mut lowerer, &trunk, place, changes.is_part);
    heads::declare(&mut lowerer, &trunk, &mut declared);
    let outputs = heads::outputs(&mut lowerer, &heads);
    if !changes.is_part {
        lowerer.uncalled();
    }
    let Lowerer { mut operations, has_too_many, diagnostics, .. } = lowerer;
    order::interleave(&mut operations, &mut trunk, &mut heads);
    let network = header.name.zip(header.input).filter(|_| !has_too_many).map(|(name, input)| Network {
        name,
        has_declared_size: header::is_declared_size(changes, input.value),
        input,
        classes: header.classes,
        operations,
        trunk,
        heads,
        declared,
        outputs,
    });
    Lowered { network, diagnostics }
}

/// What grows while a spec is lowered.
struct Lowerer<'a> {
    spec: &'a Spec,
    /// Every block by its name.
    blocks: BTreeMap<&'a str, &'a Block>,
    /// Every parameter of every block.
    parameters: BTreeSet<(&'a str, &'a str)>,
    /// Blocks whose calls become calls of others, by name.
    exchanged: BTreeMap<&'a str, &'a Block>,
    /// Whether all blocks could be read, so that a name that is not among them is a mistake.
    complete: bool,
    /// The start of the file.
    start: Span,
    /// Whether there were more messages than are kept.
    has_dropped: bool,
    /// The shape of the network's input.
    input: Partial,
    operations: Vec<Operation>,
    /// The shape of every operation's output, as far as it is known; what does not fit is reported by `check`.
    shapes: Vec<Partial>,
    /// Every path that is taken, and by what.
    paths: BTreeMap<String, Span>,
    /// Columns of tables that have been reported.
    bad_columns: BTreeSet<Span>,
    /// The blocks whose calls are being expanded, outermost first.
    calls: Vec<&'a Block>,
    /// The names of blocks that have been called.
    called: BTreeSet<&'a str>,
    /// How many calls and copies have been expanded.
    expanded: usize,
    /// Whether there are so many of these or of operations that the network is refused.
    has_too_many: bool,
    diagnostics: Vec<Diagnostic>,
}

/// Where something stands, and what it reads.
#[derive(Clone, Copy)]
struct Place<'e> {
    path: &'e str,
    /// The path without names in parentheses.
    scope: &'e str,
    environment: &'e Environment,
    phase: Phase,
    input: Source,
}

/// What something is called: its own name, and the label by which heads know it.
struct Named {
    name: String,
    label: String,
    transparent: bool,
    span: Span,
}

impl<'a> Lowerer<'a> {
    fn new(spec: &'a Spec, complete: bool, start: Span) -> Self {
        let mut blocks = BTreeMap::new();
        let mut parameters = BTreeSet::new();
        for block in &spec.blocks {
            let name = block.name.value.as_str();
            blocks.entry(name).or_insert(block);
            parameters.extend(block.parameters.iter().map(|parameter| (name, parameter.name.value.as_str())));
        }
        Self {
            spec,
            blocks,
            parameters,
            exchanged: BTreeMap::new(),
            complete,
            start,
            input: Partial::Unknown,
            operations: Vec::new(),
            shapes: Vec::new(),
            paths: BTreeMap::new(),
            bad_columns: BTreeSet::new(),
            calls: Vec::new(),
            called: BTreeSet::new(),
            expanded: 0,
            has_too_many: false,
            has_dropped: false,
            diagnostics: Vec::new(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_MESSAGES {
            self.diagnostics.push(diagnostic);
        } else if !self.has_dropped {
            self.has_dropped = true;
            let message = format!("there are more than {MOST_MESSAGES} mistakes, and the rest is not listed");
            let place = diagnostic.span().unwrap_or(self.start);
            self.diagnostics.push(Diagnostic::error(reading::TOO_MANY, message).at(place, "the first of the rest"));
        }
    }

    /// Reports that a part is missing which every network needs, unless something that seems to be it could not be read.
    fn missing(&mut self, keys: &[&str], message: &str, help: &str) {
        if !keys.iter().any(|key| self.spec.unread.contains(key)) {
            let place = self.start;
            self.report(Diagnostic::error(codes::MISSING, message).at(place, "in this file").help(help));
        }
    }

    /// Whether messages have been dropped, so that none needs to be made any more.
    fn has_said_enough(&self) -> bool {
        self.has_dropped
    }

    /// Drops what a layer has said beyond what is kept.
    fn keep_few(&mut self) {
        let kept = MOST_MESSAGES + usize::from(self.has_dropped);
        if self.diagnostics.len() > kept {
            let rest = self.diagnostics.split_off(kept);
            rest.into_iter().take(1).for_each(|first| self.report(first));
        }
    }

    /// Reports why there is no value, where that is a mistake.
    fn refuse(&mut self, reason: NoValue) {
        match reason {
            NoValue::Wrong(diagnostic) => self.report(diagnostic),
            NoValue::Unknown | NoValue::Empty => {}
        }
    }

    /// Adds an operation, unless there are far too many already.
    fn emit(&mut self, operation: Operation) -> Source {
        if self.operations.len() == MOST_OPERATIONS {
            if !self.has_too_many {
                self.too_many("operations", operation.span);
            }
            return Source::Unknown;
        }
        let inputs: Vec<Partial> = operation.inputs.iter().map(|source| self.shape(*source)).collect();
        let output = operation.op.rule().output(&inputs).unwrap_or(Partial::Unknown);
        self.shapes.push(if operation.is_doubtful { output.without_size() } else { output });
        self.operations.push(operation);
        Source::Operation(self.operations.len() - 1)
    }

    /// What is known about the shape of a value.
    fn shape(&self, source: Source) -> Partial {
        match source {
            Source::Input => self.input,
            Source::Operation(index) => self.shapes.get(index).copied().unwrap_or(Partial::Unknown),
            Source::Unknown => Partial::Unknown,
        }
    }

    /// Whether so much has been expanded that nothing more will be; counts this call or copy.
    fn is_full(&mut self, span: Span) -> bool {
        self.expanded += 1;
        if self.expanded == MOST_OPERATIONS + 1 {
            self.too_many("calls of blocks and copies", span);
        }
        self.expanded > MOST_OPERATIONS || self.has_too_many
    }

    fn too_many(&mut self, what: &str, span: Span) {
        self.has_too_many = true;
        let message = format!("the network has more than {MOST_OPERATIONS} {what}");
        self.report(Diagnostic::error(codes::TOO_LARGE, message).at(span, "this is one too many"));
    }

    /// What stands for something that could not be understood, and was reported.
    fn unknown(&self, named: Named, place: Place<'_>) -> Group {
        self.group(named, place, Content::Sequence(Vec::new()), self.operations.len(), Source::Unknown)
    }

    fn group(&self, named: Named, place: Place<'_>, content: Content, start: usize, output: Source) -> Group {
        Group {
            name: named.name,
            label: named.label,
            path: place.path.into(),
            scope: place.scope.into(),
            content,
            operations: start..self.operations.len(),
            input: place.input,
            output,
            phase: place.phase,
            assertions: Vec::new(),
            span: named.span,
        }
    }
}
