//! The shapes behind the steps of `forward`.

use super::emitter::Emitter;
use super::structs::Struct;
use crate::network::{Group, Source};
use crate::shape::Shape;

impl<'a> Emitter<'a> {
    /// The shape of a value in words. Where a struct stands for several groups, in terms of what these share: parameters
    /// for channels, and for the size `H x W`, which is what comes in.
    pub(super) fn shape_comment(&self, at: &Struct<'a>, output: Source) -> Option<String> {
        let (first, Source::Operation(index)) = (at.instances.first()?, output) else { return None };
        let offset = index.checked_sub(first.operations.start)?;
        let shape = |group: &&Group| self.checked.shape(Source::Operation(group.operations.start + offset));
        let shapes: Vec<Shape> = at.instances.iter().map(shape).collect();
        if shapes.iter().all(|shape| *shape == shapes[0]) {
            return Some(shapes[0].to_string());
        }
        let channels = at.channels(output, shapes[0]).words();
        let inputs = at.instances.iter().map(|group| self.checked.shape(group.input));
        let pairs: Option<Vec<[(u64, u64); 2]>> =
            inputs.zip(&shapes).map(|(input, output)| Some([sizes(input)?, sizes(*output)?])).collect();
        Some(match pairs {
            None => channels,
            Some(pairs) => match shared_size(&pairs) {
                Some(size) => format!("{channels} x {size}"),
                None => format!("{channels} channels"),
            },
        })
    }
}

fn sizes(shape: Shape) -> Option<(u64, u64)> {
    match shape {
        Shape::Map { height, width, .. } => Some((height, width)),
        Shape::Vector(_) => None,
    }
}

/// Height and width as all groups have them: the same numbers, or the same share of what comes in.
fn shared_size(pairs: &[[(u64, u64); 2]]) -> Option<String> {
    let [(rows, columns), (height, width)] = *pairs.first()?;
    if pairs.iter().all(|[_, output]| *output == (height, width)) {
        return Some(format!("{height} x {width}"));
    }
    let (by_rows, by_columns) = (rows / height, columns / width);
    let is_share = |input: u64, output: u64, by: u64| output.checked_mul(by) == Some(input);
    let shares = |[input, output]: &[(u64, u64); 2]| {
        is_share(input.0, output.0, by_rows) && is_share(input.1, output.1, by_columns)
    };
    let part = |name: &str, by: u64| if by == 1 { name.to_owned() } else { format!("{name}/{by}") };
    pairs.iter().all(shares).then(|| format!("{} x {}", part("H", by_rows), part("W", by_columns)))
}
