//! What images look like somewhere inside of a network: its features.

use crate::batch::tensors;
use crate::data::BadImages;
use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe};
use crate::pass::Pass;
use crate::summary::{Output, summarise};
use std::cell::RefCell;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

/// Names that are less alike than this, of 1, are not taken for each other.
const SIMILAR: f64 = 0.5;

/// A named output whose values are the features of images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    path: String,
    /// Of one image.
    shape: Vec<i64>,
    pool: bool,
}

impl Node {
    /// The output `path` of `network`, whose variables are in `store`, at inference and on the declared input. With `pool` the features
    /// are the means over height and width.
    ///
    /// # Errors
    /// When there is no such output, or it has no height and width to take the mean over.
    pub fn find<N: Network>(network: &N, store: &VarStore, path: &str, pool: bool) -> Result<Self> {
        let summary = summarise(network, store, 1, N::INPUT, true)?;
        let Some(output) = summary.outputs.iter().find(|output| output.path == path) else {
            return Err(unknown::<N>(path, &summary.outputs));
        };
        if output.training_only {
            return Err(Error::failed(format!("`{path}` of `{}` is computed in training only", N::NAME)));
        }
        let shape = match *output.shape.as_slice() {
            [_, channels, _, _] if pool => vec![channels],
            [_, ref shape @ ..] if !pool => shape.to_vec(),
            ref other => {
                let why =
                    format!("`{path}` of `{}` is {other:?}, without height and width to take the mean over", N::NAME);
                return Err(Error::failed(format!("{why}; leave out `--pool`")));
            }
        };
        Ok(Self { path: path.to_owned(), shape, pool })
    }

    /// Its path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The shape of the features of one image.
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }
}

/// An error that says which output was probably meant.
fn unknown<N: Network>(path: &str, outputs: &[Output]) -> Error {
    let paths = || outputs.iter().filter(|output| !output.training_only).map(|output| output.path.as_str());
    let group = format!("{path}.");
    let help = if let Some(last) = paths().rfind(|other| other.starts_with(&group)) {
        format!(", which has no value of its own; the last output in it is `{last}`")
    } else {
        let ranked = paths().map(|other| (strsim::normalized_damerau_levenshtein(path, other), other));
        // Of equally similar ones the first.
        let best =
            ranked.rev().max_by(|(a, _), (b, _)| a.total_cmp(b)).filter(|(similarity, _)| *similarity >= SIMILAR);
        best.map(|(_, other)| format!("; did you mean `{other}`?")).unwrap_or_default()
    };
    Error::failed(format!("`{}` has no output `{path}`{help}\n`summary --inference` lists all", N::NAME))
}

/// Hands the features of each image to `found`, batch by batch, in the order of the images: the numbers of the images, and a tensor
/// of 32-bit numbers on the CPU with a row for each. The network lies on `device`.
///
/// # Errors
/// When an image cannot be read and is not to be skipped, when none is left or can be fed to the network, when the output has not a
/// row for each image, or when `found` fails.
pub fn embed<N: Network>(
    network: &N,
    device: Device,
    images: &Pass,
    node: &Node,
    bad_images: &mut BadImages,
    found: &mut dyn FnMut(&[usize], &Tensor) -> Result<()>,
) -> Result<()> {
    let _guard = tch::no_grad_guard();
    images.go(bad_images, &mut |numbers, batch| {
        let (input, _) = tensors::<N>(batch, device);
        let seen = RefCell::new(None);
        let observer = |path: &str, value: &Tensor| {
            if path == node.path {
                // The mean is a new tensor; a value as it is may be changed in its place later on.
                let value = if node.pool { value.mean_dim([2, 3].as_slice(), false, None) } else { value.copy() };
                *seen.borrow_mut() = Some(value);
            }
        };
        network.forward(&input, Mode::INFERENCE, &Probe::new(&observer));
        let features = seen.into_inner().ok_or_else(|| Error::failed(format!("`{}` was not computed", node.path)))?;
        let expected = [&input.size()[..1], &node.shape].concat();
        if features.size() != expected {
            let (path, size) = (&node.path, features.size());
            return Err(Error::failed(format!("`{path}` is {size:?}, and {expected:?} has a row for each image")));
        }
        found(numbers, &features.to_kind(Kind::Float).to_device(Device::Cpu))
    })
}
