//! Optimizers, as PyTorch has them, with a state that can be saved.
//!
//! tch's own hide theirs. The numbers are those of PyTorch's `torch.optim` without `foreach` or `fused`, operation by operation;
//! only where PyTorch adds a multiple in one go, a product is rounded by itself here.

mod adam;
mod adamw;
mod declared;
mod rms_prop;
mod sgd;

pub use adam::Adam;
pub use adamw::AdamW;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

use super::parameters::Parameter;
use super::state::{Entry, load};
use crate::error::{Error, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Debug;
use tch::Tensor;
use tch::nn::{self, OptimizerConfig as _, VarStore};

/// Which optimizer, and its settings; the learning rate and the weight decay are the recipe's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum OptimizerConfig {
    /// Stochastic gradient descent.
    Sgd(Sgd),
    /// Adam; the weight decay is part of the gradient.
    Adam(Adam),
    /// Adam; the weight decay is not part of the gradient.
    AdamW(AdamW),
    /// `RMSprop`.
    RmsProp(RmsProp),
}

impl OptimizerConfig {
    /// The learning rate if none is asked for: PyTorch's default, and for [`Sgd`], where PyTorch's 0.001 is for no network of
    /// this kind, one that is a fair beginning.
    pub(crate) fn default_learning_rate(&self) -> f64 {
        match self {
            Self::Sgd(_) => 0.05,
            Self::Adam(_) | Self::AdamW(_) => 1e-3,
            Self::RmsProp(_) => 1e-2,
        }
    }

    fn rule(&self, variable: &Tensor) -> Box<dyn Rule> {
        match self {
            Self::Sgd(config) => Box::new(config.rule(variable)),
            Self::Adam(config) => Box::new(config.rule(variable)),
            Self::AdamW(config) => Box::new(config.rule(variable)),
            Self::RmsProp(config) => Box::new(config.rule(variable)),
        }
    }
}

/// What an optimizer does with one variable, and what it keeps for that.
trait Rule: Debug {
    /// Changes `variable` by its `gradient`, outside of autograd.
    fn step(&mut self, variable: &mut Tensor, gradient: &Tensor, step: &Step);

    /// What is kept, by PyTorch's names.
    fn kept(&self) -> Vec<(&'static str, &Tensor)>;
}

/// What steps differ in.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// From 1.
    number: i32,
    /// The learning rate of the variable.
    rate: f64,
    /// The weight decay of the variable.
    decay: f64,
    /// The momentum, or the first of Adam's `betas`, where the schedule sets it.
    momentum: Option<f64>,
}

/// An optimizer of the trainable variables of a network.
#[derive(Debug)]
pub struct Optimizer {
    variables: Vec<(Parameter, Box<dyn Rule>)>,
    weight_decay: f64,
    momentum: Option<f64>,
    /// Steps done.
    steps: i32,
    /// Takes gradients away: only libtorch's optimizers can. A gradient of zeros would have to be kept, and added to.
    eraser: nn::Optimizer,
}

impl Optimizer {
    /// An optimizer of `parameters`, which are variables of `store`; those that are frozen are none.
    ///
    /// # Errors
    /// When libtorch refuses.
    pub fn new(
        config: &OptimizerConfig,
        weight_decay: f64,
        store: &VarStore,
        parameters: Vec<Parameter>,
    ) -> Result<Self> {
        let eraser = nn::Sgd::default().build(store, 0.0);
        let eraser = eraser.map_err(|e| Error::failed(format!("the optimizer cannot be set up: {e}")))?;
        let variables = parameters.into_iter().map(|parameter| {
            let rule = tch::no_grad(|| config.rule(&parameter.tensor));
            (parameter, rule)
        });
        Ok(Self { variables: variables.collect(), weight_decay, momentum: None, steps: 0, eraser })
    }

    /// Takes all gradients away.
    pub fn zero_grad(&mut self) {
        self.eraser.zero_grad();
    }

    /// Sets the momentum, or the first of Adam's `betas`, until it is set again; none: what the configuration says.
    pub(crate) fn set_momentum(&mut self, momentum: Option<f64>) {
        self.momentum = momentum;
    }

    /// Changes the variables by their gradients at this learning rate, times that of each variable.
    ///
    /// A variable without a gradient stays as it is.
    pub fn step(&mut self, learning_rate: f64) {
        let _guard = tch::no_grad_guard();
        self.steps += 1;
        for (parameter, rule) in &mut self.variables {
            let gradient = parameter.tensor.grad();
            if !gradient.defined() {
                continue;
            }
            let step = Step {
                number: self.steps,
                rate: learning_rate * parameter.rates.lr,
                decay: self.weight_decay * parameter.rates.decay,
                momentum: self.momentum,
            };
            rule.step(&mut parameter.tensor, &gradient, &step);
        }
    }

    /// What the optimizer optimizes.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.variables.iter().map(|(parameter, _)| parameter)
    }

    /// All that the next steps depend on besides the variables: the number of steps done as `steps`, and what is kept for each
    /// variable, as `momentum.conv1.weight`. The tensors are the optimizer's own: copy what has to last.
    pub fn state(&self) -> Vec<(String, Tensor)> {
        let mut state = vec![("steps".to_owned(), Tensor::from(i64::from(self.steps)))];
        state.extend(self.entries().into_iter().map(|entry| (entry.name, entry.tensor)));
        state
    }

    /// Goes on from a [state](Self::state).
    ///
    /// # Errors
    /// When it is not that of such an optimizer of such variables: tensors are missing or unexpected, or have another shape or
    /// type. Then nothing has changed.
    pub fn load_state(&mut self, state: &BTreeMap<String, Tensor>) -> Result<()> {
        let steps = Tensor::from(0_i64);
        let mut entries = self.entries();
        entries.push(Entry { name: "steps".to_owned(), tensor: steps.shallow_clone() });
        load("the optimizer's state", &entries, state)?;
        let steps = i64::try_from(steps).ok().and_then(|steps| i32::try_from(steps).ok()).filter(|steps| *steps >= 0);
        self.steps = steps.ok_or_else(|| Error::failed("the optimizer's state has a number of steps that is none"))?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let entries = self.variables.iter().flat_map(|(parameter, rule)| {
            rule.kept().into_iter().map(|(what, tensor)| Entry {
                name: format!("{what}.{}", parameter.name),
                tensor: tensor.shallow_clone(),
            })
        });
        entries.collect()
    }
}

/// The gradient and the part of it that a weight decay of `decay` makes: an L2 penalty.
fn with_decay(gradient: &Tensor, variable: &Tensor, decay: f64) -> Tensor {
    if decay == 0.0 { gradient.shallow_clone() } else { (variable * decay).g_add_(gradient) }
}
