//! What is in a data set, and what is wrong with it.

mod file;
mod report;

pub use report::{Class, Format, PartReport, Report, Size, SizeCount};

use super::parallel::InOrder;
use super::{Location, Part, Source, class_counts};
use crate::error::Result;
use file::{Found, look_at};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many images a thread looks at before it says so.
const AT_A_TIME: usize = 16;

/// Looks at all images of both parts with this many threads: at the headers of their files, or to `decode` at the whole of
/// them. What is wrong becomes part of the report. `progress` is told, after each few, how many images are done, and of how
/// many.
///
/// # Errors
/// When threads cannot do their work; nothing that is wrong with the data set.
pub fn check(location: &Location, decode: bool, workers: usize, progress: impl Fn(usize, usize)) -> Result<Report> {
    let mut report = Report::new(location);
    let mut parts = Vec::new();
    for (part, name) in [(Part::Training, Some("training")), (Part::HeldOut, location.held_out_name())] {
        // A folder of images may have one part only.
        let Some(name) = name.filter(|_| location.has(part)) else { continue };
        match location.open(part) {
            Ok(source) => parts.push((name, source)),
            Err(e) => report.problems.push(e.to_string()),
        }
    }
    let all = parts.iter().map(|(_, source)| source.labels().len()).sum();
    let mut done = 0;
    for (name, source) in parts {
        let looked = look_at_all(&source, decode, workers, |count| progress(done + count, all))?;
        done += source.labels().len();
        report.parts.push(summarise(name, &*source, looked));
    }
    report.find_problems();
    Ok(report)
}

/// What was found in each image, in order.
fn look_at_all(
    source: &Arc<dyn Source>,
    decode: bool,
    workers: usize,
    progress: impl Fn(usize),
) -> Result<Vec<std::result::Result<Found, String>>> {
    let images = source.labels().len();
    let shared = source.clone();
    let chunks = InOrder::new(0..images.div_ceil(AT_A_TIME), workers, move |chunk, _| {
        let range = chunk * AT_A_TIME..images.min((chunk + 1) * AT_A_TIME);
        Ok(range.map(|i| look_at(&*shared, i, decode)).collect::<Vec<_>>())
    });
    let mut found = Vec::with_capacity(images);
    for chunk in chunks {
        found.extend(chunk?);
        progress(found.len());
    }
    Ok(found)
}

fn summarise(name: &'static str, source: &dyn Source, looked: Vec<std::result::Result<Found, String>>) -> PartReport {
    let mut part = PartReport::new(name, source.labels().len());
    let names = source.classes();
    let class = |(number, images)| Class { number, name: names.get(number).cloned(), images };
    part.classes = class_counts(source).into_iter().enumerate().map(class).collect();
    let mut sizes: BTreeMap<Size, (usize, usize)> = BTreeMap::new();
    let mut formats: BTreeMap<String, usize> = BTreeMap::new();
    for (i, found) in looked.into_iter().enumerate() {
        match found {
            Ok(Found { size, format }) => {
                sizes.entry(size).or_insert((0, i)).0 += 1;
                *formats.entry(format).or_default() += 1;
            }
            Err(reason) => part.unreadable.push(reason),
        }
    }
    let describe = |(&size, &(images, example)): (&Size, &(usize, usize))| SizeCount {
        size,
        images,
        example: source.name(example),
    };
    // Of equal ones the first in order of height and width.
    part.smallest = sizes.iter().min_by_key(|(size, _)| size.pixels()).map(describe);
    part.largest = sizes.iter().rev().max_by_key(|(size, _)| size.pixels()).map(describe);
    part.commonest = sizes.iter().rev().max_by_key(|(_, (images, _))| *images).map(describe);
    part.different_sizes = sizes.len();
    part.formats = formats.into_iter().map(|(format, images)| Format { format, images }).collect();
    part.formats.sort_by_key(|format| Reverse(format.images));
    part
}
