//! Tables of text.

use crate::chart::escaped;
use crate::columns::aligned;

/// Rows of cells below a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::train) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(in crate::train) fn new<T: Into<String>>(heading: impl IntoIterator<Item = T>) -> Self {
        Self { heading: heading.into_iter().map(T::into).collect(), rows: Vec::new() }
    }

    pub(in crate::train) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// For a page.
    pub(super) fn html(&self) -> String {
        let row = |cells: &[String], tag: &str| {
            let cells = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell)));
            format!("<tr>{}</tr>\n", cells.collect::<String>())
        };
        let has_heading = self.heading.iter().any(|name| !name.is_empty());
        let heading = if has_heading { row(&self.heading, "th") } else { String::new() };
        let rows: String = self.rows.iter().map(|cells| row(cells, "td")).collect();
        format!("<table>\n{heading}{rows}</table>\n")
    }

    /// For a terminal: columns below each other.
    pub(in crate::train) fn text(&self) -> String {
        let lines: Vec<&Vec<String>> = std::iter::once(&self.heading).chain(&self.rows).collect();
        aligned(&lines, self.heading.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::new(["", "digits-1", "b"]);
        table.row(["rate", "0.001", "0.01"].map(str::to_owned));
        table.row(["optimizer", "adam", ""].map(str::to_owned));
        assert_eq!(table.text(), "           digits-1  b\nrate       0.001     0.01\noptimizer  adam");
        assert!(table.html().contains("<tr><td>rate</td><td>0.001</td><td>0.01</td></tr>"));
    }
}
