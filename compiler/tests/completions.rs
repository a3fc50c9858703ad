//! The scripts with which shells complete the command.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests write files and run bash")]

mod common;

use std::process::Command;

use common::{assert_exit, folder, run, stderr, stdout};

const SUBCOMMANDS: [&str; 12] =
    ["check", "report", "diff", "diagram", "build", "new", "doctor", "explain", "fmt", "schema", "completions", "man"];

fn script(shell: &str) -> String {
    let output = run(&folder(&[]), &["completions", shell]);
    assert_exit(&output, 0, "");
    assert_eq!(stderr(&output), "");
    stdout(&output)
}

#[test]
fn every_shell_gets_a_script_with_all_subcommands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = script(shell);
        for subcommand in SUBCOMMANDS {
            assert!(script.contains(subcommand), "{shell}: {subcommand}");
        }
    }
    assert_exit(&run(&folder(&[]), &["completions", "fihs"]), 2, "a similar value exists: 'fish'");
    assert_exit(&run(&folder(&[]), &["completions"]), 2, "<SHELL>");
}

/// What bash offers for the last word.
#[cfg(unix)]
fn completed(words: &[&str]) -> Vec<String> {
    let folder = folder(&[("googlenetc.bash", &script("bash"))]);
    let driver = r#"
        source googlenetc.bash
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _googlenetc "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = Command::new("bash");
    bash.current_dir(folder.path()).args(["--norc", "-c", driver, "bash", "googlenetc"]).args(words);
    let output = bash.output().expect("there is a bash");
    assert_eq!(stderr(&output), "");
    let mut offered: Vec<String> = Vec::new();
    for line in stdout(&output).lines() {
        // Readline shows a word once, however often it is offered.
        if !line.is_empty() && !offered.iter().any(|known| known == line) {
            offered.push(line.to_owned());
        }
    }
    offered
}

/// The commands that the help shows, in bash, which reads those of all shells. Afterwards every script is where its shell looks.
#[cfg(unix)]
#[test]
fn the_help_installs_the_scripts() {
    let folder = folder(&[]);
    let help = stdout(&run(&folder, &["completions", "--help"]));
    let (_, install) = help.split_once("To install it").expect("the help says how");
    let commands: Vec<&str> = install.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(commands.len(), 7, "{commands:?}");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_googlenetc")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("there is one"));
    let lines = format!("set -e\n{}\ncomplete -p googlenetc", commands.join("\n"));
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", &lines]).env("HOME", folder.path()).env("PATH", path).current_dir(folder.path());
    let output = bash.output().expect("there is a bash");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("-F _googlenetc"), "{}", stdout(&output));
    for (shell, file) in [
        ("bash", ".local/share/bash-completion/completions/googlenetc"),
        ("zsh", ".zfunc/_googlenetc"),
        ("fish", ".config/fish/completions/googlenetc.fish"),
    ] {
        assert_eq!(std::fs::read_to_string(folder.path().join(file)).expect("it was made"), script(shell), "{file}");
    }
}

#[cfg(unix)]
#[test]
fn bash_reads_its_script() {
    let folder = folder(&[("googlenetc.bash", &script("bash"))]);
    let output = Command::new("bash").arg("-n").arg(folder.path().join("googlenetc.bash")).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn bash_completes_subcommands_options_and_their_values() {
    assert_eq!(completed(&["che"]), ["check"]);
    assert_eq!(completed(&["di"]), ["diff", "diagram"]);
    assert_eq!(completed(&["check", "--form"]), ["--format"]);
    assert_eq!(completed(&["check", "--format", "s"]), ["short", "sarif"]);
    assert_eq!(completed(&["--color", "n"]), ["never"]);
    assert_eq!(completed(&["completions", "power"]), ["powershell"]);
}

#[cfg(unix)]
#[test]
fn bash_completes_names_lints_and_codes() {
    let googlenets = ["googlenet", "googlenet-caffe", "googlenet-torchvision"];
    for subcommand in ["check", "report", "diff", "diagram", "build", "fmt"] {
        assert_eq!(completed(&[subcommand, "goo"]), googlenets, "{subcommand}");
    }
    assert_eq!(completed(&["diff", "googlenet", "squ"]), ["squeezenet-1.1"]);
    assert_eq!(completed(&["new", "mine", "--from", "squ"]), ["squeezenet-1.1"]);
    assert_eq!(completed(&["report", "net.yaml", "--layout", "pyt"]), ["pytorch"]);
    assert_eq!(completed(&["report", "net.yaml", "--against", "sz"]), ["szegedy2015"]);
    for option in ["--allow", "--warn", "--deny"] {
        assert_eq!(completed(&["check", option, "kern"]), ["kernel-name"]);
    }
    assert_eq!(completed(&["explain", "E010"]).len(), 9, "E0101 to E0109");
    assert_eq!(completed(&["explain", "sample"]), ["sample-mixing"]);
}

/// Bash offers files where a script offers nothing; the others have to be told.
#[cfg(unix)]
#[test]
fn files_stay_among_what_is_offered() {
    assert!(script("bash").contains("-o default googlenetc"));
    assert_eq!(completed(&["check", "net.ya"]), [""; 0]);
    let zsh = script("zsh");
    let of_networks: Vec<&str> = zsh.lines().filter(|line| line.contains("squeezenet-1.1")).collect();
    // SPEC of check, report, diagram, build and fmt, both of diff, and --from of new.
    assert_eq!(of_networks.len(), 8, "{of_networks:?}");
    let has_files =
        |line: &&str| line.contains(r#"{_alternative "names\:name\:(googlenet "#) && line.contains("_files");
    assert!(of_networks.iter().all(has_files), "{of_networks:?}");

    let fish = script("fish");
    let from = fish.lines().find(|line| line.contains(" -l from ") && line.contains("googlenet\\t")).unwrap();
    assert!(from.contains(" -r -F -a "), "{from}");
    for subcommand in ["check", "report", "diff", "diagram", "build", "fmt"] {
        let line = format!("-n \"__fish_googlenetc_using_subcommand {subcommand}\" -a \"googlenet googlenet-caffe ");
        assert_eq!(fish.matches(&line).count(), 1, "{subcommand}");
    }
}
