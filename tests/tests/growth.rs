//! Ten times the layers may not take twenty-five times as long: a step that looks at every pair of layers would take a
//! hundred times as long. `benches/size.rs` measures; this only catches.

use std::time::{Duration, Instant};

use googlenetc::{compile, report};
use googlenetc_tests::sized::WRITERS;

const SMALL: usize = 600;
const LARGE: usize = 6_000;
const MOST: u32 = 25;

/// Times of checking a spec, and of reporting on the network as text and as data.
fn time(spec: &str) -> [Duration; 2] {
    let start = Instant::now();
    let compilation = compile("growth.yaml", spec);
    let check = start.elapsed();
    let start = Instant::now();
    let report = report::report(compilation.network.as_ref().expect("the network is right"));
    assert!(!report::human(&report).is_empty() && !report::json(&report).is_empty());
    [check, start.elapsed()]
}

/// Other work on the machine slows a run down but never speeds one up, so the best of some runs count.
fn best(spec: &str, runs: usize) -> [Duration; 2] {
    let runs: Vec<_> = (0..runs).map(|_| time(spec)).collect();
    [0, 1].map(|what| runs.iter().map(|run| run[what]).min().unwrap_or_default())
}

#[test]
fn time_grows_with_the_layers() {
    for (name, write) in WRITERS {
        let is_linear = |_: &usize| {
            let (small, large) = (best(&write(SMALL), 3), best(&write(LARGE), 1));
            (0..2).all(|what| large[what] < small[what] * MOST)
        };
        assert!(
            (0..3).any(|attempt| is_linear(&attempt)),
            "{name}: ten times the layers take more than {MOST} times as long"
        );
    }
}
