//! What this process uses, as Linux tells it.

use std::fs::read_to_string;

/// Milliseconds of processors that all threads of this process have used, those that have ended too. Linux counts in 10 ms.
pub(crate) fn this_process() -> f64 {
    let stat = read_to_string("/proc/self/stat").unwrap();
    let (_, numbers) = stat.rsplit_once(") ").unwrap();
    let ticks = |i| numbers.split(' ').nth(i).unwrap().parse::<f64>().unwrap();
    10.0 * (ticks(11) + ticks(12))
}

/// Milliseconds of processors that this thread has used.
pub(crate) fn this_thread() -> f64 {
    let stat = read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

/// The most memory that this process had, in MiB.
pub(crate) fn peak_memory() -> u64 {
    let status = read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Of the last 1, 5 and 15 minutes.
pub(crate) fn load_average() -> String {
    let load = read_to_string("/proc/loadavg").unwrap();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
