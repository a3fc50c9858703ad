//! Axes with round numbers.

/// An axis: values and the places where they lie.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    values: (f64, f64),
    places: (f64, f64),
    /// Between two ticks: 1, 2 or 5 times a power of ten.
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    digit: f64,
    exponent: i32,
}

/// How many ticks an axis has at most.
const TICKS: f64 = 8.0;

impl Axis {
    /// An axis over just these values.
    pub(super) fn exactly(values: (f64, f64), places: (f64, f64)) -> Self {
        let values = wide(values);
        Self { values, places, step: Step::over(values.1 - values.0, TICKS) }
    }

    /// An axis from tick to tick over at least these values.
    pub(super) fn round(values: (f64, f64), places: (f64, f64)) -> Self {
        let (low, high) = wide(values);
        let step = Step::over(high - low, TICKS - 2.0);
        let length = step.length();
        let values = ((low / length + 1e-9).floor() * length, (high / length - 1e-9).ceil() * length);
        Self { values, places, step }
    }

    /// Where a value lies.
    pub(super) fn place(&self, value: f64) -> f64 {
        let (from, to) = self.places;
        from + (value - self.values.0) / (self.values.1 - self.values.0) * (to - from)
    }

    pub(super) fn contains(&self, value: f64) -> bool {
        (self.values.0..=self.values.1).contains(&value)
    }

    /// The value, or the end of the axis that is nearer to it.
    pub(super) fn clamp(&self, value: f64) -> f64 {
        value.clamp(self.values.0, self.values.1)
    }

    /// The ticks: values, and what is written at them.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let length = self.step.length();
        let mut number = (self.values.0 / length - 1e-9).ceil();
        let mut ticks = Vec::new();
        while number * length <= self.values.1 + 1e-9 * length {
            ticks.push((number * length, self.step.label(number)));
            number += 1.0;
        }
        ticks
    }
}

impl Step {
    /// The smallest step with which so long a range has at most so many ticks.
    fn over(range: f64, ticks: f64) -> Self {
        let least = range / ticks;
        #[expect(clippy::cast_possible_truncation, reason = "the exponents of doubles are small")]
        let exponent = least.log10().floor() as i32;
        let power = 10.0_f64.powi(exponent);
        let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= least * (1.0 - 1e-9));
        digit.map_or(Self { digit: 1.0, exponent: exponent + 1 }, |digit| Self { digit, exponent })
    }

    fn length(self) -> f64 {
        // Dividing by a whole number is exact to the last bit where multiplying by 0.1 is not.
        let power = 10.0_f64.powi(self.exponent.abs());
        if self.exponent < 0 { self.digit / power } else { self.digit * power }
    }

    /// The number of a tick, in words.
    fn label(self, number: f64) -> String {
        let value = number * self.length();
        // Zero has no sign.
        let value = if number == 0.0 { 0.0 } else { value };
        match self.exponent {
            0..6 => format!("{value:.0}"),
            -4..0 => format!("{value:.*}", usize::try_from(-self.exponent).unwrap_or(0)),
            _ if number == 0.0 => "0".to_owned(),
            _ => format!("{}e{}", number * self.digit, self.exponent),
        }
    }
}

/// The range, widened if it is a single value.
fn wide((low, high): (f64, f64)) -> (f64, f64) {
    if high > low {
        return (low, high);
    }
    let room = if low == 0.0 { 1.0 } else { low.abs() / 10.0 };
    (low - room, low + room)
}

#[cfg(test)]
mod tests {
    use super::Axis;

    fn labels(axis: &Axis) -> String {
        axis.ticks().into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_are_round_numbers() {
        let cases = [
            ((0.0, 2.31), "0 0.5 1.0 1.5 2.0 2.5"),
            ((0.0, 1.0), "0.0 0.2 0.4 0.6 0.8 1.0"),
            ((93.2, 99.4), "92 94 96 98 100"),
            ((0.0, 0.001), "0.0000 0.0002 0.0004 0.0006 0.0008 0.0010"),
            ((0.0, 1.2e-6), "0 2e-7 4e-7 6e-7 8e-7 10e-7 12e-7"),
            ((-3.0, 4.0), "-4 -2 0 2 4"),
            ((0.0, 3e7), "0 5e6 10e6 15e6 20e6 25e6 30e6"),
            ((5.0, 5.0), "4.4 4.6 4.8 5.0 5.2 5.4 5.6"),
        ];
        for (values, expected) in cases {
            let expected = expected.replace("0 0.5", "0.0 0.5");
            assert_eq!(labels(&Axis::round(values, (0.0, 1.0))), expected, "{values:?}");
        }
    }

    #[test]
    fn an_exact_axis_has_the_ticks_that_lie_within() {
        let axis = Axis::exactly((0.0, 13.0), (0.0, 100.0));
        assert_eq!(labels(&axis), "0 2 4 6 8 10 12");
        assert!((axis.place(13.0) - 100.0).abs() < 1e-12 && axis.place(0.0).abs() < 1e-12);
        let axis = Axis::exactly((0.0, 1.0), (0.0, 100.0));
        assert_eq!(labels(&axis), "0.0 0.2 0.4 0.6 0.8 1.0");
    }
}
