//! What is found out about a network once, for all rows, layers and operations of its report.

use std::ops::Range;

use super::{Field, Line, Setting, Total, Totals};
use crate::CheckedNetwork;
use crate::analysis::memory::{self, Memory};
use crate::analysis::receptive;
use crate::network::{Phase, Source};

/// A network and what has been found out about it.
pub(super) struct Facts<'a> {
    pub(super) checked: &'a CheckedNetwork,
    pub(super) setting: Setting,
    pub(super) fields: Vec<Field>,
    pub(super) training: Memory,
    pub(super) inference: Memory,
}

impl<'a> Facts<'a> {
    pub(super) fn new(checked: &'a CheckedNetwork, setting: Setting) -> Self {
        Self {
            checked,
            setting,
            fields: receptive::fields(checked),
            training: memory::memory(checked, setting, true),
            inference: memory::memory(checked, setting, false),
        }
    }

    pub(super) fn field(&self, source: Source) -> Field {
        receptive::field_of(source, &self.fields, self.checked)
    }

    /// The sums of a range of operations, as far as their phase counts; all but the peak.
    pub(super) fn total(&self, operations: Range<usize>, counts: impl Fn(Phase) -> bool) -> Total {
        let phases = &self.checked.network().operations;
        let sum = operations.filter(|index| counts(phases[*index].phase)).fold(Total::default(), |sum, index| Total {
            parameters: sum.parameters + self.checked.parameters(index),
            buffers: sum.buffers.saturating_add(self.buffers(index)),
            multiply_adds: sum.multiply_adds + self.checked.multiply_adds(index),
            activation_bytes: sum.activation_bytes.saturating_add(self.training.made[index]),
            ..sum
        });
        let numbers = sum.parameters.saturating_add(sum.buffers);
        Total { weight_bytes: numbers.saturating_mul(self.setting.element.bytes()), ..sum }
    }

    /// The sums of both phases.
    pub(super) fn both(&self) -> Totals {
        Totals {
            training: self.totals(&self.training, |_| true),
            inference: self.totals(&self.inference, |phase| phase == Phase::Always),
        }
    }

    pub(super) fn totals(&self, memory: &Memory, counts: impl Fn(Phase) -> bool) -> Total {
        Total {
            activation_bytes: memory.made.iter().fold(0, |sum, bytes| sum.saturating_add(*bytes)),
            peak_bytes: memory.peak,
            peak_at: memory.peak_at,
            ..self.total(0..memory.made.len(), counts)
        }
    }

    pub(super) fn buffers(&self, index: usize) -> u64 {
        let buffers = self.checked.variables(index).iter().filter(|variable| !variable.trainable);
        buffers.fold(0, |sum, variable| sum.saturating_add(variable.elements().unwrap_or(u64::MAX)))
    }

    pub(super) fn line(
        &self,
        path: &str,
        kind: &'static str,
        operations: Range<usize>,
        output: Source,
        phase: Phase,
    ) -> Line {
        let sum = self.total(operations, |_| true);
        Line {
            path: path.into(),
            kind,
            output: self.checked.shape(output),
            parameters: sum.parameters,
            buffers: sum.buffers,
            multiply_adds: sum.multiply_adds,
            activation_bytes: sum.activation_bytes,
            receptive_field: self.field(output),
            phase,
        }
    }
}
