//! The networks that are measured, and what they see of images.

use crate::batch::input_size;
use crate::cli::arguments::ReadingArguments;
use crate::cli::{Trained, read_weights};
use crate::data::crops::{CropTransform, Crops};
use crate::error::{Error, Result};
use crate::evaluate::{Averaged, Member, Pace};
use crate::network::Network;
use std::path::PathBuf;
use tch::Device;

/// Trained networks, each with the file of its weights.
pub(super) struct Models<'a, N>(Vec<(&'a PathBuf, Trained<N>)>);

impl<'a, N: Network> Models<'a, N> {
    pub(super) fn read(files: &'a [PathBuf], reading: &ReadingArguments) -> Result<Self> {
        let read = |file: &'a PathBuf| Ok((file, read_weights::<N>(file, reading, None)?));
        let models = Self(files.iter().map(read).collect::<Result<_>>()?);
        models.check_class_names()?;
        Ok(models)
    }

    pub(super) fn on(self, device: Device) -> Result<Self> {
        let moved = |(file, model): (&'a PathBuf, Trained<N>)| Ok((file, model.on(device)?));
        self.0.into_iter().map(moved).collect::<Result<_>>().map(Self)
    }

    /// The names of the classes, if one of the files has them.
    pub(super) fn class_names(&self) -> &[String] {
        self.named().next().map_or(&[], |(_, names)| names)
    }

    fn named(&self) -> impl Iterator<Item = (&PathBuf, &[String])> {
        let named = self.0.iter().map(|(file, model)| (*file, model.class_names()));
        named.filter(|(_, names)| !names.is_empty())
    }

    /// Probabilities of different classes have no mean.
    fn check_class_names(&self) -> Result<()> {
        let Some((first, names)) = self.named().next() else { return Ok(()) };
        match self.named().find(|(_, others)| *others != names) {
            None => Ok(()),
            Some((other, _)) => Err(Error::failed(format!(
                "`{}` and `{}` have other classes, or other numbers for them, so their probabilities have no mean",
                first.display(),
                other.display()
            ))),
        }
    }

    /// Each network with the ways to prepare images that it takes, of which each is there once, for all of these numbers of crops.
    pub(super) fn averaged(&self, crops: &[Crops], device: Device, pace: Pace) -> Result<Averaged<'_, N>> {
        let (mut preparations, mut members) = (Vec::new(), Vec::new());
        for (file, model) in &self.0 {
            let preparation = model.preparation(file)?;
            let known = preparations.iter().position(|known| *known == preparation);
            let index = known.unwrap_or_else(|| {
                preparations.push(preparation);
                preparations.len() - 1
            });
            let inputs = index * crops.len()..(index + 1) * crops.len();
            members.push(Member { network: &model.network, inputs });
        }
        let inputs = preparations.iter().flat_map(|preparation| {
            crops.iter().map(move |&crops| CropTransform::new(preparation, input_size::<N>(), crops))
        });
        Ok(Averaged { members, inputs: inputs.collect::<Result<_>>()?, device, pace })
    }
}
