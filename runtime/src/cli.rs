//! The command line of a generated network: `train`, `evaluate`, `predict`, `forward`, `summary`, `export`.
//!
//! Results go to standard output, messages and progress to standard error. The exit code is 0 when all is fine, 1 when the
//! work failed, 2 for wrong usage, 3 when files could not be read or written.

mod arguments;
mod evaluate;
mod export;
mod forward;
mod predict;
mod summary;
mod train;

use crate::device::{Choice, Name, find, place};
use crate::error::{Error, ErrorKind, Result};
use crate::network::Network;
use crate::refusal::attempt;
use crate::weights::{self, Metadata};
use arguments::{Arguments, Command};
use clap::{CommandFactory, FromArgMatches};
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use tch::Device;
use tch::nn::VarStore;

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
            })
        }
    }
}

fn execute<N: Network>(command: Command) -> Result<()> {
    match command {
        Command::Train(arguments) => train::run::<N>(&arguments),
        Command::Evaluate(arguments) => evaluate::run::<N>(&arguments),
        Command::Predict(arguments) => predict::run::<N>(&arguments),
        Command::Forward(arguments) => forward::run::<N>(&arguments),
        Command::Summary(arguments) => summary::run::<N>(&arguments),
        Command::Export(arguments) => export::run::<N>(&arguments),
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

/// The network that training begins with for this seed, on `device`.
fn new_network<N: Network>(seed: u64, device: Device) -> Result<Trained<N>> {
    tch::manual_seed(seed.cast_signed());
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    place(&mut store, device)?;
    Ok(Trained { store, network, metadata: None })
}

/// The network with the weights in `path`, on `device`.
fn read_weights<N: Network>(path: &Path, device: Device) -> Result<Trained<N>> {
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    let loaded = weights::load::<N>(&mut store, path)?;
    if let Some(warning) = loaded.warning {
        say(format_args!("warning: {warning}"));
    }
    place(&mut store, device)?;
    Ok(Trained { store, network, metadata: loaded.metadata })
}

impl<N> Trained<N> {
    /// What the weights in `path`, which these are, say about themselves; images cannot be fed to the network without it.
    fn metadata(&self, path: &Path) -> Result<&Metadata> {
        self.metadata.as_ref().ok_or_else(|| {
            Error::failed(format!(
                "`{}` does not say what its images were normalised with; use weights that `train` has written",
                path.display()
            ))
        })
    }
}

/// Writes a result.
fn print(text: impl Display) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").map_err(|e| Error::io("write to", Path::new("standard output"), &e))
}

/// Writes a message. With standard error gone there is nobody left to tell.
fn say(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
