//! Saving, and loading strictly.

use crate::common::{Tiny, TinyOutput};
use crate::{assert_says, contents, preparation, store, tiny_tensors, write_zeros};
use googlenetc_runtime::data::Normalisation;
use googlenetc_runtime::error::ErrorKind;
use googlenetc_runtime::network::{Head, Mode, Network, Probe};
use googlenetc_runtime::tch::nn::Path;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::weights;
use safetensors::{Dtype, SafeTensors};

#[test]
fn what_is_saved_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, network) = store::<Tiny>(1);
    // Running statistics move, so that buffers differ from fresh ones too.
    network.forward(&Tensor::randn([4, 1, 8, 8], (Kind::Float, Device::Cpu)), Mode::TRAINING, &Probe::silent());
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    let (mut fresh, _) = store::<Tiny>(2);
    assert_ne!(contents(&fresh), contents(&saved));
    let loaded = weights::load::<Tiny>(&mut fresh, &path).unwrap();
    assert_eq!(contents(&fresh), contents(&saved));
    let metadata = loaded.metadata.unwrap();
    assert_eq!((metadata.network.as_str(), metadata.spec_hash.as_str(), metadata.classes), ("Tiny", "0123abcd", 3));
    assert_eq!((metadata.preparation, loaded.warning), (preparation(), None));
}

#[test]
fn nothing_but_the_file_is_left_and_the_same_weights_are_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    let first = std::fs::read(&path).unwrap();
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let tensors = SafeTensors::deserialize(&first).unwrap();
    // 54 and 4 times 6 for conv1, 288 and 3 for main.fc, 18 and 3 for aux1.fc.
    assert_eq!(tensors.iter().map(|(_, view)| view.data().len()).sum::<usize>(), 4 * (54 + 24 + 291 + 21));
}

#[test]
fn everything_that_does_not_fit_is_in_one_error_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    let mut tensors = tiny_tensors();
    tensors.remove("conv1.bn.running_var");
    tensors.insert("conv1.bn.running_variance".to_owned(), (Dtype::F32, vec![6]));
    tensors.insert("main.fc.weight".to_owned(), (Dtype::F32, vec![96, 3]));
    tensors.insert("main.fc.bias".to_owned(), (Dtype::F64, vec![3]));
    tensors.insert("softmax.weight".to_owned(), (Dtype::F32, vec![2]));
    write_zeros(&path, &tensors);

    let before = contents(&fresh);
    let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
    assert_eq!((error.kind(), contents(&fresh)), (ErrorKind::Failed, before));
    assert_says(
        &error.to_string(),
        &[
            "bad.safetensors` does not fit `Tiny`, 5 problems:\n  ",
            "\n  missing: `conv1.bn.running_var`; the file has `conv1.bn.running_variance`\n",
            "\n  wrong shape: `main.fc.weight` is [96, 3], the network has [3, 96]\n",
            "\n  wrong type: `main.fc.bias` is F64, the network has F32\n",
            "\n  unexpected: `conv1.bn.running_variance`\n",
            "\n  unexpected: `softmax.weight`\n",
            "\n  help: `convert` changes types, and `partial` leaves out what does not fit otherwise",
        ],
    );
}

#[test]
fn long_lists_end_in_how_many_more_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    let mut tensors = tiny_tensors();
    tensors.retain(|name, _| name == "main.fc.bias");
    tensors.extend((10..50).map(|n| (format!("module.{n}\u{1b}"), (Dtype::F32, vec![2]))));
    write_zeros(&path, &tensors);
    let message = weights::load::<Tiny>(&mut fresh, &path).unwrap_err().to_string();
    // 8 of 9 variables, and 10 of 40 tensors.
    assert_eq!(message.lines().filter(|line| line.starts_with("  missing: `")).count(), 8, "{message}");
    assert_eq!(message.lines().filter(|line| line.starts_with("  unexpected: `")).count(), 10, "{message}");
    assert_says(&message, &["48 problems", "\n  unexpected: and 30 more\n", "`module.10\\u{1b}`"]);
}

#[test]
fn a_key_that_was_probably_meant_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    let mut tensors = tiny_tensors();
    for (ours, theirs) in [
        ("conv1.conv.weight", "features.0.0.w"), // nothing alike, but alone of its shape
        ("main.fc.weight", "main.fc.0.weight"),
        ("main.fc.bias", "main.fc.0.bias"), // of the same shape as the next
        ("aux1.fc.bias", "aux1.fc.0.bias"),
    ] {
        let tensor = tensors.remove(ours).unwrap();
        tensors.insert(theirs.to_owned(), tensor);
    }
    write_zeros(&path, &tensors);
    let message = weights::load::<Tiny>(&mut fresh, &path).unwrap_err().to_string();
    for line in [
        "missing: `conv1.conv.weight`; the file has `features.0.0.w`",
        "missing: `main.fc.weight`; the file has `main.fc.0.weight`",
        "missing: `main.fc.bias`; the file has `main.fc.0.bias`",
        "missing: `aux1.fc.bias`; the file has `aux1.fc.0.bias`",
    ] {
        assert_says(&message, &[line]);
    }
}

/// The same tensors from another version of the spec, or from another network.
#[derive(Debug)]
struct Other<const RENAMED: bool, const CLASSES: i64>(Tiny);

impl<const RENAMED: bool, const CLASSES: i64> Network for Other<RENAMED, CLASSES> {
    type Output = TinyOutput;

    const NAME: &'static str = if RENAMED { "Small" } else { "Tiny" };
    const SPEC_HASH: &'static str = "4567";
    const INPUT: [i64; 3] = Tiny::INPUT;
    const CLASSES: i64 = CLASSES;
    const HEADS: &'static [Head] = Tiny::HEADS;

    fn new(p: &Path<'_>) -> Self {
        Self(Tiny::new(p))
    }

    fn forward(&self, x: &Tensor, mode: Mode, probe: &Probe<'_>) -> TinyOutput {
        self.0.forward(x, mode, probe)
    }
}

#[test]
fn another_spec_with_the_same_tensors_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    let (mut newer, _network) = store::<Other<false, 3>>(2);
    let warning = weights::load::<Other<false, 3>>(&mut newer, &path).unwrap().warning.unwrap();
    assert_says(&warning, &["another version of the spec of `Tiny`"]);
    assert_eq!(contents(&newer), contents(&saved));
    let (mut renamed, _network) = store::<Other<true, 3>>(2);
    let warning = weights::load::<Other<true, 3>>(&mut renamed, &path).unwrap().warning.unwrap();
    assert_says(&warning, &["another network, `Tiny`, and this is `Small`"]);
}

#[test]
fn another_number_of_classes_is_an_error_even_where_all_tensors_fit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    let (mut store, _network) = store::<Other<false, 5>>(2);
    let before = contents(&store);
    let error = weights::load::<Other<false, 5>>(&mut store, &path).unwrap_err();
    assert_says(&error.to_string(), &["1 problem:\n  wrong number of classes: 3, the network has 5"]);
    assert_eq!(contents(&store), before);
}

#[test]
fn damaged_and_missing_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    assert_eq!(weights::load::<Tiny>(&mut fresh, &path).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(weights::load::<Tiny>(&mut fresh, folder.path()).unwrap_err().kind(), ErrorKind::Io);
    weights::save::<Tiny>(&fresh, &preparation(), &path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for length in [0, 7, 8, 100, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
        assert!(error.to_string().contains("a.safetensors` is damaged"), "{error}");
    }
}

#[test]
fn a_normalisation_that_cannot_be_used_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    for (mean, std) in [(vec![0.0; 3], vec![1.0; 3]), (vec![0.0], vec![0.0]), (vec![0.0], vec![1.0; 2])] {
        weights::save::<Tiny>(&fresh, &Normalisation::new(mean, std).into(), &path).unwrap();
        let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
        assert!(error.to_string().contains("normalisation"), "{error}");
    }
}
