//! libtorch's word against ours: the generated modules have the variables that the report lists, and every named output
//! has the shape that the report derives, while training and at inference.

use std::cell::RefCell;
use std::collections::BTreeMap;

use googlenetc::network::Phase;
use googlenetc::report::{self, Line, Report, Total};
use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::summary::{Count, Output, Style, Variable, summarise};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::torchscript;

// A module and a test for every spec; `build.rs` writes them.
include!(concat!(env!("OUT_DIR"), "/every_spec.rs"));

const BATCH: i64 = 2;

fn report(spec: &str) -> Report {
    report::report(&googlenetc_tests::network(spec))
}

fn sizes(shape: &[u64]) -> Vec<i64> {
    shape.iter().map(|&size| i64::try_from(size).expect("a size fits")).collect()
}

/// Everything that is asked of a generated network.
fn agrees<N: Network>(spec: &str) {
    let report = report(spec);
    let store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    assert_eq!(N::NAME, report.network);
    assert_eq!(N::INPUT.to_vec(), sizes(&report.input.sizes()));
    variables_agree(&store, &report);
    heads_agree::<N>(&report);
    for mode in [Mode::TRAINING, Mode::COMPARISON, Mode::INFERENCE] {
        outputs_agree(&network, mode, &report);
    }
    summary_agrees(&network, &store, &report);
    if spec.starts_with("tests/") || std::env::var_os("GOOGLENETC_TEST_TORCHSCRIPT").is_some() {
        is_traced(&network, store);
    }
}

fn variables_agree(store: &VarStore, report: &Report) {
    let reported: BTreeMap<String, Vec<i64>> =
        report.variables.iter().map(|variable| (variable.name.clone(), sizes(&variable.shape))).collect();
    assert_eq!(reported.len(), report.variables.len(), "no name stands twice");
    let registered = store.variables();
    let made: BTreeMap<String, Vec<i64>> =
        registered.iter().map(|(name, tensor)| (name.clone(), tensor.size())).collect();
    assert_eq!(made, reported);

    // tch keeps the order of those that training changes.
    let names: BTreeMap<usize, &String> =
        registered.iter().map(|(name, tensor)| (tensor.data_ptr() as usize, name)).collect();
    let trainable = store.trainable_variables();
    let order: Vec<&String> = trainable.iter().map(|tensor| names[&(tensor.data_ptr() as usize)]).collect();
    let reported_order: Vec<&String> =
        report.variables.iter().filter(|variable| variable.trainable).map(|variable| &variable.name).collect();
    assert_eq!(order, reported_order);

    let elements: usize = trainable.iter().map(Tensor::numel).sum();
    assert_eq!(elements as u64, report.totals.training.parameters);
}

fn heads_agree<N: Network>(report: &Report) {
    assert_eq!(N::HEADS.len(), report.heads.len());
    for (head, reported) in N::HEADS.iter().zip(&report.heads) {
        assert_eq!(head.name, reported.name);
        assert!((head.weight - reported.weight).abs() < f64::EPSILON, "{}", head.name);
        assert_eq!(format!("{:?}", head.phase), format!("{:?}", reported.phase));
        assert_eq!(u64::try_from(N::CLASSES), Ok(reported.classes));
    }
}

fn outputs_agree(network: &impl Network, mode: Mode, report: &Report) {
    let input = sizes(&report.input.sizes());
    let x = Tensor::rand([&[BATCH], &input[..]].concat(), (Kind::Float, Device::Cpu));
    let seen: RefCell<Vec<(String, Vec<i64>)>> = RefCell::default();
    let observer = |path: &str, value: &Tensor| {
        let shape = value.size();
        assert_eq!(shape[0], BATCH, "{path}");
        seen.borrow_mut().push((path.to_owned(), shape[1..].to_vec()));
    };
    let output = no_grad(|| network.forward(&x, mode, &Probe::new(&observer)));
    let runs = |phase: Phase| mode.training || phase == Phase::Always;
    let reported: Vec<(String, Vec<i64>)> = report
        .operations
        .iter()
        .filter(|step| runs(step.line.phase))
        .map(|step| (step.line.path.clone(), sizes(&step.line.output.sizes())))
        .collect();
    assert!(!reported.is_empty());
    assert_eq!(seen.into_inner(), reported, "{mode:?}");

    let logits = output.logits();
    assert_eq!(logits.len(), report.heads.len());
    for (logits, head) in logits.into_iter().zip(&report.heads) {
        let wanted = runs(head.phase).then(|| vec![BATCH, i64::try_from(head.classes).expect("a count fits")]);
        assert_eq!(logits.map(Tensor::size), wanted, "{}", head.name);
    }
}

/// The program's `summary` against the compiler's `report`, output by output.
fn summary_agrees<N: Network>(network: &N, store: &VarStore, report: &Report) {
    let summary = summarise(network, store, 1, N::INPUT, true).expect("it runs on what it declares");
    let count = |count: Count| (count.parameters.cast_unsigned(), count.buffers.cast_unsigned());
    let totals = |total: &Total| (total.parameters, total.buffers);
    assert_eq!(summary.training.map(count), Some(totals(&report.totals.training)));
    assert_eq!(count(summary.inference), totals(&report.totals.inference));
    assert_eq!(summary.idle, []);
    let numbers = |output: &Output, trainable: bool| -> i64 {
        output.variables.iter().filter(|variable| variable.trainable == trainable).map(Variable::numbers).sum()
    };
    let shown = summary.outputs.iter().map(|output| {
        let [parameters, buffers] = [true, false].map(|trainable| numbers(output, trainable).cast_unsigned());
        (output.path.clone(), output.shape[1..].to_vec(), output.training_only, parameters, buffers)
    });
    let reported = report.operations.iter().map(|step| {
        let Line { path, output, parameters, buffers, phase, .. } = &step.line;
        (path.clone(), sizes(&output.sizes()), *phase == Phase::Training, *parameters, *buffers)
    });
    for (shown, reported) in shown.zip(reported) {
        assert_eq!(shown, reported);
    }
    assert_eq!(summary.outputs.len(), report.operations.len());
}

/// As TorchScript it computes the same, of which `save` makes sure.
fn is_traced<N: Network>(network: &N, mut store: VarStore) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("network.pt");
    torchscript::save(network, &mut store, &path).expect("it can be traced");
    assert!(path.metadata().expect("there is a file").len() > 0);
}

#[test]
fn a_batch_norm_has_two_buffers() {
    let buffers = report("tests/specs/batch_norm.yaml").variables.into_iter().filter(|variable| !variable.trainable);
    assert_eq!(buffers.count(), 2 * 3, "two running statistics for each of three normalised convolutions");
}

/// What the program of the network's source prints: the shape behind each of the seven parts of its sequence, and in each block
/// the shapes of its four paths, whose channels are the first, third, fifth and last numbers of the block.
#[test]
fn stages_and_branches_have_the_shapes_that_the_source_prints() {
    let store = VarStore::new(Device::Cpu);
    let network = fashion_mnist_sequential::GoogLeNetFashionMnistSequential::new(&store.root());
    let summary = summarise(&network, &store, 1, [1, 224, 224], true).expect("it runs on what it declares");
    let printed: [&[i64]; 7] = [
        &[1, 64, 56, 56],
        &[1, 192, 28, 28],
        &[1, 480, 14, 14],
        &[1, 832, 7, 7],
        &[1, 1024, 1, 1],
        &[1, 1024],
        &[1, 10],
    ];
    assert_eq!(summary.stages().iter().map(|output| output.shape.as_slice()).collect::<Vec<_>>(), printed);
    let paths: [(i64, [i64; 4]); 9] = [
        (28, [64, 128, 32, 32]),
        (28, [128, 192, 96, 64]),
        (14, [192, 208, 48, 64]),
        (14, [160, 224, 64, 64]),
        (14, [128, 256, 64, 64]),
        (14, [112, 288, 64, 64]),
        (14, [256, 320, 128, 128]),
        (7, [256, 320, 128, 128]),
        (7, [384, 384, 128, 128]),
    ];
    let found = summary.branches();
    assert_eq!(found.len(), paths.len());
    for (block, (side, channels)) in found.iter().zip(paths) {
        assert_eq!(block.output.shape, [1, channels.iter().sum(), side, side], "{}", block.output.path);
        let shapes: Vec<&[i64]> = block.branches.iter().map(|(_, last)| last.shape.as_slice()).collect();
        assert_eq!(shapes, channels.map(|channels| [1, channels, side, side]), "{}", block.output.path);
    }
    let text = summary.text(Style::Stages);
    assert!(text.contains("\n0      pool1      1x64x56x56\n1      pool2      1x192x28x28\n"), "{text}");
    let text = summary.text(Style::Branches);
    assert!(text.contains("\ninception3a  1x256x28x28\n  branch1    "), "{text}");
}

/// Blocks within repeats, sums, and reductions inside of blocks.
#[test]
fn residual_blocks_have_branches_and_their_reductions_end_stages() {
    let store = VarStore::new(Device::Cpu);
    let network = inception_resnet_v2::InceptionResNetV2::new(&store.root());
    let summary = summarise(&network, &store, 1, [3, 299, 299], false).expect("it runs on what it declares");
    let stages: Vec<&str> = summary.stages().iter().map(|output| output.path.as_str()).collect();
    let head = ["main.0", "main.1", "main.classif"];
    assert_eq!(stages, [&["conv2d_2a", "maxpool_3a", "maxpool_5a", "mixed_6a", "mixed_7a"][..], &head].concat());
    let of = |path: &str| -> Vec<&str> {
        let found = summary.branches().into_iter().find(|found| found.output.path == path).expect("it has branches");
        found.branches.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(of("mixed_5b"), ["branch0", "branch1", "branch2", "branch3"]);
    assert_eq!(of("repeat_0.3.sum"), ["residual"]);
    assert_eq!(of("repeat_0.3.sum.residual.mixed"), ["branch0", "branch1", "branch2"]);
}
