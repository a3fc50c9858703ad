//! One wrong number in one row of the table: one message, which shows the row, the sum and where each number stands.

use googlenetc::Compilation;
use googlenetc_tests::text;

const ROW: &str = "4b";
const COLUMNS: [&str; 7] = ["n1x1", "n3x3_reduce", "n3x3", "n5x5_reduce", "n5x5", "pool_proj", "output"];
/// The columns that are summed, in the order of the branches.
const SUMMED: [usize; 4] = [0, 2, 4, 5];
/// The paper's row: 160 + 224 + 64 + 64 = 512.
const CELLS: [u64; 6] = [160, 112, 224, 24, 64, 64];
const OUTPUT: usize = 6;

/// Where the cells of a row stand, by their text: from the bracket after the row's name, cut at the commas.
fn cells(spec: &str, row: &str) -> Vec<(usize, usize)> {
    let line = spec.find(&format!("    {row}: ")).expect("the row is there");
    let open = line + spec[line..].find('[').expect("the row is a list") + 1;
    let close = open + spec[open..].find(']').expect("the list ends");
    let mut cells = Vec::new();
    let mut start = open;
    for cell in spec[open..close].split(',') {
        let blanks = cell.len() - cell.trim_start().len();
        cells.push((start + blanks, start + blanks + cell.trim().len()));
        start += cell.len() + 1;
    }
    cells
}

fn with_cell(spec: &str, row: &str, column: usize, value: &str) -> String {
    let (start, end) = cells(spec, row)[column];
    format!("{}{value}{}", &spec[..start], &spec[end..])
}

fn compile(spec: &str) -> Compilation {
    googlenetc::compile("googlenet.yaml", spec)
}

fn codes(compilation: &Compilation) -> Vec<&str> {
    compilation.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Asserts that row 4b with this sum and this asserted number of channels gives the one message it should.
fn assert_sum_is_explained(spec: &str, terms: [u64; 4], asserted: u64) {
    let compilation = compile(spec);
    assert_eq!(codes(&compilation), ["E0301"], "{}", compilation.render(false));
    assert!(compilation.network.is_none());
    let [a, b, c, d] = terms;
    let sum = a + b + c + d;
    let text = compilation.render(false);
    for part in ["row `4b`", &format!("{a} + {b} + {c} + {d} = {sum}"), &format!("{asserted}x14x14")] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let labels = &compilation.diagnostics[0].labels;
    let cells = cells(spec, ROW);
    let mut wanted: Vec<(usize, usize)> = SUMMED.iter().chain(&[OUTPUT]).map(|column| cells[*column]).collect();
    let mut found: Vec<(usize, usize)> = labels.iter().map(|label| (label.span.start(), label.span.end())).collect();
    wanted.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, wanted, "{text}");
    let primary: Vec<usize> = labels.iter().filter(|label| label.primary).map(|label| label.span.start()).collect();
    assert_eq!(primary, [cells[OUTPUT].0]);
}

#[test]
fn the_cells_are_those_of_the_paper() {
    let spec = text("specs/googlenet.yaml");
    let written: Vec<&str> = cells(&spec, ROW).iter().map(|&(start, end)| &spec[start..end]).collect();
    assert_eq!(written, ["160", "112", "224", "24", "64", "64", "512x14x14"]);
    assert_eq!(codes(&compile(&spec)), [""; 0]);
}

#[test]
fn a_wrong_branch_is_one_message_with_the_sum() {
    let spec = text("specs/googlenet.yaml");
    for column in SUMMED {
        for changed in [CELLS[column] - 1, CELLS[column] + 1] {
            let spec = with_cell(&spec, ROW, column, &changed.to_string());
            let term = |summed: usize| if summed == column { changed } else { CELLS[summed] };
            assert_sum_is_explained(&spec, SUMMED.map(term), 512);
        }
    }
}

#[test]
fn a_wrong_output_is_one_message_with_the_sum() {
    let spec = text("specs/googlenet.yaml");
    for asserted in [511, 513] {
        let spec = with_cell(&spec, ROW, OUTPUT, &format!("{asserted}x14x14"));
        assert_sum_is_explained(&spec, [160, 224, 64, 64], asserted);
    }
}

/// What a branch reduces to is nobody's claim, so another number is another network, not a mistake; that it is not the one
/// of the published table is a warning.
#[test]
fn another_reduction_is_accepted() {
    let spec = text("specs/googlenet.yaml");
    for column in (0..OUTPUT).filter(|column| !SUMMED.contains(column)) {
        for changed in [CELLS[column] - 1, CELLS[column] + 1] {
            let compilation = compile(&with_cell(&spec, ROW, column, &changed.to_string()));
            assert_eq!(codes(&compilation), ["W0407"], "{} {changed}", COLUMNS[column]);
            assert!(compilation.network.is_some());
        }
    }
}

#[test]
fn two_mistakes_are_two_messages() {
    let spec = text("specs/googlenet.yaml");
    let two_sums = with_cell(&with_cell(&spec, "3b", 0, "127"), "5a", 5, "129");
    let compilation = compile(&two_sums);
    assert_eq!(codes(&compilation), ["E0301", "E0301"], "{}", compilation.render(false));
    for row in ["row `3b`", "127 + 192 + 96 + 64 = 479", "row `5a`", "256 + 320 + 128 + 129 = 833"] {
        assert!(compilation.render(false).contains(row), "{row}");
    }

    let sum_and_name = with_cell(&spec, "3b", 0, "127").replacen("pool4: maxpool", "pool4: maxpol", 1);
    assert_eq!(codes(&compile(&sum_and_name)), ["E0301", "E0202"]);

    let sum_and_head = with_cell(&spec, ROW, 0, "161").replacen("from: 4d", "from: 4x", 1);
    assert_eq!(codes(&compile(&sum_and_head)), ["E0301", "E0202"]);

    let same_row = with_cell(&with_cell(&spec, ROW, 0, "161"), ROW, OUTPUT, "512x15x14");
    assert_eq!(codes(&compile(&same_row)), ["E0301"], "one assertion, one message");
}
