//! The whole way from texts to a checked network, free of input and output.

use std::collections::BTreeSet;

use googlenetc_dsl::diagnostic::{self, Diagnostic};
use googlenetc_dsl::source::{SourceId, Sources, Span};
use googlenetc_dsl::tree::Spec;
use googlenetc_dsl::{Decoded, Parsed, Syntax, parse};

use crate::against::{Published, named};
use crate::alone::{self, Call};
use crate::check::{CheckedNetwork, check};
use crate::codes;
use crate::libraries::{self, Embedded, Loader};
use crate::lints::{self, Level, Levels, Subject};
use crate::lower::{self, lower};
use crate::settings;
use crate::unread;

/// What is said beside a spec, and wins over it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Each a `key=value`: `classes=10`, `input=3x299x299`, `network=Name`, or `block.inception=other`.
    pub settings: Vec<String>,
    /// Levels of lints, each of them called by its name or code, or `all`; later ones win over earlier ones.
    pub levels: Vec<(Level, String)>,
    /// A call of a block that takes the place of the spec's own network: with the spec's blocks, libraries, defaults and
    /// classes, but without heads. Such a network is made for reports.
    pub call: Option<Call>,
}

/// A spec on its way: its texts, and what became of it.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that messages point into.
    pub sources: Sources,
    /// The spec's own text.
    pub main: SourceId,
    /// The network, if the spec is right.
    pub network: Option<CheckedNetwork>,
    /// The published table that the spec names, if it can be read.
    pub published: Option<Published>,
    /// How many blocks the spec defines, if it is a library: blocks alone, for networks to use.
    pub library: Option<usize>,
    /// Everything there is to say about the spec, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a spec. `name` is what messages call it; by its ending the syntax is known (`.gnet`, or else YAML).
///
/// ```
/// let spec = "network: Tiny\ninput: 1x8x8\nheads: {main: {layers: [flatten, linear 10]}}\nstem: {conv1: conv 3x3 4}\n";
/// let compilation = googlenetc::compile("tiny.yaml", spec);
/// let network = compilation.network.expect("the spec is right");
/// assert_eq!(googlenetc::report::report(&network).totals.inference.parameters, 4 * 9 + (4 * 8 * 8) * 10 + 10);
/// ```
pub fn compile(name: &str, text: &str) -> Compilation {
    compile_with(name, text, &Options::default(), &mut Embedded)
}

/// Compiles a spec as `options` want it, with libraries and published tables from `loader`.
pub fn compile_with(name: &str, text: impl Into<Decoded>, options: &Options, loader: &mut dyn Loader) -> Compilation {
    let mut compilation = compile_any(name, text, options, loader);
    if compilation.library.is_some() {
        let place = Span::new(compilation.main, 0, 0);
        compilation.diagnostics.push(
            Diagnostic::error(codes::MISSING, "the spec has no network, only blocks")
                .at(place, "nothing here names a network")
                .help("name this file in the `use` of a network, or add `network`, `input`, layers and heads"),
        );
        diagnostic::sort(&mut compilation.diagnostics);
    }
    compilation
}

/// Compiles what may also be a library: blocks without a network, which are checked as far as they can be.
pub(crate) fn compile_any(
    name: &str,
    text: impl Into<Decoded>,
    options: &Options,
    loader: &mut dyn Loader,
) -> Compilation {
    let mut sources = Sources::new();
    let main = sources.add(name, text);
    // Comments may be as many as layers, and end here.
    let Parsed { spec, diagnostics, .. } = parse(&sources, main, Syntax::of_name(name));
    match spec {
        Some(spec) => compile_parsed(spec, diagnostics, (sources, main), options, loader),
        None => Compilation { sources, main, network: None, published: None, library: None, diagnostics },
    }
}

/// Compiles a syntax tree that was not read here, such as what an importer makes of another format. Its spans point into
/// `sources`, and `main` is the text that it was made from.
///
/// The tree must be one that the readers could have made, but for its spans: they see to it that names are names, and that
/// nothing nests without end.
pub fn compile_tree(
    spec: Spec,
    sources: Sources,
    main: SourceId,
    options: &Options,
    loader: &mut dyn Loader,
) -> Compilation {
    compile_parsed(spec, Vec::new(), (sources, main), options, loader)
}

fn compile_parsed(
    mut spec: Spec,
    mut diagnostics: Vec<Diagnostic>,
    (mut sources, main): (Sources, SourceId),
    options: &Options,
    loader: &mut dyn Loader,
) -> Compilation {
    let name = &sources.get(main).name.clone();
    let syntax = Syntax::of_name(name);
    let library = (options.call.is_none() && libraries::is_library(&spec)).then_some(spec.blocks.len());
    let complete = libraries::add(&mut spec, name, &mut sources, loader, &mut diagnostics);
    let mut changes = settings::apply(&mut spec, &options.settings, &mut sources, &mut diagnostics);
    if library.is_some() {
        diagnostics.extend(lower::library(&spec, complete, Span::new(main, 0, 0)));
        diagnostic::sort(&mut diagnostics);
        return Compilation { sources, main, network: None, published: None, library, diagnostics };
    }
    if let Some(call) = &options.call {
        alone::isolate(&mut spec, call, &mut sources, &mut changes, &mut diagnostics);
    }
    let complete = complete && !["use", "blocks"].iter().any(|key| spec.unread.contains(key));
    let levels = Levels::new(&spec.lints, &options.levels, &mut sources, &mut diagnostics);
    let published = spec.published.as_ref();
    let published = published.and_then(|table| named::find(table, name, &mut sources, loader, &mut diagnostics));
    let unread = unread::parameters(&spec, &changes, main);
    let lowered = lower(spec, &changes, complete, Span::new(main, 0, 0));
    // What has been refused already needs no second message about what it might have meant.
    let refused: BTreeSet<_> = diagnostics.iter().filter_map(Diagnostic::span).collect();
    let is_new = |found: &Diagnostic| found.span().is_none_or(|span| !refused.contains(&span));
    diagnostics.extend(lowered.diagnostics.into_iter().filter(is_new));
    let (mut network, mut diagnostics) = check(lowered.network, diagnostics).finish();
    if let Some(checked) = &network {
        let subject = Subject { checked, sources: &sources, published: published.as_ref(), unread: &unread };
        diagnostics.extend(lints::run(&subject, &levels, syntax));
        diagnostic::sort(&mut diagnostics);
    }
    // A denied lint is an error.
    network = network.filter(|_| !diagnostic::has_errors(&diagnostics));
    let published = published.map(|named| named.table);
    Compilation { sources, main, network, published, library, diagnostics }
}

impl Compilation {
    /// The Rust code of the network, if the spec is right.
    pub fn rust(&self) -> Option<String> {
        self.network
            .as_ref()
            .map(|network| crate::rust::rust(network, self.published.as_ref(), &self.sources, self.main))
    }

    /// All messages as rustc would show them; empty when there are none.
    pub fn render(&self, color: bool) -> String {
        googlenetc_dsl::render::render(&self.diagnostics, &self.sources, color)
    }

    /// One message about this spec, as rustc would show it.
    pub fn show(&self, diagnostic: &Diagnostic, color: bool) -> String {
        googlenetc_dsl::render::render(std::slice::from_ref(diagnostic), &self.sources, color)
    }
}
