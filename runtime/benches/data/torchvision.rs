//! torchvision's `DataLoader`, in a process of its own that is asked for one pass at a time.

use super::Cost;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Torchvision {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Torchvision {
    /// None where no Python is named.
    pub(crate) fn start() -> Option<Self> {
        let python = std::env::var_os("BENCHMARK_PYTHON")?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/benchmark_data.py");
        let mut process =
            Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Some(Self { questions: process.stdin.take(), process, answers })
    }

    pub(crate) fn pass(&mut self, folder: &Path, recipe: &str, workers: usize) -> Cost {
        writeln!(self.questions.as_mut().unwrap(), "{}\t{recipe}\t{workers}", folder.display()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let numbers: Vec<f64> = answer.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let [speed, processor] = numbers.try_into().expect("scripts/benchmark_data.py failed: see above");
        Cost { speed, processor }
    }
}

impl Drop for Torchvision {
    fn drop(&mut self) {
        // Having no more questions it ends.
        self.questions = None;
        let _ = self.process.wait();
    }
}
