//! Names, and heads.

use super::case::Case;
use super::case::Variant::{Spec, Ui};
use super::case::Verdict::{Accepted, Refused};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            17,
            "aux_after_end",
            vec![Ui(
                "head_after_flatten.yaml",
                Refused(&["E0305"], &["needs feature maps", "without height and width"]),
            )],
        ),
        (18, "aux_forward_ref", vec![Ui("head_declared_first.yaml", Accepted)]),
        (
            28,
            "injection_string",
            vec![
                Ui("injected_name.yaml", Refused(&["E0208", "E0113", "E0113"], &["cannot be the name"])),
                Ui("injected_names.yaml", Refused(&["E0113"; 6], &["`{}`", "`{{}}`", "`*/`", "`a\\nb`"])),
            ],
        ),
        (
            29,
            "rust_keyword",
            vec![
                Ui("words_of_rust_as_names.yaml", Accepted),
                Ui("raw_identifier.yaml", Refused(&["E0113"], &["`r#type`"])),
                Spec("specs/names.yaml", "crate"),
            ],
        ),
        (
            30,
            "unicode_names",
            vec![
                Ui("letters_of_other_scripts.yaml", Refused(&["E0113", "E0113"], &["inception_α", "ｉnception"])),
                Ui("hidden_direction.yaml", Refused(&["E0113", "E0109"], &["U+202E"])),
                Ui("names_of_signs.yaml", Refused(&["E0113"; 4], &["café", "cafe\u{301}", "\\u{200d}", "🐱"])),
            ],
        ),
        (31, "prelude_names", vec![Ui("names_of_the_prelude.yaml", Accepted), Spec("specs/names.yaml", "Tensor")]),
        (
            33,
            "class_count",
            vec![
                Ui("zero_classes.yaml", Refused(&["E0206"], &["must be at least 1"])),
                Ui("one_class.yaml", Accepted),
                Ui("head_of_other_width.yaml", Refused(&["E0309"], &["`main` ends in 10, `aux` ends in 100"])),
                Ui("heads_that_disagree.yaml", Refused(&["E0309"], &["`main`", "`aux1`", "`aux2`"])),
            ],
        ),
    ]
}
