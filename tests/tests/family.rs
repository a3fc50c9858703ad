//! The networks of the family against numbers that others made: PyTorch's and torchvision's own modules, Caffe's published model, and
//! arithmetic. A new member is a row of [`FAMILY`].
//!
//! Where PyTorch has the network, `tests/data/models` holds what it says: every tensor of its `state_dict`, every call of a
//! module, and every operation that ran, in order.
#![expect(clippy::panic, reason = "a test that finds nothing to compare cannot go on")]

use std::collections::BTreeMap;

use googlenetc::CheckedNetwork;
use googlenetc::layout::{self, Key};
use googlenetc::network::{Operation, Phase, Source};
use googlenetc::ops::{Activation, AdaptivePool, Op, Pooling, Window};
use googlenetc::report::{self, Total};
use googlenetc_dsl::render;
use googlenetc_dsl::source::Sources;
use googlenetc_tests::{network, text};
use serde_json::Value;

/// A network, and what is known about it.
struct Member {
    /// Its spec, `specs/NAME.yaml`.
    name: &'static str,
    /// Parameters and multiply-adds with every head.
    training: (u64, u64),
    /// The same without the heads that run in training only.
    inference: (u64, u64),
    /// PyTorch's word on it, `data/models/NAME.json`, and the key layout by which its names become ours.
    model: Option<(&'static str, &'static str)>,
}

#[rustfmt::skip]
const FAMILY: [Member; 15] = [
    // Table 1 and its heads by arithmetic; also the published sizes of BVLC's model, which differs in no number.
    Member { name: "googlenet", training: (13_378_280, 1_591_044_096), inference: (6_998_552, 1_582_671_872), model: None },
    Member { name: "googlenet-caffe", training: (13_378_280, 1_591_044_096), inference: (6_998_552, 1_582_671_872), model: None },
    Member { name: "googlenet-torchvision", training: (13_004_888, 1_506_748_416), inference: (6_624_904, 1_498_376_192), model: Some(("torchvision-googlenet", "pytorch")) },
    Member { name: "tiny-imagenet", training: (6_178_552, 1_581_852_672), inference: (6_178_552, 1_581_852_672), model: Some(("tiny-imagenet", "tiny-imagenet")) },
    Member { name: "fashion-mnist-sequential", training: (5_977_530, 1_502_982_144), inference: (5_977_530, 1_502_982_144), model: Some(("fashion-mnist-sequential", "fashion-mnist-sequential")) },
    Member { name: "fashion-mnist", training: (5_927_850, 1_493_248_000), inference: (5_927_850, 1_493_248_000), model: Some(("fashion-mnist", "fashion-mnist")) },
    Member { name: "batch-norm", training: (13_385_816, 1_591_044_096), inference: (13_385_816, 1_591_044_096), model: Some(("batch-norm", "batch-norm")) },
    Member { name: "bias-aux", training: (13_378_280, 1_591_044_096), inference: (6_998_552, 1_582_671_872), model: Some(("bias-aux", "bias-aux")) },
    // Counts of the independent ports by Cadene (Caffe's widths) and TF-Slim; multiply-adds by arithmetic.
    Member { name: "bn-inception", training: (11_295_240, 2_032_600_064), inference: (11_295_240, 2_032_600_064), model: None },
    Member { name: "bn-inception-slim", training: (11_194_984, 2_018_851_840), inference: (11_194_984, 2_018_851_840), model: None },
    Member { name: "inception-v3", training: (27_161_264, 5_718_899_296), inference: (23_834_568, 5_713_216_096), model: Some(("torchvision-inception-v3", "pytorch")) },
    // timm's and torchvision's own modules, counted by PyTorch.
    Member { name: "inception-v4", training: (42_679_816, 12_253_974_624), inference: (42_679_816, 12_253_974_624), model: None },
    Member { name: "inception-resnet-v2", training: (55_843_464, 13_155_794_016), inference: (55_843_464, 13_155_794_016), model: None },
    Member { name: "resnet-18", training: (11_689_512, 1_814_073_344), inference: (11_689_512, 1_814_073_344), model: None },
    Member { name: "squeezenet-1.1", training: (1_235_496, 349_151_936), inference: (1_235_496, 349_151_936), model: None },
];

const PHASES: [(&str, Phase); 2] = [("training", Phase::Training), ("inference", Phase::Always)];

fn checked(name: &str) -> CheckedNetwork {
    network(&format!("specs/{name}.yaml"))
}

/// Members with PyTorch's word on them: its name, our network, the data, the layout's name.
fn models() -> impl Iterator<Item = (&'static str, CheckedNetwork, Value, &'static str)> {
    FAMILY.iter().filter_map(|member| {
        let (model, layout) = member.model?;
        let data = serde_json::from_str(&text(&format!("tests/data/models/{model}.json"))).expect("the data is JSON");
        Some((member.name, checked(member.name), data, layout))
    })
}

/// The lines of one phase; `null` in training means that they are those of inference.
fn lines<'d>(data: &'d Value, what: &str, phase: &str) -> Vec<&'d str> {
    let lines = &data[what][phase];
    let lines = if lines.is_null() { &data[what]["inference"] } else { lines };
    lines.as_array().expect("a list").iter().map(|line| line.as_str().expect("a line")).collect()
}

/// The operations that run in a phase, by index.
fn running(checked: &CheckedNetwork, phase: Phase) -> Vec<(usize, &Operation)> {
    let runs = |operation: &Operation| phase == Phase::Training || operation.phase == Phase::Always;
    checked.network().operations.iter().enumerate().filter(|(_, operation)| runs(operation)).collect()
}

fn output(checked: &CheckedNetwork, index: usize) -> String {
    checked.shape(Source::Operation(index)).to_string()
}

/// The network's tensors under the names of its own files.
fn keys(checked: &CheckedNetwork, layout: &str) -> Vec<Key> {
    let file = format!("specs/layouts/{layout}.yaml");
    let mut sources = Sources::new();
    let id = sources.add(file.as_str(), text(&file));
    let (layout, found) = layout::read(&sources, id);
    assert!(found.is_empty(), "{}", render::render(&found, &sources, false));
    let keys = layout.expect("it is right").keys(&report::report(checked).variables);
    keys.unwrap_or_else(|found| panic!("{file}:\n{}", render::render(&found, &sources, false)))
}

#[test]
fn totals() {
    for member in &FAMILY {
        let totals = report::report(&checked(member.name)).totals;
        let pair = |total: Total| (total.parameters, total.multiply_adds);
        assert_eq!(
            (pair(totals.training), pair(totals.inference)),
            (member.training, member.inference),
            "{}",
            member.name
        );
    }
}

/// The numbers above are also those that PyTorch counts.
#[test]
fn totals_are_those_of_pytorch() {
    for member in FAMILY.iter().filter(|member| member.model.is_some()) {
        let (model, _) = member.model.expect("filtered");
        let data: Value = serde_json::from_str(&text(&format!("tests/data/models/{model}.json"))).expect("JSON");
        let total = |name: &str| data["totals"][name].as_u64().expect("a count");
        assert_eq!(member.training, (total("params"), total("macs_train_graph")), "{}", member.name);
        assert_eq!(member.inference, (total("params_used_in_eval"), total("macs_eval")), "{}", member.name);
    }
}

/// Every operation that PyTorch runs, in order: kind, geometry, constants, output. This shows what no count does: which
/// convolutions are rectified, how pools round, where values are dropped.
#[test]
fn every_operation_is_pytorchs() {
    for (name, checked, data, _) in models() {
        for (word, phase) in PHASES {
            let ours: Vec<String> = running(&checked, phase)
                .into_iter()
                .filter(|(_, operation)| phase == Phase::Training || !matches!(operation.op, Op::Dropout(_)))
                .map(|(index, operation)| format!("{} -> {}", describe(&operation.op), output(&checked, index)))
                .collect();
            let theirs = lines(&data, "operations", word);
            for (position, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                assert_eq!(ours, theirs, "{name}, {word}, operation {position}");
            }
            assert_eq!(ours.len(), theirs.len(), "{name}, {word}");
        }
    }
}

/// An operation in the words of the data.
fn describe(op: &Op) -> String {
    let pair = |[height, width]: [u64; 2]| format!("{height}x{width}");
    let window = |window: &Window| {
        let [top, bottom, left, right] = window.padding;
        assert_eq!((top, left), (bottom, right), "PyTorch pads both sides alike");
        format!("{} stride {} padding {top}x{left}", pair(window.kernel), pair(window.stride))
    };
    let flag = |set: bool, word: &'static str| if set { word } else { "" };
    match op {
        Op::Convolution(op) => {
            let (dilation, bias) = (pair(op.window.dilation), flag(op.bias_init.is_some(), " bias"));
            format!("convolution {} dilation {dilation} groups {}{bias}", window(&op.window), op.groups)
        }
        Op::BatchNorm(op) => format!("batch_norm eps {} momentum {}", op.eps, op.momentum),
        Op::Activation(Activation::Relu) => "relu".into(),
        Op::MaxPool(op) => {
            let dilation = pair(op.window.dilation);
            format!("max_pool {} dilation {dilation}{}", window(&op.window), flag(op.window.ceil, " ceil"))
        }
        Op::AvgPool(op) => {
            let padded = flag(op.count_include_pad, " count_include_pad");
            format!("avg_pool {}{}{padded}", window(&op.window), flag(op.window.ceil, " ceil"))
        }
        Op::AdaptivePool(AdaptivePool { pooling: Pooling::Average, size }) => {
            format!("adaptive_avg_pool {}", pair(*size))
        }
        Op::Concat(_) => "concat".into(),
        Op::Dropout(op) => format!("dropout {}", op.p),
        Op::Flatten(_) => "flatten".into(),
        Op::Reshape(op) => format!("reshape {}", op.features),
        Op::Linear(_) => "linear".into(),
        Op::LocalResponseNorm(_)
        | Op::Activation(_)
        | Op::AdaptivePool(_)
        | Op::Add(_)
        | Op::Scale(_)
        | Op::ChannelAffine(_)
        | Op::Softmax(_) => op.name().into(),
    }
}

/// One call of a module, as the data has it: name, type, output shapes, parameters, multiply-adds.
struct Call<'d> {
    name: &'d str,
    kind: &'d str,
    output: &'d str,
    parameters: u64,
    multiply_adds: u64,
}

impl<'d> Call<'d> {
    fn read(line: &'d str) -> Self {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, kind, output, parameters, multiply_adds] = words[..] else { panic!("{line}") };
        let number = |word: &str| word.parse().expect("a count");
        Self { name, kind, output, parameters: number(parameters), multiply_adds: number(multiply_adds) }
    }

    /// Whether it is the call of a module that holds others.
    fn is_container(&self) -> bool {
        ![
            "Conv2d",
            "BatchNorm2d",
            "ReLU",
            "MaxPool2d",
            "AvgPool2d",
            "AdaptiveAvgPool2d",
            "Dropout",
            "Flatten",
            "Linear",
        ]
        .contains(&self.kind)
    }

    /// Whether its branches are joined by a function, which is no module's call.
    fn joins_branches(&self) -> bool {
        self.kind.starts_with("Inception") && self.kind != "InceptionAux" && self.name != "(root)"
    }
}

/// The module that PyTorch has for an operation.
fn module(op: &Op) -> &'static str {
    match op {
        Op::Convolution(_) => "Conv2d",
        Op::BatchNorm(_) => "BatchNorm2d",
        Op::Activation(Activation::Relu) => "ReLU",
        Op::MaxPool(_) => "MaxPool2d",
        Op::AvgPool(_) => "AvgPool2d",
        Op::AdaptivePool(AdaptivePool { pooling: Pooling::Average, .. }) => "AdaptiveAvgPool2d",
        Op::Dropout(_) => "Dropout",
        Op::Flatten(_) => "Flatten",
        Op::Linear(_) => "Linear",
        Op::LocalResponseNorm(_)
        | Op::Activation(_)
        | Op::AdaptivePool(_)
        | Op::Concat(_)
        | Op::Add(_)
        | Op::Scale(_)
        | Op::ChannelAffine(_)
        | Op::Reshape(_)
        | Op::Softmax(_) => op.name(),
    }
}

/// Every call of a module, in order, against our operations in order. What PyTorch's authors wrote as a function instead
/// of a module is passed over, and has no parameters. A module that holds others is the sum of what lies below its name.
#[test]
fn every_module_call_is_ours() {
    for (name, checked, data, layout) in models() {
        let keys = keys(&checked, layout);
        for (word, phase) in PHASES {
            let operations = running(&checked, phase);
            let mut last = None;
            for line in lines(&data, "modules", word) {
                let call = Call::read(line);
                let place = format!("{name}, {word}: {line}");
                if call.is_container() {
                    if call.joins_branches() {
                        last = Some(next(&checked, &operations, last, "concat", &place));
                    }
                    assert_eq!(
                        below(&checked, &keys, &operations, call.name),
                        (call.parameters, call.multiply_adds),
                        "{place}"
                    );
                } else {
                    last = Some(next(&checked, &operations, last, call.kind, &place));
                    let (index, _) = operations[last.expect("just found")];
                    let costs = (checked.parameters(index), checked.multiply_adds(index));
                    assert_eq!(costs, (call.parameters, call.multiply_adds), "{place}");
                }
                let (index, _) = operations[last.expect("a module calls another first")];
                let shape = if call.name == "(root)" { logits(&checked, phase) } else { output(&checked, index) };
                assert_eq!(shape, call.output, "{place}");
            }
        }
    }
}

/// The position of the next operation of this kind.
fn next(
    checked: &CheckedNetwork,
    operations: &[(usize, &Operation)],
    last: Option<usize>,
    kind: &str,
    place: &str,
) -> usize {
    let from = last.map_or(0, |last| last + 1);
    for (position, (index, operation)) in operations.iter().enumerate().skip(from) {
        if module(&operation.op) == kind {
            return position;
        }
        assert!(
            checked.variables(*index).is_empty(),
            "{place}: comes after `{}`, which was passed over",
            operation.path
        );
    }
    panic!("{place}: no operation is left for it")
}

/// Parameters and multiply-adds of all that lies below a foreign name.
fn below(checked: &CheckedNetwork, keys: &[Key], operations: &[(usize, &Operation)], name: &str) -> (u64, u64) {
    let lies_below = |key: &str| name == "(root)" || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    let below: BTreeMap<&str, &Key> = keys
        .iter()
        .filter(|key| lies_below(&key.key))
        .filter_map(|key| Some((key.variable.as_deref()?, key)))
        .collect();
    let owns =
        |operation: &Operation, variable: &str| below.contains_key(format!("{}.{variable}", operation.scope).as_str());
    let parameters = checked.network().operations.iter().enumerate().flat_map(|(index, operation)| {
        let variables = checked.variables(index).iter();
        variables.filter(move |variable| variable.trainable && owns(operation, &variable.name))
    });
    let parameters = parameters.map(|variable| variable.elements().expect("it was counted")).sum();
    let owned = operations.iter().filter(|(index, operation)| {
        checked.variables(*index).first().is_some_and(|variable| owns(operation, &variable.name))
    });
    (parameters, owned.map(|(index, _)| checked.multiply_adds(*index)).sum())
}

/// The shapes of what comes out, in the order of the outputs.
fn logits(checked: &CheckedNetwork, phase: Phase) -> String {
    let network = checked.network();
    let heads = network.outputs.iter().map(|index| &network.heads[*index]);
    let runs = heads.filter(|head| phase == Phase::Training || head.phase == Phase::Always);
    let shapes: Vec<String> = runs.map(|head| checked.shape(head.layers.output).to_string()).collect();
    shapes.join("+")
}

/// Names, shapes and order of everything in the `state_dict`.
#[test]
fn every_key_is_pytorchs() {
    for (name, checked, data, layout) in models() {
        let theirs: Vec<&str> =
            data["state"].as_array().expect("a list").iter().map(|line| line.as_str().expect("a line")).collect();
        let ours: Vec<String> = keys(&checked, layout).iter().map(named).collect();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{name}");
        }
        assert_eq!(ours.len(), theirs.len(), "{name}");
    }
}

fn named(key: &Key) -> String {
    let sizes: Vec<String> = key.shape.iter().map(u64::to_string).collect();
    format!("{} {}", key.key, sizes.join("x")).trim_end().into()
}

/// torchvision's names are the spec's own: its layout only adds the counters.
#[test]
fn torchvisions_names_are_the_specs_own() {
    for key in keys(&checked("googlenet-torchvision"), "pytorch") {
        if let Some(variable) = key.variable {
            assert_eq!(variable, key.key);
        }
    }
}

/// The blobs of BVLC's model: 64 layers with a weight and a bias each, in the order of its `train_val.prototxt`.
#[test]
fn every_blob_is_caffes() {
    let mut layers: Vec<String> = ["conv1/7x7_s2", "conv2/3x3_reduce", "conv2/3x3"].map(String::from).to_vec();
    for row in ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"] {
        let parts = ["1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"];
        layers.extend(parts.map(|part| format!("inception_{row}/{part}")));
        let loss = match row {
            "4a" => "loss1",
            "4d" => "loss2",
            _ => continue,
        };
        layers.extend(["conv", "fc", "classifier"].map(|part| format!("{loss}/{part}")));
    }
    layers.push("loss3/classifier".into());
    assert_eq!(layers.len(), 64);
    let blobs: Vec<String> = layers.iter().flat_map(|layer| [format!("{layer}/0"), format!("{layer}/1")]).collect();
    let checked = checked("googlenet-caffe");
    let keys = keys(&checked, "googlenet-caffe");
    assert_eq!(keys.iter().map(|key| key.key.clone()).collect::<Vec<_>>(), blobs);
    assert_eq!(shape_of(&keys, "inception_4d/3x3_reduce/0"), [144, 512, 1, 1]);
    assert_eq!(shape_of(&keys, "loss1/fc/0"), [1024, 2048]);
    assert_eq!(shape_of(&keys, "loss3/classifier/1"), [1000]);
}

fn shape_of<'k>(keys: &'k [Key], name: &str) -> &'k [u64] {
    &keys.iter().find(|key| key.key == name).expect("it is there").shape
}

/// BVLC's network is bias-aux and two local response normalisations: tensor for tensor the same shapes.
#[test]
fn caffes_blobs_fit_bias_aux() {
    let mut caffe: Vec<Vec<u64>> =
        keys(&checked("googlenet-caffe"), "googlenet-caffe").into_iter().map(|key| key.shape).collect();
    let mut bias_aux: Vec<Vec<u64>> = keys(&checked("bias-aux"), "bias-aux").into_iter().map(|key| key.shape).collect();
    assert_eq!(caffe.len(), 128);
    caffe.sort_unstable();
    bias_aux.sort_unstable();
    assert_eq!(caffe, bias_aux);
    let norms = |name| {
        let checked = checked(name);
        checked.network().operations.iter().filter(|operation| matches!(operation.op, Op::LocalResponseNorm(_))).count()
    };
    assert_eq!((norms("googlenet-caffe"), norms("bias-aux")), (2, 0));
}
