//! A network as plain data, with every number that its spec holds.

use std::fmt;

/// A whole spec.
#[derive(Clone, PartialEq)]
pub(crate) struct Network {
    pub(crate) input: [u64; 3],
    pub(crate) classes: u64,
    /// Called `block0`, `block1`, and so on.
    pub(crate) blocks: Vec<Block>,
    pub(crate) trunk: Vec<Item>,
    /// Called `head0`, `head1`, and so on.
    pub(crate) heads: Vec<Head>,
}

/// A template. Its parameters are called `p0`, `p1`, and so on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) parameters: usize,
    /// A sequence, a concat or an add.
    pub(crate) body: Part,
}

/// An item of a sequence, or a branch, which always has a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) name: Option<String>,
    pub(crate) part: Part,
}

/// What can stand at one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Layer(Layer),
    Sequence(Vec<Item>),
    Concat(Vec<Item>),
    Add(Vec<Item>),
    Repeat(u64, Vec<Item>),
    /// A block by its index, and its arguments.
    Call(usize, Vec<Number>),
    Table(Table),
}

/// Rows that call one block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) block: usize,
    pub(crate) prefix: Option<String>,
    pub(crate) has_input: bool,
    pub(crate) has_output: bool,
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) content: RowContent,
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RowContent {
    /// Cells; the claims stand where the table has a column for them.
    Cells { arguments: Vec<u64>, input: Option<Vec<u64>>, output: Option<Vec<u64>> },
    /// A layer between the calls.
    Plain(Layer),
}

/// A head, which hangs off the end of the trunk or a named part of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub(crate) from: Option<String>,
    /// In tenths.
    pub(crate) weight: Option<u64>,
    pub(crate) only_in_training: bool,
    pub(crate) layers: Vec<Item>,
}

/// A layer, perhaps with a claim about its output.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layer {
    pub(crate) kind: Kind,
    pub(crate) claim: Option<Vec<u64>>,
}

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Literal(u64),
    /// A parameter of the block, by its index.
    Parameter(usize),
    /// `$in`.
    Incoming,
    /// `$classes`.
    Classes,
}

/// What a layer does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Conv {
        window: Window,
        channels: Number,
        groups: Option<u64>,
        extras: Extras,
    },
    Depthwise {
        window: Window,
        multiplier: Option<u64>,
        extras: Extras,
    },
    Pool {
        pooling: Pooling,
        window: Window,
        ceil: bool,
        /// Whether zeros around the map count in a mean.
        counts_pad: bool,
    },
    GlobalPool(Pooling),
    AdaptivePool(Pooling, Vec<u64>),
    Linear {
        features: Number,
        bias: bool,
        activation: Option<&'static str>,
    },
    Flatten,
    /// Into vectors of so many values, whichever sample they come from.
    Reshape(u64),
    BatchNorm,
    Lrn(u64),
    /// Keeps the shape and has nothing to say.
    Plain(&'static str),
    /// In tenths.
    Dropout(u64),
    /// In tenths.
    Scale(u64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pooling {
    Max,
    Average,
}

/// What may stand beside a convolution.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Extras {
    pub(crate) bias: bool,
    pub(crate) norm: Norm,
    pub(crate) activation: Option<&'static str>,
    /// What comes first, where that is said.
    pub(crate) order: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Norm {
    None,
    Batch,
    Lrn(u64),
}

/// A window, as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) kernel: [u64; 2],
    /// One or two numbers, or none.
    pub(crate) stride: Vec<Number>,
    /// One, two or four numbers, or none.
    pub(crate) pad: Vec<u64>,
    /// One or two numbers, or none.
    pub(crate) dilation: Vec<u64>,
}

impl Kind {
    /// The word that a layer starts with.
    pub(crate) fn keyword(&self) -> &'static str {
        match self {
            Self::Conv { .. } => "conv",
            Self::Depthwise { .. } => "depthwise",
            Self::Pool { pooling, .. } | Self::GlobalPool(pooling) | Self::AdaptivePool(pooling, _) => {
                pooling.keyword()
            }
            Self::Linear { .. } => "linear",
            Self::Flatten => "flatten",
            Self::Reshape(_) => "reshape",
            Self::BatchNorm => "batchnorm",
            Self::Lrn(_) => "lrn",
            Self::Plain(word) => word,
            Self::Dropout(_) => "dropout",
            Self::Scale(_) => "scale",
        }
    }
}

impl Pooling {
    fn keyword(self) -> &'static str {
        match self {
            Self::Max => "maxpool",
            Self::Average => "avgpool",
        }
    }
}

/// As its spec, which is what one wants to see of a network for which a property does not hold.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", super::write::yaml(self).text)
    }
}

impl Network {
    /// Every number of the spec, in the order in which it is written.
    pub(crate) fn numbers(&mut self) -> Vec<&mut u64> {
        let mut found: Vec<&mut u64> = self.input.iter_mut().collect();
        found.push(&mut self.classes);
        self.blocks.iter_mut().for_each(|block| part(&mut block.body, &mut found));
        items(&mut self.trunk, &mut found);
        for head in &mut self.heads {
            found.extend(&mut head.weight);
            items(&mut head.layers, &mut found);
        }
        found
    }
}

fn items<'a>(items: &'a mut [Item], found: &mut Vec<&'a mut u64>) {
    for item in items {
        part(&mut item.part, found);
    }
}

fn part<'a>(part: &'a mut Part, found: &mut Vec<&'a mut u64>) {
    match part {
        Part::Layer(written) => layer(written, found),
        Part::Sequence(inside) | Part::Concat(inside) | Part::Add(inside) => items(inside, found),
        Part::Repeat(count, inside) => {
            found.push(count);
            items(inside, found);
        }
        Part::Call(_, arguments) => arguments.iter_mut().for_each(|argument| literal(argument, found)),
        Part::Table(table) => {
            for row in &mut table.rows {
                match &mut row.content {
                    RowContent::Cells { arguments, input, output } => {
                        found.extend(arguments);
                        found.extend(input.iter_mut().flatten());
                        found.extend(output.iter_mut().flatten());
                    }
                    RowContent::Plain(written) => layer(written, found),
                }
            }
        }
    }
}

fn layer<'a>(layer: &'a mut Layer, found: &mut Vec<&'a mut u64>) {
    match &mut layer.kind {
        Kind::Conv { window, channels, groups, extras } => {
            geometry(&mut window.kernel, &mut window.stride, found);
            literal(channels, found);
            found.extend(groups);
            found.extend(window.pad.iter_mut().chain(&mut window.dilation));
            norm(extras, found);
        }
        Kind::Depthwise { window, multiplier, extras } => {
            geometry(&mut window.kernel, &mut window.stride, found);
            found.extend(multiplier);
            found.extend(window.pad.iter_mut().chain(&mut window.dilation));
            norm(extras, found);
        }
        Kind::Pool { window, .. } => {
            geometry(&mut window.kernel, &mut window.stride, found);
            found.extend(window.pad.iter_mut().chain(&mut window.dilation));
        }
        Kind::AdaptivePool(_, sizes) => found.extend(sizes),
        Kind::Linear { features, .. } => literal(features, found),
        Kind::Reshape(number) | Kind::Lrn(number) | Kind::Dropout(number) | Kind::Scale(number) => found.push(number),
        Kind::GlobalPool(_) | Kind::Flatten | Kind::BatchNorm | Kind::Plain(_) => {}
    }
    found.extend(layer.claim.iter_mut().flatten());
}

fn geometry<'a>(kernel: &'a mut [u64; 2], stride: &'a mut [Number], found: &mut Vec<&'a mut u64>) {
    found.extend(kernel);
    for number in stride {
        literal(number, found);
    }
}

fn literal<'a>(number: &'a mut Number, found: &mut Vec<&'a mut u64>) {
    if let Number::Literal(number) = number {
        found.push(number);
    }
}

fn norm<'a>(extras: &'a mut Extras, found: &mut Vec<&'a mut u64>) {
    if let Norm::Lrn(size) = &mut extras.norm {
        found.push(size);
    }
}
