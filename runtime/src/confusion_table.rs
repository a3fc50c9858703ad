//! A confusion matrix as a table in CSV: a row for each class, a column for each class that images are taken for.

use crate::error::{Error, Result};
use crate::metrics::Confusion;
use std::io::Write;
use std::path::Path;

/// Writes the table; the first column and the first line have the names of the classes.
pub(crate) fn write(to: impl Write, confusion: &Confusion, name: &dyn Fn(usize) -> String) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    let classes = 0..confusion.classes();
    writer.write_record(std::iter::once("class".to_owned()).chain(classes.clone().map(name)))?;
    for label in classes.clone() {
        let counts = classes.clone().map(|prediction| confusion.count(label, prediction).to_string());
        writer.write_record(std::iter::once(name(label)).chain(counts))?;
    }
    Ok(writer.flush()?)
}

/// Reads a table that [`write()`] has written: the matrix, and the names of its classes.
pub(crate) fn read(path: &Path) -> Result<(Confusion, Vec<String>)> {
    let wrong = |why: String| Error::failed(format!("`{}`: {why}", path.display()));
    let text = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    let mut table = csv::Reader::from_reader(&*text);
    let names: Vec<String> =
        table.headers().map_err(|e| wrong(e.to_string()))?.iter().skip(1).map(str::to_owned).collect();
    let mut confusion = Confusion::new(names.len());
    for (label, line) in table.records().enumerate() {
        let line = line.map_err(|e| wrong(e.to_string()))?;
        if label >= names.len() {
            return Err(wrong(format!("it has more rows than its {} columns", names.len())));
        }
        for (prediction, count) in line.iter().skip(1).enumerate() {
            let count = count.parse().map_err(|e| wrong(format!("line {}: `{count}`: {e}", label + 2)))?;
            confusion.add_images(label, prediction, count);
        }
    }
    Ok((confusion, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut confusion = Confusion::new(3);
        for (label, prediction) in [(0, 0), (0, 0), (0, 2), (2, 1)] {
            confusion.add(label, prediction);
        }
        let name = |class: usize| ["a, b", "\"c\"", "d"][class].to_owned();
        let file = tempfile::NamedTempFile::new().unwrap();
        write(file.as_file(), &confusion, &name).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert_eq!(text, "class,\"a, b\",\"\"\"c\"\"\",d\n\"a, b\",2,0,1\n\"\"\"c\"\"\",0,0,0\nd,0,1,0\n");
        assert_eq!(read(file.path()).unwrap(), (confusion, (0..3).map(name).collect()));
    }

    #[test]
    fn what_is_no_such_table_is_refused() {
        for (text, says) in [
            ("class,a\na,x\n", "line 2: `x`"),
            ("class,a\na,1\nb,2\n", "more rows than its 1 columns"),
            ("class,a\na,1,2\n", "found record with 3 fields"),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let error = read(file.path()).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
