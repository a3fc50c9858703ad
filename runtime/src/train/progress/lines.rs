//! Lines now and then, where there is no terminal for bars.

use std::time::{Duration, Instant};

/// How often a line is written within an epoch.
const EVERY: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Lines {
    last: Instant,
}

impl Lines {
    pub(super) fn new(now: Instant) -> Self {
        Self { last: now }
    }

    /// Whether it is time for a line; if so, it is thought of as written.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let is_due = now.duration_since(self.last) >= EVERY;
        if is_due {
            self.last = now;
        }
        is_due
    }

    /// Another line was written.
    pub(super) fn postpone(&mut self, now: Instant) {
        self.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use std::time::{Duration, Instant};

    #[test]
    fn half_a_minute_lies_between_lines() {
        let begin = Instant::now();
        let mut lines = Lines::new(begin);
        let due: Vec<u64> = (0..130).filter(|n| lines.is_due(begin + Duration::from_secs(*n))).collect();
        assert_eq!(due, [30, 60, 90, 120]);
        lines.postpone(begin + Duration::from_secs(140));
        assert!(!lines.is_due(begin + Duration::from_secs(169)));
        assert!(lines.is_due(begin + Duration::from_secs(170)));
    }
}
