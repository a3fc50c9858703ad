//! The worst mistakes, and a sheet of them for people to look at.

use super::Judgement;
use crate::data::sheet::{Canvas, GAP, LINE, fit, letters};
use crate::data::{Image, Source};
use crate::error::Result;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// The width and height of the place for a picture.
const PLACE: usize = 224;

/// The most pictures side by side.
const COLUMNS: usize = 6;

/// An image whose first guess is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// The number of the image in its data set.
    pub image: usize,
    /// What came of it.
    pub judgement: Judgement,
}

/// By loss; of equal ones, the image that comes first in the data set is the worse.
impl Ord for Mistake {
    fn cmp(&self, other: &Self) -> Ordering {
        self.judgement.loss.total_cmp(&other.judgement.loss).then(other.image.cmp(&self.image))
    }
}

impl PartialOrd for Mistake {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Mistake {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Mistake {}

/// The mistakes with the highest losses; no more than these are kept.
#[derive(Clone, Debug, Default)]
pub struct Worst {
    most: usize,
    kept: BinaryHeap<Reverse<Mistake>>,
}

impl Worst {
    /// None so far, and never more than `most`.
    pub fn new(most: usize) -> Self {
        Self { most, kept: BinaryHeap::new() }
    }

    /// Adds an image of the data set, if its first guess is wrong and it is among the worst.
    pub fn add(&mut self, image: usize, judgement: Judgement) {
        if judgement.is_right() {
            return;
        }
        self.kept.push(Reverse(Mistake { image, judgement }));
        if self.kept.len() > self.most {
            self.kept.pop();
        }
    }

    /// The worst first.
    pub fn into_vec(self) -> Vec<Mistake> {
        // Sorted upwards by what is reversed.
        self.kept.into_sorted_vec().into_iter().map(|Reverse(mistake)| mistake).collect()
    }
}

/// A picture of each mistake as it is in `source`, with its class and what it was taken for, each with its probability, and
/// with the name of the image. `name` gives the names of classes.
///
/// # Errors
/// When an image cannot be read any more, or the sheet becomes too large.
pub fn sheet(source: &dyn Source, name: &dyn Fn(usize) -> String, mistakes: &[Mistake]) -> Result<Image> {
    let (columns, rows) = (mistakes.len().clamp(2, COLUMNS), mistakes.len().div_ceil(COLUMNS));
    let cell = (3 * LINE + PLACE + 2 * GAP, PLACE + GAP);
    let mut canvas = Canvas::new(GAP + LINE + GAP + rows * cell.0, GAP + columns * cell.1)?;
    let title = match mistakes.len() {
        0 => "every first guess is right".to_owned(),
        1 => "the worst mistake".to_owned(),
        count => format!("the {count} worst mistakes"),
    };
    canvas.text(GAP, GAP, columns * cell.1 - GAP, &title);
    for (place, mistake) in mistakes.iter().enumerate() {
        let (top, left) = (GAP + LINE + GAP + place / COLUMNS * cell.0, GAP + place % COLUMNS * cell.1);
        let Judgement { label, prediction, probability, label_probability, .. } = mistake.judgement;
        let lines = [
            line("true ", &name(label), label_probability),
            line("said ", &name(prediction), probability),
            origin(source, mistake.image),
        ];
        for (number, line) in lines.iter().enumerate() {
            canvas.text(top + number * LINE, left, PLACE, line);
        }
        let picture = fit(&source.image(mistake.image)?, PLACE, PLACE)?;
        canvas.picture(top + 3 * LINE, left, PLACE, PLACE, &picture);
    }
    canvas.into_image()
}

/// A class with its probability; of a long name the beginning.
fn line(what: &str, name: &str, probability: f64) -> String {
    let end = format!(" {:.1} %", 100.0 * probability);
    let room = letters(PLACE).saturating_sub(what.len() + end.len());
    if name.chars().count() <= room {
        return format!("{what}{name}{end}");
    }
    let begin: String = name.chars().take(room.saturating_sub(2)).collect();
    format!("{what}{begin}..{end}")
}

/// What an image is called. Of a long path this is the end, which tells it from others; otherwise it is the beginning, which has the number.
fn origin(source: &dyn Source, image: usize) -> String {
    let (name, most) = (source.name(image).replace('`', ""), letters(PLACE));
    let length = name.chars().count();
    if length <= most || source.path(image).is_none() {
        return name;
    }
    let end: String = name.chars().skip(length - most.saturating_sub(2)).collect();
    format!("..{end}")
}
