//! The list of the validation images' classes.

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Annotation<'a> {
    /// The number of the line, from 1.
    pub line: usize,
    /// The name of a file in the folder `images`.
    pub file: &'a str,
    /// The id of its class.
    pub class: &'a str,
}

/// Why a list could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The number of the line, from 1.
    pub line: usize,
    /// What it does, as in `has no class`.
    pub reason: String,
}

/// Reads the list: on each line the name of a file and the id of its class, then four numbers of a box that holds the
/// object, which nothing here needs; all separated by tabulators. Empty lines are passed over.
///
/// # Errors
/// At the first line that is none of these.
pub fn parse(text: &str) -> Result<Vec<Annotation<'_>>, Problem> {
    let mut annotations = Vec::new();
    for (line, content) in (1..).zip(text.lines()).filter(|(_, content)| !content.trim().is_empty()) {
        let mut columns = content.split('\t').map(str::trim);
        let (file, class) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let problem = |reason: String| Problem { line, reason };
        if class.is_empty() {
            return Err(problem(
                "has no class: a file and its class must stand there, with a tabulator between".to_owned(),
            ));
        }
        // The list names files of one folder, and must not lead out of it.
        if file.is_empty() || file.contains(['/', '\\', '\0']) || file == ".." || file == "." {
            return Err(problem(format!("names `{}`, which is no name of a file", file.escape_debug())));
        }
        annotations.push(Annotation { line, file, class });
    }
    Ok(annotations)
}
