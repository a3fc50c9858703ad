//! Joins maps along the channels.

use super::{Blame, ChannelSource, Problem, Rule, Saved};
use crate::codes;
use crate::shape::{Partial, Shape};

/// `torch.cat(…, dim=1)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Concat;

impl Rule for Concat {
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
                        Blame::Input(index),
                        format!("{input} features"),
                    ));
                }
            }
        }
        let sizes: Vec<(u64, u64)> = maps.iter().filter_map(|&(_, height, width)| Some((height?, width?))).collect();
        if sizes.len() < maps.len() {
            return Ok(Partial::Map { channels: sum(&maps), height: None, width: None });
        }
        match odd_one(&sizes) {
            None => {
                let (height, width) = sizes.first().copied().unzip();
                Ok(Partial::Map { channels: sum(&maps), height, width })
            }
            Some(odd) => Err(Problem::new(
                codes::CONCAT_SIZES,
                "the branches of a concat differ in height or width".into(),
                Blame::Input(odd),
                format!("{} differs from the others", inputs[odd]),
            )
            .help("give the branches the same strides, paddings and rounding")),
        }
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }
}

fn sum(maps: &[(Option<u64>, Option<u64>, Option<u64>)]) -> Option<u64> {
    maps.iter().try_fold(0_u64, |sum, (channels, _, _)| sum.checked_add((*channels)?))
}

/// The first branch whose size is not the one that most branches have.
fn odd_one(sizes: &[(u64, u64)]) -> Option<usize> {
    let votes = |size: &(u64, u64)| sizes.iter().filter(|other| *other == size).count();
    let usual = sizes.iter().rev().max_by_key(|size| votes(size))?;
    sizes.iter().position(|size| size != usual)
}
