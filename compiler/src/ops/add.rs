//! Adds values of one shape.

use super::{Blame, Extent, Family, Linearity, Problem, Rule, Saved, odd_ones};
use crate::codes;
use crate::shape::{Partial, Shape};

/// `a + b + …`, value by value.
#[derive(Debug, Clone, PartialEq)]
pub struct Add;

impl Rule for Add {
    fn family(&self) -> Family {
        Family::Join
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let known: Vec<(usize, Partial)> =
            inputs.iter().copied().enumerate().filter(|(_, input)| *input != Partial::Unknown).collect();
        let Some(&(_, first)) = known.first() else { return Ok(Partial::Unknown) };
        if let Some(&(_, other)) = known.iter().find(|(_, input)| !agree(first, *input)) {
            let words: Vec<String> = inputs.iter().map(Partial::to_string).collect();
            let odd = odd_ones(&words);
            let blame = Blame::inputs(words, odd);
            let message = format!("an add needs branches of one shape, but gets {first} and {other}");
            return Err(Problem::new(codes::ADD_SHAPES, message, blame, String::new())
                .help("a convolution in the shortcut can change its channels and size"));
        }
        // What any branch knows, the sum knows.
        Ok(known.iter().fold(first, |sum, (_, input)| merge(sum, *input)))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }
}

/// Whether two shapes agree as far as they are known.
fn agree(a: Partial, b: Partial) -> bool {
    match (a.sizes(), b.sizes()) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.is_none() || b.is_none() || a == b),
        _ => true,
    }
}

fn merge(a: Partial, b: Partial) -> Partial {
    let (Some(a_sizes), Some(b_sizes)) = (a.sizes(), b.sizes()) else { return a };
    let sizes: Vec<Option<u64>> = a_sizes.iter().zip(&b_sizes).map(|(a, b)| a.or(*b)).collect();
    Partial::from_sizes(&sizes).unwrap_or(a)
}
