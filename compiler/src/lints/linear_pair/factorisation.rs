//! Pairs of linear maps that are two on purpose, because together they have fewer weights than one would.

use super::Origin;
use crate::check::CheckedNetwork;
use crate::ops::Op;

/// A layer as a linear map.
struct Map {
    incoming: u64,
    outgoing: u64,
    kernel: [u64; 2],
    has_bias: bool,
    is_depthwise: bool,
}

/// Whether the layer `second` and the one before it factor a map:
///
/// * either is depthwise: a separable convolution;
/// * one kernel is a row and the other a column, with nothing between them: a kernel that is separable in space;
/// * both are 1x1 or linear, and fewer channels lie between them than on both sides: a map of low rank, the linear bottleneck of
///   `MobileNetV2`.
///
/// Nobody gives the first of two such factors a bias, which the second would only carry on; and what a concat puts together
/// is no factor.
pub(super) fn is_factorisation(checked: &CheckedNetwork, second: usize, origin: &Origin) -> bool {
    let (Some(first), Some(second)) = (map(checked, origin.operation), map(checked, second)) else { return false };
    if first.is_depthwise || second.is_depthwise {
        return true;
    }
    if first.has_bias || first.outgoing != second.incoming {
        return false;
    }
    let is_strip = |[rows, columns]: [u64; 2]| (rows == 1) != (columns == 1);
    let is_point = |kernel: [u64; 2]| kernel == [1, 1];
    let is_crossed =
        is_strip(first.kernel) && is_strip(second.kernel) && (first.kernel[0] == 1) != (second.kernel[0] == 1);
    let is_narrow = first.outgoing < first.incoming && first.outgoing < second.outgoing;
    (is_crossed && origin.is_direct) || (is_point(first.kernel) && is_point(second.kernel) && is_narrow)
}

fn map(checked: &CheckedNetwork, index: usize) -> Option<Map> {
    let operation = &checked.network().operations[index];
    let incoming = checked.shape(*operation.inputs.first()?).channels();
    if let Op::Convolution(convolution) = &operation.op {
        return Some(Map {
            incoming,
            outgoing: convolution.channels,
            kernel: convolution.window.kernel,
            has_bias: convolution.bias_init.is_some(),
            is_depthwise: convolution.groups > 1 && convolution.groups == incoming,
        });
    }
    let Op::Linear(linear) = &operation.op else { return None };
    let (outgoing, has_bias) = (linear.features, linear.bias_init.is_some());
    Some(Map { incoming, outgoing, kernel: [1, 1], has_bias, is_depthwise: false })
}
