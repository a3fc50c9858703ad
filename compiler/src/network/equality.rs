//! Networks are equal when they say the same, wherever the words stand: places do not count, as in the syntax tree.
//!
//! Every field is named, so that a new one has to decide.

use super::{Assertion, Group, Head, Operation, Slot};

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        let Self { op, inputs, path, scope, phase, span: _, slots, end: _, is_doubtful } = self;
        *op == other.op
            && *inputs == other.inputs
            && *path == other.path
            && *scope == other.scope
            && *phase == other.phase
            && *slots == other.slots
            && *is_doubtful == other.is_doubtful
    }
}

impl PartialEq for Slot {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, span: _, parameter } = self;
        *name == other.name && *parameter == other.parameter
    }
}

impl PartialEq for Assertion {
    fn eq(&self, other: &Self) -> bool {
        let Self { sizes, subject, direction, span: _ } = self;
        *sizes == other.sizes && *subject == other.subject && *direction == other.direction
    }
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, label, path, scope, content, operations, input, output, phase, assertions, span: _ } = self;
        *name == other.name
            && *label == other.label
            && *path == other.path
            && *scope == other.scope
            && *content == other.content
            && *operations == other.operations
            && *input == other.input
            && *output == other.output
            && *phase == other.phase
            && *assertions == other.assertions
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, from, source, after, weight, phase, when: _, layers } = self;
        *name == other.name
            && *from == other.from
            && *source == other.source
            && *after == other.after
            && *weight == other.weight
            && *phase == other.phase
            && *layers == other.layers
    }
}
