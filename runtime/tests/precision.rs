//! bfloat16 against PyTorch's autocast: `data/precision.safetensors`, which `tests/python/make_precision.py` has made.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "the differences, with `--nocapture`")]

use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::Statistics;
use googlenetc_runtime::nn::{BatchNorm2d, Conv2d, ConvOptions, Linear, local_response_norm};
use googlenetc_runtime::precision::Precision;
use googlenetc_runtime::tch::nn::{Path, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::variables;
use googlenetc_runtime::weights::tensors;
use std::path::Path as File;

/// A unit in the last place of the largest number of a tensor, and so room for one that was rounded the other way: processors without
/// instructions for bfloat16 sum in another order.
const TOLERANCE: f64 = 1.0 / 128.0;

/// The network of the script.
struct Small {
    stem: Conv2d,
    left: (Conv2d, BatchNorm2d),
    after: (Conv2d, BatchNorm2d),
    fc: Linear,
}

impl Small {
    fn new(p: &Path<'_>) -> Self {
        let conv = |scope: &str, c_in, c_out, size: i64, bias_init| {
            let (kernel, half) = ([size, size], size / 2);
            let options = ConvOptions {
                kernel,
                stride: [1, 1],
                padding: [half; 4],
                dilation: [1, 1],
                groups: 1,
                weight_init: Init::PyTorch,
                bias_init,
            };
            Conv2d::new(&(p / scope / "conv"), c_in, c_out, options)
        };
        let norm = |scope: &str, channels| BatchNorm2d::new(&(p / scope / "bn"), channels, 0.001, 0.1);
        Self {
            stem: conv("stem", 3, 8, 3, Some(Init::PyTorch)),
            left: (conv("left", 8, 6, 1, None), norm("left", 6)),
            after: (conv("after", 14, 14, 3, None), norm("after", 14)),
            fc: Linear::new(&(p / "fc"), 14, 5, Init::PyTorch, Some(Init::PyTorch)),
        }
    }

    /// The outputs by name, the last of which are the logits.
    fn forward(&self, x: &Tensor) -> Vec<(&'static str, Tensor)> {
        let mut seen = Vec::new();
        let mut see = |name, value: Tensor| {
            seen.push((name, value.shallow_clone()));
            value
        };
        let x = see("stem.conv", self.stem.forward(x));
        let x = see("stem.relu", x.relu());
        let x = see("lrn", local_response_norm(&x, 5, 0.5, 0.75, 1.0));
        let x = see("pool", x.max_pool2d([3, 3], [2, 2], [0, 0], [1, 1], true));
        let left = see("left.conv", self.left.0.forward(&x));
        let left = see("left.bn", self.left.1.forward(&left, Statistics::Batch));
        let left = see("left.relu", left.relu());
        let right = see("right", x.max_pool2d([3, 3], [1, 1], [1, 1], [1, 1], false));
        let x = see("cat", Tensor::cat(&[left, right], 1));
        let y = see("after.conv", self.after.0.forward(&x));
        let y = see("after.bn", self.after.1.forward(&y, Statistics::Batch));
        let x = see("sum", x + y);
        let x = see("mean", x.adaptive_avg_pool2d([1, 1]));
        let logits = self.fc.forward(&x.flatten(1, -1));
        seen.push(("fc", logits));
        seen
    }
}

fn read(name: &str) -> Tensor {
    let file = File::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/precision.safetensors");
    tensors::read(&file, name).unwrap()
}

/// The network with the variables of the file, and these.
fn small() -> (VarStore, Small) {
    let store = VarStore::new(Device::Cpu);
    let network = Small::new(&store.root());
    for (name, mut variable) in variables::in_order(&store) {
        no_grad(|| variable.copy_(&read(&format!("variable.{name}"))));
    }
    (store, network)
}

/// The loss in float32 whatever the logits are, as training computes it.
fn loss(logits: &Tensor) -> Tensor {
    logits.log_softmax(-1, Kind::Float).nll_loss(&Tensor::from_slice(&[3_i64, 1]))
}

/// Same type, and no number further from PyTorch's than a rounding. Returns the largest difference, relative to the largest number.
#[track_caller]
fn compare(name: &str, ours: &Tensor, tolerance: f64) -> f64 {
    let theirs = read(name);
    assert_eq!((ours.kind(), ours.size()), (theirs.kind(), theirs.size()), "{name}");
    let largest = theirs.to_kind(Kind::Double).abs().max().double_value(&[]);
    let difference =
        (ours.to_kind(Kind::Double) - theirs.to_kind(Kind::Double)).abs().max().double_value(&[]) / largest;
    assert!(difference <= tolerance, "{name} differs by {difference}");
    difference
}

#[test]
fn every_output_gradient_and_statistic_is_that_of_autocast() {
    let (store, network) = small();
    let outputs = {
        let _scope = Precision::BFloat16.enter();
        network.forward(&read("input"))
    };
    for (name, output) in &outputs {
        println!("{name}: {:e}", compare(&format!("out.{name}"), output, TOLERANCE));
    }
    let loss = loss(&outputs.last().unwrap().1);
    println!("loss: {:e}", compare("loss", &loss, TOLERANCE));
    let float32 = read("loss.float32").double_value(&[]);
    assert!((loss.double_value(&[]) - float32).abs() > 1e-6, "this is float32");
    loss.backward();
    for (name, variable) in &variables::in_order(&store) {
        let trained = variable.requires_grad();
        let (name, value) = if trained {
            (format!("grad.{name}"), variable.grad())
        } else {
            (format!("after.{name}"), variable.copy())
        };
        // Differences of outputs meet in sums.
        println!("{name}: {:e}", compare(&name, &value, 4.0 * TOLERANCE));
    }
}

/// Images that were taken apart for one step of the optimizer: both passes go back through the same bfloat16 weights.
#[test]
fn gradients_of_two_passes_add_up() {
    let (store, network) = small();
    let (x, scope) = (read("input"), Precision::BFloat16.enter());
    let pass = || loss(&network.forward(&x).last().unwrap().1).backward();
    pass();
    let fc = store.variables().remove("fc.bias").unwrap();
    let once = fc.grad().copy();
    pass();
    drop(scope);
    assert_eq!(fc.grad(), &once * 2.0);
}

/// Weights that change are seen, in whatever way they change, and evaluation between passes does not take the gradients away.
#[test]
fn weights_are_never_stale() {
    let (store, network) = small();
    let (x, _scope) = (read("input"), Precision::BFloat16.enter());
    let logits = || network.forward(&x).pop().unwrap().1;
    let before = no_grad(logits);
    let mut bias = store.variables().remove("fc.bias").unwrap();
    let _ = no_grad(|| bias.fill_(100.0));
    let moved = no_grad(logits);
    assert_ne!(before, moved);
    bias.set_data(&Tensor::zeros([5], (Kind::Float, Device::Cpu)));
    assert_ne!(moved, no_grad(logits));
    loss(&logits()).backward();
    assert!(bias.grad().defined());
    // Where the weight is frozen and the bias is not.
    let (store, network) = small();
    let _frozen = store.variables().remove("fc.weight").unwrap().set_requires_grad(false);
    let logits = || network.forward(&x).pop().unwrap().1;
    let _ = no_grad(logits);
    loss(&logits()).backward();
    assert!(store.variables().remove("fc.bias").unwrap().grad().defined());
}

/// As PyTorch's autocast does.
#[test]
fn double_precision_is_left_alone() {
    let (mut store, network) = small();
    store.double();
    let _scope = Precision::BFloat16.enter();
    let output = network.forward(&read("input").to_kind(Kind::Double)).pop().unwrap().1;
    assert_eq!(output.kind(), Kind::Double);
}

#[test]
fn a_scope_ends_where_it_ends() {
    assert_eq!(Precision::current(), Precision::Float32);
    {
        let _outer = Precision::BFloat16.enter();
        {
            let _inner = Precision::Float32.enter();
            assert_eq!(Precision::current(), Precision::Float32);
        }
        assert_eq!(Precision::current(), Precision::BFloat16);
        let elsewhere = std::thread::spawn(Precision::current).join().unwrap();
        assert_eq!(elsewhere, Precision::Float32);
        let panicked = std::panic::catch_unwind(|| {
            let _inner = Precision::Float32.enter();
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(panicked.is_err());
        assert_eq!(Precision::current(), Precision::BFloat16);
    }
    assert_eq!(Precision::current(), Precision::Float32);
}
