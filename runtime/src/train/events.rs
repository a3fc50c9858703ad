//! What TensorBoard reads: a file of records, each with an event.

mod message;
mod records;

use super::{EpochResult, StepResult};
use crate::error::{Error, Result};
pub use message::Scalar;
use message::{Event, STEP};
use prost::Message;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What the file is called. TensorBoard looks for `tfevents` in names.
pub const NAME: &str = "events.out.tfevents.0.googlenetc";

/// The file of events of a run.
#[derive(Debug)]
pub(super) struct Events {
    path: PathBuf,
    file: File,
}

impl Events {
    /// Goes on after step `step`, and after the epoch that ended with step `epoch_end`, at this time, in seconds since the beginning of 1970.
    /// Later events are cut off; a run may have been broken off after the last step of an epoch, before the evaluation.
    pub(super) fn open(folder: &Path, step: usize, epoch_end: usize, time: f64) -> Result<Self> {
        let path = folder.join(NAME);
        let open = || {
            let mut file = File::options().create(true).read(true).write(true).truncate(false).open(&path)?;
            let kept = events(&std::fs::read(&path)?)
                .take_while(|(_, event)| event.is_of_step() && event.ends_by(step) || event.ends_by(epoch_end))
                .map(|(end, _)| end)
                .last()
                .filter(|_| step > 0);
            file.set_len(kept.unwrap_or(0) as u64)?;
            file.seek(SeekFrom::End(0))?;
            Ok((file, kept.is_none()))
        };
        let (file, is_new) = open().map_err(|e| Error::io("write", &path, &e))?;
        let mut events = Self { path, file };
        if is_new {
            events.add(&Event::version(time))?;
        }
        Ok(events)
    }

    /// Adds what came of a step of a network with these heads.
    pub(super) fn step(&mut self, result: &StepResult, heads: &[&str], time: f64) -> Result<()> {
        #[expect(clippy::cast_precision_loss, reason = "batches are small")]
        let accuracy = result.correct / result.images as f64;
        let mut scalars = vec![(format!("{STEP}loss"), result.loss), (format!("{STEP}accuracy"), accuracy)];
        if heads.len() > 1 {
            scalars.extend(
                heads.iter().zip(&result.head_losses).map(|(name, loss)| (format!("{STEP}loss_{name}"), *loss)),
            );
        }
        scalars.push((format!("{STEP}learning_rate"), result.learning_rate));
        scalars.extend(result.gradient_norm.map(|norm| (format!("{STEP}gradient_norm"), norm)));
        self.add(&Event::scalars(time, result.step, scalars))
    }

    /// Adds what came of an epoch.
    pub(super) fn epoch(&mut self, result: &EpochResult, held_out_name: &str, time: f64) -> Result<()> {
        let held_out = &result.held_out;
        let scalars = [
            ("loss/train".to_owned(), result.loss),
            (format!("loss/{held_out_name}"), held_out.loss),
            ("accuracy/train".to_owned(), result.accuracy),
            (format!("accuracy/{held_out_name}"), held_out.accuracy()),
            (format!("top-5 error/{held_out_name}"), held_out.top5_error),
        ];
        self.add(&Event::scalars(time, result.step, scalars.into()))
    }

    fn add(&mut self, event: &Event) -> Result<()> {
        let record = records::record(&event.encode_to_vec());
        self.file.write_all(&record).map_err(|e| Error::io("write", &self.path, &e))
    }
}

/// The scalars in a file of events, in the order in which they were written, up to the first record that is damaged.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> Result<Vec<Scalar>> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    Ok(events(&bytes).flat_map(|(_, event)| event.into_scalars()).collect())
}

/// The events, each with the place where its record ends.
fn events(bytes: &[u8]) -> impl Iterator<Item = (usize, Event)> {
    records::records(bytes).map_while(|(end, data)| Some((end, Event::decode(data).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::{Events, NAME, Scalar, read};
    use crate::evaluate::Evaluation;
    use crate::train::{EpochResult, StepResult};
    use std::io::Write;

    fn step(step: usize) -> StepResult {
        let head_losses = vec![0.5, 2.5];
        let (learning_rate, loss, gradient_norm) = (0.125, 1.25, (step == 2).then_some(4.0));
        let (epoch, step_in_epoch, images, correct) = (1, step, 8, 2.0);
        StepResult { step, epoch, step_in_epoch, learning_rate, images, correct, loss, head_losses, gradient_norm }
    }

    fn epoch(step: usize) -> EpochResult {
        let held_out = Evaluation { images: 8, loss: 2.0, top1_error: 0.25, top5_error: 0.0 };
        let (learning_rate, loss, accuracy, seconds, head_losses) = (0.125, 1.5, 0.5, 3.0, vec![0.75, 2.5]);
        EpochResult { epoch: 1, step, learning_rate, loss, head_losses, accuracy, held_out, seconds }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut events = Events::open(folder.path(), 0, 0, 1e9).unwrap();
        events.step(&step(2), &["main", "aux1"], 1e9 + 0.5).unwrap();
        events.epoch(&epoch(2), "test", 1e9 + 1.0).unwrap();
        let read = read(&folder.path().join(NAME)).unwrap();
        let expected = [
            ("step/loss", 1.25, 0.5),
            ("step/accuracy", 0.25, 0.5),
            ("step/loss_main", 0.5, 0.5),
            ("step/loss_aux1", 2.5, 0.5),
            ("step/learning_rate", 0.125, 0.5),
            ("step/gradient_norm", 4.0, 0.5),
            ("loss/train", 1.5, 1.0),
            ("loss/test", 2.0, 1.0),
            ("accuracy/train", 0.5, 1.0),
            ("accuracy/test", 0.75, 1.0),
            ("top-5 error/test", 0.0, 1.0),
        ];
        let expected = expected.map(|(tag, value, time)| Scalar { tag: tag.into(), step: 2, value, time: 1e9 + time });
        assert_eq!(read, expected);
    }

    #[test]
    fn going_on_leaves_no_event_twice_and_none_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let mut events = Events::open(folder.path(), 0, 0, 1e9).unwrap();
        for n in 1..=5 {
            events.step(&step(n), &["main"], 1e9).unwrap();
        }
        events.epoch(&epoch(5), "test", 1e9).unwrap();
        let whole = std::fs::read(&path).unwrap();
        // A record that a kill broke off.
        events.file.write_all(&whole[..20]).unwrap();
        let mut events = Events::open(folder.path(), 3, 0, 2e9).unwrap();
        for n in 4..=5 {
            events.step(&step(n), &["main"], 1e9).unwrap();
        }
        events.epoch(&epoch(5), "test", 1e9).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        // The newest checkpoint is that of the epoch's last step, and the evaluation comes again.
        let mut events = Events::open(folder.path(), 5, 0, 2e9).unwrap();
        events.epoch(&epoch(5), "test", 1e9).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        Events::open(folder.path(), 5, 5, 2e9).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        // A new run in the same folder begins with the version alone.
        Events::open(folder.path(), 0, 0, 1e9).unwrap();
        assert_eq!(read(&path).unwrap(), []);
        assert!(std::fs::read(&path).unwrap().len() < 50);
    }
}
