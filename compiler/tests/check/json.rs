//! Messages for programs.

use std::collections::BTreeSet;

use super::common::{RIGHT, folder, run, stderr, stdout, wrong};
use super::{LIBRARY, feed, lines};
use serde_json::{Value, json};

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
