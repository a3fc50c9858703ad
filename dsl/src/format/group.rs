//! What YAML puts under one key, and the text language has as statements of their own: blocks, defaults, heads.
//!
//! Comments find their parts in the form that the source has: groups are made before that in YAML, and behind it in the
//! text language; they are dissolved again where YAML becomes text.

use std::ops::Range;

use super::origin::Origin;
use super::part::{Content, Form, Note, Notes, Part};

/// Groups the parts of a spec, and the defaults of its blocks.
pub(super) fn everywhere(mut parts: Vec<Part>, origin: &Origin<'_>) -> Vec<Part> {
    for part in &mut parts {
        if let Content::Parts(_, children) = &mut part.content {
            *children = group(std::mem::take(children), &part.place, origin);
        }
    }
    group(parts, &(0..origin.text.len()), origin)
}

/// Puts parts of the same group under its key, where the first of them stands.
fn group(parts: Vec<Part>, within: &Range<usize>, origin: &Origin<'_>) -> Vec<Part> {
    let mut grouped: Vec<Part> = Vec::new();
    for mut part in parts {
        let Some(key) = part.group else {
            grouped.push(part);
            continue;
        };
        let label = format!("{key}:");
        if let Some(Part { content: Content::Parts(_, members), place, .. }) =
            grouped.iter_mut().find(|other| other.label == label && other.group == part.group)
        {
            place.end = place.end.max(part.place.end);
            members.push(part);
            continue;
        }
        let place = origin.place(key, within, Some(part.place.clone()));
        let (before, blank) = before_the_group(&mut part);
        let mut whole = Part::new(place, label, Content::Parts(Form::Lines, vec![part]));
        (whole.notes.before, whole.notes.blank, whole.group) = (before, blank, Some(key));
        grouped.push(whole);
    }
    grouped
}

/// Takes from the first member what stands before the whole group: the comments that an empty line parts from the member,
/// and that line.
fn before_the_group(first: &mut Part) -> (Vec<Note>, bool) {
    let notes = &mut first.notes;
    if notes.blank {
        notes.blank = false;
        return (std::mem::take(&mut notes.before), true);
    }
    let Some(last_blank) = notes.before.iter().rposition(|note| note.blank) else { return (Vec::new(), false) };
    let mut kept = notes.before.split_off(last_blank);
    for note in &mut kept {
        note.blank = false;
    }
    (std::mem::replace(&mut notes.before, kept), true)
}

/// Puts the parts of every group in its place, and those of the groups in blocks.
pub(super) fn dissolve_everywhere(parts: Vec<Part>, end: &mut Vec<Note>) -> Vec<Part> {
    let mut parts = dissolve(parts, end);
    for Part { content, notes, .. } in &mut parts {
        if let Content::Parts(_, children) = content {
            *children = dissolve(std::mem::take(children), &mut notes.end);
        }
    }
    parts
}

/// Puts the members of groups in their place. What stands before and at the end of a group goes to its neighbours; `end` is
/// what stands behind all parts.
fn dissolve(parts: Vec<Part>, end: &mut Vec<Note>) -> Vec<Part> {
    let mut dissolved: Vec<Part> = Vec::new();
    let mut left_over: Vec<Note> = Vec::new();
    for mut part in parts {
        let is_group = part.group.is_some_and(|key| part.label.strip_suffix(':') == Some(key));
        let members = match &mut part.content {
            Content::Parts(Form::Lines, members) if is_group => std::mem::take(members),
            Content::Parts(..) | Content::Leaf(_) => {
                prepend(&mut part, std::mem::take(&mut left_over), false);
                dissolved.push(part);
                continue;
            }
        };
        let Notes { before, blank, opening, behind, end } = part.notes;
        left_over.extend(before);
        let mut is_blank = blank;
        for text in opening.into_iter().chain(behind) {
            left_over.push(Note { text, blank: std::mem::take(&mut is_blank) });
        }
        for mut member in members {
            prepend(&mut member, std::mem::take(&mut left_over), std::mem::take(&mut is_blank));
            dissolved.push(member);
        }
        left_over = end;
    }
    left_over.append(end);
    *end = left_over;
    dissolved
}

/// Puts comments before those that stand before the part, and an empty line between.
fn prepend(part: &mut Part, mut notes: Vec<Note>, is_blank: bool) {
    match part.notes.before.first_mut() {
        Some(first) => first.blank |= is_blank,
        None => part.notes.blank |= is_blank,
    }
    notes.append(&mut part.notes.before);
    part.notes.before = notes;
}
