//! `check`: many specs at once, libraries, folders, every form of messages, the cap, watching.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests of the command read and write files")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStderr, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use common::{RIGHT, assert_exit, command, folder, run, stderr, stdout, wrong};
use serde_json::{Value, json};

const LIBRARY: &str = "blocks: {pair: {parameters: [n], layers: [conv 1x1 $n, conv 3x3 $n]}}\n";

/// A spec with as many misspelt attributes, each on a line of its own.
fn many_mistakes(count: usize) -> String {
    let mut spec = String::from("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n");
    for number in 0..count {
        writeln!(spec, "  conv{number}: conv 3x3 8 pading={number}").expect("a string takes no failure");
    }
    spec + "heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n"
}

/// What a program that is fed with `text` prints.
fn feed(arguments: &[&str], text: &str) -> Output {
    let empty = folder(&[]);
    let mut command = command(&empty, arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

#[test]
fn the_last_line_sums_up_several_specs() {
    let (wrong, many) = (wrong(), many_mistakes(3));
    let folder = folder(&[("a.yaml", RIGHT), ("b.yaml", &wrong), ("c.yaml", &many), ("d.yaml", LIBRARY)]);
    let last = |arguments: &[&str]| {
        let output = run(&folder, &[&["check"], arguments].concat());
        let messages = stderr(&output);
        let mut lines = messages.lines().filter(|line| !line.starts_with("for more"));
        (output.status.code(), lines.next_back().map(String::from))
    };
    assert_eq!(last(&["a.yaml", "d.yaml"]), (Some(0), Some("2 specs: 2 fine".into())));
    let summed = "4 specs: 2 fine, 2 wrong; 4 errors";
    assert_eq!(last(&["a.yaml", "b.yaml", "c.yaml", "d.yaml"]), (Some(1), Some(summed.into())));
    let summed = "4 specs: 2 fine, 1 wrong, 1 unreadable; 1 error";
    assert_eq!(last(&["googlenet", "nowhere.yaml", "b.yaml", "a.yaml"]), (Some(3), Some(summed.into())));
    assert_eq!(last(&["b.yaml"]), (Some(1), Some("b.yaml: 1 error".into())), "one spec has its own verdict");
}

#[test]
fn people_are_told_once_where_to_read_more() {
    let wrong = wrong();
    let folder = folder(&[("a.yaml", RIGHT), ("b.yaml", &wrong), ("c.yaml", &wrong)]);
    let hints = |arguments: &[&str]| {
        let output = run(&folder, &[&["check"], arguments].concat());
        let all = stdout(&output) + &stderr(&output);
        all.lines().filter(|line| line.contains("googlenetc explain")).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(hints(&["a.yaml", "b.yaml", "c.yaml"]), ["for more, run: googlenetc explain E0301"]);
    assert_eq!(hints(&["a.yaml"]), [""; 0]);
    assert_eq!(hints(&["b.yaml", "--format", "short"]), [""; 0]);
    assert_eq!(hints(&["b.yaml", "--format", "github"]), [""; 0]);
}

#[test]
fn a_folder_stands_for_the_specs_in_it() {
    let wrong = wrong();
    let files = [
        ("b.yaml", RIGHT),
        ("a.gnet", "block one(n) { conv 1x1 $n }\n"),
        ("keys.yaml", "keys: {$: $}\n"),
        ("c.yml", &wrong),
        ("x.txt", RIGHT),
    ];
    let folder = folder(&files);
    std::fs::create_dir_all(folder.path().join("below/none")).expect("folders can be made");
    std::fs::write(folder.path().join("below/net.yaml"), RIGHT).expect("files can be written");
    let output = run(&folder, &["check", "."]);
    assert_exit(&output, 1, "3 specs: 2 fine, 1 wrong; 1 error");
    assert!(stderr(&output).contains(".: skipped what holds neither a network nor blocks: keys.yaml\n"));
    let places: Vec<usize> = ["./a.gnet: a library", "./b.yaml: Net is fine", "./c.yml: 1 error"]
        .map(|verdict| stderr(&output).find(verdict).expect(verdict))
        .into();
    assert!(places.is_sorted());
    assert_exit(&run(&folder, &["check", "below"]), 0, "below/net.yaml: Net is fine");
    assert_exit(&run(&folder, &["check", "below/none"]), 3, "there is no spec in the folder `below/none`");
}

#[test]
fn a_library_is_checked_without_a_network() {
    let folder = folder(&[
        ("fine.yaml", LIBRARY),
        ("uses.gnet", "use fine.yaml\nblock twice(n) { pair $n; pair $n }\n"),
        ("layer.yaml", &LIBRARY.replace("conv 3x3", "cnov 3x3")),
        ("parameter.yaml", &LIBRARY.replace("conv 3x3 $n", "conv 3x3 $m")),
        ("circle.yaml", "blocks: {a: {layers: [b]}, b: {layers: [a]}}\n"),
        ("arguments.yaml", "use: fine.yaml\nblocks: {a: {parameters: [n], layers: [pair 8 9]}}\n"),
    ]);
    let check = |file| run(&folder, &["check", file]);
    assert_exit(&check("fine.yaml"), 0, "fine.yaml: a library of 1 block is fine");
    assert_exit(&check("uses.gnet"), 0, "uses.gnet: a library of 1 block is fine");
    assert_exit(&check("layer.yaml"), 1, "did you mean `conv`?");
    assert_exit(&check("parameter.yaml"), 1, "nothing here is called `$m`");
    assert_exit(&check("circle.yaml"), 1, "calls itself");
    assert_exit(&check("arguments.yaml"), 1, "too many arguments");
    for command in [&["report"][..], &["build", "-o", "-"], &["diagram"]] {
        let output = run(&folder, &[command, &["fine.yaml"]].concat());
        assert_exit(&output, 1, "error[E0201]: the spec has no network, only blocks");
        assert_eq!(stderr(&output).matches("error").count(), 1, "{}", stderr(&output));
    }
    for library in googlenetc_specs::LIBRARIES {
        let spec = format!("use: {}\nblocks: {{one: {{layers: [relu]}}}}\n", library.name);
        assert_exit(&feed(&["check", "-"], &spec), 0, "<stdin>: a library of 1 block is fine");
        assert_exit(&feed(&["check", "-"], library.text), 0, "fine");
    }
}

#[test]
fn short_messages_are_a_line_each() {
    let spec = many_mistakes(2);
    let output = feed(&["check", "-", "--format", "short"], &spec);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stdout(&output),
        "<stdin>:5:21: error[E0203]: `conv` has no attribute `pading`\n\
         <stdin>:6:21: error[E0203]: `conv` has no attribute `pading`\n"
    );
    assert_eq!(stderr(&output), "<stdin>: 2 errors\n");
}

#[test]
fn what_does_not_fit_is_counted() {
    let spec = many_mistakes(250);
    let shown = |arguments: &[&str]| {
        let output = feed(&[&["check", "-"], arguments].concat(), &spec);
        assert_eq!(output.status.code(), Some(1));
        (stderr(&output), stdout(&output))
    };
    let (messages, _) = shown(&[]);
    assert_eq!(messages.matches("error[E0203]").count(), 100);
    assert!(messages.ends_with("\nand 150 more errors (`check --limit 0` shows all)\n\n<stdin>: 250 errors\nfor more, run: googlenetc explain E0203\n"));
    assert!(
        messages.contains("<stdin>:5:21") && messages.contains("<stdin>:104:22") && !messages.contains("<stdin>:105:")
    );
    assert_eq!(shown(&["--limit", "0"]).0.matches("error[E0203]").count(), 250);
    assert_eq!(shown(&["--limit", "7"]).0.matches("error[E0203]").count(), 7);
    let (messages, data) = shown(&["--format", "short"]);
    assert_eq!(data.lines().count(), 100);
    assert_eq!(messages, "<stdin>: and 150 more errors (`check --limit 0` shows all)\n<stdin>: 250 errors\n");
    assert_eq!(shown(&["--format", "github"]).1.lines().count(), 100);
    // Programs read on.
    assert_eq!(lines(&shown(&["--format", "json"]).1).len(), 251);
    let few = lines(&shown(&["--format", "json", "--limit", "3"]).1);
    assert_eq!((few.len(), &few[3]["errors"]), (4, &json!(250)));
    // What is not even kept is a message of its own.
    let codes = |count| {
        let spec = many_mistakes(count).replace("conv 3x3 8 pading=", "cnov ");
        let output = stdout(&feed(&["check", "-", "--format", "json"], &spec));
        let codes: Vec<Value> = lines(&output).iter().map(|line| line["code"].clone()).collect();
        (codes.len(), codes.iter().filter(|code| *code == "E0117").count())
    };
    assert_eq!((codes(1000), codes(1500)), ((1001, 0), (1002, 1)));
    // Other commands print no more than anybody reads, either.
    let output = feed(&["report", "-"], &spec);
    assert!(stderr(&output).ends_with("\nand 150 more errors (`check --limit 0` shows all)\n\n"));
}

/// Every object of JSON, held against the text of the spec.
#[test]
fn json_has_every_field_that_programs_were_promised() {
    let spec = "\u{feff}network: Net # größer\r\ninput: 3x32x32\r\nclasses: 10\r\nuse: b.yaml\r\nstem:\r\n  größe: conv 3x3 8 biass\r\n  \
                x: pair 8 9\r\nheads: {main: {layers: [avgpool global, flatten, linear 10]}}\r\n";
    let folder = folder(&[("a.yaml", spec), ("b.yaml", LIBRARY)]);
    let output = run(&folder, &["check", "a.yaml", "--format", "json", "--color", "always"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), String::new()));
    let lines = lines(&stdout(&output));
    let messages: Vec<&Value> = lines.iter().filter(|line| line["type"] == "message").collect();
    let text = |file: &Value| if file == "a.yaml" { spec } else { LIBRARY };
    let place = |place: &Value| {
        let text = text(&place["file"]);
        let byte = |end: &str| {
            let byte = usize::try_from(place[end]["byte"].as_u64().expect("a number")).expect("it is small");
            let before = text.get(..byte).expect("it is between characters").trim_start_matches('\u{feff}');
            let line = before.rsplit('\n').next().unwrap_or_default();
            assert_eq!(place[end]["line"], json!(before.matches('\n').count() + 1));
            assert_eq!(place[end]["column"], json!(line.chars().count() + 1));
            byte
        };
        text[byte("start")..byte("end")].to_owned()
    };
    for message in &messages {
        assert_eq!(
            names(message),
            set("type schema_version spec code lint level message labels notes helps suggestions rendered")
        );
        assert_eq!(message["schema_version"], 1);
        assert_eq!((&message["spec"], &message["level"]), (&json!("a.yaml"), &json!("error")));
        assert!(message["rendered"].as_str().expect("text").starts_with("error[E"), "no colours");
        for label in message["labels"].as_array().expect("a list") {
            assert_eq!(names(label), set("file start end primary text"));
            assert_eq!(names(&label["start"]), set("byte line column"));
        }
    }
    let attribute = messages.iter().find(|message| message["code"] == "E0203").expect("the misspelt flag");
    assert_eq!(attribute["message"], "`conv` has no flag `biass`");
    assert_eq!(attribute["lint"], Value::Null);
    assert_eq!(place(&attribute["labels"][0]), "biass");
    assert_eq!(attribute["labels"][0]["primary"], true);
    assert_eq!(attribute["labels"][0]["text"], "unknown flag");
    let suggestion = &attribute["suggestions"][0];
    assert_eq!(names(suggestion), set("message safe edits"));
    assert_eq!(suggestion["message"], "did you mean `bias`?");
    assert!(suggestion["safe"].is_boolean());
    assert_eq!(names(&suggestion["edits"][0]), set("file start end replacement"));
    assert_eq!(
        (place(&suggestion["edits"][0]), &suggestion["edits"][0]["replacement"]),
        ("biass".into(), &json!("bias"))
    );
    let arguments = messages.iter().find(|message| message["code"] == "E0204").expect("one argument too many");
    let labels = arguments["labels"].as_array().expect("a list");
    let files: Vec<&Value> = labels.iter().map(|label| &label["file"]).collect();
    assert_eq!(files, ["a.yaml", "b.yaml"]);
    assert_eq!((place(&labels[0]), &labels[0]["primary"]), ("9".into(), &json!(true)));
    assert_eq!((place(&labels[1]), &labels[1]["primary"]), ("pair".into(), &json!(false)));
}

/// The keys of an object.
fn names(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

fn set(names: &str) -> BTreeSet<String> {
    names.split(' ').map(String::from).collect()
}

#[test]
fn json_ends_with_a_verdict_on_every_spec() {
    let wrong = wrong();
    let folder = folder(&[("wrong.yaml", &wrong), ("right.yaml", RIGHT)]);
    let output = run(&folder, &["check", "wrong.yaml", "right.yaml", "none.yaml", "--format", "json"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(3), String::new()));
    let mut verdicts = lines(&stdout(&output));
    verdicts.retain(|line| line["type"] == "verdict");
    let expected = |spec, verdict, errors, summary: &str| {
        json!({
            "type": "verdict", "schema_version": 1, "spec": spec, "verdict": verdict, "summary": summary,
            "errors": errors, "warnings": 0, "network": null, "parameters": null, "multiply_adds": null,
        })
    };
    assert_eq!(verdicts[0], expected("wrong.yaml", "wrong", 1, "1 error"));
    // 3 * 3 * 3 * 8 weights, then 8 * 10 and 10 biases.
    let summary = "Net is fine: 306 parameters, 221,264 multiply-adds at inference";
    let mut right = expected("right.yaml", "fine", 0, summary);
    right["network"] = json!("Net");
    right["parameters"] = json!(3 * 3 * 3 * 8 + 8 * 10 + 10);
    right["multiply_adds"] = json!(3 * 3 * 3 * 8 * 32 * 32 + 8 * 10);
    assert_eq!(verdicts[1], right);
    let summary = verdicts[2]["summary"].as_str().expect("text");
    assert!(summary.starts_with("there is no file `none.yaml`"), "{summary}");
    assert_eq!(verdicts[2], expected("none.yaml", "unreadable", 0, summary));
}

#[test]
fn json_says_which_lint_warns() {
    let spec = RIGHT.replace("classes]}}", "classes]}, aux: {when: training, layers: [reshape 16, linear $classes]}}");
    let output = feed(&["check", "-", "--format", "json", "--allow", "all", "--warn", "sample-mixing"], &spec);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    let lines = lines(&stdout(&output));
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["code"], &lines[0]["lint"]), (&json!("W0401"), &json!("sample-mixing")));
    assert_eq!(lines[0]["level"], "warning");
    assert_eq!((&lines[1]["verdict"], &lines[1]["warnings"]), (&json!("fine"), &json!(1)));
}

#[test]
fn github_gets_commands_on_standard_output() {
    let output = feed(&["check", "-", "--format", "github"], &wrong());
    assert_eq!(output.status.code(), Some(1));
    let place = "::error file=<stdin>,line=5,endLine=5,col=24,endColumn=31,title=error[E0301]::";
    assert!(stdout(&output).starts_with(place), "{}", stdout(&output));
    assert!(stdout(&output).contains("%0Aasserted 9x32x32, derived 8x32x32"), "{}", stdout(&output));
    assert_eq!(stdout(&output).matches('\n').count(), 1);
    assert_eq!(stderr(&output), "<stdin>: 1 error\n");
    let output = run(&folder(&[]), &["check", "none.yaml", "--format", "github"]);
    assert!(
        stdout(&output).starts_with("::error title=googlenetc::there is no file `none.yaml`"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn arguments_that_cannot_go_together_are_wrong_usage() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    for (arguments, message) in [
        (&["-", "--watch"][..], "standard input cannot be watched"),
        (&["net.yaml", "--watch", "--format", "sarif"], "use `--format json`"),
        (&["-", "--fix", "--format", "json"], "name a file"),
        (&["googlenet", "--fix"], "`googlenetc fmt googlenet --output googlenet.yaml`"),
        (&["net.yaml", "--limit", "many"], "--limit"),
    ] {
        let output = run(&folder, &[&["check"], arguments].concat());
        assert_exit(&output, 2, message);
        assert!(stderr(&output).contains("--help"), "{}", stderr(&output));
    }
}

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
