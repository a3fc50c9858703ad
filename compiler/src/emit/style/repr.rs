//! `print(model)`: every module with what it was made with, in the order of declaration.

use super::modules::Modules;
use crate::CheckedNetwork;
use crate::network::Source;
use crate::ops::{Op, Window};

pub(super) fn repr(checked: &CheckedNetwork, modules: &Modules) -> String {
    let mut text = String::new();
    show(checked, modules, 0, 0, &mut text);
    text
}

fn show(checked: &CheckedNetwork, modules: &Modules, index: usize, depth: usize, text: &mut String) {
    let module = &modules.list[index];
    let indent = "  ".repeat(depth);
    let name = if depth == 0 { String::new() } else { format!("({}): ", module.name) };
    if let Some(operation) = module.operation {
        *text += &format!("{indent}{name}{}({})\n", module.class, made_with(checked, operation, module.inplace));
        return;
    }
    *text += &format!("{indent}{name}{}(\n", module.class);
    for child in &module.children {
        show(checked, modules, *child, depth + 1, text);
    }
    *text += &format!("{indent})\n");
}

fn made_with(checked: &CheckedNetwork, index: usize, inplace: bool) -> String {
    let operation = &checked.network().operations[index];
    let input = checked.shape(operation.inputs.first().copied().unwrap_or(Source::Input)).channels();
    match &operation.op {
        Op::Convolution(op) => {
            let window = &op.window;
            let mut words = format!(
                "{input}, {}, kernel_size={}, stride={}",
                op.channels,
                tuple(window.kernel),
                tuple(window.stride)
            );
            let [top, bottom, left, right] = window.padding;
            if window.padding != [0; 4] {
                words += &if top == bottom && left == right {
                    format!(", padding={}", tuple([top, left]))
                } else {
                    format!(", padding=({left}, {right}, {top}, {bottom})")
                };
            }
            if window.dilation != [1, 1] {
                words += &format!(", dilation={}", tuple(window.dilation));
            }
            if op.groups != 1 {
                words += &format!(", groups={}", op.groups);
            }
            words + if op.bias_init.is_none() { ", bias=False" } else { "" }
        }
        Op::BatchNorm(op) => format!(
            "{input}, eps={}, momentum={}, affine=True, bias=True, track_running_stats=True",
            float(op.eps),
            float(op.momentum)
        ),
        Op::LocalResponseNorm(op) => {
            format!("{}, alpha={}, beta={}, k={}", op.size, float(op.alpha), float(op.beta), float(op.k))
        }
        Op::Activation(_) => if inplace { "inplace=True" } else { "" }.to_owned(),
        Op::MaxPool(op) => {
            let dilation = side(op.window.dilation);
            format!("{}, dilation={dilation}, ceil_mode={}", pool(&op.window), boolean(op.window.ceil))
        }
        Op::AvgPool(op) => pool(&op.window),
        Op::AdaptivePool(op) => format!("output_size={}", tuple(op.size)),
        Op::Dropout(op) => format!("p={}, inplace=False", float(op.p)),
        Op::Flatten(_) => "start_dim=1, end_dim=-1".into(),
        Op::Linear(op) => {
            format!("in_features={input}, out_features={}, bias={}", op.features, boolean(op.bias_init.is_some()))
        }
        Op::Softmax(_) => "dim=1".into(),
        // These are functions, and no modules.
        Op::Concat(_) | Op::Add(_) | Op::Scale(_) | Op::ChannelAffine(_) | Op::Reshape(_) => String::new(),
    }
}

fn pool(window: &Window) -> String {
    let [top, _, left, _] = window.padding;
    format!("kernel_size={}, stride={}, padding={}", side(window.kernel), side(window.stride), side([top, left]))
}

fn tuple([rows, columns]: [u64; 2]) -> String {
    format!("({rows}, {columns})")
}

/// One number where both sides agree.
fn side(pair: [u64; 2]) -> String {
    if pair[0] == pair[1] { pair[0].to_string() } else { tuple(pair) }
}

fn boolean(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A number as Python writes it: `0.001`, but `1e-05`, and `1.0`.
fn float(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-4 {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once("e-").unwrap_or((&text, ""));
        return format!("{digits}e-{exponent:0>2}");
    }
    let text = value.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}
