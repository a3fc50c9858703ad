//! The learning rate over a run: a function of the step alone, so that a run that goes on goes on with the same rates.

mod declared;
mod one_cycle;
mod warm_up;

pub use one_cycle::{AnnealStrategy, OneCycle};
pub use warm_up::WarmUp;

use super::length::Extent;
use super::range;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use std::num::NonZeroUsize;

/// How the learning rate goes over a run.
///
/// What it falls by begins where the warm-up ends, as behind PyTorch's `SequentialLR`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Schedule {
    /// The curve.
    #[serde(flatten)]
    pub curve: Curve,
    /// What the curve counts.
    pub by: Unit,
    /// What comes before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_up: Option<WarmUp>,
}

/// What a schedule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// The rate is another one after each step of the optimizer.
    Step,
    /// The rate is the same over an epoch.
    Epoch,
}

/// A curve; `k` are the steps or epochs done since the warm-up, `n` all there are.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Curve {
    /// The same rate always.
    Constant(Constant),
    /// PyTorch's `StepLR`, Caffe's `step`.
    Step(Step),
    /// PyTorch's `MultiStepLR`, Caffe's `multistep`.
    MultiStep(MultiStep),
    /// PyTorch's `ExponentialLR`, Caffe's `exp`.
    Exponential(Exponential),
    /// PyTorch's `PolynomialLR`, Caffe's `poly`.
    Polynomial(Polynomial),
    /// PyTorch's `CosineAnnealingLR`.
    Cosine(Cosine),
    /// PyTorch's `OneCycleLR`.
    OneCycle(OneCycle),
}

/// The same rate always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {}

/// base · factor^⌊k / every⌋.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How often the rate falls.
    pub every: NonZeroUsize,
    /// What it is multiplied by; PyTorch and Caffe say `gamma`.
    #[serde(deserialize_with = "range::positive")]
    pub factor: f64,
}

/// base · factor, as often as there are numbers in `at` that are not above k.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MultiStep {
    /// When the rate falls; PyTorch says `milestones`.
    pub at: Vec<usize>,
    /// What it is multiplied by; PyTorch and Caffe say `gamma`.
    #[serde(deserialize_with = "range::positive")]
    pub factor: f64,
}

/// base · factor^k.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exponential {
    /// What the rate is multiplied by each time; PyTorch and Caffe say `gamma`.
    #[serde(deserialize_with = "range::positive")]
    pub factor: f64,
}

/// base · (1 − k / n)^power.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Polynomial {
    /// 1, PyTorch's default, is a straight line.
    #[serde(deserialize_with = "range::positive")]
    pub power: f64,
}

/// floor + (base − floor) · (1 + cos(π k / n)) / 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cosine {
    /// The rate at the end; PyTorch says `eta_min`.
    #[serde(deserialize_with = "range::not_negative")]
    pub floor: f64,
}

impl Default for Polynomial {
    fn default() -> Self {
        Self { power: 1.0 }
    }
}

/// Up over a tenth of the run, and down along half a cosine.
impl Default for Schedule {
    fn default() -> Self {
        Self { curve: Curve::Cosine(Cosine::default()), by: Unit::Step, warm_up: Some(WarmUp::default()) }
    }
}

impl Schedule {
    /// The learning rate of `step`, counted from 0, in a run whose rate is `base`: the highest one.
    pub fn rate(&self, step: usize, run: Extent, base: f64) -> f64 {
        if let Some(factor) = self.warm_up.and_then(|warm_up| warm_up.factor(step, run, self.by)) {
            return base * factor;
        }
        let (k, n) = self.progress(step, run);
        #[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
        let done = if n == 0 { 1.0 } else { (k as f64 / n as f64).min(1.0) };
        match &self.curve {
            Curve::Constant(Constant {}) => base,
            Curve::Step(Step { every, factor }) => base * power(*factor, k / *every),
            Curve::MultiStep(MultiStep { at, factor }) => {
                base * power(*factor, at.iter().filter(|&&place| place <= k).count())
            }
            Curve::Exponential(Exponential { factor }) => base * power(*factor, k),
            Curve::Polynomial(Polynomial { power }) => base * (1.0 - done).powf(*power),
            Curve::Cosine(Cosine { floor }) => floor + (base - floor) * 0.5 * (1.0 + (PI * done).cos()),
            Curve::OneCycle(one_cycle) => one_cycle.rate(k, n, base),
        }
    }

    /// What the optimizer's momentum is at `step`, or the first of Adam's `betas`, if the schedule has a say in that.
    pub fn momentum(&self, step: usize, run: Extent) -> Option<f64> {
        let Curve::OneCycle(one_cycle) = &self.curve else { return None };
        let (k, n) = self.progress(step, run);
        one_cycle.momentum(k, n)
    }

    /// Steps or epochs since the warm-up, and all there are.
    fn progress(&self, step: usize, run: Extent) -> (usize, usize) {
        let begin = self.warm_up.map_or(0, |warm_up| warm_up.length.steps(run)).min(run.steps);
        match self.by {
            Unit::Step => (step.saturating_sub(begin), run.steps - begin),
            Unit::Epoch => {
                let begin = run.epoch(begin);
                (run.epoch(step).saturating_sub(begin), run.epochs().saturating_sub(begin))
            }
        }
    }
}

fn power(factor: f64, exponent: usize) -> f64 {
    // Nothing is left of any rate long before the exponent is too large.
    factor.powi(i32::try_from(exponent).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Extent, Schedule, Unit};
    use crate::data::yaml::parse;
    use crate::error::Result;
    use std::collections::BTreeMap;
    use std::num::NonZeroUsize;

    fn read(yaml: &str) -> Result<Schedule> {
        let mut recipe: BTreeMap<String, Schedule> = parse(&format!("schedule: {yaml}"), "test")?;
        Ok(recipe.remove("schedule").unwrap())
    }

    fn rates(yaml: &str, base: f64, run: Extent) -> Vec<f64> {
        let schedule = read(yaml).unwrap();
        (0..run.steps).map(|step| schedule.rate(step, run, base)).collect()
    }

    #[test]
    fn the_default_rises_to_the_peak_and_falls_along_a_cosine() {
        let run = Extent { steps_per_epoch: NonZeroUsize::new(3).unwrap(), steps: 10 };
        // 0.2 (1 + cos(π k / 8)) for k = 0..7, worked out by hand.
        let expected = [0.2, 0.4, 0.4, 0.384_776, 0.341_421, 0.276_537, 0.2, 0.123_463, 0.058_579, 0.015_224];
        for (rate, expected) in rates("{cosine: {}, warm_up: {steps: 2}}", 0.4, run).iter().zip(expected) {
            assert!((rate - expected).abs() < 1e-6, "{rate} {expected}");
        }
        assert_eq!(read("{cosine: {}, warm_up: {share: 0.1}}").unwrap(), Schedule::default());
    }

    #[test]
    fn schedules_are_read_back_as_they_are_written() {
        for yaml in [
            "cosine",
            "{cosine: {floor: 1e-5}, warm_up: {epochs: 5, from: 0.01}, by: epoch}",
            "{step: {every: 8, factor: 0.96}}",
            "{multi-step: {at: [30, 60], factor: 0.1}, warm_up: {steps: 10}}",
            "{polynomial: {power: 0.5}}",
            "{exponential: {factor: 0.94}}",
            "{one-cycle: {anneal_strategy: linear}}",
            "constant",
        ] {
            let schedule = read(yaml).unwrap();
            let written = serde_saphyr::to_string(&schedule).unwrap();
            assert_eq!(parse::<Schedule>(&written, "test").unwrap(), schedule, "{written}");
        }
        let by = |yaml: &str| read(yaml).unwrap().by;
        assert_eq!((by("{step: {every: 8, factor: 0.96}}"), by("cosine")), (Unit::Epoch, Unit::Step));
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_its_place() {
        for (yaml, message) in [
            ("cosin", "did you mean `cosine`"),
            ("{by: step}", "a schedule has a name"),
            ("{cosine: {}, constant: {}}", "there cannot be more than a schedule"),
            ("{cosine: {flor: 1}}", "did you mean `floor`"),
            ("{cosine: {floor: -1}}", "not below 0"),
            ("step", "every"),
            ("{step: {every: 0, factor: 1}}", "every"),
            ("{one-cycle: {}, warm_up: {steps: 3}}", "no place for `warm_up`"),
            ("{cosine: {}, warm_up: {steps: 3, epochs: 2}}", "one of `steps`, `epochs` and `share`"),
            ("{cosine: {}, warm_up: {share: 2}}", "from 0 to 1"),
        ] {
            let error = read(yaml).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("line 1"), "{yaml}: {error}");
        }
    }
}
