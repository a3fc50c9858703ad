//! A summary as a table.

use super::owners::scope_of;
use super::{Count, Summary, Variable};
use crate::grouped::grouped;
use std::fmt;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: input {}\n", self.network, written(&self.input))?;
        let mut rows = vec![["output".to_owned(), "shape".to_owned(), "parameters".to_owned(), "buffers".to_owned()]];
        for output in &self.outputs {
            let mark = if output.training_only { "  (training only)" } else { "" };
            rows.push([output.path.clone(), format!("{}{mark}", written(&output.shape)), String::new(), String::new()]);
            rows.extend(output.variables.iter().map(|variable| {
                let scope = scope_of(&variable.name);
                let short = variable.name.strip_prefix(scope).map(|name| name.trim_start_matches('.'));
                variable.row(short.filter(|_| output.path.starts_with(scope)).unwrap_or(&variable.name))
            }));
        }
        if !self.idle.is_empty() {
            rows.push(["(did not run)", "", "", ""].map(str::to_owned));
            rows.extend(self.idle.iter().map(|variable| variable.row(&variable.name)));
        }
        table(f, &rows)?;
        let mut totals = vec![["total", "parameters", "buffers"].map(str::to_owned)];
        totals.extend(self.training.iter().map(|count| count.row("training")));
        totals.push(self.inference.row("inference"));
        writeln!(f)?;
        table(f, &totals)
    }
}

impl Variable {
    fn row(&self, name: &str) -> [String; 4] {
        let numbers = grouped(self.numbers());
        let [parameters, buffers] = if self.trainable { [numbers, String::new()] } else { [String::new(), numbers] };
        [format!("  {name}"), format!("  {}", written(&self.shape)), parameters, buffers]
    }
}

impl Count {
    fn row(&self, name: &str) -> [String; 3] {
        [name.to_owned(), grouped(self.parameters), grouped(self.buffers)]
    }
}

/// Columns two spaces apart; those with numbers, the last two, to the right.
fn table<const N: usize>(f: &mut fmt::Formatter<'_>, rows: &[[String; N]]) -> fmt::Result {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column + 2 < N { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn written(shape: &[i64]) -> String {
    shape.iter().map(i64::to_string).collect::<Vec<_>>().join("x")
}
