//! Where numbers stop being finite.

use crate::network::Probe;
use crate::variables::in_order;
use std::cell::RefCell;
use tch::Tensor;
use tch::nn::VarStore;

/// Where the first number that is not finite is, when `images` go through the network whose variables are in `store` and which `forward`
/// runs.
pub(super) fn find(store: &VarStore, images: &Tensor, forward: impl FnOnce(&Probe<'_>)) -> String {
    if !is_finite(images) {
        return "the images themselves are not finite; look at what the recipe normalises them with".to_owned();
    }
    let trained = in_order(store).into_iter().filter(|(_, variable)| variable.requires_grad()).collect::<Vec<_>>();
    if let Some(name) = first_not_finite(&trained) {
        return format!(
            "the variable `{name}` is not finite: the step before was too large, or its gradient was not finite"
        );
    }
    let first = RefCell::new(None);
    let observe = |path: &str, value: &Tensor| {
        let mut first = first.borrow_mut();
        if first.is_none() && !is_finite(value) {
            *first = Some(path.to_owned());
        }
    };
    tch::no_grad(|| forward(&Probe::new(&observe)));
    match first.into_inner() {
        Some(path) => format!("the first output that is not finite is that of `{path}`"),
        None => "all outputs are finite, and the loss alone is not".to_owned(),
    }
}

/// Whether all numbers in a tensor are finite.
pub(super) fn is_finite(tensor: &Tensor) -> bool {
    tensor.isfinite().all().int64_value(&[]) == 1
}

/// The name of the first tensor that has a number which is not finite.
pub(super) fn first_not_finite(tensors: &[(String, Tensor)]) -> Option<&str> {
    tensors.iter().find(|(_, tensor)| !is_finite(tensor)).map(|(name, _)| name.as_str())
}
