//! `googlenetc new`: what is in the crate, and that there is none when anything is wrong. That it builds and passes its tests is
//! for `examples/digits/tests/pages/walks.rs`.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write files and fail by panicking")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{RIGHT, assert_exit, folder, run, stderr, stdout, wrong};
use tempfile::TempDir;

fn workspace() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(folder: &TempDir, file: &str) -> String {
    fs::read_to_string(folder.path().join(file)).unwrap()
}

const ALWAYS: [&str; 8] = [
    ".cargo/config.toml",
    ".gitignore",
    "Cargo.toml",
    "README.md",
    "build.rs",
    "scripts/libtorch",
    "src/main.rs",
    "tests/network.rs",
];

#[test]
fn an_embedded_network_becomes_a_crate() {
    let folder = folder(&[]);
    let output = run(&folder, &["new", "my-net", "--from", "googlenet"]);
    assert_exit(&output, 0, "made my-net: GoogLeNet, 3x224x224 in, 13,378,280 parameters");
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("scripts/libtorch"), "{}", stderr(&output));
    let source = "takes googlenetc from crates.io; `--path CHECKOUT` takes it from a checkout";
    assert_eq!(stderr(&output).lines().filter(|line| line.contains(source)).count(), 1, "{}", stderr(&output));
    let mut expected = ALWAYS.to_vec();
    expected.insert(6, "specs/googlenet.yaml");
    assert_eq!(files(&folder.path().join("my-net")), expected);

    let manifest: toml::Table = read(&folder, "my-net/Cargo.toml").parse().unwrap();
    assert_eq!(manifest["package"]["name"].as_str(), Some("my-net"));
    assert_eq!(manifest["dependencies"]["googlenetc-runtime"].as_str(), Some("0.1"));
    assert_eq!(manifest["build-dependencies"]["googlenetc"]["version"].as_str(), Some("0.1"));
    assert_eq!(manifest["build-dependencies"]["googlenetc"]["default-features"].as_bool(), Some(false));
    assert!(read(&folder, "my-net/build.rs").contains("    googlenetc::build::compile(\"specs/googlenet.yaml\")\n"));
    assert!(read(&folder, "my-net/src/main.rs").contains("cli::run::<GoogLeNet>()"));
    assert_eq!(read(&folder, "my-net/specs/googlenet.yaml"), googlenetc_specs::network("googlenet").unwrap().text);
    // Table 1: 13,378,280 with both auxiliary heads, which run in training only.
    let test = read(&folder, "my-net/tests/network.rs");
    for part in [
        "assert_eq!(parameters, 13_378_280);",
        "[[2, 1000], [2, 1000], [2, 1000]]",
        "INFERENCE), [[2, 1000]]",
        "`googlenetc report specs/googlenet.yaml`\n",
    ] {
        assert!(test.contains(part), "{part} is not in\n{test}");
    }
    let page = read(&folder, "my-net/README.md");
    assert!(!page.contains("--set") && page.contains("`googlenetc report specs/googlenet.yaml`"), "{page}");
    assert!(page.contains("--weights runs/googlenet-1/last.safetensors"), "{page}");
}

#[test]
fn every_embedded_network_can_be_one() {
    let folder = folder(&[]);
    for network in googlenetc_specs::NETWORKS {
        let name = format!("net-{}", network.name.replace('.', "-"));
        assert_exit(&run(&folder, &["new", &name, "--from", network.name, "--allow", "all"]), 0, "made net-");
        for file in files(&folder.path().join(&name)) {
            let text = read(&folder, &format!("{name}/{file}"));
            let capitals = |c: char| c.is_ascii_uppercase();
            let word = text.split('{').skip(1).find(|rest| {
                rest.split_once('}').is_some_and(|(word, _)| word.chars().all(capitals) && !word.is_empty())
            });
            assert_eq!(word, None, "{file} has a word that was not filled in");
        }
        let main = read(&folder, &format!("{name}/src/main.rs"));
        let code = googlenetc::compile(network.file, network.text).rust().unwrap();
        let name = main.split_once("run::<").unwrap().1.split_once('>').unwrap().0;
        assert!(code.contains(&format!("impl Network for {name} {{")), "{name}");
    }
}

#[test]
fn a_spec_comes_with_its_libraries_and_still_compiles() {
    let library = "blocks: {small: {parameters: [n], layers: [conv: conv 3x3 $n, relu]}}\n";
    let spec =
        RIGHT.replace("stem:\n", "use: ../blocks/small.yaml\nbody:\n").replace("  conv1: conv 3x3 8", "  - c: small 8");
    let folder = folder(&[]);
    for place in ["a/nets", "a/blocks"] {
        fs::create_dir_all(folder.path().join(place)).unwrap();
    }
    fs::write(folder.path().join("a/nets/net.yaml"), &spec).unwrap();
    fs::write(folder.path().join("a/blocks/small.yaml"), library).unwrap();
    assert_exit(&run(&folder, &["new", "made/here/net", "--from", "a/nets/../nets/net.yaml"]), 0, "made made/here/net");
    assert_eq!(read(&folder, "made/here/net/specs/nets/net.yaml"), spec);
    assert_eq!(read(&folder, "made/here/net/specs/blocks/small.yaml"), library);
    assert!(read(&folder, "made/here/net/build.rs").contains("compile(\"specs/nets/net.yaml\")"));
    fs::remove_dir_all(folder.path().join("a")).unwrap();
    assert_exit(&run(&folder, &["check", "made/here/net/specs/nets/net.yaml"]), 0, "Net is fine");
}

#[test]
fn settings_are_settings_of_the_build_script() {
    let folder = folder(&[]);
    let arguments = ["new", "net", "--from", "googlenet", "--set", "classes=5", "--input", "1x96x96", "--deny", "all"];
    assert_exit(&run(&folder, &arguments), 0, "made net: GoogLeNet, 1x96x96 in");
    let script = read(&folder, "net/build.rs");
    let steps = "Options::new()\n        .set(\"classes\", \"5\")\n        .set(\"input\", \"1x96x96\")\n        .deny(\"all\")\n        .compile(";
    assert!(script.contains(steps), "{script}");
    assert!(read(&folder, "net/tests/network.rs").contains("[2, 1, 96, 96]"));
    assert!(read(&folder, "net/tests/network.rs").contains("[[2, 5], [2, 5], [2, 5]]"));
}

#[test]
fn the_report_that_is_named_is_that_of_this_network() {
    let folder = folder(&[]);
    let output = run(&folder, &["new", "net", "--from", "googlenet", "--set", "classes=5", "--input", "1x96x96"]);
    assert_exit(&output, 0, "made net");
    let page = read(&folder, "net/README.md");
    assert!(page.contains("as `--set classes=5 --input 1x96x96` does"), "{page}");
    let command = "googlenetc report specs/googlenet.yaml --set classes=5 --input 1x96x96";
    for file in ["net/README.md", "net/tests/network.rs"] {
        assert!(read(&folder, file).contains(&format!("`{command}`")), "{file}");
    }
    let spec = folder.path().join("net/specs/googlenet.yaml");
    let words = ["report", spec.to_str().unwrap(), "--set", "classes=5", "--input", "1x96x96", "--format", "json"];
    let report: serde_json::Value = serde_json::from_str(&stdout(&run(&folder, &words))).unwrap();
    let counted = report["totals"]["training"]["parameters"].as_u64().unwrap();
    let written = page.split_once(" classes out, ").unwrap().1.split_once(" parameters").unwrap().0.replace(',', "");
    assert_eq!(written, counted.to_string());
}

/// What cargo says of the crate in this folder, if it refuses that.
fn refusal(folder: &Path) -> Option<String> {
    let mut cargo = std::process::Command::new("cargo");
    cargo.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]).current_dir(folder);
    let output = cargo.output().unwrap();
    (!output.status.success()).then(|| stderr(&output))
}

#[test]
fn cargo_takes_a_crate_below_the_workspace_of_others() {
    // What the workspace says, where the crate is made, and whether it must be a workspace of its own.
    for (members, name, is_alone) in [
        ("members = []", "net", true),
        ("members = [\"crates/*\"]", "net", true),
        ("members = [\"crates/*\"]", "crates/deep/net", true),
        ("members = [\"crates/*\"]", "crates/net", false),
        ("members = [\"./crates/net\"]", "crates/net", false),
        ("members = [\"crates/*\"]\nexclude = [\"crates/net\"]", "crates/net", false),
        ("exclude = [\"nets\"]", "nets/net", false),
    ] {
        // A manifest without a workspace is passed over.
        let package = "[package]\nname = \"between\"\nversion = \"0.0.0\"\n\n[lib]\npath = \"lib.rs\"\n";
        let root = format!("[workspace]\nresolver = \"3\"\n{members}\n");
        let folder = folder(&[("Cargo.toml", &root), ("lib.rs", "")]);
        let above = folder.path().join(name).parent().unwrap().to_owned();
        fs::create_dir_all(&above).unwrap();
        if name == "nets/net" {
            fs::write(above.join("Cargo.toml"), package).unwrap();
        }
        assert_exit(&run(&folder, &["new", name, "--from", "googlenet"]), 0, "made");
        let manifest = folder.path().join(name).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        assert_eq!(text.contains("\n# A workspace of its own: "), is_alone, "{members}: {name}");
        assert_eq!(refusal(manifest.parent().unwrap()), None, "{members}: {name}");
        // It is there for a reason.
        if is_alone {
            fs::write(&manifest, text.replace("\n[workspace]\n", "\n")).unwrap();
            assert!(refusal(manifest.parent().unwrap()).is_some(), "{members}: {name}");
        }
    }
}

#[test]
fn a_checkout_is_depended_on_as_it_was_named() {
    let workspace = workspace();
    let folder = folder(&[]);
    let root = workspace.to_str().unwrap();
    assert_exit(&run(&folder, &["new", "net", "--from", "googlenet", "--path", root]), 0, "made");
    let dependency = |file: &str| -> String {
        let manifest: toml::Table = read(&folder, file).parse().unwrap();
        let compiler = manifest["build-dependencies"]["googlenetc"]["path"].as_str().unwrap();
        assert!(compiler.ends_with("/compiler"), "{compiler}");
        manifest["dependencies"]["googlenetc-runtime"]["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(dependency("net/Cargo.toml"), format!("{root}/runtime"));

    // A checkout beside the new crate, with a quote in its name, and with a libtorch.
    let beside = folder.path().join("a \"checkout\"");
    for part in ["runtime", "compiler", ".libtorch/torch"] {
        fs::create_dir_all(beside.join(part)).unwrap();
    }
    for part in ["runtime/Cargo.toml", "compiler/Cargo.toml", ".libtorch/torch/version.py"] {
        fs::write(beside.join(part), "").unwrap();
    }
    let output = run(&folder, &["new", "./nets/net", "--from", "googlenet", "--path", "a \"checkout\""]);
    assert_exit(&output, 0, "made");
    assert_eq!(dependency("nets/net/Cargo.toml"), "../../a \"checkout\"/runtime");
    #[cfg(unix)]
    {
        assert!(!stderr(&output).contains("scripts/libtorch"), "it has one: {}", stderr(&output));
        assert!(folder.path().join("nets/net/.libtorch/torch/version.py").exists());
    }
}

#[test]
fn what_is_refused_leaves_nothing_behind() {
    let wrong = wrong();
    let folder = folder(&[("wrong.yaml", &wrong), ("taken", "a file")]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    let before = files(folder.path());
    for (arguments, code, message) in [
        (&["new", "net", "--from", "wrong.yaml"][..], 1, "error[E0301]"),
        (&["new", "net", "--from", "nowhere.yaml"], 3, "there is no file `nowhere.yaml`"),
        (&["new", "net", "--from", "googlenet", "--set", "classes=none"], 1, "classes"),
        (&["new", "net", "--from", "-"], 2, "a spec that has a name"),
        (&["new", "net"], 2, "--from"),
        (&["new", "3net", "--from", "googlenet"], 2, "(`net-3net` can)"),
        (&["new", "a/match", "--from", "googlenet"], 2, "it is a word of Rust"),
        (&["new", "..", "--from", "googlenet"], 2, "ends in no name"),
        (&["new", "taken", "--from", "googlenet"], 3, "`taken` is there already"),
        (&["new", "empty", "--from", "googlenet"], 3, "`empty` is there already"),
        (&["new", "taken/net", "--from", "googlenet"], 3, "cannot make `taken/net`"),
        (&["new", "net", "--from", "googlenet", "--path", "empty"], 2, "it has no runtime/Cargo.toml"),
    ] {
        assert_exit(&run(&folder, arguments), code, message);
        assert_eq!(files(folder.path()), before, "{arguments:?}");
        assert!(!folder.path().join("net").exists() && !folder.path().join("a").exists());
    }
}

#[test]
fn it_is_laid_out_as_rustfmt_does() {
    // Nobody's configuration, but rustfmt's own.
    let folder = folder(&[("rustfmt.toml", "")]);
    for (name, more) in [("plain", &[][..]), ("set", &["--set", "classes=5", "--allow", "all"])] {
        assert_exit(&run(&folder, &[&["new", name, "--from", "googlenet"], more].concat()), 0, "made");
        let mut rustfmt = std::process::Command::new("rustfmt");
        rustfmt.args(["--edition", "2024", "--check", "build.rs", "src/main.rs", "tests/network.rs"]);
        let output = rustfmt.current_dir(folder.path().join(name)).output().unwrap();
        assert!(output.status.success(), "{}", stdout(&output));
    }
}

#[cfg(unix)]
#[test]
fn files_are_ordinary_and_the_script_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[]);
    run(&folder, &["new", "net", "--from", "googlenet"]);
    let mode = |place: &str| fs::metadata(folder.path().join(place)).unwrap().permissions().mode() & 0o777;
    fs::create_dir(folder.path().join("folder")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    assert_eq!(mode("net"), mode("folder"));
    assert_eq!(mode("net/src/main.rs"), mode("file"));
    assert_eq!(mode("net/scripts/libtorch"), mode("file") | ((mode("file") & 0o444) >> 2));
}

#[test]
fn the_script_that_installs_libtorch_is_the_one_of_this_repository() {
    let ours = fs::read_to_string(workspace().join("scripts/libtorch")).unwrap();
    assert!(include_str!("../src/command/new/templates/libtorch") == ours, "scripts/libtorch has changed: copy it");
    // This repository's has more, for its own tests.
    let settings = fs::read_to_string(workspace().join(".cargo/config.toml")).unwrap();
    let theirs = include_str!("../src/command/new/templates/config.toml");
    assert!(settings.starts_with(theirs), "{theirs:?} does not begin {settings:?}");
}
