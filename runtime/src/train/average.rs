//! Averages of the weights over the steps of a run, which often do better than the last weights.

mod declared;

use super::length::{Extent, Length};
use super::range;
use super::state::{Entry, load};
use crate::error::{Error, Result};
use crate::variables::in_order;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// Which average, and over which steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Averaging {
    /// How weights count.
    #[serde(flatten)]
    pub mean: Mean,
    /// What comes before; the first weights behind it are where the average begins.
    pub from: Length,
    /// How often weights are taken; the end of the run is such a time when it is a multiple.
    pub every: Length,
    /// How many training images are looked at to measure the statistics of batch normalisation anew for the averaged weights,
    /// as with PyTorch's `update_bn`; without, those of the training are taken as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_bn: Option<Length>,
}

/// How weights count in an average.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Mean {
    /// An exponential moving average: PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`.
    Ema(Ema),
    /// All count the same: Polyak's, PyTorch's `AveragedModel` as it is by default.
    Polyak(Polyak),
}

/// The average moves by 1 − `decay` of the way to the new weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ema {
    /// How much of the average stays; timm's default.
    #[serde(deserialize_with = "range::share")]
    pub decay: f64,
    /// Whether the decay is less at first: 1 − (1 + n)^(−2/3) for the n-th time, from 0, until it reaches `decay`, as in timm's
    /// `ModelEmaV3` with `use_warmup`.
    pub warm_up: bool,
}

/// All weights count the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Polyak {}

impl Default for Ema {
    fn default() -> Self {
        Self { decay: 0.9999, warm_up: false }
    }
}

impl Mean {
    /// How far the average moves to the new weights, after `taken` earlier ones.
    #[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
    fn way(self, taken: i64) -> f64 {
        let taken = taken as f64;
        match self {
            // The first weights are the average.
            _ if taken < 1.0 => 1.0,
            Self::Polyak(Polyak {}) => 1.0 / (taken + 1.0),
            Self::Ema(Ema { decay, warm_up: false }) => 1.0 - decay,
            Self::Ema(Ema { decay, warm_up: true }) => 1.0 - decay.min(1.0 - (1.0 + taken).powf(-2.0 / 3.0)),
        }
    }
}

/// The averaged weights of a network that is being trained.
#[derive(Debug)]
pub struct Average {
    averaging: Averaging,
    /// Each variable, buffers included, and what is kept for it.
    variables: Vec<Kept>,
    /// How many weights the averages are made of.
    taken: i64,
    swapped: bool,
}

#[derive(Debug)]
struct Kept {
    name: String,
    variable: Tensor,
    /// The average of a parameter; of a buffer the newest value.
    average: Tensor,
    is_buffer: bool,
}

impl Average {
    /// Averages of the variables of `store`, to begin with those that are there.
    pub fn new(averaging: Averaging, store: &VarStore) -> Self {
        let _guard = tch::no_grad_guard();
        let trainable: Vec<_> = store.trainable_variables().iter().map(Tensor::data_ptr).collect();
        let variables = in_order(store).into_iter().map(|(name, variable)| Kept {
            name,
            average: variable.detach().copy(),
            is_buffer: !trainable.contains(&variable.data_ptr()),
            variable,
        });
        Self { averaging, variables: variables.collect(), taken: 0, swapped: false }
    }

    /// Takes the weights in, if this is one of the times to; `steps_done` are the steps done, from 1.
    pub fn update(&mut self, steps_done: usize, run: Extent) {
        let Averaging { mean, from, every, .. } = self.averaging;
        let (from, every) = (from.steps(run), every.steps(run).max(1));
        if steps_done <= from || !(steps_done - from).is_multiple_of(every) {
            return;
        }
        let _guard = tch::no_grad_guard();
        let way = mean.way(self.taken);
        for Kept { variable, average, is_buffer, .. } in &mut self.variables {
            if *is_buffer || way >= 1.0 {
                average.copy_(variable);
            } else {
                let _ = average.lerp_(variable, way);
            }
        }
        self.taken += 1;
    }

    /// Whether there is an average, or still nothing but the weights of the beginning.
    pub fn has_begun(&self) -> bool {
        self.taken > 0
    }

    /// How the statistics of batch normalisation become those of the averaged weights.
    pub fn update_bn(&self) -> Option<Length> {
        self.averaging.update_bn
    }

    /// Puts the averaged weights and buffers in the place of the network's own, or those back: to evaluate or save the former.
    pub fn swap(&mut self) {
        let _guard = tch::no_grad_guard();
        for Kept { variable, average, .. } in &mut self.variables {
            let own = variable.copy();
            variable.copy_(average);
            average.copy_(&own);
        }
        self.swapped = !self.swapped;
    }

    /// All that the averages are: their values under the names of the variables, and `taken`, the number of weights in them.
    /// The tensors are the averages themselves: copy what has to last.
    ///
    /// # Errors
    /// When the network has the averaged weights at the moment.
    pub fn state(&self) -> Result<Vec<(String, Tensor)>> {
        self.is_in_its_place()?;
        let mut state = vec![("taken".to_owned(), Tensor::from(self.taken))];
        state.extend(self.variables.iter().map(|kept| (kept.entry_name(), kept.average.shallow_clone())));
        Ok(state)
    }

    /// Goes on from a [state](Self::state).
    ///
    /// # Errors
    /// When it is not that of such a network: tensors are missing or unexpected, or have another shape or type; or when the
    /// network has the averaged weights at the moment. Then nothing has changed.
    pub fn load_state(&mut self, state: &BTreeMap<String, Tensor>) -> Result<()> {
        self.is_in_its_place()?;
        let taken = Tensor::zeros([], (Kind::Int64, tch::Device::Cpu));
        let entries = self.variables.iter().map(|kept| (kept.entry_name(), kept.average.shallow_clone()));
        let mut entries: Vec<Entry> = entries.map(|(name, tensor)| Entry { name, tensor }).collect();
        entries.push(Entry { name: "taken".to_owned(), tensor: taken.shallow_clone() });
        load("the state of the averages", &entries, state)?;
        self.taken = taken.int64_value(&[]);
        Ok(())
    }

    fn is_in_its_place(&self) -> Result<()> {
        if self.swapped {
            Err(Error::failed("the network has the averaged weights in the place of its own"))
        } else {
            Ok(())
        }
    }
}

impl Kept {
    fn entry_name(&self) -> String {
        format!("average.{}", self.name)
    }
}
