//! A network carried out operation by operation, by plain calls of libtorch and by formulas: what its operations mean, said a
//! second time. Neither generated code nor the runtime's layers have a part in it.
#![allow(clippy::cast_precision_loss, reason = "sizes are small")]

pub(crate) mod formula;

use googlenetc::CheckedNetwork;
use googlenetc::network::{Operation, Phase, Source};
use googlenetc::ops::{Activation, AdaptivePool, AvgPool, BatchNorm, Convolution, LocalResponseNorm};
use googlenetc::ops::{Linear, MaxPool, Op, Pooling, Window};
use googlenetc_runtime::tch::{Device, Kind, Tensor};

/// Which parts of a network run, and what normalises a batch. Nothing is dropped at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Graph {
    /// Whether the heads run that run in training only.
    pub(crate) training: bool,
    /// Whether batch norms take the statistics of the batch instead of the running ones.
    pub(crate) batch_statistics: bool,
}

/// What a walk through a network has met.
pub(crate) struct Walk {
    /// What each operation delivers, by index; none for those that do not run.
    pub(crate) outputs: Vec<Option<Tensor>>,
    /// The tensors that each operation needs: its whole name and its shape.
    pub(crate) variables: Vec<Vec<(String, Vec<i64>)>>,
}

/// A batch of double precision of the shape that a network takes.
pub(crate) fn input(checked: &CheckedNetwork, batch: i64) -> Tensor {
    let sizes = checked.input().sizes();
    tensor("input", &[&[batch], &whole_all(&sizes)[..]].concat())
}

fn tensor(name: &str, shape: &[i64]) -> Tensor {
    Tensor::from_slice(&formula::values(name, shape)).view(shape)
}

/// Carries out a network. The shapes of weights follow from what an operation says about itself and from the tensor that it
/// gets, not from what the compiler has derived; their values follow from their names.
pub(crate) fn walk(checked: &CheckedNetwork, x: &Tensor, graph: Graph) -> Walk {
    let mut walk = Walk { outputs: Vec::new(), variables: Vec::new() };
    for operation in &checked.network().operations {
        let mut step = Step { operation, graph, variables: Vec::new() };
        let runs = graph.training || operation.phase == Phase::Always;
        let output = runs.then(|| {
            let inputs: Vec<&Tensor> = operation.inputs.iter().map(|source| walk.value(*source, x)).collect();
            step.output(&inputs)
        });
        walk.outputs.push(output);
        walk.variables.push(step.variables);
    }
    walk
}

impl Walk {
    /// A value that has been computed.
    pub(crate) fn value<'t>(&'t self, source: Source, x: &'t Tensor) -> &'t Tensor {
        match source {
            Source::Input => x,
            Source::Operation(index) => self.outputs[index].as_ref().expect("what runs reads what has run"),
            Source::Unknown => panic!("a checked network knows its values"),
        }
    }
}

struct Step<'a> {
    operation: &'a Operation,
    graph: Graph,
    variables: Vec<(String, Vec<i64>)>,
}

impl Step<'_> {
    fn variable(&mut self, name: &str, shape: &[i64]) -> Tensor {
        let scope = &self.operation.scope;
        let name = if scope.is_empty() { name.into() } else { format!("{scope}.{name}") };
        let tensor = tensor(&name, shape);
        self.variables.push((name, shape.into()));
        tensor
    }

    fn output(&mut self, inputs: &[&Tensor]) -> Tensor {
        let x = inputs[0];
        match &self.operation.op {
            Op::Convolution(convolution) => self.convolution(x, convolution),
            Op::BatchNorm(norm) => self.batch_norm(x, norm),
            Op::LocalResponseNorm(norm) => local_response_norm(x, norm),
            Op::Activation(kind) => activation(x, *kind),
            Op::MaxPool(MaxPool { window }) => {
                let Window { kernel, stride, dilation, ceil, .. } = *window;
                x.max_pool2d(whole_all(&kernel), whole_all(&stride), both_sides(window), whole_all(&dilation), ceil)
            }
            Op::AvgPool(AvgPool { window, count_include_pad }) => {
                let Window { kernel, stride, ceil, .. } = *window;
                let pad = both_sides(window);
                x.avg_pool2d(whole_all(&kernel), whole_all(&stride), pad, ceil, *count_include_pad, None::<i64>)
            }
            Op::AdaptivePool(AdaptivePool { pooling, size }) => match (pooling, size) {
                (Pooling::Average, [1, 1]) => x.mean_dim([2, 3].as_slice(), true, None),
                (Pooling::Max, [1, 1]) => x.amax([2, 3], true),
                (Pooling::Average, size) => x.adaptive_avg_pool2d(whole_all(size)),
                (Pooling::Max, size) => x.adaptive_max_pool2d(whole_all(size)).0,
            },
            Op::Concat(_) => Tensor::cat(inputs, 1),
            Op::Add(_) => inputs[1..].iter().fold(x.shallow_clone(), |sum, next| sum + *next),
            Op::Scale(scale) => x * scale.factor,
            Op::ChannelAffine(affine) => x * per_channel(&affine.scale) + per_channel(&affine.shift),
            // Nothing is dropped.
            Op::Dropout(_) => x.shallow_clone(),
            Op::Flatten(_) => x.reshape([x.size()[0], -1]),
            Op::Reshape(reshape) => x.contiguous().view([-1, whole(reshape.features)]),
            Op::Linear(linear) => self.linear(x, linear),
            Op::Softmax(_) => {
                let powers = (x - x.amax([1], true)).exp();
                let sum = powers.sum_dim_intlist([1].as_slice(), true, None);
                powers / sum
            }
        }
    }

    fn convolution(&mut self, x: &Tensor, convolution: &Convolution) -> Tensor {
        let Convolution { channels, groups, bias_init, window, .. } = convolution;
        let Window { kernel: [rows, columns], stride, padding, dilation, .. } = *window;
        let (channels, groups) = (whole(*channels), whole(*groups));
        let weight = self.variable("weight", &[channels, x.size()[1] / groups, whole(rows), whole(columns)]);
        let bias = bias_init.map(|_| self.variable("bias", &[channels]));
        let (stride, dilation) = (whole_all(&stride), whole_all(&dilation));
        x_within_zeros(x, padding).conv2d(&weight, bias, stride, [0, 0], dilation, groups)
    }

    fn batch_norm(&mut self, x: &Tensor, norm: &BatchNorm) -> Tensor {
        let mut of_channels = |name| self.variable(name, &[x.size()[1]]).view([1, -1, 1, 1]);
        let (weight, bias) = (of_channels("weight"), of_channels("bias"));
        let (mut mean, mut variance) = (of_channels("running_mean"), of_channels("running_var"));
        if self.graph.batch_statistics {
            let over = |values: &Tensor| values.mean_dim([0, 2, 3].as_slice(), true, None);
            mean = over(x);
            variance = over(&(x - &mean).square());
        }
        (x - mean) / (variance + norm.eps).sqrt() * weight + bias
    }

    fn linear(&mut self, x: &Tensor, linear: &Linear) -> Tensor {
        let features = whole(linear.features);
        let weight = self.variable("weight", &[features, x.size()[1]]);
        let y = x.matmul(&weight.transpose(0, 1));
        if linear.bias_init.is_some() { y + self.variable("bias", &[features]) } else { y }
    }
}

/// x / (k + alpha / size * sum of squares over `size` channels)^beta; a window of even size has one channel more before its
/// middle than behind it.
fn local_response_norm(x: &Tensor, norm: &LocalResponseNorm) -> Tensor {
    let (channels, size) = (x.size()[1], whole(norm.size));
    let squares = x.square();
    let sums = (0..channels).map(|channel| {
        let first = (channel - size / 2).max(0);
        let end = (channel - size / 2 + size).min(channels);
        squares.narrow(1, first, end - first).sum_dim_intlist([1].as_slice(), true, None)
    });
    let sums = Tensor::cat(&sums.collect::<Vec<_>>(), 1);
    x / (sums * (norm.alpha / norm.size as f64) + norm.k).pow_tensor_scalar(norm.beta)
}

fn activation(x: &Tensor, kind: Activation) -> Tensor {
    let positive = || x.clamp_min(0.0);
    let sigmoid = || (x.neg().exp() + 1.0).reciprocal();
    match kind {
        Activation::Relu => positive(),
        Activation::Relu6 => x.clamp(0.0, 6.0),
        Activation::LeakyRelu { slope } => positive() + x.clamp_max(0.0) * slope,
        Activation::Elu => positive() + (x.clamp_max(0.0).exp() - 1.0),
        Activation::Gelu => x * ((x / std::f64::consts::SQRT_2).erf() + 1.0) * 0.5,
        Activation::Silu => x * sigmoid(),
        Activation::Hardswish => x * (x + 3.0).clamp(0.0, 6.0) / 6.0,
        Activation::Sigmoid => sigmoid(),
        Activation::Tanh => sigmoid_of_twice(x),
    }
}

/// tanh(x) = 2 / (1 + exp(-2 x)) - 1.
fn sigmoid_of_twice(x: &Tensor) -> Tensor {
    ((x * -2.0).exp() + 1.0).reciprocal() * 2.0 - 1.0
}

/// Zeros around maps: top, bottom, left, right.
fn x_within_zeros(x: &Tensor, padding: [u64; 4]) -> Tensor {
    let zeros = |like: &Tensor, dimension: usize, count: u64| {
        let mut shape = like.size();
        shape[dimension] = whole(count);
        Tensor::zeros(shape, (Kind::Double, Device::Cpu))
    };
    let [top, bottom, left, right] = padding;
    let tall = Tensor::cat(&[&zeros(x, 2, top), x, &zeros(x, 2, bottom)], 2);
    Tensor::cat(&[&zeros(&tall, 3, left), &tall, &zeros(&tall, 3, right)], 3)
}

/// Rows and columns that a pool pads, which can only do so on both sides alike.
fn both_sides(window: &Window) -> [i64; 2] {
    let [top, bottom, left, right] = window.padding;
    assert_eq!((top, left), (bottom, right), "libtorch's pools pad both sides alike");
    [whole(top), whole(left)]
}

fn per_channel(values: &[f64]) -> Tensor {
    Tensor::from_slice(values).view([1, -1, 1, 1])
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).expect("a size fits")
}

fn whole_all(numbers: &[u64]) -> Vec<i64> {
    numbers.iter().map(|number| whole(*number)).collect()
}
