//! Holding out a share of the images.

use googlenetc_runtime::data::{Dataset, ImageSize, Source, class_counts, split};
use proptest::prelude::*;
use std::sync::Arc;

/// As many images of each class as `counts` says; image `i` is of the colour `i`.
fn source(counts: &[usize]) -> Arc<dyn Source> {
    let labels: Vec<u32> =
        counts.iter().enumerate().flat_map(|(class, &count)| vec![u32::try_from(class).unwrap(); count]).collect();
    let pixels = (0..labels.len()).map(|i| u8::try_from(i % 256).unwrap()).collect();
    Arc::new(Dataset::new(ImageSize { height: 1, width: 1, channels: 1 }, pixels, labels).unwrap())
}

fn names(part: &dyn Source) -> Vec<String> {
    let mut names: Vec<String> = (0..part.labels().len()).map(|i| part.name(i)).collect();
    names.sort();
    names
}

/// The exact share of so many images.
fn exact(images: usize, share: f64) -> f64 {
    f64::from(u32::try_from(images).unwrap()) * share
}

proptest! {
    #[test]
    fn stratified_shares_differ_by_less_than_an_image(
        counts in proptest::collection::vec(1..40_usize, 1..6),
        share in 0.05..0.95_f64,
        seed in any::<u64>(),
    ) {
        let source = source(&counts);
        let Ok((rest, held_out)) = split(&source, share, seed, true) else {
            // Where no class has two images, none can be held out.
            prop_assert!(counts.iter().all(|&count| exact(count, share) < 1.0));
            return Ok(());
        };
        let mut held = class_counts(&*held_out);
        held.resize(counts.len(), 0);
        for (&count, &held) in counts.iter().zip(&held) {
            prop_assert!((exact(count, share) - exact(held, 1.0)).abs() < 1.0);
            prop_assert!(held < count);
        }
        let mut all = [names(&*rest), names(&*held_out)].concat();
        all.sort();
        prop_assert_eq!(all, names(&*source));
    }
}

#[test]
fn the_seed_decides_what_is_held_out() {
    let source = source(&[30, 20, 10]);
    for stratified in [false, true] {
        let held_out = |seed| names(&*split(&source, 0.2, seed, stratified).unwrap().1);
        assert_eq!(held_out(1), held_out(1));
        assert_ne!(held_out(1), held_out(2));
        assert_eq!(held_out(1).len(), 12);
    }
    // 6, 4 and 2 of 12 exactly.
    assert_eq!(class_counts(&*split(&source, 0.2, 1, true).unwrap().1), [6, 4, 2]);
}

#[test]
fn rounding_down_is_made_up_for_where_most_was_lost() {
    // A third of 4, 5 and 7 is 1.33, 1.67 and 2.33: down to 1, 1 and 2, and one is missing of 5.33.
    let (_, held_out) = split(&source(&[4, 5, 7]), 1.0 / 3.0, 9, true).unwrap();
    assert_eq!(class_counts(&*held_out), [1, 2, 2]);
}
