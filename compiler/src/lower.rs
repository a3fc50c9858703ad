//! Syntax tree to network: words get their meaning, blocks and tables are expanded, names are resolved.
//!
//! All mistakes are collected. What could not be understood becomes a group whose output is unknown, and unknown values
//! make no further messages.

mod arguments;
mod blocks;
mod constructs;
mod defaults;
mod expressions;
mod header;
mod heads;
mod keywords;
mod library;
mod limits;
mod lowerer;
mod names;
mod order;
mod outputs;
mod strangers;
mod tables;
mod trunk;
mod values;

pub(crate) use arguments::Arguments;
pub(crate) use header::check_version;
pub(crate) use library::library;
pub(crate) use lowerer::MOST_MESSAGES;
pub(crate) use names::join;
pub(crate) use values::IN;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::Spec;

use crate::network::{Network, Phase, Source};
use crate::settings::Changes;
use crate::shape::{Partial, Shape};
use lowerer::{Lowerer, Named, Place};
use trunk::Trunk;
use values::Environment;

/// The network as far as it could be lowered, and everything that is wrong with it.
pub(crate) struct Lowered {
    /// `None` when not even a name and an input are known.
    pub(crate) network: Option<Network>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Lowers a spec, which has its libraries' blocks among its own, and which settings have changed. `complete` says whether all
/// blocks could be read, `start` is the start of the file, where everything is missing that stands nowhere.
pub(crate) fn lower(mut spec: Spec, changes: &Changes, complete: bool, start: Span) -> Lowered {
    let sections = std::mem::take(&mut spec.sections);
    let mut lowerer = Lowerer::new(&spec, complete, start);
    let header = header::lower(&mut lowerer);
    lowerer.input = header.input.as_ref().map_or(Partial::Unknown, |input| {
        let [channels, height, width] = input.value;
        Partial::from(Shape::Map { channels, height, width })
    });
    lowerer.check_blocks();
    lowerer.exchange(&changes.exchanges);
    lowerer.check_defaults();

    let environment = Environment::new(header.globals);
    let place = Place { path: "", scope: "", environment: &environment, phase: Phase::Always, input: Source::Input };
    let Trunk { groups: mut trunk, mut declared, heads: written } = trunk::lower(&mut lowerer, sections, place);
    let mut heads = heads::lower(&mut lowerer, &written, &trunk, place, changes.is_part);
    heads::declare(&mut lowerer, &written, &trunk, &mut declared);
    let outputs = outputs::outputs(&mut lowerer, &heads);
    if !changes.is_part {
        lowerer.uncalled();
    }
    let Lowerer { mut operations, has_too_many, diagnostics, .. } = lowerer;
    order::interleave(&mut operations, &mut trunk, &mut heads);
    let network = header.name.zip(header.input).filter(|_| !has_too_many).map(|(name, input)| Network {
        name,
        has_declared_size: header::is_declared_size(changes, input.value),
        input,
        classes: header.classes,
        operations,
        trunk,
        heads,
        declared,
        outputs,
    });
    Lowered { network, diagnostics }
}
