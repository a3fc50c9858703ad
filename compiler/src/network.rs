//! The lowered network: a flat list of operations in execution order, and the groups that remember how the spec put it.
//!
//! Plain data. Nothing here is derived from shapes, so it exists also for networks whose shapes do not fit. Networks
//! compare equal when they say the same, wherever the words stand.

mod equality;

use std::ops::Range;
use std::sync::Arc;

use googlenetc_dsl::source::{Span, Spanned};

use crate::ops::Op;

/// A network whose words have been understood.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Network {
    /// `network:`.
    pub name: Spanned<String>,
    /// Channels, height, width of the input.
    pub input: Spanned<[u64; 3]>,
    /// Whether the input's height and width are those that the spec declares, for which alone it asserts heights and widths.
    pub has_declared_size: bool,
    /// `classes:`, if the spec says it.
    pub classes: Option<Spanned<u64>>,
    /// Every operation, in execution order. Inputs always stand before their readers.
    pub operations: Vec<Operation>,
    /// The items of the trunk, in order.
    pub trunk: Vec<Group>,
    /// The heads, as declared.
    pub heads: Vec<Head>,
    /// Trunk items and heads in the order of their declaration, which is the order in which variables are registered.
    pub declared: Vec<Declared>,
    /// Indices into `heads`: the order of the outputs. The first is the one that predicts.
    pub outputs: Vec<usize>,
}

/// Something that the spec declares at its top level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// An item of the trunk, by index.
    Trunk(usize),
    /// A head, by index.
    Head(usize),
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The network's input.
    Input,
    /// The output of this operation.
    Operation(usize),
    /// Something that could not be lowered; an error has been reported.
    Unknown,
}

/// When a part of the network runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Only while training.
    Training,
    /// While training and at inference.
    Always,
}

impl Phase {
    /// Whether what runs in this phase runs in training, or at inference.
    pub(crate) fn runs(self, training: bool) -> bool {
        training || self == Self::Always
    }
}

/// One primitive operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// What it reads.
    pub inputs: Vec<Source>,
    /// Its name for observers; the last operation of a layer has the layer's own path.
    pub path: String,
    /// Where its variables are registered.
    pub scope: String,
    /// When it runs.
    pub phase: Phase,
    /// Where it was written.
    pub span: Span,
    /// Attributes whose values were written somewhere, and where.
    pub slots: Arc<[Slot]>,
    /// Behind the last of its attributes, where another can be written; `None` where none is written, or where the source says
    /// the layer in other characters.
    pub end: Option<Span>,
    /// Whether an attribute is wrong, for which there is a message, so that nobody knows the size of what comes out.
    pub is_doubtful: bool,
}

/// Where the value of an attribute was written.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Slot {
    /// The attribute, `channels` or `stride_height`.
    pub name: &'static str,
    /// Where its value stands: for a parameter, where the call gives it, such as a table's cell.
    pub span: Span,
    /// The parameter of the enclosing block that it was written as.
    pub parameter: Option<Box<str>>,
}

/// The author's claim about a shape.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Assertion {
    /// Three sizes for maps, one for a vector.
    pub sizes: Vec<u64>,
    /// What the claim is about.
    pub subject: Source,
    /// Whether it is about what goes in (column `input`) or what comes out.
    pub direction: Direction,
    /// Where it was written.
    pub span: Span,
}

/// Which side of a layer an assertion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `input` of a row.
    Input,
    /// `->`, or `output` of a row.
    Output,
}

/// A part of the network as the spec has it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Group {
    /// Its own name: the author's, or its position in a sequence.
    pub name: String,
    /// The name by which heads find it, as written: row `3a` of prefix `inception` is `3a` here and `inception3a` above.
    pub label: String,
    /// Its whole path.
    pub path: String,
    /// Where its variables are registered: the path without the names that are in parentheses.
    pub scope: String,
    /// What it is.
    pub content: Content,
    /// Its operations; none where a value passes through.
    pub operations: Range<usize>,
    /// What it reads.
    pub input: Source,
    /// What it hands on.
    pub output: Source,
    /// When it runs.
    pub phase: Phase,
    /// Claims about it.
    pub assertions: Vec<Assertion>,
    /// Where it was written.
    pub span: Span,
}

/// What a group is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A layer, by its keyword; its operations follow one another.
    Layer(&'static str),
    /// Groups one after the other.
    Sequence(Vec<Group>),
    /// Branches that read the same value; the group's last operation joins them.
    Concat(Vec<Group>),
    /// Branches that read the same value; the group's last operation adds them.
    Add(Vec<Group>),
    /// Groups one after the other, each a copy of the same.
    Repeat(Vec<Group>),
    /// A call of a block, and what it expanded to.
    Call(Box<Call>),
}

/// A call of a block.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The block's name.
    pub block: String,
    /// The row's name, when a table makes the call.
    pub row: Option<String>,
    /// A value per parameter, in the block's order.
    pub arguments: Vec<CallArgument>,
    /// [`Content::Sequence`], [`Content::Concat`] or [`Content::Add`].
    pub body: Content,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallArgument {
    /// The parameter.
    pub name: String,
    /// Its value in words: `64`.
    pub value: String,
    /// The parameter of the enclosing block that the value was written as.
    pub parameter: Option<String>,
}

/// An output of the network.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Head {
    /// Its name.
    pub name: Spanned<String>,
    /// The label or path of the node whose output it reads.
    pub from: String,
    /// That output.
    pub source: Source,
    /// Index of the trunk's item that is the node or holds it; the head's operations come right after that item's.
    pub after: usize,
    /// Weight of its loss.
    pub weight: f64,
    /// When it runs.
    pub phase: Phase,
    /// Where that was written, if it was.
    pub when: Option<Span>,
    /// Its layers: a group whose path is the head's name.
    pub layers: Group,
}

impl Network {
    /// What the network delivers first: the output of its first head, or of its trunk where part of a network has no head.
    pub fn output(&self) -> Source {
        let head = self.outputs.first().map(|index| self.heads[*index].layers.output);
        head.or_else(|| self.trunk.last().map(|group| group.output)).unwrap_or(Source::Input)
    }

    /// Operations in the order in which their variables are registered.
    pub(crate) fn registration_order(&self) -> impl Iterator<Item = usize> {
        self.declared.iter().flat_map(|declared| match *declared {
            Declared::Trunk(index) => self.trunk[index].operations.clone(),
            Declared::Head(index) => self.heads[index].layers.operations.clone(),
        })
    }

    /// Every layer as written, in execution order, with its group.
    pub fn layers(&self) -> Vec<&Group> {
        let mut layers = Vec::new();
        for group in self.trunk.iter().chain(self.heads.iter().map(|head| &head.layers)) {
            group.collect_layers(&mut layers);
        }
        layers.sort_by_key(|group| group.operations.start);
        layers
    }

    /// Every group, parents before children.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.trunk.iter().chain(self.heads.iter().map(|head| &head.layers)).collect();
        let mut next = 0;
        while let Some(group) = groups.get(next) {
            groups.extend(group.content.children());
            next += 1;
        }
        groups
    }
}

impl Group {
    fn collect_layers<'a>(&'a self, layers: &mut Vec<&'a Group>) {
        if let Content::Layer(_) = self.content {
            layers.push(self);
        }
        for child in self.content.children() {
            child.collect_layers(layers);
        }
    }
}

impl Content {
    /// The groups directly inside.
    pub fn children(&self) -> &[Group] {
        match self {
            Self::Layer(_) => &[],
            Self::Sequence(children) | Self::Concat(children) | Self::Add(children) | Self::Repeat(children) => {
                children
            }
            Self::Call(call) => call.body.children(),
        }
    }
}

impl Operation {
    /// Where the value of an attribute was written, if it was.
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }
}
