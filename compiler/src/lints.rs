//! Lints: what a right spec says that its author may not have meant. Each is a file of its own, and has a code, a name, a
//! level that the spec and the command line can change, and a reason.
//!
//! They look at a checked network, so a spec with errors has none. What a network no longer shows of its spec is noted before.

mod bias_before_norm;
mod dropout_before_convolution;
mod floor_pool;
mod head_at_inference;
mod idle_activation;
mod idle_pool;
mod input_order;
mod kernel_name;
mod levels;
mod linear_pair;
mod odd_activation;
mod published_row;
mod sample_mixing;
mod sequence_name;
mod softmax_head;
mod unread_output;
mod unread_parameter;
mod unusual_eps;
mod written;

use googlenetc_dsl::Syntax;
use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Sources;

pub(crate) use levels::Levels;
pub use levels::{named, refusal};

use crate::against::named::Named;
use crate::check::CheckedNetwork;
use crate::check::blame::Found;
use crate::unread::UnreadParameter;

/// What becomes of what a lint finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// Something that is allowed, and often a slip.
#[derive(Debug)]
#[non_exhaustive]
pub struct Lint {
    /// Its stable code, `W0401`.
    pub code: &'static str,
    /// Its name, by which specs and the command line call it, `sample-mixing`.
    pub name: &'static str,
    /// Its level when nobody says another.
    pub level: Level,
    /// Why somebody should look, in a sentence.
    pub reason: &'static str,
    /// All places in a network, as warnings with this code.
    find: fn(&Subject<'_>, &mut Found),
}

/// Every lint, in the order of their codes.
pub const ALL: &[&Lint] = &[
    &sample_mixing::LINT,
    &linear_pair::LINT,
    &idle_activation::LINT,
    &odd_activation::LINT,
    &bias_before_norm::LINT,
    &kernel_name::LINT,
    &published_row::LINT,
    &floor_pool::LINT,
    &head_at_inference::LINT,
    &unread_output::LINT,
    &dropout_before_convolution::LINT,
    &unusual_eps::LINT,
    &softmax_head::LINT,
    &unread_parameter::LINT,
    &sequence_name::LINT,
    &idle_pool::LINT,
    &input_order::LINT,
];

/// What lints look at.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    /// The network.
    pub(crate) checked: &'a CheckedNetwork,
    /// The table that the spec names.
    pub(crate) published: Option<&'a Named>,
    /// Parameters that the spec's own blocks do not read.
    pub(crate) unread: &'a [UnreadParameter],
    /// The texts that it was written in.
    pub(crate) sources: &'a Sources,
}

/// Everything that the lints find: warnings, and errors where a lint is denied. `syntax` is the spec's.
pub(crate) fn run(subject: &Subject<'_>, levels: &Levels, syntax: Syntax) -> Vec<Diagnostic> {
    let heeded = ALL.iter().filter(|lint| levels.of(lint) != Level::Allow);
    let found = |lint: &&&Lint| {
        let mut found = Found::default();
        (lint.find)(subject, &mut found);
        found.into_diagnostics()
    };
    heeded.flat_map(|lint| levels.judge(lint, found(&lint), syntax)).collect()
}
