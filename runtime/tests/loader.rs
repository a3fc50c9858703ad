//! What comes out of the loader depends on seed, epoch and image, not on threads and batches.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::{
    Batch, Batches, Dataset, Image, ImageSize, Normalisation, OnBadImage, Plan, Position, Source, Transform, load,
    permutation, split,
};
use googlenetc_runtime::error::{Error, Result};
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::prop_assert_eq;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const SIZE: ImageSize = ImageSize { height: 2, width: 2, channels: 1 };

/// Images of 2x2, of which the first 64 have pixels that no other of these has; the label is the image's number.
fn images_in_memory(count: usize) -> Arc<dyn Source> {
    let pixels = (0..count * 4).map(|i| u8::try_from(i % 256).unwrap()).collect();
    Arc::new(Dataset::new(SIZE, pixels, (0..).take(count).collect()).unwrap())
}

fn dataset() -> Arc<dyn Source> {
    images_in_memory(23)
}

fn transform(shift: f64) -> Arc<Transform> {
    let normalisation = Normalisation::new(vec![0.0], vec![1.0]);
    let steps = serde_json::from_str(&format!(r#"["resize", {{"shift": {shift}}}]"#)).unwrap();
    Arc::new(Transform::new(ImageSize { height: 6, width: 6, channels: 1 }, steps, normalisation).unwrap())
}

fn plan() -> Plan {
    let on_bad_image = OnBadImage::Stop;
    Plan { batch_size: 5, seed: 7, epoch: 2, shuffle: true, first_batch: 0, on_bad_image, workers: 1 }
}

fn collect(shift: f64, plan: Plan) -> Vec<Batch> {
    load(&dataset(), &transform(shift), plan).map(Result::unwrap).collect()
}

/// The images, each with its label, whatever batches they came in.
fn images(batches: &[Batch]) -> Vec<(i64, Vec<f32>)> {
    let one = |batch: &Batch| {
        let images: Vec<_> = batch.images.chunks(36).map(<[f32]>::to_vec).collect();
        batch.labels.iter().copied().zip(images).collect::<Vec<_>>()
    };
    batches.iter().flat_map(one).collect()
}

fn labels(batches: &[Batch]) -> Vec<Vec<i64>> {
    batches.iter().map(|batch| batch.labels.clone()).collect()
}

/// Of all bytes of all batches, borders of batches included.
fn hash(batches: Batches) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for batch in batches {
        let batch = batch.unwrap();
        hasher.update(&batch.labels.len().to_le_bytes());
        let labels = batch.labels.iter().flat_map(|label| label.to_le_bytes());
        let images = batch.images.iter().flat_map(|value| value.to_le_bytes());
        hasher.update(&labels.chain(images).collect::<Vec<_>>());
    }
    hasher.finalize()
}

#[test]
fn the_number_of_workers_changes_no_bit_of_an_epoch() {
    let (source, transform) = (images_in_memory(300), transform(0.5));
    let hash = |workers| hash(load(&source, &transform, Plan { workers, ..plan() }));
    let one = hash(1);
    for workers in [0, 2, 7] {
        assert_eq!(one, hash(workers), "{workers} workers");
    }
    assert_ne!(one, self::hash(load(&source, &transform, Plan { seed: 8, ..plan() })));
}

#[test]
fn the_size_of_batches_changes_no_image() {
    assert_eq!(images(&collect(0.5, plan())), images(&collect(0.5, Plan { batch_size: 9, ..plan() })));
}

#[test]
fn every_image_comes_once_and_batches_are_even() {
    let batches = collect(0.0, plan());
    let sizes: Vec<_> = batches.iter().map(|batch| batch.labels.len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 23);
    assert!(sizes.iter().all(|size| [4, 5].contains(size)), "{sizes:?}");
    let mut labels: Vec<_> = batches.iter().flat_map(|batch| batch.labels.clone()).collect();
    assert_ne!(labels, (0..23).collect::<Vec<_>>());
    labels.sort_unstable();
    assert_eq!(labels, (0..23).collect::<Vec<_>>());
}

#[test]
fn seed_and_epoch_change_order_and_augmentation() {
    let shifted = images(&collect(0.5, plan()));
    for other in [Plan { seed: 8, ..plan() }, Plan { epoch: 3, ..plan() }] {
        let other_shifted = images(&collect(0.5, other));
        assert_ne!(
            shifted.iter().map(|i| i.0).collect::<Vec<_>>(),
            other_shifted.iter().map(|i| i.0).collect::<Vec<_>>()
        );
        let image = |images: &[(i64, Vec<f32>)], label| images.iter().find(|i| i.0 == label).cloned();
        assert!((0..23).any(|label| image(&shifted, label) != image(&other_shifted, label)));
    }
}

#[test]
fn without_shuffling_the_order_is_the_data_sets() {
    let labels: Vec<_> = images(&collect(0.0, Plan { shuffle: false, ..plan() })).iter().map(|i| i.0).collect();
    assert_eq!(labels, (0..23).collect::<Vec<_>>());
}

#[test]
fn a_position_written_down_is_gone_on_from() {
    let all = collect(0.5, plan());
    let mut begun = load(&dataset(), &transform(0.5), Plan { workers: 3, ..plan() });
    let mut batches: Vec<_> = begun.by_ref().take(2).map(Result::unwrap).collect();
    let text = serde_json::to_string(&begun.position()).unwrap();
    drop(begun);
    let position: Position = serde_json::from_str(&text).unwrap();
    assert_eq!(position.batch, 2);
    let fresh = Plan { seed: 0, epoch: 0, shuffle: false, ..plan() };
    let rest = load(&dataset(), &transform(0.5), fresh.resume(&position, 23).unwrap());
    batches.extend(rest.map(Result::unwrap));
    assert_eq!(batches, all);
}

#[test]
fn a_position_of_other_batches_is_refused() {
    let position = load(&dataset(), &transform(0.0), plan()).position();
    let message = plan().resume(&position, 24).unwrap_err().to_string();
    assert!(message.contains("23 images") && message.contains("there are 24"), "{message}");
    let message = Plan { batch_size: 6, ..plan() }.resume(&position, 23).unwrap_err().to_string();
    assert!(message.contains("5 images in a batch"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn wherever_a_pass_is_broken_off_the_rest_is_the_same(
        count in 1_usize..60,
        batch_size in 1_usize..12,
        workers in 0_usize..8,
        other_workers in 0_usize..8,
        stop in any::<proptest::sample::Index>(),
        seed in any::<u64>(),
        epoch in any::<u64>(),
    ) {
        let (source, transform) = (images_in_memory(count), transform(0.3));
        let plan = Plan { batch_size, seed, epoch, workers, ..plan() };
        let all: Vec<_> = load(&source, &transform, plan).map(Result::unwrap).collect();
        prop_assert_eq!(all.len(), plan.batches(count));
        let mut begun = load(&source, &transform, plan);
        let mut taken: Vec<_> = begun.by_ref().take(stop.index(all.len() + 1)).map(Result::unwrap).collect();
        let position = begun.position();
        prop_assert_eq!(position.batch, taken.len());
        let rest = Plan { workers: other_workers, ..plan }.resume(&position, count).unwrap();
        taken.extend(load(&source, &transform, rest).map(Result::unwrap));
        prop_assert_eq!(taken, all);
    }

    #[test]
    fn skipped_images_change_no_other(
        count in 1_usize..40,
        batch_size in 1_usize..9,
        workers in 0_usize..8,
        bad in proptest::collection::btree_set(0_usize..40, 0..20),
    ) {
        let bad: Vec<_> = bad.into_iter().filter(|&i| i < count).collect();
        let plan = Plan { batch_size, workers, on_bad_image: OnBadImage::Skip, ..plan() };
        let good: Vec<_> = load(&images_in_memory(count), &transform(0.3), plan).map(Result::unwrap).collect();
        let source: Arc<dyn Source> = Arc::new(Failing { bad: bad.clone(), ..Failing::new(count) });
        let batches: Vec<_> = load(&source, &transform(0.3), plan).map(Result::unwrap).collect();
        let kept = |(label, _): &(i64, Vec<f32>)| !bad.iter().any(|&i| i64::try_from(i).unwrap() == *label);
        prop_assert_eq!(batches.len(), good.len());
        for (batch, good) in batches.iter().zip(good) {
            prop_assert_eq!(batch.labels.len() + batch.skipped.len(), good.labels.len());
            let expected: Vec<_> = images(&[good]).into_iter().filter(kept).collect();
            prop_assert_eq!(images(std::slice::from_ref(batch)), expected);
        }
        let mut skipped: Vec<_> = batches.iter().flat_map(|batch| &batch.skipped).map(|skipped| skipped.index).collect();
        skipped.sort_unstable();
        prop_assert_eq!(skipped, bad);
    }
}

/// Images in memory some of which cannot be read, or are slow, or make a bug show.
struct Failing {
    images: Arc<dyn Source>,
    bad: Vec<usize>,
    slow: Option<usize>,
    panicking: Option<usize>,
    read: AtomicUsize,
}

impl Failing {
    fn new(count: usize) -> Self {
        let images = images_in_memory(count);
        Self { images, bad: Vec::new(), slow: None, panicking: None, read: AtomicUsize::new(0) }
    }
}

impl Source for Failing {
    fn classes(&self) -> &[String] {
        &[]
    }

    fn labels(&self) -> &[u32] {
        self.images.labels()
    }

    fn name(&self, index: usize) -> String {
        format!("`cats/{index}.jpg`")
    }

    fn image(&self, index: usize) -> Result<Image> {
        self.read.fetch_add(1, Ordering::Relaxed);
        assert_ne!(self.panicking, Some(index), "no such colour");
        if self.slow == Some(index) {
            std::thread::sleep(Duration::from_millis(200));
        }
        if self.bad.contains(&index) {
            return Err(Error::failed(format!("{} is damaged", self.name(index))));
        }
        self.images.image(index)
    }
}

fn in_order(source: Failing, workers: usize) -> (Arc<Failing>, Batches) {
    let source = Arc::new(source);
    let plan = Plan { shuffle: false, workers, ..plan() };
    let batches = load(&(source.clone() as Arc<dyn Source>), &transform(0.0), plan);
    (source, batches)
}

#[test]
fn the_first_bad_image_is_the_last_thing_that_comes() {
    for workers in [0, 1, 2, 7] {
        // The worker with the earlier one of the bad images is slower to find it.
        let source = Failing { bad: vec![8, 9], slow: Some(5), ..Failing::new(23) };
        let (_, mut batches) = in_order(source, workers);
        assert_eq!(batches.next().unwrap().unwrap().labels, [0, 1, 2, 3]);
        let error = batches.next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "`cats/8.jpg` is damaged", "{workers} workers");
        assert_eq!(batches.position().batch, 1);
        assert!(batches.next().is_none());
    }
}

#[test]
fn a_panic_is_an_error_that_names_the_image() {
    for workers in [0, 1, 3] {
        let (_, mut batches) = in_order(Failing { panicking: Some(6), ..Failing::new(23) }, workers);
        assert!(batches.next().unwrap().is_ok());
        let message = batches.next().unwrap().unwrap_err().to_string();
        assert!(message.contains("`cats/6.jpg`") && message.contains("no such colour"), "{message}");
        assert!(batches.next().is_none());
    }
}

#[test]
fn an_image_that_cannot_be_transformed_is_named() {
    let four = ImageSize { height: 1, width: 1, channels: 4 };
    let source: Arc<dyn Source> = Arc::new(Dataset::new(four, vec![0; 8], vec![0, 0]).unwrap());
    let error = load(&source, &transform(0.0), Plan { shuffle: false, ..plan() }).next().unwrap().unwrap_err();
    assert!(error.to_string().starts_with("image 0 of "), "{error}");
}

#[test]
fn images_that_are_skipped_are_listed_where_they_belong() {
    let source = Failing { bad: vec![1, 2, 5, 22], ..Failing::new(23) };
    let plan = Plan { shuffle: false, on_bad_image: OnBadImage::Skip, workers: 3, ..plan() };
    let batches: Vec<_> =
        load(&(Arc::new(source) as Arc<dyn Source>), &transform(0.0), plan).map(Result::unwrap).collect();
    let expected = [vec![0, 3], vec![4, 6, 7, 8], vec![9, 10, 11, 12], vec![13, 14, 15, 16, 17], vec![18, 19, 20, 21]];
    assert_eq!(labels(&batches), expected);
    assert_eq!(batches[1].skipped.len(), 1);
    assert_eq!(batches[1].skipped[0].message, "`cats/5.jpg` is damaged");
}

#[test]
fn workers_prepare_no_more_than_a_few_batches_ahead() {
    for workers in [1, 4] {
        let (source, mut batches) = in_order(Failing::new(1000), workers);
        batches.next().unwrap().unwrap();
        // Time to run ahead, if they did.
        std::thread::sleep(Duration::from_millis(100));
        // The one that was taken, those in work, and two more.
        let most = 5 * (1 + workers + 2);
        let read = source.read.load(Ordering::Relaxed);
        assert!((5..=most).contains(&read), "{read} images were read, expected at most {most}");
    }
}

#[test]
fn a_pass_that_is_dropped_leaves_nothing_behind() {
    for (workers, taken) in [(3, 0), (3, 1), (7, 3), (0, 2)] {
        let (source, mut batches) = in_order(Failing::new(1000), workers);
        batches.by_ref().take(taken).for_each(|batch| drop(batch.unwrap()));
        drop(batches);
        // Each thread had the source.
        assert_eq!(Arc::strong_count(&source), 1, "{workers} workers, {taken} batches");
    }
}

#[test]
fn permutations_are_fair() {
    // Each number is first about as often as any other: 600 draws of 6, so 100 each, standard deviation 9.
    let mut first = [0; 6];
    for epoch in 0..600 {
        first[permutation(6, 1, epoch)[0]] += 1;
    }
    assert!(first.iter().all(|&count| (60..140).contains(&count)), "{first:?}");
}

#[test]
fn splitting_keeps_every_image_once() {
    let (rest, held_out) = split(&dataset(), 0.2, 3, false).unwrap();
    assert_eq!((rest.labels().len(), held_out.labels().len()), (18, 5));
    let mut labels: Vec<_> = rest.labels().iter().chain(held_out.labels()).copied().collect();
    labels.sort_unstable();
    assert_eq!(labels, (0..23).collect::<Vec<_>>());
    assert!(split(&dataset(), 0.0, 3, false).is_err());
}
