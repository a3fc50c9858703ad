//! Data sets of every kind: what is found in a folder, and what is read from it.

use crate::fixtures::{CLASSES, cifar10, cifar100, folder, idx, picture, tiny_imagenet, write, write_picture};
use googlenetc_runtime::data::{Kind, Location, Options, Part, Source, class_counts, open};
use std::path::Path;
use std::sync::Arc;
use tempfile::{TempDir, tempdir};

fn made(make: impl Fn(&Path)) -> TempDir {
    let folder = tempdir().unwrap();
    make(folder.path());
    folder
}

fn read(folder: &Path, part: Part) -> Arc<dyn Source> {
    open(folder, part, &Options::default()).unwrap()
}

fn kind(folder: &Path) -> Kind {
    Location::find(folder, &Options::default()).unwrap().kind()
}

/// The names of the images, without the folder of the data set and quotes.
fn names(source: &dyn Source, folder: &Path) -> Vec<String> {
    let prefix = format!("`{}/", folder.display());
    let name = |i| source.name(i).strip_prefix(&prefix).unwrap().trim_end_matches('`').to_owned();
    (0..source.labels().len()).map(name).collect()
}

#[test]
fn folders_of_images_are_read_in_order() {
    let data = made(folder);
    assert_eq!(kind(data.path()), Kind::Folder);
    let training = read(data.path(), Part::Training);
    assert_eq!(training.classes(), CLASSES);
    assert_eq!(class_counts(&*training), [8, 8, 8]);
    let expected = ["a0.png", "a4.png", "b1.JPG", "b5.JPG", "c2.jpeg", "c6.jpeg", "more/d3.bmp", "more/d7.bmp"];
    assert_eq!(names(&*training, data.path())[8..16], expected.map(|name| format!("train/green/{name}")));
    assert_eq!(training.labels()[8..16], [1; 8]);
    assert_eq!(training.image(8).unwrap().into_pixels(), picture(1, 0, 10, 11).into_raw());
    let held_out = read(data.path(), Part::HeldOut);
    assert_eq!((held_out.classes(), held_out.labels()), (training.classes(), &[0, 0, 1, 1, 2, 2][..]));
    let location = Location::find(data.path(), &Options::default()).unwrap();
    assert_eq!(location.held_out_name(), Some("validation"));
}

/// What torchvision's `ImageFolder` finds: `tests/python/make_image_folder.py`.
#[derive(serde::Deserialize)]
struct ImageFolder {
    files: Vec<String>,
    classes: Vec<String>,
    samples: Vec<(String, u32)>,
}

#[test]
fn folders_are_torchvisions() {
    let expected: ImageFolder = serde_json::from_str(include_str!("../data/image_folder.json")).unwrap();
    let data = tempdir().unwrap();
    for file in &expected.files {
        write(data.path().join(file), "");
    }
    let source = read(data.path(), Part::Training);
    assert_eq!(source.classes(), expected.classes);
    let samples: Vec<_> = names(&*source, data.path()).into_iter().zip(source.labels().iter().copied()).collect();
    assert_eq!(samples, expected.samples);
}

#[test]
fn tiny_imagenet_is_read_with_its_annotations() {
    let data = made(tiny_imagenet);
    assert_eq!(kind(data.path()), Kind::TinyImagenet);
    let training = read(data.path(), Part::Training);
    assert_eq!(training.classes(), ["n01443537 (goldfish, Carassius auratus)", "n02056570", "n03444034 (go-kart)"]);
    assert_eq!(class_counts(&*training), [8, 8, 8]);
    assert_eq!(names(&*training, data.path())[16], "train/n03444034/images/n03444034_0.JPEG");
    let held_out = read(data.path(), Part::HeldOut);
    assert_eq!((held_out.classes(), held_out.labels()), (training.classes(), &[2, 0, 1, 2, 0, 1][..]));
    assert_eq!(names(&*held_out, data.path())[5], "val/images/val_5.JPEG");
}

#[test]
fn idx_files_are_read_however_they_are_spelled() {
    let plain = made(|root| idx(root, false));
    assert_eq!(kind(plain.path()), Kind::Idx);
    let expected = read(plain.path(), Part::Training);
    assert_eq!((expected.classes().len(), class_counts(&*expected)), (0, vec![8, 8, 8]));
    let same = |other: &Path| {
        assert_eq!(kind(other), Kind::Idx);
        for part in [Part::Training, Part::HeldOut] {
            let (expected, other) = (read(plain.path(), part), read(other, part));
            assert_eq!(expected.labels(), other.labels());
            let images = |source: &dyn Source| (0..6).map(|i| source.image(i).unwrap()).collect::<Vec<_>>();
            assert_eq!(images(&*expected), images(&*other));
        }
    };
    same(made(|root| idx(root, true)).path());
    same(made(|root| idx(&root.join("FashionMNIST/raw"), true)).path());
    let spellings: [fn(&str) -> String; 5] = [
        |name| name.replace("-idx", ".idx"),
        str::to_uppercase,
        |name| name.replace("t10k", "test"),
        |name| format!("{name}.gz"),
        |name| format!("{name}/{name}"),
    ];
    for spelling in spellings {
        let data = tempdir().unwrap();
        for file in std::fs::read_dir(plain.path()).unwrap().map(Result::unwrap) {
            let name = spelling(file.file_name().to_str().unwrap());
            write(data.path().join(name), std::fs::read(file.path()).unwrap());
        }
        same(data.path());
    }
}

#[test]
fn cifar_10_is_read_from_its_batches() {
    let data = made(|root| cifar10(&root.join("cifar-10-batches-bin")));
    assert_eq!(kind(data.path()), Kind::Cifar10);
    let training = read(data.path(), Part::Training);
    assert_eq!((training.classes().len(), training.classes()[3].as_str()), (10, "cat"));
    assert_eq!(class_counts(&*training), [5; 10]);
    // The second batch's image of class 3: its planes have become pixels.
    assert_eq!(
        (training.labels()[13], training.image(13).unwrap().into_pixels()),
        (3, picture(3, 23, 32, 32).into_raw())
    );
    let test = read(data.path(), Part::HeldOut);
    assert_eq!(test.labels(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert!(test.name(4).starts_with("image 4 of `"), "{}", test.name(4));
}

#[test]
fn cifar_100_has_classes_and_superclasses() {
    let data = made(cifar100);
    assert_eq!(kind(data.path()), Kind::Cifar100);
    let fine = read(data.path(), Part::Training);
    assert_eq!((class_counts(&*fine), fine.classes()[42].as_str()), (vec![2; 100], "fine 42"));
    let coarse = open(data.path(), Part::HeldOut, &Options { coarse: true, ..Options::default() }).unwrap();
    assert_eq!((class_counts(&*coarse), coarse.classes()[7].as_str()), (vec![5; 20], "coarse 7"));
    assert_eq!(coarse.labels()[42], 42 / 5);
}

#[test]
fn what_is_hidden_or_no_image_is_passed_over() {
    let data = made(folder);
    for name in
        [".ipynb_checkpoints/x.png", "red/._a0.png", "red/.hidden/x.png", "red/Thumbs.db", "red/notes.txt", "red/png"]
    {
        write(data.path().join("train").join(name), "no image");
    }
    let training = read(data.path(), Part::Training);
    assert_eq!((training.classes(), class_counts(&*training)), (&CLASSES.map(str::to_owned)[..], vec![8, 8, 8]));
}

#[test]
fn a_class_may_be_called_as_a_part_is() {
    let data = tempdir().unwrap();
    for (class, name) in ["bus", "car", "train"].iter().enumerate() {
        write_picture(data.path().join(name).join("0.png"), class, 0);
    }
    assert_eq!(read(data.path(), Part::Training).classes(), ["bus", "car", "train"]);
    assert_eq!(Location::find(data.path(), &Options::default()).unwrap().held_out_name(), None);
}

#[test]
fn held_out_classes_have_the_training_images_numbers() {
    let data = made(folder);
    std::fs::remove_dir_all(data.path().join("val/blue")).unwrap();
    // Alone these two would be 0 and 1.
    assert_eq!(read(data.path(), Part::HeldOut).labels(), [1, 1, 2, 2]);
    // Without training images, the numbers are those that are asked for.
    std::fs::remove_dir_all(data.path().join("train")).unwrap();
    assert_eq!(read(data.path(), Part::HeldOut).labels(), [0, 0, 1, 1]);
    let options = Options { classes: CLASSES.map(str::to_owned).to_vec(), ..Options::default() };
    assert_eq!(open(data.path(), Part::HeldOut, &options).unwrap().labels(), [1, 1, 2, 2]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;
    let data = made(folder);
    let train = data.path().join("train");
    symlink(train.join("red"), train.join("scarlet")).unwrap();
    symlink(train.join("red/a0.png"), train.join("blue/linked.png")).unwrap();
    symlink("nowhere.png", train.join("blue/lost.png")).unwrap();
    let training = read(data.path(), Part::Training);
    assert_eq!(class_counts(&*training), [10, 8, 8, 8]);
    // As in torchvision, a link to nothing counts until it is read.
    let lost = names(&*training, data.path()).iter().position(|name| name.ends_with("lost.png")).unwrap();
    assert!(training.image(lost).unwrap_err().to_string().contains("lost.png"));
    symlink(&train, train.join("blue/again")).unwrap();
    let error = open(data.path(), Part::Training, &Options::default()).err().unwrap().to_string();
    assert!(error.contains("blue/again") && error.contains("link back to"), "{error}");
}

#[test]
fn the_go_kart_is_class_107_of_200() {
    let data = tempdir().unwrap();
    write(data.path().join("wnids.txt"), include_str!("../data/tiny_imagenet_wnids.txt"));
    write_picture(data.path().join("train/n03444034/images/n03444034_0.JPEG"), 0, 0);
    write_picture(data.path().join("val/images/val_0.JPEG"), 0, 0);
    write(data.path().join("val/val_annotations.txt"), "val_0.JPEG\tn03444034\t0\t32\t44\t62\n");
    for part in [Part::Training, Part::HeldOut] {
        let source = read(data.path(), part);
        assert_eq!((source.labels(), source.classes().len()), (&[107][..], 200));
        assert_eq!(source.classes()[107], "n03444034");
    }
}
