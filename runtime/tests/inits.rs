//! Initial values against their distributions.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod alone;
mod distribution;

use alone::alone;
use distribution::Distribution;
use googlenetc_runtime::init::{Fan, Fans, Init};
use googlenetc_runtime::nn;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Tensor};

/// Weight and bias of a 3x3 convolution from 32 to 256 channels: `fan_in` 288, `fan_out` 2304.
fn sample(init: Init) -> (Tensor, Tensor) {
    drawn(5, [32, 256, 1], init)
}

fn drawn(seed: i64, [c_in, c_out, groups]: [i64; 3], init: Init) -> (Tensor, Tensor) {
    let _guard = alone();
    tch::manual_seed(seed);
    let store = VarStore::new(Device::Cpu);
    let options = nn::ConvOptions {
        kernel: [3, 3],
        stride: [1, 1],
        padding: [0; 4],
        dilation: [1, 1],
        groups,
        weight_init: init,
        bias_init: Some(init),
    };
    nn::Conv2d::new(&store.root(), c_in, c_out, options);
    let variables = store.variables();
    (variables["weight"].detach(), variables["bias"].detach())
}

/// Every scheme, and what weight and bias of [`sample`] are drawn from by it: formulas of PyTorch's documentation of
/// `torch.nn.init` and of Caffe's `filler.hpp`, with the fans as numbers.
fn schemes() -> [(Init, Distribution); 12] {
    let uniform = |square: f64| Distribution::Uniform { bound: square.sqrt() };
    let normal = |variance: f64| Distribution::Normal { mean: 0.0, std: variance.sqrt() };
    [
        (Init::PyTorch, uniform(1.0 / 288.0)),
        (Init::CaffeXavier, uniform(3.0 / 288.0)),
        (Init::GlorotUniform, uniform(6.0 / 2592.0)),
        (Init::GlorotNormal, normal(2.0 / 2592.0)),
        (Init::HeNormal(Fan::In), normal(2.0 / 288.0)),
        (Init::HeNormal(Fan::Out), normal(2.0 / 2304.0)),
        (Init::HeUniform(Fan::In), uniform(6.0 / 288.0)),
        (Init::HeUniform(Fan::Out), uniform(6.0 / 2304.0)),
        (Init::Normal { mean: 0.3, std: 0.02 }, Distribution::Normal { mean: 0.3, std: 0.02 }),
        (
            Init::TruncatedNormal { mean: 0.0, std: 0.5, cut: 0.5 },
            Distribution::Truncated { mean: 0.0, std: 0.5, cut: 0.5 },
        ),
        (
            Init::TruncatedNormal { mean: 0.1, std: 0.5, cut: 0.3 },
            Distribution::Truncated { mean: 0.1, std: 0.5, cut: 0.3 },
        ),
        (Init::Constant(0.25), Distribution::Constant(0.25)),
    ]
}

#[test]
fn every_scheme_gives_the_distribution_that_it_names() {
    for (init, distribution) in schemes() {
        let (weight, bias) = sample(init);
        assert_eq!(distribution.explains(&weight), Ok(()), "{init:?}, weight");
        assert_eq!(distribution.explains(&bias), Ok(()), "{init:?}, bias");
    }
}

/// What holds the schemes against their distributions tells all of them apart.
#[test]
fn no_scheme_passes_for_another() {
    for (init, own) in schemes() {
        let values = sample(init).0;
        for (_, other) in schemes().into_iter().filter(|(_, other)| *other != own) {
            assert!(other.explains(&values).is_err(), "{init:?} passes for {other:?}");
        }
    }
}

/// PyTorch's fans are those of the weight's shape, whatever the groups: of 64 groups, `fan_in` 9, `fan_out` 576.
#[test]
fn fans_of_grouped_convolutions() {
    assert_eq!(Fans::of_weight(&[64, 1, 3, 3]), Fans { fan_in: 9, fan_out: 576 });
    assert_eq!(Fans::of_weight(&[1000, 2048]), Fans { fan_in: 2048, fan_out: 1000 });
    for (init, variance) in [(Init::HeNormal(Fan::In), 2.0 / 9.0), (Init::HeNormal(Fan::Out), 2.0 / 4608.0)] {
        let distribution = Distribution::Normal { mean: 0.0, std: f64::sqrt(variance) };
        assert_eq!(distribution.explains(&drawn(5, [512, 512, 512], init).0), Ok(()), "{init:?}");
    }
}

/// A standard normal distribution cut at one deviation has variance 1 - 2 φ(1) / (2 Φ(1) - 1) = 0.291125, and no more values at
/// its ends than a density of φ(1) / (2 Φ(1) - 1) = 0.354439 gives: clamping would put 32 % there.
#[test]
fn truncated_normal_leaves_out_what_lies_beyond_the_cut() {
    let (weight, _) = sample(Init::TruncatedNormal { mean: 0.0, std: 0.5, cut: 0.5 });
    let (mean, variance) = mean_and_variance(&weight);
    assert!(mean.abs() < 0.006, "mean {mean}");
    assert!((variance / (0.25 * 0.291_125) - 1.0).abs() < 0.03, "variance {variance}");
    let at_the_ends = count(&weight.abs().greater(0.49));
    // 0.02 deviations at each end: 1.42 % of 73,728 values.
    assert!((850..1240).contains(&at_the_ends), "{at_the_ends}");
}

/// The cut is absolute, as in `torch.nn.init.trunc_normal_`: 2 is twenty deviations of 0.1, so nothing is cut, and no value
/// lies where a generator in single precision would put one now and then. A mean beside the middle is cut on one side.
#[test]
fn the_cut_is_absolute() {
    let (weight, _) = sample(Init::TruncatedNormal { mean: 0.0, std: 0.1, cut: 2.0 });
    assert_eq!(Distribution::Normal { mean: 0.0, std: 0.1 }.explains(&weight), Ok(()));
    assert_eq!(count(&weight.abs().greater(0.7)), 0, "seven deviations");
    // Half of a normal distribution: mean 2 - 0.5 √(2/π), variance 0.25 (1 - 2/π).
    let (weight, _) = sample(Init::TruncatedNormal { mean: 2.0, std: 0.5, cut: 2.0 });
    let (mean, variance) = mean_and_variance(&weight);
    assert!((mean - 1.601_058).abs() < 0.007, "mean {mean}");
    assert!((variance / 0.090_845 - 1.0).abs() < 0.03, "variance {variance}");
    // Cut where the distribution has nothing left, what is nearest to it remains, and nothing is infinite.
    let (weight, _) = sample(Init::TruncatedNormal { mean: 50.0, std: 0.5, cut: 2.0 });
    assert_eq!(count(&weight.abs().less_equal(2.0)), weight.numel());
}

#[test]
fn the_seed_decides_every_scheme() {
    for (init, distribution) in schemes() {
        let shape = [32, 64, 1];
        let [(first, _), (second, _), (other, _)] = [5, 5, 6].map(|seed| drawn(seed, shape, init));
        assert_eq!(first, second, "{init:?}");
        assert_eq!(first == other, matches!(distribution, Distribution::Constant(_)), "{init:?}");
    }
}

/// Values of many seeds are as those of one.
#[test]
fn seeds_are_independent() {
    let draws: Vec<Tensor> = (0..300).map(|seed| drawn(seed, [4, 8, 1], Init::PyTorch).1).collect();
    let bound = f64::sqrt(1.0 / 36.0);
    assert_eq!(Distribution::Uniform { bound }.explains(&Tensor::cat(&draws, 0)), Ok(()));
}

fn count(which: &Tensor) -> usize {
    usize::try_from(which.sum(tch::Kind::Int64).int64_value(&[])).unwrap()
}

fn mean_and_variance(values: &Tensor) -> (f64, f64) {
    let values = values.to_kind(tch::Kind::Double);
    let mean = values.mean(tch::Kind::Double).double_value(&[]);
    (mean, (values - mean).square().mean(tch::Kind::Double).double_value(&[]))
}
