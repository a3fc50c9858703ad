//! Time of check and report against the size of a network: `cargo bench -p googlenetc-tests --no-default-features --bench size`.
//!
//! Prints a table; `docs/performance.md` has one. Each figure is the best of three runs.
#![allow(clippy::print_stdout, reason = "a benchmark prints what it measures")]

use std::time::{Duration, Instant};

use googlenetc::{compile, report};
use googlenetc_tests::sized::WRITERS;

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];

fn main() {
    println!(
        "{:10} {:>8} {:>12} {:>12} {:>14} {:>14}",
        "network", "layers", "check ms", "report ms", "check us/layer", "report us/layer"
    );
    for (name, write) in WRITERS {
        let mut times = Vec::new();
        for size in SIZES {
            let (check, report) = measure(&write(size));
            let [check_ms, report_ms] = [check, report].map(|time| time.as_secs_f64() * 1e3);
            let layers = f64::from(u32::try_from(size).unwrap_or(u32::MAX));
            let [per_check, per_report] = [check_ms, report_ms].map(|time| time * 1e3 / layers);
            println!("{name:10} {size:>8} {check_ms:>12.2} {report_ms:>12.2} {per_check:>14.2} {per_report:>14.2}");
            times.push((check_ms, report_ms));
        }
        if let [.., (check, report), (last_check, last_report)] = times[..] {
            println!(
                "{name:10} 100,000 layers take {:.1} and {:.1} times as long as 10,000",
                last_check / check,
                last_report / report
            );
        }
    }
}

/// Times of checking a spec, and of reporting on the network as text.
fn measure(spec: &str) -> (Duration, Duration) {
    let run = |_| {
        let start = Instant::now();
        let compilation = compile("bench.yaml", spec);
        let check = start.elapsed();
        let start = Instant::now();
        let text = compilation.network.as_ref().map(|network| report::human(&report::report(network)));
        assert!(text.is_some_and(|text| !text.is_empty()), "{}", compilation.render(false));
        (check, start.elapsed())
    };
    let runs = [0, 1, 2].map(run);
    let best = |time: fn(&(Duration, Duration)) -> Duration| runs.iter().map(time).min().unwrap_or_default();
    (best(|run| run.0), best(|run| run.1))
}
