//! `googlenetc check`.

mod folder;
mod output;
mod watch;

use std::path::Path;

use anstream::eprintln;
use googlenetc::input::{self, Compiled, Fixed};
use googlenetc::messages::{Count, Outcome, Totals, Verdict};
use googlenetc::report;
use googlenetc_dsl::source::Sources;

use super::{FINE, IO_FAILED, Settings, USAGE, WRONG_SPEC, at, closing, print, replace, words};
use output::{Format, Output};

/// Check specs: names, channel sums, shapes
///
/// Several specs are checked one after the other, and a last line sums them up. A folder stands for the specs in it. A
/// library, a file that holds blocks alone, is checked as far as blocks can be without a network that calls them.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc check net.yaml                check a spec",
        "googlenetc check specs --deny all        check all specs of a folder, and accept no warning",
        "googlenetc check googlenet --at 299      ask whether the network runs on 299x299 too",
        "googlenetc check net.yaml --fix --watch  mend it on every save",
    ],
    &[
        "Messages for people go to standard error, all others to standard output.",
        "Exit codes: 0 all specs are right, 1 a spec is wrong, 2 wrong usage, 3 input or output failed.",
    ],
))]
pub(crate) struct Arguments {
    /// Files, folders, `-` for standard input, or names of embedded networks
    #[arg(required = true, value_name = "SPEC", value_parser = words::spec(), hide_possible_values = true)]
    specs: Vec<String>,
    /// How messages are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// How many messages of one spec are shown at most, errors before warnings; 0 for all [default: 100, or all for json and
    /// sarif]
    #[arg(long, value_name = "N", value_parser = words::number(0..=usize::MAX))]
    limit: Option<usize>,
    /// Mend what can only be mended in one way: apply the suggestions that are safe, to the files of specs and of their
    /// libraries, and report what is left. A spec never has more errors afterwards. Standard input is printed, mended, to
    /// standard output
    #[arg(long)]
    fix: bool,
    /// Check again whenever a spec changes, or a file that it depends on; end with Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Ask whether the network still runs at another size, with its parameters as they are: rows x columns, such as 299x224, or
    /// one number for both
    #[arg(long, value_name = "HxW", value_parser = at::size)]
    at: Option<[u64; 2]>,
    /// For --at: how many samples run at once
    #[arg(long, value_name = "N", default_value_t = 1, requires = "at", value_parser = words::number(1_u64..=1 << 31))]
    batch: u64,
    /// For --at: what runs
    #[arg(long, value_enum, default_value_t = at::Phase::Inference, requires = "at")]
    phase: at::Phase,
    #[command(flatten)]
    settings: Settings,
}

/// Checks each spec; the exit code is the worst.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    if let Some(mistake) = misused(arguments) {
        eprintln!("error: {mistake}\n\nFor more information, try '--help'.");
        return USAGE;
    }
    if arguments.watch { watch::run(arguments) } else { once(arguments).0 }
}

/// What arguments cannot go together, beyond what clap knows.
fn misused(arguments: &Arguments) -> Option<String> {
    let has_stdin = arguments.specs.iter().any(|spec| spec == "-");
    if arguments.watch && has_stdin {
        return Some("standard input cannot be watched: name a file".into());
    }
    if arguments.watch && arguments.format == Format::Sarif {
        return Some("`--format sarif` is one document, and `--watch` never ends: use `--format json`".into());
    }
    if arguments.fix && has_stdin && arguments.format != Format::Human {
        return Some(
            "`--fix` prints standard input, mended, where messages in this format would go: name a file".into(),
        );
    }
    let embedded = arguments.specs.iter().find(|spec| arguments.fix && input::is_embedded(spec))?;
    Some(format!(
        "`{embedded}` is embedded and cannot be mended: write it to a file first, \
         `googlenetc fmt {embedded} --output {embedded}.yaml`"
    ))
}

/// Checks each spec once. Returns the exit code, and every file that the specs depend on.
fn once(arguments: &Arguments) -> (u8, Vec<String>) {
    let mut output = Output::new(arguments.format, arguments.limit);
    let mut files = Vec::new();
    for spec in &arguments.specs {
        if !Path::new(spec).is_dir() {
            one(spec, arguments, &mut output, &mut files);
            continue;
        }
        match folder::specs(spec) {
            Ok(found) => {
                output.skipped(spec, &found.others);
                found.specs.iter().for_each(|spec| one(spec, arguments, &mut output, &mut files));
            }
            Err(reason) => output.add(unreadable(spec, reason)),
        }
    }
    (output.finish(!arguments.watch), files)
}

/// Checks a spec, and mends it before if that is wanted.
fn one(spec: &str, arguments: &Arguments, output: &mut Output, files: &mut Vec<String>) {
    let options = arguments.settings.options(None);
    let compiled = if arguments.fix {
        input::fix(spec, &options).map(|fixed| {
            output.worst = output.worst.max(write(spec, &fixed));
            fixed.compiled
        })
    } else {
        input::check(spec, &options)
    };
    match compiled {
        Ok(compiled) => {
            files.extend(compiled.files.iter().cloned());
            output.add(outcome(compiled, arguments));
        }
        Err(error) => {
            files.push(spec.to_owned());
            output.add(unreadable(spec, error.to_string()));
        }
    }
}

/// Writes what was mended, and says so.
fn write(spec: &str, fixed: &Fixed) -> u8 {
    if spec == "-" {
        let text = fixed.changes.iter().find(|change| change.file == "<stdin>").map(|change| change.after.as_str());
        let compilation = &fixed.compiled.compilation;
        let printed = print(text.unwrap_or(&compilation.sources.get(compilation.main).text));
        if printed != FINE {
            return printed;
        }
    }
    for change in fixed.changes.iter().filter(|change| change.file != "<stdin>" || spec != "-") {
        let file = Path::new(&change.file);
        if std::fs::read(file).is_ok_and(|bytes| bytes != change.before.as_bytes()) {
            eprintln!("error: `{}` has changed meanwhile, and is left alone", change.file);
            return IO_FAILED;
        }
        let code = replace(file, &change.after);
        if code != FINE {
            return code;
        }
    }
    fixed.words().iter().for_each(|words| eprintln!("{words}"));
    FINE
}

fn outcome(compiled: Compiled, arguments: &Arguments) -> Outcome {
    let compilation = compiled.compilation;
    let name = compilation.sources.get(compilation.main).name.clone();
    let mut diagnostics = compilation.diagnostics;
    let mut totals = None;
    let (verdict, summary) = match (&compilation.network, compilation.library) {
        (Some(network), _) => {
            let name = &network.network().name.value;
            let total = report::totals(network).inference;
            let (parameters, multiply_adds) = (total.parameters, total.multiply_adds);
            totals = Some(Totals { name: name.clone(), parameters, multiply_adds });
            match arguments.at {
                Some(size) => {
                    let (found, verdict, answer) = at::run(network, size, arguments.batch, arguments.phase);
                    diagnostics.extend(found);
                    (verdict, answer)
                }
                None => (Verdict::Fine, fine(name, parameters, multiply_adds)),
            }
        }
        (None, Some(blocks)) if Count::of(&diagnostics).errors == 0 => {
            let plural = if blocks == 1 { "" } else { "s" };
            (
                Verdict::Fine,
                format!("a library of {blocks} block{plural} is fine, as far as blocks alone can be checked"),
            )
        }
        (None, _) => (Verdict::Wrong, String::new()),
    };
    let words = if arguments.at.is_some() { String::new() } else { Count::of(&diagnostics).words() };
    let parts: Vec<String> = [summary, words].into_iter().filter(|part| !part.is_empty()).collect();
    Outcome { name, sources: compilation.sources, diagnostics, verdict, network: totals, summary: parts.join("; ") }
}

fn fine(name: &str, parameters: u64, multiply_adds: u64) -> String {
    let [parameters, multiply_adds] = [parameters, multiply_adds].map(report::grouped);
    format!("{name} is fine: {parameters} parameters, {multiply_adds} multiply-adds at inference")
}

/// What is said about a spec that cannot be read.
fn unreadable(spec: &str, reason: String) -> Outcome {
    Outcome {
        name: spec.to_owned(),
        sources: Sources::new(),
        diagnostics: Vec::new(),
        verdict: Verdict::Unreadable,
        network: None,
        summary: reason,
    }
}

/// The exit code that a verdict makes.
fn code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fine => FINE,
        Verdict::Wrong => WRONG_SPEC,
        Verdict::Unreadable => IO_FAILED,
    }
}
