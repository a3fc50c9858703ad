//! A network as a spec, in either syntax, and where its numbers stand.

mod text;
mod yaml;

use std::ops::Range;

use super::network::{Extras, Kind, Layer, Network, Norm, Number, Row, RowContent, Table, Window};

/// Writes a network as YAML.
pub(crate) fn yaml(network: &Network) -> Written {
    yaml::write(network)
}

/// Writes a network in the text language.
pub(crate) fn text(network: &Network) -> Written {
    text::write(network)
}

/// A spec.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    /// Every number of the network, in the order of [`Network::numbers`].
    pub(crate) marks: Vec<Mark>,
}

/// Where a number stands.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The number itself.
    pub(crate) number: Range<usize>,
    /// The layer, the row of the table, or the line that it is a part of.
    pub(crate) around: Range<usize>,
    /// What stands around it, outermost first: names of items, branches, rows and heads.
    pub(crate) names: Vec<String>,
}

fn parameters(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("p{index}")).collect()
}

#[derive(Default)]
struct Writer {
    written: Written,
    names: Vec<String>,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.written.text.push_str(text);
    }

    fn line(&mut self, text: &str) {
        self.put(text);
        self.put("\n");
    }

    fn start(&mut self, indent: usize, text: &str) {
        self.put(&" ".repeat(indent));
        self.put(text);
    }

    /// Writes something that belongs together, so that its numbers do.
    fn around(&mut self, write: impl FnOnce(&mut Self)) {
        let (start, first) = (self.written.text.len(), self.written.marks.len());
        write(self);
        let end = self.written.text.len();
        self.written.marks[first..].iter_mut().for_each(|mark| mark.around = start..end);
    }

    fn marked(&mut self, text: &str) {
        let start = self.written.text.len();
        self.put(text);
        let number = start..self.written.text.len();
        self.written.marks.push(Mark { around: number.clone(), number, names: self.names.clone() });
    }

    fn number(&mut self, number: u64) {
        self.marked(&number.to_string());
    }

    fn tenths(&mut self, tenths: u64) {
        self.marked(&format!("{}.{}", tenths / 10, tenths % 10));
    }

    fn sizes(&mut self, sizes: &[u64]) {
        for (index, size) in sizes.iter().enumerate() {
            self.put(if index == 0 { "" } else { "x" });
            self.number(*size);
        }
    }

    fn value(&mut self, number: Number) {
        match number {
            Number::Literal(number) => self.number(number),
            Number::Parameter(index) => self.put(&format!("$p{index}")),
            Number::Incoming => self.put("$in"),
            Number::Classes => self.put("$classes"),
        }
    }

    fn attribute(&mut self, name: &str, sizes: &[u64]) {
        if !sizes.is_empty() {
            self.put(&format!(" {name}="));
            self.sizes(sizes);
        }
    }

    fn geometry(&mut self, window: &Window) {
        self.put(" ");
        self.sizes(&window.kernel);
        for (index, number) in window.stride.iter().enumerate() {
            self.put(if index == 0 { "/" } else { "x" });
            self.value(*number);
        }
    }

    fn layer(&mut self, layer: &Layer) {
        self.around(|to| {
            to.kind(&layer.kind);
            if let Some(claim) = &layer.claim {
                to.put(" -> ");
                to.sizes(claim);
            }
        });
    }

    fn kind(&mut self, kind: &Kind) {
        self.put(kind.keyword());
        match kind {
            Kind::Conv { window, channels, groups, extras } => {
                self.geometry(window);
                self.put(" ");
                self.value(*channels);
                self.attribute("groups", groups.as_slice());
                self.rest(window, extras);
            }
            Kind::Depthwise { window, multiplier, extras } => {
                self.geometry(window);
                self.attribute("multiplier", multiplier.as_slice());
                self.rest(window, extras);
            }
            Kind::Pool { window, ceil, counts_pad, .. } => {
                self.geometry(window);
                self.attribute("pad", &window.pad);
                self.attribute("dilation", &window.dilation);
                self.put(if *ceil { " ceil" } else { "" });
                self.put(if *counts_pad { "" } else { " count_include_pad=false" });
            }
            Kind::GlobalPool(_) => self.put(" global"),
            Kind::AdaptivePool(_, sizes) => self.attribute("adaptive", sizes),
            Kind::Linear { features, bias, activation } => {
                self.put(" ");
                self.value(*features);
                self.put(if *bias { "" } else { " bias=false" });
                self.activation(*activation);
            }
            Kind::Reshape(number) | Kind::Lrn(number) => {
                self.put(" ");
                self.number(*number);
            }
            Kind::Dropout(tenths) | Kind::Scale(tenths) => {
                self.put(" ");
                self.tenths(*tenths);
            }
            Kind::Flatten | Kind::BatchNorm | Kind::Plain(_) => {}
        }
    }

    fn rest(&mut self, window: &Window, extras: &Extras) {
        self.attribute("pad", &window.pad);
        self.attribute("dilation", &window.dilation);
        self.put(if extras.bias { " bias" } else { "" });
        match extras.norm {
            Norm::None => {}
            Norm::Batch => self.put(" norm=batch"),
            Norm::Lrn(size) => {
                self.put(" norm=lrn");
                self.attribute("size", &[size]);
            }
        }
        self.activation(extras.activation);
        self.put(&extras.order.map_or_else(String::new, |order| format!(" order={order}")));
    }

    fn activation(&mut self, activation: Option<&str>) {
        if let Some(activation) = activation {
            self.put(&format!(" activation={activation}"));
        }
    }

    fn call(&mut self, block: usize, arguments: &[Number]) {
        self.around(|to| {
            to.put(&format!("block{block}"));
            for argument in arguments {
                to.put(" ");
                to.value(*argument);
            }
        });
    }

    fn inside(&mut self, name: Option<&String>, write: impl FnOnce(&mut Self)) {
        self.names.extend(name.cloned());
        write(self);
        if name.is_some() {
            self.names.pop();
        }
    }

    fn cells(&mut self, table: &Table, row: &Row, separator: &str) {
        let RowContent::Cells { arguments, input, output } = &row.content else { return };
        let mut cells: Vec<&[u64]> = arguments.iter().map(std::slice::from_ref).collect();
        cells.extend(table.has_input.then_some(input.as_deref().unwrap_or_default()));
        cells.extend(table.has_output.then_some(output.as_deref().unwrap_or_default()));
        for (index, cell) in cells.into_iter().enumerate() {
            self.put(if index == 0 { "" } else { separator });
            self.put(if cell.is_empty() { "_" } else { "" });
            self.sizes(cell);
        }
    }
}

fn columns(table: &Table) -> Vec<String> {
    let count = table.rows.iter().find_map(|row| match &row.content {
        RowContent::Cells { arguments, .. } => Some(arguments.len()),
        RowContent::Plain(_) => None,
    });
    let mut columns = parameters(count.unwrap_or_default());
    columns.extend(table.has_input.then(|| "input".to_owned()));
    columns.extend(table.has_output.then(|| "output".to_owned()));
    columns
}
