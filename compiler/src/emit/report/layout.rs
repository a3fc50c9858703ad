//! Columns side by side, as many as there is room for.

/// Between two columns.
const GAP: usize = 2;

/// To which side the cells of a column go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column of text.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) align: Align,
    /// 0 for a column that is always shown; of the others, those with small ranks are shown first. Columns of one rank are shown
    /// together or not at all.
    rank: u8,
    pub(super) cells: Vec<String>,
    /// A cell in fewer characters, where there is such a form.
    short: Option<fn(&str) -> String>,
}

/// A grid of columns that has found its room.
pub(super) struct Layout {
    /// Its lines, each with a line feed.
    pub(super) text: String,
    /// The headings of the columns that are left out.
    pub(super) hidden: Vec<String>,
    /// How wide a line must be for all columns.
    pub(super) full_width: usize,
}

impl Column {
    pub(super) fn new(heading: &str, align: Align, rank: u8, cells: Vec<String>) -> Self {
        Self { heading: heading.into(), align, rank, cells, short: None }
    }

    pub(super) fn with_short(self, short: fn(&str) -> String) -> Self {
        Self { short: Some(short), ..self }
    }

    fn shortened(&self) -> Self {
        let Some(short) = self.short else { return self.clone() };
        Self { cells: self.cells.iter().map(|cell| short(cell)).collect(), ..self.clone() }
    }

    fn width(&self, is_folded: bool) -> usize {
        let heading = if is_folded { fold(&self.heading) } else { [self.heading.clone(), String::new()] };
        self.cells.iter().chain(&heading).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

/// Lays columns out in lines of at most `width` characters: first headings fold into two lines, then columns of little rank go, and
/// at last numbers shrink. Columns that are always shown may still be wider than the room.
pub(super) fn lay_out(columns: &[Column], width: Option<usize>) -> Layout {
    let fits = |columns: &[Column], is_folded| width.is_none_or(|width| line_width(columns, is_folded) <= width);
    let full_width = line_width(columns, true);
    if fits(columns, false) {
        return Layout { text: draw(columns, false), hidden: Vec::new(), full_width };
    }
    let mut ranks: Vec<u8> = columns.iter().map(|column| column.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let mut shown: Vec<u8> = vec![0];
    for rank in ranks.into_iter().filter(|rank| *rank > 0) {
        shown.push(rank);
        if !fits(&of_ranks(columns, &shown), true) {
            shown.pop();
        }
    }
    let hidden = columns.iter().filter(|column| !shown.contains(&column.rank));
    let hidden = hidden.map(|column| column.heading.clone()).collect();
    let mut columns = of_ranks(columns, &shown);
    if !fits(&columns, true) {
        columns = columns.iter().map(Column::shortened).collect();
    }
    Layout { text: draw(&columns, true), hidden, full_width }
}

fn of_ranks(columns: &[Column], ranks: &[u8]) -> Vec<Column> {
    columns.iter().filter(|column| ranks.contains(&column.rank)).cloned().collect()
}

fn line_width(columns: &[Column], is_folded: bool) -> usize {
    let widths: usize = columns.iter().map(|column| column.width(is_folded)).sum();
    widths + GAP * columns.len().saturating_sub(1)
}

/// A heading in two lines, broken where that makes it narrowest: after a blank, a slash or a hyphen.
fn fold(heading: &str) -> [String; 2] {
    let breaks = heading.char_indices().filter(|(_, c)| [' ', '/', '-'].contains(c)).map(|(at, c)| at + c.len_utf8());
    let best = breaks.min_by_key(|at| (*at).max(heading.len() - at));
    match best.and_then(|at| heading.split_at_checked(at)) {
        Some((first, second)) => [first.trim_end().into(), second.into()],
        None => [String::new(), heading.into()],
    }
}

fn draw(columns: &[Column], is_folded: bool) -> String {
    let widths: Vec<usize> = columns.iter().map(|column| column.width(is_folded)).collect();
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    let folded: Vec<[String; 2]> = columns.iter().map(|column| fold(&column.heading)).collect();
    let mut text = String::new();
    if is_folded {
        text += &line(columns, &widths, folded.iter().map(|[first, _]| first.as_str()));
        text += &line(columns, &widths, folded.iter().map(|[_, second]| second.as_str()));
    } else {
        text += &line(columns, &widths, columns.iter().map(|column| column.heading.as_str()));
    }
    for row in 0..rows {
        text += &line(columns, &widths, columns.iter().map(|column| column.cells.get(row).map_or("", String::as_str)));
    }
    text
}

fn line<'a>(columns: &[Column], widths: &[usize], cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
        line += &match column.align {
            Align::Left => format!("{cell:<width$}"),
            Align::Right => format!("{cell:>width$}"),
        };
        line += &" ".repeat(GAP);
    }
    line.truncate(line.trim_end().len());
    line + "\n"
}

#[cfg(test)]
mod tests {
    use super::{Align, Column, fold, lay_out};

    fn columns() -> Vec<Column> {
        let column = |heading: &str, rank, cell: &str| Column::new(heading, Align::Right, rank, vec![cell.into()]);
        vec![
            Column::new("type", Align::Left, 0, vec!["pool".into()]),
            column("patch/stride", 1, "3x3/2"),
            column("a", 2, "1"),
            column("b", 2, "2"),
            column("f", 3, "27"),
            column("parameters", 0, "1,000,000").with_short(|_| "1.0M".into()),
        ]
    }

    #[test]
    fn headings_fold_before_columns_go() {
        let wide = lay_out(&columns(), None);
        assert_eq!(wide.text, "type  patch/stride  a  b   f  parameters\npool         3x3/2  1  2  27   1,000,000\n");
        assert_eq!(wide.full_width, 34);
        assert_eq!(lay_out(&columns(), Some(40)).text, wide.text);
        let folded = lay_out(&columns(), Some(39));
        assert_eq!(
            folded.text,
            "      patch/\ntype  stride  a  b   f  parameters\npool   3x3/2  1  2  27   1,000,000\n"
        );
        assert!(folded.hidden.is_empty());
    }

    #[test]
    fn columns_of_a_rank_go_together_and_small_ranks_stay() {
        assert_eq!(lay_out(&columns(), Some(33)).hidden, ["f"]);
        assert_eq!(lay_out(&columns(), Some(29)).hidden, ["a", "b"]);
        assert_eq!(lay_out(&columns(), Some(27)).hidden, ["a", "b", "f"]);
        let least = lay_out(&columns(), Some(3));
        assert_eq!(least.text.lines().last(), Some("pool        1.0M"));
    }

    #[test]
    fn folds() {
        assert_eq!(fold("#3x3 reduce"), ["#3x3", "reduce"]);
        assert_eq!(fold("multiply-adds"), ["multiply-", "adds"]);
        assert_eq!(fold("depth"), ["", "depth"]);
    }
}
