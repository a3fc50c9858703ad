//! All that the compiler does with a spec.

use googlenetc::diagram::{self, View};
use googlenetc::network::Phase;
use googlenetc::report::{self, Depth, Setting};
use googlenetc::style::{self, Presentation};
use googlenetc::{CheckedNetwork, Compilation, Embedded, Mode, Options, compile_tree, compile_with};
use googlenetc_dsl::Syntax;
use googlenetc_dsl::diagnostic::has_errors;
use googlenetc_dsl::source::{SourceId, Sources};
use googlenetc_dsl::tree::Spec;

use crate::{messages, reading};

/// The largest network that is handed to the back ends, in operations: a fuzzer learns nothing from larger ones.
const LARGEST: usize = 2000;

/// Compiles a text.
pub fn compile(text: &str, syntax: Syntax) {
    check(&compile_with(reading::name(syntax), text, &Options::default(), &mut Embedded));
}

/// The largest batch that the command takes.
const LARGEST_BATCH: u64 = 1 << 31;

/// Compiles a syntax tree.
pub fn run(spec: Spec, sources: Sources, main: SourceId) {
    check(&compile_tree(spec, sources, main, &Options::default(), &mut Embedded));
}

fn check(compilation: &Compilation) {
    let Compilation { sources, network, diagnostics, .. } = compilation;
    messages::check(diagnostics, sources);
    assert_eq!(network.is_some(), !has_errors(diagnostics), "a network without a verdict: {diagnostics:?}");
    if let Some(network) = network.as_ref().filter(|network| network.network().operations.len() <= LARGEST) {
        print(network);
        let code = compilation.rust().expect("a network has code");
        assert!(code.is_ascii(), "generated code holds more than ASCII: {code}");
    }
}

/// Hands a network to everything that prints one. The Rust code is parsed where it is made.
fn print(network: &CheckedNetwork) {
    for batch in [1, LARGEST_BATCH] {
        print_report(network, batch);
    }
    for depth in [Some(1), None] {
        let view = View { depth };
        diagram::svg(network, view);
        diagram::dot(network, view);
        diagram::mermaid(network, view);
    }
    style::repr(network, &Presentation::default());
    googlenetc::at(network, [17, 23], 2, Mode::Training);
    let same = googlenetc::diff::diff(("a", network), &[("b", network)]);
    assert!(same.is_empty(), "a network differs from itself");
}

/// Everything that counts bytes, and sums over a batch.
fn print_report(network: &CheckedNetwork, batch: u64) {
    let setting = Setting { batch, ..Setting::default() };
    let report = report::report_with(network, setting);
    for depth in [Depth::Table, Depth::All] {
        let view = report::View { depth, width: Some(80) };
        report::human_with(&report, view);
        report::markdown(&report, view);
        report::csv(&report, view);
    }
    report::json(&report);
    let options = style::Options { phase: Phase::Training, batch, depth: 3, all_columns: true };
    let presentation = Presentation::default();
    style::torchsummary(network, &presentation, options);
    style::torchinfo(network, &presentation, options);
}
