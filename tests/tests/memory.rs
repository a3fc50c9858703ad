//! Peak memory against a simulator that knows the JSON report alone and goes through every step by brute force.
//!
//! What each operation keeps for the backward pass is PyTorch's own word, recorded in `tests/data/saved_tensors.json`.
#![expect(clippy::unwrap_used, reason = "a report without a field fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use googlenetc::CheckedNetwork;
use googlenetc::ops::Op;
use googlenetc::report::{self, Element, Setting};
use googlenetc_tests::{network, specs, text};
use serde_json::Value;

/// A value: an operation's output by index, or the network's input.
type Node = Option<usize>;

struct Simulator<'a> {
    operations: &'a [Value],
    heads: &'a [Value],
    input: u64,
    batch: u64,
    size: u64,
    training: bool,
    /// What PyTorch keeps, by the operation's kind.
    kept: &'a Value,
    /// Over how many channels each local response normalisation sums, which the report does not have.
    lrn_sizes: &'a BTreeMap<usize, u64>,
}

impl Simulator<'_> {
    fn runs(&self, part: &Value) -> bool {
        self.training || part["phase"] == "always"
    }

    /// Every step in turn: what is there while it runs, freed as soon as no later step and no head wants it.
    fn peak(&self) -> u64 {
        let steps: Vec<usize> = (0..self.operations.len()).filter(|step| self.runs(&self.operations[*step])).collect();
        let mut there: BTreeMap<Node, u64> = BTreeMap::from([(None, self.batch * self.input * self.size)]);
        let mut pinned: BTreeSet<Node> = BTreeSet::new();
        let (mut beside, mut peak) = (0, there[&None]);
        for (position, &step) in steps.iter().enumerate() {
            let operation = &self.operations[step];
            let values = self.batch * self.rows(Some(step)) * elements(operation);
            if self.owner(Some(step)) == Some(step) {
                there.insert(Some(step), values * self.size);
            }
            if self.training && self.is_trained(Some(step)) {
                let kept = &self.kept[operation["kind"].as_str().unwrap()];
                let keeps = |what: &str| kept[what].as_bool().unwrap();
                pinned.extend(inputs(operation).into_iter().filter(|_| keeps("input")).map(|node| self.owner(node)));
                pinned.extend(keeps("output").then(|| self.owner(Some(step))));
                beside += values * (kept["numbers"].as_u64().unwrap() * self.size + kept["bytes"].as_u64().unwrap());
                if kept.get("more_channels").is_some() {
                    beside += values / channels(operation) * (self.lrn_sizes[&step] - 1) * self.size;
                }
            }
            peak = peak.max(there.values().sum::<u64>() + beside);
            let later = steps[position + 1..].iter().flat_map(|later| inputs(&self.operations[*later]));
            let heads = self.heads.iter().filter(|head| self.runs(head)).map(|head| index(&head["output"]));
            let wanted: BTreeSet<Node> = later.chain(heads).map(|node| self.owner(node)).collect();
            there.retain(|node, _| wanted.contains(node) || pinned.contains(node));
        }
        peak
    }

    /// The value whose memory this one is.
    fn owner(&self, node: Node) -> Node {
        let operation = &self.operations[node?];
        let is_view = match operation["kind"].as_str().unwrap() {
            "flatten" | "reshape" => true,
            "dropout" => !self.training,
            _ => false,
        };
        if is_view { self.owner(inputs(operation)[0]) } else { node }
    }

    /// How many rows there are for one row of the input; only a reshape changes that.
    fn rows(&self, node: Node) -> u64 {
        let Some(step) = node else { return 1 };
        let operation = &self.operations[step];
        let before = inputs(operation)[0];
        if operation["kind"] != "reshape" {
            return self.rows(before);
        }
        let total = self.rows(before) * before.map_or(self.input, |before| elements(&self.operations[before]));
        assert_eq!(total % elements(operation), 0, "no spec cuts a sample into parts");
        total / elements(operation)
    }

    /// Whether a gradient passes through a value: something that is trained lies before it.
    fn is_trained(&self, node: Node) -> bool {
        let Some(mut open) = node.map(|step| vec![step]) else { return false };
        let mut seen = BTreeSet::new();
        while let Some(step) = open.pop() {
            if self.operations[step]["parameters"].as_u64().unwrap() > 0 {
                return true;
            }
            open.extend(inputs(&self.operations[step]).into_iter().flatten().filter(|before| seen.insert(*before)));
        }
        false
    }
}

fn inputs(operation: &Value) -> Vec<Node> {
    operation["inputs"].as_array().unwrap().iter().map(index).collect()
}

fn index(value: &Value) -> Node {
    value.as_u64().map(|index| usize::try_from(index).unwrap())
}

fn elements(operation: &Value) -> u64 {
    operation["output"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap()).product()
}

fn channels(operation: &Value) -> u64 {
    operation["output"][0].as_u64().unwrap()
}

fn lrn_sizes(network: &CheckedNetwork) -> BTreeMap<usize, u64> {
    let operations = network.network().operations.iter().enumerate();
    let norms = operations.filter_map(|(index, operation)| {
        let Op::LocalResponseNorm(norm) = &operation.op else { return None };
        Some((index, norm.size))
    });
    norms.collect()
}

#[test]
fn the_peak_is_the_simulators() {
    let kept: Value = serde_json::from_str(&text("tests/data/saved_tensors.json")).unwrap();
    let settings = [(1, Element::F32, 4), (3, Element::F16, 2), (64, Element::F64, 8)];
    for spec in specs() {
        let network = network(&spec);
        let lrn_sizes = &lrn_sizes(&network);
        for (batch, element, size) in settings {
            let json = report::json(&report::report_with(&network, Setting { batch, element }));
            let json: Value = serde_json::from_str(&json).unwrap();
            let input = json["input"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap()).product();
            for (phase, training) in [("training", true), ("inference", false)] {
                let operations = json["operations"].as_array().unwrap();
                let heads = json["heads"].as_array().unwrap();
                let simulator = Simulator { operations, heads, input, batch, size, training, kept: &kept, lrn_sizes };
                let peak = simulator.peak();
                assert_eq!(json["totals"][phase]["peak_bytes"], peak, "{spec}, {phase}, batch {batch}");
            }
        }
    }
}

/// By hand, for one sample of 4-byte numbers.
#[test]
fn a_small_network_by_hand() {
    let spec = "network: Small\ninput: 1x4x4\nbody: [conv 3x3 2 bias activation=relu, maxpool 2x2/2]\n\
                heads: {main: {layers: [flatten, dropout 0.5, linear 3]}}\n";
    let network = googlenetc::compile("small.yaml", spec).network.unwrap();
    let totals = report::report(&network).totals;
    // Sizes: input 16, conv 32, relu 32, pool 8, flatten is a view, dropout 8 in training, linear 3.
    // At inference the relu step has its input and its output.
    assert_eq!(totals.inference.peak_bytes, 4 * (32 + 32));
    assert_eq!(totals.inference.activation_bytes, 4 * (32 + 32 + 8 + 3));
    // In training the convolution keeps the input, the relu and the pool keep the relu's output, the pool 8 indices of 8 bytes;
    // while the dropout runs there are these, the pool's output, 8 values and a mask of 8 bytes.
    let dropout = 4 * (16 + 32 + 8 + 8) + 64 + 8;
    // While the pool runs: input, relu, pool, indices. While the relu runs: input, conv, relu.
    let (pool, relu) = (4 * (16 + 32 + 8) + 64, 4 * (16 + 32 + 32));
    assert_eq!(totals.training.peak_bytes, [dropout, pool, relu].into_iter().max().unwrap());
    assert_eq!(totals.training.activation_bytes, 4 * (32 + 32 + 8 + 8 + 3));
    assert_eq!(totals.training.weight_bytes, 4 * (2 * 9 + 2 + 8 * 3 + 3));
}
