//! What came of one image.

/// A prediction beside the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The class that the image is of.
    pub label: usize,
    /// The first guess: the class with the highest score, of equal ones the one with the lowest number.
    pub prediction: usize,
    /// The probability of the first guess.
    pub probability: f64,
    /// The probability of the class that the image is of.
    pub label_probability: f64,
    /// How many classes come before the right one: those with a higher score, and of those with an equal score the ones with
    /// lower numbers. So the right class is among the first k guesses if this is below k, and 0 means that the first guess
    /// is right.
    pub rank: usize,
    /// The cross-entropy: the negative logarithm of the right class's probability, in nats.
    pub loss: f64,
}

impl Judgement {
    /// Judges the natural logarithms of the probabilities of all classes. None if one of them is not a number, or there is
    /// no class `label`.
    pub fn new(scores: &[f64], label: usize) -> Option<Self> {
        let &own = scores.get(label)?;
        if scores.iter().any(|score| score.is_nan()) {
            return None;
        }
        let higher = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
        let (prediction, best) = scores.iter().copied().enumerate().reduce(higher)?;
        #[expect(clippy::float_cmp, reason = "ties are scores that are equal to the last bit")]
        let before = |&(class, &score): &(usize, &f64)| score > own || (score == own && class < label);
        let rank = scores.iter().enumerate().filter(before).count();
        Some(Self { label, prediction, probability: best.exp(), label_probability: own.exp(), rank, loss: 0.0 - own })
    }

    /// Whether the first guess is right.
    pub fn is_right(&self) -> bool {
        self.prediction == self.label
    }
}
