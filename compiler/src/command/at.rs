//! `--at`: whether a network still runs at another size.

use clap::ValueEnum;
use googlenetc::messages::Verdict;
use googlenetc::{CheckedNetwork, Mode, at};
use googlenetc_dsl::diagnostic::Diagnostic;

/// The largest height or width that PyTorch can count with.
const LARGEST: u64 = i32::MAX as u64;

/// What runs.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Phase {
    /// All heads, and batch normalisation uses the batch's own statistics
    Training,
    /// No heads that are for training alone
    Inference,
}

impl Phase {
    fn mode(self) -> (Mode, &'static str) {
        match self {
            Self::Training => (Mode::Training, "in training"),
            Self::Inference => (Mode::Inference, "at inference"),
        }
    }
}

/// `299x299`, or `299`.
pub(crate) fn size(text: &str) -> Result<[u64; 2], String> {
    let (height, width) = text.split_once('x').unwrap_or((text, text));
    match [height.parse(), width.parse()] {
        [Ok(height @ 1..=LARGEST), Ok(width @ 1..=LARGEST)] => Ok([height, width]),
        _ => Err("it takes rows x columns, such as `299x299`".into()),
    }
}

/// What the network does at another size: messages, whether it runs, and the answer in words.
pub(crate) fn run(
    network: &CheckedNetwork,
    size: [u64; 2],
    batch: u64,
    phase: Phase,
) -> (Vec<Diagnostic>, Verdict, String) {
    let (mode, when) = phase.mode();
    let trial = at(network, size, batch, mode);
    let refused = trial.refusal.iter().map(|refusal| &refusal.diagnostic);
    let diagnostics = trial.warnings.iter().chain(refused).cloned().collect();
    let title = &network.network().name.value;
    let input = format!("{batch}x{}", trial.input.shape);
    if let Some(refusal) = &trial.refusal {
        let answer = format!("{title} does not run on {input} {when}: `{}` refuses", refusal.layer);
        return (diagnostics, Verdict::Wrong, answer);
    }
    let heads = network.network().outputs.iter().map(|index| &network.network().heads[*index]);
    let outputs: Vec<String> = heads
        .filter_map(|head| {
            let value = trial.value(head.layers.output)?;
            Some(format!("{} {}x{}", head.name.value, value.rows, value.shape))
        })
        .collect();
    (diagnostics, Verdict::Fine, format!("{title} runs on {input} {when}: {}", outputs.join(", ")))
}
