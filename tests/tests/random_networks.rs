//! Properties that hold for every network: random ones, valid by the way they are made, and what becomes of them when one
//! number changes. What is true of a network says `random::count`, which shares no code with the compiler.
//!
//! Each property is tried on 256 networks, or 64 where it takes long; `PROPTEST_CASES=20000 cargo test -p googlenetc-tests --no-default-features --test
//! random_networks` tries more. A network for which one does not hold is made as small as it can be, and its seed is written
//! to `proptest-regressions/random_networks.txt`, from where it is tried first ever after.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod random;

use googlenetc::Compilation;
use googlenetc::report::{self, Total};
use googlenetc_dsl::diagnostic::{Diagnostic, Label, Severity};
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::tree::Spec;
use googlenetc_dsl::{Syntax, format, parse};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;
use random::count::{Stage, count};
use random::network::Network;
use random::write::Mark;
use random::{strategy, write};

fn compile(network: &Network) -> Compilation {
    googlenetc::compile("random.yaml", &write::yaml(network).text)
}

/// That a network is accepted, and that the report says what was counted.
fn agrees(compilation: &Compilation, stages: &[Stage], spec: &str) -> Result<(), TestCaseError> {
    let Some(network) = &compilation.network else {
        return Err(TestCaseError::fail(format!("refused:\n{spec}\n{}", compilation.render(false))));
    };
    let report = report::report(network);
    let mut theirs: Vec<Stage> = report
        .layers
        .iter()
        .map(|line| Stage {
            path: line.path.clone(),
            keyword: line.kind,
            output: line.output.sizes(),
            parameters: line.parameters,
            buffers: line.buffers,
            multiply_adds: line.multiply_adds,
            only_in_training: line.phase == googlenetc::network::Phase::Training,
        })
        .collect();
    let mut ours = stages.to_vec();
    ours.sort_by(|a, b| a.path.cmp(&b.path));
    theirs.sort_by(|a, b| a.path.cmp(&b.path));
    prop_assert_eq!(&theirs, &ours, "{}", spec);
    let totals = [(true, report.totals.training), (false, report.totals.inference)];
    for (training, Total { parameters, buffers, multiply_adds, .. }) in totals {
        let runs = || ours.iter().filter(|stage| training || !stage.only_in_training);
        let sums = [
            runs().map(|stage| stage.parameters).sum::<u64>(),
            runs().map(|stage| stage.buffers).sum(),
            runs().map(|stage| stage.multiply_adds).sum(),
        ];
        prop_assert_eq!([parameters, buffers, multiply_adds], sums, "{}", spec);
    }
    Ok(())
}

/// The tree of a text without mistakes.
fn tree(syntax: Syntax, text: &str) -> Spec {
    let mut sources = Sources::new();
    let id = sources.add("random", text);
    let parsed = parse(&sources, id, syntax);
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.spec.unwrap()
}

fn formatted(text: &str, from: Syntax, to: Syntax) -> String {
    let mut sources = Sources::new();
    let id = sources.add("random", text);
    format::format(&sources, id, from, to).unwrap()
}

/// One case in so many of those that are asked for, where a case takes long.
fn config(one_in: u32) -> ProptestConfig {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/random_networks.txt");
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.div_ceil(one_in),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(seeds))),
        ..usual
    }
}

/// What becomes of a number.
#[derive(Debug, Clone, Copy)]
enum Change {
    More(u64),
    Less(u64),
    Twice,
    To(u64),
}

impl Change {
    fn apply(self, number: &mut u64) {
        *number = match self {
            Self::More(by) => *number + by,
            Self::Less(by) => number.saturating_sub(by),
            Self::Twice => 2 * *number,
            Self::To(number) => number,
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (1_u64..=2).prop_map(Change::More),
        (1_u64..=2).prop_map(Change::Less),
        Just(Change::Twice),
        (0_u64..=40).prop_map(Change::To),
    ]
}

/// Whether a message points at the place of a number, or names what it belongs to.
fn shows(diagnostic: &Diagnostic, mark: &Mark) -> bool {
    let overlaps = |label: &Label| label.span.start() < mark.around.end && label.span.end() > mark.around.start;
    let is_named = |name: &String| diagnostic.message.contains(&format!("`{name}`"));
    diagnostic.severity == Severity::Error
        && (diagnostic.labels.iter().any(overlaps) || mark.names.last().is_some_and(is_named))
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn valid_networks_are_accepted_and_counted(network in strategy::network()) {
        let stages = count(&network).expect("the network was made to be valid");
        agrees(&compile(&network), &stages, &write::yaml(&network).text)?;
    }

    /// The compiler and the brute force have the same verdict on a network with one number changed, and count the same
    /// where it is still valid.
    #[test]
    fn one_number_changed_is_judged_rightly(network in strategy::network(), place: Index, change in change()) {
        let mut network = network;
        let mut numbers = network.numbers();
        let index = place.index(numbers.len());
        change.apply(numbers[index]);
        let compilation = compile(&network);
        match count(&network) {
            Ok(stages) => agrees(&compilation, &stages, &write::yaml(&network).text)?,
            Err(refusal) => {
                let mark = &write::yaml(&network).marks[index];
                prop_assert!(compilation.network.is_none(), "accepted in spite of {refusal}");
                let shows = compilation.diagnostics.iter().any(|diagnostic| shows(diagnostic, mark));
                prop_assert!(shows, "{refusal}: {mark:?} is not shown:\n{}", compilation.render(false));
            }
        }
    }
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn both_syntaxes_say_the_same_and_formatting_changes_nothing(network in strategy::network()) {
        let (yaml, text) = (write::yaml(&network).text, write::text(&network).text);
        let spec = tree(Syntax::Yaml, &yaml);
        prop_assert_eq!(&tree(Syntax::Text, &text), &spec, "{}\n{}", yaml, text);
        for (source, from) in [(&yaml, Syntax::Yaml), (&text, Syntax::Text)] {
            for to in [Syntax::Yaml, Syntax::Text] {
                let once = formatted(source, from, to);
                prop_assert_eq!(&tree(to, &once), &spec, "{}\n{}", source, once);
                prop_assert_eq!(&formatted(&once, to, to), &once, "{}", source);
            }
        }
    }

    #[test]
    fn generated_code_is_rust_and_always_the_same(network in strategy::network()) {
        let code = compile(&network).rust().expect("the network is valid");
        prop_assert!(syn::parse_file(&code).is_ok(), "{}", code);
        // Where the compiler holds a place for a comment, it has put the comment.
        prop_assert!(!code.contains("googlenetc_comment") && !code.contains("googlenetc_trailing"), "{}", code);
        prop_assert_eq!(compile(&network).rust(), Some(code));
    }
}

proptest! {
    #![proptest_config(config(4))]

    /// The tests' own writer knows where it has written which number.
    #[test]
    fn numbers_stand_where_they_are_marked(network in strategy::network()) {
        let (yaml, text) = (write::yaml(&network), write::text(&network));
        let mut network = network;
        let numbers: Vec<u64> = network.numbers().into_iter().map(|number| *number).collect();
        for written in [yaml, text] {
            let marked = written.marks.iter().map(|mark| written.text[mark.number.clone()].replace('.', ""));
            let marked: Vec<u64> = marked.map(|digits| digits.parse().unwrap()).collect();
            prop_assert_eq!(&marked, &numbers, "{}", written.text);
        }
    }
}

proptest! {
    #![proptest_config(config(2))]

    /// Negative numbers, fractions, and numbers that 64 bits do not hold or no size may reach.
    #[test]
    fn a_number_that_cannot_be_is_shown(
        network in strategy::network(),
        place: Index,
        word in prop::sample::select(vec!["-1", "1.5", "1e9", "9007199254740993", "18446744073709551617", "7".repeat(400).leak()]),
    ) {
        let mut written = write::yaml(&network);
        let index = place.index(written.marks.len());
        let mut mark = written.marks.swap_remove(index);
        let is_fraction = written.text[mark.number.clone()].contains('.');
        let is_argument = ["block", "r"].iter().any(|start| written.text[mark.around.clone()].starts_with(start));
        written.text.replace_range(mark.number.clone(), word);
        mark.around.end = mark.around.end + word.len() - mark.number.len();
        let compilation = googlenetc::compile("random.yaml", &written.text);
        // What a block does with an argument, a zero shows: nothing, where that is no mistake.
        let mut zero = network;
        *zero.numbers()[index] = 0;
        let is_unread = is_argument && count(&zero).is_ok();
        // Weights and factors may be any number.
        if compilation.network.is_none() || !(is_fraction || is_unread) {
            let shows = compilation.diagnostics.iter().any(|diagnostic| shows(diagnostic, &mark));
            prop_assert!(shows, "{mark:?} is not shown:\n{}\n{}", written.text, compilation.render(false));
        }
    }
}
