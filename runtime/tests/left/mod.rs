//! What a run leaves behind.

use crate::alone::alone;
use googlenetc_runtime::network::Network;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::weights;
use std::collections::BTreeMap;
use std::path::Path;

/// The weights after the newest epoch of the run in `folder`, by name.
pub(crate) fn weights_in<N: Network>(folder: &Path) -> BTreeMap<String, Vec<f64>> {
    let _guard = alone();
    let mut store = VarStore::new(Device::Cpu);
    N::new(&store.root());
    weights::load::<N>(&mut store, &folder.join("last.safetensors")).unwrap();
    let numbers = |tensor: &Tensor| Vec::try_from(tensor.to_kind(Kind::Double).view(-1)).unwrap();
    store.variables().iter().map(|(name, tensor)| (name.clone(), numbers(tensor))).collect()
}
