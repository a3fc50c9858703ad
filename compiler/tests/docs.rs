//! Everything that README.md and docs/ show is what happens.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files and fail by panicking")]

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn pages() -> Vec<(String, String)> {
    let mut names = vec![PathBuf::from("README.md")];
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            names.push(Path::new("docs").join(path.file_name().unwrap()));
        }
    }
    names.sort();
    names.into_iter().map(|name| (name.display().to_string(), read_to_string(root().join(&name)).unwrap())).collect()
}

/// The fenced parts of a page: what stands behind the fence, and the text.
fn fences(page: &str) -> Vec<(String, String)> {
    let mut fences = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(info), None) => open = Some((info.to_owned(), String::new())),
            (Some(_), Some(fence)) => fences.push(fence),
            (None, Some((info, text))) => open = Some((info, text + line + "\n")),
            (None, None) => {}
        }
    }
    fences
}

#[test]
fn commands_print_what_the_pages_show() {
    // Commands name files from the root of the repository, as a reader would.
    std::env::set_current_dir(root()).unwrap();
    let cases = trycmd::TestCases::new();
    let pages: Vec<_> = pages().into_iter().filter(|(_, page)| page.contains("```console")).collect();
    assert!(pages.len() >= 2, "only {} pages show commands", pages.len());
    for (name, _) in pages {
        // The commands of that page are those of a network's program: examples/digits/tests/data_page.rs.
        if name != "docs/data.md" {
            cases.case(name);
        }
    }
}

#[test]
fn specs_are_right() {
    let mut count = 0;
    for (name, page) in pages() {
        for (info, text) in fences(&page) {
            let (file, spec) = match info.as_str() {
                "yaml" => ("page.yaml", text),
                "gnet" => ("page.gnet", text),
                "yaml stem" => ("page.yaml", in_a_stem(&text)),
                _ => continue,
            };
            let compilation = googlenetc::compile(file, &spec);
            assert!(compilation.network.is_some(), "{name}:\n{}", compilation.render(false));
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} specs were found");
}

fn in_a_stem(layers: &str) -> String {
    let indented = layers.trim_end().replace('\n', "\n  ");
    let head = "heads:\n  main: {layers: [avgpool global, flatten, linear 10]}\n";
    format!("network: Page\ninput: 3x224x224\nstem:\n  {indented}\n{head}")
}

#[test]
fn both_syntaxes_of_the_reference_give_the_same_network() {
    let page = read_to_string(root().join("docs/language.md")).unwrap();
    let fences = fences(&page);
    let first = |wanted: &str| fences.iter().find(|(info, _)| info == wanted).unwrap().1.clone();
    let report = |name: &str, text: &str| {
        let network = googlenetc::compile(name, text).network.unwrap();
        googlenetc::report::json(&googlenetc::report::report(&network))
    };
    assert_eq!(report("page.yaml", &first("yaml")), report("page.gnet", &first("gnet")));
}

#[test]
fn the_readme_shows_the_real_spec_and_the_real_code() {
    let page = read_to_string(root().join("README.md")).unwrap();
    let spec = read_to_string(root().join("specs/googlenet.yaml")).unwrap();
    let code = googlenetc::compile("googlenet.yaml", &spec).rust().unwrap();
    let fences = fences(&page);
    assert_eq!(fences.iter().find(|(info, _)| info == "yaml").unwrap().1, spec);
    let shown: Vec<&String> =
        fences.iter().filter(|(info, _)| info == "rust generated").map(|(_, text)| text).collect();
    assert_eq!(shown.len(), 2);
    for part in shown {
        assert!(code.contains(part.as_str()), "not in the generated code:\n{part}");
    }
}

#[test]
fn the_picture_is_what_the_command_draws() {
    let network = googlenetc::compile("googlenet.yaml", &read_to_string(root().join("specs/googlenet.yaml")).unwrap());
    let drawn = googlenetc::diagram::svg(&network.network.unwrap(), googlenetc::diagram::View::default());
    let kept = read_to_string(root().join("docs/googlenet.svg")).unwrap();
    assert!(drawn == kept, "`googlenetc diagram googlenet -o docs/googlenet.svg` makes it new");
}

/// The key layouts that pages show are those that come along, without their comments.
#[test]
fn layouts_are_the_embedded_ones() {
    let mut count = 0;
    for (name, page) in pages() {
        for (info, text) in fences(&page) {
            let Some(layout) = info.strip_prefix("yaml layout ") else { continue };
            let file = read_to_string(root().join(format!("specs/layouts/{layout}.yaml"))).unwrap();
            let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
            assert_eq!(text.lines().collect::<Vec<_>>(), lines, "{name}");
            count += 1;
        }
    }
    assert!(count > 0);
}

/// A page with a folder of its own, such as tutorial.md, shows what lies in it: whole specs, and parts of a file that it names.
#[test]
fn pages_show_the_files_beside_them() {
    let mut count = 0;
    for (name, page) in pages() {
        let folder = root().join(name.trim_end_matches(".md"));
        if !folder.is_dir() {
            continue;
        }
        let files = std::fs::read_dir(&folder).unwrap().map(|file| read_to_string(file.unwrap().path()).unwrap());
        let files: Vec<String> = files.collect();
        for (info, text) in fences(&page) {
            let shown = match info.split_once(" part ") {
                Some((language, file)) => {
                    let ending = if language == "python" { "py" } else { language };
                    read_to_string(folder.join(format!("{file}.{ending}"))).unwrap().contains(&text)
                }
                None if info == "yaml" => files.contains(&text),
                None => continue,
            };
            assert!(shown, "{name} shows what no file beside it has:\n{text}");
            count += 1;
        }
    }
    assert!(count >= 9, "only {count} parts were found");
}

/// `docs/from-pytorch/state_dict.txt` is what PyTorch 2.13 printed for `small.py`: keys and shapes, in order.
#[test]
fn the_example_from_pytorch_has_the_names_of_its_module() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_googlenetc"));
    command.args(["report", "docs/from-pytorch/small.yaml", "--layout", "pytorch", "--format", "csv"]);
    let output = command.current_dir(root()).output().unwrap();
    let rows = String::from_utf8(output.stdout).unwrap();
    let keys = rows.lines().skip(1).map(|row| row.split_once(',').unwrap().1.replace(',', " ").trim_end().to_owned());
    let printed = read_to_string(root().join("docs/from-pytorch/state_dict.txt")).unwrap();
    assert_eq!(keys.collect::<Vec<_>>(), printed.lines().collect::<Vec<_>>());
}
