//! Every operation that PyTorch runs.

use googlenetc::network::Phase;
use googlenetc::ops::{Activation, AdaptivePool, Op, Pooling, Window};

use super::{PHASES, lines, models, output, running};

/// Every operation that PyTorch runs, in order: kind, geometry, constants, output. This shows what no count does: which
/// convolutions are rectified, how pools round, where values are dropped.
#[test]
fn every_operation_is_pytorchs() {
    for (name, checked, data, _) in models() {
        for (word, phase) in PHASES {
            let ours: Vec<String> = running(&checked, phase)
                .into_iter()
                .filter(|(_, operation)| phase == Phase::Training || !matches!(operation.op, Op::Dropout(_)))
                .map(|(index, operation)| format!("{} -> {}", describe(&operation.op), output(&checked, index)))
                .collect();
            let theirs = lines(&data, "operations", word);
            for (position, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                assert_eq!(ours, theirs, "{name}, {word}, operation {position}");
            }
            assert_eq!(ours.len(), theirs.len(), "{name}, {word}");
        }
    }
}

/// An operation in the words of the data.
fn describe(op: &Op) -> String {
    let pair = |[height, width]: [u64; 2]| format!("{height}x{width}");
    let window = |window: &Window| {
        let [top, bottom, left, right] = window.padding;
        assert_eq!((top, left), (bottom, right), "PyTorch pads both sides alike");
        format!("{} stride {} padding {top}x{left}", pair(window.kernel), pair(window.stride))
    };
    let flag = |set: bool, word: &'static str| if set { word } else { "" };
    match op {
        Op::Convolution(op) => {
            let (dilation, bias) = (pair(op.window.dilation), flag(op.bias_init.is_some(), " bias"));
            format!("convolution {} dilation {dilation} groups {}{bias}", window(&op.window), op.groups)
        }
        Op::BatchNorm(op) => format!("batch_norm eps {} momentum {}", op.eps, op.momentum),
        Op::Activation(Activation::Relu) => "relu".into(),
        Op::MaxPool(op) => {
            let dilation = pair(op.window.dilation);
            format!("max_pool {} dilation {dilation}{}", window(&op.window), flag(op.window.ceil, " ceil"))
        }
        Op::AvgPool(op) => {
            let padded = flag(op.count_include_pad, " count_include_pad");
            format!("avg_pool {}{}{padded}", window(&op.window), flag(op.window.ceil, " ceil"))
        }
        Op::AdaptivePool(AdaptivePool { pooling: Pooling::Average, size }) => {
            format!("adaptive_avg_pool {}", pair(*size))
        }
        Op::Concat(_) => "concat".into(),
        Op::Dropout(op) => format!("dropout {}", op.p),
        Op::Flatten(_) => "flatten".into(),
        Op::Reshape(op) => format!("reshape {}", op.features),
        Op::Linear(_) => "linear".into(),
        Op::LocalResponseNorm(_)
        | Op::Activation(_)
        | Op::AdaptivePool(_)
        | Op::Add(_)
        | Op::Scale(_)
        | Op::ChannelAffine(_)
        | Op::Softmax(_) => op.name().into(),
    }
}
