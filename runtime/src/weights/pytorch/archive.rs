//! The format since PyTorch 1.6: a zip archive with a pickle, and beside it the numbers of each storage, uncompressed.

use super::contents;
use crate::weights::file::{Contents, Fault};
use crate::weights::pickle::{self, Pickle};
use crate::weights::quote::quote;
use std::fs::File;
use std::io::{self, BufReader, Read};
use zip::CompressionMethod;
use zip::read::{ZipArchive, ZipFile};
use zip::result::ZipError;

type Archive = ZipArchive<BufReader<File>>;

/// Reads what the file has; `length` is that of the file in bytes.
pub(in crate::weights) fn read_contents(file: &File, length: u64) -> Result<Contents, Fault> {
    let mut archive = ZipArchive::new(BufReader::new(file.try_clone()?)).map_err(fault)?;
    // Each storage is gone through once, so none may lie where others do: a small file could keep a program busy for hours.
    if archive.has_overlapping_files().map_err(fault)? {
        return Err(Fault::Damaged("some files of its archive lie in the same place".to_owned()));
    }
    let folder = folder(&archive)?;
    if let Some(mut order) = entry(&mut archive, &format!("{folder}byteorder"))? {
        let mut text = String::new();
        order.by_ref().take(100).read_to_string(&mut text)?;
        if text.trim() != "little" {
            return Err(Fault::Unusable(format!(
                "has numbers in the byte order `{}`, which is not read",
                quote(&text)
            )));
        }
    }
    let pickle = read_pickle(&mut archive, &format!("{folder}data.pkl"))?;
    contents(&pickle, |name| storage(&mut archive, &format!("{folder}data/{name}"), length))
}

fn fault(error: ZipError) -> Fault {
    if let ZipError::Io(e) = error { e.into() } else { Fault::Damaged(error.to_string()) }
}

/// The folder of the archive in which everything lies, with a slash at its end; empty if there is none.
fn folder(archive: &Archive) -> Result<String, Fault> {
    let names: Vec<_> = archive.file_names().filter_map(Result::ok).collect();
    let folders = names.iter().filter_map(|name| name.strip_suffix("data.pkl"));
    let folder = folders.filter(|folder| folder.is_empty() || folder.ends_with('/')).min_by_key(|folder| folder.len());
    let Some(folder) = folder else {
        return Err(Fault::Unusable("is a zip archive, but none of PyTorch's: it has no `data.pkl`".to_owned()));
    };
    if names.iter().any(|name| name.strip_prefix(folder) == Some("constants.pkl")) {
        return Err(Fault::Unusable(
            "is a TorchScript program; save its tensors alone, with `torch.save(model.state_dict(), ...)`".to_owned(),
        ));
    }
    Ok(folder.to_owned())
}

/// A file of the archive; none if there is no such name.
fn entry<'a>(archive: &'a mut Archive, name: &str) -> Result<Option<ZipFile<'a, BufReader<File>>>, Fault> {
    let Some(index) = archive.index_for_name(name) else { return Ok(None) };
    let file = archive.by_index(index).map_err(fault)?;
    if file.compression() != CompressionMethod::Stored || file.encrypted() {
        return Err(Fault::Damaged(format!(
            "its `{}` is compressed or encrypted, which PyTorch does not do",
            quote(name)
        )));
    }
    // PyTorch can be told to write no checksums. Then there are zeros in their place.
    let has_checksum = file.crc32() != 0;
    drop(file);
    let file = if has_checksum { archive.by_index(index) } else { archive.by_index_raw(index) };
    file.map(Some).map_err(fault)
}

fn read_pickle(archive: &mut Archive, name: &str) -> Result<Pickle, Fault> {
    let mut bytes = Vec::new();
    if let Some(file) = entry(archive, name)? {
        file.take(pickle::LONGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > pickle::LONGEST {
        return Err(Fault::Damaged("its pickle is larger than that of any network".to_owned()));
    }
    pickle::read(&bytes)
}

/// Where a storage begins and ends in the file. All of it is read once, to see that its checksum is right.
fn storage(archive: &mut Archive, name: &str, length: u64) -> Result<(u64, u64), Fault> {
    let damaged = |what: &str| Fault::Damaged(format!("its storage `{}` {what}", quote(name)));
    let Some(mut file) = entry(archive, name)? else { return Err(damaged("is missing")) };
    let start = file.data_start().ok_or_else(|| damaged("has no beginning"))?;
    let end = start.checked_add(file.size()).filter(|end| *end <= length);
    let end = end.ok_or_else(|| damaged("reaches beyond the end of the file"))?;
    io::copy(&mut file, &mut io::sink()).map_err(|e| damaged(&format!("cannot be read: {e}")))?;
    Ok((start, end))
}
