//! What somebody reads who mistypes, or begins.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests of the command read and write files")]

mod common;

use common::{RIGHT, assert_exit, folder, run, stderr};

#[test]
fn without_a_word_there_are_three_first_commands() {
    let folder = folder(&[]);
    let output = run(&folder, &[]);
    assert_exit(&output, 2, "googlenetc --help");
    let text = stderr(&output);
    let commands = text.lines().filter_map(|line| line.strip_prefix("  googlenetc "));
    let commands: Vec<&str> = commands.map(|line| line.split("  ").next().unwrap_or_default()).collect();
    assert_eq!(
        commands,
        ["check googlenet", "report googlenet", "new flowers --from googlenet --set classes=5 --path CHECKOUT"]
    );
    let checkout = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for command in commands {
        let words: Vec<&str> =
            command.split(' ').map(|word| if word == "CHECKOUT" { checkout } else { word }).collect();
        assert_eq!(run(&folder, &words).status.code(), Some(0), "{command}");
    }
}

#[test]
fn options_that_change_nothing_together_are_refused() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    for line in [
        "report --explain --format json",
        "report net.yaml --style repr --format json",
        "report net.yaml --style torchinfo --dtype f16",
        "report net.yaml --layout pytorch --sizes",
        "report net.yaml --against szegedy2015 --layers",
        "report net.yaml --against szegedy2015 --format csv",
        "report net.yaml --against szegedy2015 --style repr",
        "report net.yaml --sizes --format csv",
    ] {
        let output = run(&folder, &line.split(' ').collect::<Vec<_>>());
        assert_exit(&output, 2, "error: ");
        assert!(output.stdout.is_empty(), "{line}");
    }
}

#[test]
fn words_that_are_mistyped_are_told_what_is_near() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    for (line, near) in [
        ("chekc net.yaml", "'check'"),
        ("completion bash", "'completions'"),
        ("check net.yaml --foramt json", "'--format'"),
        ("check net.yaml --format jsn", "'json'"),
        ("check net.yaml --at 299 --phase trainng", "'training'"),
        ("check net.yaml --color nevr", "'never'"),
        ("check net.yaml --deny kernal-name", "did you mean `kernel-name`?"),
        ("check net.yaml --allow W0419", "did you mean `W04"),
        ("report net.yaml --dtype bf61", "'bf16'"),
        ("report net.yaml --depht 2", "'--depth'"),
        ("report net.yaml --style torchsumary", "'torchsummary'"),
        ("diff net.yaml net.yaml --format markdwn", "'markdown'"),
        ("diagram net.yaml --format mermiad", "'mermaid'"),
        ("diagram net.yaml -o net.png", "endings are .svg, .dot"),
        ("build net.yaml --ouptut net.rs", "'--output'"),
        ("new mine --form net.yaml", "'--from'"),
        ("doctor --format jsno", "'json'"),
        ("explain E0331", "did you mean `E03"),
        ("explain kernal-name", "did you mean `kernel-name`?"),
        ("fmt net.yaml --to gnte", "'gnet'"),
        ("completions fihs", "'fish'"),
        ("man chekc", "did you mean `check`?"),
    ] {
        let output = run(&folder, &line.split(' ').collect::<Vec<_>>());
        assert_exit(&output, 2, near);
        assert!(stderr(&output).starts_with("error: "), "{line}: {}", stderr(&output));
    }
}

#[test]
fn numbers_have_limits_that_are_told() {
    for (line, limits) in [
        ("check googlenet --limit x", "it takes a whole number from 0 to "),
        ("check googlenet --at 299 --batch 0", "it takes a whole number from 1 to 2147483648"),
        ("check googlenet --at 29o", "it takes rows x columns, such as `299x299`"),
        ("report googlenet --batch x", "it takes a whole number from 1 to 2147483648"),
        ("report googlenet --width -1", "'-1'"),
        ("report googlenet --depth 0", "it takes a number from 1, or `all`"),
        ("diagram googlenet --depth 0", "it takes a whole number from 1 to 65535"),
    ] {
        assert_exit(&run(&folder(&[]), &line.split(' ').collect::<Vec<_>>()), 2, limits);
    }
}

#[test]
fn a_place_that_cannot_be_written_to_is_told() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    std::fs::create_dir(folder.path().join("taken")).unwrap();
    for arguments in [["build", "-o"], ["diagram", "-o"], ["fmt", "-o"]] {
        let to = |place| run(&folder, &[arguments[0], "net.yaml", arguments[1], place]);
        assert_exit(&to("none/net"), 3, "error: cannot write `none/net`: there is no folder `none`");
        assert_exit(&to("taken"), 3, "error: cannot write `taken`: it is a folder");
    }
}

#[test]
fn a_spec_that_is_not_there_is_told_what_is_near() {
    let folder = folder(&[("inception.yml", RIGHT), ("other.gnet", ""), ("googlenet.txt", "")]);
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    std::fs::write(folder.path().join("specs/small-net.yaml"), RIGHT).unwrap();
    for (spec, near) in [
        ("gogglenet", "did you mean the embedded `googlenet`?"),
        ("googlenet.yaml", "did you mean the embedded `googlenet`?"),
        ("squeezenet-1.2", "did you mean the embedded `squeezenet-1.1`?"),
        ("inception.yaml", "did you mean `inception.yml`"),
        ("incepton", "did you mean `inception.yml`?"),
        ("other.yaml", "did you mean `other.gnet`?"),
        ("specs/smal-net.yaml", "did you mean `specs/small-net.yaml`?"),
        ("elsewhere/googlenet.yaml", "(there is googlenet, googlenet-caffe, "),
        ("zzz", "(there is googlenet, googlenet-caffe, "),
    ] {
        let start = format!("error: there is no file `{spec}`, and no embedded spec of this name");
        for arguments in [
            &["check", spec][..],
            &["report", spec],
            &["diff", "googlenet", spec],
            &["diagram", spec],
            &["build", spec, "-o", "net.rs"],
            &["new", "mine", "--from", spec],
            &["fmt", spec],
        ] {
            let output = run(&folder, arguments);
            assert_exit(&output, 3, near);
            assert!(stderr(&output).starts_with(&start), "{}", stderr(&output));
        }
    }
}

#[test]
fn a_file_and_a_network_can_both_be_meant() {
    let folder = folder(&[("googlenet.yml", RIGHT)]);
    assert_exit(&run(&folder, &["check", "gogglenet"]), 3, "did you mean `googlenet.yml` or the embedded `googlenet`?");
    assert_exit(&run(&folder, &["check", "googlenet"]), 0, "googlenet.yaml: GoogLeNet is fine");
}

#[test]
fn data_that_is_not_there_is_told_what_is_near() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    for (arguments, near) in [
        (["--layout", "pytroch"], "did you mean `pytorch`?"),
        (["--layout", "nobodys"], "(there is batch-norm, "),
        (["--against", "szegedy2014"], "did you mean `szegedy2015`?"),
        (["--layout", "."], "`.` is a folder"),
    ] {
        assert_exit(&run(&folder, &["report", "net.yaml", arguments[0], arguments[1]]), 3, near);
    }
    let presentation = ["report", "net.yaml", "--style", "repr", "--presentation", "bias-axu"];
    assert_exit(&run(&folder, &presentation), 3, "did you mean `bias-aux`?");
}

#[test]
fn a_folder_is_no_spec() {
    let folder = folder(&[]);
    std::fs::create_dir_all(folder.path().join("specs")).unwrap();
    std::fs::create_dir_all(folder.path().join("empty")).unwrap();
    for name in ["b.yaml", "a.gnet", "0.txt"] {
        std::fs::write(folder.path().join("specs").join(name), "").unwrap();
    }
    for command in ["report", "diagram", "fmt"] {
        let told = "`specs` is a folder: name a file in it, such as `specs/a.gnet`";
        assert_exit(&run(&folder, &[command, "specs"]), 3, told);
        assert_exit(&run(&folder, &[command, "empty"]), 3, "`empty` is a folder, and a file is wanted");
    }
}

#[test]
fn a_file_of_something_else_is_no_spec() {
    let folder = folder(&[]);
    // The first bytes of a PNG file, of a zip file, which PyTorch's are, and of a program.
    for (name, bytes) in [
        ("net.png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..]),
        ("net.pt", b"PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0"),
        ("net", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0"),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        for command in ["check", "report", "fmt"] {
            assert_exit(&run(&folder, &[command, name]), 3, "it is a binary file, and a text is wanted");
        }
    }
}
