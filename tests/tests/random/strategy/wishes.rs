//! Wishes, which are all that is drawn: numbers and choices, any of which may be impossible where they end up.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// Numbers from which a layer is made.

#[derive(Debug, Clone)]
pub(super) struct LayerWish {
    pub(super) kind: u8,
    pub(super) kernel: [u64; 2],
    pub(super) stride: [u64; 2],
    pub(super) pad: [u64; 4],
    /// How many numbers say stride, padding and dilation.
    pub(super) said: [usize; 3],
    pub(super) dilation: [u64; 2],
    pub(super) channels: u64,
    pub(super) groups: usize,
    pub(super) extras: [u8; 3],
    pub(super) is_claimed: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Wish {
    Layer(LayerWish),
    Group(Vec<NamedWish>),
    Branches(BranchesWish),
    Repeat(u64, Vec<NamedWish>),
    Call(usize, Vec<u64>),
    Table(TableWish),
}

#[derive(Debug, Clone)]
pub(super) struct NamedWish {
    pub(super) is_named: bool,
    pub(super) wish: Wish,
}

#[derive(Debug, Clone)]
pub(super) struct BranchesWish {
    pub(super) is_add: bool,
    pub(super) has_identity: bool,
    pub(super) is_reduction: bool,
    pub(super) branches: Vec<Vec<NamedWish>>,
    pub(super) last: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(super) struct TableWish {
    pub(super) block: usize,
    pub(super) has_prefix: bool,
    pub(super) claims: [bool; 2],
    pub(super) rows: Vec<(Vec<u64>, Option<LayerWish>)>,
}

#[derive(Debug, Clone)]
pub(super) struct BlockWish {
    pub(super) parameters: usize,
    pub(super) body: Vec<NamedWish>,
    pub(super) branches: Option<BranchesWish>,
}

#[derive(Debug, Clone)]
pub(super) struct HeadWish {
    pub(super) from: usize,
    pub(super) weight: Option<u64>,
    pub(super) only_in_training: bool,
    pub(super) pool: u8,
    /// How many values a reshape takes at a time, in halves of a sample; none for a flatten.
    pub(super) reshape: Option<u64>,
    pub(super) hidden: Vec<LayerWish>,
    pub(super) dropout: Option<u64>,
    pub(super) says_classes: bool,
}

pub(super) fn layer_wish() -> impl Strategy<Value = LayerWish> {
    let sizes = || [1_u64..=5, 1..=5];
    let window = (sizes(), [1_u64..=3, 1..=3], [0_u64..=2, 0..=2, 0..=2, 0..=2], [0_usize..=2, 0..=4, 0..=2]);
    let rest = ([1_u64..=2, 1..=2], 1_u64..=12, 0_usize..6, any::<[u8; 3]>(), any::<bool>());
    (any::<u8>(), window, rest).prop_map(
        |(kind, (kernel, stride, pad, said), (dilation, channels, groups, extras, is_claimed))| LayerWish {
            kind,
            kernel,
            stride,
            pad,
            said,
            dilation,
            channels,
            groups,
            extras,
            is_claimed,
        },
    )
}

pub(super) fn named_wish() -> impl Strategy<Value = NamedWish> {
    let leaf = prop_oneof![
        8 => layer_wish().prop_map(Wish::Layer),
        1 => (0_usize..3, vec(1_u64..=8, 4)).prop_map(|(block, arguments)| Wish::Call(block, arguments)),
        1 => table_wish().prop_map(Wish::Table),
    ];
    let named = |wish| (any::<bool>(), wish).prop_map(|(is_named, wish)| NamedWish { is_named, wish });
    named(leaf.boxed()).prop_recursive(3, 12, 3, move |inner| {
        let items = || vec(inner.clone(), 1..4);
        named(
            prop_oneof![
                2 => layer_wish().prop_map(Wish::Layer),
                1 => items().prop_map(Wish::Group),
                2 => branches_wish(inner.clone()).prop_map(Wish::Branches),
                1 => (1_u64..=3, items()).prop_map(|(count, items)| Wish::Repeat(count, items)),
            ]
            .boxed(),
        )
    })
}

pub(super) fn branches_wish(inner: impl Strategy<Value = NamedWish> + Clone) -> impl Strategy<Value = BranchesWish> {
    (any::<[bool; 3]>(), vec(vec(inner, 1..3), 1..4), vec(any::<u8>(), 4)).prop_map(
        |([is_add, has_identity, is_reduction], branches, last)| BranchesWish {
            is_add,
            has_identity,
            is_reduction,
            branches,
            last,
        },
    )
}

pub(super) fn table_wish() -> impl Strategy<Value = TableWish> {
    let row = (vec(1_u64..=8, 4), prop_oneof![3 => Just(None), 1 => layer_wish().prop_map(Some)]);
    (0_usize..3, any::<bool>(), any::<[bool; 2]>(), vec(row, 1..4))
        .prop_map(|(block, has_prefix, claims, rows)| TableWish { block, has_prefix, claims, rows })
}

pub(super) fn block_wish() -> impl Strategy<Value = BlockWish> {
    let branches = prop_oneof![1 => Just(None), 2 => branches_wish(named_wish().boxed()).prop_map(Some)];
    (0_usize..=3, vec(named_wish(), 1..3), branches).prop_map(|(parameters, body, branches)| BlockWish {
        parameters,
        body,
        branches,
    })
}

pub(super) fn head_wish() -> impl Strategy<Value = HeadWish> {
    let dropout = prop_oneof![Just(None), (0_u64..10).prop_map(Some)];
    let weight = prop_oneof![Just(None), (0_u64..20).prop_map(Some)];
    let reshape = prop_oneof![3 => Just(None), 1 => prop_oneof![Just(2_u64), Just(1), Just(4)].prop_map(Some)];
    let flags = (any::<bool>(), any::<bool>());
    (0_usize..8, weight, 0_u8..4, reshape, vec(layer_wish(), 0..2), dropout, flags).prop_map(
        |(from, weight, pool, reshape, hidden, dropout, (only_in_training, says_classes))| HeadWish {
            from,
            weight,
            only_in_training,
            pool,
            reshape,
            hidden,
            dropout,
            says_classes,
        },
    )
}
