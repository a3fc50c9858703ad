//! The list of broken and deliberately odd specs of `data/broken_specs.md`, and which case of `ui/` shows what comes of each.
//!
//! Every case of the list stands here under its number, with all the variants that it names; what a message must say is
//! asserted word by word.

mod case;
mod names_and_heads;
mod shapes_and_numbers;
mod texts;
mod words;

use case::{Case, Variant, Verdict};
use googlenetc::{CheckedNetwork, Compilation, Embedded, Options};
use googlenetc_tests::workspace;

fn cases() -> Vec<Case> {
    let mut cases = shapes_and_numbers::cases();
    cases.extend(words::cases());
    cases.extend(texts::cases());
    cases.extend(names_and_heads::cases());
    cases.sort_by_key(|(number, _, _)| *number);
    cases
}

/// Compiles a file of `ui/`, with the settings that it names.
fn compile(name: &str, text: &str) -> Compilation {
    let settings: Vec<String> =
        text.lines().filter_map(|line| line.strip_prefix("# set: ")).map(String::from).collect();
    let options = Options { settings, ..Options::default() };
    googlenetc::compile_with(name, text, &options, &mut Embedded)
}

/// Holds what comes of a text against the verdict; `file` is what messages call it.
fn judge(name: &str, file: &str, text: &str, verdict: &Verdict) {
    let compilation = compile(file, text);
    let messages = compilation.render(false);
    let codes: Vec<&str> = compilation.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    match verdict {
        Verdict::Accepted => assert!(compilation.network.is_some(), "{name}: {messages}"),
        Verdict::Refused(expected, words) => {
            assert!(compilation.network.is_none(), "{name} is accepted");
            assert_eq!(codes, *expected, "{name}: {messages}");
            for word in *words {
                assert!(messages.contains(word), "{name} does not say {word}:\n{messages}");
            }
        }
    }
}

/// Whether a spec is right, and code generated that has a layer or a branch of this name.
fn accepts_layer(file: &str, layer: &str) -> bool {
    let compilation = googlenetc_tests::compile(&format!("tests/{file}"));
    let is_there = |network: &CheckedNetwork| {
        network.network().operations.iter().any(|operation| operation.path.split('.').any(|name| name == layer))
    };
    compilation.network.as_ref().is_some_and(is_there) && compilation.rust().is_some()
}

/// Whether a file has a test of this name that is run.
fn is_test(file: &str, name: &str) -> bool {
    let file = syn::parse_file(&googlenetc_tests::text(file)).expect("the file is Rust");
    file.items.iter().any(|item| {
        let syn::Item::Fn(function) = item else { return false };
        let has = |attribute: &str| function.attrs.iter().any(|other| other.path().is_ident(attribute));
        function.sig.ident == name && has("test") && !has("ignore")
    })
}

#[test]
fn every_case_has_its_verdict() {
    for (number, what, variants) in cases() {
        assert!(!variants.is_empty());
        for variant in variants {
            match variant {
                Variant::Ui(file, verdict) => {
                    judge(file, file, &googlenetc_tests::text(&format!("tests/ui/{file}")), &verdict);
                }
                Variant::Text(what, text, verdict) => judge(what, "spec.yaml", &text(), &verdict),
                Variant::Spec(file, layer) => {
                    assert!(accepts_layer(file, layer), "case {number}, {what}: {file} is refused, or has no {layer}");
                }
                Variant::Test(file, name) => {
                    assert!(is_test(file, name), "case {number}, {what}: {file} has no test {name}");
                }
            }
        }
    }
}

#[test]
fn all_cases_of_the_list_are_here() {
    let list = googlenetc_tests::text("tests/data/broken_specs.md");
    let listed: Vec<(u32, String)> = list
        .lines()
        .filter_map(|line| line.split_once(". `"))
        .filter_map(|(number, rest)| Some((number.parse().ok()?, rest.split('`').next()?.to_owned())))
        .collect();
    let here: Vec<(u32, String)> = cases().into_iter().map(|(number, name, _)| (number, name.to_owned())).collect();
    assert_eq!(here, listed);
    assert_eq!(listed.len(), 38);
}

/// At least thirty cases of `ui/` are mistakes that the list does not name.
#[test]
fn many_cases_are_our_own() {
    let listed: Vec<&str> = cases()
        .into_iter()
        .flat_map(|(_, _, variants)| variants)
        .filter_map(|variant| match variant {
            Variant::Ui(file, _) => Some(file),
            Variant::Text(..) | Variant::Spec(..) | Variant::Test(..) => None,
        })
        .collect();
    let folder = workspace().join("tests/ui");
    let mut own = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of cases is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let is_mistake = text.trim_start_matches('\u{feff}').starts_with("# expect: E");
        own += usize::from(is_mistake && !listed.contains(&name.as_str()));
    }
    assert!(own >= 30, "{own}");
}
