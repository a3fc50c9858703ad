//! Data sets, transforms, and the loader.
//!
//! Images are bytes in the order rows, columns, channels; batches are floats in the order images, rows, columns,
//! channels, which libtorch calls `channels_last` and runs fastest.

mod bad_images;
mod cache;
pub mod check;
pub mod cifar;
pub mod crops;
mod dataset;
pub mod decode;
#[cfg(feature = "fetch")]
pub mod fetch;
mod files;
mod fit;
pub mod folder;
pub(crate) mod given;
pub mod idx;
mod image;
mod kind;
mod loader;
mod open;
mod parallel;
mod preparation;
mod problem;
mod random;
pub mod resample;
pub mod sheet;
mod source;
mod split;
pub mod stats;
pub mod tiny_imagenet;
pub mod transform;
mod unlabelled;
pub mod yaml;

pub use bad_images::BadImages;
pub use cache::{Cache, cached};
pub use dataset::Dataset;
pub use fit::{check_classes, class_counts};
pub use image::Image;
pub use kind::Kind;
#[cfg(feature = "torch")]
pub(crate) use loader::load_views;
pub use loader::{Batch, Batches, OnBadImage, Plan, Position, Skipped, load};
pub use open::{Location, Options, Part, open};
pub use parallel::default_workers;
pub use preparation::{ImageSteps, Preparation};
pub use problem::Problem;
pub use random::permutation;
#[cfg(feature = "torch")]
pub(crate) use random::seed_of_step;
pub use source::Source;
pub use split::split;
pub use transform::{Normalisation, Step, Transform};
pub use unlabelled::Unlabelled;

/// The size of an image in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// 1 for grey, 3 for red, green, blue.
    pub channels: usize,
}

impl ImageSize {
    /// Bytes of one image.
    pub fn bytes(self) -> usize {
        self.height * self.width * self.channels
    }
}
