//! The command line of a generated network: `train`, `evaluate`, `predict`, `embed`, `data`, `forward`, `summary`, `export`, `runs`.
//!
//! Results go to standard output, messages and progress to standard error. The exit code is 0 when all is fine, 1 when the
//! work failed, 2 for wrong usage, 3 when files could not be read or written, 130 when it was interrupted.

mod arguments;
mod data;
mod embed;
mod evaluate;
mod export;
mod forward;
mod images;
mod loading;
mod pass;
mod predict;
mod runs;
mod source;
mod summary;
mod train;

use crate::data::Preparation;
use crate::device::{Choice, Name, find, place};
use crate::error::{Error, ErrorKind, Result};
use crate::huge_pages::use_huge_pages;
use crate::network::Network;
use crate::refusal::attempt;
use crate::weights::{self, Metadata};
use arguments::{Arguments, Command, ReadingArguments};
use clap::{CommandFactory, FromArgMatches};
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use tch::nn::VarStore;
use tch::{Device, Kind};

/// What a program knows that its users then need not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The folder of the data set, if `--data` is not given.
    pub data: Option<&'static str>,
}

/// The whole program of a network: reads the command line and does what it says.
pub fn run<N: Network>() -> ExitCode {
    run_with::<N>(Defaults::default())
}

/// The same for a program that has defaults of its own.
pub fn run_with<N: Network>(defaults: Defaults) -> ExitCode {
    use_huge_pages();
    let command = arguments::with_defaults(Arguments::command(), N::NAME, defaults);
    let parsed = command.try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let done = match parsed {
        // Memory can run out anywhere.
        Ok(arguments) => attempt(|| execute::<N>(arguments.command)).flatten(),
        Err(e) => {
            // Standard output or error being closed changes nothing about the code.
            let _ = e.print();
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            say(format_args!("error: {e}"));
            ExitCode::from(match e.kind() {
                ErrorKind::Failed => 1,
                ErrorKind::Io => 3,
                ErrorKind::Interrupted => 130,
            })
        }
    }
}

fn execute<N: Network>(command: Command) -> Result<()> {
    match command {
        Command::Train(arguments) => train::run::<N>(&arguments),
        Command::Evaluate(arguments) => evaluate::run::<N>(&arguments),
        Command::Predict(arguments) => predict::run::<N>(&arguments),
        Command::Embed(arguments) => embed::run::<N>(&arguments),
        Command::Data(arguments) => data::run::<N>(&arguments),
        Command::Forward(arguments) => forward::run::<N>(&arguments),
        Command::Summary(arguments) => summary::run::<N>(&arguments),
        Command::Export(arguments) => export::run::<N>(&arguments),
        Command::Runs(arguments) => runs::run(&arguments),
    }
}

/// The device that is asked for. What `auto` comes to is said, as nobody else has said it.
fn choose(choice: Choice) -> Result<Device> {
    let device = find(choice)?;
    if choice == Choice::Auto {
        say(format_args!("device {}", Name(device)));
    }
    Ok(device)
}

/// A network with its variables, and what the file of their values says about them.
struct Trained<N> {
    /// Owns the variables of `network`.
    store: VarStore,
    network: N,
    metadata: Option<Metadata>,
}

/// The network that training begins with for this seed, on the CPU, with numbers of this type.
fn new_network<N: Network>(seed: u64, kind: Kind) -> Trained<N> {
    tch::manual_seed(seed.cast_signed());
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    set_kind(&mut store, kind);
    Trained { store, network, metadata: None }
}

/// The network with the weights in `path`, on the CPU; converted to a type, if one is asked for, or else with the usual one.
fn read_weights<N: Network>(path: &Path, reading: &ReadingArguments, kind: Option<Kind>) -> Result<Trained<N>> {
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    set_kind(&mut store, kind.unwrap_or(Kind::Float));
    let mut options = reading.options()?;
    options.convert |= kind.is_some();
    let loaded = weights::load_with::<N>(&mut store, path, &options)?;
    if !loaded.skipped.is_empty() {
        say(format_args!("warning: left out of `{}`:\n  {}", path.display(), loaded.skipped_lines().join("\n  ")));
    }
    if let Some(warning) = loaded.warning {
        say(format_args!("warning: {warning}"));
    }
    Ok(Trained { store, network, metadata: loaded.metadata })
}

/// Gives the variables, all of which are floating-point numbers, another type.
fn set_kind(store: &mut VarStore, kind: Kind) {
    if kind != Kind::Float {
        store.set_kind(kind);
    }
}

impl<N> Trained<N> {
    /// The names of the classes, if the weights have them.
    fn class_names(&self) -> &[String] {
        self.metadata.as_ref().map_or(&[], |metadata| &metadata.class_names)
    }

    /// The same on another device.
    fn on(mut self, device: Device) -> Result<Self> {
        place(&mut self.store, device)?;
        Ok(self)
    }

    /// How images become input; the weights are those in `path`.
    fn preparation(&self, path: &Path) -> Result<&Preparation> {
        let known = self.metadata.as_ref().map(|metadata| &metadata.preparation);
        known.ok_or_else(|| {
            Error::failed(format!(
                "`{}` does not say what its images were normalised with; use weights that `train` has written, or write \
                 it into these with `export --mean M,.. --std S,..`",
                path.display()
            ))
        })
    }
}

/// Writes a result; a reader that goes away, as in `| head`, is no failure.
fn print(text: impl Display) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::io("write to", Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// Writes a message. With standard error gone there is nobody left to tell.
fn say(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
