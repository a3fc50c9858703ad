//! Syntax tree to network: words get their meaning, blocks and tables are expanded, names are resolved.
//!
//! All mistakes are collected. What could not be understood becomes a group whose output is unknown, and unknown values
//! make no further messages.

mod arguments;
mod blocks;
mod expressions;
mod header;
mod heads;
mod names;
mod tables;
mod values;

pub(crate) use arguments::Arguments;

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::{Construct, Item, Row, Section, Spec, Table};

use crate::codes;
use crate::network::{Content, Declared, Group, Network, Operation, Phase, Source};
use crate::ops::{Add, Concat, Op};
use values::Environment;

/// More operations, and more calls of blocks, than any network has; a spec whose blocks multiply beyond that is refused
/// instead of filling memory.
const MOST_OPERATIONS: usize = 200_000;

/// More messages than anybody reads.
const MOST_MESSAGES: usize = 1000;

/// The network as far as it could be lowered, and everything that is wrong with it.
pub(crate) struct Lowered {
    /// `None` when not even a name and an input are known.
    pub(crate) network: Option<Network>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Lowers a spec.
pub(crate) fn lower(spec: &Spec) -> Lowered {
    let mut lowerer = Lowerer::new(spec);
    let header = header::lower(&mut lowerer);
    lowerer.check_blocks();
    lowerer.check_defaults();

    let environment = Environment { parameters: BTreeMap::new(), globals: header.globals };
    let place = Place { path: "", environment: &environment, phase: Phase::Always };
    let mut heads = heads::Heads::new(spec);
    let mut trunk: Vec<Group> = Vec::new();
    let mut declared = Vec::new();
    let mut output = Source::Input;
    for section in &spec.sections {
        let Section::Body(items) = section else {
            declared.push(Declared::Head(declared.iter().filter(|d| matches!(d, Declared::Head(_))).count()));
            continue;
        };
        for (named, step) in lowerer.steps(items) {
            let group = lowerer.step(named, step, place, output);
            output = group.output;
            heads.attach(&mut lowerer, &group, trunk.len(), place);
            declared.push(Declared::Trunk(trunk.len()));
            trunk.push(group);
        }
    }
    let heads = heads.finish(&mut lowerer, &trunk, place);
    let outputs = heads::outputs(&mut lowerer, &heads);
    let Lowerer { operations, diagnostics, .. } = lowerer;
    let network = header.name.zip(header.input).map(|(name, input)| Network {
        name,
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
    operations: Vec<Operation>,
    /// Every path that is taken, and by what.
    paths: BTreeMap<String, Span>,
    /// The blocks whose calls are being expanded, outermost first.
    calls: Vec<&'a str>,
    /// How many calls have been expanded.
    expanded: usize,
    diagnostics: Vec<Diagnostic>,
}

/// Where something stands.
#[derive(Clone, Copy)]
struct Place<'e> {
    path: &'e str,
    environment: &'e Environment,
    phase: Phase,
}

/// What something is called: its own name, and the label by which heads know it.
struct Named {
    name: String,
    label: String,
    span: Span,
}

/// One step of a sequence; each row of a table is one.
#[derive(Clone, Copy)]
enum Step<'a> {
    Construct(&'a Construct),
    Row(&'a Table, &'a Row),
}

impl<'a> Lowerer<'a> {
    fn new(spec: &'a Spec) -> Self {
        Self {
            spec,
            operations: Vec::new(),
            paths: BTreeMap::new(),
            calls: Vec::new(),
            expanded: 0,
            diagnostics: Vec::new(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_MESSAGES {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The steps of a sequence and what they are called: by the author, or by their position.
    fn steps(&mut self, items: &'a [Item]) -> Vec<(Named, Step<'a>)> {
        let mut steps = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if let Construct::Table(table) = &item.construct {
                self.check_table(table);
                steps.extend(table.rows.iter().map(|row| (tables::name(table, row), Step::Row(table, row))));
                continue;
            }
            let (name, span) = match &item.name {
                Some(name) => (name.value.clone(), name.span),
                None => (index.to_string(), item.span),
            };
            steps.push((Named { label: name.clone(), name, span }, Step::Construct(&item.construct)));
        }
        steps
    }

    fn step(&mut self, named: Named, step: Step<'a>, place: Place<'_>, input: Source) -> Group {
        let path = self.claim(place.path, &named);
        let place = Place { path: &path, ..place };
        match step {
            Step::Construct(construct) => self.construct(construct, named, place, input),
            Step::Row(table, row) => self.row(table, row, named, place, input),
        }
    }

    /// Lowers what stands at `place`, whose path is its own.
    fn construct(&mut self, construct: &'a Construct, named: Named, place: Place<'_>, input: Source) -> Group {
        let start = self.operations.len();
        match construct {
            Construct::Expression(expression) => self.expression(expression, named, place, input),
            Construct::Sequence(items) => {
                let (children, output) = self.sequence(items, named.span, place, input);
                self.group(named, place, Content::Sequence(children), start, output)
            }
            Construct::Concat(items) => {
                let (children, output) = self.joined(Op::Concat(Concat), items, named.span, place, input);
                self.group(named, place, Content::Concat(children), start, output)
            }
            Construct::Add(items) => {
                let (children, output) = self.joined(Op::Add(Add), items, named.span, place, input);
                self.group(named, place, Content::Add(children), start, output)
            }
            // The readers let a table stand only where a sequence lets it become its rows.
            Construct::Table(_) | Construct::Repeat(_) | Construct::Invalid(_) => {
                self.group(named, place, Content::Sequence(Vec::new()), start, Source::Unknown)
            }
        }
    }

    fn sequence(&mut self, items: &'a [Item], span: Span, place: Place<'_>, input: Source) -> (Vec<Group>, Source) {
        let mut output = input;
        let mut children = Vec::new();
        for (named, step) in self.steps(items) {
            let child = self.step(named, step, place, output);
            output = child.output;
            children.push(child);
        }
        if children.is_empty() {
            self.report(Diagnostic::error(codes::MISSING, "a sequence without layers").at(span, "add a layer"));
        }
        (children, output)
    }

    /// Lowers branches that read the same value, and the operation that joins them.
    fn joined(
        &mut self,
        op: Op,
        items: &'a [Item],
        span: Span,
        place: Place<'_>,
        input: Source,
    ) -> (Vec<Group>, Source) {
        let mut children = Vec::new();
        for (named, step) in self.steps(items) {
            children.push(self.step(named, step, place, input));
        }
        if children.is_empty() {
            let message = format!("{} without branches", if op == Op::Add(Add) { "an add" } else { "a concat" });
            self.report(Diagnostic::error(codes::MISSING, message).at(span, "add a branch"));
            return (children, Source::Unknown);
        }
        let inputs = children.iter().map(|child| child.output).collect();
        let output = self.emit(Operation {
            op,
            inputs,
            path: place.path.into(),
            scope: place.path.into(),
            phase: place.phase,
            span,
            slots: Vec::new(),
        });
        (children, output)
    }

    /// Adds an operation, unless there are far too many already.
    fn emit(&mut self, operation: Operation) -> Source {
        if self.operations.len() == MOST_OPERATIONS {
            self.too_many("operations", operation.span);
        }
        self.operations.push(operation);
        Source::Operation(self.operations.len() - 1)
    }

    fn too_many(&mut self, what: &str, span: Span) {
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
            scope: place.path.into(),
            content,
            operations: start..self.operations.len(),
            output,
            assertions: Vec::new(),
            span: named.span,
        }
    }
}
