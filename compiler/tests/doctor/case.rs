//! Made-up surroundings.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use super::common::stdout;
use tempfile::TempDir;

/// A folder with a libtorch 2.13.0 for the CPU, `torch`, and programs of its own in `bin`.
pub(crate) struct Case {
    pub(crate) folder: TempDir,
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Case {
    pub(crate) fn new() -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        case.write("torch/include/torch/csrc/api/include/torch/torch.h", "");
        case.write("torch/version.py", "from typing import Optional\n__version__ = '2.13.0+cu130'\ndebug = False\n");
        case.library("torch/lib/libtorch_cpu.so", &[], "");
        case.rustc("1.95.0", "x86_64-unknown-linux-gnu");
        case
    }

    /// The same, with `LIBTORCH` for it.
    pub(crate) fn with_libtorch() -> Self {
        let case = Self::new();
        let libtorch = case.path("torch").to_str().unwrap().to_owned();
        case.with("LIBTORCH", &libtorch)
    }

    pub(crate) fn with(mut self, variable: &'static str, value: &str) -> Self {
        self.variables.retain(|(name, _)| *name != variable);
        self.variables.push((variable, value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// A program that prints this.
    pub(crate) fn program(&self, name: &str, prints: &str) {
        self.write(name, &format!("#!/bin/sh\ncat <<'END'\n{prints}\nEND\n"));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn rustc(&self, release: &str, host: &str) {
        self.program("bin/rustc", &format!("rustc {release}\nhost: {host}\nrelease: {release}"));
    }

    /// A library that needs others of these names, wherever they are, with this run path.
    pub(crate) fn library(&self, name: &str, needs: &[&str], rpath: &str) {
        self.linked(name, needs, &["-shared", &format!("-Wl,--disable-new-dtags,-rpath,{rpath}")]);
    }

    pub(crate) fn linked(&self, name: &str, needs: &[&str], options: &[&str]) {
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
    pub(crate) fn says(&self, arguments: &[&str], code: i32, parts: &[&str]) -> String {
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
    pub(crate) fn is_wrong(&self, parts: &[&str]) {
        let said = self.says(&[], 1, parts);
        assert!(said.ends_with("\n1 problem\n"), "{said}");
    }

    pub(crate) fn is_fine(&self, parts: &[&str]) {
        assert!(self.says(&[], 0, parts).ends_with("\nnothing is wrong\n"));
    }
}
