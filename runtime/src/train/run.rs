//! A network while it is trained.

pub(super) mod state;

use super::checkpoint::Checkpoint;
use super::divergence::{self, first_not_finite};
use super::state::{Entry, load};
use super::{Accumulation, Average, Extent, Length, Loss, Optimizer, Recipe, StepResult, freeze, loss, parameters};
use crate::batch::{count_among_largest, logits_of, number, prediction, tensors};
use crate::data::{Batch, OnBadImage, Plan, seed_of_step};
use crate::device::place;
use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe, Statistics};
use crate::variables::in_order;
use state::State;
use std::collections::BTreeMap;
use tch::nn::VarStore;
use tch::{Device, Tensor};

/// How the names of tensors in a checkpoint begin.
const WEIGHTS: &str = "weights.";
const OPTIMIZER: &str = "optimizer.";
const AVERAGES: &str = "averages.";

/// A network while it is trained: all that a step changes.
pub(super) struct Run<'a, N> {
    pub(super) recipe: &'a Recipe,
    pub(super) store: VarStore,
    pub(super) network: N,
    optimizer: Optimizer,
    average: Option<Average>,
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
        freeze(&store, &recipe.freeze)?;
        let parameters = parameters(&store, N::RATES, &recipe.stages)?;
        if parameters.is_empty() {
            return Err(Error::failed("nothing is left to learn: `freeze` names all parts of the network"));
        }
        let optimizer = Optimizer::new(&recipe.optimizer, recipe.weight_decay, &store, parameters)?;
        let average = recipe.averaging.map(|averaging| Average::new(averaging, &store));
        let extent = recipe.extent(images.div_ceil(recipe.images_of_a_step()))?;
        Ok(Self { recipe, store, network, optimizer, average, state: State::default(), extent })
    }

    /// The learning rate of step `step`, from 0.
    pub(super) fn learning_rate(&self, step: usize) -> f64 {
        self.recipe.schedule.rate(step, self.extent, self.recipe.learning_rate)
    }

    /// The batches of the epoch that are still to come.
    pub(super) fn rest_of_epoch(&self, on_bad_image: OnBadImage) -> Plan {
        let Recipe { seed, workers, .. } = *self.recipe;
        let batch_size = self.recipe.images_of_a_step();
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
        let learning_rate = self.learning_rate(self.state.step);
        self.optimizer.zero_grad();
        let mut gathered = Gathered::default();
        let most = i64::try_from(self.recipe.batch_size).unwrap_or(i64::MAX);
        for (piece, (images, labels)) in (0..).zip(images.split(most, 0).iter().zip(labels.split(most, 0))) {
            self.gather(piece, images, &labels, &mut gathered)?;
        }
        gathered.gradient.finish(self.optimizer.parameters());
        let gradient_norm = self.recipe.clip.map_or(Ok(None), |clip| clip.apply(self.optimizer.parameters()))?;
        if gradient_norm.is_some_and(|norm| !norm.is_finite()) {
            let (step, steps) = (self.state.step + 1, self.extent.steps);
            return Err(Error::failed(format!(
                "the gradient is not finite at step {step} of {steps}; try a lower --lr"
            )));
        }
        self.optimizer.set_momentum(self.recipe.schedule.momentum(self.state.step, self.extent));
        self.optimizer.step(learning_rate);
        if let Some(average) = &mut self.average {
            average.update(self.state.step + 1, self.extent);
        }
        Ok(StepResult {
            step: self.state.step + 1,
            epoch: self.state.epoch(),
            step_in_epoch: self.state.step_in_epoch + 1,
            learning_rate,
            images: batch.labels.len(),
            correct: gathered.correct,
            loss: gathered.loss,
            head_losses: gathered.head_losses,
            gradient_norm,
        })
    }

    /// Adds what a piece of a batch, which is gone through at once, has to teach.
    fn gather(&self, piece: i64, images: &Tensor, labels: &Tensor, gathered: &mut Gathered) -> Result<()> {
        self.seed(piece);
        let output = self.network.forward(images, self.mode(), &Probe::silent());
        let logits = logits_of::<N>(&output, images)?;
        let Loss { total, heads } = loss::<N>(&logits, labels, self.recipe.label_smoothing)?;
        let head_losses = heads.iter().map(|loss| loss.as_ref().map_or(Ok(0.0), number)).collect::<Result<Vec<_>>>()?;
        let loss = number(&total)?;
        if !loss.is_finite() {
            return Err(self.diverged(piece, images, loss, &head_losses, self.learning_rate(self.state.step)));
        }
        let count = usize::try_from(labels.size1().unwrap_or(0)).unwrap_or(0);
        gathered.gradient.add(&total, count, self.recipe.accumulate == 1);
        gathered.add(count, loss, head_losses, count_among_largest(prediction::<N>(&logits)?, labels, 1)?);
        Ok(())
    }

    fn mode(&self) -> Mode {
        let statistics = if self.recipe.freeze_statistics { Statistics::BatchUnlessFrozen } else { Statistics::Batch };
        Mode { batch_statistics: statistics, ..Mode::TRAINING }
    }

    /// Lets libtorch draw for a piece of the next step's batch what seed and step decide, and nothing that came before.
    pub(super) fn seed(&self, piece: i64) {
        tch::manual_seed(seed_of_step(self.recipe.seed, self.state.step).wrapping_add(piece));
    }

    /// Puts the averaged weights, if there are any, in the place of those that are trained, or these back.
    pub(super) fn swap_average(&mut self) {
        if let Some(average) = self.average.as_mut().filter(|average| average.has_begun()) {
            average.swap();
        }
    }

    /// Over how many images batch normalisation is measured anew for averaged weights.
    pub(super) fn update_bn(&self) -> Option<Length> {
        self.average.as_ref().filter(|average| average.has_begun()).and_then(Average::update_bn)
    }

    /// What to say of a loss that is not finite. Nothing but running statistics has changed since the step began, and these do not matter
    /// to the outputs of training: the same numbers come again.
    fn diverged(&self, piece: i64, images: &Tensor, loss: f64, head_losses: &[f64], learning_rate: f64) -> Error {
        let place = divergence::find(&self.store, images, |probe| {
            self.seed(piece);
            self.network.forward(images, self.mode(), probe);
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
        let averages = self.average.as_ref().map_or(Ok(Vec::new()), Average::state)?;
        let parts = [(WEIGHTS, in_order(&self.store)), (OPTIMIZER, optimizer), (AVERAGES, averages)];
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
        if let Some(average) = &mut self.average {
            average.load_state(&part(&checkpoint.tensors, AVERAGES))?;
        }
        self.state = checkpoint.about.state;
        Ok(())
    }
}

/// What the pieces of a batch have to teach: means over their images.
#[derive(Default)]
struct Gathered {
    gradient: Accumulation,
    images: usize,
    loss: f64,
    head_losses: Vec<f64>,
    correct: f64,
}

impl Gathered {
    fn add(&mut self, images: usize, loss: f64, head_losses: Vec<f64>, correct: f64) {
        self.images += images;
        self.correct += correct;
        if self.head_losses.is_empty() {
            (self.loss, self.head_losses) = (loss, head_losses);
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "batches are small")]
        let share = images as f64 / self.images.max(1) as f64;
        self.loss += share * (loss - self.loss);
        for (mean, loss) in self.head_losses.iter_mut().zip(head_losses) {
            *mean += share * (loss - *mean);
        }
    }
}

/// The tensors of one part of a checkpoint, without its prefix.
fn part(tensors: &BTreeMap<String, Tensor>, prefix: &str) -> BTreeMap<String, Tensor> {
    let named = tensors.iter().filter_map(|(name, tensor)| Some((name.strip_prefix(prefix)?, tensor)));
    named.map(|(name, tensor)| (name.to_owned(), tensor.shallow_clone())).collect()
}
