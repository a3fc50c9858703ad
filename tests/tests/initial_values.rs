//! How generated networks start: every parameter is drawn from the distribution that its layer names in the spec, and from no
//! default of tch. The schemes themselves are tested in the runtime.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../runtime/tests/distribution/mod.rs"]
mod distribution;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use distribution::{Distribution, are_even};
use googlenetc::network::Operation;
use googlenetc::ops::{Convolution, Linear, Op};
use googlenetc::{CheckedNetwork, Fan, Init};
use googlenetc_runtime::network::Network;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Tensor, manual_seed, set_num_threads};
use googlenetc_tests::network;

// A module and a test for every spec; `build.rs` writes them.
include!(concat!(env!("OUT_DIR"), "/every_spec.rs"));

/// libtorch's generator belongs to the whole process, so one test draws at a time.
static GENERATOR: Mutex<()> = Mutex::new(());

/// Networks smaller than this are made again with other seeds, until there are so many values.
const VALUES: u64 = 400_000;

/// Everything that is asked of a generated network.
fn agrees<N: Network>(spec: &str) {
    let _one_at_a_time = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    // The machine's cores are other tests' too.
    set_num_threads(1);
    let starts = starts(&network(spec));
    let mut draws = vec![made::<N>(1)];
    assert_eq!(draws[0].keys().collect::<Vec<_>>(), starts.keys().collect::<Vec<_>>());
    let parameters: u64 = draws[0].values().map(|values| values.numel() as u64).sum();
    if parameters < VALUES {
        draws.extend(
            (2..=(VALUES / parameters).clamp(2, 200)).map(|seed| made::<N>(seed.try_into().expect("a small seed"))),
        );
        the_seed_decides(&starts, [&draws[0], &made::<N>(1), &draws[1]]);
    }
    let mut shares: BTreeMap<String, Vec<Tensor>> = BTreeMap::new();
    for (name, distribution) in &starts {
        let values = Tensor::stack(&draws.iter().map(|draw| &draw[name]).collect::<Vec<_>>(), 0);
        assert_eq!(distribution.explains(&values), Ok(()), "{name}: {distribution:?}");
        let family = format!("{distribution:?}").split(' ').next().map(str::to_owned);
        shares.entry(family.unwrap_or_default()).or_default().push(distribution.cumulated(&values));
    }
    // What the few values of a bias do not show, those of all biases do.
    for (family, shares) in shares {
        assert_eq!(are_even(&Tensor::cat(&shares, 0)), Ok(()), "all of {family}");
    }
}

/// The same seed gives the same values, and another others, wherever there is anything to draw.
fn the_seed_decides(starts: &BTreeMap<String, Distribution>, [one, same, other]: [&Variables; 3]) {
    for (name, distribution) in starts {
        assert_eq!(one[name], same[name], "{name}");
        let is_constant = matches!(distribution, Distribution::Constant(_));
        assert_eq!(one[name] == other[name], is_constant, "{name}");
    }
}

type Variables = BTreeMap<String, Tensor>;

/// A network's variables, by name.
fn made<N: Network>(seed: i64) -> Variables {
    manual_seed(seed);
    let store = VarStore::new(Device::Cpu);
    N::new(&store.root());
    store.variables().into_iter().map(|(name, tensor)| (name, tensor.detach())).collect()
}

/// What each variable of a network is drawn from.
fn starts(checked: &CheckedNetwork) -> BTreeMap<String, Distribution> {
    let mut starts = BTreeMap::new();
    for (index, operation) in checked.network().operations.iter().enumerate() {
        let weight = checked.variables(index).first().map(|weight| weight.shape.clone()).unwrap_or_default();
        for variable in checked.variables(index) {
            let name =
                [&operation.scope, &variable.name].map(String::as_str).into_iter().filter(|part| !part.is_empty());
            let name = name.collect::<Vec<_>>().join(".");
            starts.insert(name, start(operation, &variable.name, &weight));
        }
    }
    starts
}

fn start(operation: &Operation, variable: &str, weight: &[u64]) -> Distribution {
    match (&operation.op, variable) {
        (Op::Convolution(Convolution { weight_init, .. }) | Op::Linear(Linear { weight_init, .. }), "weight") => {
            distribution(*weight_init, weight)
        }
        (
            Op::Convolution(Convolution { bias_init: Some(init), .. })
            | Op::Linear(Linear { bias_init: Some(init), .. }),
            "bias",
        ) => distribution(*init, weight),
        // As PyTorch's module begins.
        (Op::BatchNorm(_), "weight" | "running_var") => Distribution::Constant(1.0),
        (Op::BatchNorm(_), "bias" | "running_mean") => Distribution::Constant(0.0),
        (op, _) => panic!("{} has no {variable}", op.name()),
    }
}

/// The formulas of PyTorch's documentation of `torch.nn.init`, and of Caffe's `filler.hpp`, for a weight of this shape.
#[expect(clippy::cast_precision_loss, reason = "fans are small")]
fn distribution(init: Init, weight: &[u64]) -> Distribution {
    let window: u64 = weight.iter().skip(2).product();
    let (fan_in, fan_out) = ((weight[1] * window) as f64, (weight[0] * window) as f64);
    let count = |fan| if fan == Fan::In { fan_in } else { fan_out };
    let uniform = |square: f64| Distribution::Uniform { bound: square.sqrt() };
    let normal = |variance: f64| Distribution::Normal { mean: 0.0, std: variance.sqrt() };
    match init {
        Init::PyTorch => uniform(1.0 / fan_in),
        Init::CaffeXavier => uniform(3.0 / fan_in),
        Init::GlorotUniform => uniform(6.0 / (fan_in + fan_out)),
        Init::GlorotNormal => normal(2.0 / (fan_in + fan_out)),
        Init::HeNormal(fan) => normal(2.0 / count(fan)),
        Init::HeUniform(fan) => uniform(6.0 / count(fan)),
        Init::Normal { mean, std } => Distribution::Normal { mean, std },
        Init::TruncatedNormal { mean, std, cut } => Distribution::Truncated { mean, std, cut },
        Init::Constant(value) => Distribution::Constant(value),
    }
}

/// A network of others, and how the weights and biases of its layers start there: of the rows whose end a layer's scope has, the
/// first holds.
struct Published {
    spec: &'static str,
    rows: &'static [(&'static str, Init, Option<Init>)],
}

const fn truncated(std: f64) -> Init {
    Init::TruncatedNormal { mean: 0.0, std, cut: 2.0 }
}

const TORCH: Option<Init> = Some(Init::PyTorch);
const ZERO: Option<Init> = Some(Init::Constant(0.0));
const KAIMING: Init = Init::HeNormal(Fan::Out);

const ONE_FIFTH: Option<Init> = Some(Init::Constant(0.2));

/// As the constructors of torchvision's modules and of the source networks do it, and the fillers of Caffe's definition.
#[rustfmt::skip]
const PUBLISHED: [Published; 9] = [
    Published { spec: "googlenet-torchvision", rows: &[
        ("fc1", truncated(0.01), TORCH), ("fc2", truncated(0.01), TORCH), ("fc", truncated(0.01), TORCH), ("", truncated(0.01), None),
    ] },
    Published { spec: "inception-v3", rows: &[
        ("AuxLogits.conv1.conv", truncated(0.01), None), ("AuxLogits.fc", truncated(0.001), TORCH),
        ("fc", truncated(0.1), TORCH), ("", truncated(0.1), None),
    ] },
    Published { spec: "resnet-18", rows: &[("fc", Init::PyTorch, TORCH), ("", KAIMING, None)] },
    Published { spec: "squeezenet-1.1", rows: &[
        ("classifier.1", Init::Normal { mean: 0.0, std: 0.01 }, ZERO), ("", Init::HeUniform(Fan::In), ZERO),
    ] },
    Published { spec: "tiny-imagenet", rows: &[("", Init::PyTorch, TORCH)] },
    Published { spec: "fashion-mnist-sequential", rows: &[("", Init::PyTorch, TORCH)] },
    Published { spec: "fashion-mnist", rows: &[("fc", Init::Normal { mean: 0.0, std: 0.01 }, ZERO), ("", KAIMING, ZERO)] },
    Published { spec: "bias-aux", rows: &[("", Init::PyTorch, TORCH)] },
    Published { spec: "googlenet-caffe", rows: &[("classifier", Init::CaffeXavier, ZERO), ("", Init::CaffeXavier, ONE_FIFTH)] },
];

#[test]
fn specs_say_what_is_published() {
    for Published { spec, rows } in &PUBLISHED {
        let checked = network(&format!("specs/{spec}.yaml"));
        for operation in &checked.network().operations {
            let (Op::Convolution(Convolution { weight_init, bias_init, .. })
            | Op::Linear(Linear { weight_init, bias_init, .. })) = &operation.op
            else {
                continue;
            };
            let said = (*weight_init, *bias_init);
            let row = rows.iter().find(|(end, ..)| operation.scope.ends_with(end)).expect("the last row holds for all");
            assert_eq!(said, (row.1, row.2), "{spec}: {}", operation.scope);
        }
    }
}
