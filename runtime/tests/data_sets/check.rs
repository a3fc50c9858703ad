//! `data check`, as a library: the report, what is wrong, and that threads change nothing.

use crate::fixtures::{cifar100, folder, idx, tiny_imagenet, write, write_picture};
use googlenetc_runtime::data::check::{Report, Size, check};
use googlenetc_runtime::data::{Location, Options};
use std::cell::RefCell;
use std::path::Path;
use tempfile::tempdir;

fn report(data: &Path, decode: bool, workers: usize) -> Report {
    let location = Location::find(data, &Options::default()).unwrap();
    check(&location, decode, workers, |_, _| {}).unwrap()
}

/// The report as text, with `DIR` for the folder.
fn text(data: &Path, decode: bool) -> String {
    report(data, decode, 2).to_string().replace(&data.display().to_string(), "DIR")
}

#[test]
fn a_folder_is_described() {
    let data = tempdir().unwrap();
    folder(data.path());
    write(data.path().join("val/red/x.png"), "no image");
    // Only decoding shows that this one ends too early.
    let picture = data.path().join("train/blue/a0.png");
    let bytes = std::fs::read(&picture).unwrap();
    write(&picture, &bytes[..bytes.len() - 40]);
    assert_eq!(
        text(data.path(), false),
        "image folder in `DIR`

training: 24 images
  sizes    4 different (height x width); most often 10x11, 6 times
           smallest 10x11 (`DIR/train/blue/a0.png`)
           largest  12x13 (`DIR/train/blue/c2.jpeg`)
  formats  JPEG, RGB (12); BMP, RGB (6); PNG, RGB (6)
  classes  3, 8 images each
    0  8  blue
    1  8  green
    2  8  red

validation: 7 images
  sizes    2 different (height x width); most often 10x11, 3 times
           smallest 10x11 (`DIR/val/blue/8.png`)
           largest  11x12 (`DIR/val/blue/9.png`)
  formats  PNG, RGB (6)
  classes  3, 2 to 3 images each
    0  2  blue
    1  2  green
    2  3  red

1 unreadable image:
  cannot decode `DIR/val/red/x.png`: it is no JPEG, PNG, BMP, GIF or WebP image"
    );
    let decoded = text(data.path(), true);
    assert!(decoded.contains("2 unreadable images:\n  cannot decode `DIR/train/blue/a0.png`: "), "{decoded}");
}

#[test]
fn empty_classes_and_parts_that_cannot_be_read_are_problems() {
    let data = tempdir().unwrap();
    tiny_imagenet(data.path());
    assert!(report(data.path(), true, 2).is_fine());
    std::fs::remove_dir_all(data.path().join("train/n02056570/images")).unwrap();
    write(data.path().join("val/val_annotations.txt"), "val_0.JPEG n01443537\n");
    let report = report(data.path(), false, 2);
    assert!(!report.is_fine());
    assert_eq!(report.parts.iter().map(|part| part.part).collect::<Vec<_>>(), ["training"]);
    assert!(report.problems[0].starts_with("line 1 of `"), "{:?}", report.problems);
    assert_eq!(report.problems[1..], ["there is no training image of class 1 (`n02056570`)"]);
}

#[test]
fn binary_data_sets_are_described() {
    let data = tempdir().unwrap();
    idx(data.path(), true);
    let report = report(data.path(), false, 2);
    assert_eq!(
        report.parts.iter().map(|part| (part.part, part.images)).collect::<Vec<_>>(),
        [("training", 24), ("test", 6)]
    );
    assert_eq!(report.parts[0].largest.as_ref().unwrap().size, Size { height: 8, width: 8 });
    assert_eq!(report.parts[0].formats[0].format, "grey");
    let data = tempdir().unwrap();
    cifar100(data.path());
    // All classes have as many images, so none is listed.
    assert!(text(data.path(), false).ends_with(
        "test: 100 images\n  size     32x32 (height x width), all\n  formats  RGB (100)\n  classes  100, 1 image each"
    ));
}

#[test]
fn of_many_classes_the_extremes_are_listed() {
    let data = tempdir().unwrap();
    for class in 0..30 {
        for image in 0..=class {
            write_picture(data.path().join(format!("class {class:02}/{image}.bmp")), class, image);
        }
    }
    let text = text(data.path(), false);
    let classes = text.split("  classes  ").nth(1).unwrap();
    assert!(classes.starts_with("30, 1 to 30 images each\n     0   1  class 00\n     1   2  class 01\n"), "{text}");
    assert!(classes.contains("\n     4   5  class 04\n    ...\n    25  26  class 25\n"), "{text}");
}

#[test]
fn the_number_of_threads_changes_nothing_and_progress_reaches_the_end() {
    let data = tempdir().unwrap();
    folder(data.path());
    assert_eq!(report(data.path(), true, 1), report(data.path(), true, 7));
    let seen = RefCell::new(Vec::new());
    let location = Location::find(data.path(), &Options::default()).unwrap();
    check(&location, false, 2, |done, all| seen.borrow_mut().push((done, all))).unwrap();
    assert_eq!(seen.borrow().last(), Some(&(30, 30)));
    assert!(seen.borrow().is_sorted());
}
