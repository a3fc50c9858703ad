//! Steps as recipes declare them.

use super::crop::{CentreCrop, RandomCrop};
use super::flip::HorizontalFlip;
use super::greyscale::Greyscale;
use super::jitter::{ColourJitter, Factors};
use super::lighting::{Deviation, Lighting};
use super::probability::Probability;
use super::random_resized_crop::RandomResizedCrop;
use super::resize::Resize;
use super::shift::Shift;
use super::size::Size;
use super::step::Step;
use crate::data::given::{Given, Nothing, Value};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// The names of the steps; the American ones are understood too.
const NAMES: &[&str] = &[
    "resize",
    "centre-crop",
    "random-crop",
    "random-resized-crop",
    "horizontal-flip",
    "colour-jitter",
    "lighting",
    "greyscale",
    "shift",
];

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StepVisitor)
    }
}

struct StepVisitor;

impl<'de> Visitor<'de> for StepVisitor {
    type Value = Step;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a step, or a map of its name to its settings")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Step, E> {
        step(name, Nothing::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Step, A::Error> {
        let Some(name) = map.next_key::<String>()? else {
            return Err(A::Error::custom("a step has a name"));
        };
        let step = step(&name, Value::of(&mut map))?;
        match map.next_key::<String>()? {
            None => Ok(step),
            Some(other) => Err(A::Error::custom(format!(
                "a step has one name, and this one has `{name}` and `{other}`: put `-` before each step, and indent its settings further"
            ))),
        }
    }
}

/// The step of this name with these settings.
fn step<'de, G: Given<'de>>(name: &str, given: G) -> Result<Step, G::Error> {
    Ok(match name {
        "resize" => Step::Resize(settings(given)?),
        "centre-crop" | "center-crop" => Step::CentreCrop(settings(given)?),
        "random-crop" => Step::RandomCrop(settings(given)?),
        "random-resized-crop" => Step::RandomResizedCrop(settings(given)?),
        "horizontal-flip" => Step::HorizontalFlip(settings(given)?),
        "colour-jitter" | "color-jitter" => Step::ColourJitter(settings(given)?),
        "lighting" => Step::Lighting(settings(given)?),
        "greyscale" | "grayscale" => Step::Greyscale(settings(given)?),
        "shift" => Step::Shift(settings(given)?),
        _ => return Err(G::Error::unknown_variant(name, NAMES)),
    })
}

/// Settings of a step: a map, or its most important setting alone.
trait Settings: DeserializeOwned {
    type Short: DeserializeOwned;

    fn from_short(short: Self::Short) -> Self;
}

/// What is read as such settings.
struct Long<T>(T);

impl<'de, T: Settings> Deserialize<'de> for Long<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingsVisitor(PhantomData)).map(Self)
    }
}

fn settings<'de, T: Settings, G: Given<'de>>(given: G) -> Result<T, G::Error> {
    given.settings().map(|Long(settings)| settings)
}

struct SettingsVisitor<T>(PhantomData<T>);

impl<'de, T: Settings> Visitor<'de> for SettingsVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings of a step")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::Short::deserialize(value.into_deserializer()).map(T::from_short)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::Short::deserialize(value.into_deserializer()).map(T::from_short)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        T::Short::deserialize(value.into_deserializer()).map(T::from_short)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Nothing::new().settings()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<T, A::Error> {
        T::Short::deserialize(SeqAccessDeserializer::new(sequence)).map(T::from_short)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

impl Settings for Resize {
    type Short = Size;

    fn from_short(size: Size) -> Self {
        Self { size: Some(size), ..Self::default() }
    }
}

impl Settings for CentreCrop {
    type Short = Size;

    fn from_short(size: Size) -> Self {
        Self { size: Some(size) }
    }
}

impl Settings for RandomCrop {
    type Short = Size;

    fn from_short(size: Size) -> Self {
        Self { size: Some(size), ..Self::default() }
    }
}

impl Settings for RandomResizedCrop {
    type Short = Size;

    fn from_short(size: Size) -> Self {
        Self { size: Some(size), ..Self::default() }
    }
}

impl Settings for HorizontalFlip {
    type Short = Probability;

    fn from_short(p: Probability) -> Self {
        Self { p }
    }
}

impl Settings for ColourJitter {
    type Short = Factors;

    fn from_short(factors: Factors) -> Self {
        let same = Some(factors);
        Self { brightness: same, contrast: same, saturation: same, hue: None }
    }
}

impl Settings for Lighting {
    type Short = Deviation;

    fn from_short(std: Deviation) -> Self {
        Self { std }
    }
}

impl Settings for Greyscale {
    type Short = Probability;

    fn from_short(p: Probability) -> Self {
        Self { p }
    }
}

impl Settings for Shift {
    type Short = Probability;

    fn from_short(share: Probability) -> Self {
        Self { share }
    }
}
