//! Files in which variables have other names.

use crate::common::Tiny;
use crate::{assert_says, contents, preparation, store};
use googlenetc_runtime::weights::{self, Keys, LoadOptions, SaveOptions};
use safetensors::{Dtype, SafeTensors};

const LIST: &str = "variable,key,shape
conv1.conv.weight,features.0.weight,6x1x3x3
conv1.bn.weight,features.1.weight,6
conv1.bn.bias,features.1.bias,6
conv1.bn.running_mean,features.1.running_mean,6
conv1.bn.running_var,features.1.running_var,6
,features.1.num_batches_tracked,
aux1.fc.weight,\"classifier, auxiliary.weight\",3x6
aux1.fc.bias,\"classifier, auxiliary.bias\",3
main.fc.weight,classifier.weight,3x96
main.fc.bias,classifier.bias,3
";

#[test]
fn weights_travel_under_other_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let keys = Keys::parse(LIST).unwrap();
    let (saved, _network) = store::<Tiny>(1);
    let naming = SaveOptions { keys: Some(keys.clone()), ..SaveOptions::default() };
    weights::save_with::<Tiny>(&saved, &preparation(), &path, &naming).unwrap();

    let bytes = std::fs::read(&path).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    // The second column of the list.
    let mut expected: Vec<&str> = vec![
        "features.0.weight",
        "features.1.weight",
        "features.1.bias",
        "features.1.running_mean",
        "features.1.running_var",
        "features.1.num_batches_tracked",
        "classifier, auxiliary.weight",
        "classifier, auxiliary.bias",
        "classifier.weight",
        "classifier.bias",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    let counter = file.tensor("features.1.num_batches_tracked").unwrap();
    assert_eq!((counter.dtype(), counter.shape(), counter.data()), (Dtype::I64, &[][..], &[0; 8][..]));

    let (mut fresh, _network) = store::<Tiny>(2);
    let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
    assert_says(&error.to_string(), &["missing: `main.fc.weight`; the file has `classifier.weight`"]);
    let options = LoadOptions { keys: Some(keys), ..LoadOptions::default() };
    let loaded = weights::load_with::<Tiny>(&mut fresh, &path, &options).unwrap();
    assert_eq!(contents(&fresh), contents(&saved));
    assert_eq!((loaded.warning, loaded.skipped), (None, Vec::new()));
    assert_eq!(loaded.metadata.unwrap().network, "Tiny");
}

#[test]
fn messages_name_both() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (mut saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    let options = LoadOptions { keys: Some(Keys::parse(LIST).unwrap()), ..LoadOptions::default() };
    let error = weights::load_with::<Tiny>(&mut saved, &path, &options).unwrap_err();
    assert_says(
        &error.to_string(),
        &["missing: `features.0.weight` (here `conv1.conv.weight`); the file has `conv1.conv.weight`"],
    );
}

#[test]
fn both_formats_give_the_same_list() {
    let json = r#"[
        {"key": "a.0", "variable": "conv", "shape": [6, 1]},
        {"key": "a.n", "variable": null, "shape": null}
    ]"#;
    let keys = Keys::parse(json).unwrap();
    assert_eq!(keys, Keys::parse("variable,key,shape\nconv,a.0,6x1\n,a.n,\n").unwrap());
    assert_eq!((keys.key_of("conv"), keys.key_of("a.0")), (Some("a.0"), None));
    assert!(keys.is_counter("a.n") && !keys.is_counter("a.0"));
}

#[test]
fn lists_that_cannot_be_meant_are_refused() {
    for (list, expected) in [
        ("", "it names no variable"),
        ("variable,key,shape\n,a,\n", "it names no variable"),
        ("name,place\na,b\n", "missing field `key`"),
        ("variable,key\na,\n", "there is no key for `a`"),
        ("variable,key\na,k\nb,k\n", "the key `k` stands there twice"),
        ("variable,key\na,k\na,l\n", "`a` has two keys, `k` and `l`"),
        ("variable,key\na,k,c\n", "found record with 3 fields"),
        ("[{\"variable\": 1}]", "invalid type"),
        ("[", "EOF while parsing"),
    ] {
        let error = Keys::parse(list).unwrap_err();
        assert_says(&error.to_string(), &[expected]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.csv");
    assert_says(&Keys::read(&path).unwrap_err().to_string(), &["cannot read", "keys.csv"]);
    std::fs::write(&path, "nothing").unwrap();
    assert_says(&Keys::read(&path).unwrap_err().to_string(), &["keys.csv` is no list of keys: it names no variable"]);
}

#[test]
fn keys_of_another_network_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (mut saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    for (list, expected) in [
        (LIST.replace("aux1.fc.bias", "aux2.fc.bias"), "they have none for its variable `aux1.fc.bias`"),
        (format!("{LIST}conv9.weight,conv9,3\n"), "it has no variable `conv9.weight`"),
    ] {
        let keys = Keys::parse(&list).unwrap();
        let naming = SaveOptions { keys: Some(keys.clone()), ..SaveOptions::default() };
        let error = weights::save_with::<Tiny>(&saved, &preparation(), &path, &naming).unwrap_err();
        assert_says(&error.to_string(), &["the keys are not those of `Tiny`", expected]);
        let options = LoadOptions { keys: Some(keys), ..LoadOptions::default() };
        let error = weights::load_with::<Tiny>(&mut saved, &path, &options).unwrap_err();
        assert_says(&error.to_string(), &["the keys are not those of `Tiny`", expected]);
    }
}
