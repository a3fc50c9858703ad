//! What operations are called: the key by which a presentation finds one, and PyTorch's class.

use std::collections::BTreeMap;

use crate::network::{Content, Group, Network, Source};
use crate::ops::{Activation, Op, Pooling};

/// The key of every operation: the path of its layer and a word for what it does, such as `conv1.relu`.
pub(super) fn keys(network: &Network) -> BTreeMap<usize, String> {
    let mut keys = BTreeMap::new();
    for group in network.groups() {
        for index in operations(group) {
            if let Some(operation) = network.operations.get(index) {
                keys.insert(index, format!("{}.{}", group.path, word(&operation.op)));
            }
        }
    }
    keys
}

/// The operations that a group has itself: those of a layer, or the one that joins branches.
fn operations(group: &Group) -> Vec<usize> {
    let body = if let Content::Call(call) = &group.content { &call.body } else { &group.content };
    match body {
        Content::Layer(_) => group.operations.clone().collect(),
        Content::Concat(_) | Content::Add(_) => match group.output {
            Source::Operation(index) => vec![index],
            Source::Input | Source::Unknown => Vec::new(),
        },
        Content::Sequence(_) | Content::Repeat(_) | Content::Call(_) => Vec::new(),
    }
}

fn word(op: &Op) -> &'static str {
    match op {
        Op::Convolution(_) => "conv",
        Op::BatchNorm(_) => "bn",
        Op::LocalResponseNorm(_) => "lrn",
        Op::Activation(activation) => activation.name(),
        Op::MaxPool(_) | Op::AvgPool(_) | Op::AdaptivePool(_) => "pool",
        Op::Concat(_) => "concat",
        Op::Add(_) => "add",
        Op::Scale(_) => "scale",
        Op::ChannelAffine(_) => "normalize",
        Op::Dropout(_) => "dropout",
        Op::Flatten(_) => "flatten",
        Op::Reshape(_) => "reshape",
        Op::Linear(_) => "linear",
        Op::Softmax(_) => "softmax",
    }
}

/// PyTorch's class for an operation; none for what PyTorch has as a function only.
pub(super) fn class(op: &Op) -> Option<&'static str> {
    Some(match op {
        Op::Convolution(_) => "Conv2d",
        Op::BatchNorm(_) => "BatchNorm2d",
        Op::LocalResponseNorm(_) => "LocalResponseNorm",
        Op::Activation(activation) => match activation {
            Activation::Relu => "ReLU",
            Activation::Relu6 => "ReLU6",
            Activation::LeakyRelu { .. } => "LeakyReLU",
            Activation::Elu => "ELU",
            Activation::Gelu => "GELU",
            Activation::Silu => "SiLU",
            Activation::Hardswish => "Hardswish",
            Activation::Sigmoid => "Sigmoid",
            Activation::Tanh => "Tanh",
        },
        Op::MaxPool(_) => "MaxPool2d",
        Op::AvgPool(_) => "AvgPool2d",
        Op::AdaptivePool(pool) => match pool.pooling {
            Pooling::Max => "AdaptiveMaxPool2d",
            Pooling::Average => "AdaptiveAvgPool2d",
        },
        Op::Dropout(_) => "Dropout",
        Op::Flatten(_) => "Flatten",
        Op::Linear(_) => "Linear",
        Op::Softmax(_) => "Softmax",
        Op::Concat(_) | Op::Add(_) | Op::Scale(_) | Op::ChannelAffine(_) | Op::Reshape(_) => return None,
    })
}
