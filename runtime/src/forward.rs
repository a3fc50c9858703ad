//! Running a network on a tensor that is at hand, rather than on images.

use crate::error::{Error, Result};
use crate::network::{Heads, Mode, Network, Probe};
use crate::refusal::attempt;
use std::cell::RefCell;
use tch::Tensor;

/// What stands before the path of a traced output, so that none is called like a head: names of heads have no full stop.
pub(crate) const TRACE: &str = "trace.";

/// Runs `network` on `x` `[n, channels, height, width]`, whose type and device are those of the network's variables.
///
/// Returns the logits of the heads that run in this mode, by their names; with `trace` also every named output in the order
/// of execution, as `trace.` and its path.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::error::Result;
/// use googlenetc_runtime::forward::forward;
/// use googlenetc_runtime::network::{Mode, Network};
/// use googlenetc_runtime::tch::nn::VarStore;
/// use googlenetc_runtime::tch::{Device, Kind, Tensor};
///
/// /// Shows the shape of every named output of a new network.
/// fn show<N: Network>() -> Result<()> {
///     let store = VarStore::new(Device::Cpu);
///     let network = N::new(&store.root());
///     let [channels, height, width] = N::INPUT;
///     let x = Tensor::zeros([1, channels, height, width], (Kind::Float, Device::Cpu));
///     for (name, value) in forward(&network, &x, Mode::INFERENCE, true)? {
///         println!("{name} {:?}", value.size());
///     }
///     Ok(())
/// }
/// ```
///
/// # Errors
/// When `x` has another shape than the network can run on; libtorch's reason is in the message.
pub fn forward<N: Network>(network: &N, x: &Tensor, mode: Mode, trace: bool) -> Result<Vec<(String, Tensor)>> {
    let size = x.size();
    check_shape::<N>(&size)?;
    let _guard = tch::no_grad_guard();
    let traced = RefCell::new(Vec::new());
    // Copies, in case something later changes a value in its place.
    let observer = |path: &str, value: &Tensor| traced.borrow_mut().push((format!("{TRACE}{path}"), value.copy()));
    let probe = if trace { Probe::new(&observer) } else { Probe::silent() };
    let output = attempt(|| network.forward(x, mode, &probe)).map_err(|e| refused::<N>(&size, &e))?;
    let heads = N::HEADS.iter().zip(output.logits());
    let mut tensors: Vec<_> = heads.filter_map(|(head, t)| Some((head.name.to_owned(), t?.shallow_clone()))).collect();
    tensors.extend(traced.into_inner());
    Ok(tensors)
}

fn check_shape<N: Network>(size: &[i64]) -> Result<()> {
    let [channels, height, width] = N::INPUT;
    let takes = format!("`{}` takes [images, {channels}, {height}, {width}]", N::NAME);
    let problem = match *size {
        [_, c, _, _] if c != channels => format!("it has {c} channels"),
        [..] if size.contains(&0) => "it has no values".to_owned(),
        [_, _, _, _] => return Ok(()),
        [c, h, w] => format!("for one image make it [1, {c}, {h}, {w}]"),
        _ => format!("it has {} dimensions", size.len()),
    };
    Err(Error::failed(format!("the input is {size:?}, but {takes}: {problem}")))
}

/// libtorch names the operation, and this what it was given.
fn refused<N: Network>(size: &[i64], e: &Error) -> Error {
    let shape = |sizes: &[i64]| sizes.iter().map(i64::to_string).collect::<Vec<_>>().join("x");
    let (given, declared) = (size.get(1..).unwrap_or_default(), N::INPUT);
    let other = if given == declared { String::new() } else { format!(", which declares {},", shape(&declared)) };
    Error::failed(format!("`{}`{other} does not run on an input of {}: {e}", N::NAME, shape(given)))
}
