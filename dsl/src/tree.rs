//! The syntax tree: what a spec says, in either syntax, before anybody asks what the words mean.
//!
//! Numbers stay text here (`64`, `1e-4`, or four hundred digits); whoever gives a word its meaning also judges its range.
//! Trees compare equal when they say the same thing, wherever the words stand (see [`Spanned`]): the places of whole
//! parts are left out of the comparison too. Only [`Construct::Invalid`], which says nothing, is compared by its place.

mod display;
mod equality;

pub(crate) use display::joined;

use crate::source::{Span, Spanned};

/// A whole spec file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spec {
    /// `version: 1`, the version of the language.
    pub version: Option<Spanned<String>>,
    /// `network: GoogLeNet`.
    pub network: Option<Spanned<String>>,
    /// `input: 3x224x224`, channels x height x width.
    pub input: Option<Spanned<Value>>,
    /// `classes: 1000`.
    pub classes: Option<Spanned<Value>>,
    /// `use: [inception-v3]`: libraries whose blocks are known here.
    pub uses: Vec<Spanned<String>>,
    /// `defaults:`, by layer keyword, in file order.
    pub defaults: Vec<Defaults>,
    /// `lints: {kernel-name: allow}`, in file order.
    pub lints: Vec<LintLevel>,
    /// `published: szegedy2015`: the table that the network is held against, by name or path.
    pub published: Option<Spanned<String>>,
    /// `blocks:`, in file order.
    pub blocks: Vec<Block>,
    /// `stem`, `table`, `body` and the heads, in file order, which is the order in which parameters are registered.
    pub sections: Vec<Section>,
    /// `outputs: [main, aux2, aux1]`.
    pub outputs: Option<Spanned<Vec<Spanned<String>>>>,
    /// Parts that are there, by their keys in YAML, but could not be read: a message says why, and nobody should say that they
    /// are missing.
    pub unread: Vec<&'static str>,
}

/// A part of the spec that makes layers.
#[expect(clippy::large_enum_variant, reason = "a spec has a handful of sections")]
#[derive(Debug, Clone, PartialEq)]
pub enum Section {
    /// Items of the trunk: `stem` (named layers), `table` (one table item) or `body`. They follow one another.
    Body(Vec<Item>),
    /// One head.
    Head(Head),
}

/// `conv: bias activation=relu`: arguments that every layer of one keyword gets unless it says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// The layer keyword.
    pub keyword: Spanned<String>,
    /// Flags and attributes.
    pub arguments: Vec<Argument>,
}

/// `kernel-name: allow`: what becomes of what a lint finds.
#[derive(Debug, Clone, PartialEq)]
pub struct LintLevel {
    /// Its name or its code.
    pub lint: Spanned<String>,
    /// `allow`, `warn` or `deny`.
    pub level: Spanned<String>,
}

/// A template for a part of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The word by which it is called.
    pub name: Spanned<String>,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// Defaults of its own, for the layers that are written in it; they win over the spec's.
    pub defaults: Vec<Defaults>,
    /// What a call expands to: [`Construct::Sequence`], [`Construct::Concat`], [`Construct::Add`] or [`Construct::Invalid`].
    pub body: Construct,
}

/// A parameter of a block, `n1x1` or `stride=1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name, without the dollar sign.
    pub name: Spanned<String>,
    /// The value that it has when a call gives none.
    pub default: Option<Spanned<Value>>,
}

/// One step of a sequence, or one branch of a concat or an add.
#[derive(Debug, Clone)]
pub struct Item {
    /// The author's name for it, which is also its scope.
    pub name: Option<Spanned<String>>,
    /// Written in parentheses, `(residual)`: the name is no part of the paths of parameters.
    pub transparent: bool,
    /// What stands there.
    pub construct: Construct,
    /// Name and construct.
    pub span: Span,
}

/// What can stand at one place of a network.
#[derive(Debug, Clone, PartialEq)]
pub enum Construct {
    /// A layer, or a call of a block: `conv 7x7/2 64 -> 64x112x112`.
    Expression(Expression),
    /// Items one after the other.
    Sequence(Vec<Item>),
    /// Branches side by side, each with a name, their outputs joined along the channels.
    Concat(Vec<Item>),
    /// Branches side by side, each with a name, their outputs added value by value.
    Add(Vec<Item>),
    /// Items one after the other, the whole of it several times.
    Repeat(Repeat),
    /// A table of block calls with plain rows between.
    Table(Table),
    /// Something that a syntax error has already been reported for.
    Invalid(Span),
}

impl Construct {
    /// What stands at `span` as the items of a sequence: a list is its items, anything else is one item without a name.
    pub(crate) fn into_items(self, span: Span) -> Vec<Item> {
        match self {
            Self::Sequence(items) => items,
            Self::Expression(_)
            | Self::Concat(_)
            | Self::Add(_)
            | Self::Repeat(_)
            | Self::Table(_)
            | Self::Invalid(_) => vec![Item { name: None, transparent: false, construct: self, span }],
        }
    }

    /// What stands at `span` as the body of a block: a layer, a repeat or a table alone makes a sequence of one, and a
    /// sequence of nothing but one `concat` or `add` without a name is that.
    pub(crate) fn into_block_body(self, span: Span) -> Self {
        match self {
            Self::Sequence(items) => match <[Item; 1]>::try_from(items) {
                Ok([Item { name: None, construct: branches @ (Self::Concat(_) | Self::Add(_)), .. }]) => branches,
                Ok([item]) => Self::Sequence(vec![item]),
                Err(items) => Self::Sequence(items),
            },
            Self::Expression(_) | Self::Table(_) | Self::Repeat(_) => {
                Self::Sequence(vec![Item { name: None, transparent: false, construct: self, span }])
            }
            Self::Concat(_) | Self::Add(_) | Self::Invalid(_) => self,
        }
    }
}

/// `repeat: 4`, and what is repeated.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// How often.
    pub count: Spanned<Value>,
    /// What each time is made of.
    pub items: Vec<Item>,
}

/// A layer, or a call of a block.
#[derive(Debug, Clone)]
pub struct Expression {
    /// `conv`, or `$pool`.
    pub keyword: Spanned<Keyword>,
    /// Everything between keyword and arrow, in order.
    pub arguments: Vec<Argument>,
    /// `-> 64x112x112`: the author's claim about the output's shape.
    pub assertion: Option<Spanned<Vec<Spanned<Atom>>>>,
    /// What would part it from another layer at its place.
    pub separator: Separator,
    /// All of it.
    pub span: Span,
}

/// The sign that would begin another layer behind one. It belongs to the syntax: trees that differ in it alone are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// None: there is room for one layer.
    None,
    /// `,`, in the brackets of YAML.
    Comma,
    /// `;`, in the text language.
    Semicolon,
}

/// The first word of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyword {
    /// A layer kind or a block.
    Word(String),
    /// `$pool`: a parameter stands for it.
    Parameter(String),
}

/// One argument of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// `7x7/2`, `64`, `ceil`.
    Positional(Spanned<Value>),
    /// `alpha=1e-4`.
    Named {
        /// Left of the equals sign.
        key: Spanned<String>,
        /// Right of it.
        value: Spanned<Value>,
    },
}

/// The value of an argument, a table cell or a parameter's default.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Numbers or parameters joined by `x`, and perhaps more of them after a slash: `64`, `$n1x1`, `0.4`, `7x7/2`, `1x7/2x1`, `256x28x28`.
    Extents {
        /// Before the slash, at least one.
        sizes: Vec<Spanned<Atom>>,
        /// After the slash; empty when there is none.
        steps: Vec<Spanned<Atom>>,
    },
    /// Any other word: `ceil`, `relu`, `_`, `3a`.
    Word(String),
}

/// A number or a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Atom {
    /// The digits as written: `-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    Number(String),
    /// The name after a dollar sign.
    Parameter(String),
}

/// A table: each row a call of one block, or a plain item.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The block that rows of cells call, unless the column `block` names another.
    pub block: Option<Spanned<String>>,
    /// What comes before a row's name to make its scope: prefix `inception`, row `3a`, scope `inception3a`.
    pub prefix: Option<Spanned<String>>,
    /// The block's parameters by column, and the reserved columns `input` and `output`.
    pub columns: Vec<Spanned<String>>,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// As written: `3a`.
    pub name: Spanned<String>,
    /// What it holds.
    pub content: RowContent,
    /// Name and content.
    pub span: Span,
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq)]
pub enum RowContent {
    /// One value per column. How many there are is checked later.
    Cells(Vec<Spanned<Value>>),
    /// A plain row between the calls: `pool3: maxpool 3x3/2`. Boxed, because most rows of a large table are cells.
    Plain(Box<Construct>),
}

/// An output of the network that hangs off a named node.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its name, which is also its scope.
    pub name: Spanned<String>,
    /// Written in parentheses, `(main)`: the name is no part of the paths of parameters.
    pub transparent: bool,
    /// The node whose output it reads.
    pub from: Option<Spanned<String>>,
    /// Weight of its loss.
    pub weight: Option<Spanned<Value>>,
    /// `training` or `always`.
    pub when: Option<Spanned<String>>,
    /// The trunk's item after which its variables are registered, if not where the heads stand.
    pub declared: Option<Spanned<String>>,
    /// Its layers: a sequence, or one expression.
    pub layers: Construct,
    /// All of it.
    pub span: Span,
}

impl Spec {
    /// How many things the spec says under a key of its YAML form; parts of the trunk and heads count together.
    pub(crate) fn amount(&self, key: &str) -> usize {
        match key {
            "version" => self.version.iter().count(),
            "network" => self.network.iter().count(),
            "input" => self.input.iter().count(),
            "classes" => self.classes.iter().count(),
            "use" => self.uses.len(),
            "defaults" => self.defaults.len(),
            "lints" => self.lints.len(),
            "published" => self.published.iter().count(),
            "blocks" => self.blocks.len(),
            "outputs" => self.outputs.iter().count(),
            _ => self.sections.len(),
        }
    }
}
