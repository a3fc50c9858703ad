//! Layers that fit: the one that was wished for, or the nearest.

use super::super::count::{Shape, after};
use super::super::network::{Extras, Item, Kind, Layer, Norm, Number, Part, Pooling, Window};
use super::Fitter;
use super::known::Known;
use super::wishes::LayerWish;

pub(super) const ACTIVATIONS: [&str; 9] =
    ["relu", "relu6", "leaky-relu", "elu", "gelu", "silu", "hardswish", "sigmoid", "tanh"];

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

impl Fitter<'_> {
    /// The nearest layer that fits.
    pub(super) fn layer(&mut self, wish: &LayerWish, known: Known) -> Layer {
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

pub(super) fn plain(word: &'static str) -> Layer {
    Layer { kind: Kind::Plain(word), claim: None }
}

pub(super) fn one_by_one(channels: Number) -> Layer {
    let window = Window { kernel: [1, 1], stride: Vec::new(), pad: Vec::new(), dilation: Vec::new() };
    let extras = Extras { bias: false, norm: Norm::None, activation: None, order: None };
    Layer { kind: Kind::Conv { window, channels, groups: None, extras }, claim: None }
}

/// The last layer of a branch: all of these deliver (size - 1) / stride + 1, rounded down.
pub(super) fn reduction(which: u8, stride: Number, channels: Option<Number>) -> Layer {
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
pub(super) fn chosen(pick: u8, words: &[&'static str]) -> Option<&'static str> {
    (pick % 2 == 1).then(|| words[usize::from(pick / 2) % words.len()])
}
