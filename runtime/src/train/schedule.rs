//! The learning rate over a run.

use std::f64::consts::PI;

/// The learning rate of step `step` (from 0) out of `steps`: rises to `peak` over `warm_up` steps, then falls to almost
/// nothing along half a cosine.
#[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
pub fn learning_rate(step: usize, steps: usize, warm_up: usize, peak: f64) -> f64 {
    if step < warm_up {
        return peak * (step + 1) as f64 / warm_up as f64;
    }
    let progress = (step - warm_up) as f64 / steps.saturating_sub(warm_up).max(1) as f64;
    peak * 0.5 * (1.0 + (PI * progress.min(1.0)).cos())
}

#[cfg(test)]
mod tests {
    use super::learning_rate;

    #[test]
    fn rises_to_the_peak_and_falls_along_a_cosine() {
        let rates: Vec<f64> = (0..10).map(|step| learning_rate(step, 10, 2, 0.4)).collect();
        // 0.2 (1 + cos(π k / 8)) for k = 0..7, worked out by hand.
        let expected = [0.2, 0.4, 0.4, 0.384_776, 0.341_421, 0.276_537, 0.2, 0.123_463, 0.058_579, 0.015_224];
        for (rate, expected) in rates.iter().zip(expected) {
            assert!((rate - expected).abs() < 1e-6, "{rates:?}");
        }
    }
}
