//! Words: keys, names of attributes and blocks, cells of tables, the version.

use super::case::Variant::{Text, Ui};
use super::case::Verdict::{Accepted, Refused};
use super::case::{Case, of_layer, right};

#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            12,
            "wrong_type_row",
            vec![
                Ui(
                    "wrong_number_of_cells.yaml",
                    Refused(&["E0204", "E0204"], &["row `3b` has 6 cells", "row `4a` has 8 cells", "columns: n1x1, "]),
                ),
                Ui(
                    "row_that_is_a_mapping.yaml",
                    Refused(&["E0112", "E0112"], &["row `3a` is a mapping", "columns: n1x1, n3x3"]),
                ),
            ],
        ),
        (
            13,
            "unknown_field",
            vec![
                Ui(
                    "misspelt_attribute.yaml",
                    Refused(&["E0203", "E0203"], &["did you mean `pad`?", "did you mean `ceil`?"]),
                ),
                Ui("attribute_with_a_colon.yaml", Refused(&["E0102"], &["celi_mode=true"])),
                Text(
                    "celi_mode=true",
                    || of_layer("maxpool 3x3/2 celi_mode=true"),
                    Refused(&["E0203"], &["`celi_mode`"]),
                ),
            ],
        ),
        (
            14,
            "unknown_block",
            vec![Ui("unknown_block.yaml", Refused(&["E0202"], &["`inceptoin`", "did you mean `inception`?"]))],
        ),
        (
            15,
            "duplicate_key",
            vec![
                Ui("duplicate_key.yaml", Refused(&["E0105"], &["first here", "again here"])),
                Ui(
                    "argument_given_twice.yaml",
                    Refused(&["E0207", "E0207"], &["`pad` is given twice", "first given here"]),
                ),
            ],
        ),
        (
            16,
            "case_collision",
            vec![
                Ui("case_collision.yaml", Accepted),
                Ui("same_name_after_mangling.yaml", Refused(&["E0207"], &["a-b", "a_b"])),
            ],
        ),
        (35, "two_documents", vec![Ui("two_documents.yaml", Refused(&["E0106"], &["a second document"]))]),
        (
            36,
            "merge_keys_anchors",
            vec![
                Ui("anchors.yaml", Refused(&["E0103", "E0103"], &["make it a block"])),
                Ui("merge_keys.yaml", Refused(&["E0103", "E0103", "E0103"], &["a merge key", "make it a block"])),
            ],
        ),
        (
            38,
            "version_field",
            vec![
                Ui("version_999.yaml", Refused(&["E0210"], &["this compiler reads version 1"])),
                Ui("version_word.yaml", Refused(&["E0210"], &["`one`"])),
                Ui("version_one.yaml", Accepted),
                Text("no version", right, Accepted),
            ],
        ),
    ]
}
