//! What comes out of the loader depends on seed, epoch and image, not on threads and batches.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::{
    Batch, Dataset, ImageSize, Normalisation, Plan, Source, Transform, load, permutation, split,
};
use std::sync::Arc;

/// 23 images of 2x2 whose pixels are all different from the other images'.
fn dataset() -> Arc<dyn Source> {
    let pixels = (0..23 * 4).collect();
    let size = ImageSize { height: 2, width: 2, channels: 1 };
    Arc::new(Dataset::new(size, pixels, (0..23).collect()).unwrap())
}

fn transform(shift: f64) -> Arc<Transform> {
    let normalisation = Normalisation { mean: vec![0.0], std: vec![1.0] };
    Arc::new(Transform { size: ImageSize { height: 6, width: 6, channels: 1 }, normalisation, shift })
}

fn plan() -> Plan {
    Plan { batch_size: 5, seed: 7, epoch: 2, shuffle: true, workers: 1 }
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

#[test]
fn the_number_of_workers_changes_nothing() {
    let one = collect(0.5, plan());
    assert_eq!(one, collect(0.5, Plan { workers: 2, ..plan() }));
    assert_eq!(one, collect(0.5, Plan { workers: 7, ..plan() }));
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
fn a_pass_can_be_broken_off() {
    let mut batches = load(&dataset(), &transform(0.0), Plan { batch_size: 1, workers: 3, ..plan() });
    assert_eq!(batches.next().unwrap().unwrap().labels.len(), 1);
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
    let (rest, held_out) = split(&dataset(), 0.2, 3).unwrap();
    assert_eq!((rest.labels().len(), held_out.labels().len()), (18, 5));
    let mut labels: Vec<_> = rest.labels().iter().chain(held_out.labels()).copied().collect();
    labels.sort_unstable();
    assert_eq!(labels, (0..23).collect::<Vec<_>>());
    assert!(split(&dataset(), 0.0, 3).is_err());
}
