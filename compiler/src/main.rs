//! The command `googlenetc`: one file for each subcommand, in `command`.
#![expect(clippy::disallowed_methods, reason = "a command reads files and prints")]

mod command;

use std::process::ExitCode;

use anstream::eprint;
use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, Parser, Subcommand};
use command::{build, check, completions, diagram, diff, doctor, explain, fmt, man, new, report, schema};

/// Large specs are millions of small pieces: with the allocator of most systems, a check takes twice as long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ABOUT: &str = "Checks convolutional networks that are written as small specs, reports what can be known about \
                     them, and generates Rust modules for tch";

/// What there is to see without any argument.
const WELCOME: &str = "\
googlenetc checks convolutional networks that are written as small specs, reports what
can be known about them, and generates Rust modules for tch.

Try:
  googlenetc check googlenet              check a network that comes along, or your own: net.yaml
  googlenetc report googlenet             its layers, with shapes, parameters and multiply-adds
  googlenetc new flowers --from googlenet --set classes=5 --path CHECKOUT
                                          make a crate that trains it on five classes, with
                                          googlenetc from CHECKOUT, a folder with its repository

All commands and networks: googlenetc --help
One command:               googlenetc check --help
";

/// What stands below the list of commands.
fn after() -> String {
    let networks: Vec<&str> = googlenetc_specs::NETWORKS.iter().map(|network| network.name).collect();
    format!(
        "SPEC is a file (.yaml, or .gnet for the text language), `-` for standard input, or the name of an embedded network: \
         {}.\n\nExit codes: 0 fine, 1 the spec is wrong, 2 wrong usage, 3 input or output failed.",
        networks.join(", ")
    )
}

#[derive(Parser)]
#[command(name = "googlenetc", version, about = ABOUT, after_help = after(), arg_required_else_help = true)]
struct Cli {
    /// When to colour messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Report(report::Arguments),
    Diff(diff::Arguments),
    Diagram(diagram::Arguments),
    Build(build::Arguments),
    New(new::Arguments),
    Doctor(doctor::Arguments),
    Explain(explain::Arguments),
    Fmt(fmt::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{WELCOME}");
            return ExitCode::from(command::USAGE);
        }
        Err(error) => error.exit(),
    };
    set_color(cli.color);
    let code = match cli.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Diagram(arguments) => diagram::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command()),
        Command::Man(arguments) => man::run(&arguments, Cli::command()),
    };
    ExitCode::from(code)
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
