//! SARIF, held against the standard's own schema and against the texts that it points into, over all cases of `ui/`.
//!
//! The schema is OASIS's; it comes in the package of the crate `serde-sarif`, which is not built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use googlenetc::messages::{self, Outcome, Verdict};
use googlenetc_dsl::source::Sources;
use googlenetc_tests::workspace;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The official schema.
fn validator() -> Validator {
    let mut cargo = Command::new(std::env::var_os("CARGO").expect("cargo runs tests"));
    let output = cargo.args(["metadata", "--format-version", "1", "--locked"]).current_dir(workspace()).output();
    let metadata: Value =
        serde_json::from_slice(&output.expect("cargo starts").stdout).expect("the packages of the lock file are there");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("it is a dependency");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("it is there");
    let mut schema: Value = serde_json::from_str(&schema).expect("a schema is JSON");
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    // Languages of texts, which we do not say, have a pattern that is no regular expression.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language")).expect(owner);
        language.as_object_mut().expect("an object").remove("pattern");
    }
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).expect("it is a schema")
}

fn problems(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What became of every case of `ui/` that is text, and of one that cannot be read.
fn outcomes() -> Vec<Outcome> {
    let folder = std::fs::read_dir(workspace().join("tests/ui")).expect("the folder of cases is there");
    let mut files: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    let outcome = |file: &PathBuf| {
        let name = format!("some folder/{}", file.file_name().expect("a file has a name").to_string_lossy());
        let text = std::fs::read_to_string(file).ok()?;
        let compilation = googlenetc::compile(&name, &text);
        let verdict = if compilation.network.is_some() { Verdict::Fine } else { Verdict::Wrong };
        let (sources, diagnostics) = (compilation.sources, compilation.diagnostics);
        Some(Outcome { name, sources, diagnostics, verdict, network: None, summary: String::new() })
    };
    let unreadable = Outcome {
        name: "none.yaml".into(),
        sources: Sources::new(),
        diagnostics: Vec::new(),
        verdict: Verdict::Unreadable,
        network: None,
        summary: "there is no file `none.yaml`".into(),
    };
    files.iter().filter_map(outcome).chain([unreadable]).collect()
}

fn document(outcomes: &[Outcome]) -> Value {
    let shown: Vec<_> =
        outcomes.iter().map(|outcome| (outcome, messages::at_most(&outcome.diagnostics, None))).collect();
    serde_json::from_str(&messages::sarif(&shown)).expect("it is JSON")
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

#[test]
fn the_schema_accepts_all_messages_and_refuses_mistakes() {
    let validator = validator();
    let document = document(&outcomes());
    assert_eq!(problems(&validator, &document), [""; 0]);
    let run = &document["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "one spec cannot be read");
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "there is no file `none.yaml`");
    let document = self::document(&outcomes()[..3]);
    for (place, wrong) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/results/0/level", json!("severe")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/tool/driver", json!({"rules": []})),
    ] {
        let mut mistaken = document.clone();
        *mistaken.pointer_mut(place).expect(place) = wrong;
        assert_ne!(problems(&validator, &mistaken), [""; 0], "{place}");
    }
    let nothing = serde_json::from_str(&messages::sarif(&[])).expect("it is JSON");
    assert_eq!(problems(&validator, &nothing), [""; 0]);
}

/// What the schema cannot say: every message is there, its rule is its code's, and regions hold the labels' text.
#[test]
fn every_message_is_a_result() {
    let outcomes = outcomes();
    let document = document(&outcomes);
    let rules = list(&document["runs"][0]["tool"]["driver"]["rules"]);
    let results = list(&document["runs"][0]["results"]);
    let expected: Vec<_> =
        outcomes.iter().flat_map(|outcome| outcome.diagnostics.iter().map(move |found| (outcome, found))).collect();
    assert!(results.len() > 150, "only {} messages", results.len());
    assert_eq!(results.len(), expected.len());
    let (mut fixes, mut related) = (0, 0);
    for (result, (outcome, message)) in results.iter().zip(expected) {
        assert_eq!(result["ruleId"], message.code);
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("it is small")];
        assert_eq!(rule["id"], message.code);
        assert!(rule["shortDescription"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        assert_eq!(result["level"], message.severity.name());
        assert!(result["message"]["text"].as_str().is_some_and(|text| text.starts_with(&message.message)));
        let places = list(&result["locations"]).iter().chain(list(&result["relatedLocations"]));
        let found: BTreeSet<String> = places.map(|place| text(&outcome.sources, &place["physicalLocation"])).collect();
        let labelled = message.labels.iter().map(|label| {
            let source = outcome.sources.get(label.span.source);
            format!("{}|{}", uri(&source.name), &source.text[label.span.start()..label.span.end()])
        });
        assert_eq!(found, labelled.collect(), "{}", message.message);
        related += list(&result["relatedLocations"]).len();
        assert_eq!(list(&result["fixes"]).len(), message.suggestions.len());
        for (fix, suggestion) in list(&result["fixes"]).iter().zip(&message.suggestions) {
            assert_eq!(fix["description"]["text"], json!(suggestion.message));
            assert_eq!(fix["properties"]["safe"], json!(suggestion.is_safe));
            let changes = list(&fix["artifactChanges"]).iter().flat_map(|change| list(&change["replacements"]));
            let inserted: BTreeSet<_> = changes
                .map(|change| &change["insertedContent"]["text"])
                .collect::<Vec<_>>()
                .into_iter()
                .map(Value::to_string)
                .collect();
            let meant = suggestion.edits.iter().map(|edit| json!(edit.replacement).to_string()).collect();
            assert_eq!(inserted, meant);
            fixes += 1;
        }
    }
    assert!(fixes > 20 && related > 20, "{fixes} fixes, {related} other places");
    let ids: BTreeSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len(), "no rule twice");
}

/// The only names here that are no URIs as they are have blanks.
fn uri(name: &str) -> String {
    name.replace(' ', "%20")
}

/// What stands in a region, which is found by its lines and columns, after the name of its file.
fn text(sources: &Sources, place: &Value) -> String {
    let name = place["artifactLocation"]["uri"].as_str().expect("text");
    let by_name: BTreeMap<String, &str> =
        sources.iter().map(|(_, source)| (uri(&source.name), source.text.as_str())).collect();
    let text = by_name[name];
    let region = &place["region"];
    let number = |key: &str| usize::try_from(region[key].as_u64().expect("a number")).expect("it is small");
    let byte = |line: &str, column: &str| {
        let before: usize = text.split_inclusive('\n').take(number(line) - 1).map(str::len).sum();
        let mark = usize::from(number(line) == 1 && text.starts_with('\u{feff}'));
        let characters = text[before..].chars().take(mark + number(column) - 1);
        before + characters.map(char::len_utf8).sum::<usize>()
    };
    let (start, end) = (byte("startLine", "startColumn"), byte("endLine", "endColumn"));
    assert_eq!((number("byteOffset"), number("byteLength")), (start, end - start), "{region}");
    format!("{name}|{}", &text[start..end])
}
