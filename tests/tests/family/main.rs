//! The networks of the family against numbers that others made: PyTorch's and torchvision's own modules, Caffe's published model, and
//! arithmetic. A new member is a row of [`FAMILY`].
//!
//! Where PyTorch has the network, `tests/data/models` holds what it says: every tensor of its `state_dict`, every call of a
//! module, and every operation that ran, in order.
#![expect(clippy::panic, reason = "a test that finds nothing to compare cannot go on")]

mod keys;
mod modules;
mod operations;
mod totals;

use googlenetc::CheckedNetwork;
use googlenetc::layout::{self, Key};
use googlenetc::network::{Operation, Phase, Source};
use googlenetc::report;
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
