//! The findings, as data and as text.

use crate::data::Location;
use serde::Serialize;
use std::fmt;

/// With more classes than this, the text lists those with the fewest and with the most images.
const ALL_LISTED: usize = 20;

/// How many of the fewest and of the most it lists then.
const EXTREMES: usize = 5;

/// How many unreadable images the text lists.
const UNREADABLE: usize = 20;

/// What is in a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The kind of data set.
    pub kind: String,
    /// The folder that it lies in.
    pub folder: String,
    /// The parts that could be read.
    pub parts: Vec<PartReport>,
    /// What is wrong, unreadable images aside.
    pub problems: Vec<String>,
}

/// What is in one part of a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartReport {
    /// `training`, `test` or `validation`.
    pub part: &'static str,
    /// The number of images.
    pub images: usize,
    /// All classes, in the order of their numbers.
    pub classes: Vec<Class>,
    /// Of all sizes the one with fewest pixels.
    pub smallest: Option<SizeCount>,
    /// The one with most pixels.
    pub largest: Option<SizeCount>,
    /// The one that most images have.
    pub commonest: Option<SizeCount>,
    /// How many sizes there are.
    pub different_sizes: usize,
    /// The formats of the files and their channels, the commonest first.
    pub formats: Vec<Format>,
    /// The images that cannot be read, each with the reason.
    pub unreadable: Vec<String>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Its number.
    pub number: usize,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// How many images there are of it.
    pub images: usize,
}

/// The size of an image in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Size {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

/// How many images have a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SizeCount {
    /// The size.
    #[serde(flatten)]
    pub size: Size,
    /// How many images have it.
    pub images: usize,
    /// One of them.
    pub example: String,
}

/// How many images have a format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Format {
    /// As in `JPEG, RGB`.
    pub format: String,
    /// How many images have it.
    pub images: usize,
}

impl Size {
    pub(super) fn pixels(self) -> usize {
        self.height.saturating_mul(self.width)
    }
}

impl PartReport {
    pub(super) fn new(part: &'static str, images: usize) -> Self {
        Self { part, images, ..Self::default() }
    }
}

impl Report {
    pub(super) fn new(location: &Location) -> Self {
        let (kind, folder) = (location.kind().to_string(), location.folder().display().to_string());
        Self { kind, folder, parts: Vec::new(), problems: Vec::new() }
    }

    /// Whether nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty() && self.parts.iter().all(|part| part.unreadable.is_empty())
    }

    /// Adds to the problems what the counts show.
    pub(super) fn find_problems(&mut self) {
        for PartReport { part, classes, .. } in &self.parts {
            let empty = classes.iter().filter(|class| class.images == 0);
            self.problems.extend(empty.map(|class| format!("there is no {part} image of {}", class.describe())));
        }
    }
}

impl Class {
    fn describe(&self) -> String {
        match &self.name {
            Some(name) => format!("class {} (`{name}`)", self.number),
            None => format!("class {}", self.number),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.height, self.width)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in `{}`", self.kind, self.folder)?;
        for part in &self.parts {
            write!(f, "\n\n{part}")?;
        }
        let unreadable: Vec<_> = self.parts.iter().flat_map(|part| &part.unreadable).collect();
        if !unreadable.is_empty() {
            write!(f, "\n\n{}:", count(unreadable.len(), "unreadable image"))?;
            unreadable.iter().take(UNREADABLE).try_for_each(|reason| write!(f, "\n  {reason}"))?;
            if unreadable.len() > UNREADABLE {
                write!(f, "\n  and {} more, which --json lists", unreadable.len() - UNREADABLE)?;
            }
        }
        if !self.problems.is_empty() {
            write!(f, "\n\n{}:", count(self.problems.len(), "problem"))?;
            self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for PartReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, count(self.images, "image"))?;
        let line = |sizes: &SizeCount| format!("{} ({})", sizes.size, sizes.example);
        if let (Some(smallest), Some(largest), Some(commonest)) = (&self.smallest, &self.largest, &self.commonest) {
            if self.different_sizes == 1 {
                write!(f, "\n  size     {} (height x width), all", smallest.size)?;
            } else {
                write!(
                    f,
                    "\n  sizes    {} different (height x width); most often {}, {} times",
                    self.different_sizes, commonest.size, commonest.images
                )?;
                write!(f, "\n           smallest {}\n           largest  {}", line(smallest), line(largest))?;
            }
        }
        let formats: Vec<_> =
            self.formats.iter().map(|format| format!("{} ({})", format.format, format.images)).collect();
        if !formats.is_empty() {
            write!(f, "\n  formats  {}", formats.join("; "))?;
        }
        self.write_classes(f)
    }
}

impl PartReport {
    fn write_classes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = || self.classes.iter().map(|class| class.images);
        let (Some(least), Some(most)) = (counts().min(), counts().max()) else { return Ok(()) };
        let each = if least == most {
            format!("{} each", count(least, "image"))
        } else {
            format!("{least} to {most} images each")
        };
        write!(f, "\n  classes  {}, {each}", self.classes.len())?;
        let mut shown: Vec<&Class> = self.classes.iter().collect();
        let mut gap = None;
        if shown.len() > ALL_LISTED {
            if least == most {
                return Ok(());
            }
            shown.sort_by_key(|class| class.images);
            shown.drain(EXTREMES..shown.len() - EXTREMES);
            gap = Some(EXTREMES);
        }
        let width = shown.iter().map(|class| class.number.to_string().len()).max().unwrap_or(1);
        let digits = most.to_string().len();
        for (i, class) in shown.iter().enumerate() {
            if gap == Some(i) {
                write!(f, "\n    ...")?;
            }
            let name = class.name.as_deref().unwrap_or_default();
            write!(
                f,
                "{}",
                format!("\n    {:>width$}  {:>digits$}  {name}", class.number, class.images).trim_end_matches(' ')
            )?;
        }
        Ok(())
    }
}

/// As in `1 image`, `2 images`.
fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("{number} {what}") } else { format!("{number} {what}s") }
}
