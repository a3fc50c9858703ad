//! Specs of any size, for what must not take longer than in proportion to it.

/// A way to write a large network.
pub type Writer = fn(usize) -> String;

/// What large networks look like: names, and how to write one of about so many layers.
pub const WRITERS: [(&str, Writer); 3] = [("sequence", sequence), ("table", table), ("repeat", repeat)];

const HEAD: &str = "heads: {main: {layers: [avgpool global, flatten, linear 10]}}\n";

/// Layers one after the other.
pub fn sequence(layers: usize) -> String {
    let layer = |index| if index % 2 == 0 { "  - conv 3x3 16 bias\n" } else { "  - relu\n" };
    let body: String = (0..layers).map(layer).collect();
    format!("network: Sequence\ninput: 3x32x32\nbody:\n{body}{HEAD}")
}

/// Rows of Inception modules, whose seven layers each are six convolutions and a pool.
pub fn table(layers: usize) -> String {
    let row = |row| format!("    {row}: [64, 96, 128, 16, 32, 32, 256x14x14]\n");
    let rows = (0..layers.div_ceil(7)).map(row).collect::<Vec<_>>().concat();
    format!(
        "network: Table\ninput: 256x14x14\nblocks:\n  inception:\n    parameters: [n1x1, n3x3_reduce, n3x3, \
         n5x5_reduce, n5x5, pool_proj]\n    concat:\n      branch1: conv 1x1 $n1x1\n      branch2: [conv 1x1 \
         $n3x3_reduce, conv 3x3 $n3x3]\n      branch3: [conv 1x1 $n5x5_reduce, conv 5x5 $n5x5]\n      branch4: [maxpool \
         3x3/1 pad=1, conv 1x1 $pool_proj]\ntable:\n  block: inception\n  prefix: inception\n  columns: [n1x1, \
         n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj, output]\n  rows:\n{rows}{HEAD}"
    )
}

/// Ten layers again and again.
pub fn repeat(layers: usize) -> String {
    let ten = "conv 3x3 16, relu, ".repeat(5);
    let ten = ten.trim_end_matches(", ");
    format!(
        "network: Repeat\ninput: 16x32x32\nbody:\n  - stage: {{repeat: {}, layers: [{ten}]}}\n{HEAD}",
        layers.div_ceil(10)
    )
}
