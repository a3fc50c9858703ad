//! `check --watch`.

use std::io::{BufRead as _, BufReader};
use std::process::{ChildStderr, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::LIBRARY;
use super::common::{RIGHT, command, folder};

/// Longer than any check takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a program that goes on says, line by line.
fn listen(stderr: ChildStderr) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The verdict that comes next, once the program waits again.
fn next_verdict(lines: &Receiver<String>, name: &str) -> String {
    let mut verdict = String::new();
    loop {
        let line = lines.recv_timeout(PATIENCE).expect("it says something");
        assert!(!line.contains('\u{1b}'), "nothing is cleared where there is no terminal");
        if line.starts_with(name) {
            verdict = line;
        } else if line.starts_with("watching ") {
            return verdict;
        }
    }
}

#[test]
fn a_watched_spec_is_checked_again_when_it_or_its_library_is_saved() {
    let spec = RIGHT.replace("stem:\n", "use: blocks.yaml\nstem:\n  pair: pair 8\n");
    let folder = folder(&[("net.yaml", &spec)]);
    let mut command = command(&folder, &["check", "--watch", "net.yaml"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command starts");
    let lines = listen(child.stderr.take().expect("it is piped"));
    let next = || next_verdict(&lines, "net.yaml: ");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("files can be written");
    assert_eq!(next(), "net.yaml: 1 error", "the library is missing");
    write("blocks.yaml", LIBRARY);
    assert!(next().starts_with("net.yaml: Net is fine"), "the library has appeared");
    write("blocks.yaml", &LIBRARY.replace("conv 3x3", "cnov 3x3"));
    assert_eq!(next(), "net.yaml: 1 error", "the library is wrong");
    write("blocks.yaml", LIBRARY);
    assert!(next().starts_with("net.yaml: Net is fine"));
    // As many editors save: a new file takes the place of the old one.
    write("net.yaml~", &spec.replace("-> 8x32x32", "-> 16x32x32"));
    std::fs::rename(folder.path().join("net.yaml~"), folder.path().join("net.yaml")).expect("files can be renamed");
    assert_eq!(next(), "net.yaml: 1 error", "the spec is wrong");
    std::fs::remove_file(folder.path().join("net.yaml")).expect("files can be removed");
    assert_eq!(next(), "", "the spec is gone, which `error:` says");
    write("net.yaml", &spec);
    assert!(next().starts_with("net.yaml: Net is fine"));
    assert!(child.try_wait().expect("it can be asked").is_none(), "it goes on");
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
}
