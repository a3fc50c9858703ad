//! The variables of a network, in the order in which it registers them.

use std::collections::BTreeMap;
use tch::Tensor;
use tch::nn::VarStore;

/// All variables with their names, buffers included, in registration order.
///
/// tch keeps names in a hash map and the order of trainable variables only. The buffers of this crate's layers are
/// running statistics, which a layer registers right after its `bias`.
pub fn in_order(store: &VarStore) -> Vec<(String, Tensor)> {
    let mut named: BTreeMap<String, Tensor> = store.variables().into_iter().collect();
    let by_address: BTreeMap<_, _> = named.iter().map(|(name, tensor)| (tensor.data_ptr(), name.clone())).collect();
    let mut ordered = Vec::with_capacity(named.len());
    let mut push = |name: String| ordered.extend(named.remove(&name).map(|tensor| (name, tensor)));
    for name in store.trainable_variables().iter().filter_map(|tensor| by_address.get(&tensor.data_ptr())) {
        push(name.clone());
        if let Some(layer) = name.strip_suffix("bias") {
            push(format!("{layer}running_mean"));
            push(format!("{layer}running_var"));
        }
    }
    ordered.extend(named);
    ordered
}
