//! What parts of a network do, in words, for the comments of structs.

use super::emitter::Emitter;
use crate::network::{Call, CallArgument, Content, Group, Operation, Source};
use crate::ops::{AdaptivePool, Convolution, Op, Pooling, Window};
use crate::shape::Shape;

/// How a convolution is called: in full, or after another one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Full,
    Short,
}

impl Emitter<'_> {
    /// The body of a block as the lines of a list: `- 'branch2': 1x1 convolution to 'n3x3_reduce' channels, then 3x3 to 'n3x3'`.
    pub(super) fn picture(&self, call: &Call) -> Vec<String> {
        let mut lines = Vec::new();
        let is_joined = matches!(call.body, Content::Concat(_) | Content::Add(_));
        // Of a sequence, what passes its input on is no step.
        for child in call.body.children().iter().filter(|child| is_joined || !child.operations.is_empty()) {
            self.item(child, is_joined, 0, &mut lines);
        }
        lines
    }

    /// A part of the network in one line.
    pub(super) fn summary(&self, group: &Group) -> String {
        match &group.content {
            Content::Call(call) => block(call),
            Content::Concat(_) => "branches, joined along the channels".into(),
            Content::Add(_) => "branches, added".into(),
            Content::Repeat(copies) => {
                let copy = copies.first().map_or_else(String::new, |copy| self.summary(copy));
                format!("{} times: {copy}", copies.len())
            }
            Content::Sequence(children) if !is_plain(group) => {
                children.iter().map(|child| self.summary(child)).collect::<Vec<_>>().join(", then ")
            }
            Content::Layer(_) | Content::Sequence(_) => self.plain(group),
        }
    }

    /// An item of a list, with the items below it where it holds branches or copies. `named`: whether it is one of branches.
    fn item(&self, group: &Group, named: bool, indent: usize, lines: &mut Vec<String>) {
        let name = if named { format!("`{}`: ", group.name) } else { String::new() };
        let start = format!("{}- {name}", " ".repeat(indent));
        if is_plain(group) {
            lines.push(start + &self.plain(group));
            return;
        }
        let (words, below, named) = match &group.content {
            Content::Concat(branches) => ("joined along the channels:".to_owned(), &branches[..], true),
            Content::Add(branches) => ("added:".to_owned(), &branches[..], true),
            Content::Repeat(copies) => (format!("{} times:", copies.len()), copies.get(..1).unwrap_or_default(), false),
            Content::Call(call) => return lines.push(start + &block(call)),
            Content::Sequence(children) if !named && children.len() == 1 => {
                return children.iter().for_each(|child| self.item(child, false, indent, lines));
            }
            Content::Layer(_) | Content::Sequence(_) => {
                let words = if named { "" } else { "one after the other:" };
                (words.to_owned(), group.content.children(), false)
            }
        };
        lines.push(format!("{start}{words}").trim_end().into());
        for child in below.iter().filter(|child| named || !child.operations.is_empty()) {
            self.item(child, named, indent + 2, lines);
        }
    }

    /// Layers one after the other, in a line.
    fn plain(&self, group: &Group) -> String {
        let mut steps = Vec::new();
        self.steps(group, &mut Name::Full, &mut steps);
        if steps.is_empty() { "what comes in".into() } else { steps.join(", then ") }
    }

    fn steps(&self, group: &Group, name: &mut Name, steps: &mut Vec<String>) {
        let children = group.content.children();
        for child in children {
            self.steps(child, name, steps);
        }
        if !children.is_empty() {
            return;
        }
        let operations = || group.operations.clone().map(|index| self.operation(index));
        let convolution = operations().find(|operation| matches!(operation.op, Op::Convolution(_)));
        match convolution {
            // What stands beside it is in the name of its struct.
            Some(operation) => steps.push(self.step(operation, *name)),
            None => steps.extend(operations().map(|operation| self.step(operation, Name::Full))),
        }
        *name = if convolution.is_some() { Name::Short } else { Name::Full };
    }

    fn step(&self, operation: &Operation, name: Name) -> String {
        match &operation.op {
            Op::Convolution(op) => self.convolution_step(operation, op, name),
            Op::MaxPool(pool) => format!("{} max pool{}", kernel(&pool.window), stride(operation, &pool.window)),
            Op::AvgPool(pool) => format!("{} average pool{}", kernel(&pool.window), stride(operation, &pool.window)),
            Op::AdaptivePool(pool) => adaptive(pool),
            Op::Linear(linear) => {
                format!("linear layer to {} features", number(operation, "features", linear.features))
            }
            Op::Activation(activation) => format!("`{}`", activation.name()),
            Op::BatchNorm(_) => "batch normalisation".into(),
            Op::LocalResponseNorm(norm) => format!("local response normalisation over {} channels", norm.size),
            Op::ChannelAffine(_) => "normalisation of the input".into(),
            Op::Scale(scale) => format!("times {}", scale.factor),
            Op::Dropout(dropout) => format!("dropout of {}", dropout.p),
            Op::Flatten(_) => "flattened".into(),
            Op::Reshape(reshape) => format!("cut into vectors of {}", reshape.features),
            Op::Softmax(_) => "softmax".into(),
            Op::Concat(_) => "joined".into(),
            Op::Add(_) => "added".into(),
        }
    }

    fn convolution_step(&self, operation: &Operation, convolution: &Convolution, name: Name) -> String {
        let Convolution { channels, window, groups, .. } = convolution;
        let incoming =
            operation.inputs.first().map_or(self.checked.input(), |source: &Source| self.checked.shape(*source));
        let is_depthwise = *groups > 1 && *groups == incoming.channels() && matches!(incoming, Shape::Map { .. });
        let words = format!(
            "{}{}{}",
            kernel(window),
            if name == Name::Full { " convolution" } else { "" },
            stride(operation, window)
        );
        let dilation = match window.dilation {
            [1, 1] => String::new(),
            [rows, columns] if rows == columns => format!(" with dilation {rows}"),
            [rows, columns] => format!(" with dilation {rows}x{columns}"),
        };
        if is_depthwise {
            return format!("{words}{dilation} of each channel by itself");
        }
        let groups = if *groups > 1 { format!(" in {groups} groups") } else { String::new() };
        let unit = if name == Name::Full { " channels" } else { "" };
        match number(operation, "channels", *channels) {
            same if same == INCOMING => format!("{words}{dilation}{groups} to {same}"),
            channels => format!("{words}{dilation}{groups} to {channels}{unit}"),
        }
    }
}

/// Whether a group is layers one after the other, which a line can say.
fn is_plain(group: &Group) -> bool {
    match &group.content {
        Content::Layer(_) => true,
        Content::Sequence(children) => children.iter().all(is_plain),
        Content::Concat(_) | Content::Add(_) | Content::Repeat(_) | Content::Call(_) => false,
    }
}

/// A call of a block, with its arguments as they were written: 'inception' (64, 96, 128, 16, 32, 32).
fn block(call: &Call) -> String {
    let argument = |argument: &CallArgument| match argument.parameter.as_deref() {
        Some("in") => INCOMING.to_owned(),
        Some(parameter) => format!("`{parameter}`"),
        None => argument.value.clone(),
    };
    let arguments: Vec<String> = call.arguments.iter().map(argument).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!(" ({})", arguments.join(", ")) };
    format!("block `{}`{arguments}", call.block)
}

const INCOMING: &str = "as many channels as come in";

/// A number as it was written: a parameter's name, or the number itself.
fn number(operation: &Operation, slot: &str, value: u64) -> String {
    match operation.slot(slot).and_then(|slot| slot.parameter.as_deref()) {
        Some("in") => INCOMING.into(),
        Some(parameter) => format!("`{parameter}`"),
        None => value.to_string(),
    }
}

fn kernel(window: &Window) -> String {
    let [rows, columns] = window.kernel;
    format!("{rows}x{columns}")
}

/// ` of stride 2`; a convolution's stride of 1 goes without saying.
fn stride(operation: &Operation, window: &Window) -> String {
    let [rows, columns] = window.stride;
    let row_stride = number(operation, "stride_height", rows);
    match (rows, columns) {
        (1, 1) if matches!(operation.op, Op::Convolution(_)) && row_stride == "1" => String::new(),
        _ if rows == columns => format!(" of stride {row_stride}"),
        _ => format!(" of stride {rows}x{columns}"),
    }
}

fn adaptive(pool: &AdaptivePool) -> String {
    let kind = match pool.pooling {
        Pooling::Max => "max",
        Pooling::Average => "average",
    };
    match pool.size {
        [1, 1] => format!("global {kind} pool"),
        [rows, columns] => format!("{kind} pool to {rows}x{columns}"),
    }
}
