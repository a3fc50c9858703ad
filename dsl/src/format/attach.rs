//! Gives every comment to the part that it stands at, and every part the empty line that stands before it.
//!
//! A comment on a line of its own belongs to the next part; where none follows, or (in YAML) it is indented more than
//! the next, to the end of the parts before it. A comment behind something belongs to what ends there, or to the part
//! that the line opens.

use super::origin::Origin;
use super::part::{Content, Note, Part};
use crate::Syntax;
use crate::comment::Comment;

/// Attaches all comments of a file, which come in order. Gives those at the end of the file, behind every part.
pub(super) fn attach(parts: &mut [Part], comments: &[Comment], origin: &Origin<'_>) -> Vec<Note> {
    prepare(parts, origin);
    let mut end = Vec::new();
    for comment in comments {
        attach_one(parts, &mut end, comment, origin);
    }
    end
}

/// Sorts parts by their places, and notes the empty lines before them.
fn prepare(parts: &mut [Part], origin: &Origin<'_>) {
    parts.sort_by_key(|part| part.place.start);
    for part in parts {
        part.notes.blank = origin.blank_above(part.place.start);
        prepare(&mut part.parameters, origin);
        if let Content::Parts(_, children) = &mut part.content {
            prepare(children, origin);
        }
    }
}

/// Gives the comment to one of the `parts`, or else to `end`, which is what stands behind them all.
fn attach_one(parts: &mut [Part], end: &mut Vec<Note>, comment: &Comment, origin: &Origin<'_>) {
    let position = comment.span.start();
    let next = parts.partition_point(|part| part.place.start <= position);
    let (before, after) = parts.split_at_mut(next);
    if let Some(previous) = before.last_mut() {
        if position < previous.place.end {
            return inside(previous, comment, origin);
        }
        if !comment.alone {
            if !origin.is_broken(&(previous.place.end..position)) {
                return behind(previous, comment, origin);
            }
        } else if let Some(end) = end_of(previous, origin.column(position), origin) {
            return end.push(note(comment, origin));
        }
    }
    match after.first_mut() {
        Some(next) => next.notes.before.push(note(comment, origin)),
        None => end.push(note(comment, origin)),
    }
}

/// Gives the comment to a part that stands around it.
fn inside(part: &mut Part, comment: &Comment, origin: &Origin<'_>) {
    if is_in_parameters(part, comment, origin) {
        return attach_one(&mut part.parameters, &mut part.notes.end, comment, origin);
    }
    match &mut part.content {
        Content::Leaf(_) if comment.alone => part.notes.before.push(note(comment, origin)),
        Content::Leaf(_) => part.notes.behind.push(comment.text.clone()),
        Content::Parts(_, children) => {
            let is_opening = is_opening(children, comment, origin);
            if is_opening && part.label.is_empty() {
                // The element of a list has no line that opens it.
                part.notes.before.push(note(comment, origin));
            } else if is_opening && !comment.alone {
                part.notes.opening.push(comment.text.clone());
            } else {
                attach_one(children, &mut part.notes.end, comment, origin);
            }
        }
    }
}

/// Whether the comment stands before all of the `children`, or behind the brace that opens the part in the text language,
/// where YAML makes entries of what stands before the brace.
fn is_opening(children: &[Part], comment: &Comment, origin: &Origin<'_>) -> bool {
    let position = comment.span.start();
    let Some(previous) = children[..children.partition_point(|child| child.place.start < position)].last() else {
        return true;
    };
    let between = origin.text.get(previous.place.end..position).unwrap_or_default();
    origin.syntax == Syntax::Text && !comment.alone && between.contains('{')
}

/// Whether the comment stands between parameters, or directly behind the last one.
fn is_in_parameters(part: &Part, comment: &Comment, origin: &Origin<'_>) -> bool {
    let (Some(first), Some(last)) = (part.parameters.first(), part.parameters.last()) else { return false };
    let position = comment.span.start();
    let is_behind_last = !comment.alone && {
        let between = origin.text.get(last.place.end..position).unwrap_or(")");
        !between.contains([')', ']', '\n'])
    };
    first.place.start < position && (position < last.place.end || is_behind_last)
}

/// Gives the comment to what ends before it on its line: the part, or in block style the last of what it holds.
fn behind(part: &mut Part, comment: &Comment, origin: &Origin<'_>) {
    if is_block(part, origin)
        && let Content::Parts(_, children) = &mut part.content
        && let Some(last) = children.last_mut()
    {
        return behind(last, comment, origin);
    }
    part.notes.behind.push(comment.text.clone());
}

/// Where a comment that stands alone in this column goes, if it is indented so far that it belongs to the end of `part`.
fn end_of<'p>(part: &'p mut Part, column: usize, origin: &Origin<'_>) -> Option<&'p mut Vec<Note>> {
    if origin.syntax == Syntax::Text || column <= origin.indent(part.place.start) || !is_block(part, origin) {
        return None;
    }
    if let Content::Parts(_, children) = &mut part.content
        && let Some(last) = children.last_mut()
        && let Some(end) = end_of(last, column, origin)
    {
        return Some(end);
    }
    Some(&mut part.notes.end)
}

/// Whether the part goes over lines and ends with what it holds, not with a bracket or a brace.
fn is_block(part: &Part, origin: &Origin<'_>) -> bool {
    part.children().last().is_some_and(|last| last.place.end == part.place.end) && origin.is_broken(&part.place)
}

fn note(comment: &Comment, origin: &Origin<'_>) -> Note {
    Note { text: comment.text.clone(), blank: origin.blank_above(comment.span.start()) }
}
