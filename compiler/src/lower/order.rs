//! The order of execution: a head runs right after the trunk's item that it hangs off, or off a part of which it hangs.

use std::ops::Range;

use crate::network::{Content, Group, Head, Operation, Source};

/// Moves the operations of heads, which have been lowered after the whole trunk, to their places.
pub(super) fn interleave(operations: &mut Vec<Operation>, trunk: &mut [Group], heads: &mut [Head]) {
    let mut order: Vec<usize> = Vec::with_capacity(operations.len());
    let mut after: Vec<&Head> = heads.iter().collect();
    after.sort_by_key(|head| head.after);
    let mut after = after.into_iter().peekable();
    for (index, group) in trunk.iter().enumerate() {
        order.extend(group.operations.clone());
        while let Some(head) = after.next_if(|head| head.after == index) {
            order.extend(head.layers.operations.clone());
        }
    }
    // A mistake can leave operations that no group owns; such a network goes nowhere.
    if order.len() != operations.len() || order.is_sorted() {
        return;
    }
    let mut places = vec![0; order.len()];
    for (place, index) in order.iter().enumerate() {
        places[*index] = place;
    }
    // Where they stand: there may be too many to hold twice.
    let mut place = places.iter();
    operations.sort_by_cached_key(|_| place.next());
    for operation in operations {
        operation.inputs.iter_mut().for_each(|source| relocate(source, &places));
    }
    for head in heads.iter_mut() {
        relocate(&mut head.source, &places);
    }
    let all = 0..places.len();
    for group in trunk.iter_mut().chain(heads.iter_mut().map(|head| &mut head.layers)) {
        renumber(group, &all, &places);
    }
}

fn relocate(source: &mut Source, places: &[usize]) {
    if let Source::Operation(index) = source {
        *index = places[*index];
    }
}

/// Renumbers a group that stands within the operations `outer`, as they were numbered before.
fn renumber(group: &mut Group, outer: &Range<usize>, places: &[usize]) {
    let before = group.operations.clone();
    // The operations of a group stay side by side. One without any stands before what follows it or after what it follows.
    let start = match places.get(before.start) {
        Some(place) if outer.contains(&before.start) => *place,
        _ => before.start.checked_sub(1).and_then(|last| places.get(last)).map_or(0, |last| last + 1),
    };
    group.operations = start..start + before.len();
    relocate(&mut group.input, places);
    relocate(&mut group.output, places);
    for assertion in &mut group.assertions {
        relocate(&mut assertion.subject, places);
    }
    for child in children(&mut group.content) {
        renumber(child, if before.is_empty() { outer } else { &before }, places);
    }
}

fn children(content: &mut Content) -> &mut [Group] {
    match content {
        Content::Layer(_) => &mut [],
        Content::Sequence(children)
        | Content::Concat(children)
        | Content::Add(children)
        | Content::Repeat(children) => children,
        Content::Call(call) => children(&mut call.body),
    }
}
