//! Averages as recipes declare them: `polyak`, or `{ema: {decay: 0.9998}, from: {epochs: 5}}`.

use super::{Averaging, Mean};
use crate::data::given::Given;
use crate::train::choice::{Choice, ChoiceVisitor, only_one};
use crate::train::length::Length;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

const KEYS: &[&str] = &["ema", "polyak", "from", "every", "update_bn"];

impl Mean {
    /// What recipes call the averages: all keys but what is said beside them.
    pub(crate) const NAMES: &[&str] = KEYS.split_at(KEYS.len() - 3).0;
}

#[derive(Default)]
pub(crate) struct Draft {
    mean: Option<Mean>,
    from: Option<Length>,
    every: Option<Length>,
    update_bn: Option<Length>,
}

impl<'de> Deserialize<'de> for Averaging {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChoiceVisitor::default())
    }
}

impl Choice for Averaging {
    type Draft = Draft;

    const WHAT: &'static str = "an average";

    fn read<'de, G: Given<'de>>(draft: &mut Draft, key: &str, given: G) -> Result<(), G::Error> {
        match key {
            "ema" => return only_one(Self::WHAT, &mut draft.mean, Mean::Ema(given.settings()?)),
            "polyak" => return only_one(Self::WHAT, &mut draft.mean, Mean::Polyak(given.settings()?)),
            "from" => draft.from = Some(given.settings()?),
            "every" => draft.every = Some(given.settings()?),
            "update_bn" => draft.update_bn = given.settings()?,
            _ => return Err(G::Error::unknown_field(key, KEYS)),
        }
        Ok(())
    }

    fn finish(Draft { mean, from, every, update_bn }: Draft) -> Result<Self, String> {
        let mean = mean.ok_or("an average has a name: `polyak`, or `ema: {decay: 0.9999}`")?;
        let (from, every) = (from.unwrap_or(Length::Steps(0)), every.unwrap_or(Length::Steps(1)));
        Ok(Self { mean, from, every, update_bn })
    }
}

#[cfg(test)]
mod tests {
    use super::{Averaging, Length, Mean};
    use crate::data::yaml::parse;
    use crate::train::{Ema, Polyak};

    #[test]
    fn averages_are_names_or_names_with_settings() {
        let read = |yaml: &str| parse::<Averaging>(yaml, "test");
        let polyak = Averaging {
            mean: Mean::Polyak(Polyak {}),
            from: Length::Steps(0),
            every: Length::Steps(1),
            update_bn: None,
        };
        assert_eq!(read("polyak").unwrap(), polyak);
        let ema = read("{ema: {decay: 0.998, warm_up: true}, from: {epochs: 5}, update_bn: {steps: 100}}").unwrap();
        assert_eq!(ema.mean, Mean::Ema(Ema { decay: 0.998, warm_up: true }));
        assert_eq!((ema.from, ema.update_bn), (Length::Epochs(5.0), Some(Length::Steps(100))));
        let written = serde_saphyr::to_string(&ema).unwrap();
        assert_eq!(read(&written).unwrap(), ema, "{written}");
        for (yaml, message) in [
            ("{}", "an average has a name"),
            ("{ema: {}, polyak: {}}", "there cannot be more than an average"),
            ("{ema: {deacy: 1}}", "did you mean `decay`"),
            ("{ema: {decay: 1}}", "from 0 and below 1"),
            ("{polyak: {}, frm: {steps: 1}}", "did you mean `from`"),
        ] {
            let error = read(yaml).unwrap_err().to_string();
            assert!(error.contains(message), "{yaml}: {error}");
        }
    }
}
