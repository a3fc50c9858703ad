//! A test program that runs itself as the program of a network.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// This program in `folder` with the words of `line`, told by the variable `role` that it is the network's.
pub(crate) fn command(role: (&str, &str), folder: &Path, line: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(line.split_whitespace()).current_dir(folder).env(role.0, role.1);
    command
}

/// Runs a program, and gives it `stdin` to read.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Outcome {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read it may have ended already.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Outcome {
    /// Asserts that the program of `line` ended with `code`, and said why.
    #[track_caller]
    pub(crate) fn assert_failed(&self, line: &str, code: i32, expected: &str) {
        assert_eq!(self.code, Some(code), "{line}: {}", self.err);
        assert!(self.err.contains(expected), "{line}: `{}` does not say `{expected}`", self.err);
    }
}
