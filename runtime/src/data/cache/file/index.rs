//! Where the images of a cache file are.

use super::read_at;
use crate::data::ImageSize;
use std::fs::File;
use std::io::Write;

/// The header: this, and the key.
const MAGIC: &[u8; 32] = b"googlenetc decoded images, v1\r\n\0";
const HEADER: usize = 64;

/// Bytes of an entry of the index, and of what comes after the index: where it begins, and its checksum.
const ENTRY: usize = 24;
const FOOTER: usize = 12;

/// Where an image is, and what its pixels are like.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// From the beginning of the file.
    pub(super) offset: u64,
    /// Without pixels where an image could not be read.
    pub(super) size: ImageSize,
    /// CRC-32 of the pixels.
    pub(super) checksum: u32,
}

/// The entries of all images, as they are in the file.
pub(super) struct Index {
    bytes: Vec<u8>,
    /// Where the next image goes.
    end: u64,
}

impl Index {
    /// Writes the header.
    pub(super) fn begin(out: &mut impl Write, key: blake3::Hash) -> std::io::Result<Self> {
        out.write_all(MAGIC)?;
        out.write_all(key.as_bytes())?;
        Ok(Self { bytes: Vec::new(), end: HEADER as u64 })
    }

    /// Adds an image whose pixels are written where the one before ends.
    pub(super) fn add(&mut self, size: ImageSize, checksum: u32) {
        let ImageSize { height, width, channels } = size;
        self.bytes.extend(self.end.to_le_bytes());
        for number in [height, width, channels] {
            // Images whose sides do not fit are far above the limit of what is decoded.
            self.bytes.extend(u32::try_from(number).unwrap_or(0).to_le_bytes());
        }
        self.bytes.extend(checksum.to_le_bytes());
        self.end += size.bytes() as u64;
    }

    /// Adds an image that is not in the file.
    pub(super) fn add_none(&mut self) {
        self.add(ImageSize { height: 0, width: 0, channels: 0 }, 0);
    }

    /// Writes the index and the footer.
    pub(super) fn finish(&self, out: &mut impl Write) -> std::io::Result<()> {
        out.write_all(&self.bytes)?;
        out.write_all(&self.end.to_le_bytes())?;
        out.write_all(&crc32fast::hash(&self.bytes).to_le_bytes())
    }

    /// Of a file that was made whole, for this key and this many images.
    pub(super) fn read(file: &File, key: blake3::Hash, images: usize) -> Option<Self> {
        let length = file.metadata().ok()?.len();
        let (mut header, mut footer) = ([0; HEADER], [0; FOOTER]);
        read_at(file, &mut header, 0).ok()?;
        read_at(file, &mut footer, length.checked_sub(FOOTER as u64)?).ok()?;
        let (end, checksum) = footer.split_first_chunk()?;
        let end = u64::from_le_bytes(*end);
        let index_bytes = images.checked_mul(ENTRY)?;
        if header[..32] != *MAGIC
            || header[32..] != *key.as_bytes()
            || end.checked_add(index_bytes as u64)?.checked_add(FOOTER as u64)? != length
        {
            return None;
        }
        let mut bytes = vec![0; index_bytes];
        read_at(file, &mut bytes, end).ok()?;
        (checksum == crc32fast::hash(&bytes).to_le_bytes()).then_some(Self { bytes, end })
    }

    /// The entry of image `i`, if it is in the file.
    pub(super) fn get(&self, i: usize) -> Option<Entry> {
        let bytes = self.bytes.as_chunks::<ENTRY>().0.get(i)?;
        let (offset, rest) = bytes.split_first_chunk()?;
        let mut numbers = rest.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
        let mut number = || numbers.next().and_then(|number| usize::try_from(number).ok());
        let size = ImageSize { height: number()?, width: number()?, channels: number()? };
        let offset = u64::from_le_bytes(*offset);
        let bytes = size.height.checked_mul(size.width)?.checked_mul(size.channels)?;
        let within = offset.checked_add(bytes as u64)? <= self.end;
        (within && bytes > 0).then_some(Entry { offset, size, checksum: numbers.next()? })
    }
}
