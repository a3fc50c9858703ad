//! What of a table cannot be compared, because the network has another input or another number of classes.

use super::published::{Published, Row};
use crate::CheckedNetwork;
use crate::shape::Shape;

/// What of a network makes parts of a table not comparable.
pub(super) struct Conditions {
    /// The input's channels, where they are others.
    channels: Option<u64>,
    /// The input, where its height or width is another.
    size: Option<Shape>,
    /// The number of classes, where it is another.
    classes: Option<u64>,
}

/// The columns that are not compared in a row.
pub(super) type Skipped = Vec<&'static str>;

impl Conditions {
    pub(super) fn new(checked: &CheckedNetwork, table: &Published) -> Self {
        let input = checked.input();
        let (own, wanted) = (input.sizes(), &table.input);
        let classes = checked.network().classes.as_ref().map(|classes| classes.value);
        Self {
            channels: own.first().copied().filter(|channels| Some(channels) != wanted.first()),
            size: (own.get(1..) != wanted.get(1..)).then_some(input),
            classes: classes.filter(|classes| *classes != table.classes),
        }
    }

    fn resized(&self, row: &Row) -> bool {
        self.size.is_some() && row.kind != "linear"
    }

    /// What is not compared in `row`; `first` is the row that reads the input.
    pub(super) fn of(&self, row: &Row, first: Option<&str>) -> Skipped {
        let reads_input = self.channels.is_some() && first == Some(row.name.as_str());
        let is_last = self.classes.is_some() && row.kind == "linear";
        let resized = self.resized(row);
        let columns = [
            // The window of a global pool is as large as the map.
            ("patch", resized && row.kind == "avg pool"),
            ("output", resized || is_last),
            ("params", reads_input || is_last),
            ("ops", resized || reads_input || is_last),
        ];
        columns.into_iter().filter(|(_, skipped)| *skipped).map(|(column, _)| column).collect()
    }

    /// The same in words.
    pub(super) fn words(&self, table: &Published, first: Option<&str>) -> Vec<String> {
        let mut words = Vec::new();
        if let Some((channels, row)) = self.channels.zip(first) {
            let wanted = table.input.first().copied().unwrap_or(0);
            words.push(format!("{row}, params and ops: input channels {channels}, the table's {wanted}"));
        }
        if let Some(size) = self.size {
            words.push(format!("every output and ops: the input is {size}, and the table's has another size"));
        }
        if let Some(classes) = self.classes {
            words.push(format!(
                "linear, output, params and ops: {classes} classes, where the table has {}",
                table.classes
            ));
        }
        words.extend(table.not_compared.iter().map(|row| format!("{row}: the row has no number of its own")));
        words
    }
}
