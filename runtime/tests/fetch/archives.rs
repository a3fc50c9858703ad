//! Archives, ordinary and hostile ones.

use crate::common::{CONTENT, assert_refused, get, noise, set};
use crate::server::{Reply, Server};
use flate2::Compression;
use flate2::write::GzEncoder;
use googlenetc_runtime::data::fetch::{Content, Outcome, Packing};
use std::fs;
use std::io::{Cursor, Write};
use tar::{EntryType, Header};
use tempfile::tempdir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An entry: its name, what it is, and its bytes, or where it leads.
pub(crate) type Entry = (Vec<u8>, Kind, Vec<u8>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Symlink,
    HardLink,
    Device,
}

pub(crate) fn file(name: &str, bytes: &[u8]) -> Entry {
    (name.as_bytes().to_vec(), Kind::File, bytes.to_vec())
}

fn entry(name: &str, kind: Kind, to: &str) -> Entry {
    (name.as_bytes().to_vec(), kind, to.as_bytes().to_vec())
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar archive. Names and links go into it as they are, which the library would not do.
pub(crate) fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        let (kind, content): (_, &[u8]) = match kind {
            Kind::File => (EntryType::Regular, bytes),
            Kind::Folder => (EntryType::Directory, &[]),
            Kind::Symlink => (EntryType::Symlink, &[]),
            Kind::HardLink => (EntryType::Link, &[]),
            Kind::Device => (EntryType::Char, &[]),
        };
        header.set_entry_type(kind);
        if content.is_empty() {
            header.as_old_mut().linkname[..bytes.len()].copy_from_slice(bytes);
        }
        header.set_mode(0o7777);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A zip archive. Bytes that the library would not write stand in for others of the same length.
pub(crate) fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, kind, bytes)) in entries.iter().enumerate() {
        let stand_in = stand_in(i, name.len());
        let options = SimpleFileOptions::default().unix_permissions(0o777);
        match kind {
            // It adds the slash itself.
            Kind::Folder => writer.add_directory(&stand_in[..stand_in.len() - 1], options).unwrap(),
            Kind::Symlink => writer.add_symlink(stand_in, str::from_utf8(bytes).unwrap(), options).unwrap(),
            Kind::File | Kind::HardLink | Kind::Device => {
                writer.start_file(stand_in, options).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
    }
    let mut archive = writer.finish().unwrap().into_inner();
    for (i, (name, _, _)) in entries.iter().enumerate() {
        let mut stand_in = stand_in(i, name.len());
        if name.ends_with(b"/") {
            stand_in.replace_range(name.len() - 1.., "/");
        }
        let places: Vec<usize> = (0..archive.len().saturating_sub(name.len()))
            .filter(|&at| archive[at..].starts_with(stand_in.as_bytes()))
            .collect();
        assert_eq!(places.len(), 2, "an entry is named twice");
        for at in places {
            archive[at..at + name.len()].copy_from_slice(name);
        }
    }
    archive
}

/// A name that occurs nowhere else.
fn stand_in(i: usize, length: usize) -> String {
    let end = if length > 4 { format!("@{i:02}@") } else { char::from(b'A' + u8::try_from(i).unwrap()).to_string() };
    let begin = "@".repeat(length - end.len());
    format!("{begin}{end}")
}

/// Serves an archive, and returns the data set that it is.
fn serve(archive: Vec<u8>, packing: Packing) -> (Server, googlenetc_runtime::data::fetch::DataSet) {
    let set = set(&archive, packing);
    (Server::new(move |request, _| Reply::part(request, &archive)), set)
}

fn both(entries: &[Entry]) -> [(Vec<u8>, Packing); 2] {
    both_with(entries, CONTENT)
}

fn both_with(entries: &[Entry], content: Content) -> [(Vec<u8>, Packing); 2] {
    [(gzip(&tar(entries)), Packing::TarGz(content)), (zip(entries), Packing::Zip(content))]
}

#[test]
fn archives_become_folders() {
    let (large, small) = (noise(300_000, 1), noise(70, 2));
    let entries = [
        entry("set/", Kind::Folder, ""),
        file("set/large.bin", &large),
        file("set/of/images/\u{e9}.JPEG", &small),
        file("set/empty", &[]),
    ];
    for (archive, packing) in both(&entries) {
        let folder = tempdir().unwrap();
        let (server, set) = serve(archive, packing);
        assert_eq!(get(&set, folder.path(), &[&server]).unwrap(), Outcome::Fetched);
        let there = folder.path().join("there");
        assert_eq!(fs::read(there.join("large.bin")).unwrap(), large);
        assert_eq!(fs::read(there.join("of/images/\u{e9}.JPEG")).unwrap(), small);
        assert!(fs::read(there.join("empty")).unwrap().is_empty());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(there.join("large.bin")).unwrap().permissions().mode();
            assert_eq!(mode & 0o7111, 0, "the archive's modes are not taken over");
        }
        assert_eq!(get(&set, folder.path(), &[&server]).unwrap(), Outcome::WasThere);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn what_was_unpacked_when_the_work_was_cut_off_is_unpacked_anew() {
    for (archive, packing) in both(&[file("set/a", &noise(5_000, 1))]) {
        let folder = tempdir().unwrap();
        let content = folder.path().join("there.part/content");
        fs::create_dir_all(&content).unwrap();
        fs::write(content.join("a"), "half").unwrap();
        fs::write(content.join("b"), "of another archive").unwrap();
        fs::write(folder.path().join("there.part/file.bin"), &archive).unwrap();
        let (server, set) = serve(archive, packing);
        assert_eq!(get(&set, folder.path(), &[&server]).unwrap(), Outcome::Fetched);
        assert_eq!(server.requests(), [], "the archive was there");
        assert_eq!(fs::read(folder.path().join("there/a")).unwrap(), noise(5_000, 1));
        assert!(!folder.path().join("there/b").exists());
    }
}

/// The archive is refused for this reason, and nothing appears outside of the folder for what arrives.
#[track_caller]
fn assert_hostile(archive: Vec<u8>, packing: Packing, reason: &str) {
    let outer = tempdir().unwrap();
    let folder = outer.path().join("a/b");
    fs::create_dir_all(&folder).unwrap();
    let (server, set) = serve(archive, packing);
    assert_refused(&set, &folder, &[&server], &[]);
    assert_refused(&set, &folder, &[&server], &["there.part", "is not unpacked: ", reason]);
    assert_eq!(server.requests().len(), 1, "what has arrived is kept");
    let names = |folder: &std::path::Path| fs::read_dir(folder).unwrap().count();
    assert_eq!([names(outer.path()), names(&outer.path().join("a")), names(&folder)], [1, 1, 1], "{reason}");
    assert!(!std::path::Path::new("/tmp/googlenetc-evil").exists());
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let evil = |name: &[u8], reason: &str| {
        let entries = [file("set/good", b"good"), (name.to_vec(), Kind::File, b"evil".to_vec())];
        for (archive, packing) in both(&entries) {
            assert_hostile(archive, packing, reason);
        }
    };
    evil(b"../evil", "has the part `..`, which is no plain name");
    evil(b"set/../../evil", "has the part `..`, which is no plain name");
    evil(b"set/../set/evil", "has the part `..`, which is no plain name");
    evil(b"/tmp/googlenetc-evil", "is an absolute path");
    evil(b"set//evil", "has the part ``, which is no plain name");
    evil(b"./set/evil", "has the part `.`, which is no plain name");
    evil(b"set/..\\..\\evil", "has the part `..\\\\..\\\\evil`, which is no plain name");
    evil(b"C:/evil", "has the part `C:`, which is no plain name");
    evil(b"set/C:evil", "has the part `C:evil`, which is no plain name");
    evil(b"set/evil.", "has the part `evil.`, which is no plain name");
    evil(b"set/ev\nil", "has the part `ev\\nil`, which is no plain name");
    evil(b"set/\xff\xfe", "is not UTF-8");
    evil(b"evil", "lies outside of the folder `set`");
    evil(b"sets/evil", "lies outside of the folder `set`");
    evil(b"set", "is no file");
    evil(b"set/good", "comes twice");
    evil(b"set/GOOD", "capitals");
    evil(b"set/good/evil", "goes through a file");
    evil(b"set/Good/evil", "goes through a file");
}

#[test]
fn a_name_with_a_nul_is_no_other_name() {
    // In a tar archive the name ends there.
    let archive = zip(&[(b"set/e\0il".to_vec(), Kind::File, b"evil".to_vec())]);
    assert_hostile(archive, Packing::Zip(CONTENT), "has the part `e\\u{0}il`, which is no plain name");
}

#[test]
fn links_and_devices_are_refused() {
    for kind in [Kind::Symlink, Kind::HardLink, Kind::Device] {
        let entries = [entry("set/link", kind, "/tmp"), file("set/link/googlenetc-evil", b"evil")];
        assert_hostile(gzip(&tar(&entries)), Packing::TarGz(CONTENT), "`set/link` is no file and no folder");
    }
    let entries = [entry("set/link", Kind::Symlink, "/tmp"), file("set/link/googlenetc-evil", b"evil")];
    assert_hostile(zip(&entries), Packing::Zip(CONTENT), "`set/link` is no file and no folder");
    let entries = [file("set/file", b""), file("set/file/evil", b"evil")];
    for (archive, packing) in both(&entries) {
        assert_hostile(archive, packing, "goes through a file");
    }
}

#[test]
fn there_is_an_end_to_entries_and_bytes() {
    let many: Vec<Entry> = (0..9).map(|i| file(&format!("set/{i}"), b"")).collect();
    let bomb = [file("set/a", &vec![0; 300_000]), file("set/b", &vec![0; 100_001])];
    for (archive, packing) in both(&many) {
        assert_hostile(archive, packing, "it has more than the 8 files and folders that belong to it");
    }
    for (archive, packing) in both(&bomb) {
        assert_hostile(archive, packing, "more comes out of it than the 400000 bytes that belong to it");
    }
    let ten_thousand: Vec<Entry> = (0..10_000).map(|i| file(&format!("set/{i}"), b"")).collect();
    assert_hostile(gzip(&tar(&ten_thousand)), Packing::TarGz(CONTENT), "more");
    let folders: Vec<Entry> = (0..10_000).map(|_| entry("set/", Kind::Folder, "")).collect();
    assert_hostile(gzip(&tar(&folders)), Packing::TarGz(CONTENT), "more");
    // A gigabyte as the name of an entry, which is a megabyte of gzip.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(1 << 30);
    header.set_cksum();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(header.as_bytes()).unwrap();
    (0..1 << 6).for_each(|_| encoder.write_all(&vec![b'x'; 1 << 16]).unwrap());
    assert_hostile(encoder.finish().unwrap(), Packing::TarGz(CONTENT), "more comes out of it than belongs to it");
}

#[test]
fn archives_that_lie_about_sizes_are_damaged() {
    let mut archive = tar(&[file("set/a", &noise(5_000, 1))]);
    archive.truncate(3_000);
    assert_hostile(gzip(&archive), Packing::TarGz(CONTENT), "it is damaged: ");
    let mut half = gzip(&tar(&[file("set/a", &noise(5_000, 1))]));
    half.truncate(2_000);
    assert_hostile(half, Packing::TarGz(CONTENT), "it is damaged: ");
    assert_hostile(noise(5_000, 1), Packing::TarGz(CONTENT), "it is damaged: ");
    assert_hostile(noise(5_000, 1), Packing::Zip(CONTENT), "it is damaged: ");

    // The uncompressed size of the only entry stands 24 bytes behind the beginning of the central directory's header.
    let mut archive = zip(&[file("set/a", &vec![0; 5_000])]);
    let at = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    archive[at + 24..at + 28].copy_from_slice(&100_u32.to_le_bytes());
    assert_hostile(archive, Packing::Zip(CONTENT), "it is damaged: ");
}
