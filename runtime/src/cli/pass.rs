//! What commands that go through images with trained weights begin with.

use super::arguments::{DeviceArguments, PrecisionArguments, ReadingArguments};
use super::images::ImageArguments;
use super::{Trained, choose, read_weights};
use crate::batch::input_size;
use crate::data::{Transform, Unlabelled};
use crate::error::Result;
use crate::network::Network;
use crate::precision::Scope;
use clap::Args;
use std::path::Path;
use std::sync::Arc;
use tch::Device;

/// Which images, with what precision, and where.
#[derive(Args, Debug)]
pub(super) struct PassArguments {
    #[command(flatten)]
    pub(super) images: ImageArguments,
    #[command(flatten)]
    numbers: PrecisionArguments,
    #[command(flatten)]
    device: DeviceArguments,
}

/// All that is found, read and made before the first image.
pub(super) struct Ready<N> {
    pub(super) images: Arc<Unlabelled>,
    pub(super) device: Device,
    pub(super) trained: Trained<N>,
    pub(super) transform: Transform,
    /// Layers compute with the precision that was asked for as long as this lives.
    pub(super) scope: Scope,
}

impl PassArguments {
    /// Finds the images, and reads the weights in the file `weights` as `reading` says.
    pub(super) fn prepare<N: Network>(&self, weights: &Path, reading: &ReadingArguments) -> Result<Ready<N>> {
        let scope = self.numbers.precision.enter();
        let images = self.images.find()?;
        let device = choose(self.device.choice)?;
        let trained = read_weights::<N>(weights, reading, None)?.on(device)?;
        let transform = trained.preparation(weights)?.transform(input_size::<N>())?;
        Ok(Ready { images, device, trained, transform, scope })
    }
}
