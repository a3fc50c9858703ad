//! From the events of the YAML parser to nodes, with everything refused that a spec has no use for.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, options};

use super::node::{Kind, Node, Scalar};
use super::refuse;
use crate::limits::{DEEPEST, MOST_PARTS};
use crate::names::repeated;
use crate::reader::Reader;
use crate::source::{Span, Spanned};

/// A list or mapping whose end has not come yet.
struct Open {
    span: Span,
    flow: bool,
    children: Children,
}

enum Children {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<(Spanned<String>, Node)>, key: Option<Key>, seen: HashMap<String, Span> },
}

/// The key whose value comes next: a name, or something that cannot be one and has been reported.
enum Key {
    Name(Spanned<String>),
    Refused,
}

/// Reads the one document of a file. `None` for a file without one, or when it is not YAML.
///
/// It works on a stack of its own, so that no file can overflow the program's.
pub(super) fn document(reader: &mut Reader<'_>) -> Option<Node> {
    let options = options! {
        emit_comments: true,
        max_buffered_comment_events: usize::MAX,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut parts = 0;
    for event in Parser::new_from_str_with_options(reader.text, options) {
        let (event, span) = match event {
            Ok((event, span)) => (event, span),
            Err(error) => {
                refuse::unreadable(&error, reader);
                return None;
            }
        };
        let place = place(&span, reader);
        if matches!(event, Event::DocumentStart(..)) && root.is_some() {
            refuse::second_document(place, reader);
            break;
        }
        if let Some(tag) = event.tag() {
            refuse::tag(&tag.original(), span.tag_span().map_or(place, |tag| self::place(&tag, reader)), reader);
        }
        if let Some(node) = step(event, place, &mut open, reader) {
            parts += 1;
            refuse::too_many(parts > MOST_PARTS, place, reader)?;
            match open.last_mut() {
                Some(parent) => parent.take(node, reader),
                None => root = Some(node),
            }
        }
        refuse::too_deep(open.len() > DEEPEST, place, reader)?;
    }
    root
}

/// Takes one event; gives the node that it ends.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is open, and what is left carries no node")]
fn step(event: Event<'_>, place: Span, open: &mut Vec<Open>, reader: &mut Reader<'_>) -> Option<Node> {
    match event {
        Event::SequenceStart(style, ..) => open.push(Open::new(place, style, Children::Sequence(Vec::new()))),
        Event::MappingStart(style, ..) => open.push(Open::new(place, style, Children::mapping())),
        Event::SequenceEnd | Event::MappingEnd => return open.pop().map(|collection| collection.close(place)),
        Event::Scalar(text, style, ..) => return Some(scalar(&text, style, place, reader)),
        Event::Comment(..) => reader.comment(place.start(), place.end()),
        Event::Anchor(_, name) => refuse::anchor(&name, place, reader),
        Event::Alias(_) | Event::UnresolvedAlias(_) => {
            refuse::alias(place, reader);
            return Some(Node { kind: Kind::Refused, span: place });
        }
        _ => {}
    }
    None
}

fn place(span: &granit_parser::Span, reader: &Reader<'_>) -> Span {
    let range = span.byte_range().unwrap_or_default();
    reader.span(range.start, range.end)
}

fn scalar(text: &str, style: ScalarStyle, span: Span, reader: &Reader<'_>) -> Node {
    let source = reader.text.get(span.start()..span.end()).unwrap_or_default();
    if style == ScalarStyle::Plain && source.is_empty() {
        return Node { kind: Kind::Empty, span };
    }
    // The parser's span of a block of lines runs on through the next line's indentation.
    let span = span.ending_at(span.start() + source.trim_end().len());
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    let start = span.start() + usize::from(quoted);
    let literal = reader.text.get(start..).is_some_and(|rest| rest.starts_with(text));
    let scalar = Scalar { text: text.to_owned(), plain: style == ScalarStyle::Plain, start: literal.then_some(start) };
    Node { kind: Kind::Scalar(scalar), span }
}

impl Children {
    fn mapping() -> Self {
        Self::Mapping { entries: Vec::new(), key: None, seen: HashMap::new() }
    }
}

impl Open {
    fn new(span: Span, style: StructureStyle, children: Children) -> Self {
        Self { span, flow: style == StructureStyle::Flow, children }
    }

    /// Takes the next child, which in a mapping is a key and a value in turn.
    fn take(&mut self, node: Node, reader: &mut Reader<'_>) {
        let (entries, key, seen) = match &mut self.children {
            Children::Sequence(nodes) => return nodes.push(node),
            Children::Mapping { entries, key, seen } => (entries, key, seen),
        };
        match key.take() {
            None => *key = Some(name(node, reader)),
            Some(Key::Refused) => {}
            Some(Key::Name(name)) => {
                if let Some(&first) = seen.get(&name.value) {
                    return reader.report(repeated("key", &name, first));
                }
                seen.insert(name.value.clone(), name.span);
                entries.push((name, node));
            }
        }
    }

    /// The finished node; `end` is where the parser says that it ends.
    fn close(self, end: Span) -> Node {
        // In block style the parser puts the end at whatever comes next; the last child knows better.
        let (kind, last) = match self.children {
            Children::Sequence(nodes) => {
                let last = nodes.last().map(|node| node.span);
                (Kind::Sequence(nodes), last)
            }
            Children::Mapping { entries, .. } => {
                let last = entries.last().map(|(key, node)| key.span.to(node.span));
                (Kind::Mapping(entries), last)
            }
        };
        let span = if self.flow { self.span.to(end) } else { last.map_or(self.span, |last| self.span.to(last)) };
        Node { kind, span }
    }
}

fn name(node: Node, reader: &mut Reader<'_>) -> Key {
    match node.kind {
        Kind::Scalar(scalar) if scalar.plain && scalar.text == "<<" => refuse::merge(node.span, reader),
        Kind::Scalar(scalar) => {
            let place = scalar.piece(node.span, reader).span;
            return Key::Name(Spanned::new(scalar.text, place));
        }
        Kind::Sequence(_) | Kind::Mapping(_) | Kind::Empty => refuse::key(&node, reader),
        Kind::Refused => {}
    }
    Key::Refused
}
