//! Receptive fields against published ones, and against values worked out by the recurrence outside this project.
//!
//! Inception v3, v4 and Inception-ResNet v2: the table of google-research/receptive_field. GoogLeNet: from its windows by hand,
//! such as 3a: 27 + (5-1)*8 = 59, as pool2 ends with a field of 27 and a stride of 8.

use googlenetc::report::{self, Field};
use googlenetc_tests::network;

/// The field of a row of the tree.
fn field(spec: &str, path: &str) -> Field {
    let report = report::report(&network(spec));
    report.tree.into_iter().find(|row| row.path == path).expect("the path is in the tree").receptive_field
}

fn assert_fields(spec: &str, facts: &[(&str, u64, Option<u64>)]) {
    for &(path, size, stride) in facts {
        let field = field(spec, path);
        assert_eq!(field.size, [size; 2], "{spec} {path}");
        assert_eq!(field.stride, stride.map(|stride| [stride; 2]), "{spec} {path}");
        assert!(field.uniform, "{spec} {path}");
    }
}

#[test]
fn the_papers_googlenet() {
    assert_fields(
        "specs/googlenet.yaml",
        &[
            ("pool2", 27, Some(8)),
            ("inception3a", 59, Some(8)),
            ("inception3b", 91, Some(8)),
            ("inception4a", 171, Some(16)),
            ("inception4b", 235, Some(16)),
            ("inception4c", 299, Some(16)),
            ("inception4d", 363, Some(16)),
            ("inception4e", 427, Some(16)),
            ("pool4", 459, Some(32)),
            ("inception5a", 587, Some(32)),
            ("inception5b", 715, Some(32)),
            ("main.0", 907, None),
            ("main.fc", 907, None),
        ],
    );
}

/// With 3x3 where the paper has 5x5, and 2x2 in the fourth pool.
#[test]
fn torchvisions_googlenet() {
    assert_fields(
        "specs/googlenet-torchvision.yaml",
        &[
            ("inception3a", 43, Some(8)),
            ("inception3b", 59, Some(8)),
            ("inception4a", 107, Some(16)),
            ("inception4e", 235, Some(16)),
            ("maxpool4", 251, Some(32)),
            ("inception5a", 315, Some(32)),
            ("inception5b", 379, Some(32)),
            ("main.0", 571, None),
        ],
    );
    // From 14x14 positions of the field 107, which lie 16 pixels apart, to 4x4 uneven bins of up to 4, all of which see 107 + 13*16.
    let bins = field("specs/googlenet-torchvision.yaml", "aux1.0");
    assert_eq!((bins.size, bins.uniform), ([107 + 3 * 16; 2], false));
    assert_eq!(field("specs/googlenet-torchvision.yaml", "aux1.fc1").size, [107 + 13 * 16; 2]);
}

/// The last stage before the global pool, in the table of google-research/receptive_field: 699, 1311, 2071 and 3039.
#[test]
fn the_published_fields() {
    assert_fields("specs/inception-v3.yaml", &[("Mixed_7c", 1311, Some(32)), ("Mixed_5b", 63, Some(8))]);
    assert_fields("specs/inception-resnet-v2.yaml", &[("conv2d_7b", 3039, Some(32))]);
    let last = |spec: &str| {
        let report = report::report(&network(spec));
        report.tree.into_iter().rfind(|row| row.head.is_none() && row.level == 1).unwrap().receptive_field
    };
    let v4 = last("specs/inception-v4.yaml");
    assert_eq!((v4.size, v4.stride, v4.uniform), ([2071; 2], Some([32; 2]), true));
    // In Caffe's lineage pools begin at the first pixel and convolutions beside them in the padding: centres differ.
    let bn = last("specs/bn-inception.yaml");
    assert_eq!((bn.size, bn.stride, bn.uniform), ([699; 2], Some([32; 2]), false));
}

/// Padding moves windows, but does not change their size.
#[test]
fn the_source_networks_are_as_the_paper() {
    for spec in
        ["tiny-imagenet", "fashion-mnist-sequential", "fashion-mnist", "batch-norm", "bias-aux", "googlenet-caffe"]
    {
        let report = report::report(&network(&format!("specs/{spec}.yaml")));
        let last = report.tree.iter().rfind(|row| row.head.is_none() && row.level == 1).unwrap().receptive_field;
        assert_eq!((last.size, last.stride), ([715; 2], Some([32; 2])), "{spec}");
        let main = report.table.rows.iter().find(|row| row.head.is_some()).unwrap().receptive_field;
        assert_eq!(main.size, [907; 2], "{spec}");
    }
}

/// Two branches whose centres differ by a pixel, and a flatten, which sees all that its map saw.
#[test]
fn paths_that_do_not_agree() {
    let spec = "network: Skew\ninput: 1x8x8\nbody: [{split: {concat: {a: conv 3x3 2 pad=1, b: conv 2x2 2 pad=1x0x1x0}}}]\n\
                heads: {main: {layers: [flatten, linear 3]}}\n";
    let compilation = googlenetc::compile("skew.yaml", spec);
    let network = compilation.network.as_ref().unwrap_or_else(|| panic!("{}", compilation.render(false)));
    let report = report::report(network);
    let split = report.tree.iter().find(|row| row.path == "split").unwrap().receptive_field;
    assert_eq!(split, Field { size: [3; 2], stride: Some([1; 2]), padding: [1; 2], uniform: false });
    let flatten = report.tree.iter().find(|row| row.path == "main.0").unwrap().receptive_field;
    assert_eq!((flatten.size, flatten.stride), ([3 + 7; 2], None));
}
