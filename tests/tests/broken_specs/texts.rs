//! Texts that are hardly specs.

use super::case::Variant::{Test, Text, Ui};
use super::case::Verdict::{Accepted, Refused};
use super::case::{Case, bomb, right};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            23,
            "empty_file",
            vec![
                Text("0 bytes", String::new, Refused(&["E0101"], &["the spec is empty"])),
                Ui("only_a_comment.yaml", Refused(&["E0101"], &["the spec is empty"])),
                Text("only ---", || "---\n".into(), Refused(&["E0101"], &["the spec is empty"])),
                Text("only ~", || "~\n".into(), Refused(&["E0112"], &["a spec must be a mapping"])),
            ],
        ),
        (
            24,
            "bom_crlf_tabs",
            vec![
                Ui("byte_order_mark.yaml", Accepted),
                Ui("crlf.yaml", Accepted),
                Text("CR only", || right().replace('\n', "\r"), Accepted),
                Ui("tabs.yaml", Refused(&["E0102"], &["tabs.yaml:6:1", "a tab cannot indent here"])),
                Text("trailing NUL", || right() + "\0", Refused(&["E0109"], &["U+0000"])),
                Text("no final newline", || right().trim_end().into(), Accepted),
                Text(
                    "a column behind wide characters",
                    || {
                        right()
                            .replace("relu\n", "relu # größe\n")
                            .replace("conv 3x3 8", "'conv 3x3 8 é'")
                            .replace(" activation=relu", "")
                    },
                    Refused(&["E0114"], &["spec.yaml:5:22"]),
                ),
            ],
        ),
        (
            25,
            "yaml_bomb",
            vec![Text("nine levels of nine aliases", bomb, Refused(&["E0103"; 81], &["specs have no aliases"]))],
        ),
        (
            26,
            "deep_nesting",
            vec![
                Text("100,000 brackets", || "[".repeat(100_000), Refused(&["E0107"], &["nested more than 64 deep"])),
                Ui("nested_too_deep.yaml", Refused(&["E0107"], &["nested more than 64 deep"])),
                Test("dsl/tests/hostile.rs", "nesting_of_any_depth_is_refused"),
            ],
        ),
        (27, "many_errors", vec![Test("tests/tests/ui.rs", "a_thousand_mistakes_are_told_apart")]),
    ]
}
