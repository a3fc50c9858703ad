//! Schedules as recipes declare them.

use super::{Curve, Schedule, Unit, WarmUp};
use crate::data::given::Given;
use crate::train::choice::{Choice, ChoiceVisitor, only_one};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

const KEYS: &[&str] =
    &["constant", "step", "multi-step", "exponential", "polynomial", "cosine", "one-cycle", "by", "warm_up"];

impl Curve {
    /// What recipes and options call the curves: all keys but what is said beside them.
    pub(crate) const NAMES: &[&str] = KEYS.split_at(KEYS.len() - 2).0;
}

#[derive(Default)]
pub(crate) struct Draft {
    curve: Option<Curve>,
    by: Option<Unit>,
    warm_up: Option<WarmUp>,
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChoiceVisitor::default())
    }
}

impl Choice for Schedule {
    type Draft = Draft;

    const WHAT: &'static str = "a schedule";

    fn read<'de, G: Given<'de>>(draft: &mut Draft, key: &str, given: G) -> Result<(), G::Error> {
        let curve = match key {
            "by" => {
                draft.by = Some(given.settings()?);
                return Ok(());
            }
            "warm_up" => {
                draft.warm_up = given.settings()?;
                return Ok(());
            }
            "constant" => Curve::Constant(given.settings()?),
            "step" => Curve::Step(given.settings()?),
            "multi-step" => Curve::MultiStep(given.settings()?),
            "exponential" => Curve::Exponential(given.settings()?),
            "polynomial" => Curve::Polynomial(given.settings()?),
            "cosine" => Curve::Cosine(given.settings()?),
            "one-cycle" => Curve::OneCycle(given.settings()?),
            _ => return Err(G::Error::unknown_field(key, KEYS)),
        };
        only_one(Self::WHAT, &mut draft.curve, curve)
    }

    fn finish(Draft { curve, by, warm_up }: Draft) -> Result<Self, String> {
        let curve = curve.ok_or("a schedule has a name: `cosine`, `step: {every: 8, factor: 0.96}`, ...")?;
        if let (Curve::OneCycle(_), Some(_)) = (&curve, warm_up) {
            return Err("`one-cycle` begins with a rise of its own, so there is no place for `warm_up`".to_owned());
        }
        // As these are called in PyTorch's training loops and in Caffe.
        let usual = match curve {
            Curve::Step(_) | Curve::MultiStep(_) | Curve::Exponential(_) => Unit::Epoch,
            Curve::Constant(_) | Curve::Polynomial(_) | Curve::Cosine(_) | Curve::OneCycle(_) => Unit::Step,
        };
        Ok(Self { curve, by: by.unwrap_or(usual), warm_up })
    }
}
