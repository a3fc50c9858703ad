//! Charts of lines: panels above each other that share their horizontal axis.
//!
//! A chart becomes marks in a plane, and these become SVG or PNG. Every line is named where it ends, in its colour, so that nobody has to
//! look at a legend and back.

mod axis;
mod labels;
mod palette;
mod panel;
mod png;
mod svg;
#[cfg(test)]
mod tests;

pub(crate) use png::png;
pub(crate) use svg::{escaped, svg};

/// What is to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chart {
    /// What the horizontal axis means, and the range to show whatever the points are.
    pub(crate) across: String,
    pub(crate) range: (f64, f64),
    pub(crate) panels: Vec<Panel>,
}

/// Lines that share a vertical axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Panel {
    pub(crate) title: String,
    /// Values that the axis shows in any case.
    pub(crate) shown: Vec<f64>,
    pub(crate) lines: Vec<Line>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// What stands at its end; nothing if it is empty.
    pub(crate) name: String,
    /// The number of its colour.
    pub(crate) colour: usize,
    pub(crate) look: Look,
    /// From left to right.
    pub(crate) points: Vec<(f64, f64)>,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Look {
    /// With a dot at each point.
    #[default]
    Dots,
    /// Dashes, with a dot at each point.
    Dashes,
    Plain,
    /// Thin and pale, behind the others. The axis need not show all of it.
    Pale,
}

/// Marks in a plane that is this large; lengths are CSS pixels, and downwards is positive.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawing {
    width: f64,
    height: f64,
    marks: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq)]
enum Mark {
    Line { points: Vec<(f64, f64)>, ink: Ink, width: f64, is_dashed: bool },
    Dot { at: (f64, f64), ink: Ink },
    Text { at: (f64, f64), anchor: Anchor, ink: Ink, is_bold: bool, text: String },
}

/// What something is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Text,
    Soft,
    Grid,
    Line(usize),
    PaleLine(usize),
}

/// The place of a text's given point: on its baseline at its beginning, middle or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// The size of letters.
const LETTERS: f64 = 12.0;

const WIDTH: f64 = 760.0;

/// The space left of a panel, for numbers, and right of it, for names.
const LEFT: f64 = 58.0;
const RIGHT: f64 = 150.0;

/// The height of a panel, and of the space above each for its title.
const PANEL: f64 = 190.0;
const ABOVE: f64 = 40.0;

/// The space below all, for numbers and words.
const BELOW: f64 = 44.0;

fn drawing(chart: &Chart) -> Drawing {
    let axis = axis::Axis::exactly(chart.range, (LEFT, WIDTH - RIGHT));
    let mut marks = Vec::new();
    let mut top = 0.0;
    for panel in &chart.panels {
        panel::draw(panel, &axis, top + ABOVE, &mut marks);
        top += ABOVE + PANEL;
    }
    for (value, text) in axis.ticks() {
        let at = (axis.place(value), top + 18.0);
        marks.push(Mark::Text { at, anchor: Anchor::Middle, ink: Ink::Soft, is_bold: false, text });
    }
    let (at, text) = (((LEFT + WIDTH - RIGHT) / 2.0, top + 36.0), chart.across.clone());
    marks.push(Mark::Text { at, anchor: Anchor::Middle, ink: Ink::Text, is_bold: false, text });
    Drawing { width: WIDTH, height: top + BELOW, marks }
}
