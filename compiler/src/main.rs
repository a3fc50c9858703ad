//! The command `googlenetc`.
#![expect(clippy::disallowed_methods, reason = "a command prints")]

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::{eprint, eprintln};
use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use googlenetc::{CheckedNetwork, Compilation, build, input, report, rust};

/// Exit codes: 0 fine, 1 the spec is wrong, 2 wrong usage (clap's), 3 input or output failed.
const WRONG_SPEC: u8 = 1;
const IO_FAILED: u8 = 3;

const ABOUT: &str = "Checks convolutional networks that are written as small specs, reports what can be known about \
                     them, and generates Rust modules for tch";

const AFTER: &str = "SPEC is a file (.yaml, or .gnet for the text language), `-` for standard input, or the name of an \
                     embedded network: googlenet.\n\n\
                     Exit codes: 0 fine, 1 the spec is wrong, 2 wrong usage, 3 input or output failed.";

#[derive(Parser)]
#[command(name = "googlenetc", version, about = ABOUT, after_help = AFTER, arg_required_else_help = true)]
struct Cli {
    /// When to colour messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check specs: names, channel sums, shapes
    Check {
        /// Files, `-` for standard input, or names of embedded networks
        #[arg(required = true, value_name = "SPEC")]
        specs: Vec<String>,
    },
    /// Print a network as the table of the paper: shapes, parameters, multiply-adds
    Report {
        /// A file, `-` for standard input, or the name of an embedded network
        spec: String,
        /// Aligned columns for people, or everything for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Generate the Rust module of a network
    Build {
        /// A file, `-` for standard input, or the name of an embedded network
        spec: String,
        /// The file to write; `-` for standard output. It is only touched when its bytes change
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    set_color(cli.color);
    match cli.command {
        Command::Check { specs } => {
            specs.iter().map(|spec| check(spec)).max().map_or(ExitCode::SUCCESS, ExitCode::from)
        }
        Command::Report { spec, format } => output(&spec, |_, network| {
            let report = report::report(network);
            print(&match format {
                Format::Human => report::human(&report),
                Format::Json => report::json(&report),
            })
        }),
        Command::Build { spec, output: file } => output(&spec, |compilation, network| {
            let code = rust::rust(network, &compilation.sources, compilation.main);
            if file.as_os_str() == "-" { print(&code) } else { write(&file, &code) }
        }),
    }
}

/// Tells everything that prints when to colour.
fn set_color(choice: ColorChoice) {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Checks one spec and says so; returns the exit code.
fn check(spec: &str) -> u8 {
    let compilation = match compile(spec) {
        Err(code) => return code,
        Ok(compilation) => compilation,
    };
    let name = &compilation.sources.get(compilation.main).name;
    let Some(network) = &compilation.network else {
        let errors = compilation.diagnostics.len();
        eprintln!("{name}: {errors} error{}", if errors == 1 { "" } else { "s" });
        return WRONG_SPEC;
    };
    let report = report::report(network);
    let total = report.totals.inference;
    let (parameters, multiply_adds) = (report::grouped(total.parameters), report::grouped(total.multiply_adds));
    eprintln!(
        "{name}: {} is fine: {parameters} parameters, {multiply_adds} multiply-adds at inference",
        report.network
    );
    0
}

/// Compiles a spec and hands it on, if it is right.
fn output(spec: &str, emit: impl FnOnce(&Compilation, &CheckedNetwork) -> u8) -> ExitCode {
    ExitCode::from(match compile(spec) {
        Err(code) => code,
        Ok(compilation) => compilation.network.as_ref().map_or(WRONG_SPEC, |network| emit(&compilation, network)),
    })
}

/// Reads and compiles a spec; prints its messages.
fn compile(spec: &str) -> Result<Compilation, u8> {
    let text = input::read(spec).map_err(|error| {
        eprintln!("error: {error}");
        IO_FAILED
    })?;
    let compilation = googlenetc::compile(&text.name, &text.text);
    if !compilation.diagnostics.is_empty() {
        // anstream strips the colours where they are not wanted.
        eprint!("{}", compilation.render(true));
    }
    Ok(compilation)
}

/// Prints data; a reader that goes away, as in `| head`, is no failure.
fn print(text: &str) -> u8 {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("error: cannot write to standard output: {error}");
            IO_FAILED
        }
        _ => 0,
    }
}

fn write(file: &std::path::Path, code: &str) -> u8 {
    match build::write_if_changed(file, code) {
        Ok(changed) => {
            eprintln!("{} {}", if changed { "wrote" } else { "unchanged:" }, file.display());
            0
        }
        Err(error) => {
            eprintln!("error: cannot write `{}`: {error}", file.display());
            IO_FAILED
        }
    }
}
