//! Heads that fit the trunk.

use super::super::count::{Shape, trunk};
use super::super::network::{Head, Item, Kind, Layer, Number, Part, Pooling};
use super::Fitter;
use super::layers::{ACTIVATIONS, chosen};
use super::wishes::HeadWish;

impl Fitter<'_> {
    pub(super) fn heads(&mut self, wishes: &[HeadWish]) -> Vec<Head> {
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
}
