//! The report of GoogLeNet against the paper.
//!
//! Outputs and depths are those of Table 1 of Szegedy et al., "Going Deeper with Convolutions" (arXiv 1409.4842), with the
//! paper's one row for `conv2` and `conv3` taken apart. Parameters (weights and biases) and multiply-adds follow from
//! the table's channels by arithmetic, `k*k*c_in*c_out + c_out` and `k*k*c_in*c_out*h*w`, done outside this project; their
//! sums, 6,998,552 and 13,378,280, are also the published sizes of BVLC's Caffe model without and with its auxiliary
//! heads. The paper's own columns are rounded, and wrong for a few rows.

use googlenetc::report::{self, Report};

struct Fact {
    kind: &'static str,
    patch: Option<&'static str>,
    output: &'static [u64],
    depth: u64,
    channels: Option<[u64; 6]>,
    parameters: u64,
    multiply_adds: u64,
}

const fn layer(
    kind: &'static str,
    patch: Option<&'static str>,
    output: &'static [u64],
    depth: u64,
    parameters: u64,
    multiply_adds: u64,
) -> Fact {
    Fact { kind, patch, output, depth, channels: None, parameters, multiply_adds }
}

const fn inception(
    kind: &'static str,
    output: &'static [u64],
    channels: [u64; 6],
    parameters: u64,
    multiply_adds: u64,
) -> Fact {
    Fact { kind, patch: None, output, depth: 2, channels: Some(channels), parameters, multiply_adds }
}

#[rustfmt::skip]
const TABLE_1: [Fact; 22] = [
    layer("convolution (conv1)", Some("7x7/2"), &[64, 112, 112], 1, 9_472, 118_013_952),
    layer("max pool (pool1)", Some("3x3/2"), &[64, 56, 56], 0, 0, 0),
    layer("local response norm (norm1)", None, &[64, 56, 56], 0, 0, 0),
    layer("convolution (conv2)", Some("1x1/1"), &[64, 56, 56], 1, 4_160, 12_845_056),
    layer("convolution (conv3)", Some("3x3/1"), &[192, 56, 56], 1, 110_784, 346_816_512),
    layer("local response norm (norm2)", None, &[192, 56, 56], 0, 0, 0),
    layer("max pool (pool2)", Some("3x3/2"), &[192, 28, 28], 0, 0, 0),
    inception("inception (3a)", &[256, 28, 28], [64, 96, 128, 16, 32, 32], 163_696, 128_049_152),
    inception("inception (3b)", &[480, 28, 28], [128, 128, 192, 32, 96, 64], 388_736, 304_267_264),
    layer("max pool (pool3)", Some("3x3/2"), &[480, 14, 14], 0, 0, 0),
    inception("inception (4a)", &[512, 14, 14], [192, 96, 208, 16, 48, 64], 376_176, 73_608_192),
    inception("inception (4b)", &[512, 14, 14], [160, 112, 224, 24, 64, 64], 449_160, 87_908_352),
    inception("inception (4c)", &[512, 14, 14], [128, 128, 256, 24, 64, 64], 510_104, 99_850_240),
    inception("inception (4d)", &[528, 14, 14], [112, 144, 288, 32, 64, 64], 605_376, 118_515_712),
    inception("inception (4e)", &[832, 14, 14], [256, 160, 320, 32, 128, 128], 868_352, 169_996_288),
    layer("max pool (pool4)", Some("3x3/2"), &[832, 7, 7], 0, 0, 0),
    inception("inception (5a)", &[832, 7, 7], [256, 160, 320, 32, 128, 128], 1_043_456, 51_079_168),
    inception("inception (5b)", &[1024, 7, 7], [384, 192, 384, 48, 128, 128], 1_444_080, 70_697_984),
    layer("avg pool", Some("7x7"), &[1024, 1, 1], 0, 0, 0),
    layer("flatten", None, &[1024], 0, 0, 0),
    layer("dropout", None, &[1024], 0, 0, 0),
    layer("linear (fc)", None, &[1000], 1, 1_025_000, 1_024_000),
];

fn googlenet() -> Report {
    report::report(&googlenetc_tests::network("specs/googlenet.yaml"))
}

#[test]
fn every_row_is_that_of_table_1() {
    let report = googlenet();
    assert_eq!(report.table.columns, ["n1x1", "n3x3_reduce", "n3x3", "n5x5_reduce", "n5x5", "pool_proj"]);
    let rows = report.table.rows.iter().filter(|row| row.head.as_deref().is_none_or(|head| head == "main"));
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), TABLE_1.len());
    for (row, fact) in rows.into_iter().zip(&TABLE_1) {
        let channels: Vec<Option<String>> = match fact.channels {
            Some(channels) => channels.iter().map(|channels| Some(channels.to_string())).collect(),
            None => vec![None; 6],
        };
        assert_eq!(row.kind, fact.kind);
        assert_eq!(row.patch.as_deref(), fact.patch, "{}", fact.kind);
        assert_eq!(row.output.sizes(), fact.output, "{}", fact.kind);
        assert_eq!(row.depth, fact.depth, "{}", fact.kind);
        assert_eq!(row.values, channels, "{}", fact.kind);
        assert_eq!(row.parameters, fact.parameters, "{}", fact.kind);
        assert_eq!(row.multiply_adds, fact.multiply_adds, "{}", fact.kind);
    }
}

/// "22 layers deep when counting only layers with parameters (or 27 layers if we also count pooling)".
#[test]
fn it_is_22_layers_deep() {
    let report = googlenet();
    assert_eq!(report.depth, 22);
    let trunk_and_main = report.table.rows.iter().filter(|row| row.head.as_deref().is_none_or(|head| head == "main"));
    let (depths, pools): (Vec<u64>, Vec<bool>) =
        trunk_and_main.map(|row| (row.depth, row.kind.contains("pool"))).unzip();
    assert_eq!(depths.iter().sum::<u64>(), 22);
    assert_eq!(pools.iter().filter(|pool| **pool).count(), 5);
}

#[test]
fn the_totals_are_the_published_ones() {
    let totals = googlenet().totals;
    assert_eq!(totals.training.parameters, 13_378_280);
    assert_eq!(totals.training.multiply_adds, 1_591_044_096);
    assert_eq!(totals.inference.parameters, 6_998_552);
    assert_eq!(totals.inference.multiply_adds, 1_582_671_872);
}

/// Average pool 5x5/3, 128 1x1 filters, 1024 units, 1000 classes, on 4a (512 maps) and 4d (528 maps).
#[test]
fn the_auxiliary_heads_have_the_papers_sizes() {
    let report = googlenet();
    let heads: Vec<_> = report.heads.iter().map(|h| (h.name.as_str(), h.from.as_str(), h.weight, h.classes)).collect();
    assert_eq!(heads, [("main", "5b", 1.0, 1000), ("aux2", "4d", 0.3, 1000), ("aux1", "4a", 0.3, 1000)]);
    let sums = |head: &str| {
        let rows = report.table.rows.iter().filter(|row| row.head.as_deref() == Some(head));
        rows.fold((0, 0), |sum, row| (sum.0 + row.parameters, sum.1 + row.multiply_adds))
    };
    assert_eq!(sums("aux1"), (3_188_840, 4_169_728));
    assert_eq!(sums("aux2"), (3_190_888, 4_202_496));
    let outputs: Vec<_> = report
        .table
        .rows
        .iter()
        .filter(|row| row.head.as_deref() == Some("aux2"))
        .map(|row| row.output.to_string())
        .collect();
    assert_eq!(outputs, ["528x4x4", "128x4x4", "2048", "1024", "1024", "1000"]);
}
