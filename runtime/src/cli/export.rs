//! `export`.

use super::arguments::{Dtype, ExportArguments, ExportFile};
use super::{Trained, print, read_weights, say};
use crate::data::transform::{ChannelOrder, ValueRange};
use crate::data::{Normalisation, Preparation};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::torchscript;
use crate::weights::{Keys, SaveOptions, save_with};

pub(super) fn run<N: Network>(arguments: &ExportArguments) -> Result<()> {
    let given = given_normalisation::<N>(arguments)?;
    let kind = arguments.dtype.map(Dtype::kind);
    let Trained { mut store, network, metadata } = read_weights::<N>(&arguments.weights, &arguments.reading, kind)?;
    let class_names = metadata.as_ref().map(|metadata| metadata.class_names.clone()).unwrap_or_default();
    let known = match (given, metadata.map(|metadata| metadata.preparation)) {
        (Some(normalisation), Some(known)) => Some(Preparation { normalisation, ..known }),
        (Some(normalisation), None) => Some(normalisation.into()),
        (None, known) => known,
    };
    match &arguments.output {
        ExportFile::Weights(path) => {
            let preparation = known.ok_or_else(|| {
                let file = arguments.weights.display();
                Error::failed(format!(
                    "`{file}` does not say what its images were normalised with; say it with `--mean` and `--std`"
                ))
            })?;
            let keys = arguments.output_keys.as_deref().map(Keys::read).transpose()?;
            save_with::<N>(&store, &preparation, path, &SaveOptions { class_names, keys })?;
            print(format_args!("weights {}", path.display()))
        }
        ExportFile::TorchScript(path) => {
            torchscript::save(&network, &mut store, path)?;
            tell_input::<N>(known.as_ref().map(|known| &known.normalisation));
            print(format_args!("TorchScript {}", path.display()))
        }
    }
}

/// What `--mean` and `--std` say.
fn given_normalisation<N: Network>(arguments: &ExportArguments) -> Result<Option<Normalisation>> {
    let (Some(mean), Some(std)) = (&arguments.mean, &arguments.std) else { return Ok(None) };
    let channels = usize::try_from(N::INPUT[0]).unwrap_or(0);
    for (option, values) in [("mean", mean), ("std", std)] {
        if values.len() != channels {
            let count = values.len();
            return Err(Error::failed(format!(
                "`--{option}` has {count} values, and `{}` takes {channels} channels: give one for each, as in 0.5,0.4,0.4",
                N::NAME
            )));
        }
    }
    if !mean.iter().all(|value| value.is_finite()) || !std.iter().all(|value| value.is_finite() && *value > 0.0) {
        return Err(Error::failed("`--mean` takes finite numbers, and `--std` positive ones"));
    }
    Ok(Some(Normalisation::new(mean.clone(), std.clone())))
}

/// What TorchScript has no place for.
fn tell_input<N: Network>(normalisation: Option<&Normalisation>) {
    let [channels, height, width] = N::INPUT;
    let normalised = normalisation.map(|Normalisation { mean, std, range, order }| {
        let most = match range {
            ValueRange::Unit => 1,
            ValueRange::Bytes => 255,
        };
        let order = match order {
            ChannelOrder::Rgb => "",
            ChannelOrder::Bgr => ", blue first",
        };
        format!(": values from 0 to {most}{order}, less {mean:?}, divided by {std:?}, channel by channel")
    });
    say(format_args!("takes [images, {channels}, {height}, {width}]{}", normalised.unwrap_or_default()));
}
