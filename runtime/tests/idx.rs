//! Reading IDX files: good ones, and every way in which they can be bad.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use flate2::Compression;
use flate2::write::GzEncoder;
use googlenetc_runtime::data::idx::read;
use googlenetc_runtime::data::{Dataset, ImageSize, Part, Source, check_classes};
use googlenetc_runtime::error::ErrorKind;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";

/// Two images of 2 rows and 3 columns.
fn images() -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
    bytes.extend(10..22);
    bytes
}

fn labels() -> Vec<u8> {
    vec![0, 0, 8, 1, 0, 0, 0, 2, 4, 9]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// What is in it, wherever it came from.
fn nameless(dataset: &Dataset) -> Dataset {
    dataset.clone().named("", Vec::new())
}

#[track_caller]
fn assert_refused(files: &[(&str, &[u8])], expected: &[&str]) {
    let folder = folder(files);
    let error = read(folder.path(), Part::Training).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    for part in expected {
        assert!(error.to_string().contains(part), "`{error}` does not say `{part}`");
    }
}

#[test]
fn plain_and_gzipped_files_are_the_same() {
    let plain = folder(&[(IMAGES, &images()), (LABELS, &labels())]);
    let zipped =
        folder(&[("train-images-idx3-ubyte.gz", &gzip(&images())), ("train-labels-idx1-ubyte.gz", &gzip(&labels()))]);
    let dataset = read(plain.path(), Part::Training).unwrap();
    assert_eq!(nameless(&dataset), nameless(&read(zipped.path(), Part::Training).unwrap()));
    assert_eq!(dataset.size(), ImageSize { height: 2, width: 3, channels: 1 });
    assert_eq!(dataset.labels(), [4, 9]);
    assert_eq!(dataset.image(1).unwrap().pixels(), [16, 17, 18, 19, 20, 21]);
    assert!(dataset.image(2).is_err());
}

#[test]
fn the_bundled_digits_are_as_their_readme_says() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/digits/data");
    let training = read(&data, Part::Training).unwrap();
    let test = read(&data, Part::HeldOut).unwrap();
    assert_eq!((training.len(), test.len()), (1437, 360));
    assert_eq!(test.size(), ImageSize { height: 8, width: 8, channels: 1 });
}

#[test]
fn every_truncation_is_refused() {
    for length in 0..images().len() {
        assert_refused(&[(IMAGES, &images()[..length]), (LABELS, &labels())], &[IMAGES, "damaged", "it ends"]);
    }
    let zipped = gzip(&images());
    for length in 0..zipped.len() {
        let files = [("train-images-idx3-ubyte.gz", &zipped[..length]), (LABELS, &labels()[..])];
        assert_refused(&files, &["train-images-idx3-ubyte.gz", "damaged"]);
    }
}

#[test]
fn no_flipped_bit_in_a_gzipped_file_changes_what_is_read() {
    let zipped = gzip(&images());
    let good = folder(&[(IMAGES, &images()), (LABELS, &labels())]);
    let good = read(good.path(), Part::Training).unwrap();
    let mut refused = 0;
    for bit in 0..zipped.len() * 8 {
        let mut damaged = zipped.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let folder = folder(&[("train-images-idx3-ubyte.gz", &damaged), (LABELS, &labels())]);
        match read(folder.path(), Part::Training) {
            Ok(dataset) => assert_eq!(nameless(&dataset), nameless(&good), "bit {bit}"),
            Err(_) => refused += 1,
        }
    }
    // Only the header's time, hints and operating system may be anything: 6 bytes and some flags.
    assert!(refused > (zipped.len() - 8) * 8, "only {refused} of {} flips were noticed", zipped.len() * 8);
}

#[test]
fn every_flipped_bit_in_a_plain_header_is_refused() {
    for bit in 0..16 * 8 {
        let mut damaged = images();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_refused(&[(IMAGES, &damaged), (LABELS, &labels())], &[IMAGES]);
    }
}

#[test]
fn a_header_that_promises_terabytes_allocates_nothing() {
    let huge = [0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_refused(&[(IMAGES, &huge), (LABELS, &labels())], &[IMAGES, "cannot be right"]);
    let large = [0, 0, 8, 3, 0, 0xff, 0xff, 0xff, 0, 0, 0, 16, 0, 0, 0, 16];
    assert_refused(&[(IMAGES, &large), (LABELS, &labels())], &[IMAGES, "it ends after 0 of 4294967040 bytes"]);
}

#[test]
fn too_many_bytes_are_refused() {
    let mut long = images();
    long.push(0);
    assert_refused(&[(IMAGES, &long), (LABELS, &labels())], &[IMAGES, "goes on after the 12 bytes"]);
}

#[test]
fn counts_that_differ_are_refused() {
    let three = [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3];
    assert_refused(&[(IMAGES, &images()), (LABELS, &three)], &[IMAGES, "2 images", LABELS, "3 labels"]);
}

#[test]
fn a_label_beyond_the_classes_is_refused() {
    let ten = [0, 0, 8, 1, 0, 0, 0, 2, 1, 10];
    let folder = folder(&[(IMAGES, &images()), (LABELS, &ten)]);
    let dataset = read(folder.path(), Part::Training).unwrap();
    check_classes(&dataset, Part::Training, 11).unwrap();
    let message = check_classes(&dataset, Part::Training, 10).unwrap_err().to_string();
    for part in ["image 1 of", IMAGES, "class 10", "has 11 classes", "the network has 10 (0 to 9)"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder(&[(IMAGES, &images())]);
    let error = read(folder.path(), Part::Training).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains(LABELS), "{error}");
}
