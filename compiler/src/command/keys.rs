//! `googlenetc report SPEC --layout LAYOUT`: a network's variables under the names of other people's files.

use googlenetc::layout::{self, Key};
use googlenetc::{CheckedNetwork, report};
use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{SourceId, Sources};

use super::report::Format;
use super::{data, print};

/// Prints the keys of a network in the order of the foreign file.
pub(crate) fn print_keys(network: &CheckedNetwork, layout: &str, format: Format) -> u8 {
    match data(layout, googlenetc_specs::LAYOUTS, |sources, id| keys(network, sources, id)) {
        Ok(keys) => print(&written(&keys, format)),
        Err(code) => code,
    }
}

fn keys(network: &CheckedNetwork, sources: &Sources, id: SourceId) -> (Option<Vec<Key>>, Vec<Diagnostic>) {
    let (layout, found) = layout::read(sources, id);
    match layout.map(|layout| layout.keys(&report::report(network).variables)) {
        Some(Ok(keys)) => (Some(keys), found),
        Some(Err(more)) => (None, found.into_iter().chain(more).collect()),
        None => (None, found),
    }
}

const COLUMNS: [&str; 3] = ["variable", "key", "shape"];

fn written(keys: &[Key], format: Format) -> String {
    let rows = || [COLUMNS.map(String::from)].into_iter().chain(keys.iter().map(row));
    match format {
        Format::Human => aligned(&rows().collect::<Vec<_>>()),
        Format::Markdown => {
            let rule = COLUMNS.map(|_| "---".into());
            let line = |cells: [String; 3]| format!("| {} |\n", cells.join(" | "));
            rows().take(1).chain([rule]).chain(rows().skip(1)).map(line).collect()
        }
        Format::Csv => rows().map(|cells| cells.map(quoted).join(",") + "\n").collect(),
        Format::Json => serde_json::to_string_pretty(keys).unwrap_or_default() + "\n",
    }
}

/// Our name, theirs, and the shape; a counter has no name here, and no sizes.
fn row(key: &Key) -> [String; 3] {
    let sizes: Vec<String> = key.shape.iter().map(u64::to_string).collect();
    [key.variable.clone().unwrap_or_default(), key.key.clone(), sizes.join("x")]
}

fn aligned(rows: &[[String; 3]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (ours, theirs) = (width(0), width(1));
    let line = |[variable, key, shape]: &[String; 3]| {
        let variable = if variable.is_empty() { "-" } else { variable };
        format!("{variable:ours$}  {key:theirs$}  {shape}")
    };
    rows.iter().map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

/// A cell of comma-separated values.
fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
