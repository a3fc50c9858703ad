//! A network in the text language.

use super::super::network::{Item, Network, Part, RowContent};
use super::{Writer, Written, columns, parameters};

pub(super) fn write(network: &Network) -> Written {
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

impl Writer {
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
