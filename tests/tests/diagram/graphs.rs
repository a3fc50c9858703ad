//! What DOT and Mermaid say of networks.

use std::collections::BTreeSet;

use googlenetc::diagram::{self, View};
use googlenetc_tests::{network, specs};

use super::faults::faults;
use super::picture::read;
use super::{ALL, compiled, graphs};

#[test]
fn dot_and_mermaid_say_the_same_of_every_spec() {
    for spec in specs() {
        for depth in [None, Some(1), Some(2)] {
            let network = network(&spec);
            let [dot, mermaid] = graphs(&network, View { depth });
            assert_eq!(dot, mermaid, "{spec}");
            let svg = read(&diagram::svg(&network, View { depth }));
            assert_eq!(svg.boxes.len(), dot.nodes.len(), "{spec}");
            for (from, to, ..) in &dot.edges {
                assert!(dot.nodes.contains_key(from) && dot.nodes.contains_key(to), "{spec}: {from} -> {to}");
            }
            // Everything but the input is reached.
            let reached: BTreeSet<&String> = dot.edges.iter().map(|(_, to, ..)| to).collect();
            assert_eq!(reached.len() + 1, dot.nodes.len(), "{spec}");
        }
    }
}

/// In each of nine Inceptions four edges go in, three lie inside, four are joined; the trunk, the heads and their outputs have an
/// edge for each node.
#[test]
fn edges_of_googlenet() {
    let [dot, _] = graphs(&network("specs/googlenet.yaml"), ALL);
    let (trunk, main, auxiliary) = (7 + 2, 4 + 1, 6 + 1);
    assert_eq!(dot.edges.len(), 9 * (4 + 3 + 4) + trunk + main + 2 * auxiliary);
    assert_eq!(dot.edges.iter().filter(|(.., is_dashed)| *is_dashed).count(), 2 * auxiliary);
    // The four branches of 3a and the convolution behind the pool of its last one; and the 3x3 convolution of 3b has 192 channels.
    assert_eq!(dot.edges.iter().filter(|(_, _, label, _)| label == "192x28x28").count(), 4 + 1 + 1);
    assert!(dot.clusters.contains(&"3a inception".into()));
    assert!(
        dot.clusters.contains(&"aux1 head from 4a\nloss weight 0.3\nonly in training".into()),
        "{:?}",
        dot.clusters
    );
}

const CHAIN: &str = "network: Chain\ninput: 4x8x8\nblocks:\n  twice: {layers: [conv 3x3 4, conv 3x3 4]}\nbody:\n  stage: {repeat: 20, layers: twice}\n";

#[test]
fn copies_are_drawn_once_unless_a_head_reads_one() {
    let end = "heads: {main: {layers: [flatten, linear 10]}}\n";
    let [dot, _] = graphs(&compiled(&format!("{CHAIN}{end}")), ALL);
    assert_eq!(dot.clusters, ["stage twice × 20", "main head"]);
    assert_eq!(dot.nodes.len(), 1 + 2 + 2 + 1);
    assert_eq!(dot.edges.len(), 1 + 1 + 1 + 1 + 1);
    let two = "heads: {main: {layers: [flatten, linear 10]}, side: {from: stage.4, layers: [flatten, linear 10]}}\n";
    let [dot, _] = graphs(&compiled(&format!("{CHAIN}{two}")), ALL);
    assert_eq!(dot.clusters[..3], ["stage", "twice × 5", "twice × 15"]);
    assert_eq!(faults(&read(&diagram::svg(&compiled(&format!("{CHAIN}{two}")), ALL))), Vec::<String>::new());
}

/// Inception-ResNet v2 repeats its blocks 10, 20 and 9 times and once more, says the paper's figure 15 as timm has it.
#[test]
fn repeats_of_inception_resnet() {
    let network = network("specs/inception-resnet-v2.yaml");
    let [dot, _] = graphs(&network, ALL);
    for title in ["repeat_0 block35 × 10", "repeat_1 block17 × 20", "repeat_2 block8 × 9"] {
        assert!(dot.clusters.contains(&title.into()), "{title}");
    }
}

/// Depth 1: 18 items of the trunk, three heads, their outputs, the input.
#[test]
fn depth_closes_parts() {
    let [dot, _] = graphs(&network("specs/googlenet.yaml"), View { depth: Some(1) });
    assert_eq!(dot.nodes.len(), 18 + 3 + 3 + 1);
    assert!(dot.nodes.values().any(|label| label == "3a\ninception"));
}

/// Words that mean something in one of the formats are names like others.
#[test]
fn names_that_are_words_of_the_formats() {
    let spec = "network: digraph\ninput: 3x8x8\nbody:\n  end: conv 1x1 4\n  subgraph: conv 1x1 4\n  node: conv 1x1 4\n  graph: conv 1x1 4\n  a--b: \
                conv 1x1 4\n  style: relu\n  x: {concat: {class: conv 1x1 2, o: conv 1x1 2, click: identity}}\nheads: {main: {layers: [flatten, \
                linear 10]}}\n";
    let network = compiled(spec);
    let [dot, mermaid] = graphs(&network, ALL);
    assert_eq!(dot, mermaid);
    for label in ["end\nconv 1x1", "a--b\nconv 1x1", "o\nconv 1x1"] {
        assert!(dot.nodes.values().any(|other| other == label), "{label}");
    }
    assert_eq!(faults(&read(&diagram::svg(&network, ALL))), Vec::<String>::new());
}
