//! Layers against PyTorch's values.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Probe, Statistics};
use googlenetc_runtime::nn;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::variables;

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).contiguous().view(-1)).unwrap()
}

#[track_caller]
fn assert_close(actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len());
    for (a, e) in actual.iter().zip(expected) {
        assert!((a - e).abs() <= tolerance, "{actual:?}, expected {expected:?}");
    }
}

/// Values of `torch.nn.functional.local_response_norm`, PyTorch 2.13, in double precision: two samples of five channels.
#[test]
fn local_response_norm_is_pytorchs() {
    let x = [1.0, -2.0, 3.0, 0.5, 2.0, 0.0, 4.0, -1.0, 2.0, 1.0];
    let x = Tensor::from_slice(&x).view([2, 5, 1, 1]);
    #[rustfmt::skip]
    let caffe = [
        0.999_790_051_436_797_9, -1.999_572_606_579_968_6, 2.999_179_012_198_992, 0.499_870_664_042_730_95, 1.999_602_592_147_928_3,
        0.0, 3.998_740_462_871_795_3, -0.999_670_126_998_777_7, 1.999_340_253_997_555_3, 0.999_910_009_448_960_8,
    ];
    assert_close(&values(&nn::local_response_norm(&x, 5, 1e-4, 0.75, 1.0)), &caffe, 1e-12);
    #[rustfmt::skip]
    let strong = [
        0.308_367_835_205_118_85, -0.611_960_924_017_986_9, 0.818_624_840_567_284_9, 0.140_175_665_819_667_6, 0.631_597_323_576_131,
        0.0, 1.018_043_239_402_702_7, -0.248_522_102_739_703_35, 0.497_044_205_479_406_7, 0.417_962_690_610_263_7,
    ];
    assert_close(&values(&nn::local_response_norm(&x, 5, 1.0, 0.75, 2.0)), &strong, 1e-12);
}

#[test]
fn local_response_norm_does_not_mix_places_or_samples() {
    let x = Tensor::arange(2 * 5 * 3 * 4, (Kind::Double, Device::Cpu)).view([2, 5, 3, 4]);
    let whole = nn::local_response_norm(&x, 5, 1.0, 0.75, 2.0);
    let corner = nn::local_response_norm(&x.narrow(0, 1, 1).narrow(2, 2, 1).narrow(3, 3, 1), 5, 1.0, 0.75, 2.0);
    assert_close(&values(&whole.narrow(0, 1, 1).narrow(2, 2, 1).narrow(3, 3, 1)), &values(&corner), 1e-12);
}

fn ones(padding: [i64; 4], bias: Option<Init>) -> nn::ConvOptions {
    let weight_init = Init::Constant(1.0);
    nn::ConvOptions {
        kernel: [2, 2],
        stride: [1, 1],
        padding,
        dilation: [1, 1],
        groups: 1,
        weight_init,
        bias_init: bias,
    }
}

/// A 2x2 window of ones adds up what it covers.
#[test]
fn padding_goes_to_the_side_it_names() {
    let store = VarStore::new(Device::Cpu);
    let x = Tensor::from_slice(&[1.0_f32, 2.0, 3.0, 4.0]).view([1, 1, 2, 2]);
    let run = |name: &str, padding, bias| {
        let y = nn::Conv2d::new(&(store.root() / name), 1, 1, ones(padding, bias)).forward(&x);
        (y.size()[2..].to_vec(), values(&y))
    };
    assert_eq!(run("none", [0, 0, 0, 0], Some(Init::Constant(0.5))), (vec![1, 1], vec![10.5]));
    assert_eq!(run("top", [1, 0, 0, 0], None), (vec![2, 1], vec![3.0, 10.0]));
    assert_eq!(run("bottom", [0, 1, 0, 0], None), (vec![2, 1], vec![10.0, 7.0]));
    assert_eq!(run("left", [0, 0, 1, 0], None), (vec![1, 2], vec![4.0, 10.0]));
    assert_eq!(run("right", [0, 0, 0, 1], None), (vec![1, 2], vec![10.0, 6.0]));
    assert_eq!(run("all", [1, 1, 1, 1], None), (vec![3, 3], vec![1.0, 3.0, 2.0, 4.0, 10.0, 6.0, 3.0, 7.0, 4.0]));
}

/// By hand: mean 2, biased variance 2/3, unbiased 1, momentum 0.1.
#[test]
fn batch_norm_normalises_with_the_batch_and_follows_it() {
    let store = VarStore::new(Device::Cpu);
    let norm = nn::BatchNorm2d::new(&store.root(), 1, 0.0, 0.1);
    let x = Tensor::from_slice(&[1.0_f32, 2.0, 3.0]).view([3, 1, 1, 1]);
    let deviation = (2.0_f64 / 3.0).sqrt();
    assert_close(&values(&norm.forward(&x, Statistics::Batch)), &[-1.0 / deviation, 0.0, 1.0 / deviation], 1e-6);
    assert_close(&values(&store.variables()["running_mean"]), &[0.2], 1e-6);
    assert_close(&values(&store.variables()["running_var"]), &[1.0], 1e-6);
    assert_close(&values(&norm.forward(&x, Statistics::Running)), &[0.8, 1.8, 2.8], 1e-6);
}

#[test]
fn variables_are_registered_as_pytorch_does() {
    let store = VarStore::new(Device::Cpu);
    let root = store.root();
    nn::Conv2d::new(&(&root / "z"), 2, 3, ones([0; 4], Some(Init::PyTorch)));
    nn::BatchNorm2d::new(&(&root / "bn"), 3, 1e-3, 0.1);
    nn::Linear::new(&(&root / "a" / "fc"), 5, 4, Init::PyTorch, Some(Init::PyTorch));
    let listed: Vec<_> = variables::in_order(&store).into_iter().map(|(name, v)| (name, v.size())).collect();
    let expected = [
        ("z.weight", vec![3, 2, 2, 2]),
        ("z.bias", vec![3]),
        ("bn.weight", vec![3]),
        ("bn.bias", vec![3]),
        ("bn.running_mean", vec![3]),
        ("bn.running_var", vec![3]),
        ("a.fc.weight", vec![4, 5]),
        ("a.fc.bias", vec![4]),
    ];
    assert_eq!(listed, expected.map(|(name, size)| (name.to_owned(), size)));
    assert_eq!(store.trainable_variables().len(), 6);
}

/// Values of `torch.nn.functional.leaky_relu`, and its gradient, which at 0 is the slope.
#[test]
fn leaky_relu_takes_any_slope() {
    let x = Tensor::from_slice(&[-2.0, 0.0, 3.0]).set_requires_grad(true);
    for slope in [0.2, 1.5] {
        let y = nn::leaky_relu(&x, slope);
        assert_close(&values(&y), &[-2.0 * slope, 0.0, 3.0], 1e-12);
        let gradient = Tensor::run_backward(&[y.sum(Kind::Double)], &[&x], false, false);
        assert_close(&values(&gradient[0]), &[slope, slope, 1.0], 1e-12);
    }
}

/// What torchvision's `transform_input` does to a pixel of values 0.25, 0.5 and 1, worked out by hand:
/// `x * (std / 0.5) + (mean - 0.5) / 0.5`.
#[test]
fn a_channel_affine_scales_and_shifts_each_channel() {
    let x = Tensor::from_slice(&[0.25_f32, 0.5, 1.0, 0.5, 1.0, 0.0]).view([2, 3, 1, 1]);
    let y = nn::channel_affine(&x, &[0.458, 0.448, 0.45], &[-0.03, -0.088, -0.188]);
    assert_eq!((y.size(), y.kind()), (vec![2, 3, 1, 1], Kind::Float));
    assert_close(&values(&y), &[0.0845, 0.136, 0.262, 0.199, 0.36, -0.188], 1e-6);
}

/// Variables say at which of the network's rates they learn by their group.
#[test]
fn rates_become_groups_of_variables() {
    let store = VarStore::new(Device::Cpu);
    let options = ones([0; 4], Some(Init::PyTorch));
    nn::Conv2d::with_rates(&(store.root() / "conv"), 1, 1, options, [0, 2]);
    nn::Linear::with_rates(&(store.root() / "fc"), 1, 1, Init::PyTorch, Some(Init::PyTorch), [1, 2]);
    nn::BatchNorm2d::new(&(store.root() / "bn"), 1, 1e-3, 0.1);
    let variables = store.variables_.lock().unwrap();
    let groups: Vec<usize> = variables.trainable_variables.iter().map(|variable| variable.group).collect();
    assert_eq!(groups, [0, 2, 1, 2, 0, 0]);
}

#[test]
fn the_relu_takes_the_place_of_what_nobody_has_seen() {
    let observer = |_: &str, _: &Tensor| ();
    for (probe, left) in [(Probe::silent(), [0.0, 2.0]), (Probe::new(&observer), [-1.0, 2.0])] {
        let before = Tensor::from_slice(&[-1.0, 2.0]);
        let after = nn::relu(before.shallow_clone(), &probe);
        assert_eq!((values(&after), values(&before)), (vec![0.0, 2.0], left.to_vec()));
    }
}
