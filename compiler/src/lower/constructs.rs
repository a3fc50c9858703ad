//! Sequences, branches, repeats: what stands around layers and calls.
//!
//! `None` stands for what is left out because it needs a value that an empty cell gives.

use std::sync::Arc;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::{Construct, Item, Repeat, Row, Table};

use super::names::join;
use super::values::NoValue;
use super::{Lowerer, Named, Place, tables};
use crate::codes;
use crate::network::{Content, Group, Operation, Source};
use crate::ops::{Add, Concat, Op};

/// More copies than anybody makes.
const MOST_COPIES: u64 = 10_000;

/// One step of a sequence; each row of a table is one.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// At this position, if it has no name.
    Item(&'a Item, usize),
    /// One copy of a repeat without a name, at this position.
    Copy(&'a Item, &'a Repeat, usize),
    Row(&'a Table, &'a Row),
}

impl Step<'_> {
    /// What it is called: by the author, or by its position.
    fn named(self) -> Named {
        match self {
            Self::Item(item, position) | Self::Copy(item, _, position) => named(item, position),
            Self::Row(table, row) => tables::name(table, row),
        }
    }
}

impl Lowerer<'_> {
    /// The steps of a sequence.
    fn steps<'i>(&mut self, items: &'i [Item], place: Place<'_>) -> Vec<Step<'i>> {
        let mut steps = Vec::new();
        let mut position = 0;
        for item in items {
            self.steps_of(item, &mut position, place, &mut steps);
        }
        steps
    }

    /// Adds the steps of an item. The copies of a repeat without a name take one position after the other.
    pub(super) fn steps_of<'i>(
        &mut self,
        item: &'i Item,
        position: &mut usize,
        place: Place<'_>,
        steps: &mut Vec<Step<'i>>,
    ) {
        if let (None, Construct::Repeat(repeat)) = (&item.name, &item.construct)
            && let Some(copies) = self.copies(repeat, item.span, place)
        {
            steps.extend((*position..*position + copies).map(|index| Step::Copy(item, repeat, index)));
            *position += copies;
            return;
        }
        if let Construct::Table(table) = &item.construct {
            self.check_table(table);
            steps.extend(table.rows.iter().map(|row| Step::Row(table, row)));
        } else {
            steps.push(Step::Item(item, *position));
        }
        *position += 1;
    }

    pub(super) fn step(&mut self, step: Step<'_>, place: Place<'_>) -> Option<Group> {
        let named = step.named();
        let (path, scope) = self.claim(place, &named);
        let place = Place { path: &path, scope: &scope, ..place };
        match step {
            Step::Item(item, _) => self.construct(&item.construct, named, place),
            Step::Copy(_, repeat, _) => self.copy(&repeat.items, named, place),
            Step::Row(table, row) => self.row(table, row, named, place),
        }
    }

    /// Lowers what stands at `place`, whose path is its own.
    pub(super) fn construct(&mut self, construct: &Construct, named: Named, place: Place<'_>) -> Option<Group> {
        let start = self.operations.len();
        let (content, output) = match construct {
            Construct::Expression(expression) => return self.expression(expression, named, place),
            Construct::Repeat(repeat) => self.repeat(repeat, named.span, place)?,
            Construct::Sequence(_) | Construct::Concat(_) | Construct::Add(_) => {
                self.body(construct, named.span, place)?
            }
            // The readers let a table stand only where a sequence lets it become its rows.
            Construct::Table(_) | Construct::Invalid(_) => (Content::Sequence(Vec::new()), Source::Unknown),
        };
        Some(self.group(named, place, content, start, output))
    }

    /// What a group or a block holds: a sequence, or branches.
    pub(super) fn body(&mut self, construct: &Construct, span: Span, place: Place<'_>) -> Option<(Content, Source)> {
        match construct {
            Construct::Sequence(items) => {
                let (children, output) = self.sequence(items, span, place)?;
                Some((Content::Sequence(children), output))
            }
            Construct::Concat(items) => {
                let (children, output) = self.joined(Op::Concat(Concat), items, span, place);
                Some((Content::Concat(children), output))
            }
            Construct::Add(items) => {
                let (children, output) = self.joined(Op::Add(Add), items, span, place);
                Some((Content::Add(children), output))
            }
            Construct::Expression(_) | Construct::Table(_) | Construct::Repeat(_) | Construct::Invalid(_) => {
                Some((Content::Sequence(Vec::new()), Source::Unknown))
            }
        }
    }

    fn sequence(&mut self, items: &[Item], span: Span, place: Place<'_>) -> Option<(Vec<Group>, Source)> {
        let steps = self.steps(items, place);
        if items.is_empty() {
            self.report(Diagnostic::error(codes::MISSING, "a sequence without layers").at(span, "add a layer"));
            return Some((Vec::new(), place.input));
        }
        let mut output = place.input;
        let mut children = Vec::with_capacity(steps.len());
        let around = std::mem::take(&mut self.names);
        for step in steps {
            if self.has_too_many {
                break;
            }
            if let Some(child) = self.step(step, Place { input: output, ..place }) {
                output = child.output;
                children.push(child);
            }
        }
        self.names = around;
        if self.has_too_many {
            return Some((children, Source::Unknown));
        }
        (!children.is_empty()).then_some((children, output))
    }

    /// Lowers branches that read the same value, and the operation that joins them.
    fn joined(&mut self, op: Op, items: &[Item], span: Span, place: Place<'_>) -> (Vec<Group>, Source) {
        let steps = self.steps(items, place);
        let mut children = Vec::with_capacity(steps.len());
        let around = std::mem::take(&mut self.names);
        for step in steps {
            if self.has_too_many {
                break;
            }
            children.extend(self.step(step, place));
        }
        self.names = around;
        if self.has_too_many {
            return (children, Source::Unknown);
        }
        if children.is_empty() {
            let which = if op == Op::Add(Add) { "an add" } else { "a concat" };
            let message = format!("{which} without branches");
            let diagnostic = Diagnostic::error(codes::MISSING, message);
            self.report(if items.is_empty() {
                diagnostic.at(span, "add a branch")
            } else {
                diagnostic.at(span, "no branch is left: every one needs a value that is `_`")
            });
            return (children, Source::Unknown);
        }
        let inputs = children.iter().map(|child| child.output).collect();
        let output = self.emit(Operation {
            op,
            inputs,
            path: place.path.into(),
            scope: place.scope.into(),
            phase: place.phase,
            span,
            slots: Arc::default(),
            end: None,
            is_doubtful: false,
        });
        (children, output)
    }

    /// How many copies a repeat without a name makes: none where an empty cell counts them. `None` when that is a mistake,
    /// which is reported where the repeat is lowered.
    fn copies(&mut self, repeat: &Repeat, span: Span, place: Place<'_>) -> Option<usize> {
        match count(repeat, place) {
            Ok(count) => Some((0..count).take_while(|_| !self.is_full(span)).count()),
            Err(NoValue::Empty) => Some(0),
            Err(NoValue::Wrong(_) | NoValue::Unknown) => None,
        }
    }

    /// Lowers copies, called 0, 1 and so on. A copy of one item without a name is that item; other copies are sequences.
    fn repeat(&mut self, repeat: &Repeat, span: Span, place: Place<'_>) -> Option<(Content, Source)> {
        let failed = Some((Content::Repeat(Vec::new()), Source::Unknown));
        let count = match count(repeat, place) {
            Ok(count) => count,
            Err(NoValue::Empty) => return None,
            Err(reason) => {
                self.refuse(reason);
                return failed;
            }
        };
        let mut output = place.input;
        let mut copies = Vec::new();
        for copy in 0..count {
            if self.is_full(span) {
                return failed;
            }
            let copy = copy.to_string();
            let (path, scope) = (join(place.path, &copy), join(place.scope, &copy));
            let place = Place { path: &path, scope: &scope, input: output, ..place };
            let named = Named { label: copy.clone(), name: copy, transparent: false, span };
            if let Some(group) = self.copy(&repeat.items, named, place) {
                output = group.output;
                copies.push(group);
            }
        }
        (!copies.is_empty()).then_some((Content::Repeat(copies), output))
    }

    fn copy(&mut self, items: &[Item], named: Named, place: Place<'_>) -> Option<Group> {
        if let [Item { name: None, construct, span, .. }] = items
            && !matches!(construct, Construct::Table(_))
        {
            return self.construct(construct, Named { span: *span, ..named }, place);
        }
        let start = self.operations.len();
        let (children, output) = self.sequence(items, named.span, place)?;
        Some(self.group(named, place, Content::Sequence(children), start, output))
    }
}

/// How many copies a repeat makes.
fn count(repeat: &Repeat, place: Place<'_>) -> Result<u64, NoValue> {
    let count = place.environment.resolve(&repeat.count)?;
    if count.is_empty() {
        return Err(NoValue::Empty);
    }
    let Some(number) = count.single() else {
        let message = format!("`repeat` needs a number of copies, not `{}`", count.text());
        return Err(Diagnostic::error(codes::WRONG_VALUE, message).at(count.span, "not a number").into());
    };
    Ok(number.whole("the number of copies", 1..=MOST_COPIES)?)
}

/// What an item is called: by the author, or by its position.
fn named(item: &Item, index: usize) -> Named {
    let (name, span) = match &item.name {
        Some(name) => (name.value.clone(), name.span),
        None => (index.to_string(), item.span),
    };
    Named { label: name.clone(), name, transparent: item.transparent, span }
}
