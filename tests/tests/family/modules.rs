//! Every call of a module in PyTorch, and what its parameters and multiply-adds are.

use std::collections::BTreeMap;

use googlenetc::CheckedNetwork;
use googlenetc::layout::Key;
use googlenetc::network::{Operation, Phase};
use googlenetc::ops::{Activation, AdaptivePool, Op, Pooling};

use super::{PHASES, keys, lines, models, output, running};

/// One call of a module, as the data has it: name, type, output shapes, parameters, multiply-adds.
struct Call<'d> {
    name: &'d str,
    kind: &'d str,
    output: &'d str,
    parameters: u64,
    multiply_adds: u64,
}

impl<'d> Call<'d> {
    fn read(line: &'d str) -> Self {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, kind, output, parameters, multiply_adds] = words[..] else { panic!("{line}") };
        let number = |word: &str| word.parse().expect("a count");
        Self { name, kind, output, parameters: number(parameters), multiply_adds: number(multiply_adds) }
    }

    /// Whether it is the call of a module that holds others.
    fn is_container(&self) -> bool {
        ![
            "Conv2d",
            "BatchNorm2d",
            "ReLU",
            "MaxPool2d",
            "AvgPool2d",
            "AdaptiveAvgPool2d",
            "Dropout",
            "Flatten",
            "Linear",
        ]
        .contains(&self.kind)
    }

    /// Whether its branches are joined by a function, which is no module's call.
    fn joins_branches(&self) -> bool {
        self.kind.starts_with("Inception") && self.kind != "InceptionAux" && self.name != "(root)"
    }
}

/// The module that PyTorch has for an operation.
fn module(op: &Op) -> &'static str {
    match op {
        Op::Convolution(_) => "Conv2d",
        Op::BatchNorm(_) => "BatchNorm2d",
        Op::Activation(Activation::Relu) => "ReLU",
        Op::MaxPool(_) => "MaxPool2d",
        Op::AvgPool(_) => "AvgPool2d",
        Op::AdaptivePool(AdaptivePool { pooling: Pooling::Average, .. }) => "AdaptiveAvgPool2d",
        Op::Dropout(_) => "Dropout",
        Op::Flatten(_) => "Flatten",
        Op::Linear(_) => "Linear",
        Op::LocalResponseNorm(_)
        | Op::Activation(_)
        | Op::AdaptivePool(_)
        | Op::Concat(_)
        | Op::Add(_)
        | Op::Scale(_)
        | Op::ChannelAffine(_)
        | Op::Reshape(_)
        | Op::Softmax(_) => op.name(),
    }
}

/// Every call of a module, in order, against our operations in order. What PyTorch's authors wrote as a function instead
/// of a module is passed over, and has no parameters. A module that holds others is the sum of what lies below its name.
#[test]
fn every_module_call_is_ours() {
    for (name, checked, data, layout) in models() {
        let keys = keys(&checked, layout);
        for (word, phase) in PHASES {
            let operations = running(&checked, phase);
            let mut last = None;
            for line in lines(&data, "modules", word) {
                let call = Call::read(line);
                let place = format!("{name}, {word}: {line}");
                if call.is_container() {
                    if call.joins_branches() {
                        last = Some(next(&checked, &operations, last, "concat", &place));
                    }
                    assert_eq!(
                        below(&checked, &keys, &operations, call.name),
                        (call.parameters, call.multiply_adds),
                        "{place}"
                    );
                } else {
                    last = Some(next(&checked, &operations, last, call.kind, &place));
                    let (index, _) = operations[last.expect("just found")];
                    let costs = (checked.parameters(index), checked.multiply_adds(index));
                    assert_eq!(costs, (call.parameters, call.multiply_adds), "{place}");
                }
                let (index, _) = operations[last.expect("a module calls another first")];
                let shape = if call.name == "(root)" { logits(&checked, phase) } else { output(&checked, index) };
                assert_eq!(shape, call.output, "{place}");
            }
        }
    }
}

/// The position of the next operation of this kind.
fn next(
    checked: &CheckedNetwork,
    operations: &[(usize, &Operation)],
    last: Option<usize>,
    kind: &str,
    place: &str,
) -> usize {
    let from = last.map_or(0, |last| last + 1);
    for (position, (index, operation)) in operations.iter().enumerate().skip(from) {
        if module(&operation.op) == kind {
            return position;
        }
        assert!(
            checked.variables(*index).is_empty(),
            "{place}: comes after `{}`, which was passed over",
            operation.path
        );
    }
    panic!("{place}: no operation is left for it")
}

/// Parameters and multiply-adds of all that lies below a foreign name.
fn below(checked: &CheckedNetwork, keys: &[Key], operations: &[(usize, &Operation)], name: &str) -> (u64, u64) {
    let lies_below = |key: &str| name == "(root)" || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    let below: BTreeMap<&str, &Key> = keys
        .iter()
        .filter(|key| lies_below(&key.key))
        .filter_map(|key| Some((key.variable.as_deref()?, key)))
        .collect();
    let owns =
        |operation: &Operation, variable: &str| below.contains_key(format!("{}.{variable}", operation.scope).as_str());
    let parameters = checked.network().operations.iter().enumerate().flat_map(|(index, operation)| {
        let variables = checked.variables(index).iter();
        variables.filter(move |variable| variable.trainable && owns(operation, &variable.name))
    });
    let parameters = parameters.map(|variable| variable.elements().expect("it was counted")).sum();
    let owned = operations.iter().filter(|(index, operation)| {
        checked.variables(*index).first().is_some_and(|variable| owns(operation, &variable.name))
    });
    (parameters, owned.map(|(index, _)| checked.multiply_adds(*index)).sum())
}

/// The shapes of what comes out, in the order of the outputs.
fn logits(checked: &CheckedNetwork, phase: Phase) -> String {
    let network = checked.network();
    let heads = network.outputs.iter().map(|index| &network.heads[*index]);
    let runs = heads.filter(|head| phase == Phase::Training || head.phase == Phase::Always);
    let shapes: Vec<String> = runs.map(|head| checked.shape(head.layers.output).to_string()).collect();
    shapes.join("+")
}
