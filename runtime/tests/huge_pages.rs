//! Large tensors lie in huge pages, unless the environment says otherwise.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program without a test harness says what it does")]

use googlenetc_runtime::huge_pages::use_huge_pages;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::process::{Command, Output};

const SETTING: &str = "THP_MEM_ALLOC_ENABLE";
const SHOWS: &str = "HUGE_PAGES_TEST_SHOWS";

/// How often this process has been interrupted for a page: the tenth number of proc(5)'s `stat`, the eighth behind the name.
fn page_faults() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    stat.rsplit_once(") ").unwrap().1.split(' ').nth(7).unwrap().parse().unwrap()
}

/// Takes 64 MiB ten times, behind a first time, and says how many faults that made.
fn show() {
    use_huge_pages();
    let use_memory = || drop(Tensor::ones([1 << 24], (Kind::Float, Device::Cpu)));
    use_memory();
    let before = page_faults();
    (0..10).for_each(|_| use_memory());
    println!("{}", page_faults() - before);
}

fn shown(setting: Option<&str>) -> u64 {
    let mut process = Command::new(std::env::current_exe().unwrap());
    process.env(SHOWS, "1").env_remove(SETTING).envs(setting.map(|value| (SETTING, value)));
    let Output { stdout, .. } = process.output().unwrap();
    String::from_utf8(stdout).unwrap().trim().parse().unwrap()
}

/// Ten times 64 MiB are 163,840 pages of 4 KiB, and 320 of 2 MiB. The ends of a tensor are pages of 4 KiB where they fill no huge one.
fn main() {
    if std::env::var_os(SHOWS).is_some() {
        return show();
    }
    let setting = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").unwrap_or_default();
    if !setting.contains("[madvise]") {
        println!("the system gives huge pages always or never ({setting}): nothing to compare");
        return;
    }
    let [with, without] = [None, Some("0")].map(shown);
    println!("{with} page faults in place of {without}");
    assert!(without > 160_000, "the environment has the last word: {without}");
    assert!(with < 20_000, "{with} page faults");
}
