//! The command, run in a folder with a few files.
#![allow(dead_code, reason = "no test uses all of it")]

use std::process::{Command, Output};

use tempfile::TempDir;

/// A spec in which everything fits.
pub(crate) const RIGHT: &str = "network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n  conv1: conv 3x3 8 -> 8x32x32\n\
                     heads: {main: {layers: [maxpool global, flatten, fc: linear $classes]}}\n";

/// A spec with one mistake, in its fifth line.
pub(crate) fn wrong() -> String {
    RIGHT.replace("-> 8x32x32", "-> 9x32x32")
}

/// A folder with these files, in which commands run.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("files can be written");
    }
    folder
}

pub(crate) fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_googlenetc"));
    command.args(arguments).current_dir(folder.path());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

pub(crate) fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the command starts")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts the exit code, and that there is data on standard output only if all went well.
pub(crate) fn assert_exit(output: &Output, code: i32, message: &str) {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
    assert!(stderr(output).contains(message), "{message} is not in:\n{}", stderr(output));
    if code != 0 {
        assert_eq!(stdout(output), "");
    }
}
