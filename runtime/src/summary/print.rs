//! A summary as a table.

use super::owners::scope_of;
use super::{Branches, Count, Summary, Variable};
use crate::columns::aligned;
use crate::grouped::grouped;
use clap::ValueEnum;
use std::fmt;

/// What of a summary is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Style {
    /// Every output with the variables that it is computed with, and how many numbers they have
    #[default]
    Full,
    /// The last output of each stage: a stage ends where height and width become smaller and then stay. Auxiliary heads are left out
    Stages,
    /// The outputs of blocks, and of each of their branches. Auxiliary heads are left out
    Branches,
}

impl Summary {
    /// The summary as text.
    pub fn text(&self, style: Style) -> String {
        let text = Text { summary: self, style };
        text.to_string()
    }

    fn write_full(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        writeln!(f, "{}", aligned(&rows, 2))?;
        let mut totals = vec![["total", "parameters", "buffers"].map(str::to_owned)];
        totals.extend(self.training.iter().map(|count| count.row("training")));
        totals.push(self.inference.row("inference"));
        writeln!(f)?;
        writeln!(f, "{}", aligned(&totals, 1))
    }

    fn write_stages(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![["stage", "ends with", "shape"].map(str::to_owned)];
        let stages = self.stages().into_iter().enumerate();
        rows.extend(stages.map(|(i, output)| [i.to_string(), output.path.clone(), written(&output.shape)]));
        writeln!(f, "{}", aligned(&rows, 3))
    }

    fn write_branches(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![["output", "shape"].map(str::to_owned)];
        for Branches { output, branches } in self.branches() {
            rows.push([output.path.clone(), written(&output.shape)]);
            rows.extend(
                branches.iter().map(|(name, last)| [format!("  {name}"), format!("  {}", written(&last.shape))]),
            );
        }
        if rows.len() == 1 {
            return writeln!(f, "nothing in it has branches");
        }
        writeln!(f, "{}", aligned(&rows, 2))
    }
}

/// A summary and how it is shown.
struct Text<'a> {
    summary: &'a Summary,
    style: Style,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: input {}\n", self.summary.network, written(&self.summary.input))?;
        match self.style {
            Style::Full => self.summary.write_full(f),
            Style::Stages => self.summary.write_stages(f),
            Style::Branches => self.summary.write_branches(f),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text { summary: self, style: Style::Full }.fmt(f)
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

fn written(shape: &[i64]) -> String {
    shape.iter().map(i64::to_string).collect::<Vec<_>>().join("x")
}
