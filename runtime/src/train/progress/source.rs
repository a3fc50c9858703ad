//! The lines that the program of the fashion-mnist network prints.
//!
//! Where it divides the right guesses of every step by the constant 32, here they are divided by the number of images in the
//! step, which is another one in the last step of an epoch.

use super::Course;
use crate::evaluate::Measured;
use crate::train::{EpochResult, StepResult};

#[expect(clippy::cast_precision_loss, reason = "batches are small")]
pub(super) fn step(course: &Course, result: &StepResult) -> String {
    let StepResult { epoch, step_in_epoch, loss, .. } = result;
    let accuracy = result.correct / result.images as f64;
    let (epochs, steps) = (course.epochs, course.steps_per_epoch);
    format!("Epoch [{epoch}/{epochs}], Step [{step_in_epoch}/{steps}], Loss: {loss:.4}, Acc:{accuracy:.4}")
}

pub(super) fn evaluating(course: &Course, epoch: usize, measured: &Measured) -> String {
    let Measured { step, steps, batch, .. } = measured;
    let (loss, accuracy) = (batch.loss, batch.accuracy());
    let epochs = course.epochs;
    format!("Epoch [{epoch}/{epochs}], Step [{step}/{steps}], Val Loss: {loss:.4}, Acc:{accuracy:.4}")
}

pub(super) fn epoch(course: &Course, result: &EpochResult) -> String {
    let EpochResult { epoch, loss, accuracy, held_out, .. } = result;
    format!(
        "Epoch [{epoch}/{}], Train Loss: {loss:.4}, Train Acc: {accuracy:.4}, Val Loss: {:.4}, Val Acc: {:.4}",
        course.epochs,
        held_out.loss,
        held_out.accuracy()
    )
}
