//! `summary`.

use super::tiny::{assert_fails, tiny};
use std::path::Path;

pub(crate) fn a_summary_runs_at_other_sizes(folder: &Path) {
    let summary = tiny(folder, "summary --batch 3");
    assert!(summary.out.starts_with("Tiny: input 3x1x8x8\n"), "{}", summary.out);
    assert!(summary.out.contains("\ntraining          378       12\n"), "{}", summary.out);
    let inference = tiny(folder, "summary --inference --input 1x9x9");
    assert!(inference.out.contains("\nconv1             1x6x9x9\n"), "{}", inference.out);
    assert!(inference.out.contains("(did not run)\n  aux1.fc.weight"), "{}", inference.out);
    assert_fails(folder, "summary --device cpu --input 1x20x20", 1, "does not run on an input of 1x20x20: libtorch: ");
    assert_fails(folder, "summary --device cpu --input 3x8x8", 1, "it has 3 channels");
}
