//! torchinfo 1.8: a row for each call, in the order in which calls begin, as a tree.

use super::calls::{Call, calls};
use super::modules::Modules;
use super::{Options, parameters, sizes};
use crate::CheckedNetwork;
use crate::ops::Op;
use crate::report::grouped;
use crate::shape::Shape;

/// Width of every column but the first.
const COLUMN: usize = 25;
/// The first column is at least so wide, and grows by steps.
const NAMES: usize = 40;
const STEP: usize = 5;

struct Table<'a> {
    checked: &'a CheckedNetwork,
    modules: &'a Modules,
    options: Options,
    calls: Vec<Call>,
}

/// A line of the table.
struct Line {
    name: String,
    input: String,
    output: String,
    kernel: String,
    parameters: u64,
    multiply_adds: u128,
}

pub(super) fn torchinfo(checked: &CheckedNetwork, modules: &Modules, options: Options) -> String {
    Table { checked, modules, options, calls: calls(checked, modules, options.phase) }.text()
}

impl Table<'_> {
    fn text(&self) -> String {
        let (width, lines) = self.lines();
        let columns = if self.options.all_columns { 5 } else { 2 };
        let rule = format!("{}\n", "=".repeat(width + columns * COLUMN));
        let mut text =
            format!("{rule}{}\n{rule}", self.row(width, "Layer (type:depth-idx)", HEADINGS.map(String::from)));
        for line in lines {
            let number = |number: u128| if number == 0 { "--".into() } else { grouped(number) };
            let cells =
                [line.input, line.output, line.kernel, number(line.parameters.into()), number(line.multiply_adds)];
            text += &self.row(width, &line.name, cells);
            text.push('\n');
        }
        text + &rule + &self.totals(&rule)
    }

    fn row(&self, width: usize, name: &str, [input, output, kernel, parameters, multiply_adds]: [String; 5]) -> String {
        let mut cells = vec![output, parameters];
        if self.options.all_columns {
            cells.insert(0, input);
            cells.insert(2, kernel);
            cells.push(multiply_adds);
        }
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<COLUMN$}")).collect();
        format!("{name:<width$} {}", cells.join(" ")).trim_end().to_owned()
    }

    /// The width of the first column, and the lines down to the depth asked for.
    fn lines(&self) -> (usize, Vec<Line>) {
        let mut counts: Vec<usize> = Vec::new();
        let mut longest = 0;
        let mut lines = vec![self.root()];
        for (index, call) in self.calls.iter().enumerate() {
            counts.resize(counts.len().max(call.depth), 0);
            counts[call.depth - 1] += 1;
            let title = format!("{}: {}-{}", self.modules.list[call.module].class, call.depth, counts[call.depth - 1]);
            longest = longest.max(title.chars().count() + call.depth * STEP + 1);
            if call.depth <= self.options.depth {
                lines.push(self.line(index, call, &title));
            }
        }
        let width = if longest >= NAMES { longest.div_ceil(STEP) * STEP } else { NAMES };
        (width, lines)
    }

    fn root(&self) -> Line {
        let network = self.checked.network();
        let output = network.outputs.first().map(|index| self.checked.shape(network.heads[*index].layers.output));
        let all = parameters(self.checked, self.modules.operations(0));
        let called: u64 = self.children(0, self.calls.len(), 1).map(|call| self.parameters(call.module)).sum();
        Line {
            name: self.modules.list[0].class.clone(),
            input: self.sizes(self.checked.input()),
            output: output.map_or_else(String::new, |output| self.sizes(output)),
            kernel: "--".into(),
            parameters: if self.options.depth == 0 { all } else { all.saturating_sub(called) },
            multiply_adds: 0,
        }
    }

    /// The calls at a depth between two positions.
    fn children(&self, start: usize, end: usize, depth: usize) -> impl Iterator<Item = &Call> {
        self.calls[start..end].iter().filter(move |call| call.depth == depth)
    }

    fn parameters(&self, module: usize) -> u64 {
        parameters(self.checked, self.modules.operations(module))
    }

    fn line(&self, index: usize, call: &Call, title: &str) -> Line {
        let module = &self.modules.list[call.module];
        let all = self.parameters(call.module);
        let inside = index + 1..call.end;
        // What the calls below show is not shown here as well.
        let below = call.depth < self.options.depth && !inside.is_empty();
        let called: u64 =
            self.children(inside.start, inside.end, call.depth + 1).map(|c| self.parameters(c.module)).sum();
        let leaves =
            self.calls[index..call.end].iter().map(|call| self.multiply_adds(call)).fold(0, u128::saturating_add);
        let branch = match call.depth {
            1 => "├─".to_owned(),
            depth => format!("{}└─", "│    ".repeat(depth - 1)),
        };
        Line {
            name: format!("{branch}{title}"),
            input: self.sizes(call.input),
            output: self.sizes(call.output),
            kernel: module.operation.map_or_else(|| "--".into(), |index| self.kernel(index)),
            parameters: if below { all.saturating_sub(called) } else { all },
            multiply_adds: if below { 0 } else { leaves },
        }
    }

    /// A kernel as the module has it: convolutions by both sides, pools by one number where one is enough.
    fn kernel(&self, index: usize) -> String {
        let op = &self.checked.network().operations[index].op;
        let Some([rows, columns]) = op.rule().window().map(|window| window.kernel) else { return "--".into() };
        if rows == columns && !matches!(op, Op::Convolution(_)) {
            rows.to_string()
        } else {
            format!("[{rows}, {columns}]")
        }
    }

    fn sizes(&self, shape: Shape) -> String {
        sizes(&self.options.batch.to_string(), shape)
    }

    /// torchinfo multiplies what a module owns, biases included, with the places of a convolution's output.
    fn multiply_adds(&self, call: &Call) -> u128 {
        let Some(index) = self.modules.list[call.module].operation else { return 0 };
        let own = self.checked.parameters(index);
        let places = match (&self.checked.network().operations[index].op, call.output) {
            (Op::Convolution(_), Shape::Map { height, width, .. }) => height.saturating_mul(width),
            _ => 1,
        };
        u128::from(own).saturating_mul(u128::from(places)).saturating_mul(u128::from(self.options.batch))
    }

    #[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
    fn totals(&self, rule: &str) -> String {
        let all = self.parameters(0);
        let owners = self.calls.iter().filter(|call| self.own(call) > 0);
        // In a batch of any size there may be more than 64 bits count.
        let in_batch = |shape: Shape| u128::from(shape.elements()) * u128::from(self.options.batch);
        let elements = owners.map(|call| in_batch(call.output)).fold(0, u128::saturating_add);
        let called: u128 = self.calls.iter().map(|call| u128::from(self.own(call))).sum();
        let multiply_adds = self.calls.iter().map(|call| self.multiply_adds(call)).fold(0, u128::saturating_add);
        let size = |numbers: u128| 4.0 * numbers as f64 / 1e6;
        let input = size(in_batch(self.checked.input()));
        // Twice, for the gradients.
        let (passes, weights) = (2.0 * size(elements), size(called));
        let (unit, scale) = unit(multiply_adds);
        format!(
            "Total params: {0}\nTrainable params: {0}\nNon-trainable params: 0\n\
             Total mult-adds (Units.{unit}): {1:.2}\n{rule}\
             Input size (MB): {input:.2}\nForward/backward pass size (MB): {passes:.2}\n\
             Params size (MB): {weights:.2}\nEstimated Total Size (MB): {2:.2}\n{rule}",
            grouped(all),
            multiply_adds as f64 / scale,
            input + passes + weights,
        )
    }

    fn own(&self, call: &Call) -> u64 {
        parameters(self.checked, self.modules.list[call.module].operation)
    }
}

const HEADINGS: [&str; 5] = ["Input Shape", "Output Shape", "Kernel Shape", "Param #", "Mult-Adds"];

fn unit(number: u128) -> (&'static str, f64) {
    match number {
        1_000_000_000_000.. => ("TERABYTES", 1e12),
        1_000_000_000.. => ("GIGABYTES", 1e9),
        1_000_000.. => ("MEGABYTES", 1e6),
        1_000.. => ("KILOBYTES", 1e3),
        _ => ("NONE", 1.0),
    }
}
