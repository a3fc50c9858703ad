//! Large tensors are marked for huge pages, unless the environment says otherwise.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program without a test harness says what it does")]

use googlenetc_runtime::huge_pages::use_huge_pages;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::process::{Command, Output};

const SETTING: &str = "THP_MEM_ALLOC_ENABLE";
const SHOWS: &str = "HUGE_PAGES_TEST_SHOWS";

/// Makes a tensor of 64 MiB, and says how many pieces of this process's memory are marked: `hg` in proc(5)'s `smaps`.
fn show() {
    use_huge_pages();
    let tensor = Tensor::ones([1 << 24], (Kind::Float, Device::Cpu));
    let pieces = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let flags = pieces.lines().filter_map(|line| line.strip_prefix("VmFlags:"));
    println!("{}", flags.filter(|flags| flags.split(' ').any(|flag| flag == "hg")).count());
    drop(tensor);
}

fn marked(setting: Option<&str>) -> usize {
    let mut process = Command::new(std::env::current_exe().unwrap());
    process.env(SHOWS, "1").env_remove(SETTING).envs(setting.map(|value| (SETTING, value)));
    let Output { stdout, .. } = process.output().unwrap();
    String::from_utf8(stdout).unwrap().trim().parse().unwrap()
}

fn main() {
    if std::env::var_os(SHOWS).is_some() {
        return show();
    }
    if !std::path::Path::new("/sys/kernel/mm/transparent_hugepage").is_dir() {
        println!("this system has no huge pages");
        return;
    }
    assert_eq!(marked(None), 1, "the tensor is marked");
    assert_eq!(marked(Some("0")), 0, "the environment has the last word");
}
