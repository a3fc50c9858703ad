//! What is said about data sets that something is wrong with, before anything is computed. `DIR` is the data set's folder.

use crate::fixtures::{cifar10, cifar100, folder, idx, idx_bytes, tiny_imagenet, write, write_picture};
use googlenetc_runtime::data::{Kind, Location, Options, Part, check_classes, open, split};
use googlenetc_runtime::error::{Error, ErrorKind};
use std::fs::{create_dir_all, read_to_string, remove_dir_all, remove_file};
use std::path::Path;
use tempfile::tempdir;

/// What is said about a data set that is made like this, for a network of three classes: the error, or the warnings.
fn said(options: &Options, part: Part, make: impl Fn(&Path)) -> Result<String, Error> {
    let data = tempdir().unwrap();
    make(data.path());
    let place = data.path().display().to_string();
    let warnings = open(data.path(), part, options).and_then(|source| check_classes(&*source, part, 3));
    match warnings {
        Ok(warnings) => Ok(warnings.join("; ").replace(&place, "DIR")),
        Err(e) if e.kind() == ErrorKind::Failed => Err(Error::failed(e.to_string().replace(&place, "DIR"))),
        // An error about a file keeps its kind.
        Err(e) => {
            assert!(e.to_string().contains(&place), "{e}");
            Err(e)
        }
    }
}

#[track_caller]
fn assert_refused(part: Part, expected: &str, make: impl Fn(&Path)) {
    assert_eq!(said(&Options::default(), part, make).unwrap_err().to_string(), expected);
}

/// The kind of error is that of a missing file, and the message names it.
#[track_caller]
fn assert_missing(part: Part, expected: &str, make: impl Fn(&Path)) {
    let error = said(&Options::default(), part, make).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains(expected), "{error}");
}

#[track_caller]
fn assert_warned(part: Part, expected: &str, make: impl Fn(&Path)) {
    assert_eq!(said(&Options::default(), part, make).unwrap(), expected);
}

const LOOKED_FOR: &str = "looked for
  image folder: a folder of images for each class, perhaps in `train` and in `val` or `test`
  Tiny-ImageNet: `wnids.txt`, `train` and `val/val_annotations.txt`
  IDX (MNIST): `train-images-idx3-ubyte` or `t10k-images-idx3-ubyte`, perhaps with `.gz`
  CIFAR-10: `data_batch_1.bin` or `test_batch.bin`
  CIFAR-100: `train.bin` or `test.bin`";

#[test]
fn a_folder_without_a_data_set_says_what_was_looked_for() {
    let nothing = |hint: &str| format!("no data set found in `DIR`{hint}; {LOOKED_FOR}");
    assert_refused(Part::Training, &nothing(", which is empty"), |_| {});
    assert_refused(Part::Training, &nothing(""), |data| write(data.join("notes/a.txt"), "no image"));
    assert_refused(Part::Training, &nothing(": images like `a.png` must lie in a folder for each class"), |data| {
        write_picture(data.join("a.png"), 0, 0);
    });
    assert_refused(Part::Training, &nothing(": `pets.tar.gz` must be unpacked first"), |data| {
        write(data.join("pets.tar.gz"), "");
    });
    let python = ": `cifar-10-batches-py` is CIFAR's version for Python; get the binary version";
    assert_refused(Part::Training, &nothing(python), |data| create_dir_all(data.join("cifar-10-batches-py")).unwrap());
    let missing = open(Path::new("nowhere"), Part::Training, &Options::default()).err().unwrap();
    assert!(missing.to_string().starts_with("cannot find the folder `nowhere`: "), "{missing}");
    let file = Location::find(Path::new("Cargo.toml"), &Options::default()).unwrap_err();
    assert_eq!(file.to_string(), "`Cargo.toml` is a file; give the folder of a data set");
}

#[test]
fn a_kind_can_be_asked_for() {
    let cifar = Options { kind: Some(Kind::Cifar10), ..Options::default() };
    let refused = said(&cifar, Part::Training, folder).unwrap_err().to_string();
    assert_eq!(refused, "no data set found in `DIR`; looked for\n  CIFAR-10: `data_batch_1.bin` or `test_batch.bin`");
    let both = |data: &Path| {
        idx(data, false);
        cifar10(data);
    };
    let several = "there are several data sets: IDX (MNIST) in `DIR`, CIFAR-10 in `DIR`; give the folder of one of them, or say \
                   which kind is meant (`--data-kind`)";
    assert_refused(Part::Training, several, both);
    let kind = Options { kind: Some(Kind::Idx), ..Options::default() };
    assert_eq!(said(&kind, Part::Training, both).unwrap(), "");
    let coarse = Options { coarse: true, ..Options::default() };
    let refused = said(&coarse, Part::Training, folder).unwrap_err().to_string();
    assert_eq!(
        refused,
        "only CIFAR-100 has superclasses (`--coarse`); the data set in `DIR` is of another kind: image folder"
    );
}

#[test]
fn classes_must_have_images_and_a_place_in_the_network() {
    assert_warned(Part::Training, "", folder);
    assert_refused(
        Part::Training,
        "there is no training image of class 1 (`empty`); put images there, or remove the class",
        |data| {
            folder(data);
            remove_dir_all(data.join("train/green")).unwrap();
            write(data.join("train/empty/notes.txt"), "none yet");
        },
    );
    assert_refused(
        Part::Training,
        "the data set has 4 classes, but the network has 3 (0 to 2): `DIR/train/yellow/0.png` is of class 3 (`yellow`); write \
         `classes: 4` in the spec, or use another data set",
        |data| {
            folder(data);
            write_picture(data.join("train/yellow/0.png"), 0, 0);
        },
    );
    let fewer = |data: &Path| {
        folder(data);
        remove_dir_all(data.join("train/red")).unwrap();
        remove_dir_all(data.join("val/red")).unwrap();
    };
    assert_warned(Part::Training, "the data set has 2 classes, but the network has 3", fewer);
    assert_warned(Part::HeldOut, "there is no held-out image of class 0 (`blue`)", |data| {
        folder(data);
        remove_dir_all(data.join("val/blue")).unwrap();
    });
    assert_refused(
        Part::HeldOut,
        "`DIR/val/violet` is the folder of a class that the training images do not have: there are `blue`, `green`, `red`",
        |data| {
            folder(data);
            write_picture(data.join("val/violet/0.png"), 0, 0);
        },
    );
    assert_warned(Part::Training, "there is no training image of class 1", |data| {
        idx(data, false);
        let labels: Vec<u8> = (0..24).map(|i| if i % 3 == 1 { 2 } else { i % 3 }).collect();
        write(data.join("train-labels-idx1-ubyte"), idx_bytes(&[24], &labels));
    });
}

#[test]
fn parts_that_are_not_there_are_named() {
    let only = |part: &'static str| {
        move |data: &Path| {
            folder(data);
            remove_dir_all(data.join(part)).unwrap();
        }
    };
    assert_refused(
        Part::HeldOut,
        "`DIR` has no images to measure on: there is neither `val` nor `test` in it; hold out a share of the training images, as \
         in `--validation 0.1`",
        only("val"),
    );
    assert_refused(Part::Training, "`DIR` has no training images: there is no `train` in it", only("train"));
    assert_missing(Part::HeldOut, "t10k-labels-idx1-ubyte", |data| {
        idx(data, true);
        remove_file(data.join("t10k-labels-idx1-ubyte.gz")).unwrap();
    });
    assert_missing(Part::Training, "data_batch_4.bin", |data| {
        cifar10(data);
        remove_file(data.join("data_batch_4.bin")).unwrap();
    });
    assert_missing(Part::HeldOut, "val_annotations.txt", |data| {
        tiny_imagenet(data);
        remove_file(data.join("val/val_annotations.txt")).unwrap();
    });
}

#[test]
fn annotations_are_held_against_classes_and_files() {
    let with = |change: fn(String) -> String| {
        move |data: &Path| {
            tiny_imagenet(data);
            let list = data.join("val/val_annotations.txt");
            write(&list, change(read_to_string(&list).unwrap()));
        }
    };
    let place = |line: usize| format!("line {line} of `DIR/val/val_annotations.txt`");
    let refused = |line: usize, expected: &str, change| {
        assert_refused(Part::HeldOut, &format!("{} {expected}", place(line)), with(change));
    };
    refused(2, "gives `val_1.JPEG` the class `n99999999`, which is none of the 3 classes of the data set", |list| {
        list.replacen("n01443537", "n99999999", 1)
    });
    refused(4, "names `DIR/val/images/gone.JPEG`, which does not exist", |list| {
        list.replace("val_3.JPEG", "gone.JPEG")
    });
    refused(6, "names `val_2.JPEG` again, after line 3", |list| list.replace("val_5.JPEG", "val_2.JPEG"));
    refused(1, "has no class: a file and its class must stand there, with a tabulator between", |list| {
        list.replacen('\t', " ", 5)
    });
    refused(1, "names `../../etc/passwd`, which is no name of a file", |list| {
        list.replace("val_0.JPEG", "../../etc/passwd")
    });
    // Windows' ends of lines, and empty ones, are fine.
    assert_warned(Part::HeldOut, "", with(|list| list.replace('\n', "\r\n\r\n")));
    let twice = "`DIR/wnids.txt` lists the class `n03444034` twice";
    assert_refused(Part::Training, twice, |data| {
        tiny_imagenet(data);
        write(data.join("wnids.txt"), "n03444034\nn01443537\nn03444034\n");
    });
    let foreign = "the class of the folder `DIR/train/n03444034` is not listed in `DIR/wnids.txt`";
    assert_refused(Part::Training, foreign, |data| {
        tiny_imagenet(data);
        write(data.join("wnids.txt"), "n01443537\nn02056570\n");
    });
}

#[test]
fn damaged_binary_files_are_refused() {
    let cut = |file: &'static str, make: fn(&Path)| {
        move |data: &Path| {
            make(data);
            let bytes = std::fs::read(data.join(file)).unwrap();
            write(data.join(file), &bytes[..bytes.len() - 5]);
        }
    };
    assert_refused(
        Part::Training,
        "`DIR/data_batch_2.bin` is damaged: it ends after 3068 of the 3073 bytes of image 9",
        cut("data_batch_2.bin", cifar10),
    );
    assert_refused(
        Part::HeldOut,
        "`DIR/test.bin` is damaged: it ends after 3069 of the 3074 bytes of image 99",
        cut("test.bin", cifar100),
    );
    assert_refused(
        Part::Training,
        "`DIR/train-images-idx3-ubyte` is damaged: it ends after 1531 of 1536 bytes of values",
        cut("train-images-idx3-ubyte", |data| idx(data, false)),
    );
    assert_refused(
        Part::HeldOut,
        "`DIR/test_batch.bin` is damaged: it ends after 0 of the 3073 bytes of image 0",
        |data| {
            cifar10(data);
            write(data.join("test_batch.bin"), "");
        },
    );
    assert_refused(
        Part::HeldOut,
        "`DIR/test_batch.bin` is damaged: image 1 has label 10, and there are 10 classes",
        |data| {
            cifar10(data);
            let mut bytes = std::fs::read(data.join("test_batch.bin")).unwrap();
            bytes[3073] = 10;
            write(data.join("test_batch.bin"), bytes);
        },
    );
    assert_refused(Part::HeldOut, "`DIR/batches.meta.txt` names 2 classes, and there are 10", |data| {
        cifar10(data);
        write(data.join("batches.meta.txt"), "cat\ndog\n");
    });
}

#[test]
fn a_split_leaves_both_parts_something() {
    let data = tempdir().unwrap();
    folder(data.path());
    let source = open(data.path(), Part::Training, &Options::default()).unwrap();
    let error = split(&source, 0.01, 1, false).err().unwrap().to_string();
    assert_eq!(error, "a share of 0.01 of 24 images leaves 24 to train on and 0 held out; there must be some of both");
}
