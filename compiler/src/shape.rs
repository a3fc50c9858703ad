//! Shapes, as far as they are known.

use std::fmt;

use serde::{Serialize, Serializer};

/// The shape of one sample, without the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Feature maps: channels x height x width.
    Map {
        /// How many maps.
        channels: u64,
        /// Rows.
        height: u64,
        /// Columns.
        width: u64,
    },
    /// A plain vector of this many features.
    Vector(u64),
}

impl Shape {
    /// The sizes in order: `[c, h, w]` or `[n]`.
    pub fn sizes(self) -> Vec<u64> {
        match self {
            Self::Map { channels, height, width } => vec![channels, height, width],
            Self::Vector(features) => vec![features],
        }
    }

    /// Channels of a map, features of a vector.
    pub fn channels(self) -> u64 {
        match self {
            Self::Map { channels, .. } => channels,
            Self::Vector(features) => features,
        }
    }

    /// How many numbers it holds; saturates instead of overflowing.
    pub fn elements(self) -> u64 {
        self.sizes().into_iter().fold(1, u64::saturating_mul)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Partial::from(*self).fmt(f)
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sizes().serialize(serializer)
    }
}

/// A shape while it is being derived: what an earlier mistake left open stays open, and nobody reports it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Partial {
    /// Feature maps.
    Map {
        /// How many maps.
        channels: Option<u64>,
        /// Rows.
        height: Option<u64>,
        /// Columns.
        width: Option<u64>,
    },
    /// A plain vector.
    Vector(Option<u64>),
    /// Not even the rank is known.
    Unknown,
}

impl Partial {
    /// The shape, when all of it is known.
    pub(crate) fn known(self) -> Option<Shape> {
        match self {
            Self::Map { channels, height, width } => {
                Some(Shape::Map { channels: channels?, height: height?, width: width? })
            }
            Self::Vector(features) => features.map(Shape::Vector),
            Self::Unknown => None,
        }
    }

    /// The sizes in order, where known; `None` when the rank is not.
    pub(crate) fn sizes(self) -> Option<Vec<Option<u64>>> {
        match self {
            Self::Map { channels, height, width } => Some(vec![channels, height, width]),
            Self::Vector(features) => Some(vec![features]),
            Self::Unknown => None,
        }
    }

    /// The shape of these sizes: three make a map, one a vector.
    pub(crate) fn from_sizes(sizes: &[Option<u64>]) -> Option<Self> {
        match *sizes {
            [channels, height, width] => Some(Self::Map { channels, height, width }),
            [features] => Some(Self::Vector(features)),
            _ => None,
        }
    }

    /// The same channels, of a height and width that nobody knows.
    pub(crate) fn without_size(self) -> Self {
        match self {
            Self::Map { channels, .. } => Self::Map { channels, height: None, width: None },
            Self::Vector(_) | Self::Unknown => self,
        }
    }

    /// Channels of a map, features of a vector, when known.
    pub(crate) fn channels(self) -> Option<u64> {
        match self {
            Self::Map { channels, .. } => channels,
            Self::Vector(features) => features,
            Self::Unknown => None,
        }
    }
}

impl From<Shape> for Partial {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Map { channels, height, width } => {
                Self::Map { channels: Some(channels), height: Some(height), width: Some(width) }
            }
            Shape::Vector(features) => Self::Vector(Some(features)),
        }
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Map { channels: Some(channels), height: None, width: None } = self {
            return write!(f, "{channels} channels");
        }
        let sizes = self.sizes().unwrap_or_default();
        let words: Vec<String> = sizes.iter().map(|size| size.map_or("?".into(), |n| n.to_string())).collect();
        f.write_str(if words.is_empty() { "?" } else { "" })?;
        f.write_str(&words.join("x"))
    }
}
