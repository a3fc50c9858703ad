//! Choices as recipes write them: `adam`, `adam: {eps: 1e-6}`, or that with further keys beside it.

use crate::data::given::{Given, Nothing, Value};
use serde::de::{Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// What a recipe says in such a way.
pub(super) trait Choice: Sized {
    /// What was read so far.
    type Draft: Default;

    /// What one chooses, with its article.
    const WHAT: &'static str;

    /// Reads what stands behind `key`.
    fn read<'de, G: Given<'de>>(draft: &mut Self::Draft, key: &str, given: G) -> Result<(), G::Error>;

    /// The whole, once everything is read.
    fn finish(draft: Self::Draft) -> Result<Self, String>;
}

/// Reads a choice: `deserializer.deserialize_any(ChoiceVisitor::default())`.
pub(super) struct ChoiceVisitor<T>(PhantomData<T>);

impl<T> Default for ChoiceVisitor<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Choice> Visitor<'de> for ChoiceVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of {}, or a map of it to its settings", T::WHAT)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        let mut draft = T::Draft::default();
        T::read(&mut draft, name, Nothing::new())?;
        T::finish(draft).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut draft = T::Draft::default();
        while let Some(key) = map.next_key::<String>()? {
            T::read(&mut draft, &key, Value::of(&mut map))?;
        }
        T::finish(draft).map_err(A::Error::custom)
    }
}

/// Keeps the kind that was chosen.
///
/// # Errors
/// When one was chosen before.
pub(super) fn only_one<T, E: Error>(what: &str, kind: &mut Option<T>, chosen: T) -> Result<(), E> {
    match kind.replace(chosen) {
        None => Ok(()),
        Some(_) => Err(E::custom(format!("there cannot be more than {what}"))),
    }
}
