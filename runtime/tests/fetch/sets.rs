//! What is fetched is what `--data` takes.

use crate::archives::{Entry, file, gzip, tar, zip};
use crate::common::{options, sha256};
use crate::fixtures;
use crate::server::{Reply, Server};
use googlenetc_runtime::data::fetch::{CATALOGUE, Content, DataSet, File, Packing, fetch};
use googlenetc_runtime::data::{Kind, Location, Options, Part};
use std::fs;
use std::path::Path;
use tempfile::tempdir;

/// Every data set of the catalogue, with a small one of its kind in its place.
#[test]
fn what_is_fetched_is_a_data_set() {
    for set in CATALOGUE {
        let (write, kind): (fn(&Path), Kind) = match set.name {
            "fashion-mnist" | "mnist" => (|root| fixtures::idx(root, true), Kind::Idx),
            "cifar10" => (fixtures::cifar10, Kind::Cifar10),
            "cifar100" => (fixtures::cifar100, Kind::Cifar100),
            "tiny-imagenet" => (fixtures::tiny_imagenet, Kind::TinyImagenet),
            other => panic!("{other} has no small one"),
        };
        let folder = tempdir().unwrap();
        write(&folder.path().join("small"));
        let (set, files) = pack(set, &folder.path().join("small"));
        let server = Server::new(move |request, _| {
            let found = files.iter().find(|(name, _)| request.path == format!("/{name}"));
            found.map_or(Reply::status("404 Not Found"), |(_, bytes)| Reply::part(request, bytes))
        });
        let there = folder.path().join("there");
        fetch(&set, &there, &options(&[&server]), &mut |_| {}).unwrap();
        let location = Location::find(&there, &Options::default()).unwrap();
        assert_eq!((location.kind(), location.folder()), (kind, there.as_path()), "{}", set.name);
        for part in [Part::Training, Part::HeldOut] {
            let source = location.open(part).unwrap();
            assert!(!source.labels().is_empty() && source.image(0).is_ok(), "{}", set.name);
        }
    }
}

/// The data set with what lies in `root`, packed as the catalogue says, and its files.
#[expect(clippy::panic, reason = "a packing that is new needs a small archive here")]
fn pack(set: &DataSet, root: &Path) -> (DataSet, Vec<(&'static str, Vec<u8>)>) {
    let archive = |content: Content, pack: fn(&[Entry]) -> Vec<u8>| {
        let mut entries = Vec::new();
        collect(root, content.folder, &mut entries);
        vec![(set.files[0].name, pack(&entries))]
    };
    let files: Vec<_> = match set.packing {
        Packing::None => set.files.iter().map(|file| (file.name, fs::read(root.join(file.name)).unwrap())).collect(),
        Packing::TarGz(content) => archive(content, |entries| gzip(&tar(entries))),
        Packing::Zip(content) => archive(content, zip),
        other => panic!("{other:?}"),
    };
    let described = files.iter().map(|(name, bytes)| File { name, bytes: bytes.len() as u64, sha256: sha256(bytes) });
    (DataSet { sources: &[], files: described.collect::<Vec<_>>().leak(), ..*set }, files)
}

/// The files below a folder, as entries of an archive.
fn collect(folder: &Path, name: &str, entries: &mut Vec<Entry>) {
    for inside in fs::read_dir(folder).unwrap() {
        let path = inside.unwrap().path();
        let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &name, entries);
        } else {
            entries.push(file(&name, &fs::read(&path).unwrap()));
        }
    }
}
