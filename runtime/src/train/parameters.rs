//! The variables that training changes, and how fast.

use super::stages::{Stages, factors, known};
use crate::error::{Error, Result};
use crate::network::Rates;
use std::collections::HashMap;
use std::sync::PoisonError;
use tch::Tensor;
use tch::nn::VarStore;

/// A variable that training changes.
#[derive(Debug)]
pub struct Parameter {
    /// Its path.
    pub name: String,
    /// The variable itself.
    pub tensor: Tensor,
    /// What the optimizer's rates are multiplied by.
    pub rates: Rates,
}

/// The trainable variables of `store` that are not frozen, in the order of their registration; `rates` are those of the network
/// whose variables they are, and `stages` the recipe's factors of them.
///
/// # Errors
/// When a variable has no rates, or the network lacks a stage.
pub fn parameters(store: &VarStore, rates: &[Rates], stages: &Stages) -> Result<Vec<Parameter>> {
    known(store, stages.keys().map(String::as_str))?;
    let variables = store.variables_.lock().unwrap_or_else(PoisonError::into_inner);
    let names: HashMap<_, _> = variables.named_variables.iter().map(|(name, v)| (v.data_ptr(), name)).collect();
    let mut parameters = Vec::with_capacity(variables.trainable_variables.len());
    for variable in &variables.trainable_variables {
        let tensor = variable.tensor.shallow_clone();
        if !tensor.requires_grad() {
            continue;
        }
        let name = names.get(&tensor.data_ptr()).map_or_else(String::new, |name| (*name).clone());
        let rates = *rates.get(variable.group).ok_or_else(|| {
            let there = rates.len();
            Error::failed(format!("`{name}` has the rates number {}, but there are only {there}", variable.group))
        })?;
        let factors = factors(stages, &name);
        let rates = Rates { lr: rates.lr * factors.lr, decay: rates.decay * factors.decay };
        parameters.push(Parameter { name, tensor, rates });
    }
    Ok(parameters)
}
