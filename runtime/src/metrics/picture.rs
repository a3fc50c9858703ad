//! A confusion matrix as a picture.

use super::{ClassScores, Confusion, exact};
use crate::data::Image;
use crate::data::sheet::{Canvas, GAP, LINE, letters, width_of};
use crate::error::{Error, Result};

/// The matrix is about so many pixels wide and high.
const SIDE: usize = 1008;

/// The sides of a cell: at most, and at least.
const CELL: (usize, usize) = (48, 2);

/// The most classes that [`picture`] can draw.
pub(crate) const MOST_CLASSES: usize = 5000;

/// The longest name of a class that is shown, in letters.
const NAME: usize = 24;

const RIGHT: [u8; 3] = [9, 105, 218];
const WRONG: [u8; 3] = [188, 40, 0];
const ABSENT: [u8; 3] = [236, 236, 236];
const FRAME: [u8; 3] = [200, 200, 200];
const DARK: [u8; 3] = [40, 40, 40];
const WHITE: [u8; 3] = [255, 255, 255];

/// The matrix with a row for each class and a column for each prediction. The darker a cell, the larger its share of the row; by the
/// root of the share, so that small ones can be seen. `name` gives the names of classes. Where there is room for that, every class is named and
/// every count written; with more classes every second, fifth, tenth and so on is named.
///
/// # Errors
/// With more classes than a picture can show.
pub fn picture(confusion: &Confusion, name: &dyn Fn(usize) -> String) -> Result<Image> {
    let classes = confusion.classes();
    if classes > MOST_CLASSES {
        let message =
            format!("a picture can show {MOST_CLASSES} classes, and these are {classes}; write the matrix as CSV");
        return Err(Error::failed(message));
    }
    let cell = (SIDE / classes.max(1)).clamp(CELL.1, CELL.0);
    let step = step(cell);
    let labels: Vec<(usize, String)> = (0..classes).step_by(step).map(|class| (class, label(class, name))).collect();
    let longest = labels.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
    let margin = width_of(longest) + 2 * GAP;
    let words = [
        "rows are the classes that images are of, columns those that they are taken for",
        "the stronger the colour, the larger the share of the row: blue is right, red is wrong",
        "grey rows have no images",
    ];
    let any_absent = confusion.scores().iter().any(|class| class.support == 0);
    let words = &words[..if any_absent { 3 } else { 2 }];
    let widest = words.iter().map(|words| width_of(words.len())).max().unwrap_or(0);
    let (top, left) = (GAP + words.len() * LINE + margin, margin);
    let side = classes * cell;
    let mut canvas = Canvas::new(top + side + GAP, (left + side).max(GAP + widest) + GAP)?;
    for (number, words) in words.iter().enumerate() {
        canvas.text(GAP + number * LINE, GAP, widest, words);
    }
    for (class, label) in &labels {
        let begin = class * cell;
        let middle = begin + cell / 2;
        let beside = middle.saturating_sub(LINE / 2);
        canvas.text(top + beside, left.saturating_sub(GAP + width_of(label.chars().count())), margin, label);
        canvas.text_upwards(top - GAP, left + beside, margin, label);
        // What a name belongs to.
        canvas.fill((top + middle, left - GAP / 2), (1, GAP / 2), FRAME);
        canvas.fill((top - GAP / 2, left + middle), (GAP / 2, 1), FRAME);
    }
    cells(confusion, &mut canvas, (top, left), cell);
    canvas.into_image()
}

/// The cells, on a grid where they are large enough for one.
fn cells(confusion: &Confusion, canvas: &mut Canvas, (top, left): (usize, usize), cell: usize) {
    let side = confusion.classes() * cell;
    let line = usize::from(cell >= 8);
    canvas.fill((top - 1, left - 1), (side + 2, side + 2), FRAME);
    let scores = confusion.scores();
    let inside = cell - line;
    for (row, ClassScores { support, .. }) in scores.iter().enumerate() {
        let paper = if *support == 0 { ABSENT } else { WHITE };
        if line == 0 {
            canvas.fill((top + row * cell, left), (cell, side), paper);
            continue;
        }
        for column in 0..scores.len() {
            canvas.fill((top + row * cell, left + column * cell), (inside, inside), paper);
        }
    }
    for ((row, column), count) in confusion.counts() {
        let support = scores.get(row).map_or(0, |class| class.support);
        let depth = (exact(count) / exact(support.max(1))).sqrt();
        let colour = mixed(if row == column { RIGHT } else { WRONG }, depth);
        let (top, left) = (top + row * cell, left + column * cell);
        canvas.fill((top, left), (inside, inside), colour);
        let text = count.to_string();
        if LINE <= cell && text.len() <= letters(cell) {
            let ink = if depth > 0.6 { WHITE } else { DARK };
            canvas.text_in(top + (cell - LINE) / 2, left + (cell - width_of(text.len())) / 2, cell, &text, ink);
        }
    }
}

/// Of how many classes one is named, so that names do not touch.
fn step(cell: usize) -> usize {
    let least = LINE.div_ceil(cell);
    let mut round = [1, 10, 100, 1000].into_iter().flat_map(|tens| [tens, 2 * tens, 5 * tens]);
    round.find(|step| *step >= least).unwrap_or(least)
}

/// The number of a class and its name, if it has another name than its number.
fn label(class: usize, name: &dyn Fn(usize) -> String) -> String {
    let (number, name) = (class.to_string(), name(class));
    let label = if name == number { number } else { format!("{name} {number}") };
    let length = label.chars().count();
    if length <= NAME {
        return label;
    }
    let number = class.to_string();
    let begin: String = name.chars().take(NAME.saturating_sub(number.len() + 3)).collect();
    format!("{begin}.. {number}")
}

/// White paper with so much colour on it, from 0 to 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the result is from 0 to 255")]
fn mixed(colour: [u8; 3], depth: f64) -> [u8; 3] {
    colour.map(|value| (255.0 + (f64::from(value) - 255.0) * depth.clamp(0.0, 1.0)).round() as u8)
}
