//! Receptive fields: which part of the input one position of a value depends on.
//!
//! The recurrences are those of Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks"
//! (Distill, 2019): a window of `k` over positions that lie `j` input pixels apart makes a field of `r` larger by `(k-1)*j`, and
//! a stride of `s` moves the positions `s*j` apart. Padding counts as if it were part of the input.

use serde::Serialize;

use crate::CheckedNetwork;
use crate::network::Source;
use crate::ops::{Extent, Op, Window};
use crate::shape::Shape;

/// What one position of a value sees of the network's input. Pairs are height, width; all in pixels of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Rows and columns of the window.
    pub size: [u64; 2],
    /// The distance between the windows of neighbouring positions; `None` for a vector and for maps of one position.
    pub stride: Option<[u64; 2]>,
    /// How far the first position's window reaches beyond the input's top and left; negative when it starts inside.
    pub padding: [i64; 2],
    /// Whether all paths to the value agree on stride and centre. When they do not, `size` and `stride` are the largest that any
    /// position has.
    pub uniform: bool,
}

/// A field along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Axis {
    /// How many pixels it covers.
    size: u64,
    /// How far neighbours are apart.
    jump: u64,
    /// How many pixels all positions together cover.
    all: u64,
    /// The first pixel of the first position's field.
    start: i64,
    /// Whether every position has such a field.
    uniform: bool,
}

/// The field of every operation's output.
pub(crate) fn fields(checked: &CheckedNetwork) -> Vec<Field> {
    let operations = &checked.network().operations;
    let mut axes: Vec<[Axis; 2]> = Vec::with_capacity(operations.len());
    for (index, operation) in operations.iter().enumerate() {
        let output = checked.shape(Source::Operation(index));
        let inputs: Vec<([Axis; 2], Shape)> =
            operation.inputs.iter().map(|source| (axes_of(*source, &axes, checked), checked.shape(*source))).collect();
        axes.push([0, 1].map(|axis| {
            let network = (Axis::input(checked.input(), axis), checked.input());
            let (one, shape) = inputs.first().map_or(network, |(axes, shape)| (axes[axis], *shape));
            let extents = [extent(shape, axis), extent(output, axis)];
            through(&operation.op, axis, one, inputs.iter().map(|(axes, _)| axes[axis]), extents)
        }));
    }
    axes.into_iter().enumerate().map(|(index, axes)| field(axes, checked.shape(Source::Operation(index)))).collect()
}

/// The field of any value, given those of the operations.
pub(crate) fn field_of(source: Source, fields: &[Field], checked: &CheckedNetwork) -> Field {
    match source {
        Source::Operation(index) => fields[index],
        Source::Input | Source::Unknown => field(axes_of(source, &[], checked), checked.input()),
    }
}

fn axes_of(source: Source, axes: &[[Axis; 2]], checked: &CheckedNetwork) -> [Axis; 2] {
    match source {
        Source::Operation(index) => axes[index],
        Source::Input | Source::Unknown => [0, 1].map(|axis| Axis::input(checked.input(), axis)),
    }
}

fn field(axes: [Axis; 2], shape: Shape) -> Field {
    let has_neighbours = match shape {
        Shape::Map { height, width, .. } => (height, width) != (1, 1),
        Shape::Vector(_) => false,
    };
    Field {
        size: axes.map(|axis| axis.size),
        stride: has_neighbours.then(|| axes.map(|axis| axis.jump)),
        padding: axes.map(|axis| axis.start.saturating_neg()),
        uniform: axes.iter().all(|axis| axis.uniform),
    }
}

/// What an operation makes of its inputs' fields along one axis.
fn through(op: &Op, axis: usize, one: Axis, all: impl Iterator<Item = Axis>, [input, output]: [u64; 2]) -> Axis {
    match op.rule().extent() {
        Extent::Window(window) => one.window(window, axis, output),
        Extent::Given(size) => one.adaptive(size[axis], input),
        // A vector sees all that its maps saw.
        Extent::Vector => Axis { size: one.all, ..one },
        // All inputs of a join; others have one.
        Extent::Kept => all.reduce(Axis::meet).unwrap_or(one),
    }
}

/// How many positions a value has along an axis.
fn extent(shape: Shape, axis: usize) -> u64 {
    match shape {
        Shape::Map { height, width, .. } => [height, width][axis],
        Shape::Vector(_) => 1,
    }
}

impl Axis {
    /// The pixels of the input.
    fn input(shape: Shape, axis: usize) -> Self {
        Self { size: 1, jump: 1, all: extent(shape, axis), start: 0, uniform: true }
    }

    /// How many pixels `count` neighbours cover.
    fn of_neighbours(self, count: u64) -> u64 {
        self.size.saturating_add(count.saturating_sub(1).saturating_mul(self.jump))
    }

    /// A window that slides to `output` positions.
    fn window(self, window: &Window, axis: usize, output: u64) -> Self {
        let [before, after] = [0, 1].map(|side| window.padding[2 * axis + side].saturating_mul(self.jump));
        let slid = Self {
            size: self.of_neighbours(window.reach(axis)),
            jump: self.jump.saturating_mul(window.stride[axis]),
            start: self.start.saturating_sub_unsigned(before),
            ..self
        };
        let covered = slid.of_neighbours(output);
        // Where strides are only the largest, they may count more than there is.
        let there = self.all.saturating_add(before).saturating_add(after);
        Self { all: if self.uniform { covered } else { covered.min(there) }, ..slid }
    }

    /// PyTorch's bins: bin `i` of `size` over `count` positions is from `floor(i*count/size)` to `ceil((i+1)*count/size)`.
    fn adaptive(self, size: u64, count: u64) -> Self {
        let size = size.max(1);
        let (whole, rest) = (count / size, count % size);
        // Where bins are uneven, the largest begins in the middle of a position and ends in the middle of another, unless `rest` divides `size`.
        let largest = match rest {
            0 => whole,
            rest if size.is_multiple_of(rest) => whole + 1,
            _ => whole + 2,
        };
        Self {
            size: if size == 1 { self.all } else { self.of_neighbours(largest) },
            jump: self.jump.saturating_mul(count.div_ceil(size)),
            uniform: self.uniform && rest == 0,
            ..self
        }
    }

    /// The union of two paths' fields at the first position, which is theirs at every position as long as their strides agree.
    fn meet(self, other: Self) -> Self {
        let start = self.start.min(other.start);
        let until = |one: u64, two: u64| {
            let end = self.start.saturating_add_unsigned(one).max(other.start.saturating_add_unsigned(two));
            end.saturating_sub(start).unsigned_abs()
        };
        Self {
            size: until(self.size, other.size),
            all: until(self.all, other.all),
            jump: self.jump.max(other.jump),
            start,
            uniform: self.uniform && other.uniform && self.jump == other.jump && self.centre() == other.centre(),
        }
    }

    /// Twice the position of the centre.
    fn centre(self) -> i64 {
        self.start.saturating_mul(2).saturating_add_unsigned(self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    /// The largest of PyTorch's bins, counted one by one.
    #[test]
    fn adaptive_bins() {
        for count in 1..40_u64 {
            for size in 1..40_u64 {
                let bins = (0..size).map(|bin| ((bin + 1) * count).div_ceil(size) - bin * count / size);
                let input = Axis { size: 1, jump: 1, all: count, start: 0, uniform: true };
                let axis = input.adaptive(size, count);
                assert_eq!((Some(axis.size), axis.all), (bins.max(), count), "{count} to {size}");
            }
        }
    }

    #[test]
    fn paths_of_other_strides_or_centres_are_remembered() {
        let axis = |size, jump, start| Axis { size, jump, all: size, start, uniform: true };
        assert_eq!(axis(3, 2, -1).meet(axis(1, 2, 0)), axis(3, 2, -1));
        assert_eq!(axis(3, 2, 0).meet(axis(1, 2, 0)), Axis { uniform: false, ..axis(3, 2, 0) });
        assert_eq!(axis(3, 2, 0).meet(axis(3, 2, -2)), Axis { uniform: false, ..axis(5, 2, -2) });
        assert_eq!(axis(3, 4, -1).meet(axis(3, 2, -1)), Axis { uniform: false, ..axis(3, 4, -1) });
    }
}
