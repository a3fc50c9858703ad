//! The pages' way from a spec to a crate of the reader's own: `googlenetc new`, `cargo test`, `cargo run`, one line after the other as they
//! stand there, in the folders that they go to. Each page tells one such way, and what the reader brings along lies where its first crate is.
//!
//! Python's blocks are run as well where their modules are to be had: those of Caffe by stand-ins, those of PyTorch if `PAGES_PYTHON` names
//! a Python that has torch and safetensors. Without it, the files that PyTorch would have written are made here.

mod caffe;
mod pytorch;

use crate::commands::lines;
use crate::fences::{Fence, of};
use crate::place::{DATA, Place};
use std::path::{Path, PathBuf};

/// The pages that tell such a way, and where it begins, seen from the checkout.
const WALKS: [(&str, &str); 5] = [
    ("docs/commands.md", "../work"),
    ("docs/tutorial.md", "."),
    ("docs/from-caffe.md", "."),
    ("docs/from-pytorch.md", "."),
    ("docs/program.md", "../small"),
];

/// Whether the block needs a crate of the reader's own, or makes it.
pub(crate) fn is_of_a_crate(fence: &Fence) -> bool {
    fence.info == "sh" && lines(fence).iter().any(|line| ["cd ", "cargo run -- "].iter().any(|it| line.starts_with(it)))
}

/// Goes all of these ways.
pub(crate) fn check(place: &Place) {
    for fence in crate::fences::fences().iter().filter(|fence| is_of_a_crate(fence)) {
        assert!(WALKS.iter().any(|(page, _)| *page == fence.page), "{}: nobody goes this way", fence.place());
    }
    for (page, start) in WALKS {
        let said = Walk { place, folder: place.path(start), page, python: String::new(), said: String::new() }.go();
        assert!(!said.contains("warning"), "{page}: {said}");
        match page {
            // The report's numbers, and the parameters by name: the tests that `new` writes.
            "docs/commands.md" => {
                assert!(said.contains("test result: ok. 2 passed") && said.contains("predict"), "{page}: {said}");
            }
            "docs/tutorial.md" => assert!(said.contains("test accuracy "), "{page}: {said}"),
            "docs/from-caffe.md" => caffe::compare(place),
            "docs/from-pytorch.md" => pytorch::compare(place, &said),
            _ => {}
        }
    }
}

/// Somebody who follows a page.
struct Walk<'a> {
    place: &'a Place,
    /// Where they are.
    folder: PathBuf,
    page: &'a str,
    /// What they have typed into Python.
    python: String,
    /// What they have seen.
    said: String,
}

impl Walk<'_> {
    fn go(mut self) -> String {
        let mut is_on_the_way = false;
        for fence in of(self.page) {
            if is_of_a_crate(&fence) {
                is_on_the_way = true;
                for line in lines(&fence) {
                    self.step(&line);
                }
            } else if is_on_the_way && fence.info == "python" {
                self.type_python(&fence.text);
            }
        }
        assert!(is_on_the_way, "{} has no such way any more", self.page);
        self.said
    }

    fn step(&mut self, line: &str) {
        if line.starts_with("cargo run -- train") {
            // Ten images.
            assert!(line.contains(DATA), "{line}");
        }
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder = self.folder.join(folder).canonicalize().unwrap();
            self.bring();
            return;
        }
        if line.contains("googlenet.pth") {
            pytorch::bring_weights(self.place, &self.folder, "googlenet.pth");
        }
        self.run("sh", &["-c", line]);
    }

    fn run(&mut self, program: &str, arguments: &[&str]) {
        let mut command = self.place.command(program);
        let output = command.args(arguments).current_dir(&self.folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: `{}` says\n{said}", self.page, arguments.join(" "));
        self.said += &said;
    }

    /// What the page takes for granted that the reader has.
    fn bring(&self) {
        match self.page {
            "docs/tutorial.md" => {
                std::fs::copy(self.place.path("digit.png"), self.folder.join("some-digit.png")).unwrap();
            }
            "docs/from-caffe.md" => caffe::bring(self.place, &self.folder),
            "docs/from-pytorch.md" => pytorch::bring(self.place, &self.folder),
            _ => {}
        }
    }

    /// Everything that was typed so far runs again, as Python's state is gone with its process.
    fn type_python(&mut self, text: &str) {
        self.python += text;
        let python = match self.page {
            "docs/from-caffe.md" => Some("python3".to_owned()),
            "docs/from-pytorch.md" => std::env::var("PAGES_PYTHON").ok(),
            // What is there is no part of the way.
            _ => None,
        };
        let Some(python) = python else { return };
        let program = self.python.clone();
        self.run(&python, &["-c", &program]);
    }
}

/// The variables of the crate in `folder` under the names that `report` gives them, with the shapes: what is named, and its numbers.
fn variables(place: &Place, folder: &Path, arguments: &[&str]) -> Vec<(String, Vec<i64>)> {
    let output = place.command("googlenetc").arg("report").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let rows = rows.filter(|row| !row[0].is_empty());
    rows.map(|row| (row[1].to_owned(), row[2].split('x').map(|size| size.parse().unwrap()).collect())).collect()
}
