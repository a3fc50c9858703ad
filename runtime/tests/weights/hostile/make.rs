//! Files of PyTorch, made from pickles and storages.

use crate::data;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A file as `torch.save` writes it.
pub(crate) fn archive(pickle: &[u8], storages: &[(&str, &[u8])]) -> Vec<u8> {
    archive_with(CompressionMethod::Stored, &[("data.pkl", pickle), ("byteorder", b"little")], storages)
}

pub(crate) fn archive_with(method: CompressionMethod, files: &[(&str, &[u8])], storages: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    let storages = storages.iter().map(|(name, bytes)| (format!("data/{name}"), *bytes));
    for (name, bytes) in files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).chain(storages) {
        writer.start_file(format!("archive/{name}"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn pickle_of(name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(std::fs::File::open(data(name)).unwrap()).unwrap();
    let pickle = archive.file_names().map(|name| name.unwrap().into_owned()).find(|name| name.ends_with("/data.pkl"));
    let mut bytes = Vec::new();
    archive.by_name(&pickle.unwrap()).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// The text of a pickle's instruction `BINUNICODE`.
pub(crate) fn unicode(text: &str) -> Vec<u8> {
    [&b"X"[..], &u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
}

/// The text of `SHORT_BINUNICODE`.
pub(crate) fn short(text: &str) -> Vec<u8> {
    [&[0x8c, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

pub(crate) fn position(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap()
}
