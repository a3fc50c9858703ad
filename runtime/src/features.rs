//! Files of features: one array of 32-bit numbers, with a row for each image.
//!
//! Rows are written as they come, so that they are never all in memory. The header stands before them and says how many there are,
//! so room is left for it, and it is written at the end.

use crate::error::{Error, Result};
use crate::files::Unfinished;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tch::Tensor;

/// The tensor in a safetensors file.
const NAME: &str = "features";

/// The format of a file of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Safetensors,
    /// NumPy's.
    Npy,
}

/// A file of features that is being written.
pub(crate) struct FeatureFile {
    file: Unfinished,
    path: PathBuf,
    header: Header,
    rows: usize,
    /// How many bytes the header has.
    room: usize,
}

/// What a file says about its numbers, but for how many rows there are.
struct Header {
    format: Format,
    /// The output that they are the values of.
    node: String,
    /// Of one row.
    shape: Vec<i64>,
}

impl FeatureFile {
    /// Begins a file for at most `rows` rows.
    pub(crate) fn create(path: &Path, format: Format, node: &str, shape: &[i64], rows: usize) -> Result<Self> {
        let failed = |e| Error::io("write", path, &e);
        let header = Header { format, node: node.to_owned(), shape: shape.to_vec() };
        let bytes = header.bytes(rows, 0);
        let mut file = Unfinished::create(path).map_err(failed)?;
        file.write_all(&bytes).map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), header, rows: 0, room: bytes.len() })
    }

    /// Adds the rows of a tensor of 32-bit numbers on the CPU.
    pub(crate) fn add(&mut self, rows: &Tensor) -> Result<()> {
        let numbers = Vec::<f32>::try_from(rows.reshape(-1)).map_err(|e| Error::failed(format!("libtorch: {e}")))?;
        let bytes: Vec<u8> = numbers.into_iter().flat_map(f32::to_le_bytes).collect();
        self.file.write_all(&bytes).map_err(|e| Error::io("write", &self.path, &e))?;
        self.rows += rows.size().first().and_then(|&rows| usize::try_from(rows).ok()).unwrap_or(0);
        Ok(())
    }

    /// Makes the file appear in its place, and returns its shape.
    pub(crate) fn finish(mut self) -> Result<Vec<i64>> {
        let header = self.header.bytes(self.rows, self.room);
        let written = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.write_all(&header));
        written.and_then(|()| self.file.finish()).map_err(|e| Error::io("write", &self.path, &e))?;
        Ok(self.header.whole_shape(self.rows))
    }
}

impl Header {
    fn whole_shape(&self, rows: usize) -> Vec<i64> {
        [&[i64::try_from(rows).unwrap_or(i64::MAX)], self.shape.as_slice()].concat()
    }

    /// The header for so many rows, filled with blanks to at least `room` bytes.
    fn bytes(&self, rows: usize, room: usize) -> Vec<u8> {
        match self.format {
            Format::Safetensors => self.safetensors(rows, room),
            Format::Npy => self.npy(rows, room),
        }
    }

    /// The length of what follows in 8 bytes, and JSON.
    fn safetensors(&self, rows: usize, room: usize) -> Vec<u8> {
        let shape = self.whole_shape(rows);
        let bytes = 4 * shape.iter().product::<i64>();
        let json = serde_json::json!({
            "__metadata__": {"node": self.node},
            NAME: {"dtype": "F32", "shape": shape, "data_offsets": [0, bytes]},
        });
        let mut json = json.to_string();
        // Numbers begin at a multiple of 8 bytes, as the format's own library has it.
        let length = json.len().next_multiple_of(8).max(room.saturating_sub(8));
        json.extend(std::iter::repeat_n(' ', length - json.len()));
        [&(length as u64).to_le_bytes(), json.as_bytes()].concat()
    }

    /// Version 1.0: a magic number, the length of what follows in 2 bytes, and a dictionary as Python writes it; all of it a multiple
    /// of 64 bytes.
    fn npy(&self, rows: usize, room: usize) -> Vec<u8> {
        let sizes: Vec<String> = self.whole_shape(rows).iter().map(i64::to_string).collect();
        // A tuple of one needs its comma.
        let comma = if sizes.len() == 1 { "," } else { "" };
        let shape = sizes.join(", ");
        let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}{comma}), }}");
        let begin = b"\x93NUMPY\x01\x00";
        let before = begin.len() + 2;
        let length = (before + text.len() + 1).next_multiple_of(64).max(room) - before;
        text.extend(std::iter::repeat_n(' ', length - text.len() - 1));
        text.push('\n');
        let length = u16::try_from(length).unwrap_or(u16::MAX);
        [begin.as_slice(), &length.to_le_bytes(), text.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::{FeatureFile, Format};
    use std::path::Path;
    use tch::{Device, Kind, Tensor};

    /// Five rows of the ten that there was room for, of each shape.
    fn write(path: &Path, format: Format, shape: &[i64]) -> Tensor {
        let mut file = FeatureFile::create(path, format, "a.b", shape, 1_000_000_000_000).unwrap();
        let whole = [&[5], shape].concat();
        let values = Tensor::randn(&whole, (Kind::Float, Device::Cpu));
        file.add(&values.narrow(0, 0, 3)).unwrap();
        file.add(&values.narrow(0, 3, 2)).unwrap();
        assert_eq!(file.finish().unwrap(), whole);
        values
    }

    #[test]
    fn others_read_what_was_written_row_by_row() {
        let folder = tempfile::tempdir().unwrap();
        for shape in [&[][..], &[7], &[3, 1, 2]] {
            let path = folder.path().join("x.npy");
            let values = write(&path, Format::Npy, shape);
            assert_eq!(Tensor::read_npy(&path).unwrap(), values, "{shape:?}");
            let begin = std::fs::read(&path).unwrap().len() - 4 * values.numel();
            assert_eq!(begin % 64, 0);

            let path = folder.path().join("x.safetensors");
            let values = write(&path, Format::Safetensors, shape);
            let bytes = std::fs::read(&path).unwrap();
            let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
            assert_eq!(header.metadata().as_ref().unwrap()["node"], "a.b");
            let read = Tensor::read_safetensors(&path).unwrap();
            assert_eq!(read, [("features".to_owned(), values)], "{shape:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing unfinished is left");
    }
}
