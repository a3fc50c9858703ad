//! Copies that follow one another are drawn once: blocks that do the same to values of the same shapes.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::CheckedNetwork;
use crate::network::{Content, Group, Source};

/// Groups in runs of copies. A run is one group unless its groups are alike, hold more than a layer, and no value inside is read
/// by a head (`taps`), but for what the last copy hands on.
pub(super) fn runs(checked: &CheckedNetwork, groups: &[Group], taps: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let same = |run: &&mut Range<usize>| {
            let (first, last) = (&groups[run.start], &groups[index - 1]);
            let may_fold = run.len() > 1 || !is_tapped_inside(first, taps);
            may_fold
                && !taps.contains(&last_operation(last))
                && !is_tapped_inside(group, taps)
                && alike(checked, first, group)
        };
        match runs.last_mut().filter(same) {
            Some(run) => run.end = index + 1,
            None => runs.push(index..index + 1),
        }
    }
    runs
}

/// The operation whose value a group hands on; a group without operations has none, and its number is nobody's.
fn last_operation(group: &Group) -> usize {
    match group.output {
        Source::Operation(index) => index,
        Source::Input | Source::Unknown => usize::MAX,
    }
}

fn is_tapped_inside(group: &Group, taps: &BTreeSet<usize>) -> bool {
    taps.range(group.operations.clone()).any(|tap| *tap != last_operation(group))
}

/// Whether two groups do the same to values of the same shapes, and call their parts the same.
fn alike(checked: &CheckedNetwork, first: &Group, second: &Group) -> bool {
    if matches!(first.content, Content::Layer(_)) || first.operations.is_empty() {
        return false;
    }
    first.operations.len() == second.operations.len()
        && checked.shape(first.input) == checked.shape(second.input)
        && same_content(&first.content, &second.content)
        && first.operations.clone().zip(second.operations.clone()).all(|(a, b)| {
            let (one, other) = (&checked.network().operations[a], &checked.network().operations[b]);
            one.op == other.op
                && checked.shape(Source::Operation(a)) == checked.shape(Source::Operation(b))
                && one.inputs.len() == other.inputs.len()
                && one.inputs.iter().zip(&other.inputs).all(|(a, b)| same_source(first, *a, second, *b))
        })
}

fn same_source(first: &Group, a: Source, second: &Group, b: Source) -> bool {
    let inside = |group: &Group, source: Source| match source {
        Source::Operation(index) if group.operations.contains(&index) => Some(index - group.operations.start),
        Source::Operation(_) | Source::Input | Source::Unknown => None,
    };
    match (inside(first, a), inside(second, b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a == first.input && b == second.input,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn same_content(first: &Content, second: &Content) -> bool {
    let same_children = || {
        let (first, second) = (first.children(), second.children());
        first.len() == second.len()
            && first.iter().zip(second).all(|(a, b)| a.name == b.name && same_content(&a.content, &b.content))
    };
    match (first, second) {
        (Content::Layer(a), Content::Layer(b)) => a == b,
        (Content::Sequence(_), Content::Sequence(_))
        | (Content::Concat(_), Content::Concat(_))
        | (Content::Add(_), Content::Add(_))
        | (Content::Repeat(_), Content::Repeat(_)) => same_children(),
        (Content::Call(a), Content::Call(b)) => a.block == b.block && same_children(),
        (
            Content::Layer(_)
            | Content::Sequence(_)
            | Content::Concat(_)
            | Content::Add(_)
            | Content::Repeat(_)
            | Content::Call(_),
            _,
        ) => false,
    }
}
