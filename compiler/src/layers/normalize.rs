//! `normalize mean=0.485x0.456x0.406 std=0.229x0.224x0.225`: a fixed scale and shift for each channel.

use super::attributes::{Attribute, Form, Range};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{ChannelAffine, Op};

pub(super) const KIND: Kind = Kind {
    keyword: "normalize",
    title: "normalisation",
    summary: "Scales and shifts each channel by constants: (x - mean) / std, or x * scale + shift.",
    positional: &[],
    attributes: &[MEAN, STD, SCALE, SHIFT],
    variables: "",
    examples: &[
        "normalize mean=0.485x0.456x0.406 std=0.229x0.224x0.225",
        "normalize scale=0.458x0.448x0.45 shift=-0.03x-0.088x-0.188",
    ],
    expand,
};

const MEAN: Attribute = Attribute::new("mean", Form::Numbers(Range::Any), "zeros", "what is subtracted")
    .needing("to stand without `scale` and `shift`");
const STD: Attribute = Attribute::new("std", Form::Numbers(Range::Positive), "ones", "what is then divided by")
    .needing("to stand without `scale` and `shift`");
const SCALE: Attribute = Attribute::new("scale", Form::Numbers(Range::Any), "ones", "what is multiplied with")
    .needing("to stand without `mean` and `std`");
const SHIFT: Attribute = Attribute::new("shift", Form::Numbers(Range::Any), "zeros", "what is then added")
    .needing("to stand without `mean` and `std`");

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let statistics = arguments.has("mean") || arguments.has("std");
    let (scale, shift) = if statistics {
        let (mean, std) = pair(arguments, ("mean", 0.0), ("std", 1.0))?;
        let shift = mean.iter().zip(&std).map(|(mean, std)| -mean / std).collect();
        (std.into_iter().map(|std| 1.0 / std).collect(), shift)
    } else {
        pair(arguments, ("scale", 1.0), ("shift", 0.0))?
    };
    if scale.iter().chain(&shift).any(|value: &f64| !value.is_finite()) {
        arguments.out_of_range("std", "a quotient of `mean` and `std` is too large".into(), "too small");
        return None;
    }
    Some(vec![Step::new("normalize", Op::ChannelAffine(ChannelAffine { scale, shift }))])
}

/// Two lists of one length, each with what stands for it when only the other is given.
fn pair(
    arguments: &mut Arguments<'_>,
    (first, usual_first): (&'static str, f64),
    (second, usual_second): (&'static str, f64),
) -> Option<(Vec<f64>, Vec<f64>)> {
    let given = (arguments.has(first), arguments.has(second));
    let lists = (arguments.floats(first), arguments.floats(second));
    match (given, lists) {
        ((true, true), (Some(a), Some(b))) => {
            if a.len() != b.len() {
                arguments.wrong(format!("`normalize` has {} of `{first}`, but {} of `{second}`", a.len(), b.len()));
                return None;
            }
            Some((a, b))
        }
        ((true, false), (Some(a), _)) => Some((a.clone(), vec![usual_second; a.len()])),
        ((false, true), (_, Some(b))) => Some((vec![usual_first; b.len()], b)),
        ((false, false), _) => {
            arguments.missing("its numbers, such as `mean=0.5 std=0.25`");
            None
        }
        _ => None,
    }
}
