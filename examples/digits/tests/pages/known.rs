//! Every block of every page is of a sort that some test holds.

use crate::fences::fences;

/// What may stand behind a fence, with the test that holds it.
const KNOWN: [(&str, &str); 14] = [
    ("console", "compiler/tests/docs.rs and examples/digits/tests/data_page.rs"),
    ("console digits", "console.rs"),
    ("console digits trained", "console.rs"),
    ("sh", "commands.rs"),
    ("yaml workflow", "commands.rs"),
    ("text", "texts.rs"),
    ("python", "python.rs"),
    ("rust", "programs.rs"),
    ("rust generated", "compiler/tests/docs.rs"),
    ("toml", "tests/tests/downstream.rs"),
    ("yaml", "compiler/tests/docs.rs"),
    ("gnet", "compiler/tests/docs.rs"),
    ("yaml stem", "compiler/tests/docs.rs"),
    ("yaml recipe", "runtime/tests/steps.rs"),
];

/// The same for what goes on in several ways.
const BEGINNINGS: [(&str, &str); 7] = [
    ("yaml part ", "compiler/tests/docs.rs"),
    ("python part ", "compiler/tests/docs.rs"),
    ("yaml layout ", "compiler/tests/docs.rs"),
    ("yaml fails", "compiler/tests/codes.rs"),
    ("yaml passes", "compiler/tests/codes.rs"),
    ("gnet fails", "compiler/tests/codes.rs"),
    ("gnet passes", "compiler/tests/codes.rs"),
];

#[test]
fn nothing_is_shown_that_no_test_holds() {
    let fences = fences();
    for fence in &fences {
        let info = fence.info.as_str();
        let is_known = KNOWN.iter().any(|(known, _)| *known == info)
            || BEGINNINGS.iter().any(|(known, _)| info.starts_with(known));
        assert!(
            is_known,
            "{}: no test holds what is `{info}`; examples/digits/tests/pages/known.rs lists what is held",
            fence.place()
        );
    }
    for (known, test) in KNOWN {
        assert!(fences.iter().any(|fence| fence.info == known), "nothing is `{known}` any more, which {test} holds");
    }
}
