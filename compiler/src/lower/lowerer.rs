//! What grows while a spec is lowered: operations, and what there is to say.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use googlenetc_dsl::codes as reading;
use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::{Block, Spec};

use super::limits::size_of_blocks;
use super::values::{Environment, NoValue};
use crate::codes;
use crate::network::{Content, Group, Operation, Phase, Slot, Source};
use crate::shape::Partial;

/// More messages than anybody reads.
pub(crate) const MOST_MESSAGES: usize = 1000;

/// What grows while a spec is lowered.
pub(super) struct Lowerer<'a> {
    pub(super) spec: &'a Spec,
    /// Every block by its name.
    pub(super) blocks: BTreeMap<&'a str, &'a Block>,
    /// Every parameter of every block.
    pub(super) parameters: BTreeSet<(&'a str, &'a str)>,
    /// Blocks whose calls become calls of others, by name.
    pub(super) exchanged: BTreeMap<&'a str, &'a Block>,
    /// Whether all blocks could be read, so that a name that is not among them is a mistake.
    pub(super) complete: bool,
    /// The start of the file.
    pub(super) start: Span,
    /// Whether there were more messages than are kept.
    pub(super) has_dropped: bool,
    /// The shape of the network's input.
    pub(super) input: Partial,
    pub(super) operations: Vec<Operation>,
    /// The shape of every operation's output, as far as it is known; what does not fit is reported by `check`.
    pub(super) shapes: Vec<Partial>,
    /// Every name that is taken in the sequence that is being lowered, and by what.
    pub(super) names: BTreeMap<String, Span>,
    /// Columns of tables that have been reported.
    pub(super) bad_columns: BTreeSet<Span>,
    /// The blocks whose calls are being expanded, outermost first.
    pub(super) calls: Vec<&'a Block>,
    /// The names of blocks that have been called.
    pub(super) called: BTreeSet<&'a str>,
    /// How many calls and copies have been expanded.
    pub(super) expanded: usize,
    /// How much memory the network takes, and the blocks that it is made from, about.
    pub(super) held: usize,
    /// The attributes of each layer when it was lowered the last time.
    pub(super) slots: HashMap<Span, Arc<[Slot]>>,
    /// Whether there is so much of these or of operations that the network is refused.
    pub(super) has_too_many: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Where something stands, and what it reads.
#[derive(Clone, Copy)]
pub(super) struct Place<'e> {
    pub(super) path: &'e str,
    /// The path without names in parentheses.
    pub(super) scope: &'e str,
    pub(super) environment: &'e Environment,
    pub(super) phase: Phase,
    pub(super) input: Source,
}

/// What something is called: its own name, and the label by which heads know it.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) transparent: bool,
    pub(super) span: Span,
}

impl<'a> Lowerer<'a> {
    pub(super) fn new(spec: &'a Spec, complete: bool, start: Span) -> Self {
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
            names: BTreeMap::new(),
            bad_columns: BTreeSet::new(),
            calls: Vec::new(),
            called: BTreeSet::new(),
            expanded: 0,
            held: size_of_blocks(&spec.blocks),
            slots: HashMap::new(),
            has_too_many: false,
            has_dropped: false,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
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
    pub(super) fn missing(&mut self, keys: &[&str], message: &str, help: &str) {
        if !keys.iter().any(|key| self.spec.unread.contains(key)) {
            let place = self.start;
            self.report(Diagnostic::error(codes::MISSING, message).at(place, "in this file").help(help));
        }
    }

    /// Whether messages have been dropped, so that none needs to be made any more.
    pub(super) fn has_said_enough(&self) -> bool {
        self.has_dropped
    }

    /// Drops what a layer has said beyond what is kept.
    pub(super) fn keep_few(&mut self) {
        let kept = MOST_MESSAGES + usize::from(self.has_dropped);
        if self.diagnostics.len() > kept {
            let rest = self.diagnostics.split_off(kept);
            rest.into_iter().take(1).for_each(|first| self.report(first));
        }
    }

    /// Reports why there is no value, where that is a mistake.
    pub(super) fn refuse(&mut self, reason: NoValue) {
        match reason {
            NoValue::Wrong(diagnostic) => self.report(diagnostic),
            NoValue::Unknown | NoValue::Empty => {}
        }
    }

    /// Adds an operation, unless there are far too many already.
    pub(super) fn emit(&mut self, operation: Operation) -> Source {
        if !self.has_room_for(&operation) {
            return Source::Unknown;
        }
        let inputs: Vec<Partial> = operation.inputs.iter().map(|source| self.shape(*source)).collect();
        let output = operation.op.rule().output(&inputs).unwrap_or(Partial::Unknown);
        self.shapes.push(if operation.is_doubtful { output.without_size() } else { output });
        self.operations.push(operation);
        Source::Operation(self.operations.len() - 1)
    }

    /// What is known about the shape of a value.
    pub(super) fn shape(&self, source: Source) -> Partial {
        match source {
            Source::Input => self.input,
            Source::Operation(index) => self.shapes.get(index).copied().unwrap_or(Partial::Unknown),
            Source::Unknown => Partial::Unknown,
        }
    }

    /// What stands for something that could not be understood, and was reported.
    pub(super) fn unknown(&mut self, named: Named, place: Place<'_>) -> Group {
        let end = self.operations.len();
        self.group(named, place, Content::Sequence(Vec::new()), end, Source::Unknown)
    }

    pub(super) fn group(
        &mut self,
        named: Named,
        place: Place<'_>,
        content: Content,
        start: usize,
        output: Source,
    ) -> Group {
        let texts = [&named.name, &named.label, place.path, place.scope];
        self.hold(size_of::<Group>() + texts.map(str::len).iter().sum::<usize>(), named.span);
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
