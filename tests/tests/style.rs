//! Reports in the styles of torchsummary, torchinfo and `print(model)`, against what these print about the same networks
//! (`data/texts`). Nothing may differ but what their versions print differently.

use googlenetc::CheckedNetwork;
use googlenetc::network::Phase;
use googlenetc::style::{self, Options, Presentation};
use googlenetc_dsl::source::Sources;

/// The reference's name, our spec's.
const MODELS: [(&str, &str); 7] = [
    ("tiny-imagenet", "tiny-imagenet"),
    ("fashion-mnist-sequential", "fashion-mnist-sequential"),
    ("fashion-mnist", "fashion-mnist"),
    ("batch-norm", "batch-norm"),
    ("bias-aux", "bias-aux"),
    ("torchvision-googlenet", "googlenet-torchvision"),
    ("torchvision-inception-v3", "inception-v3"),
];

const INFERENCE: Options = Options { phase: Phase::Always, batch: 1, depth: 99, all_columns: true };

fn presentation(name: &str) -> Presentation {
    let mut sources = Sources::new();
    let id = sources.add(name, googlenetc_tests::text(&format!("specs/presentation/{name}.yaml")));
    let (presentation, diagnostics) = style::read(&sources, id);
    let messages = googlenetc_dsl::render::render(&diagnostics, &sources, false);
    presentation.expect(&messages)
}

fn spec(name: &str) -> (CheckedNetwork, Presentation) {
    (googlenetc_tests::network(&format!("specs/{name}.yaml")), presentation(name))
}

/// The lines of a reference text from the first that starts with `start` on.
fn reference(file: &str, start: &str) -> String {
    let text = googlenetc_tests::text(&format!("tests/data/texts/{file}.txt"));
    let at = text.lines().position(|line| line.starts_with(start)).expect("the text has such a line");
    text.lines().skip(at).flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// Compares line by line, so that a difference is shown by its line.
fn assert_same(name: &str, ours: &str, theirs: &str) {
    for (number, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
        assert_eq!(ours, theirs, "{name}, line {}", number + 1);
    }
    assert_eq!(ours.lines().count(), theirs.lines().count(), "{name}: number of lines");
}

/// Every row: number, kind, output shape, parameters; totals and sizes.
#[test]
fn torchsummary_prints_the_same() {
    for (file, name, phase) in [
        ("tiny-imagenet", "tiny-imagenet", Phase::Training),
        ("fashion-mnist-sequential.torchsummary_eval", "fashion-mnist-sequential", Phase::Always),
        ("fashion-mnist", "fashion-mnist", Phase::Training),
        ("batch-norm.torchsummary_eval", "batch-norm", Phase::Always),
        ("bias-aux", "bias-aux", Phase::Training),
        ("torchvision-googlenet.torchsummary_eval", "googlenet-torchvision", Phase::Always),
        ("torchvision-inception-v3.torchsummary_eval", "inception-v3", Phase::Always),
    ] {
        let (network, presentation) = spec(name);
        let ours = style::torchsummary(&network, &presentation, Options { phase, ..INFERENCE });
        // The text may hold more before the table, and a line after it.
        let theirs = reference(file, "-----");
        assert_same(name, &ours, theirs.strip_suffix("None\n").unwrap_or(&theirs));
    }
}

/// Every row: kind and place in the tree, input and output shapes, kernel, parameters, multiply-adds; totals and sizes.
#[test]
fn torchinfo_prints_the_same() {
    for (reference_name, name) in MODELS {
        let (network, presentation) = spec(name);
        let ours = style::torchinfo(&network, &presentation, INFERENCE);
        assert_same(name, &ours, &reference(&format!("{reference_name}.torchinfo_eval"), "===="));
    }
}

/// With depth 1, batches of ten, and the columns that torchinfo shows unless told otherwise.
#[test]
fn torchinfo_folds() {
    let (network, presentation) = spec("batch-norm");
    let options = Options { batch: 10, depth: 1, all_columns: false, ..INFERENCE };
    assert_same("batch-norm", &style::torchinfo(&network, &presentation, options), &reference("batch-norm", "===="));
}

#[test]
fn modules_print_the_same() {
    for (reference_name, name) in MODELS {
        let (network, presentation) = spec(name);
        let theirs = googlenetc_tests::text(&format!("tests/data/texts/{reference_name}.repr.txt"));
        assert_same(name, &style::repr(&network, &presentation), &theirs);
    }
}

/// A spec that nobody made a presentation for shows plain PyTorch modules, and the names of its blocks.
#[test]
fn without_a_presentation_every_operation_is_a_module() {
    let network = googlenetc_tests::network("specs/googlenet.yaml");
    let text = style::repr(&network, &Presentation::default());
    for line in [
        "GoogLeNet(",
        "  (inception3a): Inception(",
        "    (branch2): Sequential(",
        "        (conv): Conv2d(192, 96, kernel_size=(1, 1), stride=(1, 1))",
        "  (norm1): Sequential(",
        "    (lrn): LocalResponseNorm(5, alpha=0.0001, beta=0.75, k=1.0)",
        "  (aux1): Auxiliary(",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let summary =
        style::torchsummary(&network, &Presentation::default(), Options { phase: Phase::Training, ..INFERENCE });
    assert!(summary.contains("Total params: 13,378,280\n"), "{summary}");
}

#[test]
fn mistakes_of_a_presentation_are_shown() {
    for (text, message) in [
        ("clas: GoogLeNet", "a presentation has no key `clas`"),
        ("version: 2", "only version 1 of presentations is known"),
        ("classes: {Inception: branch1}", "a class must be a list, and this is a text"),
        ("modules: [a]", "`modules` must be a mapping, and this is a list"),
    ] {
        let mut sources = Sources::new();
        let id = sources.add("network.present.yaml", text);
        let (presentation, diagnostics) = style::read(&sources, id);
        let messages = googlenetc_dsl::render::render(&diagnostics, &sources, false);
        assert!(presentation.is_none() && messages.contains(message), "{text}:\n{messages}");
    }
}
