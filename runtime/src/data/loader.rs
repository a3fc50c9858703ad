//! Batches from worker threads, in an order and with a content that do not depend on how many workers there are.

mod position;

pub use position::Position;

#[cfg(feature = "torch")]
use super::crops::CropTransform;
use super::parallel::{InOrder, Stop, guarded};
use super::random::{Purpose, generator, permutation};
use super::{Image, Source, Transform};
use crate::error::{Error, Result};
use rand_chacha::ChaCha8Rng;
use std::ops::Range;
use std::sync::Arc;

/// Transformed images and their labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Images, rows, columns, channels.
    pub images: Vec<f32>,
    /// One label per image.
    pub labels: Vec<i64>,
    /// The images that belong here and could not be read. With all images skipped there is nothing to compute.
    pub skipped: Vec<Skipped>,
}

/// An image that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its number in the data set.
    pub index: usize,
    /// Its name and the reason.
    pub message: String,
}

/// What becomes of an image that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "torch", derive(clap::ValueEnum))]
pub enum OnBadImage {
    /// It is an error, the last thing that comes.
    #[default]
    Stop,
    /// Its batch is smaller by it and lists it. Other images are not moved or augmented otherwise for that.
    Skip,
}

/// Which batches to make of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The most images in a batch. Batches of one pass differ by at most one image, so that none is tiny.
    pub batch_size: usize,
    /// Orders the images and drives the augmentation, together with the epoch.
    pub seed: u64,
    /// The number of the pass.
    pub epoch: u64,
    /// Whether the order is random.
    pub shuffle: bool,
    /// The batch to begin with, counted from 0, where a pass was broken off. See [`Position`].
    pub first_batch: usize,
    /// What becomes of an image that cannot be read.
    pub on_bad_image: OnBadImage,
    /// Threads that prepare batches; with 0 the thread that takes the batches prepares them.
    pub workers: usize,
}

impl Plan {
    /// How many batches a whole pass over `images` images has.
    pub fn batches(&self, images: usize) -> usize {
        images.div_ceil(self.batch_size.max(1))
    }

    /// The numbers of `images` images in the order in which they come.
    fn order(&self, images: usize) -> Vec<usize> {
        if self.shuffle { permutation(images, self.seed, self.epoch) } else { (0..images).collect() }
    }

    /// The places in the order that batch `i` covers.
    fn range(&self, i: usize, images: usize) -> Range<usize> {
        let batches = self.batches(images);
        i * images / batches..(i + 1) * images / batches
    }
}

/// One pass over `source`, or the rest of one.
///
/// Batches depend on `plan.seed`, `plan.epoch` and their number alone. Of all images only the order is in memory, and of
/// batches those that the workers are making and two more. After an error, which is that of the first batch that has one, nothing
/// more comes. The workers stop when the iterator is dropped.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::{
///     ImageSize, Normalisation, OnBadImage, Options, Part, Plan, Preparation, load, open,
/// };
/// use std::path::Path;
/// use std::sync::Arc;
///
/// let source = open(Path::new("mnist"), Part::Training, &Options::default())?;
/// let preparation = Preparation::from(Normalisation::new(vec![0.13], vec![0.31]));
/// let transform = Arc::new(preparation.transform(ImageSize { height: 28, width: 28, channels: 1 })?);
/// let on_bad_image = OnBadImage::Stop;
/// let plan = Plan { batch_size: 32, seed: 1, epoch: 0, shuffle: true, first_batch: 0, on_bad_image, workers: 4 };
/// for batch in load(&source, &transform, plan) {
///     let batch = batch?;
///     println!("{} values for the classes {:?}", batch.images.len(), batch.labels);
/// }
/// # Ok::<(), googlenetc_runtime::error::Error>(())
/// ```
pub fn load(source: &Arc<dyn Source>, transform: &Arc<Transform>, plan: Plan) -> Batches {
    let transform = transform.clone();
    let values = transform.size().bytes();
    made(source, values, plan, move |image, random, out| transform.apply(image, random, out))
}

/// The same with several views of each image, which lie in the batch one after another: those of the first transform, then
/// those of the second, and so on.
#[cfg(feature = "torch")]
pub(crate) fn load_views(source: &Arc<dyn Source>, transforms: &Arc<[CropTransform]>, plan: Plan) -> Batches {
    let transforms = transforms.clone();
    let values = transforms.iter().map(CropTransform::values).sum();
    made(source, values, plan, move |image, random, out| {
        transforms.iter().try_for_each(|transform| transform.apply(image, random, out))
    })
}

/// Batches of what `prepare` makes of each image: so many `values`.
fn made(
    source: &Arc<dyn Source>,
    values: usize,
    plan: Plan,
    prepare: impl Fn(&Image, &mut ChaCha8Rng, &mut Vec<f32>) -> Result<()> + Send + Sync + 'static,
) -> Batches {
    let order = plan.order(source.labels().len());
    let images = order.len();
    let numbers = plan.first_batch.min(plan.batches(images))..plan.batches(images);
    let maker = Maker { source: source.clone(), prepare: Box::new(prepare), values, order, plan };
    Batches { plan, images, made: InOrder::new(numbers, plan.workers, move |i, stop| maker.batch(i, stop)) }
}

/// The batches of a pass, in order.
pub struct Batches {
    plan: Plan,
    images: usize,
    made: InOrder<Batch>,
}

impl Batches {
    /// Where the pass is: what to go on with after the batches that have been taken.
    pub fn position(&self) -> Position {
        let Plan { seed, epoch, shuffle, batch_size, .. } = self.plan;
        Position { seed, epoch, shuffle, batch_size, images: self.images, batch: self.made.rest().start }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Result<Batch>> {
        self.made.next()
    }
}

/// Appends what becomes of an image.
type Prepare = dyn Fn(&Image, &mut ChaCha8Rng, &mut Vec<f32>) -> Result<()> + Send + Sync;

/// What makes batches.
struct Maker {
    source: Arc<dyn Source>,
    prepare: Box<Prepare>,
    /// How many numbers an image becomes.
    values: usize,
    order: Vec<usize>,
    plan: Plan,
}

impl Maker {
    fn batch(&self, i: usize, stop: &Stop) -> Result<Batch> {
        let indices = self.order.get(self.plan.range(i, self.order.len())).unwrap_or_default();
        let mut batch = Batch {
            images: Vec::with_capacity(indices.len() * self.values),
            labels: Vec::with_capacity(indices.len()),
            skipped: Vec::new(),
        };
        for (&index, &label) in indices.iter().filter_map(|index| Some((index, self.source.labels().get(*index)?))) {
            if stop.is_set() {
                return Err(Error::failed("the pass was broken off"));
            }
            match self.read(index) {
                Ok(image) => {
                    self.prepare(index, &image, &mut batch.images)?;
                    batch.labels.push(i64::from(label));
                }
                Err(e) if self.plan.on_bad_image == OnBadImage::Skip => {
                    batch.skipped.push(Skipped { index, message: e.to_string() });
                }
                Err(e) => return Err(e),
            }
        }
        Ok(batch)
    }

    fn read(&self, index: usize) -> Result<Image> {
        guarded(|| self.source.image(index), || self.source.name(index))
    }

    fn prepare(&self, index: usize, image: &Image, out: &mut Vec<f32>) -> Result<()> {
        let mut random = generator(self.plan.seed, self.plan.epoch, index as u64, Purpose::Augmentation);
        let apply = || {
            let result = (self.prepare)(image, &mut random, out);
            result.map_err(|e| Error::failed(format!("{}: {e}", self.source.name(index))))
        };
        guarded(apply, || self.source.name(index))
    }
}
