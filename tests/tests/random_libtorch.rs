//! Random networks in libtorch: every operation delivers the shape that was derived and has the variables that were counted,
//! and generated code computes what a walk through the operations does.
//!
//! `PROPTEST_CASES=5000 cargo test -p googlenetc-tests --test random_libtorch` walks through more networks than the usual 200,
//! and `GENERATED_NETWORKS=200` generates and compiles more than the usual 12; with `PROPTEST_RNG_SEED` they are the same again.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "which seed and how long is shown by `--nocapture`, or where the test fails")]

mod batch;
#[allow(dead_code, reason = "another program has what is left")]
mod random;
mod walker;

use std::hash::{BuildHasher, Hasher, RandomState};

use batch::Batch;
use googlenetc::network::Phase;
use googlenetc::report::{self, Total};
use googlenetc::{CheckedNetwork, Mode};
use googlenetc_runtime::tch::{Tensor, no_grad, set_num_threads};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, RngSeed, TestRng, TestRunner};
use random::count::count;
use random::network::Network;
use random::{strategy, write};
use walker::{Graph, Walk, formula, walk};

const BATCH: i64 = 2;

/// A graph by the name that the crate of generated networks calls it.
const GRAPHS: [(&str, Graph); 3] = [
    ("training", Graph { training: true, batch_statistics: false }),
    ("inference", Graph { training: false, batch_statistics: false }),
    ("statistics", Graph { training: true, batch_statistics: true }),
];

fn checked(spec: &str) -> CheckedNetwork {
    let compilation = googlenetc::compile("random.yaml", spec);
    let messages = compilation.render(false);
    compilation.network.unwrap_or_else(|| panic!("refused:\n{spec}\n{messages}"))
}

fn whole(sizes: &[u64]) -> Vec<i64> {
    sizes.iter().map(|size| i64::try_from(*size).expect("a size fits")).collect()
}

/// A walk in this thread alone: for tensors so small, threads wait longer for each other than they compute.
fn walked(checked: &CheckedNetwork, x: &Tensor, graph: Graph) -> Walk {
    set_num_threads(1);
    no_grad(|| walk(checked, x, graph))
}

/// Walks through the operations of one graph, and holds every shape and variable against what was derived.
fn agrees(checked: &CheckedNetwork, graph: Graph) -> Result<(), TestCaseError> {
    let x = walker::input(checked, BATCH);
    let walked = walked(checked, &x, graph);
    let mode = if graph.training { Mode::Training } else { Mode::Inference };
    let [_, height, width] = checked.network().input.value;
    let trial = googlenetc::at(checked, [height, width], BATCH.unsigned_abs(), mode);
    prop_assert!(trial.refusal.is_none());
    let mut counted = (0, 0);
    for (index, operation) in checked.network().operations.iter().enumerate() {
        let path = &operation.path;
        let size = walked.outputs[index].as_ref().map(Tensor::size);
        let derived = trial.values[index].map(|value| whole(&[&[value.rows], &value.shape.sizes()[..]].concat()));
        prop_assert_eq!(&size, &derived, "{}", path);
        let Some(size) = size else { continue };
        let declared = checked.shape(googlenetc::network::Source::Operation(index));
        prop_assert_eq!(&size[1..], whole(&declared.sizes()), "{}", path);
        let variables = checked.variables(index);
        let shapes: Vec<(String, Vec<i64>)> =
            variables.iter().map(|variable| (variable.name.clone(), whole(&variable.shape))).collect();
        let needed = walked.variables[index].iter();
        let needed: Vec<(String, Vec<i64>)> =
            needed.map(|(name, shape)| (name.rsplit('.').next().unwrap().to_owned(), shape.clone())).collect();
        prop_assert_eq!(&needed, &shapes, "{}", path);
        let numbers = |is_buffer: bool| {
            let of_kind = needed.iter().filter(move |(name, _)| name.starts_with("running_") == is_buffer);
            of_kind.map(|(_, shape)| shape.iter().product::<i64>().unsigned_abs()).sum::<u64>()
        };
        prop_assert_eq!(numbers(false), checked.parameters(index), "{}", path);
        counted = (counted.0 + numbers(false), counted.1 + numbers(true));
    }
    let totals = report::report(checked).totals;
    let Total { parameters, buffers, .. } = if graph.training { totals.training } else { totals.inference };
    prop_assert_eq!(counted, (parameters, buffers));
    for head in checked.network().heads.iter().filter(|head| graph.training || head.phase == Phase::Always) {
        let classes = walked.value(head.layers.output, &x).size()[1];
        prop_assert_eq!(classes, whole(&checked.shape(head.layers.output).sizes())[0]);
    }
    Ok(())
}

/// Valid networks. One in a thousand multiplies its channels until no memory holds its weights: not those.
fn networks() -> impl Strategy<Value = Network> {
    let is_small = |network: &Network| {
        let stages = count(network).expect("the network was made to be valid");
        let outputs = stages.iter().map(|stage| stage.output.iter().product::<u64>());
        outputs.max() <= Some(1_000_000) && stages.iter().map(|stage| stage.parameters).sum::<u64>() <= 5_000_000
    };
    strategy::network().prop_filter("it fits into memory", is_small)
}

fn config() -> ProptestConfig {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/random_libtorch.txt");
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 200 };
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(seeds))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_operation_delivers_what_was_derived(network in networks()) {
        let checked = checked(&write::yaml(&network).text);
        for (_, graph) in GRAPHS {
            agrees(&checked, graph)?;
        }
    }
}

/// So many networks, and the seed that they are drawn from.
fn draw(wanted: usize) -> (u64, Vec<Network>) {
    let config = ProptestConfig::default();
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().build_hasher().finish(),
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let strategy = networks();
    let networks = (0..wanted).map(|_| strategy.new_tree(&mut runner).expect("networks can be drawn").current());
    (seed, networks.collect())
}

/// What a walk shows of an operation or a head, in the words of the program of generated networks.
struct Shown {
    /// Module, graph, what it is, its name, its sizes.
    words: String,
    numbers: [f64; 3],
}

fn shown(module: &str, checked: &CheckedNetwork) -> Vec<Shown> {
    let x = walker::input(checked, BATCH);
    let network = checked.network();
    let mut all = Vec::new();
    for (graph_name, graph) in GRAPHS {
        let walked = walked(checked, &x, graph);
        let mut show = |what: &str, name: &str, value: &Tensor| {
            let sizes: Vec<String> = value.size().iter().map(i64::to_string).collect();
            let numbers = Vec::try_from(value.contiguous().view(-1)).expect("numbers");
            let words = format!("{module} {graph_name} {what} {name} {}", sizes.join("x"));
            all.push(Shown { words, numbers: formula::fingerprint(&numbers) });
        };
        for (operation, output) in network.operations.iter().zip(&walked.outputs) {
            if let Some(output) = output {
                show("operation", &operation.path, output);
            }
        }
        let heads = network.outputs.iter().map(|index| &network.heads[*index]);
        for head in heads.filter(|head| graph.training || head.phase == Phase::Always) {
            show("head", &head.name.value, walked.value(head.layers.output, &x));
        }
    }
    all
}

/// How far a line of the program is from what the walk shows, beside the sum of the values' sizes where that is more than 1;
/// infinite where it shows something else.
fn deviation(line: &str, Shown { words, numbers: [sum, weighted, sizes] }: &Shown) -> f64 {
    let printed = line.strip_prefix(words).unwrap_or_default().split_whitespace();
    let printed: Vec<f64> = printed.map(|number| number.parse().unwrap()).collect();
    let [first, second] = printed[..] else { return f64::INFINITY };
    (sum - first).abs().max((weighted - second).abs()) / sizes.max(1.0)
}

#[test]
fn generated_code_computes_what_the_walk_does() {
    let wanted = std::env::var("GENERATED_NETWORKS").map_or(12, |wanted| wanted.parse().expect("a number of networks"));
    let (seed, networks) = draw(wanted);
    println!("GENERATED_NETWORKS={wanted} PROPTEST_RNG_SEED={seed}");
    let specs: Vec<String> = networks.iter().map(|network| write::yaml(network).text).collect();
    let codes: Vec<String> = specs
        .iter()
        .map(|spec| googlenetc::compile("random.yaml", spec).rust().expect("the network is valid"))
        .collect();
    println!("{} lines of code", codes.concat().lines().count());
    let batch = Batch::new(&codes, BATCH);
    println!("compiled in {:.0?}", batch.build());
    let printed = batch.run();
    let mut lines = printed.lines();
    let mut largest = 0.0_f64;
    for (index, spec) in specs.iter().enumerate() {
        let module = format!("n{index}");
        for shown in shown(&module, &checked(spec)) {
            let line = lines.next().unwrap_or_default();
            let Shown { words, numbers } = &shown;
            let apart = deviation(line, &shown);
            // Sums are rounded in another order.
            assert!(apart <= 1e-9, "seed {seed}, walked: {words} {numbers:?}, generated: {line}\n{spec}");
            largest = largest.max(apart);
        }
    }
    assert_eq!(lines.next(), None);
    println!("largest deviation {largest:.1e}");
}
