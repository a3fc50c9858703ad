//! Numbers against numbers: what differs by more than the tolerance, what was compared, and where the largest difference is.

use std::collections::BTreeMap;
use std::fmt;

/// What kind of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Modules,
    Logits,
    Losses,
    Gradients,
    RunningStatistics,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Modules => "module statistics",
            Self::Logits => "logits",
            Self::Losses => "losses",
            Self::Gradients => "gradients",
            Self::RunningStatistics => "running statistics",
        })
    }
}

/// What came of comparing the numbers of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Things that were compared: calls of modules, heads times samples, losses, parameters, normalisations.
    pub(crate) things: usize,
    /// The largest deviation, relative to the scale that belongs to it.
    pub(crate) largest: f64,
    /// Where that is.
    place: String,
}

/// A comparison of one run.
#[derive(Debug)]
pub(crate) struct Comparison {
    tolerance: f64,
    tallies: BTreeMap<What, Tally>,
    /// What deviates by more than the tolerance or is not there, in the order of comparison.
    pub(crate) failures: Vec<String>,
}

impl Comparison {
    pub(crate) fn new(tolerance: f64) -> Self {
        Self { tolerance, tallies: BTreeMap::new(), failures: Vec::new() }
    }

    /// Compares the numbers of one thing; each is ours, theirs, and the scale to which the tolerance is relative.
    pub(crate) fn thing(&mut self, what: What, place: &str, numbers: &[(f64, f64, f64)]) {
        let tally = self.tallies.entry(what).or_default();
        tally.things += 1;
        for (ours, theirs, scale) in numbers {
            let deviation = (ours - theirs).abs() / scale;
            // What is no number deviates too.
            if deviation.is_nan() || deviation > self.tolerance {
                self.failures.push(format!("{what}: `{place}` is {ours}, PyTorch has {theirs}: {deviation:.1e} off"));
            }
            if deviation.is_nan() || deviation > tally.largest {
                (tally.largest, tally.place) = (deviation, place.to_owned());
            }
        }
    }

    /// Notes what is not as it should be, and no number.
    pub(crate) fn wrong(&mut self, message: String) {
        self.failures.push(message);
    }

    pub(crate) fn tally(&self, what: What) -> Tally {
        self.tallies.get(&what).cloned().unwrap_or_default()
    }
}

/// Relative to what a number is measured in double precision: its own size, or 1 if it is smaller.
pub(crate) fn relative(ours: f64, theirs: f64) -> (f64, f64, f64) {
    (ours, theirs, theirs.abs().max(1.0))
}

/// A line for each kind of numbers.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, Tally { things, largest, place }) in &self.tallies {
            write!(f, "  {things:>4} {what}: ")?;
            if *largest == 0.0 {
                writeln!(f, "equal to the last bit")?;
            } else {
                writeln!(f, "at most {largest:.1e} off, at `{place}`")?;
            }
        }
        Ok(())
    }
}
