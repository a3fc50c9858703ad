//! `predict`.

use super::arguments::PredictArguments;
use super::{choose, print, read_weights};
use crate::batch::input_size;
use crate::error::Result;
use crate::network::Network;
use crate::predict::{Guess, predict};

pub(super) fn run<N: Network>(arguments: &PredictArguments) -> Result<()> {
    let _scope = arguments.numbers.precision.enter();
    let device = choose(arguments.device.choice)?;
    let trained = read_weights::<N>(&arguments.weights, &arguments.reading, None)?.on(device)?;
    let transform = trained.preparation(&arguments.weights)?.transform(input_size::<N>())?;
    for path in &arguments.images {
        let guesses = predict(&trained.network, device, &transform, path, arguments.top)?;
        let name = |class: usize| trained.class_names().get(class).cloned().unwrap_or_else(|| class.to_string());
        let describe = |guess: &Guess| format!("{} {:.2} %", name(guess.class), 100.0 * guess.probability);
        let guesses: Vec<String> = guesses.iter().map(describe).collect();
        print(format_args!("{}: {}", path.display(), guesses.join(", ")))?;
    }
    Ok(())
}
