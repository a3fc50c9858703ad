//! What `googlenetc diff` finds: every change of a spec that changes what the network does, under its name, and nothing
//! else. The expected lines are written from the change, not from what the comparison says.

use googlenetc::CheckedNetwork;
use googlenetc::diff::{Diff, diff};

fn network(text: &str) -> CheckedNetwork {
    let compilation = googlenetc::compile("changed.yaml", text);
    let messages = compilation.render(false);
    compilation.network.expect(&messages)
}

fn paper() -> String {
    googlenetc_tests::text("specs/googlenet.yaml")
}

fn lines(found: &Diff) -> Vec<String> {
    let line = |difference: &googlenetc::diff::Difference| {
        format!("{}: {}: {}", difference.place, difference.what, difference.values.join(" | "))
    };
    found.differences.iter().map(line).collect()
}

/// The differences between the paper's network and the one with every `from` of its spec replaced.
fn changes(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut text = paper();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    lines(&diff(("paper", &network(&paper())), &[("changed", &network(&text))]))
}

#[test]
fn a_network_does_not_differ_from_itself() {
    let twin = googlenetc_tests::network("specs/googlenet.gnet");
    let found = diff(("yaml", &network(&paper())), &[("gnet", &twin)]);
    assert!(found.is_empty() && found.costs.is_empty(), "{:?}", lines(&found));
    // Heads between layers, heads inside of calls, and whatever else a spec may say.
    for spec in googlenetc_tests::specs().into_iter().chain(["tests/ui/head_inside_of_a_call.yaml".into()]) {
        let checked = googlenetc_tests::network(&spec);
        let found = diff(("one", &checked), &[("other", &checked)]);
        assert!(found.is_empty() && found.costs.is_empty(), "{spec}: {:?}", lines(&found));
    }
}

/// Names and grouping say nothing about what a network does.
#[test]
fn names_and_groups_do_not_count() {
    let renamed =
        [("conv3:", "reduced:"), ("branch1:", "Y1:"), ("prefix: inception", "prefix: mixed"), ("fc1: ", "hidden: ")];
    assert_eq!(changes(&renamed), [""; 0]);
    let nested =
        ("stem:\n  conv1: conv 7x7/2 64 -> 64x112x112\n", "stem:\n  first: [conv 7x7/2 64 activation=none, relu]\n");
    assert_eq!(changes(&[nested]), [""; 0]);
    let block = ("  auxiliary:\n", "  convrelu:\n    layers: [conv 1x1 64 activation=none, relu]\n  auxiliary:\n");
    assert_eq!(changes(&[block, ("conv2: conv 1x1 64\n", "conv2: convrelu\n")]), [""; 0]);
}

/// A flatten neither sees a dropout nor is seen by it, and windows that fit exactly have nothing to round.
#[test]
fn what_makes_no_difference_is_none() {
    assert_eq!(changes(&[("flatten, dropout 0.4", "dropout 0.4, flatten")]), [""; 0]);
    assert_eq!(changes(&[("maxpool 3x3/1 pad=1", "maxpool 3x3/1 pad=1 ceil=false")]), [""; 0]);
}

#[test]
fn every_change_has_its_line() {
    for (from, to, expected) in [
        ("classes: 1000", "classes: 10", "network: classes: 1000 | 10"),
        ("[ 112,         144,", "[ 112,         128,", "4d (branch2.0): conv channels (n3x3_reduce): 144 | 128"),
        ("conv2: conv 1x1 64", "conv2: conv 1x1 64 activation=none", "conv2: activation after conv: relu | none"),
        ("conv 1x1 $n1x1", "conv 1x1 $n1x1 activation=none", "3a to 5b (branch1): activation after conv: relu | none"),
        ("conv 5x5 $n5x5]", "conv 3x3 $n5x5]", "3a to 5b (branch3.1): conv kernel: 5 | 3"),
        ("maxpool 3x3/1 pad=1,", "maxpool 3x3/1 pad=1, relu,", "3a to 5b: activation after pool: none | relu"),
        ("avgpool 5x5/3", "avgpool 5x5/3 ceil", "aux2, aux1: pool padding and rounding: pad 0, floor | pad 0, ceil"),
        ("lrn 5 alpha", "lrn 3 alpha", "norm1, norm2: lrn size: 5 | 3"),
        ("alpha=1e-4", "alpha=2e-4", "norm1, norm2: lrn alpha: 0.0001 | 0.0002"),
        ("dropout 0.4", "dropout 0.2", "main: dropout probability: 0.4 | 0.2"),
        ("dropout 0.4, ", "", "main: dropout: dropout 0.4 | absent"),
        ("      - dropout 0.7\n", "", "aux2, aux1: dropout: dropout 0.7 | absent"),
        (
            "      - flatten\n",
            "      - flatten\n      - dropout 0.5\n",
            "aux2, aux1 (before fc1): dropout: absent | dropout 0.5",
        ),
        ("bias_init=0.2\n  linear", "bias_init=0.1\n  linear", "every conv: conv initial bias: 0.2 | 0.1"),
        (
            "  linear: init=caffe-xavier",
            "  linear: init=0.01",
            "every linear: linear initial weights: caffe-xavier | 0.01",
        ),
        (
            "conv1: conv 7x7/2 64",
            "conv1: conv 7x7/2 64 bias_lr=2 bias_decay=0",
            "conv1: conv rates of the bias: lr=1 decay=1 | lr=2 decay=0",
        ),
        ("weight: 0.3", "weight: 0.5", "aux2, aux1: loss weight: 0.3 | 0.5"),
        ("when: training", "when: always", "aux2, aux1: head runs: in training | always"),
        ("[main, aux2, aux1]", "[main, aux1, aux2]", "network: order of outputs: main, aux2, aux1 | main, aux1, aux2"),
        ("  norm1: lrn 5 alpha=1e-4 beta=0.75\n", "", "norm1: lrn: lrn 5 alpha=0.0001 beta=0.75 k=1 | absent"),
    ] {
        assert_eq!(changes(&[(from, to)]), [expected], "{from} -> {to}");
    }
}

#[test]
fn rounding_is_seen_where_shapes_are_the_same() {
    let padded = changes(&[("  maxpool: ceil ", "  # "), ("maxpool 3x3/2", "maxpool 3x3/2 pad=1")]);
    assert_eq!(padded, ["pool1 to pool4: pool padding and rounding: pad 0, ceil | pad 1, floor"]);
}

#[test]
fn biases_and_norms_stand_apart() {
    let norms = changes(&[(
        "conv: bias activation=relu init=caffe-xavier bias_init=0.2",
        "conv: norm=batch activation=relu init=caffe-xavier",
    )]);
    assert_eq!(norms, ["every conv: conv bias: yes | no", "every conv: norm after conv: none | batch"]);
}

#[test]
fn heads_are_found_by_their_node() {
    let renamed = changes(&[("  aux1:", "  helper:"), ("aux2, aux1]", "aux2, helper]")]);
    assert_eq!(renamed, [""; 0]);
    let moved = changes(&[("aux1: {from: 4a", "aux1: {from: 4b")]);
    assert_eq!(moved, ["aux1: head from: 4a | 4b"]);
    let line = "  aux1: {from: 4a, weight: 0.3, when: training, layers: auxiliary}\n";
    let gone = changes(&[(line, ""), ("[main, aux2, aux1]", "[main, aux2]")]);
    assert_eq!(gone, ["aux1: head: from 4a, in training, loss weight 0.3 | absent"]);
}

#[test]
fn branches_are_found_by_what_they_do() {
    let one = "      branch1: conv 1x1 $n1x1\n";
    let moved = changes(&[(one, ""), ("      branch2:", &format!("{}      branch2:", one.replace("branch1", "last")))]);
    assert_eq!(moved, [""; 0], "first before first is no move");
    let last = "      branch4: [maxpool 3x3/1 pad=1, conv 1x1 $pool_proj]\n";
    let swapped = changes(&[(last, &format!("{last}{one}")), (&format!("    concat:\n{one}"), "    concat:\n")]);
    let order = "branch1, branch2, branch3, branch4 | branch2, branch3, branch4, branch1";
    assert_eq!(swapped, [format!("3a to 5b: order of branches: {order}")]);
    let two = changes(&[("branch1: conv 1x1 $n1x1", "branch1: [conv 1x1 $n1x1, conv 1x1 $n1x1]")]);
    // Nine rows of seven widths, since 128 and 256 come twice.
    assert_eq!(two.len(), 7, "{two:?}");
    assert_eq!(two[0], "3a (after branch1): conv: absent | conv 1x1 64, relu");
}

/// The five networks that this project grew out of, as tutorials and textbooks publish them.
const SOURCES: [&str; 5] = ["tiny-imagenet", "fashion-mnist-sequential", "fashion-mnist", "batch-norm", "bias-aux"];

/// What is known about them from reading their code, item by item: which of the five, in the order above, do it unlike the
/// paper. Inputs, classes, which convolutions are rectified, how pools pad, what heads do, initial values.
#[rustfmt::skip]
const KNOWN: [(&str, [bool; 5]); 13] = [
    //                     tiny-imagenet  sequential  fashion-mnist  batch-norm  bias-aux
    ("input",             [false,         true,       true,          false,      false]),
    ("classes",           [true,          true,       true,          false,      false]),
    ("conv",              [false,         false,      false,         true,       false]),
    ("stem ReLUs",        [true,          true,       false,         false,      false]),
    ("inception ReLUs",   [true,          true,       false,         false,      false]),
    ("stride-2 pools",    [false,         true,       true,          false,      false]),
    ("auxiliary heads",   [true,          true,       true,          true,       false]),
    ("auxiliary detail",  [false,         false,      false,         true,       true]),
    ("main dropout",      [false,         true,       true,          false,      false]),
    ("global pool",       [false,         false,      false,         false,      false]),
    ("initial values",    [true,          true,       true,          true,       true]),
    ("numbers of table",  [false,         false,      true,          false,      false]),
    ("LRN",               [true,          true,       true,          true,       true]),
];

/// The item that a difference at a place belongs to.
fn item(what: &str, row: &str) -> &'static str {
    let auxiliary = row.starts_with("aux");
    match what {
        "input" => "input",
        "classes" => "classes",
        "conv bias" | "norm after conv" => "conv",
        "activation after conv" | "activation after pool" if row.starts_with("conv") => "stem ReLUs",
        "activation after conv" | "activation after pool" if row.ends_with(['a', 'b', 'c', 'd', 'e']) => {
            "inception ReLUs"
        }
        "pool padding and rounding" if row.starts_with("pool") => "stride-2 pools",
        "head" | "head runs" => "auxiliary heads",
        "dropout" | "dropout probability" | "flatten to a vector by" if auxiliary => "auxiliary detail",
        "dropout" if row == "main" => "main dropout",
        "pool" | "pool window" if row == "main" => "global pool",
        "conv channels (n3x3_reduce)" => "numbers of table",
        "lrn" => "LRN",
        _ if what.contains(" initial ") => "initial values",
        _ => "something else",
    }
}

#[test]
fn source_networks_differ_where_they_are_known_to() {
    let paper = network(&paper());
    for (column, name) in SOURCES.into_iter().enumerate() {
        let source = googlenetc_tests::network(&format!("specs/{name}.yaml"));
        let found = diff(("paper", &paper), &[(name, &source)]);
        let places =
            found.differences.iter().flat_map(|line| line.places.iter().map(|place| item(&line.what, &place.row)));
        let items: std::collections::BTreeSet<&str> = places.collect();
        let known = KNOWN.iter().filter(|(_, differs)| differs[column]).map(|(item, _)| *item).collect();
        assert_eq!(items, known, "{name}: {:#?}", lines(&found));
    }
}

/// `docs/source-networks.md` ends with the comparison of all of them.
#[test]
fn the_page_about_the_source_networks_is_fresh() {
    let networks: Vec<(&str, CheckedNetwork)> =
        SOURCES.iter().map(|name| (*name, googlenetc_tests::network(&format!("specs/{name}.yaml")))).collect();
    let others: Vec<(&str, &CheckedNetwork)> = networks.iter().map(|(name, network)| (*name, network)).collect();
    let tables = googlenetc::diff::markdown(&diff(("googlenet", &network(&paper())), &others));
    let page = googlenetc_tests::text("docs/source-networks.md");
    let mark = "<!-- From here on generated. -->\n\n";
    let (text, shown) = page.split_once(mark).expect("the page has its mark");
    if std::env::var_os("UPDATE").is_some() {
        let fresh = format!("{text}{mark}{tables}");
        std::fs::write(googlenetc_tests::workspace().join("docs/source-networks.md"), fresh)
            .expect("the page can be written");
    } else {
        assert_eq!(
            shown, tables,
            "renew the page: UPDATE=1 cargo test -p googlenetc-tests --no-default-features --test diff"
        );
    }
}
