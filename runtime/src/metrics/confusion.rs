//! Which classes are taken for which, and what follows for each class.

use super::{exact, ratio};
use std::collections::BTreeMap;

/// How many images of a class are taken for a class.
///
/// # Examples
/// ```
/// use googlenetc_runtime::metrics::Confusion;
///
/// let mut confusion = Confusion::new(2);
/// for (label, prediction) in [(0, 0), (0, 1), (1, 1), (0, 0)] {
///     confusion.add(label, prediction);
/// }
/// let scores = confusion.scores();
/// assert_eq!(scores[0].recall(), Some(2.0 / 3.0));
/// assert_eq!(scores[1].precision(), Some(0.5));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// By class and prediction; what is not there is 0.
    counts: BTreeMap<(usize, usize), u64>,
}

/// Counts for one class. Scores whose denominator is 0 are not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClassScores {
    /// How many images are of this class.
    pub support: u64,
    /// How many images are taken for this class.
    pub predicted: u64,
    /// How many images are both.
    pub right: u64,
}

impl ClassScores {
    /// The share of the class's images that are recognised, which is the accuracy on this class.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.right, self.support)
    }

    /// The share of those taken for this class that are of it.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.right, self.predicted)
    }

    /// The harmonic mean of precision and recall. It is 0 if images are of this class, or taken for it, and none is both.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.right, self.support + self.predicted)
    }
}

/// The mean of the values that are there, each with the same weight; none if there are none.
///
/// This is what scikit-learn's `precision_recall_fscore_support` does with `average="macro"` and `zero_division=numpy.nan`.
pub fn macro_mean(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, count) = values.into_iter().flatten().fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / exact(count))
}

impl Confusion {
    /// No images of so many classes.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: BTreeMap::new() }
    }

    /// Adds an image; both classes are below the number of classes.
    pub fn add(&mut self, label: usize, prediction: usize) {
        self.add_images(label, prediction, 1);
    }

    /// Adds so many images; both classes are below the number of classes.
    pub(crate) fn add_images(&mut self, label: usize, prediction: usize, images: u64) {
        if images > 0 {
            *self.counts.entry((label, prediction)).or_default() += images;
        }
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many images of class `label` are taken for class `prediction`.
    pub fn count(&self, label: usize, prediction: usize) -> u64 {
        self.counts.get(&(label, prediction)).copied().unwrap_or(0)
    }

    /// The counts that are not 0, each with the class and the prediction, in that order.
    pub fn counts(&self) -> impl Iterator<Item = ((usize, usize), u64)> {
        self.counts.iter().map(|(&place, &count)| (place, count))
    }

    /// The counts of each class.
    pub fn scores(&self) -> Vec<ClassScores> {
        let mut scores = vec![ClassScores::default(); self.classes];
        for ((label, prediction), count) in self.counts() {
            if let Some(class) = scores.get_mut(label) {
                class.support += count;
                class.right += if label == prediction { count } else { 0 };
            }
            if let Some(class) = scores.get_mut(prediction) {
                class.predicted += count;
            }
        }
        scores
    }
}
