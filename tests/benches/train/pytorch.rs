//! PyTorch, in a process of its own that is asked for one run at a time.

use crate::{Cost, Row};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct PyTorch {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl PyTorch {
    /// None where no Python is named.
    pub(crate) fn start(threads: i32) -> Option<Self> {
        let python = std::env::var_os("BENCHMARK_PYTHON")?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/benchmark_train.py");
        let mut command = Command::new(python);
        command.arg(script).arg(threads.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Some(Self { questions: process.stdin.take(), process, answers })
    }

    /// Has it write its weights, an input and the logits of that.
    pub(crate) fn check(&mut self, folder: &Path) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        self.ask(&format!("check\t{}", folder.display()));
        folder.to_owned()
    }

    pub(crate) fn run(&mut self, row: &Row) -> Cost {
        let (phase, numbers, layout) = (row.phase(), row.numbers(), row.layout());
        let [seconds, processor] = self.ask(&format!("{phase}\t{numbers}\t{layout}\t{}\t{}", row.batch, row.passes));
        Cost { seconds, processor }
    }

    fn ask(&mut self, question: &str) -> [f64; 2] {
        writeln!(self.questions.as_mut().unwrap(), "{question}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let numbers: Vec<f64> = answer.split_whitespace().map(|number| number.parse().unwrap()).collect();
        numbers.try_into().expect("scripts/benchmark_train.py failed: see above")
    }
}

impl Drop for PyTorch {
    fn drop(&mut self) {
        // Having no more questions it ends.
        self.questions = None;
        let _ = self.process.wait();
    }
}
