//! What stands behind a name in a file that people write: its settings, as in `adam: {eps: 1e-6}`, or nothing, as in `adam`.

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Error, MapAccess};
use std::marker::PhantomData;

/// Something that settings are read from.
pub(crate) trait Given<'de> {
    type Error: Error;

    fn settings<T: DeserializeOwned>(self) -> Result<T, Self::Error>;
}

/// A name stands alone, and everything is as usual.
pub(crate) struct Nothing<E>(PhantomData<E>);

impl<E> Nothing<E> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Error> Given<'_> for Nothing<E> {
    type Error = E;

    fn settings<T: DeserializeOwned>(self) -> Result<T, E> {
        T::deserialize(MapDeserializer::new(std::iter::empty::<(&str, u8)>()))
    }
}

/// The value of the key of a map that was read last.
pub(crate) struct Value<'a, 'de, A>(&'a mut A, PhantomData<&'de ()>);

impl<'a, A> Value<'a, '_, A> {
    pub(crate) fn of(map: &'a mut A) -> Self {
        Self(map, PhantomData)
    }
}

impl<'de, A: MapAccess<'de>> Given<'de> for Value<'_, 'de, A> {
    type Error = A::Error;

    fn settings<T: DeserializeOwned>(self) -> Result<T, A::Error> {
        self.0.next_value()
    }
}
