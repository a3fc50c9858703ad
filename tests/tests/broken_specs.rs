//! The list of broken and deliberately odd specs of `data/broken_specs.md`, and which case of `ui/` shows what comes of each.
//!
//! Every case of the list stands here under its number, with all the variants that it names; what a message must say is
//! asserted word by word.

use googlenetc::{Compilation, Embedded, Options};
use googlenetc_tests::workspace;

/// What comes of a variant.
enum Verdict {
    /// The spec is right, and warned about at most.
    Accepted,
    /// These codes, in order, and these words in the messages.
    Refused(&'static [&'static str], &'static [&'static str]),
}

use Verdict::{Accepted, Refused};

/// A spec of a case.
enum Variant {
    /// A file in `ui/`, where its messages are a snapshot.
    Ui(&'static str, Verdict),
    /// A spec that no file can hold well.
    Text(&'static str, fn() -> String, Verdict),
    /// Another test, by its file and name.
    Test(&'static str, &'static str),
}

use Variant::{Test, Text, Ui};

const HEAD: &str = "heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n";

/// A right spec, whose parts stand in lines of their own.
fn right() -> String {
    format!("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n  conv1: conv 3x3 8 activation=relu\n{HEAD}")
}

/// A spec with one layer.
fn of_layer(layer: &str) -> String {
    format!("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n  one: {layer}\n{HEAD}")
}

/// Nine levels of nine aliases each.
fn bomb() -> String {
    let mut text = "network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n".to_owned();
    text += "  a0: &a0 [relu, relu, relu, relu, relu, relu, relu, relu, relu]\n";
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("  a{level}: &a{level} [{aliases}]\n");
    }
    text + HEAD
}

fn cases() -> Vec<(u32, &'static str, Vec<Variant>)> {
    let mut cases = of_shapes_and_numbers();
    cases.extend(of_words());
    cases.extend(of_texts());
    cases.extend(of_names_and_heads());
    cases.sort_by_key(|(number, _, _)| *number);
    cases
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn of_shapes_and_numbers() -> Vec<(u32, &'static str, Vec<Variant>)> {
    vec![
        (
            1,
            "in_channels",
            vec![Ui("wrong_input_of_a_row.yaml", Refused(&["E0301"], &["row `4d`", "row `4c`", "528", "512"]))],
        ),
        (
            2,
            "sum_mismatch",
            vec![Ui("sum_mismatch.yaml", Refused(&["E0301"], &["128 + 192 + 96 + 48 = 464", "asserted 480x28x28"]))],
        ),
        (3, "fashion-mnist_row4d", vec![Ui("another_reduction_than_the_paper.yaml", Accepted)]),
        (
            4,
            "kernel_gt_input",
            vec![Ui(
                "pools_that_round_down.yaml",
                Refused(
                    &["E0303"],
                    &[
                        "the kernel covers 7, the padded input has 6",
                        "let the pools before it round up",
                        "pool1: maxpool 3x3/2 ceil",
                    ],
                ),
            )],
        ),
        (
            5,
            "input_too_small",
            vec![
                Ui(
                    "input_of_28.yaml",
                    Refused(
                        &["E0303"],
                        &["maxpool4: maxpool 3x3/2 ceil\n   |                     ^ the kernel covers 3"],
                    ),
                ),
                Ui(
                    "input_of_14.yaml",
                    Refused(
                        &["E0303"],
                        &["maxpool3: maxpool 3x3/2 ceil\n   |                     ^ the kernel covers 3"],
                    ),
                ),
            ],
        ),
        (
            6,
            "negative_padding",
            vec![Ui("negative_padding.yaml", Refused(&["E0206"], &["is -1", "must be at least 0"]))],
        ),
        (7, "zero_stride", vec![Ui("zero_stride.yaml", Refused(&["E0206"], &["the stride is 0"]))]),
        (
            8,
            "zero_kernel",
            vec![Ui("zero_kernel.yaml", Refused(&["E0206", "E0206", "E0206"], &["the kernel is 0", "conv 3x0 8"]))],
        ),
        (
            9,
            "negative_channels",
            vec![Ui("negative_channels.yaml", Refused(&["E0206"], &["-64", "must be at least 1"]))],
        ),
        (
            10,
            "overflow_channels",
            vec![
                Ui("overflowing_channels.yaml", Refused(&["E0206", "E0206"], &["9223372036854775807", "too large"])),
                Ui("two_channels_of_two_to_the_forty.yaml", Refused(&["E0308"], &["too large"])),
            ],
        ),
        (
            11,
            "float_channels",
            vec![
                Ui(
                    "counts_written_otherwise.yaml",
                    Refused(
                        &["E0205", "E0205", "E0204", "E0204", "E0205", "E0114", "E0114"],
                        &[
                            "`64.0` is not",
                            "`64.5` is not",
                            "`0x40` is not",
                            "`6_4` is not",
                            "`1e2` is not",
                            "`.inf`",
                            "`~`",
                        ],
                    ),
                ),
                Ui("counts_in_quotes_and_with_zeros.yaml", Accepted),
                Ui("yes_and_no.yaml", Refused(&["E0205", "E0205", "E0205"], &["cannot be `yes`", "cannot be `off`"])),
            ],
        ),
        (
            19,
            "concat_spatial",
            vec![Ui(
                "branches_of_different_sizes.yaml",
                Refused(&["E0302"], &["64x28x28", "128x28x28", "^ `branch3`: 32x26x26"]),
            )],
        ),
        (
            20,
            "odd_size_mismatch",
            vec![
                Ui("reduction_floor.yaml", Refused(&["E0302"], &["64x14x14", "64x13x13"])),
                Ui("reduction_ceil_even.yaml", Accepted),
                Ui("reduction_ceil_odd.yaml", Refused(&["E0302"], &["64x15x15", "64x14x14"])),
            ],
        ),
        (
            21,
            "groups",
            vec![
                Ui("groups_of_input.yaml", Refused(&["E0307"], &["64 is not a multiple of 3"])),
                Ui("groups_of_output.yaml", Refused(&["E0307"], &["64 is not a multiple of 3"])),
                Ui("zero_groups.yaml", Refused(&["E0206"], &["must be at least 1"])),
            ],
        ),
        (22, "residual_mismatch", vec![Ui("add_of_256_and_288.yaml", Refused(&["E0311"], &["256x8x8", "288x8x8"]))]),
        (
            32,
            "nan_dropout",
            vec![
                Ui(
                    "dropout_range.yaml",
                    Refused(&["E0206", "E0206", "E0206"], &["-0.1", "1.0", "1.5", "at least 0 and below 1"]),
                ),
                Ui("dropout_not_a_number.yaml", Refused(&["E0204", "E0114"], &["`nan`", "`.inf`"])),
                Ui(
                    "norm_ranges.yaml",
                    Refused(&["E0206", "E0206", "E0206"], &["must be above 0", "is -1", "is 2", "between 0 and 1"]),
                ),
                Ui("unusual_eps.yaml", Accepted),
            ],
        ),
        (34, "darknet_pad_flag", vec![Ui("growing_padding.yaml", Accepted)]),
        (
            37,
            "input_spec",
            vec![
                Ui("input_without_channels.yaml", Refused(&["E0206"], &["must be at least 1"])),
                Ui("input_of_three_by_224.yaml", Refused(&["E0205"], &["channels x height x width"])),
                Ui("channels_last.yaml", Refused(&["E0303"], &["as if its channels came last", "input: 3x224x224"])),
                Ui(
                    "channels_last_and_asserted.yaml",
                    Refused(&["E0301"], &["as if its channels came last", "input: 3x224x224"]),
                ),
                Ui("input_negative.yaml", Refused(&["E0206"], &["-1"])),
            ],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn of_words() -> Vec<(u32, &'static str, Vec<Variant>)> {
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

fn of_texts() -> Vec<(u32, &'static str, Vec<Variant>)> {
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
                Test("../dsl/tests/hostile.rs", "nesting_of_any_depth_is_refused"),
            ],
        ),
        (27, "many_errors", vec![Test("tests/ui.rs", "a_thousand_mistakes_are_told_apart")]),
    ]
}

fn of_names_and_heads() -> Vec<(u32, &'static str, Vec<Variant>)> {
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
                Test("specs/names.yaml", "crate: conv"),
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
        (31, "prelude_names", vec![Ui("names_of_the_prelude.yaml", Accepted), Test("specs/names.yaml", "Tensor: ")]),
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
        Accepted => assert!(compilation.network.is_some(), "{name}: {messages}"),
        Refused(expected, words) => {
            assert!(compilation.network.is_none(), "{name} is accepted");
            assert_eq!(codes, *expected, "{name}: {messages}");
            for word in *words {
                assert!(messages.contains(word), "{name} does not say {word}:\n{messages}");
            }
        }
    }
}

#[test]
fn every_case_has_its_verdict() {
    for (number, what, variants) in cases() {
        assert!(!variants.is_empty());
        for variant in variants {
            match variant {
                Ui(file, verdict) => judge(file, file, &googlenetc_tests::text(&format!("tests/ui/{file}")), &verdict),
                Text(what, text, verdict) => judge(what, "spec.yaml", &text(), &verdict),
                Test(file, name) => {
                    let text = googlenetc_tests::text(&format!("tests/{file}"));
                    assert!(text.contains(name), "case {number}, {what}: {file} has no {name}");
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
            Ui(file, _) => Some(file),
            Text(..) | Test(..) => None,
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
