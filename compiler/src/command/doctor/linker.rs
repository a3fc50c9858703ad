//! Whether Rust and its linker can build against this libtorch.

use std::process::Command;

use super::Finding;
use super::cargo::Surroundings;

/// The oldest Rust that the runtime is built with, and the first whose linker on x86-64 Linux is LLD.
const OLDEST: (u32, u32) = (1, 90);

/// Looks at rustc, the C++ compiler, and the linker; `whole` says that libtorch has no part for CUDA, or all that it needs.
pub(super) fn check(surroundings: &Surroundings, whole: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let compiler = surroundings.environment("CXX").filter(|name| !name.is_empty()).unwrap_or("c++");
    if said(compiler, "--version").is_none() {
        let message = format!("there is no C++ compiler `{compiler}`, and torch-sys needs one");
        findings.push(Finding::error("compiler", message).help("apt-get install g++ (Debian), or name one with CXX"));
    }
    let rustc = surroundings.environment("RUSTC").filter(|name| !name.is_empty()).unwrap_or("rustc");
    let Some(version) = said(rustc, "-vV") else {
        findings.push(
            Finding::error("rustc", format!("`{rustc}` cannot be run")).help("install Rust from https://rustup.rs"),
        );
        return findings;
    };
    let line = |key: &str| version.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim();
    let (release, host) = (line("release:"), line("host:"));
    let old = numbers(release).is_some_and(|version| version < OLDEST);
    if old {
        let (major, minor) = OLDEST;
        let message = format!("rustc is {release}, and googlenetc-runtime needs {major}.{minor} or newer");
        findings.push(Finding::error("rustc", message).help("rustup update"));
    }
    if !whole && host.contains("linux") {
        let own = if old || host != "x86_64-unknown-linux-gnu" { Some("bfd") } else { None };
        let linker = chosen(&surroundings.rustflags()).or(own.map(str::to_owned));
        if let Some(linker) = linker.filter(|linker| !["lld", "mold"].contains(&linker.as_str())) {
            let name = if linker == "bfd" { "GNU ld".to_owned() } else { linker };
            let message = format!(
                "{name} links, and refuses this libtorch, whose libtorch_cuda.so needs what is not there (undefined reference)"
            );
            findings.push(
                Finding::error("linker", message)
                    .help("link with LLD: apt-get install lld (Debian) and export RUSTFLAGS=-Clink-arg=-fuse-ld=lld")
                    .help("or take a libtorch without that library, as a new run of scripts/libtorch installs it, or one with all that it needs"),
            );
        }
    }
    if findings.is_empty() {
        findings.push(Finding::fine("linker", format!("rustc {release} and its linker can build against it")));
    }
    findings
}

/// The linker that flags choose: `bfd` of `-fuse-ld=bfd`; the system's, where they say no to LLD.
fn chosen(flags: &str) -> Option<String> {
    let word = |rest: &str| rest.split([' ', ',', '"']).next().unwrap_or_default().to_owned();
    if let Some((_, rest)) = flags.rsplit_once("-fuse-ld=") {
        return Some(word(rest));
    }
    let refused = ["linker-features=-lld", "link-self-contained=-linker"];
    refused.iter().any(|flag| flags.contains(flag)).then(|| "bfd".to_owned())
}

fn numbers(release: &str) -> Option<(u32, u32)> {
    let mut parts = release.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What a program prints.
fn said(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
