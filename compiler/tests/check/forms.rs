//! Forms of messages for people and services, and how many there are.

use super::common::{folder, run, stderr, stdout, wrong};
use super::{feed, lines, many_mistakes};
use serde_json::{Value, json};

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
        let spec = many_mistakes(count).replace("conv 3x3 8 pading=", "cnov 3x3 1");
        let output = stdout(&feed(&["check", "-", "--format", "json"], &spec));
        let codes: Vec<Value> = lines(&output).iter().map(|line| line["code"].clone()).collect();
        (codes.len(), codes.iter().filter(|code| *code == "E0117").count())
    };
    assert_eq!((codes(1000), codes(1500)), ((1001, 0), (1002, 1)));
    // Other commands print no more than anybody reads, either.
    let output = feed(&["report", "-"], &spec);
    assert!(stderr(&output).ends_with("\nand 150 more errors (`check --limit 0` shows all)\n\n"));
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
