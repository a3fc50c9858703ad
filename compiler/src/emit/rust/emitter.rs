//! What is shared while the code of one network is made.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::blocks::BlockStruct;
use super::convolutions::Style;
use super::idents::Names;
use super::rates::Used;
use super::structs::Struct;
use crate::CheckedNetwork;
use crate::against::Published;
use crate::network::{Group, Operation, Source};

/// Names that the generated code uses for its own ends.
const TYPES: &[&str] = &[
    "Fan", "Head", "Heads", "Init", "Mode", "Network", "Option", "Path", "Phase", "Probe", "Rates", "Self", "Some",
    "None", "Tensor", "Vec", "Debug", "Send", "Sync", "Sized", "Box", "String", "Copy", "Clone", "Drop", "Fn",
    "Result", "Ok", "Err",
];

/// The state of making one network's code.
pub(super) struct Emitter<'a> {
    pub(super) checked: &'a CheckedNetwork,
    /// The published table that the spec names.
    pub(super) published: Option<&'a Published>,
    pub(super) types: Names,
    pub(super) styles: Vec<(Style, Ident)>,
    pub(super) blocks: Vec<BlockStruct<'a>>,
    pub(super) rates: Used,
    /// The operations inside items of the trunk whose values heads read, after those items.
    kept: BTreeSet<usize>,
}

impl<'a> Emitter<'a> {
    pub(super) fn new(checked: &'a CheckedNetwork, published: Option<&'a Published>) -> Self {
        let network = checked.network();
        let kept = network.heads.iter().filter_map(|head| match head.source {
            Source::Operation(index) if network.trunk.get(head.after).map(|item| item.output) != Some(head.source) => {
                Some(index)
            }
            Source::Operation(_) | Source::Input | Source::Unknown => None,
        });
        let (types, rates) = (Names::reserving(TYPES), Used::new());
        Self { checked, published, types, styles: Vec::new(), blocks: Vec::new(), rates, kept: kept.collect() }
    }

    pub(super) fn operation(&self, index: usize) -> &'a Operation {
        &self.checked.network().operations[index]
    }

    /// Whether a value must stay for a head that comes after the item of the trunk in which the value is made.
    pub(super) fn is_kept(&self, at: &Struct<'a>, value: Source) -> bool {
        matches!(value, Source::Operation(index) if !at.is_block && self.kept.contains(&index))
    }

    /// Whether a head reads a value that is made inside `group` and is not what the group hands on.
    pub(super) fn has_head_inside(&self, group: &Group) -> bool {
        self.kept.range(group.operations.clone()).any(|index| Source::Operation(*index) != group.output)
    }

    /// The variable for a value: `wanted`, or one of its own where the value must stay.
    pub(super) fn target(&self, at: &mut Struct<'a>, wanted: &Ident, value: Source) -> Ident {
        let Source::Operation(index) = value else { return wanted.clone() };
        if !self.is_kept(at, value) {
            return wanted.clone();
        }
        if let Some(known) = at.kept(value) {
            return known.clone();
        }
        let name = at.locals.snake(&self.operation(index).path);
        at.keep(value, &name);
        name
    }
}
