//! Progress in words.

use super::{Course, Standing};
use crate::evaluate::Measured;
use crate::train::EpochResult;
use std::time::Duration;

/// The place left of a bar, as wide as the widest thing that comes to stand there.
pub(super) fn column(course: &Course, text: &str) -> String {
    let digits = |n: usize| n.to_string().len();
    let epoch = "epoch ".len() + 2 * digits(course.epochs) + 1;
    let step = "step ".len() + 2 * digits(course.steps_per_epoch) + 1;
    format!("{text:width$}", width = epoch.max(step))
}

/// What stands behind the bar of the run.
pub(super) fn run(standing: &Standing) -> String {
    parts(&[standing.run_left.map(|left| format!("{} left", time(left))), standing.memory.map(memory)])
}

/// What stands behind the bar of the epoch.
pub(super) fn learning(standing: &Standing) -> String {
    parts(&[
        Some(quality(standing.loss, standing.accuracy)),
        standing.epoch_left.map(|left| format!("{} left", time(left))),
        standing.images_per_second.map(speed),
        Some(rate(standing.learning_rate)),
        standing.gradient_norm.map(gradient),
    ])
}

/// What stands behind the bar of the evaluation.
pub(super) fn measured(measured: &Measured, left: Option<Duration>) -> String {
    parts(&[
        Some(quality(measured.so_far.loss, measured.so_far.accuracy())),
        left.map(|left| format!("{} left", time(left))),
    ])
}

/// A line within an epoch.
pub(super) fn step(course: &Course, standing: &Standing) -> String {
    let Standing { epoch, step_in_epoch, .. } = standing;
    parts(&[
        Some(format!("epoch {epoch}/{}  step {step_in_epoch}/{}", course.epochs, course.steps_per_epoch)),
        Some(quality(standing.loss, standing.accuracy)),
        standing.images_per_second.map(speed),
        Some(rate(standing.learning_rate)),
        standing.gradient_norm.map(gradient),
        standing.epoch_left.map(|left| format!("{} left in the epoch", time(left))),
        standing.run_left.map(|left| format!("{} left in the run", time(left))),
        standing.memory.map(memory),
    ])
}

/// A line within an evaluation.
pub(super) fn evaluating(course: &Course, epoch: usize, measured: &Measured, left: Option<Duration>) -> String {
    let Measured { done, of, .. } = measured;
    let place = format!("epoch {epoch}/{}  {} {done}/{of}", course.epochs, course.held_out_name);
    parts(&[Some(place), Some(self::measured(measured, left))])
}

/// The line of an epoch.
pub(super) fn epoch(course: &Course, result: &EpochResult) -> String {
    let heads: Vec<String> =
        course.heads.iter().zip(&result.head_losses).map(|(name, loss)| format!("{name} {loss:.4}")).collect();
    let heads = if heads.len() > 1 { format!(" ({})", heads.join(", ")) } else { String::new() };
    format!(
        "epoch {}/{}  loss {:.4}{heads}  train {:.2} %  {} {:.2} %  {:.1} s",
        result.epoch,
        course.epochs,
        result.loss,
        100.0 * result.accuracy,
        course.held_out_name,
        100.0 * result.held_out.accuracy(),
        result.seconds
    )
}

fn parts(parts: &[Option<String>]) -> String {
    parts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join("  ")
}

fn quality(loss: f64, accuracy: f64) -> String {
    format!("loss {loss:.4}  accuracy {:.1} %", 100.0 * accuracy)
}

fn speed(images_per_second: f64) -> String {
    let decimals = usize::from(images_per_second < 10.0);
    format!("{images_per_second:.decimals$} images/s")
}

fn rate(learning_rate: f64) -> String {
    format!("lr {learning_rate:.2e}")
}

fn gradient(norm: f64) -> String {
    format!("gradient {norm:.2}")
}

#[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
fn memory(bytes: usize) -> String {
    let mebibytes = bytes as f64 / 1_048_576.0;
    if mebibytes < 1000.0 { format!("{mebibytes:.0} MiB") } else { format!("{:.1} GiB", mebibytes / 1024.0) }
}

/// With two units at most.
fn time(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_millis() >= 500);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..5970 => format!("{} min", (seconds + 30) / 60),
        5970..172_770 => format!("{} h {:02} min", (seconds + 30) / 3600, (seconds + 30) % 3600 / 60),
        _ => format!("{} d {} h", (seconds + 1800) / 86_400, (seconds + 1800) % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::{memory, speed, time};
    use std::time::Duration;

    #[test]
    fn times_are_short() {
        let expected = [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (149, "2 min"),
            (150, "3 min"),
            (5969, "99 min"),
            (5970, "1 h 40 min"),
            (86_399, "24 h 00 min"),
            (172_769, "47 h 59 min"),
            (172_770, "2 d 0 h"),
            (1_000_000, "11 d 14 h"),
        ];
        for (seconds, text) in expected {
            assert_eq!(time(Duration::from_secs(seconds)), text, "{seconds}");
        }
    }

    #[test]
    fn speeds_and_sizes_are_short() {
        assert_eq!([speed(0.26), speed(9.94), speed(10.4)], ["0.3 images/s", "9.9 images/s", "10 images/s"]);
        assert_eq!([memory(52_428_800), memory(1 << 30)], ["50 MiB", "1.0 GiB"]);
    }
}
