//! Optimizers as recipes declare them.

use super::{OptimizerConfig, Sgd};
use crate::data::given::Given;
use crate::train::choice::{Choice, ChoiceVisitor, only_one};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

impl OptimizerConfig {
    /// What recipes and options call the optimizers.
    pub(crate) const NAMES: &[&str] = &["sgd", "adam", "adamw", "rmsprop"];
}

impl<'de> Deserialize<'de> for OptimizerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChoiceVisitor::default())
    }
}

impl Choice for OptimizerConfig {
    type Draft = Option<Self>;

    const WHAT: &'static str = "an optimizer";

    fn read<'de, G: Given<'de>>(draft: &mut Option<Self>, key: &str, given: G) -> Result<(), G::Error> {
        let config = match key {
            "sgd" => Self::Sgd(given.settings()?),
            "adam" => Self::Adam(given.settings()?),
            "adamw" => Self::AdamW(given.settings()?),
            "rmsprop" => Self::RmsProp(given.settings()?),
            _ => return Err(G::Error::unknown_variant(key, Self::NAMES)),
        };
        if let Self::Sgd(Sgd { momentum: 0.0, nesterov: true }) = config {
            return Err(G::Error::custom("`nesterov` needs a `momentum` above 0"));
        }
        only_one(Self::WHAT, draft, config)
    }

    fn finish(draft: Option<Self>) -> Result<Self, String> {
        draft.ok_or_else(|| format!("an optimizer has a name: {}", Self::NAMES.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::OptimizerConfig;
    use crate::data::yaml::parse;
    use crate::error::Result;
    use crate::train::{Adam, Sgd};
    use std::collections::BTreeMap;

    #[test]
    fn optimizers_are_names_or_names_with_settings() {
        let read = |yaml: &str| {
            let recipe: Result<BTreeMap<String, OptimizerConfig>> = parse(&format!("optimizer: {yaml}"), "test");
            recipe.map(|mut recipe| recipe.remove("optimizer").unwrap())
        };
        assert_eq!(read("adam").unwrap(), OptimizerConfig::Adam(Adam::default()));
        let sgd = OptimizerConfig::Sgd(Sgd { momentum: 0.8, nesterov: true });
        assert_eq!(read("{sgd: {momentum: 0.8, nesterov: true}}").unwrap(), sgd);
        for yaml in ["{adamw: {betas: [0.8, 0.99]}}", "{rmsprop: {centred: true}}", "sgd"] {
            let config = read(yaml).unwrap();
            let written = serde_saphyr::to_string(&config).unwrap();
            assert_eq!(parse::<OptimizerConfig>(&written, "test").unwrap(), config, "{written}");
        }
        for (yaml, message) in [
            ("adm", "did you mean `adam`"),
            ("{}", "an optimizer has a name: sgd, adam, adamw, rmsprop"),
            ("{sgd: {}, adam: {}}", "there cannot be more than an optimizer"),
            ("{sgd: {momentun: 0.9}}", "did you mean `momentum`"),
            ("{sgd: {momentum: 1}}", "from 0 and below 1"),
            ("{sgd: {momentum: 0, nesterov: true}}", "`nesterov` needs a `momentum` above 0"),
            ("{adam: {betas: [0.9, 1.0]}}", "two numbers from 0 and below 1"),
        ] {
            let error = read(yaml).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("line 1"), "{yaml}: {error}");
        }
    }
}
