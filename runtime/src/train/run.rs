//! A network while it is trained.

pub(super) mod state;

use super::checkpoint::Checkpoint;
use super::divergence::{self, first_not_finite};
use super::state::{Entry, load};
use super::{Extent, Loss, Optimizer, Recipe, Stages, StepResult, loss, parameters};
use crate::batch::{count_among_largest, logits_of, number, prediction, tensors};
use crate::data::{Batch, OnBadImage, Plan, seed_of_step};
use crate::device::place;
use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe};
use crate::variables::in_order;
use state::State;
use std::collections::BTreeMap;
use tch::nn::VarStore;
use tch::{Device, Tensor};

/// How the names of tensors in a checkpoint begin.
const WEIGHTS: &str = "weights.";
const OPTIMIZER: &str = "optimizer.";

/// A network while it is trained: all that a step changes.
pub(super) struct Run<'a, N> {
    pub(super) recipe: &'a Recipe,
    pub(super) store: VarStore,
    pub(super) network: N,
    optimizer: Optimizer,
    pub(super) state: State,
    pub(super) extent: Extent,
}

impl<'a, N: Network> Run<'a, N> {
    /// A new network, to be trained on `images` images an epoch.
    pub(super) fn new(recipe: &'a Recipe, device: Device, images: usize) -> Result<Self> {
        tch::manual_seed(recipe.seed.cast_signed());
        let mut store = VarStore::new(Device::Cpu);
        let network = N::new(&store.root());
        place(&mut store, device)?;
        let optimizer = Optimizer::new(
            &recipe.optimizer,
            recipe.weight_decay,
            &store,
            parameters(&store, N::RATES, &Stages::new())?,
        )?;
        let extent = recipe.extent(images.div_ceil(recipe.batch_size.max(1)))?;
        Ok(Self { recipe, store, network, optimizer, state: State::default(), extent })
    }

    /// The learning rate of step `step`, from 0.
    pub(super) fn learning_rate(&self, step: usize) -> f64 {
        self.recipe.schedule.rate(step, self.extent, self.recipe.learning_rate)
    }

    /// The batches of the epoch that are still to come.
    pub(super) fn rest_of_epoch(&self, on_bad_image: OnBadImage) -> Plan {
        let Recipe { batch_size, seed, workers, .. } = *self.recipe;
        let (epoch, first_batch) = (self.state.epoch() as u64, self.state.step_in_epoch);
        Plan { batch_size, seed, epoch, shuffle: true, first_batch, on_bad_image, workers }
    }

    /// One step of the optimizer; nothing comes of it if no image could be read.
    pub(super) fn step(&mut self, batch: &Batch) -> Result<Option<StepResult>> {
        let result = if batch.labels.is_empty() { None } else { Some(self.learn(batch)?) };
        // A step of the schedule it is all the same.
        self.state.step += 1;
        self.state.step_in_epoch += 1;
        if let Some(result) = &result {
            self.state.sums.add(result);
        }
        Ok(result)
    }

    fn learn(&mut self, batch: &Batch) -> Result<StepResult> {
        let (images, labels) = tensors::<N>(batch, self.store.device());
        self.seed();
        let output = self.network.forward(&images, Mode::TRAINING, &Probe::silent());
        let logits = logits_of::<N>(&output, &images)?;
        let Loss { total, heads } = loss::<N>(&logits, &labels, self.recipe.label_smoothing)?;
        let head_losses = heads.iter().map(|loss| loss.as_ref().map_or(Ok(0.0), number)).collect::<Result<Vec<_>>>()?;
        let loss = number(&total)?;
        let learning_rate = self.learning_rate(self.state.step);
        if !loss.is_finite() {
            return Err(self.diverged(&images, loss, &head_losses, learning_rate));
        }
        self.optimizer.zero_grad();
        total.backward();
        self.optimizer.set_momentum(self.recipe.schedule.momentum(self.state.step, self.extent));
        self.optimizer.step(learning_rate);
        Ok(StepResult {
            step: self.state.step + 1,
            epoch: self.state.epoch(),
            step_in_epoch: self.state.step_in_epoch + 1,
            learning_rate,
            images: batch.labels.len(),
            correct: count_among_largest(prediction::<N>(&logits)?, &labels, 1)?,
            loss,
            head_losses,
            gradient_norm: None,
        })
    }

    /// Lets libtorch draw for the next step what seed and step decide, and nothing that came before.
    fn seed(&self) {
        tch::manual_seed(seed_of_step(self.recipe.seed, self.state.step));
    }

    /// What to say of a loss that is not finite. Nothing but running statistics has changed since the step began, and these do not matter
    /// to the outputs of training: the same numbers come again.
    fn diverged(&self, images: &Tensor, loss: f64, head_losses: &[f64], learning_rate: f64) -> Error {
        let place = divergence::find(&self.store, images, |probe| {
            self.seed();
            self.network.forward(images, Mode::TRAINING, probe);
        });
        let heads: Vec<String> =
            N::HEADS.iter().zip(head_losses).map(|(head, loss)| format!("{} {loss:.4}", head.name)).collect();
        Error::failed(format!(
            "epoch {}: the loss is {loss} at step {} of {}, with the learning rate {learning_rate:.3e} ({}): {place}; try a \
             learning rate lower than --lr {}, or clip gradients",
            self.state.epoch(),
            self.state.step + 1,
            self.extent.steps,
            heads.join(", "),
            self.recipe.learning_rate
        ))
    }

    /// All tensors that a later step depends on, by name.
    ///
    /// # Errors
    /// When one has a number that is not finite: nobody could go on from there.
    pub(super) fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        let optimizer = self.optimizer.state();
        let parts = [(WEIGHTS, in_order(&self.store)), (OPTIMIZER, optimizer)];
        let named = |(part, tensors): (&str, Vec<(String, Tensor)>)| {
            tensors.into_iter().map(|(name, tensor)| (format!("{part}{name}"), tensor)).collect::<Vec<_>>()
        };
        let tensors: Vec<(String, Tensor)> = parts.into_iter().flat_map(named).collect();
        match first_not_finite(&tensors) {
            None => Ok(tensors),
            Some(name) => Err(Error::failed(format!(
                "epoch {}: `{name}` is not finite after step {} of {}; try a lower learning rate than --lr {}",
                self.state.epoch(),
                self.state.step,
                self.extent.steps,
                self.recipe.learning_rate
            ))),
        }
    }

    /// Goes back, or on, to a checkpoint of this run.
    pub(super) fn restore(&mut self, checkpoint: Checkpoint) -> Result<()> {
        let weights =
            in_order(&self.store).into_iter().map(|(name, tensor)| Entry { name, tensor }).collect::<Vec<_>>();
        load("the network's weights", &weights, &part(&checkpoint.tensors, WEIGHTS))?;
        self.optimizer.load_state(&part(&checkpoint.tensors, OPTIMIZER))?;
        self.state = checkpoint.about.state;
        Ok(())
    }
}

/// The tensors of one part of a checkpoint, without its prefix.
fn part(tensors: &BTreeMap<String, Tensor>, prefix: &str) -> BTreeMap<String, Tensor> {
    let named = tensors.iter().filter_map(|(name, tensor)| Some((name.strip_prefix(prefix)?, tensor)));
    named.map(|(name, tensor)| (name.to_owned(), tensor.shallow_clone())).collect()
}
