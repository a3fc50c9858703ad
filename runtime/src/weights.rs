//! Loading and saving the variables of a network.
//!
//! * [`load`] reads safetensors files and PyTorch's `.pt` and `.pth` files, strictly: everything that does not fit is
//!   listed in one error, and nothing is changed unless all fits;
//! * [`load_with`] does it with [`LoadOptions`]: in part, with another floating-point type, or under the [`Keys`] that
//!   somebody else's file has;
//! * [`save`] and [`save_with`] write safetensors, which PyTorch reads.
//!
//! ```no_run
//! use googlenetc_runtime::error::Result;
//! use googlenetc_runtime::network::Network;
//! use googlenetc_runtime::tch::nn::VarStore;
//! use googlenetc_runtime::weights::{self, Keys, LoadOptions};
//! use std::path::Path;
//!
//! fn load<N: Network>(store: &mut VarStore) -> Result<()> {
//!     weights::load::<N>(store, Path::new("trained.safetensors"))?;
//!
//!     let keys = Keys::read(Path::new("keys.csv"))?;
//!     let options = LoadOptions { partial: true, convert: true, keys: Some(keys) };
//!     let loaded = weights::load_with::<N>(store, Path::new("theirs.pth"), &options)?;
//!     for line in loaded.skipped_lines() {
//!         eprintln!("left out: {line}");
//!     }
//!     Ok(())
//! }
//! ```
//!
//! A file of weights never makes anything run: of a pickle, nothing but tensors and containers is understood, and
//! anything else in it is refused by name.

mod compare;
mod file;
mod keys;
mod metadata;
mod pickle;
mod pytorch;
mod quote;
pub(crate) mod safetensors;
mod save;
pub mod tensors;

pub use compare::{Mismatch, Problem};
pub use keys::Keys;
pub use metadata::Metadata;
pub use save::{SaveOptions, save, save_with};

use crate::error::{Error, Result};
use crate::network::Network;
use crate::variables;
use compare::{Fit, compare};
use file::WeightFile;
use metadata::Identity;
use std::path::Path;
use tch::nn::VarStore;

/// How a file is loaded. The default is strict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadOptions {
    /// Take what fits: variables that the file lacks or has in another shape stay as they are, tensors for which there is
    /// no variable are left out, and [`Loaded::skipped`] lists both. It is an error if nothing fits.
    pub partial: bool,
    /// Convert floating-point numbers of another type (16, 32, 64 bits) to the type that the variables have.
    pub convert: bool,
    /// What the variables are called in the file; none if they have their own names there.
    pub keys: Option<Keys>,
}

/// What was found apart from the tensors.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Loaded {
    /// None if the file was not written by [`save`].
    pub metadata: Option<Metadata>,
    /// What a person should know although the weights were loaded: that the spec has changed since.
    pub warning: Option<String>,
    /// What was left out, if only a part was asked for.
    pub skipped: Vec<Mismatch>,
}

impl Loaded {
    /// [`Loaded::skipped`] in lines for a person; none if all was loaded. Long lists end in how many more there are.
    pub fn skipped_lines(&self) -> Vec<String> {
        compare::lines(&self.skipped)
    }
}

/// Reads weights for network `N` from `path` into `store`, which must hold its variables.
///
/// The format is recognised by the file's content: safetensors, or what PyTorch's `torch.save` writes for a `state_dict`,
/// alone or in a dictionary under `state_dict`, `model_state_dict` or `model`. The counters `num_batches_tracked` that
/// PyTorch keeps beside running statistics have no variable here and are passed over.
///
/// # Errors
/// When the file cannot be read, is damaged or asks for anything but tensors and containers, or when tensors are missing,
/// unexpected, or of another shape or type; all of these are in the one message, and `store` is as it was.
pub fn load<N: Network>(store: &mut VarStore, path: &Path) -> Result<Loaded> {
    load_with::<N>(store, path, &LoadOptions::default())
}

/// The same with options.
///
/// # Errors
/// As for [`load`], unless the options allow what does not fit; and when the keys are not those of `N`.
pub fn load_with<N: Network>(store: &mut VarStore, path: &Path, options: &LoadOptions) -> Result<Loaded> {
    load_for(&Identity::of::<N>(), store, path, options)
}

/// What the file of weights at `path` says about itself; none if it was not written by [`save`].
///
/// # Errors
/// When the file cannot be read or is damaged, or what it says is not for network `N`'s input.
pub fn metadata<N: Network>(path: &Path) -> Result<Option<Metadata>> {
    WeightFile::open(path)?.metadata(&Identity::of::<N>())
}

fn load_for(network: &Identity, store: &mut VarStore, path: &Path, options: &LoadOptions) -> Result<Loaded> {
    let mut file = WeightFile::open(path)?;
    let metadata = file.metadata(network)?;
    let mut variables = variables::in_order(store);
    if let Some(keys) = &options.keys {
        keys.check(network.name, variables.iter().map(|(name, _)| name.as_str()))?;
    }
    let Fit { pairs, mismatches } = compare(&variables, file.contents(), options);
    // A type that is wrong is wrong for most tensors, and there is a better way than to skip those.
    let partial = options.partial && !pairs.is_empty();
    let (skipped, problems): (Vec<_>, Vec<_>) = mismatches.into_iter().partition(|m| partial && !m.is_about_type());
    let classes = metadata.as_ref().filter(|_| !options.partial).and_then(|metadata| network.class_problem(metadata));
    if !problems.is_empty() || classes.is_some() {
        return Err(does_not_fit(network, path, metadata.as_ref(), &problems, classes));
    }
    // All of them before the first is changed, so that a file that cannot be read to its end changes nothing.
    let values = pairs.into_iter().map(|(index, key)| Ok((index, file.read(&key)?))).collect::<Result<Vec<_>>>()?;
    for (index, value) in values {
        if let Some((_, variable)) = variables.get_mut(index) {
            tch::no_grad(|| variable.f_copy_(&value)).map_err(|e| Error::failed(format!("libtorch: {e}")))?;
        }
    }
    let warning = metadata.as_ref().and_then(|metadata| network.warning(metadata, path));
    Ok(Loaded { metadata, warning, skipped })
}

fn does_not_fit(
    network: &Identity,
    path: &Path,
    metadata: Option<&Metadata>,
    mismatches: &[Mismatch],
    classes: Option<String>,
) -> Error {
    let origin =
        metadata.map(|m| format!(", which was written for `{}`,", quote::quote(&m.network))).unwrap_or_default();
    let count = match mismatches.len() + classes.iter().len() {
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    let mut lines: Vec<String> = classes.into_iter().collect();
    lines.extend(compare::lines(mismatches));
    lines.extend(compare::help(mismatches));
    Error::failed(format!(
        "`{}`{origin} does not fit `{}`, {count}:\n  {}",
        path.display(),
        network.name,
        lines.join("\n  ")
    ))
}
