//! The columns of the report: what each shows, what it means, and what may go first when there is little room.

use super::layout::{Align, Column};
use super::numbers::{bytes, grouped, short};
use super::{Depth, Field, Report, Row};

/// Every column and sum, with what it means; `--explain` prints it.
const MEANINGS: [(&str, &str); 14] = [
    (
        "type",
        "what the row is, and its name: a layer, a call of a block, or branches that are joined. A convolution with its norm and activation is one row",
    ),
    (
        "name, kind",
        "instead of type, with --depth: the last part of the path, and the layer's keyword, the block's name, or sequence, concat, add, repeat",
    ),
    ("patch/stride", "height x width of a layer's window, and its step; of a global pool, the map that it covers"),
    ("output", "channels x height x width of what comes out for one sample, or the length of a vector"),
    ("depth", "layers with parameters (convolutions and linear layers) on the longest path through the row"),
    ("#1x1, ...", "the parameters of blocks, as each call gives them; `_` is an empty cell"),
    ("parameters", "numbers that training changes by gradient"),
    (
        "buffers",
        "numbers that are saved with the network but not trained by gradient: the running means and variances of batch normalisation",
    ),
    (
        "multiply-adds",
        "multiplications, each with its addition, for one sample, in convolutions and linear layers, biases not counted. A FLOP count is about twice this",
    ),
    (
        "activations",
        "bytes of all values that the row's operations make in a training pass: --batch samples of --dtype numbers. Views (flatten, reshape) make none",
    ),
    (
        "field",
        "receptive field: height x width (one number if square) of the window of the network's input that one position of the output depends on, padding included. `~`: paths with other strides or centres meet, and this is the largest",
    ),
    (
        "field stride",
        "effective stride: how many pixels of the network's input lie between the windows of neighbouring positions",
    ),
    (
        "peak memory",
        "bytes of the values that are there at once when they are the most, the network's input included. A value is there from the operation that makes it to the last one that reads it; in training, what the backward pass reads stays to the end of the forward pass. Weights, gradients and scratch memory are not counted",
    ),
    (
        "training, inference",
        "with all heads; without the heads that run only in training, and with dropout switched off",
    ),
];

/// The columns with what they mean, for people.
pub fn explain() -> String {
    let mut text = String::new();
    for (name, meaning) in MEANINGS {
        text += &format!("{name}\n");
        text += &wrapped(meaning, 100, "    ");
    }
    text
}

fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines = vec![indent.to_owned()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, String::len);
        if line + word.len() + 1 > width {
            lines.push(indent.to_owned());
        }
        if let Some(line) = lines.last_mut() {
            *line += if line == indent { "" } else { " " };
            *line += word;
        }
    }
    lines.join("\n") + "\n"
}

/// A line of the report: a row with its indent, or a title over the rows of a head.
pub(super) enum Entry<'a> {
    /// The name of a head, over its rows.
    Title(&'a str),
    /// A row.
    Row(&'a Row, usize),
}

/// The lines that are shown at a depth.
pub(super) fn entries(report: &Report, depth: Depth) -> Vec<Entry<'_>> {
    let level = match depth {
        Depth::Table => return table(report),
        Depth::Levels(level) => level,
        Depth::All => usize::MAX,
    };
    let shown = report.tree.iter().filter(|row| row.level <= level);
    shown.map(|row| Entry::Row(row, row.level.saturating_sub(1))).collect()
}

/// The first head goes on where the trunk ends; the others stand below their names.
fn table(report: &Report) -> Vec<Entry<'_>> {
    let first = report.heads.first().map(|head| head.name.as_str());
    let mut entries = Vec::new();
    let mut head = None;
    for row in &report.table.rows {
        let apart = row.head.as_deref().filter(|name| Some(*name) != first);
        if let Some(name) = apart.filter(|name| head != Some(*name)) {
            entries.push(Entry::Title(name));
        }
        head = row.head.as_deref();
        entries.push(Entry::Row(row, usize::from(apart.is_some())));
    }
    entries
}

/// The columns of the human and the markdown report. Those with a rank may be left out, the highest rank first.
pub(super) fn columns(report: &Report, depth: Depth, indent: &str) -> Vec<Column> {
    let entries = entries(report, depth);
    let column = |heading: &str, rank: u8, cell: &dyn Fn(&Row) -> String| {
        let cell = |entry: &Entry<'_>| match entry {
            Entry::Row(row, _) => cell(row),
            Entry::Title(_) => String::new(),
        };
        Column::new(heading, Align::Right, rank, entries.iter().map(cell).collect())
    };
    let mut columns = first_columns(&entries, depth, indent);
    columns.push(column("patch/stride", 1, &|row| row.patch.clone().unwrap_or_default()));
    columns.push(column("output", 0, &|row| row.output.to_string()));
    columns.push(column("depth", 2, &|row| row.depth.to_string()));
    if depth == Depth::Table {
        for (index, name) in report.table.columns.iter().enumerate() {
            columns.push(column(&heading(name), 3, &|row| row.values[index].clone().unwrap_or_default()));
        }
    }
    columns.push(column("parameters", 0, &|row| number(row.parameters)).with_short(short));
    if report.totals.training.buffers > 0 {
        columns.push(column("buffers", 4, &|row| number(row.buffers)));
    }
    columns.push(column("multiply-adds", 0, &|row| number(row.multiply_adds)).with_short(short));
    columns.push(column("activations", 7, &|row| bytes(row.activation_bytes)));
    columns.push(column("field", 5, &|row| size(row.receptive_field)));
    columns.push(column("field stride", 6, &|row| row.receptive_field.stride.map(extent).unwrap_or_default()));
    columns
}

fn first_columns(entries: &[Entry<'_>], depth: Depth, indent: &str) -> Vec<Column> {
    let left = |heading: &str, cell: &dyn Fn(&Row) -> &str, indent: &str| {
        let cell = |entry: &Entry<'_>| match entry {
            Entry::Title(name) => format!("{name}:"),
            Entry::Row(row, level) => format!("{}{}", indent.repeat(*level), cell(row)),
        };
        Column::new(heading, Align::Left, 0, entries.iter().map(cell).collect())
    };
    match depth {
        Depth::Table => vec![left("type", &|row| &row.kind, indent)],
        Depth::Levels(_) | Depth::All => {
            vec![left("name", &|row| &row.name, indent), left("kind", &|row| &row.word, "")]
        }
    }
}

/// Nothing for zero, which most rows of a column would be.
fn number(number: u64) -> String {
    if number == 0 { String::new() } else { grouped(number) }
}

fn size(field: Field) -> String {
    format!("{}{}", if field.uniform { "" } else { "~" }, extent(field.size))
}

/// `27`, or `27x21` where height and width differ.
fn extent([height, width]: [u64; 2]) -> String {
    if height == width { height.to_string() } else { format!("{height}x{width}") }
}

/// `n3x3_reduce` as the paper heads it: `#3x3 reduce`.
pub(crate) fn heading(column: &str) -> String {
    let words = column.replace('_', " ");
    match words.strip_prefix('n') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("#{rest}"),
        _ => words,
    }
}
