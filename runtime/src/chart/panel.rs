//! One panel: grid, numbers, lines and their names.

use super::axis::Axis;
use super::labels::apart;
use super::{Anchor, Ink, LEFT, LETTERS, Line, Look, Mark, PANEL, Panel, RIGHT, WIDTH};

/// Pale lines may leave the axis with this share of their points, the highest: single steps jump.
const OUTLIERS: f64 = 0.02;

/// More letters do not fit beside a panel.
const LETTERS_OF_NAME: usize = 21;

/// Draws a panel whose frame begins at `top`.
pub(super) fn draw(panel: &Panel, across: &Axis, top: f64, marks: &mut Vec<Mark>) {
    let bottom = top + PANEL;
    let axis = Axis::round(range(panel), (bottom, top));
    let ink = Ink::Text;
    marks.push(Mark::Text {
        at: (LEFT, top - 14.0),
        anchor: Anchor::Start,
        ink,
        is_bold: true,
        text: panel.title.clone(),
    });
    for (value, text) in axis.ticks() {
        let y = axis.place(value);
        marks.push(grid(vec![(LEFT, y), (WIDTH - RIGHT, y)]));
        let at = (LEFT - 8.0, y + LETTERS / 3.0);
        marks.push(Mark::Text { at, anchor: Anchor::End, ink: Ink::Soft, is_bold: false, text });
    }
    for (value, _) in across.ticks() {
        let x = across.place(value);
        marks.push(grid(vec![(x, bottom), (x, bottom + 4.0)]));
    }
    let pale = panel.lines.iter().filter(|line| line.look == Look::Pale);
    let others = panel.lines.iter().filter(|line| line.look != Look::Pale);
    for line in pale.chain(others) {
        self::line(line, across, &axis, marks);
    }
    names(panel, across, &axis, (top, bottom), marks);
}

fn grid(points: Vec<(f64, f64)>) -> Mark {
    Mark::Line { points, ink: Ink::Grid, width: 1.0, is_dashed: false }
}

/// From the least to the greatest value, without the outliers of pale lines.
fn range(panel: &Panel) -> (f64, f64) {
    let mut values = panel.shown.clone();
    for line in &panel.lines {
        let mut of_line: Vec<f64> = line.points.iter().map(|(_, y)| *y).filter(|y| y.is_finite()).collect();
        of_line.sort_by(f64::total_cmp);
        if line.look == Look::Pale {
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a length"
            )]
            of_line.truncate((of_line.len() as f64 * (1.0 - OUTLIERS)).ceil() as usize);
        }
        values.extend(of_line.first());
        values.extend(of_line.last());
    }
    let low = values.iter().copied().reduce(f64::min).unwrap_or(0.0);
    (low, values.iter().copied().reduce(f64::max).unwrap_or(1.0))
}

fn line(line: &Line, across: &Axis, axis: &Axis, marks: &mut Vec<Mark>) {
    let (ink, width, has_dots) = match line.look {
        Look::Pale => (Ink::PaleLine(line.colour), 1.0, false),
        Look::Plain => (Ink::Line(line.colour), 1.75, false),
        Look::Dots | Look::Dashes => (Ink::Line(line.colour), 1.75, line.points.len() <= 40),
    };
    let visible = line.points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
    let points: Vec<(f64, f64)> = visible.map(|(x, y)| (across.place(*x), axis.place(axis.clamp(*y)))).collect();
    if has_dots {
        marks.extend(points.iter().map(|at| Mark::Dot { at: *at, ink }));
    }
    if points.len() > 1 {
        marks.push(Mark::Line { points, ink, width, is_dashed: line.look == Look::Dashes });
    }
}

/// The names of lines beside their ends, with the last value.
fn names(panel: &Panel, across: &Axis, axis: &Axis, range: (f64, f64), marks: &mut Vec<Mark>) {
    let named = panel.lines.iter().filter(|line| !line.name.is_empty());
    let ends = named.filter_map(|line| Some((line, line.points.last().filter(|(_, y)| axis.contains(*y))?)));
    let ends: Vec<(&Line, (f64, f64))> =
        ends.map(|(line, (x, y))| (line, (across.place(*x), axis.place(*y)))).collect();
    let wishes: Vec<f64> = ends.iter().map(|(_, (_, y))| *y).collect();
    for ((line, (x, y)), place) in ends.iter().zip(apart(&wishes, LETTERS + 3.0, range)) {
        let ink = Ink::Line(line.colour);
        let left = WIDTH - RIGHT + 16.0;
        if (place - y).abs() > 1.0 || left - x > 20.0 {
            let points = vec![(*x + 4.0, *y), (left - 10.0, *y), (left - 3.0, place)];
            marks.push(Mark::Line { points, ink: Ink::PaleLine(line.colour), width: 1.0, is_dashed: false });
        }
        let (at, text) = ((left, place + LETTERS / 3.0), shortened(&line.name));
        marks.push(Mark::Text { at, anchor: Anchor::Start, ink, is_bold: false, text });
    }
}

/// The name, cut off where the picture ends.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LETTERS_OF_NAME {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LETTERS_OF_NAME - 3).collect();
    kept + "..."
}
