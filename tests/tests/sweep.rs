//! Other input sizes, with the parameters as they are, against PyTorch: which sizes run, what every stage delivers, and which
//! layer refuses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "data without a field, or another verdict, fails the test")]

use std::collections::BTreeMap;

use googlenetc::network::Group;
use googlenetc::{CheckedNetwork, Mode, Trial, Value};
use googlenetc_tests::{network, text};
use serde_json::Value as Json;

/// What the stages of the other people's networks are here, and where modules of theirs that refuse are.
struct Names {
    model: &'static str,
    spec: &'static str,
    /// `stage=path`, in the order of the file. Stages that are called alike need no line.
    stages: &'static str,
    /// `module=path` for modules that refuse and are no stages.
    modules: &'static str,
}

const TORCHVISION_STAGES: &str = "avgpool=main.0 dropout=main.2 fc=main.fc";

const NAMES: [Names; 7] = [
    Names {
        model: "torchvision-googlenet",
        spec: "specs/googlenet-torchvision.yaml",
        stages: TORCHVISION_STAGES,
        modules: "",
    },
    Names {
        model: "torchvision-inception-v3",
        spec: "specs/inception-v3.yaml",
        stages: "avgpool=main.0 dropout=main.1 fc=main.fc",
        // Its average pool is a function, so PyTorch names the module around it.
        modules: "AuxLogits=AuxLogits.0",
    },
    Names {
        model: "tiny-imagenet",
        spec: "specs/tiny-imagenet.yaml",
        stages: "pre_layers.0=conv1 pre_layers.1=conv1 pre_layers.2=pool1 pre_layers.3=conv2 pre_layers.4=conv3 \
                 pre_layers.5=conv3 pre_layers.6=pool2 pre_layers=pool2 Google_1.0=inception3a Google_1.1=inception3b \
                 Google_1.2=pool3 Google_1=pool3 Google_2.0=inception4a Google_2.1=inception4b Google_2.2=inception4c \
                 Google_2.3=inception4d Google_2.4=inception4e Google_2.5=pool4 Google_2=pool4 Google_3.0=inception5a \
                 Google_3.1=inception5b Google_3=inception5b classifier_1.0=main.0 classifier_1.1=main.1 \
                 classifier_1=main.1 classifier_2=main.fc",
        modules: "",
    },
    Names {
        model: "fashion-mnist-sequential",
        spec: "specs/fashion-mnist-sequential.yaml",
        stages: "0.0=conv1 0.1=conv1 0.2=pool1 0=pool1 1.0=conv2 1.1=conv3 1.2=pool2 1=pool2 2.0=inception3a \
                 2.1=inception3b 2.2=pool3 2=pool3 3.0=inception4a 3.1=inception4b 3.2=inception4c 3.3=inception4d \
                 3.4=inception4e 3.5=pool4 3=pool4 4.0=inception5a 4.1=inception5b 4.2=main.0 4=main.0 5=main.1 6=main.fc",
        modules: "",
    },
    Names {
        model: "fashion-mnist",
        spec: "specs/fashion-mnist.yaml",
        stages: "b1.0=conv1 b1.1=conv1 b1.2=pool1 b1=pool1 b2.0=conv2 b2.1=conv2 b2.2=conv3 b2.3=conv3 b2.4=pool2 b2=pool2 \
                 b3.0=inception3a b3.1=inception3b b3.2=pool3 b3=pool3 b4.0=inception4a b4.1=inception4b \
                 b4.2=inception4c b4.3=inception4d b4.4=inception4e b4.5=pool4 b4=pool4 b5.0=inception5a \
                 b5.1=inception5b b5=inception5b b6.0=main.0 b6.1=main.1 b6.2=main.fc b6=main.fc",
        modules: "",
    },
    Names {
        model: "batch-norm",
        spec: "specs/batch-norm.yaml",
        stages: TORCHVISION_STAGES,
        // Its `view` is a function, so PyTorch names the module around it.
        modules: "aux1=aux1.2 aux1.feature_.0=aux1.0",
    },
    Names {
        model: "bias-aux",
        spec: "specs/bias-aux.yaml",
        stages: TORCHVISION_STAGES,
        modules: "aux1.averagePool=aux1.0",
    },
];

fn pairs(list: &'static str) -> BTreeMap<&'static str, &'static str> {
    list.split(' ').filter_map(|pair| pair.split_once('=')).collect()
}

fn find<'n>(checked: &'n CheckedNetwork, path: &str) -> &'n Group {
    let found = checked.network().groups().into_iter().find(|group| group.path == path);
    found.unwrap_or_else(|| panic!("no group is called {path}"))
}

fn sizes(json: &Json) -> Vec<u64> {
    json.as_array().unwrap().iter().map(|size| size.as_u64().unwrap()).collect()
}

fn full(value: Value) -> Vec<u64> {
    std::iter::once(value.rows).chain(value.shape.sizes()).collect()
}

/// Without the ones at the end: torchvision flattens before its dropout or after it, and a map of 1x1 is as good as a vector.
fn without_ones(mut sizes: Vec<u64>) -> Vec<u64> {
    while sizes.len() > 1 && sizes.last() == Some(&1) {
        sizes.pop();
    }
    sizes
}

fn compare(names: &Names, checked: &CheckedNetwork, mode: Mode, stages: &[String], run: &Json) -> Trial {
    let hw = sizes(&run["hw"]);
    let place = format!("{} {mode:?} {hw:?}", names.model);
    let trial = googlenetc::at(checked, [hw[0], hw[1]], 2, mode);
    let (stage_names, modules) = (pairs(names.stages), pairs(names.modules));
    for (stage, shape) in stages.iter().zip(run["shapes"].as_array().unwrap()) {
        let path = stage_names.get(stage.as_str()).copied().unwrap_or(stage);
        let found = trial.value(find(checked, path).output).map(|value| without_ones(value.shape.sizes()));
        assert_eq!(found, Some(without_ones(sizes(shape))), "{place} {stage}");
    }
    match (run["refused_at"].as_str(), &trial.refusal) {
        (None, None) => {
            let heads = run["heads"].as_array().unwrap().iter().map(sizes);
            let outputs = checked.network().outputs.iter().map(|index| &checked.network().heads[*index]);
            let found: Vec<Vec<u64>> = outputs.filter_map(|head| trial.value(head.layers.output)).map(full).collect();
            assert_eq!(found, heads.collect::<Vec<_>>(), "{place}");
        }
        (Some(module), Some(refusal)) => {
            let known = modules.get(module).or_else(|| stage_names.get(module)).copied().unwrap_or(module);
            // A convolution with a norm is a module of its own there, and a scope here.
            let scope = &checked.network().operations[refusal.operation].scope;
            assert!(refusal.layer == known || scope == module, "{place}: {} instead of {module}", refusal.layer);
        }
        (expected, found) => panic!("{place}: PyTorch {expected:?}, googlenetc {found:?}"),
    }
    trial
}

#[test]
fn every_size_runs_as_in_pytorch() {
    let truth: Json = serde_json::from_str(&text("tests/data/input_sweep.json")).unwrap();
    let mut count = 0;
    for names in &NAMES {
        let checked = network(names.spec);
        for (mode, key) in [(Mode::Inference, "eval"), (Mode::Training, "train")] {
            let sweep = &truth[format!("{} {key}", names.model)];
            let Some(runs) = sweep["runs"].as_array() else { continue };
            let stages: Vec<String> = serde_json::from_value(sweep["stages"].clone()).unwrap();
            for run in runs {
                compare(names, &checked, mode, &stages, run);
                count += 1;
            }
        }
    }
    assert_eq!(count, 10 * 56);
}

/// `view(-1, 2048)` of 128 x 8 x 8 values makes four vectors of each sample, and PyTorch says nothing.
#[test]
fn a_reshape_that_changes_the_batch_is_a_warning() {
    let checked = network("specs/batch-norm.yaml");
    let trial = googlenetc::at(&checked, [448, 448], 2, Mode::Inference);
    let rows: Vec<u64> =
        checked.network().heads.iter().map(|head| trial.value(head.layers.output).unwrap().rows).collect();
    assert_eq!(rows, [2, 8, 8]);
    let codes: Vec<&str> = trial.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["W0401", "W0401"]);
    assert_eq!(trial.warnings[0].notes, ["2 samples become 8 rows"]);
    assert!(googlenetc::at(&checked, [224, 224], 2, Mode::Inference).warnings.is_empty());
}
