//! Blocks that are `text`: what none of the commands prints that these tests run.
//!
//! Where a program prints it, each line has words in a row that stand in the source of that program.

use crate::fences::{fences, of, root, text};

/// How many words in a row of each line stand in the source. Between them are numbers and names.
const WORDS: usize = 3;

#[test]
fn texts_say_what_programs_say() {
    let mut count = 0;
    for fence in fences().iter().filter(|fence| fence.info == "text") {
        let first = fence.text.lines().next().unwrap_or_default();
        let at = fence.place();
        match fence.page.as_str() {
            // compiler/tests/layers.rs makes that page, and compiles its examples.
            "docs/reference.md" => continue,
            // A drawing of the crates.
            "docs/architecture.md" => ["compiler", "dsl"].iter().for_each(|name| {
                assert!(fence.text.contains(name) && root().join(name).is_dir(), "{at}: {name}");
            }),
            // Where CUDA is in part there, or another card is asked for.
            "docs/program.md" => stand_in(&fence.text, &["runtime/src/device.rs", "runtime/src/device/cuda.rs"], &at),
            // Paths and versions of one machine.
            "docs/commands.md" => {
                let files = ["libtorch", "linker", "cargo"].map(|name| format!("compiler/src/command/doctor/{name}.rs"));
                stand_in(&fence.text, &[&files[0], &files[1], &files[2], "compiler/src/command/doctor.rs"], &at);
            }
            // Times of one machine.
            "docs/performance.md" => stand_in(&first.replace("  ", "\n"), &["tests/benches/size.rs"], &at),
            "docs/language.md" => {
                let schema = first.split("/main/").nth(1).unwrap_or_default();
                assert!(root().join(schema).is_file(), "{at}: {schema}");
            }
            // Keys of a file, those of the files that come along.
            "docs/reports.md" => {
                let known = ["batch-norm", "googlenet-torchvision"].map(|name| text(&format!("specs/presentation/{name}.yaml")));
                let keys = fence.text.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_once(':'));
                for (key, _) in keys {
                    assert!(known.iter().any(|file| file.contains(&format!("\n{key}:"))), "{at}: {key}");
                }
            }
            // The end of what README.md shows, which is run.
            "examples/digits/README.md" => {
                assert!(of("README.md").iter().any(|other| other.text.contains(&fence.text)), "{at}: not in README.md");
            }
            // The program's own test compares it with what is printed.
            "examples/fine_tune/README.md" => assert!(text("examples/fine_tune/tests/end_to_end.rs").contains("README.md")),
            _ => panic!("{at}: nothing tests this text; say in examples/digits/tests/pages/texts.rs what does"),
        }
        count += 1;
    }
    assert!(count >= 8, "only {count} were found");
}

/// Of each line some words in a row stand in one of the files.
fn stand_in(lines: &str, files: &[&str], at: &str) {
    // A text that goes on in the next line has a backslash at the end of this one.
    let plain = |file: &&str| text(file).replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let files: Vec<String> = files.iter().map(plain).collect();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut rows = words.windows(WORDS.min(words.len())).map(|row| row.join(" "));
        assert!(rows.any(|row| files.iter().any(|file| file.contains(&row))), "{at}: nobody says `{line}`");
    }
}
