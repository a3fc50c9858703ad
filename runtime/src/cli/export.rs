//! `export`.

use super::arguments::{ExportArguments, ExportFile};
use super::{Trained, print, read_weights, say};
use crate::error::Result;
use crate::network::Network;
use crate::{torchscript, weights};
use tch::Device;

pub(super) fn run<N: Network>(arguments: &ExportArguments) -> Result<()> {
    let mut trained = read_weights::<N>(&arguments.weights, Device::Cpu)?;
    match &arguments.output {
        ExportFile::Weights(path) => {
            let normalisation = &trained.metadata(&arguments.weights)?.normalisation;
            weights::save::<N>(&trained.store, normalisation, path)?;
            print(format_args!("weights {}", path.display()))
        }
        ExportFile::TorchScript(path) => {
            torchscript::save(&trained.network, &mut trained.store, path)?;
            tell_input(&trained);
            print(format_args!("TorchScript {}", path.display()))
        }
    }
}

/// The file cannot say it.
fn tell_input<N: Network>(trained: &Trained<N>) {
    let [channels, height, width] = N::INPUT;
    let normalised = trained.metadata.as_ref().map(|metadata| {
        let (mean, std) = (&metadata.normalisation.mean, &metadata.normalisation.std);
        format!(": values from 0 to 1, less {mean:?}, divided by {std:?}, channel by channel")
    });
    say(format_args!("takes [images, {channels}, {height}, {width}]{}", normalised.unwrap_or_default()));
}
