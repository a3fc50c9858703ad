//! Decoded images that are kept are the images, whatever becomes of the file that they are kept in.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::decode::{Channels, Orientation, Reading};
use googlenetc_runtime::data::{Cache, Image, ImageSize, Source, cached};
use googlenetc_runtime::error::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// Files whose content is the pixels: one row of as many columns as there are bytes.
struct Rows {
    folder: PathBuf,
    labels: Vec<u32>,
    reading: Reading,
    decoded: AtomicUsize,
}

impl Source for Rows {
    fn classes(&self) -> &[String] {
        &[]
    }

    fn labels(&self) -> &[u32] {
        &self.labels
    }

    fn name(&self, index: usize) -> String {
        self.path(index).unwrap().display().to_string()
    }

    fn image(&self, index: usize) -> Result<Image> {
        self.decoded.fetch_add(1, Ordering::Relaxed);
        let path = self.path(index).unwrap();
        let pixels = fs::read(&path).map_err(|e| Error::io("read", &path, &e))?;
        assert_ne!(pixels, b"panic");
        Image::new(ImageSize { height: 1, width: pixels.len(), channels: 1 }, pixels)
    }

    fn path(&self, index: usize) -> Option<PathBuf> {
        Some(self.folder.join(format!("{index}.row")))
    }

    fn reading(&self) -> Reading {
        self.reading
    }
}

/// A folder with files of 1, 2, 3, ... bytes.
struct Files {
    folder: tempfile::TempDir,
    count: usize,
}

impl Files {
    fn new(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..count {
            fs::write(folder.path().join(format!("{i}.row")), content(i)).unwrap();
        }
        Self { folder, count }
    }

    fn source(&self) -> Arc<Rows> {
        let folder = self.folder.path().to_owned();
        let labels = vec![0; self.count];
        Arc::new(Rows { folder, labels, reading: Reading::default(), decoded: AtomicUsize::new(0) })
    }

    fn cache(&self) -> Cache {
        Cache::Folder(self.folder.path().join("cache"))
    }

    /// All cache files.
    fn cache_files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("cache")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn content(i: usize) -> Vec<u8> {
    (0..=i).map(|k| u8::try_from((i * 31 + k * 7) % 256).unwrap()).collect()
}

fn keep(source: &Arc<Rows>, cache: &Cache) -> Arc<dyn Source> {
    cached(&(source.clone() as Arc<dyn Source>), cache, 2, &mut |_, _| ()).unwrap()
}

fn check(source: &dyn Source) {
    for i in (0..source.labels().len()).rev() {
        assert_eq!(source.image(i).unwrap().pixels(), content(i), "image {i}");
    }
}

fn decoded(source: &Rows) -> usize {
    source.decoded.load(Ordering::Relaxed)
}

#[test]
fn images_are_decoded_once_in_a_process_that_keeps_them() {
    let files = Files::new(20);
    let source = files.source();
    let kept = keep(&source, &Cache::Memory);
    check(&*kept);
    check(&*kept);
    assert_eq!(decoded(&source), 20);
}

#[test]
fn images_are_decoded_once_for_several_runs() {
    let files = Files::new(20);
    let first = files.source();
    let mut told = Vec::new();
    let kept = cached(&(first.clone() as Arc<dyn Source>), &files.cache(), 3, &mut |i, n| told.push((i, n))).unwrap();
    check(&*kept);
    assert_eq!(decoded(&first), 20);
    assert_eq!(told, (1..=20).map(|i| (i, 20)).collect::<Vec<_>>());
    let second = files.source();
    check(&*keep(&second, &files.cache()));
    assert_eq!(decoded(&second), 0);
    assert_eq!(files.cache_files().len(), 1);
}

#[test]
fn what_changes_is_decoded_anew() {
    let files = Files::new(5);
    keep(&files.source(), &files.cache());
    let other_reading = [
        Reading { channels: Channels::Grey, ..Reading::default() },
        Reading { orientation: Orientation::Exif, ..Reading::default() },
    ];
    for reading in other_reading {
        let source = Arc::new(Rows { reading, ..Arc::into_inner(files.source()).unwrap() });
        check(&*keep(&source, &files.cache()));
        assert_eq!(decoded(&source), 5, "{reading:?}");
    }
    // Another time alone, as after a change that keeps the size.
    let file = fs::File::options().append(true).open(files.source().path(3).unwrap()).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(5)).unwrap();
    let source = files.source();
    check(&*keep(&source, &files.cache()));
    assert_eq!(decoded(&source), 5);
}

#[test]
fn a_damaged_cache_gives_the_images_all_the_same() {
    let files = Files::new(12);
    keep(&files.source(), &files.cache());
    let [path]: [PathBuf; 1] = files.cache_files().try_into().unwrap();
    let whole = fs::read(&path).unwrap();
    let pixels: usize = (1..=12).sum();
    assert_eq!(whole.len(), 64 + pixels + 12 * 24 + 12);
    let flipped = (0..whole.len()).map(|i| {
        let mut bytes = whole.clone();
        bytes[i] ^= 1 << (i % 8);
        bytes
    });
    let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
    let longer = [whole.iter().chain(b"more").copied().collect()];
    for (i, bytes) in flipped.chain(cut).chain(longer).enumerate() {
        fs::write(&path, bytes).unwrap();
        let source = files.source();
        check(&*keep(&source, &files.cache()));
        assert!(decoded(&source) > 0, "damage {i} was not noticed");
        // The next run has a whole one again.
        let source = files.source();
        keep(&source, &files.cache());
        assert_eq!(fs::read(&path).unwrap(), whole, "damage {i} stayed");
    }
}

#[test]
fn a_cache_is_whole_or_not_there() {
    let files = Files::new(3);
    let cache = files.folder.path().join("cache");
    fs::write(&cache, "a file, and no folder").unwrap();
    let source = files.source() as Arc<dyn Source>;
    let error = cached(&source, &files.cache(), 1, &mut |_, _| ()).err().unwrap();
    assert!(error.to_string().contains(&*cache.to_string_lossy()), "{error}");
    fs::remove_file(&cache).unwrap();
    keep(&files.source(), &files.cache());
    let names: Vec<_> = files.cache_files().iter().map(|path| extension(path)).collect();
    assert_eq!(names, ["images"]);
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn images_that_cannot_be_read_are_errors_when_they_are_asked_for() {
    for content in [&b""[..], b"panic"] {
        let files = Files::new(4);
        fs::write(files.source().path(2).unwrap(), content).unwrap();
        let kept = keep(&files.source(), &files.cache());
        for i in [0, 1, 3] {
            assert_eq!(kept.image(i).unwrap().pixels(), self::content(i));
        }
        if content.is_empty() {
            assert!(kept.image(2).is_err());
        }
    }
}
