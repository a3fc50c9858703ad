//! What is known of the feature maps at a place, and of a block that is being made.

use super::super::count::Shape;
use super::super::network::{Block, Kind, Layer, Number, Part};

/// What is known at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The whole shape, where a layer may do with it what it likes; else height and width must stay as they are, since they
    /// are not known, or since other branches have them too.
    pub(super) free: Option<Shape>,
    /// The channels, where one number says them.
    pub(super) channels: Option<Number>,
}

pub(super) fn literal(shape: Shape) -> Option<Number> {
    match shape {
        Shape::Map([channels, ..]) => Some(Number::Literal(channels)),
        Shape::Vector(_) => None,
    }
}

pub(super) fn number_of(number: Number) -> Option<u64> {
    match number {
        Number::Literal(number) => Some(number),
        Number::Parameter(_) | Number::Incoming | Number::Classes => None,
    }
}

/// The channels after a part that gets so many, where one number says them.
pub(super) fn channels_after(part: &Part, before: Option<Number>) -> Option<Number> {
    match part {
        Part::Layer(Layer { kind, .. }) => match kind {
            Kind::Conv { channels, .. } => Some(*channels),
            Kind::Depthwise { multiplier: None | Some(1), .. }
            | Kind::Pool { .. }
            | Kind::GlobalPool(_)
            | Kind::AdaptivePool(..)
            | Kind::BatchNorm
            | Kind::Lrn(_)
            | Kind::Plain(_)
            | Kind::Dropout(_)
            | Kind::Scale(_) => before,
            Kind::Depthwise { .. } | Kind::Linear { .. } | Kind::Flatten | Kind::Reshape(_) => None,
        },
        Part::Sequence(items) => items.iter().fold(before, |channels, item| channels_after(&item.part, channels)),
        Part::Add(branches) => branches.last().and_then(|branch| channels_after(&branch.part, before)),
        Part::Repeat(_, items) => items.iter().fold(None, |channels, item| channels_after(&item.part, channels)),
        Part::Concat(_) | Part::Call(..) | Part::Table(_) => None,
    }
}

/// Whether the last parameter of a block is its stride: it is no number of channels anywhere, but stands as a stride.
pub(super) fn has_stride(block: &Block) -> bool {
    fn strides(part: &Part) -> bool {
        match part {
            Part::Layer(Layer { kind: Kind::Conv { window, .. } | Kind::Pool { window, .. }, .. }) => {
                window.stride.iter().any(|number| matches!(number, Number::Parameter(_)))
            }
            Part::Sequence(items) | Part::Concat(items) => items.iter().any(|item| strides(&item.part)),
            Part::Layer(_) | Part::Add(_) | Part::Repeat(..) | Part::Call(..) | Part::Table(_) => false,
        }
    }
    strides(&block.body)
}
