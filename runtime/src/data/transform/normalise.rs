//! Bytes become floats.

use serde::{Deserialize, Serialize};

/// How bytes become the numbers that a network takes: divided by 255 unless [`Self::range`] says otherwise, less the mean,
/// divided by the standard deviation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normalisation {
    /// The mean of each channel, in the order in which the network takes them.
    pub mean: Vec<f32>,
    /// The standard deviation of each channel.
    pub std: Vec<f32>,
    /// What mean and standard deviation are taken from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub range: ValueRange,
    /// In which order the network takes the colours.
    #[serde(default, skip_serializing_if = "is_default")]
    pub order: ChannelOrder,
}

/// On which scale the mean and the standard deviation are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueRange {
    /// From 0 to 1, as in PyTorch.
    #[default]
    Unit,
    /// From 0 to 255, as in Caffe.
    Bytes,
}

/// The order of the colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelOrder {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Blue, green, red, as OpenCV reads images, and so Caffe.
    Bgr,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What each byte becomes in a channel.
pub(super) type Table = [f32; 256];

impl Normalisation {
    /// PyTorch's: values from 0 to 1, less `mean`, divided by `std`, red first.
    pub fn new(mean: Vec<f32>, std: Vec<f32>) -> Self {
        Self { mean, std, range: ValueRange::default(), order: ChannelOrder::default() }
    }

    /// What keeps it from being used for `channels` channels, if anything does.
    pub(crate) fn problem(&self, channels: usize) -> Option<String> {
        let Self { mean, std, .. } = self;
        let usable = mean.iter().all(|v| v.is_finite()) && std.iter().all(|v| v.is_finite() && *v != 0.0);
        if mean.len() != std.len() || mean.is_empty() || !usable {
            return Some(format!("the normalisation (mean {mean:?}, std {std:?}) cannot be used"));
        }
        let count = mean.len();
        (count != channels)
            .then(|| format!("the normalisation is for {count} channels, and the network takes {channels}"))
    }

    /// The channel of the image that the network takes as its channel `channel`.
    pub(super) fn source(&self, channel: usize) -> usize {
        match self.order {
            ChannelOrder::Rgb => channel,
            ChannelOrder::Bgr => self.mean.len() - 1 - channel,
        }
    }

    /// A table for each channel of the network, with `light` added to red, green and blue on the scale from 0 to 1.
    pub(super) fn tables(&self, light: [f64; 3]) -> Vec<Table> {
        let table = |(channel, (&mean, &std)): (usize, (&f32, &f32))| {
            let scale = match self.range {
                ValueRange::Unit => 255.0,
                ValueRange::Bytes => 1.0,
            };
            #[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
            let light = light.get(self.source(channel)).map_or(0.0, |light| (light * 255.0 / f64::from(scale)) as f32);
            // The order of the operations is PyTorch's.
            std::array::from_fn(|byte| (f32::from(u8::try_from(byte).unwrap_or(u8::MAX)) / scale + light - mean) / std)
        };
        self.mean.iter().zip(&self.std).enumerate().map(table).collect()
    }
}
