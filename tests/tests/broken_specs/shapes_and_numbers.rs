//! Sizes, counts and settings.

use super::case::Case;
use super::case::Variant::Ui;
use super::case::Verdict::{Accepted, Refused};

#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn cases() -> Vec<Case> {
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
