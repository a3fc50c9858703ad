//! torchsummary 1.5: a row for each call of a module that is no `Sequential`, in the order in which calls end.

use super::calls::calls;
use super::modules::Modules;
use super::{Options, parameters, sizes};
use crate::CheckedNetwork;
use crate::report::grouped;

const LINE: &str = "----------------------------------------------------------------\n";
const DOUBLE: &str = "================================================================\n";
const MEBIBYTE: f64 = 1_048_576.0;

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
pub(super) fn torchsummary(checked: &CheckedNetwork, modules: &Modules, options: Options) -> String {
    let calls = calls(checked, modules, options.phase);
    let mut order: Vec<usize> = (0..calls.len()).collect();
    // Where two calls end together, the inner one ends first.
    order.sort_by_key(|index| (calls[*index].end, std::cmp::Reverse(*index)));
    let mut text = format!("{LINE}{:>20}  {:>25} {:>15}\n{DOUBLE}", "Layer (type)", "Output Shape", "Param #");
    let (mut rows, mut total, mut elements) = (0, 0, 0_u64);
    for call in order.into_iter().map(|index| &calls[index]) {
        let module = &modules.list[call.module];
        if module.class == "Sequential" {
            continue;
        }
        rows += 1;
        let own = parameters(checked, module.operation);
        total += own;
        elements = elements.saturating_add(call.output.elements());
        let (name, shape) = (format!("{}-{rows}", module.class), sizes("-1", call.output));
        text += &format!("{name:>20}  {shape:>25} {:>15}\n", grouped(own));
    }
    text +=
        &format!("{DOUBLE}Total params: {0}\nTrainable params: {0}\nNon-trainable params: 0\n{LINE}", grouped(total));
    let size = |numbers: u64| 4.0 * numbers as f64 / MEBIBYTE;
    let (input, passes, weights) = (size(checked.input().elements()), 2.0 * size(elements), size(total));
    text += &format!("Input size (MB): {input:.2}\nForward/backward pass size (MB): {passes:.2}\n");
    text +=
        &format!("Params size (MB): {weights:.2}\nEstimated Total Size (MB): {:.2}\n{LINE}", input + passes + weights);
    text
}
