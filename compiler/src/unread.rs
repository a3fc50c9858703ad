//! Parameters of blocks that nothing in the block reads. A network has only values, so they are noted while there is a tree.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::source::{SourceId, Span, Spanned};
use googlenetc_dsl::tree::{
    Argument, Atom, Block, Construct, Expression, Keyword, RowContent, Section, Spec, Table, Value,
};

use crate::settings::Changes;

/// A parameter that its block does not read.
#[derive(Debug)]
pub(crate) struct UnreadParameter {
    /// The block's name.
    pub(crate) block: String,
    /// The parameter.
    pub(crate) name: Spanned<String>,
    /// The first place where a call gives it a value.
    pub(crate) given: Option<Span>,
}

/// Parameters that no one reads, by block and name, and where a call first gives each a value.
type Unread<'t> = BTreeMap<(&'t str, &'t str), Option<Span>>;

/// The parameters that the blocks of the spec itself do not read, in file order; those of its libraries are left out. So are those
/// of a block that takes the place of another, which must have the same parameters.
pub(crate) fn parameters(spec: &Spec, changes: &Changes, main: SourceId) -> Vec<UnreadParameter> {
    let exchanged: BTreeSet<&str> = changes.exchanges.values().map(|(_, to)| to.value.as_str()).collect();
    let is_meant = |block: &&Block| block.name.span.source == main && !exchanged.contains(block.name.value.as_str());
    let own: Vec<&Block> = spec.blocks.iter().filter(is_meant).collect();
    let mut unread = Unread::new();
    for block in &own {
        let read = read(block);
        let names = block.parameters.iter().map(|parameter| parameter.name.value.as_str());
        unread.extend(names.filter(|name| !read.contains(name)).map(|name| ((block.name.value.as_str(), name), None)));
    }
    if !unread.is_empty() {
        note_calls(spec, &mut unread);
    }
    let each =
        own.iter().flat_map(|block| block.parameters.iter().map(move |parameter| (&block.name.value, &parameter.name)));
    each.filter_map(|(block, name)| {
        let given = *unread.get(&(block.as_str(), name.value.as_str()))?;
        Some(UnreadParameter { block: block.clone(), name: name.clone(), given })
    })
    .collect()
}

/// The names behind a dollar sign in a block.
fn read(block: &Block) -> BTreeSet<&str> {
    let mut read = BTreeSet::new();
    let defaults = block.defaults.iter().flat_map(|defaults| &defaults.arguments);
    read.extend(defaults.flat_map(|argument| value(&argument_value(argument).value)));
    walk(&block.body, &mut |construct| match construct {
        Construct::Expression(Expression { keyword, arguments, assertion, .. }) => {
            if let Keyword::Parameter(name) = &keyword.value {
                read.insert(name);
            }
            read.extend(arguments.iter().flat_map(|argument| value(&argument_value(argument).value)));
            read.extend(assertion.iter().flat_map(|sizes| &sizes.value).filter_map(parameter));
        }
        Construct::Repeat(repeat) => read.extend(value(&repeat.count.value)),
        Construct::Table(table) => {
            let cells = table.rows.iter().filter_map(|row| match &row.content {
                RowContent::Cells(cells) => Some(cells),
                RowContent::Plain(_) => None,
            });
            read.extend(cells.flatten().flat_map(|cell| value(&cell.value)));
        }
        Construct::Sequence(_) | Construct::Concat(_) | Construct::Add(_) | Construct::Invalid(_) => {}
    });
    read
}

/// Notes where calls first give values to parameters that are not read.
fn note_calls<'t>(spec: &'t Spec, unread: &mut Unread<'t>) {
    let blocks: BTreeMap<&str, &Block> = spec.blocks.iter().map(|block| (block.name.value.as_str(), block)).collect();
    let mut note = |block: &'t str, name: &'t str, span: Span| {
        if let Some(given) = unread.get_mut(&(block, name)) {
            given.get_or_insert(span);
        }
    };
    let mut see = |construct: &'t Construct| match construct {
        Construct::Expression(Expression {
            keyword: Spanned { value: Keyword::Word(word), .. }, arguments, ..
        }) => {
            let Some(block) = blocks.get(word.as_str()) else { return };
            let mut names = block.parameters.iter().map(|parameter| parameter.name.value.as_str());
            for argument in arguments {
                match argument {
                    Argument::Positional(value) => {
                        if let Some(name) = names.next() {
                            note(word, name, value.span);
                        }
                    }
                    Argument::Named { key, .. } => note(word, &key.value, key.span),
                }
            }
        }
        Construct::Table(Table { block: Some(block), columns, .. }) => {
            for column in columns {
                note(&block.value, &column.value, column.span);
            }
        }
        Construct::Expression(_)
        | Construct::Table(_)
        | Construct::Sequence(_)
        | Construct::Concat(_)
        | Construct::Add(_)
        | Construct::Repeat(_)
        | Construct::Invalid(_) => {}
    };
    for section in &spec.sections {
        match section {
            Section::Body(items) => items.iter().for_each(|item| walk(&item.construct, &mut see)),
            Section::Head(head) => walk(&head.layers, &mut see),
        }
    }
    spec.blocks.iter().for_each(|block| walk(&block.body, &mut see));
}

/// Shows everything in a construct, itself first.
fn walk<'t>(construct: &'t Construct, see: &mut dyn FnMut(&'t Construct)) {
    see(construct);
    match construct {
        Construct::Sequence(items) | Construct::Concat(items) | Construct::Add(items) => {
            for item in items {
                walk(&item.construct, see);
            }
        }
        Construct::Repeat(repeat) => repeat.items.iter().for_each(|item| walk(&item.construct, see)),
        Construct::Table(table) => {
            for row in &table.rows {
                if let RowContent::Plain(construct) = &row.content {
                    walk(construct, see);
                }
            }
        }
        Construct::Expression(_) | Construct::Invalid(_) => {}
    }
}

fn argument_value(argument: &Argument) -> &Spanned<Value> {
    match argument {
        Argument::Positional(value) | Argument::Named { value, .. } => value,
    }
}

/// The parameters in a value.
fn value(value: &Value) -> impl Iterator<Item = &str> {
    let (sizes, steps) = match value {
        Value::Extents { sizes, steps } => (&sizes[..], &steps[..]),
        Value::Word(_) => (&[][..], &[][..]),
    };
    sizes.iter().chain(steps).filter_map(parameter)
}

fn parameter(atom: &Spanned<Atom>) -> Option<&str> {
    match &atom.value {
        Atom::Parameter(name) => Some(name),
        Atom::Number(_) => None,
    }
}
