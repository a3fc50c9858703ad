//! A network as YAML.

use super::super::network::{Item, Network, Part, RowContent, Table};
use super::{Writer, Written, columns, parameters};

pub(super) fn write(network: &Network) -> Written {
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

impl Writer {
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
}
