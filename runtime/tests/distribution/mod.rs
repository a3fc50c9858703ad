//! Distributions of initial values, and whether values are drawn from one. What is tolerated follows from how many values
//! there are: each check is wrong less than once in a hundred million draws.

use googlenetc_runtime::tch::{Kind, Tensor};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// How values are distributed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Distribution {
    /// One value alone.
    Constant(f64),
    /// Evenly within ±`bound`.
    Uniform { bound: f64 },
    /// Normally.
    Normal { mean: f64, std: f64 },
    /// Normally, without what lies outside ±`cut`.
    Truncated { mean: f64, std: f64, cut: f64 },
}

/// Of larger tensors, so many values evenly spread are looked at; of all of them the bounds.
const MOST: i64 = 20_000;

/// Mean, variance, and mean fourth power of the distance from the mean.
type Moments = [f64; 3];

impl Distribution {
    /// Whether values, of single precision, are drawn from this distribution: by their bounds, mean, variance, and how they
    /// are spread.
    ///
    /// # Errors
    ///
    /// What speaks against it.
    pub(crate) fn explains(self, values: &Tensor) -> Result<(), String> {
        let [low, high] = self.bounds();
        let (least, most) = (values.min().double_value(&[]), values.max().double_value(&[]));
        let is_inside = least >= low - low.abs() * 1e-6 && most <= high + high.abs() * 1e-6;
        require(is_inside, || format!("{least} to {most} instead of {low} to {high}"))?;
        let values = sample(values);
        self.has_moments_of(&values)?;
        are_even(&self.cumulated(&values))
    }

    /// The shares of the distribution below each value, which lie evenly between 0 and 1 if the values are drawn from it.
    pub(crate) fn cumulated(self, values: &Tensor) -> Tensor {
        let values = sample(values);
        match self {
            Self::Constant(_) => Tensor::zeros([0], (Kind::Double, values.device())),
            Self::Uniform { bound } => (values + bound) / (2.0 * bound),
            Self::Normal { mean, std } => below(&values, mean, std),
            Self::Truncated { mean, std, cut } => {
                let ends = below(&Tensor::from_slice(&[-cut, cut]), mean, std);
                let (low, high) = (ends.double_value(&[0]), ends.double_value(&[1]));
                (below(&values, mean, std) - low) / (high - low)
            }
        }
    }

    fn bounds(self) -> [f64; 2] {
        match self {
            Self::Constant(value) => [value, value],
            Self::Uniform { bound } => [-bound, bound],
            Self::Normal { .. } => [f64::NEG_INFINITY, f64::INFINITY],
            Self::Truncated { cut, .. } => [-cut, cut],
        }
    }

    fn moments(self) -> Moments {
        match self {
            Self::Constant(value) => [value, 0.0, 0.0],
            Self::Uniform { bound } => [0.0, bound.powi(2) / 3.0, bound.powi(4) / 5.0],
            Self::Normal { mean, std } => [mean, std.powi(2), 3.0 * std.powi(4)],
            Self::Truncated { mean, std, cut } => {
                let (low, high) = ((mean - 12.0 * std).max(-cut), (mean + 12.0 * std).min(cut));
                integrated(low, high, |x| (-((x - mean) / std).powi(2) / 2.0).exp() / (std * (2.0 * PI).sqrt()))
            }
        }
    }

    /// Mean and variance of a sample are normally distributed where it is large: within six of their standard deviations.
    fn has_moments_of(self, values: &Tensor) -> Result<(), String> {
        let count = count(values);
        if count < 1000.0 || matches!(self, Self::Constant(_)) {
            return Ok(());
        }
        let [mean, variance, fourth] = self.moments();
        let found = values.mean(Kind::Double).double_value(&[]);
        let tolerated = 6.0 * (variance / count).sqrt();
        let is_near = (found - mean).abs() <= tolerated;
        require(is_near, || format!("mean {found} instead of {mean} ± {tolerated}"))?;
        let found = (values - mean).square().mean(Kind::Double).double_value(&[]);
        let tolerated = 6.0 * ((fourth - variance.powi(2)) / count).sqrt();
        let is_near = (found - variance).abs() <= tolerated;
        require(is_near, || format!("variance {found} instead of {variance} ± {tolerated}"))
    }
}

/// Whether values lie evenly between 0 and 1: Kolmogorov's and Smirnov's test. By the inequality of Dvoretzky, Kiefer and
/// Wolfowitz, with Massart's constant, the largest distance exceeds d with a probability of at most 2 exp(-2 n d²), whatever n is.
///
/// # Errors
///
/// How far they are from it.
pub(crate) fn are_even(values: &Tensor) -> Result<(), String> {
    let count = count(values);
    if count == 0.0 {
        return Ok(());
    }
    let (sorted, _) = values.sort(0, false);
    let ranks = Tensor::arange(values.size()[0], (Kind::Double, values.device())) / count;
    let above = (&sorted - &ranks).max().double_value(&[]);
    let below = (ranks + 1.0 / count - sorted).max().double_value(&[]);
    let (distance, tolerated) = (above.max(below), ((2.0 / 1e-9_f64).ln() / (2.0 * count)).sqrt());
    require(distance <= tolerated, || format!("spread differs by {distance}, of which {tolerated} may be chance"))
}

fn require(holds: bool, words: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(words()) }
}

/// At most [`MOST`] values, in double precision.
fn sample(values: &Tensor) -> Tensor {
    let values = values.reshape([-1]);
    let count = values.size()[0];
    values.slice(0, 0, count, 1 + (count - 1).max(0) / MOST).to_kind(Kind::Double)
}

#[expect(clippy::cast_precision_loss, reason = "samples are small")]
fn count(values: &Tensor) -> f64 {
    values.numel() as f64
}

/// The share of a normal distribution below each value.
fn below(values: &Tensor, mean: f64, std: f64) -> Tensor {
    (((values - mean) * (FRAC_1_SQRT_2 / std)).erf() + 1.0) * 0.5
}

/// The moments of a density between two ends, by the rule of rectangles.
fn integrated(low: f64, high: f64, density: impl Fn(f64) -> f64) -> Moments {
    let step = (high - low) / 20_000.0;
    let points: Vec<(f64, f64)> =
        (0..20_000).map(|index| low + (f64::from(index) + 0.5) * step).map(|x| (x, density(x) * step)).collect();
    let whole: f64 = points.iter().map(|(_, share)| share).sum();
    let mean = points.iter().map(|(x, share)| x * share).sum::<f64>() / whole;
    let power = |n: i32| points.iter().map(|(x, share)| (x - mean).powi(n) * share).sum::<f64>() / whole;
    [mean, power(2), power(4)]
}
