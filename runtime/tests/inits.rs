//! Initial values against their distributions.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::init::{Fan, Init};
use googlenetc_runtime::nn;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::sync::{Mutex, PoisonError};

/// libtorch's generator belongs to the whole process, so one test draws at a time.
static GENERATOR: Mutex<()> = Mutex::new(());

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).contiguous().view(-1)).unwrap()
}

/// Weight and bias of a 3x3 convolution from 32 to 4096 channels: `fan_in` 288, `fan_out` 36,864.
fn sample(init: Init) -> (Vec<f64>, Vec<f64>) {
    let _one_at_a_time = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    tch::manual_seed(5);
    let store = VarStore::new(Device::Cpu);
    let options = nn::ConvOptions {
        kernel: [3, 3],
        stride: [1, 1],
        padding: [0; 4],
        dilation: [1, 1],
        groups: 1,
        weight_init: init,
        bias_init: Some(init),
    };
    nn::Conv2d::new(&store.root(), 32, 4096, options);
    (values(&store.variables()["weight"]), values(&store.variables()["bias"]))
}

#[expect(clippy::cast_precision_loss, reason = "samples are small")]
fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64)
}

/// Uniform within ±bound: mean 0, variance bound²/3, nothing beyond the bound and something near it.
#[track_caller]
fn assert_uniform(values: &[f64], bound: f64) {
    let (mean, variance) = mean_and_variance(values);
    let largest = values.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
    assert!(mean.abs() < 0.05 * bound, "mean {mean}");
    assert!((variance / (bound * bound / 3.0) - 1.0).abs() < 0.1, "variance {variance}");
    assert!(largest <= bound * 1.000_001 && largest > 0.99 * bound, "largest {largest}, bound {bound}");
}

#[test]
fn pytorch_is_uniform_within_one_over_root_fan_in() {
    let (weight, bias) = sample(Init::PyTorch);
    assert_uniform(&weight, 0.058_925_565);
    assert_uniform(&bias, 0.058_925_565);
}

#[test]
fn caffe_xavier_is_uniform_within_root_three_over_fan_in() {
    let (weight, bias) = sample(Init::CaffeXavier);
    assert_uniform(&weight, 0.102_062_073);
    assert_uniform(&bias, 0.102_062_073);
}

/// Normal with this mean and deviation; 4.55 % lie beyond two deviations, of a uniform distribution none.
#[track_caller]
fn assert_normal(values: &[f64], mean: f64, deviation: f64) {
    let (actual, variance) = mean_and_variance(values);
    assert!((actual - mean).abs() < 0.01 * deviation, "mean {actual}");
    assert!((variance / deviation.powi(2) - 1.0).abs() < 0.02, "variance {variance}");
    let beyond = values.iter().filter(|v| (*v - mean).abs() > 2.0 * deviation).count();
    assert!((50_000..58_000).contains(&beyond), "{beyond} of {}", values.len());
}

#[test]
fn he_looks_at_the_fan_it_is_told() {
    assert_normal(&sample(Init::HeNormal(Fan::Out)).0, 0.0, (2.0_f64 / 36_864.0).sqrt());
    assert_normal(&sample(Init::HeNormal(Fan::In)).0, 0.0, (2.0_f64 / 288.0).sqrt());
    assert_uniform(&sample(Init::HeUniform(Fan::Out)).0, (6.0_f64 / 36_864.0).sqrt());
    assert_uniform(&sample(Init::HeUniform(Fan::In)).0, (6.0_f64 / 288.0).sqrt());
}

#[test]
fn glorot_looks_at_both_fans() {
    assert_normal(&sample(Init::GlorotNormal).0, 0.0, (2.0_f64 / 37_152.0).sqrt());
    assert_uniform(&sample(Init::GlorotUniform).0, (6.0_f64 / 37_152.0).sqrt());
}

#[test]
fn normal_has_the_mean_and_deviation_that_are_said() {
    let (weight, _) = sample(Init::Normal { mean: 0.3, std: 0.02 });
    assert_normal(&weight, 0.3, 0.02);
}

/// A standard normal distribution cut at one deviation has variance 1 - 2 φ(1) / (2 Φ(1) - 1) = 0.291125, and no more values at
/// its ends than a density of φ(1) / (2 Φ(1) - 1) = 0.354439 gives: clamping would put 32 % there.
#[test]
fn truncated_normal_leaves_out_what_lies_beyond_the_cut() {
    let (weight, _) = sample(Init::TruncatedNormal { mean: 0.0, std: 0.5, cut: 0.5 });
    let (mean, variance) = mean_and_variance(&weight);
    assert!(mean.abs() < 0.002, "mean {mean}");
    assert!((variance / (0.25 * 0.291_125) - 1.0).abs() < 0.01, "variance {variance}");
    assert!(weight.iter().all(|v| v.abs() <= 0.5));
    let at_the_ends = weight.iter().filter(|v| v.abs() > 0.49).count();
    // 0.02 deviations at each end: 1.42 % of 1,179,648 values.
    assert!((15_500..18_000).contains(&at_the_ends), "{at_the_ends} of {}", weight.len());
}

/// The cut is absolute, as in `torch.nn.init.trunc_normal_`: 2 is twenty deviations of 0.1, so nothing is cut, and no value
/// lies where a generator in single precision would put one now and then. A mean beside the middle is cut on one side.
#[test]
fn the_cut_is_absolute() {
    let (weight, _) = sample(Init::TruncatedNormal { mean: 0.0, std: 0.1, cut: 2.0 });
    assert_normal(&weight, 0.0, 0.1);
    assert!(weight.iter().all(|v| v.abs() < 0.7), "seven deviations");
    // Half of a normal distribution: mean 2 - 0.5 √(2/π), variance 0.25 (1 - 2/π).
    let (weight, _) = sample(Init::TruncatedNormal { mean: 2.0, std: 0.5, cut: 2.0 });
    let (mean, variance) = mean_and_variance(&weight);
    assert!((mean - 1.601_058).abs() < 0.002, "mean {mean}");
    assert!((variance / 0.090_845 - 1.0).abs() < 0.01, "variance {variance}");
    // Cut where the distribution has nothing left, what is nearest to it remains, and nothing is infinite.
    let (weight, _) = sample(Init::TruncatedNormal { mean: 50.0, std: 0.5, cut: 2.0 });
    assert!(weight.iter().all(|v| v.abs() <= 2.0));
}

#[test]
fn the_seed_decides_every_scheme() {
    for init in [Init::TruncatedNormal { mean: 0.0, std: 0.1, cut: 2.0 }, Init::GlorotUniform, Init::HeNormal(Fan::In)]
    {
        assert_eq!(sample(init), sample(init));
    }
}

#[test]
fn constants_are_constant() {
    let (weight, bias) = sample(Init::Constant(0.25));
    assert!(weight.iter().chain(&bias).all(|&v| v.to_bits() == 0.25_f64.to_bits()));
}
