//! Joins maps along the channels.

use std::collections::HashSet;

use super::{Blame, ChannelSource, Extent, Family, Linearity, Problem, Rule, Saved, odd_ones};
use crate::codes;
use crate::shape::{Partial, Shape};

/// `torch.cat(…, dim=1)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Concat;

impl Rule for Concat {
    fn family(&self) -> Family {
        Family::Join
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn channels(&self) -> ChannelSource {
        ChannelSource::Inputs
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let mut maps = Vec::new();
        for (index, input) in inputs.iter().enumerate() {
            match *input {
                Partial::Map { channels, height, width } => maps.push((channels, height, width)),
                Partial::Unknown => return Ok(Partial::Map { channels: None, height: None, width: None }),
                Partial::Vector(_) => {
                    return Err(Problem::new(
                        codes::NEEDS_MAP,
                        format!("a concat needs feature maps, but one of its branches is a vector of {input} features"),
                        Blame::inputs(
                            inputs.iter().map(Partial::to_string),
                            (0..inputs.len()).map(|other| other == index).collect(),
                        ),
                        String::new(),
                    ));
                }
            }
        }
        let sizes: Vec<(u64, u64)> = maps.iter().filter_map(|&(_, height, width)| Some((height?, width?))).collect();
        if sizes.len() < maps.len() {
            return Ok(Partial::Map { channels: sum(&maps), height: None, width: None });
        }
        let (height, width) = sizes.first().copied().unzip();
        if sizes.iter().all(|size| Some(size) == sizes.first()) {
            return Ok(Partial::Map { channels: sum(&maps), height, width });
        }
        let words: Vec<String> = sizes.iter().map(|(height, width)| format!("{height}x{width}")).collect();
        let mut seen = HashSet::new();
        let different: Vec<&str> = words.iter().map(String::as_str).filter(|size| seen.insert(*size)).collect();
        let message = format!("the branches of a concat differ in height or width: {}", different.join(", "));
        let blame = Blame::inputs(inputs.iter().map(Partial::to_string), odd_ones(&words));
        Err(Problem::new(codes::CONCAT_SIZES, message, blame, String::new())
            .help("give the branches the same strides, paddings and rounding"))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }
}

fn sum(maps: &[(Option<u64>, Option<u64>, Option<u64>)]) -> Option<u64> {
    maps.iter().try_fold(0_u64, |sum, (channels, _, _)| sum.checked_add((*channels)?))
}
