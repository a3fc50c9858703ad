//! What layers can be given, as data, and the attributes that several kinds share.

use crate::lower::Arguments;
use crate::ops::Activation;

/// A value without a name of its own, such as the kernel.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Positional {
    /// What it is.
    pub what: &'static str,
    /// One as it is written.
    pub sample: &'static str,
}

/// An attribute `name=value`, or a flag.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub form: Form,
    /// What holds when it is left out: a value in backquotes, or words. Empty when it must be given.
    pub default: &'static str,
    /// What it needs beside it, in words; empty when it can always stand.
    pub needs: &'static str,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

/// What an attribute takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// A switch: `ceil`, `ceil=true`, `ceil=false`.
    Flag,
    /// One of these words.
    Words(&'static [&'static str]),
    /// One of these words, or a number.
    WordsOrNumber(&'static [&'static str]),
    /// A whole number of at least this.
    Count(u64),
    /// So many whole numbers, each of at least `least`, joined by `x`.
    Sizes {
        /// The smallest that each may be.
        least: u64,
        /// How many there may be.
        counts: &'static [usize],
    },
    /// A fraction.
    Number(Range),
    /// A fraction for each channel, joined by `x`.
    Numbers(Range),
}

/// What a fraction may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Any finite number.
    Any,
    /// Above zero.
    Positive,
    /// Zero or more.
    NotNegative,
    /// From 0 to 1, both included.
    Fraction,
    /// From 0 up to, but not, 1.
    Probability,
}

impl Attribute {
    pub(super) const fn new(name: &'static str, form: Form, default: &'static str, meaning: &'static str) -> Self {
        Self { name, form, default, needs: "", meaning }
    }

    pub(super) const fn needing(self, needs: &'static str) -> Self {
        Self { needs, ..self }
    }
}

impl Range {
    /// Whether a number lies in it.
    pub(crate) fn holds(self, value: f64) -> bool {
        match self {
            Self::Any => value.is_finite(),
            Self::Positive => value > 0.0,
            Self::NotNegative => value >= 0.0,
            Self::Fraction => (0.0..=1.0).contains(&value),
            Self::Probability => (0.0..1.0).contains(&value),
        }
    }

    /// The rule in words, as a message ends with it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Any => "must be a finite number",
            Self::Positive => "must be above 0",
            Self::NotNegative => "must be at least 0",
            Self::Fraction => "must lie between 0 and 1",
            Self::Probability => "must be at least 0 and below 1",
        }
    }
}

pub(super) const DILATION: Attribute = Attribute::new(
    "dilation",
    Form::Sizes { least: 1, counts: &[1, 2] },
    "`1`",
    "distance between the kernel's taps: one number, or `rows x columns`",
);
pub(super) const ACTIVATION: Attribute =
    Attribute::new("activation", Form::Words(&ACTIVATIONS), "`none`", "the non-linearity");
/// `none`, and the names of all non-linearities.
const ACTIVATIONS: [&str; Activation::ALL.len() + 1] = {
    let mut words = ["none"; Activation::ALL.len() + 1];
    let mut index = 0;
    while index < Activation::ALL.len() {
        words[index + 1] = Activation::ALL[index].name();
        index += 1;
    }
    words
};
pub(super) const SLOPE: Attribute =
    Attribute::new("slope", Form::Number(Range::Any), "`0.01`", "factor of negative values")
        .needing("`activation=leaky-relu`");

/// Reads [`ACTIVATION`] and [`SLOPE`].
pub(super) fn activation(arguments: &mut Arguments<'_>) -> Option<Activation> {
    let mut words = vec![("none", None)];
    words.extend(Activation::ALL.map(|activation| (activation.name(), Some(activation))));
    let activation = arguments.choice("activation", &words)??;
    let Activation::LeakyRelu { slope } = activation else { return Some(activation) };
    Some(Activation::LeakyRelu { slope: arguments.float("slope").unwrap_or(slope) })
}
