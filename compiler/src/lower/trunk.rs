//! The trunk: what the sections but the heads make, one item after the other.
//!
//! A large spec is mostly trunk, and each of its items is freed as soon as it has been lowered: tree and network of a hundred thousand
//! layers would take twice the memory.

use googlenetc_dsl::tree::{self, Construct, Item, Section};

use super::constructs::Step;
use super::{Lowerer, Place};
use crate::network::{Declared, Group, Source};

/// The trunk, and the heads that are still to be lowered.
pub(super) struct Trunk {
    /// Its items.
    pub(super) groups: Vec<Group>,
    /// Items and heads in the order of their declaration.
    pub(super) declared: Vec<Declared>,
    /// The heads, as declared.
    pub(super) heads: Vec<tree::Head>,
}

/// Lowers the trunk; `place` is where it begins.
pub(super) fn lower(lowerer: &mut Lowerer<'_>, sections: Vec<Section>, place: Place<'_>) -> Trunk {
    let mut trunk = Trunk { groups: Vec::new(), declared: Vec::new(), heads: Vec::new() };
    for section in sections {
        match section {
            Section::Head(head) => {
                trunk.declared.push(Declared::Head(trunk.heads.len()));
                trunk.heads.push(head);
            }
            Section::Body(items) => {
                trunk.groups.reserve_exact(items.len());
                let mut position = 0;
                for item in items {
                    trunk.item(lowerer, item, &mut position, place);
                }
            }
        }
    }
    trunk
}

impl Trunk {
    fn item(&mut self, lowerer: &mut Lowerer<'_>, item: Item, position: &mut usize, place: Place<'_>) {
        if let Construct::Table(mut table) = item.construct {
            *position += 1;
            lowerer.check_table(&table);
            let rows = std::mem::take(&mut table.rows);
            self.groups.reserve_exact(rows.len());
            for row in rows {
                self.step(lowerer, Step::Row(&table, &row), place);
            }
            return;
        }
        let mut steps = Vec::new();
        lowerer.steps_of(&item, position, place, &mut steps);
        for step in steps {
            self.step(lowerer, step, place);
        }
    }

    fn step(&mut self, lowerer: &mut Lowerer<'_>, step: Step<'_>, place: Place<'_>) {
        if lowerer.has_too_many {
            return;
        }
        let input = self.groups.last().map_or(Source::Input, |group| group.output);
        let Some(group) = lowerer.step(step, Place { input, ..place }) else { return };
        self.declared.push(Declared::Trunk(self.groups.len()));
        self.groups.push(group);
    }
}
