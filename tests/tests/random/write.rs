//! A network as a spec, in either syntax, and where its numbers stand.

use std::ops::Range;

use super::network::{Extras, Item, Kind, Layer, Network, Norm, Number, Part, Row, RowContent, Table, Window};

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

/// Writes a network as YAML.
pub(crate) fn yaml(network: &Network) -> Written {
    let mut to = Writer::default();
    to.line("network: Random");
    to.around(|to| {
        to.put("input: ");
        to.sizes(&network.input);
    });
    to.around(|to| {
        to.put("\nclasses: ");
        to.number(network.classes);
    });
    to.line(if network.blocks.is_empty() { "" } else { "\nblocks:" });
    for (index, block) in network.blocks.iter().enumerate() {
        to.line(&format!("  block{index}:"));
        to.line(&format!("    parameters: [{}]", parameters(block.parameters).join(", ")));
        match &block.body {
            Part::Sequence(items) => {
                to.line("    layers:");
                to.yaml_items(items, 6);
            }
            Part::Concat(branches) => to.yaml_branches("concat", branches, 4),
            Part::Add(branches) => to.yaml_branches("add", branches, 4),
            Part::Layer(_) | Part::Repeat(..) | Part::Call(..) | Part::Table(_) => {}
        }
    }
    to.line("body:");
    to.yaml_items(&network.trunk, 2);
    to.line("heads:");
    for (index, head) in network.heads.iter().enumerate() {
        to.names.push(format!("head{index}"));
        to.line(&format!("  head{index}:"));
        if let Some(from) = &head.from {
            to.line(&format!("    from: {from}"));
        }
        if let Some(tenths) = head.weight {
            to.around(|to| {
                to.put("    weight: ");
                to.tenths(tenths);
            });
            to.line("");
        }
        if head.only_in_training {
            to.line("    when: training");
        }
        to.line("    layers:");
        to.yaml_items(&head.layers, 6);
        to.names.pop();
    }
    to.written
}

/// Writes a network in the text language.
pub(crate) fn text(network: &Network) -> Written {
    let mut to = Writer::default();
    to.line("network Random");
    to.put("input ");
    to.sizes(&network.input);
    to.put("\nclasses ");
    to.number(network.classes);
    to.line("");
    for (index, block) in network.blocks.iter().enumerate() {
        to.put(&format!("block block{index}({}) ", parameters(block.parameters).join(", ")));
        match &block.body {
            Part::Sequence(items) => to.text_items(items),
            Part::Concat(_) | Part::Add(_) => {
                to.put("{ ");
                to.text_part(&block.body);
                to.put(" }");
            }
            Part::Layer(_) | Part::Repeat(..) | Part::Call(..) | Part::Table(_) => {}
        }
        to.line("");
    }
    to.put("body ");
    to.text_items(&network.trunk);
    to.line("");
    for (index, head) in network.heads.iter().enumerate() {
        to.put(&format!("head head{index} "));
        if let Some(from) = &head.from {
            to.put(&format!("from={from} "));
        }
        if let Some(tenths) = head.weight {
            to.put("weight=");
            to.tenths(tenths);
            to.put(" ");
        }
        to.put(if head.only_in_training { "when=training " } else { "" });
        to.text_items(&head.layers);
        to.line("");
    }
    to.written
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

    fn yaml_items(&mut self, items: &[Item], indent: usize) {
        for item in items {
            self.start(indent, "- ");
            self.inside(item.name.as_ref(), |to| match &item.name {
                Some(name) => {
                    to.put(&format!("{name}:"));
                    to.yaml_value(&item.part, indent + 2);
                }
                None => to.yaml_unnamed(&item.part, indent),
            });
        }
    }

    /// What follows a key that stands at `indent`.
    fn yaml_value(&mut self, part: &Part, indent: usize) {
        match part {
            Part::Layer(_) | Part::Call(..) => {
                self.put(" ");
                self.yaml_unnamed(part, indent);
            }
            Part::Sequence(items) => {
                self.line("");
                self.yaml_items(items, indent + 2);
            }
            Part::Concat(_) | Part::Add(_) | Part::Repeat(..) | Part::Table(_) => {
                self.line("");
                self.start(indent + 2, "");
                self.yaml_unnamed(part, indent);
            }
        }
    }

    /// What stands at `indent + 2`, after a dash or on a line of its own.
    fn yaml_unnamed(&mut self, part: &Part, indent: usize) {
        match part {
            Part::Layer(layer) => {
                self.layer(layer);
                self.line("");
            }
            Part::Call(block, arguments) => {
                self.call(*block, arguments);
                self.line("");
            }
            // Groups always have a name.
            Part::Sequence(_) => {}
            Part::Concat(branches) => self.yaml_rest_of_branches("concat", branches, indent + 2),
            Part::Add(branches) => self.yaml_rest_of_branches("add", branches, indent + 2),
            Part::Repeat(count, items) => {
                self.around(|to| {
                    to.put("repeat: ");
                    to.number(*count);
                });
                self.line("");
                self.start(indent + 2, "layers:\n");
                self.yaml_items(items, indent + 4);
            }
            Part::Table(table) => self.yaml_table(table, indent + 4),
        }
    }

    fn yaml_branches(&mut self, key: &str, branches: &[Item], indent: usize) {
        self.start(indent, "");
        self.yaml_rest_of_branches(key, branches, indent);
    }

    fn yaml_rest_of_branches(&mut self, key: &str, branches: &[Item], indent: usize) {
        self.line(&format!("{key}:"));
        for branch in branches {
            self.start(indent + 2, &format!("{}:", branch.name.as_deref().unwrap_or_default()));
            self.inside(branch.name.as_ref(), |to| to.yaml_value(&branch.part, indent + 2));
        }
    }

    fn yaml_table(&mut self, table: &Table, indent: usize) {
        self.line("table:");
        self.start(indent, &format!("block: block{}\n", table.block));
        if let Some(prefix) = &table.prefix {
            self.start(indent, &format!("prefix: {prefix}\n"));
        }
        self.start(indent, &format!("columns: [{}]\n", columns(table).join(", ")));
        self.start(indent, "rows:\n");
        for row in &table.rows {
            self.start(indent + 2, "");
            self.inside(Some(&row.name), |to| match &row.content {
                RowContent::Cells { .. } => to.around(|to| {
                    to.put(&format!("{}: [", row.name));
                    to.cells(table, row, ", ");
                    to.put("]");
                }),
                RowContent::Plain(layer) => {
                    to.put(&format!("{}: ", row.name));
                    to.layer(layer);
                }
            });
            self.line("");
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

    fn text_items(&mut self, items: &[Item]) {
        self.line("{");
        for item in items {
            self.text_item(item);
        }
        self.put("}");
    }

    fn text_item(&mut self, item: &Item) {
        if let Some(name) = &item.name {
            self.put(&format!("{name}: "));
        }
        self.text_part(&item.part);
        self.line("");
    }

    fn text_part(&mut self, part: &Part) {
        match part {
            Part::Layer(layer) => self.layer(layer),
            Part::Call(block, arguments) => self.call(*block, arguments),
            Part::Sequence(items) => self.text_items(items),
            Part::Concat(branches) => {
                self.put("concat ");
                self.text_items(branches);
            }
            Part::Add(branches) => {
                self.put("add ");
                self.text_items(branches);
            }
            Part::Repeat(count, items) => {
                self.put("repeat ");
                self.number(*count);
                self.put(" ");
                self.text_items(items);
            }
            Part::Table(table) => {
                self.put(&format!("table block{} ", table.block));
                if let Some(prefix) = &table.prefix {
                    self.put(&format!("prefix={prefix} "));
                }
                self.line("{");
                self.line(&format!("row | {}", columns(table).join(" | ")));
                for row in &table.rows {
                    match &row.content {
                        RowContent::Cells { .. } => {
                            self.put(&format!("{} | ", row.name));
                            self.cells(table, row, " | ");
                        }
                        RowContent::Plain(layer) => {
                            self.put(&format!("{}: ", row.name));
                            self.layer(layer);
                        }
                    }
                    self.line("");
                }
                self.put("}");
            }
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
