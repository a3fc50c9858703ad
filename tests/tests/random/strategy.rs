//! Strategies for networks that are valid.
//!
//! What is drawn are wishes, any of which may be impossible where it ends up; [`Fitter`] goes through them in order, knows the
//! shape at every place as far as it can be known, and makes of each wish the nearest layer that fits. So every draw is a
//! valid network, and shrinking a draw shrinks the network.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use super::count::{Shape, after, trunk};
use super::network::{
    Block, Extras, Head, Item, Kind, Layer, Network, Norm, Number, Part, Pooling, Row, RowContent, Table, Window,
};

/// Valid networks.
pub(crate) fn network() -> impl Strategy<Value = Network> {
    let trunk = vec(named_wish(), 1..6);
    (8_u64..=20, 8_u64..=20, 1_u64..=4, 1_u64..=9, vec(block_wish(), 0..3), trunk, vec(head_wish(), 1..3)).prop_map(
        |(height, width, channels, classes, blocks, trunk, heads)| {
            let mut network = Network {
                input: [channels, height, width],
                classes,
                blocks: Vec::new(),
                trunk: Vec::new(),
                heads: Vec::new(),
            };
            for wish in &blocks {
                let block = Fitter::new(&network).block(wish);
                network.blocks.push(block);
            }
            network.trunk = Fitter::new(&network).trunk(&trunk);
            network.heads = Fitter::new(&network).heads(&heads);
            network
        },
    )
}

/// Numbers from which a layer is made.
#[derive(Debug, Clone)]
struct LayerWish {
    kind: u8,
    kernel: [u64; 2],
    stride: [u64; 2],
    pad: [u64; 4],
    /// How many numbers say stride, padding and dilation.
    said: [usize; 3],
    dilation: [u64; 2],
    channels: u64,
    groups: usize,
    extras: [u8; 3],
    is_claimed: bool,
}

#[derive(Debug, Clone)]
enum Wish {
    Layer(LayerWish),
    Group(Vec<NamedWish>),
    Branches(BranchesWish),
    Repeat(u64, Vec<NamedWish>),
    Call(usize, Vec<u64>),
    Table(TableWish),
}

#[derive(Debug, Clone)]
struct NamedWish {
    is_named: bool,
    wish: Wish,
}

#[derive(Debug, Clone)]
struct BranchesWish {
    is_add: bool,
    has_identity: bool,
    is_reduction: bool,
    branches: Vec<Vec<NamedWish>>,
    last: Vec<u8>,
}

#[derive(Debug, Clone)]
struct TableWish {
    block: usize,
    has_prefix: bool,
    claims: [bool; 2],
    rows: Vec<(Vec<u64>, Option<LayerWish>)>,
}

#[derive(Debug, Clone)]
struct BlockWish {
    parameters: usize,
    body: Vec<NamedWish>,
    branches: Option<BranchesWish>,
}

#[derive(Debug, Clone)]
struct HeadWish {
    from: usize,
    weight: Option<u64>,
    only_in_training: bool,
    pool: u8,
    /// How many values a reshape takes at a time, in halves of a sample; none for a flatten.
    reshape: Option<u64>,
    hidden: Vec<LayerWish>,
    dropout: Option<u64>,
    says_classes: bool,
}

fn layer_wish() -> impl Strategy<Value = LayerWish> {
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

fn named_wish() -> impl Strategy<Value = NamedWish> {
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

fn branches_wish(inner: impl Strategy<Value = NamedWish> + Clone) -> impl Strategy<Value = BranchesWish> {
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

fn table_wish() -> impl Strategy<Value = TableWish> {
    let row = (vec(1_u64..=8, 4), prop_oneof![3 => Just(None), 1 => layer_wish().prop_map(Some)]);
    (0_usize..3, any::<bool>(), any::<[bool; 2]>(), vec(row, 1..4))
        .prop_map(|(block, has_prefix, claims, rows)| TableWish { block, has_prefix, claims, rows })
}

fn block_wish() -> impl Strategy<Value = BlockWish> {
    let branches = prop_oneof![1 => Just(None), 2 => branches_wish(named_wish().boxed()).prop_map(Some)];
    (0_usize..=3, vec(named_wish(), 1..3), branches).prop_map(|(parameters, body, branches)| BlockWish {
        parameters,
        body,
        branches,
    })
}

fn head_wish() -> impl Strategy<Value = HeadWish> {
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

const ACTIVATIONS: [&str; 9] = ["relu", "relu6", "leaky-relu", "elu", "gelu", "silu", "hardswish", "sigmoid", "tanh"];

/// Layers that say nothing and keep the shape.
const PLAIN: [&str; 11] =
    ["relu", "relu6", "leaky-relu", "elu", "gelu", "silu", "hardswish", "sigmoid", "tanh", "softmax", "identity"];
const ORDERS: [&str; 6] = [
    "conv-norm-activation",
    "conv-activation-norm",
    "norm-conv-activation",
    "norm-activation-conv",
    "activation-conv-norm",
    "activation-norm-conv",
];

/// What is known at a place.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The whole shape, where a layer may do with it what it likes; else height and width must stay as they are, since they
    /// are not known, or since other branches have them too.
    free: Option<Shape>,
    /// The channels, where one number says them.
    channels: Option<Number>,
}

struct Fitter<'a> {
    network: &'a Network,
    /// Parameters of the block that is being made, but for its stride.
    parameters: usize,
    names: usize,
}

impl<'a> Fitter<'a> {
    fn new(network: &'a Network) -> Self {
        Self { network, parameters: 0, names: 0 }
    }

    fn name(&mut self, start: &str) -> String {
        self.names += 1;
        format!("{start}{}", self.names)
    }

    fn trunk(&mut self, wishes: &[NamedWish]) -> Vec<Item> {
        let mut shape = Shape::Map(self.network.input);
        let mut items = Vec::new();
        for wish in wishes {
            let item = self.item(wish, Known { free: Some(shape), channels: literal(shape) });
            shape = after(self.network, &item, shape).expect("what was made to fit fits");
            items.push(item);
        }
        // What nothing calls has no shape, and nobody could count it.
        for block in 0..self.network.blocks.len() {
            items.push(Item { name: None, part: self.call(block, &[2, 2, 2, 2], true) });
        }
        items
    }

    /// A layer, group, call, and so on, that fits.
    fn item(&mut self, wish: &NamedWish, known: Known) -> Item {
        let in_trunk = known.free.is_some();
        let part = match &wish.wish {
            Wish::Layer(wish) => Part::Layer(self.layer(wish, known)),
            Wish::Group(wishes) => Part::Sequence(self.sequence(wishes, known).0),
            Wish::Branches(wish) => self.branches(wish, known, in_trunk && wish.is_reduction, None).0,
            Wish::Repeat(count, wishes) => {
                Part::Repeat(*count, self.sequence(wishes, Known { free: None, channels: None }).0)
            }
            Wish::Call(block, arguments) => self.call(*block, arguments, in_trunk),
            Wish::Table(wish) => self.table(wish, known),
        };
        let must_be_named = matches!(part, Part::Sequence(_));
        let cannot_be_named = matches!(part, Part::Table(_));
        let is_named = (wish.is_named || must_be_named) && !cannot_be_named;
        Item { name: is_named.then(|| self.name("n")), part }
    }

    /// Items one after the other, and the channels that come out where one number says them.
    fn sequence(&mut self, wishes: &[NamedWish], known: Known) -> (Vec<Item>, Option<Number>) {
        let mut known = known;
        let mut items = Vec::new();
        for wish in wishes {
            let item = self.item(wish, known);
            let shape = known.free.and_then(|shape| after(self.network, &item, shape).ok());
            known = match shape {
                Some(shape) => Known { free: Some(shape), channels: literal(shape) },
                None => Known { free: None, channels: channels_after(&item.part, known.channels) },
            };
            items.push(item);
        }
        (items, known.channels)
    }

    /// Branches that agree, and whether they are added. `stride` is the parameter for it.
    fn branches(
        &mut self,
        wish: &BranchesWish,
        known: Known,
        is_reduction: bool,
        stride: Option<Number>,
    ) -> (Part, bool) {
        let is_add = wish.is_add && !is_reduction && stride.is_none();
        let inside = Known { free: None, ..known };
        // A branch that passes its input on needs others with as many channels.
        let shared = known.channels.filter(|_| wish.has_identity);
        let mut branches = Vec::new();
        if is_add && shared.is_some() {
            let part = Part::Layer(plain("identity"));
            branches.push(Item { name: Some(self.name("b")), part });
        }
        for (wishes, last) in wish.branches.iter().zip(&wish.last) {
            let (mut items, channels) = self.sequence(wishes, inside);
            let tail = if is_add {
                Some(one_by_one(shared.unwrap_or(Number::Literal(u64::from(wish.last[0] % 7) + 1))))
            } else if is_reduction || stride.is_some() {
                Some(reduction(*last, stride.unwrap_or(Number::Literal(2)), channels))
            } else {
                None
            };
            items.extend(tail.map(|layer| Item { name: None, part: Part::Layer(layer) }));
            // The two syntaxes have one form each for a branch of one layer without a name, and for several.
            let part = match <[Item; 1]>::try_from(items) {
                Ok([Item { name: None, part: part @ (Part::Layer(_) | Part::Call(..)) }]) => part,
                Ok([item]) => Part::Sequence(vec![item]),
                Err(items) => Part::Sequence(items),
            };
            branches.push(Item { name: Some(self.name("b")), part });
        }
        (if is_add { Part::Add(branches) } else { Part::Concat(branches) }, is_add)
    }

    /// A call of a block, or a layer where there is no block. A block's last parameter is its stride, if it has one.
    fn call(&mut self, block: usize, arguments: &[u64], may_stride: bool) -> Part {
        let blocks = &self.network.blocks;
        let Some(index) = block.checked_rem(blocks.len()) else { return Part::Layer(plain("relu")) };
        let strided = has_stride(&blocks[index]);
        let count = blocks[index].parameters;
        let mut given: Vec<Number> = arguments.iter().take(count).map(|number| Number::Literal(*number)).collect();
        if strided {
            given[count - 1] = Number::Literal(if may_stride { arguments[count - 1] % 2 + 1 } else { 1 });
        } else if let (Some(first), true) = (given.first_mut(), self.parameters > 0) {
            *first = Number::Parameter(0);
        }
        Part::Call(index, given)
    }

    fn table(&mut self, wish: &TableWish, known: Known) -> Part {
        let (Some(mut shape), Part::Call(block, _)) = (known.free, self.call(wish.block, &wish.rows[0].0, true)) else {
            return self.call(wish.block, &wish.rows[0].0, false);
        };
        let parameters = self.network.blocks[block].parameters;
        let has_output = wish.claims[1] || parameters == 0;
        let prefix = wish.has_prefix.then(|| self.name("t"));
        let mut rows = Vec::new();
        for (index, (arguments, layer)) in wish.rows.iter().enumerate() {
            let name = self.name("r");
            if let (Some(layer), true) = (layer, index > 0) {
                let layer = self.layer(layer, Known { free: Some(shape), channels: literal(shape) });
                let item = Item { name: Some(name.clone()), part: Part::Layer(layer.clone()) };
                shape = after(self.network, &item, shape).expect("the layer fits");
                rows.push(Row { name, content: RowContent::Plain(layer) });
                continue;
            }
            let call = self.call(block, arguments, true);
            let Part::Call(_, given) = &call else { continue };
            let arguments: Vec<u64> = given.iter().filter_map(|number| number_of(*number)).collect();
            let input = (wish.claims[0] && arguments.first() != Some(&3)).then(|| shape.sizes());
            shape = after(self.network, &Item { name: None, part: call }, shape).expect("the call fits");
            let output = (has_output && arguments.last() != Some(&3)).then(|| shape.sizes());
            rows.push(Row { name, content: RowContent::Cells { arguments, input, output } });
        }
        Part::Table(Table { block, prefix, has_input: wish.claims[0], has_output, rows })
    }

    fn block(&mut self, wish: &BlockWish) -> Block {
        let strided = wish.parameters > 0 && wish.branches.as_ref().is_none_or(|wish| wish.is_reduction);
        self.parameters = wish.parameters - usize::from(strided);
        let stride = strided.then_some(Number::Parameter(self.parameters));
        let known = Known { free: None, channels: Some(Number::Incoming) };
        let body = if let Some(branches) = &wish.branches {
            self.branches(branches, known, false, stride).0
        } else {
            let (mut items, channels) = self.sequence(&wish.body, known);
            let tail = stride.map(|stride| reduction(2, stride, channels));
            items.extend(tail.map(|layer| Item { name: None, part: Part::Layer(layer) }));
            // A block that is nothing but branches is those.
            match <[Item; 1]>::try_from(items) {
                Ok([Item { name: None, part: part @ (Part::Concat(_) | Part::Add(_)) }]) => part,
                Ok([item]) => Part::Sequence(vec![item]),
                Err(items) => Part::Sequence(items),
            }
        };
        Block { parameters: wish.parameters, body }
    }

    fn heads(&mut self, wishes: &[HeadWish]) -> Vec<Head> {
        let delivered = trunk(self.network).expect("the trunk fits");
        let last = delivered.last().map_or(Shape::Map(self.network.input), |(_, shape)| *shape);
        // Items without a name go by their position.
        let is_name = |name: &str| !name.starts_with(|first: char| first.is_ascii_digit());
        let named = delivered.into_iter().filter(|(name, _)| is_name(name));
        let sources: Vec<(Option<String>, Shape)> =
            std::iter::once((None, last)).chain(named.map(|(name, shape)| (Some(name), shape))).collect();
        let mut heads: Vec<Head> = Vec::new();
        for wish in wishes {
            let (from, shape) = sources[if heads.is_empty() { 0 } else { wish.from % sources.len() }].clone();
            let mut head = Head {
                from,
                weight: wish.weight,
                only_in_training: wish.only_in_training && !heads.is_empty(),
                layers: Vec::new(),
            };
            let mut add =
                |kind: Kind| head.layers.push(Item { name: None, part: Part::Layer(Layer { kind, claim: None }) });
            let mut sizes = shape.sizes();
            let pool = match wish.pool {
                0 => None,
                1 => Some((Kind::AdaptivePool(Pooling::Max, vec![2]), [2, 2])),
                2 => Some((Kind::AdaptivePool(Pooling::Average, vec![2, 1]), [2, 1])),
                _ => Some((Kind::GlobalPool(Pooling::Average), [1, 1])),
            };
            if let Some((pool, size)) = pool {
                add(pool);
                sizes.splice(1.., size);
            }
            let values: u64 = sizes.iter().product();
            add(match wish.reshape {
                Some(halves) if (values * halves).is_multiple_of(2) => Kind::Reshape(values * halves / 2),
                Some(_) | None => Kind::Flatten,
            });
            for hidden in &wish.hidden {
                let activation = chosen(hidden.extras[2], &ACTIVATIONS);
                add(Kind::Linear {
                    features: Number::Literal(hidden.channels),
                    bias: hidden.extras[0] % 2 == 0,
                    activation,
                });
            }
            wish.dropout.into_iter().for_each(|tenths| add(Kind::Dropout(tenths)));
            let features = if wish.says_classes { Number::Classes } else { Number::Literal(self.network.classes) };
            add(Kind::Linear { features, bias: true, activation: None });
            heads.push(head);
        }
        heads
    }

    /// The nearest layer that fits.
    fn layer(&mut self, wish: &LayerWish, known: Known) -> Layer {
        let kind = match known.free {
            Some(shape) => self.free_kind(wish, shape),
            None => self.same_kind(wish, known.channels),
        };
        let mut layer = Layer { kind, claim: None };
        if let (Some(shape), true) = (known.free, wish.is_claimed) {
            let item = Item { name: None, part: Part::Layer(layer.clone()) };
            layer.claim = after(self.network, &item, shape).ok().map(Shape::sizes);
        }
        layer
    }

    /// A layer for a known shape: as wished, or with a kernel of 1.
    fn free_kind(&mut self, wish: &LayerWish, shape: Shape) -> Kind {
        let Shape::Map([incoming, ..]) = shape else { return Kind::Plain("relu") };
        let window = Window {
            kernel: wish.kernel,
            stride: wish.stride[..wish.said[0]].iter().map(|step| Number::Literal(*step)).collect(),
            pad: wish.pad[..[0, 1, 2, 4, 4][wish.said[1]]].to_vec(),
            dilation: wish.dilation[..wish.said[2]].to_vec(),
        };
        let trivial = Window { kernel: [1, 1], pad: vec![0], dilation: Vec::new(), ..window.clone() };
        let windows = [window, trivial];
        let kinds = windows.map(|window| match wish.kind % 8 {
            0..=2 => self.convolution(wish, window, Some(Number::Literal(incoming))),
            3 => Kind::Depthwise { window, multiplier: multiplier(wish), extras: extras(wish) },
            4 | 5 => pool(wish, window),
            _ => plain_kind(wish),
        });
        let fits = |kind: &Kind| {
            let part = Part::Layer(Layer { kind: kind.clone(), claim: None });
            after(self.network, &Item { name: None, part }, shape).is_ok()
        };
        let [wished, trivial] = kinds;
        if fits(&wished) { wished } else { trivial }
    }

    /// A layer that keeps height and width, whatever they are.
    fn same_kind(&mut self, wish: &LayerWish, channels: Option<Number>) -> Kind {
        let odd = wish.kernel.map(|size| size / 2 * 2 + 1);
        let dilation = wish.dilation[..wish.said[2]].to_vec();
        let reach = |axis: usize| {
            let dilation = dilation.get(axis).or(dilation.first()).copied().unwrap_or(1);
            dilation * (wish.kernel[axis] - 1)
        };
        let (rows, columns) = (reach(0), reach(1));
        let around = vec![rows / 2, rows - rows / 2, columns / 2, columns - columns / 2];
        let window = if wish.said[1] == 0 {
            Window { kernel: odd, stride: Vec::new(), pad: Vec::new(), dilation }
        } else {
            Window { kernel: wish.kernel, stride: vec![Number::Literal(1)], pad: around, dilation }
        };
        match wish.kind % 8 {
            0..=3 => self.convolution(wish, window, channels),
            4 => Kind::Depthwise { window, multiplier: multiplier(wish), extras: extras(wish) },
            5 => {
                let pad = odd.map(|size| size / 2).to_vec();
                let window = Window { kernel: odd, stride: vec![Number::Literal(1)], pad, dilation: Vec::new() };
                let pooling = if wish.extras[0].is_multiple_of(2) { Pooling::Max } else { Pooling::Average };
                Kind::Pool {
                    pooling,
                    window,
                    ceil: wish.extras[1].is_multiple_of(2),
                    counts_pad: counts_pad(pooling, wish),
                }
            }
            _ => plain_kind(wish),
        }
    }

    fn convolution(&self, wish: &LayerWish, window: Window, incoming: Option<Number>) -> Kind {
        let mut channels = Number::Literal(wish.channels);
        if self.parameters > 0 && wish.channels.is_multiple_of(2) {
            channels = Number::Parameter(usize::try_from(wish.channels).unwrap_or(0) % self.parameters);
        }
        let mut groups = None;
        if let (Some(Number::Literal(incoming)), Number::Literal(outgoing), true) =
            (incoming, channels, wish.groups > 2)
        {
            let divisors: Vec<u64> = (1..=incoming).filter(|divisor| incoming % divisor == 0).collect();
            let divisor = divisors[wish.groups % divisors.len()];
            channels = Number::Literal(outgoing.div_ceil(divisor) * divisor);
            groups = Some(divisor);
        }
        Kind::Conv { window, channels, groups, extras: extras(wish) }
    }
}

fn literal(shape: Shape) -> Option<Number> {
    match shape {
        Shape::Map([channels, ..]) => Some(Number::Literal(channels)),
        Shape::Vector(_) => None,
    }
}

fn number_of(number: Number) -> Option<u64> {
    match number {
        Number::Literal(number) => Some(number),
        Number::Parameter(_) | Number::Incoming | Number::Classes => None,
    }
}

/// The channels after a part that gets so many, where one number says them.
fn channels_after(part: &Part, before: Option<Number>) -> Option<Number> {
    match part {
        Part::Layer(Layer { kind, .. }) => match kind {
            Kind::Conv { channels, .. } => Some(*channels),
            Kind::Depthwise { multiplier: None | Some(1), .. }
            | Kind::Pool { .. }
            | Kind::GlobalPool(_)
            | Kind::AdaptivePool(..)
            | Kind::BatchNorm
            | Kind::Lrn(_)
            | Kind::Plain(_)
            | Kind::Dropout(_)
            | Kind::Scale(_) => before,
            Kind::Depthwise { .. } | Kind::Linear { .. } | Kind::Flatten | Kind::Reshape(_) => None,
        },
        Part::Sequence(items) => items.iter().fold(before, |channels, item| channels_after(&item.part, channels)),
        Part::Add(branches) => branches.last().and_then(|branch| channels_after(&branch.part, before)),
        Part::Repeat(_, items) => items.iter().fold(None, |channels, item| channels_after(&item.part, channels)),
        Part::Concat(_) | Part::Call(..) | Part::Table(_) => None,
    }
}

/// Whether the last parameter of a block is its stride: it is no number of channels anywhere, but stands as a stride.
fn has_stride(block: &Block) -> bool {
    fn strides(part: &Part) -> bool {
        match part {
            Part::Layer(Layer { kind: Kind::Conv { window, .. } | Kind::Pool { window, .. }, .. }) => {
                window.stride.iter().any(|number| matches!(number, Number::Parameter(_)))
            }
            Part::Sequence(items) | Part::Concat(items) => items.iter().any(|item| strides(&item.part)),
            Part::Layer(_) | Part::Add(_) | Part::Repeat(..) | Part::Call(..) | Part::Table(_) => false,
        }
    }
    strides(&block.body)
}

fn plain(word: &'static str) -> Layer {
    Layer { kind: Kind::Plain(word), claim: None }
}

fn one_by_one(channels: Number) -> Layer {
    let window = Window { kernel: [1, 1], stride: Vec::new(), pad: Vec::new(), dilation: Vec::new() };
    let extras = Extras { bias: false, norm: Norm::None, activation: None, order: None };
    Layer { kind: Kind::Conv { window, channels, groups: None, extras }, claim: None }
}

/// The last layer of a branch: all of these deliver (size - 1) / stride + 1, rounded down.
fn reduction(which: u8, stride: Number, channels: Option<Number>) -> Layer {
    let (kernel, pad) =
        [([3, 3], vec![1]), ([1, 1], vec![]), ([3, 3], vec![]), ([5, 3], vec![2, 1])][usize::from(which % 4)].clone();
    let is_pool = !pad.is_empty();
    let window = Window { kernel, stride: vec![stride], pad, dilation: Vec::new() };
    let kind = if is_pool {
        let pooling = if which < 128 { Pooling::Max } else { Pooling::Average };
        Kind::Pool { pooling, window, ceil: false, counts_pad: true }
    } else {
        let extras = Extras { bias: which < 128, norm: Norm::None, activation: Some("relu"), order: None };
        Kind::Conv { window, channels: channels.unwrap_or(Number::Literal(4)), groups: None, extras }
    };
    Layer { kind, claim: None }
}

fn pool(wish: &LayerWish, window: Window) -> Kind {
    let pooling = if wish.extras[0].is_multiple_of(2) { Pooling::Max } else { Pooling::Average };
    if wish.extras[1].is_multiple_of(8) {
        return Kind::AdaptivePool(pooling, wish.stride.to_vec());
    }
    let pad = [wish.pad[0].min(window.kernel[0] / 2), wish.pad[1].min(window.kernel[1] / 2)];
    let pad = match window.pad.len() {
        0 => Vec::new(),
        1 => vec![pad[0].min(pad[1])],
        _ => pad.to_vec(),
    };
    let dilation = if pooling == Pooling::Max { window.dilation.clone() } else { Vec::new() };
    let ceil = wish.extras[2].is_multiple_of(2);
    Kind::Pool { pooling, window: Window { pad, dilation, ..window }, ceil, counts_pad: counts_pad(pooling, wish) }
}

fn counts_pad(pooling: Pooling, wish: &LayerWish) -> bool {
    pooling == Pooling::Max || !wish.extras[0].is_multiple_of(3)
}

fn plain_kind(wish: &LayerWish) -> Kind {
    match wish.kind / 8 % 5 {
        0 => Kind::BatchNorm,
        1 => Kind::Lrn(wish.channels),
        2 => Kind::Dropout(wish.channels % 10),
        3 => Kind::Scale(wish.channels),
        _ => Kind::Plain(PLAIN[usize::from(wish.extras[2]) % PLAIN.len()]),
    }
}

fn multiplier(wish: &LayerWish) -> Option<u64> {
    (wish.groups > 2).then_some(wish.channels % 3 + 1)
}

fn extras(wish: &LayerWish) -> Extras {
    let norm = match wish.extras[1] % 4 {
        0 | 1 => Norm::None,
        2 => Norm::Batch,
        _ => Norm::Lrn(wish.channels),
    };
    let order = chosen(wish.extras[1] / 4, &ORDERS);
    Extras { bias: wish.extras[0] % 2 == 1, norm, activation: chosen(wish.extras[2], &ACTIVATIONS), order }
}

/// One of these, or in half of the cases none.
fn chosen(pick: u8, words: &[&'static str]) -> Option<&'static str> {
    (pick % 2 == 1).then(|| words[usize::from(pick / 2) % words.len()])
}
