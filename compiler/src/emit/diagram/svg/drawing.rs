//! Marks on paper, not yet in any format. The axis, along which values run, is at x = 0; the top is at y = 0.

use super::super::words::Role;
use super::text::Span;

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Which point of a line of text is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Its start, middle or end.
    pub(super) x: f64,
    /// Its baseline.
    pub(super) y: f64,
    pub(super) anchor: Anchor,
    pub(super) spans: Vec<Span>,
}

/// Something to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A box with text inside.
    Box { rect: Rect, role: Role, detail: String, lines: Vec<Line> },
    /// The frame of a cluster.
    Frame { rect: Rect, is_dashed: bool, is_stacked: bool },
    /// Text on paper.
    Text(Line),
    /// A line with right angles.
    Wire { points: Vec<(f64, f64)>, is_dashed: bool, has_arrow: bool },
}

/// Marks with the room that they take.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Drawing {
    pub(super) marks: Vec<Mark>,
    /// How far it reaches to the left of the axis.
    pub(super) left: f64,
    /// How far it reaches to the right of the axis.
    pub(super) right: f64,
    pub(super) height: f64,
    /// Where a head's edge can leave each box: number of the box, right end, height.
    pub(super) exits: Vec<(usize, f64, f64)>,
}

impl Drawing {
    pub(super) fn width(&self) -> f64 {
        self.left + self.right
    }

    /// Adds another drawing with its axis at `x` and its top at `y`.
    pub(super) fn add(&mut self, other: Self, x: f64, y: f64) {
        self.left = self.left.max(other.left - x);
        self.right = self.right.max(other.right + x);
        self.height = self.height.max(other.height + y);
        self.exits.extend(other.exits.into_iter().map(|(id, right, height)| (id, right + x, height + y)));
        self.marks.extend(other.marks.into_iter().map(|mark| mark.shifted(x, y)));
    }

    pub(super) fn wire(&mut self, points: &[(f64, f64)], has_arrow: bool) {
        self.marks.push(Mark::Wire { points: points.to_vec(), is_dashed: false, has_arrow });
    }

    /// Text with its middle on `x`.
    pub(super) fn centred(&mut self, x: f64, baseline: f64, spans: Vec<Span>) {
        let half = super::text::width(&spans) / 2.0;
        self.left = self.left.max(half - x);
        self.right = self.right.max(half + x);
        self.marks.push(Mark::Text(Line { x, y: baseline, anchor: Anchor::Middle, spans }));
    }
}

impl Rect {
    fn shifted(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }
}

impl Line {
    fn shifted(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }
}

impl Mark {
    fn shifted(self, x: f64, y: f64) -> Self {
        match self {
            Self::Box { rect, role, detail, lines } => {
                let lines = lines.into_iter().map(|line| line.shifted(x, y)).collect();
                Self::Box { rect: rect.shifted(x, y), role, detail, lines }
            }
            Self::Frame { rect, is_dashed, is_stacked } => {
                Self::Frame { rect: rect.shifted(x, y), is_dashed, is_stacked }
            }
            Self::Text(line) => Self::Text(line.shifted(x, y)),
            Self::Wire { points, is_dashed, has_arrow } => {
                let points = points.into_iter().map(|(left, top)| (left + x, top + y)).collect();
                Self::Wire { points, is_dashed, has_arrow }
            }
        }
    }
}
