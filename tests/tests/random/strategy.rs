//! Strategies for networks that are valid.
//!
//! What is drawn are wishes, any of which may be impossible where it ends up; [`Fitter`] goes through them in order, knows the
//! shape at every place as far as it can be known, and makes of each wish the nearest layer that fits. So every draw is a
//! valid network, and shrinking a draw shrinks the network.

mod heads;
mod known;
mod layers;
mod wishes;

use proptest::collection::vec;
use proptest::prelude::Strategy;

use super::count::{Shape, after};
use super::network::{Block, Item, Network, Number, Part, Row, RowContent, Table};
use known::{Known, channels_after, has_stride, literal, number_of};
use layers::{one_by_one, plain, reduction};
use wishes::{BlockWish, BranchesWish, NamedWish, TableWish, Wish, block_wish, head_wish, named_wish};

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
}
