//! `googlenetc doctor`: each finding, in made-up surroundings. Libraries are real ones, empty, made by the C compiler that links Rust.
#![cfg(all(feature = "cli", target_os = "linux"))]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write files and fail by panicking")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use common::stdout;
use tempfile::TempDir;

/// A folder with a libtorch 2.13.0 for the CPU, `torch`, and programs of its own in `bin`.
struct Case {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Case {
    fn new() -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        case.write("torch/include/torch/csrc/api/include/torch/torch.h", "");
        case.write("torch/version.py", "from typing import Optional\n__version__ = '2.13.0+cu130'\ndebug = False\n");
        case.library("torch/lib/libtorch_cpu.so", &[], "");
        case.rustc("1.95.0", "x86_64-unknown-linux-gnu");
        case
    }

    /// The same, with `LIBTORCH` for it.
    fn with_libtorch() -> Self {
        let case = Self::new();
        let libtorch = case.path("torch").to_str().unwrap().to_owned();
        case.with("LIBTORCH", &libtorch)
    }

    fn with(mut self, variable: &'static str, value: &str) -> Self {
        self.variables.retain(|(name, _)| *name != variable);
        self.variables.push((variable, value.to_owned()));
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// A program that prints this.
    fn program(&self, name: &str, prints: &str) {
        self.write(name, &format!("#!/bin/sh\ncat <<'END'\n{prints}\nEND\n"));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn rustc(&self, release: &str, host: &str) {
        self.program("bin/rustc", &format!("rustc {release}\nhost: {host}\nrelease: {release}"));
    }

    /// A library that needs others of these names, wherever they are, with this run path.
    fn library(&self, name: &str, needs: &[&str], rpath: &str) {
        self.linked(name, needs, &["-shared", &format!("-Wl,--disable-new-dtags,-rpath,{rpath}")]);
    }

    fn linked(&self, name: &str, needs: &[&str], options: &[&str]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("cc");
        command.current_dir(folder.path()).args(["-nostdlib", "-Wl,--no-as-needed"]).args(options);
        fs::write(folder.path().join("empty.c"), "void _start(void) {}\n").unwrap();
        command.args(["-o", self.path(name).to_str().unwrap(), "empty.c"]);
        for (index, needed) in needs.iter().enumerate() {
            let file = format!("{index}.so");
            let mut other = Command::new("cc");
            other.args(["-shared", "-nostdlib", &format!("-Wl,-soname,{needed}"), "-x", "c", "/dev/null", "-o", &file]);
            assert!(other.current_dir(folder.path()).status().unwrap().success());
            command.arg(file);
        }
        assert!(command.status().unwrap().success());
    }

    /// Runs the doctor and asserts its exit code, 1 when a line begins with `error`, and that it says these parts.
    fn says(&self, arguments: &[&str], code: i32, parts: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_googlenetc"));
        command.arg("doctor").args(arguments).current_dir(self.folder.path());
        let inherited: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
        let strange = |name: &&String| {
            ["LIBTORCH", "LD_", "RUST", "CARGO", "CXX", "VIRTUAL_ENV"].iter().any(|start| name.starts_with(start))
        };
        inherited.iter().filter(strange).for_each(|name| {
            command.env_remove(name);
        });
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        command.env("CARGO_HOME", self.path("home")).env("PATH", path);
        let output = command.envs(self.variables.iter().cloned()).output().unwrap();
        let said = stdout(&output);
        for part in parts {
            assert!(said.contains(part), "{part}\nis not in\n{said}");
        }
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    }

    /// Asserts that this is the one problem.
    fn is_wrong(&self, parts: &[&str]) {
        let said = self.says(&[], 1, parts);
        assert!(said.ends_with("\n1 problem\n"), "{said}");
    }

    fn is_fine(&self, parts: &[&str]) {
        assert!(self.says(&[], 0, parts).ends_with("\nnothing is wrong\n"));
    }
}

#[test]
fn a_whole_libtorch_is_fine() {
    let case = Case::with_libtorch();
    let named = format!("libtorch is `{}`, named by LIBTORCH", case.path("torch").display());
    case.is_fine(&[&named, "it is version 2.13.0+cu130, as tch 0.26 wants it", "for the CPU alone", "rustc 1.95.0"]);
}

#[test]
fn no_libtorch_comes_with_a_way_to_get_one() {
    let case = Case::new();
    case.is_wrong(&[
        "error: LIBTORCH is not set",
        "pip install --no-deps --target .libtorch torch==2.13.0",
        "export LIBTORCH=",
    ]);
    case.write("scripts/libtorch", "");
    case.is_wrong(&["error: LIBTORCH is not set", "scripts/libtorch installs one"]);
}

#[test]
fn configuration_files_are_read_as_cargo_reads_them() {
    let case = Case::new();
    case.write(".cargo/config.toml", "[env]\nLIBTORCH = { value = \"torch\", relative = true }\n");
    case.is_fine(&["named by LIBTORCH of `", ".cargo/config.toml`"]);
    // The environment wins, also with nothing in it.
    let case = case.with("LIBTORCH", "");
    case.is_wrong(&["error: LIBTORCH is set to nothing, which hides every other libtorch", "help: unset LIBTORCH"]);
    case.write(".cargo/config.toml", "[env]\nLIBTORCH = { value = \"torch\", relative = true, force = true }\n");
    case.is_fine(&["named by LIBTORCH of `"]);
    case.write(".cargo/config.toml", "[env\n");
    case.says(&[], 1, &["config.toml` cannot be read", "LIBTORCH is set to nothing", "2 problems"]);
}

#[test]
fn what_libtorch_names_is_looked_at() {
    let case = Case::with_libtorch();
    let named = |name: &str| case.path(name).to_str().unwrap().to_owned();
    let (torch, lib, none, file) = (named("torch"), named("torch/lib"), named("none"), named("torch/version.py"));
    let export = format!("export LIBTORCH={torch}\n");
    let parent = named("");
    let case = case.with("LIBTORCH", "torch");
    case.is_wrong(&["is `torch`, a relative path", &export]);
    let case = case.with("LIBTORCH", &none);
    case.is_wrong(&["/none`, which is not there", "pip install"]);
    let case = case.with("LIBTORCH", &file);
    case.is_wrong(&["/version.py`, which is a file, not a folder"]);
    let case = case.with("LIBTORCH", parent.trim_end_matches('/'));
    case.is_wrong(&["has no folder `lib`", &export]);
    let case = case.with("LIBTORCH", &lib);
    case.is_wrong(&["has no folder `lib`", &export]);
    let case = case.with("LIBTORCH", &torch);
    case.remove("torch/include/torch/csrc/api/include/torch/torch.h");
    case.is_wrong(&["torch.h` is not there, and torch-sys is compiled with it"]);
    case.remove("torch/lib/libtorch_cpu.so");
    case.is_wrong(&["torch/lib` has no libtorch_cpu.so, so it is no whole libtorch"]);
}

#[test]
fn tch_and_libtorch_belong_together() {
    let case = Case::with_libtorch();
    let lock = |tch: &str| format!("version = 4\n\n[[package]]\nname = \"tch\"\nversion = \"{tch}\"\n");
    case.write("torch/version.py", "__version__ = '2.11.0'\n");
    let mend = "help: take the tch that goes with it: cargo update -p tch --precise 0.24.0\n";
    case.is_wrong(&[
        "this libtorch is version 2.11.0, and tch 0.26 wants 2.13.0",
        mend,
        "point LIBTORCH to a libtorch 2.13.0",
    ]);
    case.write("Cargo.lock", &lock("0.24.0"));
    case.is_fine(&["it is version 2.11.0, as tch 0.24.0 wants it"]);
    case.write("torch/version.py", "__version__ = '2.5.1'\n");
    case.is_wrong(&["this libtorch is version 2.5.1, and tch 0.24.0 wants 2.11.0"]);
    case.write("Cargo.lock", &lock("0.26.0"));
    // torch-sys is strict with the file of a zip, and does not look at a wheel's.
    case.write("torch/version.py", "__version__ = '2.13.1'\n");
    case.is_fine(&["it is version 2.13.1"]);
    case.write("torch/build-version", "2.13.1+cpu\n");
    case.is_wrong(&["version 2.13.1+cpu", "LIBTORCH_BYPASS_VERSION_CHECK=1"]);
    case.remove("torch/build-version");
    case.remove("torch/version.py");
    case.is_fine(&["note: which version it is cannot be told; tch 0.26.0 wants 2.13.0"]);
}

#[test]
fn libraries_that_libtorch_needs_are_looked_for() {
    let case = Case::with_libtorch();
    let rpath = "$ORIGIN/../../nvidia/cu13/lib:$ORIGIN";
    case.library("torch/lib/libtorch_cpu.so", &["libc10.so", "libcupti.so.13", "libc.so.6"], rpath);
    let packages = "'nvidia-cuda-runtime==13.0.*' 'nvidia-cuda-cupti==13.0.*'";
    let mend =
        format!("python3 -m pip install --no-deps --upgrade --target {} {packages}", case.folder.path().display());
    case.says(
        &[],
        1,
        &["libtorch_cpu.so` needs libcupti.so.13, which is not found", &mend, "needs libc10.so", "2 problems"],
    );
    in_an_environment_its_own_pip_is_asked(packages);
    case.library("nvidia/cu13/lib/libcupti.so.13", &[], "");
    case.library("torch/lib/libc10.so", &["libgooglenetc-nowhere.so.7"], "");
    case.is_wrong(&["libc10.so` needs libgooglenetc-nowhere.so.7, which is not found"]);
    case.library("elsewhere/libgooglenetc-nowhere.so.7", &[], "");
    let elsewhere = case.path("elsewhere").to_str().unwrap().to_owned();
    case.with("LD_LIBRARY_PATH", &elsewhere).is_fine(&["all libraries that it needs are found"]);
}

/// Where libtorch is one of a virtual environment's packages.
fn in_an_environment_its_own_pip_is_asked(packages: &str) {
    let case = Case::new();
    let site = "venv/lib/python3.12/site-packages";
    case.program("venv/bin/python", "");
    fs::create_dir_all(case.path(site)).unwrap();
    fs::rename(case.path("torch"), case.path(site).join("torch")).unwrap();
    case.library(&format!("{site}/torch/lib/libtorch_cpu.so"), &["libcudart.so.13"], "$ORIGIN");
    let libtorch = case.path(site).join("torch").to_str().unwrap().to_owned();
    let mend = format!("help: {} -m pip install {packages}\n", case.path("venv/bin/python").display());
    case.with("LIBTORCH", &libtorch).is_wrong(&["needs libcudart.so.13, which is not found", &mend]);
}

#[test]
fn cuda_that_cannot_be_used_harms_nobody_but_gnu_ld() {
    let case = Case::with_libtorch();
    case.library("torch/lib/libtorch_cuda.so", &["libcusparse.so.99", "libtorch_cpu.so"], "$ORIGIN");
    let note = "note: CUDA cannot be used: libcusparse.so.99 not found; the CPU works all the same";
    case.is_fine(&[note, "help: for CUDA: "]);
    let refused = "error: GNU ld links, and refuses this libtorch";
    case.rustc("1.95.0", "aarch64-unknown-linux-gnu");
    case.is_wrong(&[note, refused, "help: link with LLD"]);
    case.rustc("1.95.0", "x86_64-unknown-linux-gnu");
    let case = case.with("RUSTFLAGS", "-C link-arg=-fuse-ld=bfd");
    case.is_wrong(&[refused]);
    let case = case.with("RUSTFLAGS", "-Clinker-features=-lld");
    case.is_wrong(&[refused]);
    let case = case.with("RUSTFLAGS", "");
    case.write(
        ".cargo/config.toml",
        "[target.x86_64-unknown-linux-gnu]\nrustflags = [\"-C\", \"link-arg=-fuse-ld=gold\"]\n",
    );
    case.is_wrong(&["error: gold links"]);
    case.write(".cargo/config.toml", "[build]\nrustflags = \"-Clink-arg=-fuse-ld=lld\"\n");
    case.rustc("1.95.0", "aarch64-unknown-linux-gnu");
    case.is_fine(&[note]);
    case.remove(".cargo/config.toml");
    // With all that it needs, any linker will do.
    case.library("torch/lib/libcusparse.so.99", &[], "");
    let said = case.says(&[], 0, &["CUDA can be loaded"]);
    assert!(!said.contains("GNU ld"), "{said}");
}

#[test]
fn tools_that_are_missing_or_old_are_named() {
    let case = Case::with_libtorch();
    case.rustc("1.89.0", "x86_64-unknown-linux-gnu");
    case.is_wrong(&["error: rustc is 1.89.0, and googlenetc-runtime needs 1.90 or newer", "help: rustup update"]);
    case.library("torch/lib/libtorch_cuda.so", &["libcusparse.so.99"], "$ORIGIN");
    case.says(&[], 1, &["error: GNU ld links", "2 problems"]);
    case.rustc("1.90.0-beta.2", "x86_64-unknown-linux-gnu");
    let case = case.with("CXX", "no-such-compiler");
    case.is_wrong(&["error: there is no C++ compiler `no-such-compiler`"]);
    let case = case.with("CXX", "").with("RUSTC", "no-such-rustc");
    case.is_wrong(&["error: `no-such-rustc` cannot be run"]);
}

#[test]
fn another_libtorch_in_the_way_is_found() {
    let case = Case::with_libtorch();
    case.library("other/libtorch_cpu.so", &[], "");
    let (own, other) = (case.path("torch/lib"), case.path("other"));
    let case = case.with("LD_LIBRARY_PATH", &format!("/usr/lib:{}:{}", other.display(), own.display()));
    let mend = format!("help: export LD_LIBRARY_PATH=/usr/lib:{}\n", own.display());
    case.is_wrong(&["error: LD_LIBRARY_PATH has another libtorch, `", &mend]);
    let case = case.with("LD_LIBRARY_PATH", other.to_str().unwrap());
    case.is_wrong(&["help: unset LD_LIBRARY_PATH\n"]);
    let case = case.with("LD_LIBRARY_PATH", own.to_str().unwrap());
    case.is_fine(&[]);
}

#[test]
fn python_is_asked_when_torch_sys_would() {
    let case = Case::new().with("LIBTORCH_USE_PYTORCH", "1").with("LIBTORCH", "/nowhere");
    case.program("bin/python3", case.path("torch").to_str().unwrap());
    case.is_fine(&["Python's, because LIBTORCH_USE_PYTORCH is set"]);
    case.program("bin/python3", "");
    case.is_wrong(&[
        "python3 has no torch",
        "python3 -m pip install torch==2.13.0 (for tch 0.26)",
        "unset LIBTORCH_USE_PYTORCH",
    ]);
    case.program("bin/python", case.path("torch").to_str().unwrap());
    case.with("VIRTUAL_ENV", "/venv").is_fine(&[]);
}

#[test]
fn programs_say_why_they_do_not_start() {
    let case = Case::with_libtorch();
    let lib = case.path("torch/lib");
    let needs = ["libtorch_cpu.so", "libgooglenetc-nowhere.so.7"];
    case.linked("right", &needs[..1], &["-pie", &format!("-Wl,--enable-new-dtags,-rpath,{}", lib.display())]);
    case.linked("lost", &needs[..1], &["-pie"]);
    case.linked("moved", &needs, &["-pie", "-Wl,-rpath,/nowhere/torch/lib"]);
    case.says(&["right"], 0, &["`right` finds all its libraries"]);
    let export = format!("or, for now: export LD_LIBRARY_PATH={}", lib.display());
    case.says(
        &["lost"],
        1,
        &["`lost` needs libtorch_cpu.so, which is not found: nothing tells it where", "build script", &export],
    );
    let moved =
        "needs libtorch_cpu.so, which is not found: it looks in `/nowhere/torch/lib`, which is not there any more";
    case.says(
        &["moved"],
        1,
        &[moved, "build it again", "needs libgooglenetc-nowhere.so.7, which is not found\n", "2 problems"],
    );
    case.says(
        &["torch/version.py", "none"],
        1,
        &["`torch/version.py` is no program", "`none` is not there", "2 problems"],
    );
}

#[test]
fn a_crate_that_hides_libtorch_from_its_programs_is_found() {
    let case = Case::with_libtorch();
    let package = "[package]\nname = \"net\"\n";
    let compiler = "[build-dependencies]\ngooglenetc = \"0.1\"\n";
    let runtime = "[dependencies]\ngooglenetc-runtime = \"0.1\"\n";
    case.write("Cargo.toml", package);
    case.is_fine(&[]);
    case.write("Cargo.toml", &format!("{package}[dev-dependencies]\ngooglenetc-runtime = \"0.1\"\n{compiler}"));
    case.is_wrong(&["one of [dev-dependencies] alone", "cargo add googlenetc-runtime"]);
    case.write("Cargo.toml", &format!("{package}{compiler}"));
    case.is_wrong(&["googlenetc-runtime is not among its [dependencies]"]);
    case.write("Cargo.toml", &format!("{package}{runtime}{compiler}"));
    case.is_wrong(&["no build script tells its programs where libtorch is", "googlenetc::build::compile(\"SPEC\")"]);
    case.write(
        "build.rs",
        "fn main() -> Result<(), googlenetc::build::Error> { googlenetc::build::compile(\"net.yaml\") }\n",
    );
    case.is_fine(&["build.rs tells this crate's programs"]);
    case.write("Cargo.toml", &format!("{package}build = \"other.rs\"\n{runtime}"));
    case.write("other.rs", "fn main() { std::env::var(\"DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB\"); }\n");
    case.is_fine(&["other.rs tells this crate's programs"]);
}

#[test]
fn programs_can_read_it() {
    let case = Case::new();
    let found: serde_json::Value = serde_json::from_str(&case.says(&["--format", "json"], 1, &[])).unwrap();
    let first = &found[0];
    assert_eq!((first["level"].as_str(), first["check"].as_str()), (Some("error"), Some("unset")));
    assert!(first["help"].as_array().unwrap().len() == 2 && first["message"].is_string());
    assert!(found.as_array().unwrap().iter().any(|finding| finding["level"] == "fine"));
}
