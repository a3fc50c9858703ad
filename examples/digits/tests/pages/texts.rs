//! Blocks that are `text`: what none of the commands prints that these tests run.
//!
//! Where a program prints it, each line has words in a row that stand in the source of that program.

use crate::fences::{Fence, fences, of, root, text};

#[test]
fn texts_say_what_programs_say() {
    // compiler/tests/layers.rs makes the reference, and compiles its examples.
    let texts = fences().into_iter().filter(|fence| fence.info == "text" && fence.page != "docs/reference.md");
    let count = texts.inspect(hold).count();
    assert!(count >= 8, "only {count} were found");
}

fn hold(fence: &Fence) {
    let at = fence.place();
    match fence.page.as_str() {
        // A drawing of the crates.
        "docs/architecture.md" => ["compiler", "dsl"].iter().for_each(|name| {
            assert!(fence.text.contains(name) && root().join(name).is_dir(), "{at}: {name}");
        }),
        // Where CUDA is in part there, or another card is asked for.
        "docs/program.md" => stand_in(fence, 4, &["runtime/src/device.rs", "runtime/src/device/cuda.rs"]),
        // Paths and versions of one machine.
        "docs/commands.md" => {
            let files = ["libtorch", "linker", "cargo"].map(|name| format!("compiler/src/command/doctor/{name}.rs"));
            stand_in(fence, 2, &[&files[0], &files[1], &files[2], "compiler/src/command/doctor.rs"]);
        }
        // Times of one machine; the head of the table is always the same.
        "docs/performance.md" => {
            let benchmark = text("tests/benches/size.rs");
            let head = fence.text.lines().next().unwrap_or_default();
            assert!(head.split_whitespace().all(|word| benchmark.contains(word)), "{at}: {head}");
        }
        "docs/language.md" => {
            let schema = fence.text.trim_end().split("/main/").nth(1).unwrap_or_default();
            assert!(root().join(schema).is_file(), "{at}: {schema}");
        }
        // A presentation, with the keys of those that come along.
        "docs/reports.md" => {
            let known = ["bias-aux", "batch-norm", "googlenet-torchvision"];
            let known = known.map(|name| text(&format!("specs/presentation/{name}.yaml")));
            let lines = fence.text.lines().filter(|line| !line.starts_with(' '));
            for (key, _) in lines.filter_map(|line| line.split_once(':')) {
                assert!(known.iter().any(|file| file.contains(&format!("\n{key}:"))), "{at}: {key}");
            }
        }
        // Layers that the spec on the page has too.
        "docs/from-caffe.md" => {
            let spec = text("docs/from-caffe/small.yaml");
            let names = fence.text.split("name: \"inception_2a/").skip(1).filter_map(|rest| rest.split('"').next());
            let names: Vec<&str> = names.filter(|name| !name.starts_with("relu_")).collect();
            assert!(
                names.len() == 2 && names.iter().all(|name| spec.contains(&format!("{name}: conv"))),
                "{at}: {names:?}"
            );
        }
        // Modules of the class on the page.
        "docs/from-pytorch.md" => {
            let module = text("docs/from-pytorch/small.py");
            let lines = fence.text.lines().filter(|line| *line != "...");
            let first = |line: &str| line.split(['.', ' ']).next().unwrap_or_default().to_owned();
            for name in lines.map(first).filter(|name| name != "logits") {
                assert!(module.contains(&format!("self.{name} = ")), "{at}: {name}");
            }
        }
        // The examples' own tests compare their lines with what is printed.
        "examples/fashion_mnist/README.md" | "examples/fine_tune/README.md" | "examples/tiny_imagenet/README.md" => {
            let test = fence.page.replace("README.md", "tests/end_to_end.rs");
            assert!(text(&test).contains("shown::lines_are_printed("), "{at}");
        }
        // What README.md shows, or the end of it, which is run.
        "docs/tutorial.md" | "examples/digits/README.md" => {
            assert!(of("README.md").iter().any(|other| other.text.contains(&fence.text)), "{at}: not in README.md");
        }
        _ => panic!("{at}: nothing tests this text; say in examples/digits/tests/pages/texts.rs what does"),
    }
}

/// Of each line so many words in a row stand in one of the files. Between them are numbers and names.
fn stand_in(fence: &Fence, count: usize, files: &[&str]) {
    // A text that goes on in the next line has a backslash at the end of this one.
    let plain = |file: &&str| text(file).replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let files: Vec<String> = files.iter().map(plain).collect();
    for line in fence.text.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut rows = words.windows(count.min(words.len())).map(|row| row.join(" "));
        assert!(
            rows.any(|row| files.iter().any(|file| file.contains(&row))),
            "{}: nobody says `{line}`",
            fence.place()
        );
    }
}
