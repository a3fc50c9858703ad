//! What boxes say: operations in the words of the language.

use std::collections::BTreeMap;

use crate::CheckedNetwork;
use crate::network::{Content, Group, Source};
use crate::ops::{AdaptivePool, Convolution, Family, Op, Pooling, Window};
use crate::shape::Shape;

/// What kind of thing a box is, which gives it its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The network's input, and outputs of heads.
    Terminal,
    /// Convolutions.
    Convolution,
    /// Fully connected layers.
    Linear,
    /// Pools of every kind.
    Pool,
    /// Normalisations.
    Norm,
    /// Non-linearities.
    Activation,
    /// Where branches meet.
    Join,
    /// What only passes values on, in another form or by chance.
    Other,
    /// A part of the network that is not opened.
    Block,
}

impl Role {
    pub(super) const ALL: [Self; 9] = [
        Self::Terminal,
        Self::Convolution,
        Self::Linear,
        Self::Pool,
        Self::Norm,
        Self::Activation,
        Self::Join,
        Self::Other,
        Self::Block,
    ];

    fn of(op: &Op) -> Self {
        match op.rule().family() {
            Family::Convolution => Self::Convolution,
            Family::Linear => Self::Linear,
            Family::Pool => Self::Pool,
            Family::Norm => Self::Norm,
            Family::Activation => Self::Activation,
            Family::Join => Self::Join,
            Family::Form | Family::Multiple => Self::Other,
        }
    }

    /// The name of its class in SVG and Mermaid.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Convolution => "conv",
            Self::Linear => "linear",
            Self::Pool => "pool",
            Self::Norm => "norm",
            Self::Activation => "activation",
            Self::Join => "join",
            Self::Other => "other",
            Self::Block => "block",
        }
    }

    /// Fill and outline on white paper. Pools are red and convolutions blue, as in the paper's figure.
    pub(super) fn colors(self) -> [&'static str; 2] {
        match self {
            Self::Terminal => ["#ffffff", "#57606a"],
            Self::Convolution => ["#dbe9fb", "#5b8fd0"],
            Self::Linear => ["#e6dff8", "#8a6fcb"],
            Self::Pool => ["#fbdedd", "#d0706b"],
            Self::Norm => ["#d9f0df", "#5ba672"],
            Self::Activation => ["#fdedc8", "#c99a2e"],
            Self::Join => ["#dde2e8", "#7b8794"],
            Self::Other => ["#f1f3f5", "#98a2ad"],
            Self::Block => ["#d5eff0", "#4a9da1"],
        }
    }
}

/// The operation that gives a layer its name: the convolution or linear layer among its norms and activations.
pub(super) fn principal(checked: &CheckedNetwork, group: &Group) -> usize {
    let is_weighted =
        |index: &usize| matches!(Role::of(&checked.network().operations[*index].op), Role::Convolution | Role::Linear);
    group.operations.clone().find(is_weighted).unwrap_or(group.operations.start)
}

/// The kind of a layer.
pub(super) fn role(checked: &CheckedNetwork, group: &Group) -> Role {
    Role::of(&checked.network().operations[principal(checked, group)].op)
}

/// An operation as a spec would write it, without what the shapes around it say.
pub(super) fn operation(checked: &CheckedNetwork, index: usize) -> String {
    let operation = &checked.network().operations[index];
    match &operation.op {
        Op::Convolution(convolution) => {
            let input = operation.inputs.first().map_or(checked.input(), |source| checked.shape(*source));
            self::convolution(convolution, input)
        }
        Op::Linear(linear) => format!("linear {}", linear.features),
        Op::MaxPool(pool) => format!("maxpool {}", patch(&pool.window)),
        Op::AvgPool(pool) => format!("avgpool {}", patch(&pool.window)),
        Op::AdaptivePool(pool) => adaptive(pool),
        Op::BatchNorm(_) => "batchnorm".into(),
        Op::LocalResponseNorm(norm) => format!("lrn {}", norm.size),
        Op::ChannelAffine(_) => "normalize".into(),
        Op::Activation(activation) => activation.name().into(),
        Op::Softmax(_) => "softmax".into(),
        Op::Concat(_) => "concat".into(),
        Op::Add(_) => "add".into(),
        Op::Scale(scale) => format!("scale {}", scale.factor),
        Op::Dropout(dropout) => format!("dropout {}", dropout.p),
        Op::Flatten(_) => "flatten".into(),
        Op::Reshape(reshape) => format!("reshape {}", reshape.features),
    }
}

fn convolution(convolution: &Convolution, input: Shape) -> String {
    let is_depthwise = convolution.groups > 1 && convolution.groups == input.channels();
    let word = if is_depthwise { "depthwise" } else { "conv" };
    let patch = patch(&convolution.window);
    let groups = match convolution.groups {
        1 => String::new(),
        _ if is_depthwise => String::new(),
        groups => format!(" groups={groups}"),
    };
    format!("{word} {}{groups}", patch.strip_suffix("/1").unwrap_or(&patch))
}

fn patch(window: &Window) -> String {
    let [rows, columns] = window.dilation;
    match (rows, columns) {
        (1, 1) => window.patch(),
        _ if rows == columns => format!("{} dilation={rows}", window.patch()),
        _ => format!("{} dilation={rows}x{columns}", window.patch()),
    }
}

fn adaptive(pool: &AdaptivePool) -> String {
    let word = match pool.pooling {
        Pooling::Max => "maxpool",
        Pooling::Average => "avgpool",
    };
    match pool.size {
        [1, 1] => format!("{word} global"),
        [rows, columns] => format!("{word} adaptive={rows}x{columns}"),
    }
}

/// Which operations most convolutions and most linear layers of a network consist of, so that boxes only say what is unusual.
pub(super) struct Usual {
    convolution: Vec<&'static str>,
    linear: Vec<&'static str>,
}

impl Usual {
    pub(super) fn of(checked: &CheckedNetwork) -> Self {
        let most_frequent = |role: Role| {
            let mut counts: BTreeMap<Vec<&'static str>, usize> = BTreeMap::new();
            let layers = checked.network().layers().into_iter().filter(|group| !group.operations.is_empty());
            for group in layers.filter(|group| self::role(checked, group) == role) {
                *counts.entry(names(checked, group)).or_default() += 1;
            }
            let most = counts.into_iter().max_by_key(|(names, count)| (*count, std::cmp::Reverse(names.len())));
            most.map(|(names, _)| names).unwrap_or_default()
        };
        Self { convolution: most_frequent(Role::Convolution), linear: most_frequent(Role::Linear) }
    }

    /// What a layer has beside the usual, and what it lacks.
    pub(super) fn notes(&self, checked: &CheckedNetwork, group: &Group) -> Vec<String> {
        let usual = match role(checked, group) {
            Role::Convolution => &self.convolution,
            Role::Linear => &self.linear,
            Role::Terminal | Role::Pool | Role::Norm | Role::Activation | Role::Join | Role::Other | Role::Block => {
                return Vec::new();
            }
        };
        let names = names(checked, group);
        let missing = usual.iter().filter(|name| !names.contains(name)).map(|name| format!("no {name}"));
        let added = names.iter().filter(|name| !usual.contains(name)).map(|name| format!("with {name}"));
        let notes: Vec<String> = missing.chain(added).collect();
        if notes.is_empty() && names != *usual { vec![names.join(", ")] } else { notes }
    }

    /// What boxes do not say, in a sentence for each kind of layer.
    pub(super) fn sentences(&self) -> Vec<String> {
        let sentence = |word: &str, names: &Vec<&'static str>| match names.as_slice() {
            [] | [_] => None,
            ["convolution" | "linear", rest @ ..] => {
                Some(format!("Each {word} is followed by {}, unless its box says otherwise.", in_words(rest)))
            }
            _ => Some(format!(
                "Each {word} stands for {}, in this order, unless its box says otherwise.",
                in_words(names)
            )),
        };
        [sentence("conv", &self.convolution), sentence("linear", &self.linear)].into_iter().flatten().collect()
    }
}

fn names(checked: &CheckedNetwork, group: &Group) -> Vec<&'static str> {
    group.operations.clone().map(|index| checked.network().operations[index].op.name()).collect()
}

/// `a, b and c`.
fn in_words(names: &[&'static str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// How many layers a group holds, in words.
pub(super) fn layers(group: &Group) -> String {
    match count(group) {
        1 => "1 layer".into(),
        layers => format!("{layers} layers"),
    }
}

fn count(group: &Group) -> usize {
    match &group.content {
        Content::Layer(_) => 1,
        Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) | Content::Call(_) => {
            group.content.children().iter().map(count).sum()
        }
    }
}

/// Everything about a group in a line: `inception3a.branch1: conv 1x1, relu; 192x28x28 -> 64x28x28; 12,352 parameters`.
pub(super) fn detail(checked: &CheckedNetwork, group: &Group, what: &str, input: Source) -> String {
    let parameters: u64 = group.operations.clone().map(|index| checked.parameters(index)).sum();
    let cost = match parameters {
        0 => String::new(),
        count => format!("; {} parameters", crate::report::grouped(count)),
    };
    format!("{}: {what}; {} -> {}{cost}", group.path, checked.shape(input), checked.shape(group.output))
}

/// What a layer does, step by step.
pub(super) fn steps(checked: &CheckedNetwork, group: &Group) -> String {
    let steps: Vec<String> = group.operations.clone().map(|index| operation(checked, index)).collect();
    steps.join(", ")
}
