//! What this process uses, and the machine, as Linux tells it.

use std::fs::read_to_string;

/// Seconds of processors that all threads of this process have used. Linux counts in 10 ms.
pub(crate) fn this_process() -> f64 {
    let stat = read_to_string("/proc/self/stat").unwrap();
    let (_, numbers) = stat.rsplit_once(") ").unwrap();
    let ticks = |i| numbers.split(' ').nth(i).unwrap().parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}

/// Of the last 1, 5 and 15 minutes.
pub(crate) fn load_average() -> String {
    let load = read_to_string("/proc/loadavg").unwrap();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// What the processor calls itself.
pub(crate) fn processor() -> String {
    let about = read_to_string("/proc/cpuinfo").unwrap();
    let name = about.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    name.trim_start_matches([' ', '\t', ':']).to_owned()
}
