//! `googlenetc check`.

use anstream::eprintln;
use googlenetc::report;

use super::{FINE, Settings, WRONG_SPEC, at, compile};

/// Check specs: names, channel sums, shapes
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files, `-` for standard input, or names of embedded networks
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    /// Ask whether the network still runs at another size, with its parameters as they are: rows x columns, or one number for
    /// both
    #[arg(long, value_name = "HxW", value_parser = at::size)]
    at: Option<[u64; 2]>,
    /// How many samples run at once, for --at
    #[arg(long, value_name = "N", default_value_t = 1, requires = "at", value_parser = clap::value_parser!(u64).range(1..=1 << 31))]
    batch: u64,
    /// In training all heads run, and batch normalisation uses the batch's own statistics; for --at
    #[arg(long, value_enum, default_value_t = at::Phase::Inference, requires = "at")]
    phase: at::Phase,
    #[command(flatten)]
    settings: Settings,
}

/// Checks each spec; the exit code is the worst.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    arguments.specs.iter().map(|spec| check(spec, arguments)).max().unwrap_or(FINE)
}

fn check(spec: &str, arguments: &Arguments) -> u8 {
    let compilation = match compile(spec, &arguments.settings) {
        Err(code) => return code,
        Ok(compilation) => compilation,
    };
    let name = &compilation.sources.get(compilation.main).name;
    let Some(network) = &compilation.network else {
        let errors = compilation.diagnostics.len();
        eprintln!("{name}: {errors} error{}", if errors == 1 { "" } else { "s" });
        return WRONG_SPEC;
    };
    if let Some(size) = arguments.at {
        return at::run(&compilation, network, size, arguments.batch, arguments.phase);
    }
    let report = report::report(network);
    let total = report.totals.inference;
    let (parameters, multiply_adds) = (report::grouped(total.parameters), report::grouped(total.multiply_adds));
    eprintln!(
        "{name}: {} is fine: {parameters} parameters, {multiply_adds} multiply-adds at inference",
        report.network
    );
    FINE
}
