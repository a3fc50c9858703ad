//! Where the parts of a picture go.

use super::super::parts::{Branches, Cluster, Node, Part, Title};
use super::super::words::Role;
use super::drawing::{Anchor, Drawing, Line, Mark, Rect};
use super::text::{BOX, SMALL, Span, width};
use crate::shape::Shape;

/// Height of an edge with a shape on it.
pub(super) const LINK: f64 = 14.0;
/// Where the text of a link stands.
const LINK_TEXT: f64 = 8.2;
/// Height of what leads to the branches: a bar, their names, arrows.
const FORK: f64 = 18.0;
/// Height of the bar where branches meet.
const JOIN: f64 = 11.0;
/// Between two branches.
const BETWEEN: f64 = 6.0;
/// Around what stands in a cluster.
const PADDING: f64 = 5.0;
/// Height of a cluster's title.
const TITLE: f64 = 12.0;
/// Where the first line of a title stands.
const FIRST_LINE: f64 = 9.5;
/// A title of this width stays in one line, also where that makes its cluster wider.
const SHORT_TITLE: f64 = 70.0;
/// From one line of text to the next.
const NEXT_LINE: f64 = 8.5;
/// Blank at both sides of the text in a box.
const MARGIN: f64 = 3.5;
/// How far the sheets behind a cluster of copies stick out.
pub(super) const STACK: f64 = 3.0;

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// In a sequence, which has room for names.
    Sequence,
    /// In one of several branches.
    Branch,
}

/// Draws a part that gets a value of shape `input`, and says what it hands on. Its edges come and go on the axis.
pub(super) fn place(part: &Part, input: Shape, within: Within) -> (Drawing, Shape) {
    match part {
        Part::Node(node) => (self::node(node, within), node.output),
        Part::Sequence(parts) => sequence(parts, input, within),
        Part::Branches(branches) => (self::branches(branches, input), branches.join.output),
        Part::Cluster(cluster) => self::cluster(cluster, input, within),
    }
}

/// Whether the edge that comes in ends there, so that it has an arrow; it goes on into clusters and to branches.
pub(super) fn takes_arrow(part: &Part) -> bool {
    match part {
        Part::Node(_) => true,
        Part::Sequence(parts) => parts.first().is_some_and(takes_arrow),
        Part::Branches(_) | Part::Cluster(_) => false,
    }
}

/// Whether nothing reads what a part hands on.
fn is_end(part: &Part) -> bool {
    match part {
        Part::Node(node) => node.role == Role::Terminal,
        Part::Sequence(parts) => parts.last().is_some_and(is_end),
        Part::Branches(_) | Part::Cluster(_) => false,
    }
}

pub(super) fn sequence(parts: &[Part], input: Shape, within: Within) -> (Drawing, Shape) {
    let mut drawing = Drawing::default();
    let mut shape = input;
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            let top = drawing.height;
            drawing.add(link(shape, takes_arrow(part)), 0.0, top);
        }
        let (next, output) = place(part, shape, within);
        let top = drawing.height;
        drawing.add(next, 0.0, top);
        shape = output;
    }
    (drawing, shape)
}

/// An edge that says what shape runs along it.
pub(super) fn link(shape: Shape, has_arrow: bool) -> Drawing {
    let mut drawing = Drawing { height: LINK, ..Drawing::default() };
    drawing.wire(&[(0.0, 0.0), (0.0, LINK_TEXT - 6.2)], false);
    drawing.centred(0.0, LINK_TEXT, vec![Span::new(&shape.to_string(), SMALL).soft()]);
    drawing.wire(&[(0.0, LINK_TEXT + 2.0), (0.0, LINK)], has_arrow);
    drawing
}

fn node(node: &Node, within: Within) -> Drawing {
    let text = Span::new(&node.text, BOX);
    // A name that says no more than the text does is left out.
    let is_new = |name: &&String| within == Within::Sequence && node.text.split(' ').next() != Some(name.as_str());
    let name = node.name.as_ref().filter(is_new).map(|name| Span::new(name, BOX).bold());
    let notes: Vec<Span> = node.notes.iter().map(|note| Span::new(note, SMALL).soft()).collect();
    let first = width(&name.iter().cloned().chain([text.clone()]).collect::<Vec<_>>());
    let half = notes.iter().map(Span::width).fold(first, f64::max) / 2.0 + MARGIN;
    let mut baseline = 9.0;
    let mut lines = match name {
        // The two ends of the box: anchors that every reader of SVG knows how to treat.
        Some(name) => vec![
            Line { x: MARGIN - half, y: baseline, anchor: Anchor::Start, spans: vec![name] },
            Line { x: half - MARGIN, y: baseline, anchor: Anchor::End, spans: vec![text] },
        ],
        None => vec![Line { x: 0.0, y: baseline, anchor: Anchor::Middle, spans: vec![text] }],
    };
    for note in notes {
        baseline += NEXT_LINE;
        lines.push(Line { x: 0.0, y: baseline, anchor: Anchor::Middle, spans: vec![note] });
    }
    boxed(node, half, half, baseline + 3.5, lines)
}

fn boxed(node: &Node, left: f64, right: f64, height: f64, lines: Vec<Line>) -> Drawing {
    let rect = Rect { x: -left, y: 0.0, width: left + right, height };
    let mark = Mark::Box { rect, role: node.role, detail: node.detail.clone(), lines };
    Drawing { marks: vec![mark], left, right, height, exits: vec![(node.id, right, height / 2.0)] }
}

fn branches(branches: &Branches, input: Shape) -> Drawing {
    let placed: Vec<(Drawing, Shape, bool, bool)> = branches
        .branches
        .iter()
        .map(|branch| {
            let (mut drawing, shape) = place(&branch.part, input, Within::Branch);
            // Room for the shapes above and below, and for the branch's name.
            let name = Span::new(&branch.name, SMALL).width() / 2.0;
            let room = name.max(Span::new(&shape.to_string(), SMALL).width() / 2.0);
            drawing.left = drawing.left.max(room);
            drawing.right = drawing.right.max(room);
            let is_empty = matches!(&branch.part, Part::Sequence(parts) if parts.is_empty());
            (drawing, shape, is_empty, takes_arrow(&branch.part))
        })
        .collect();
    let gaps = placed.iter().skip(1).map(|_| BETWEEN).sum::<f64>();
    let all = placed.iter().map(|(drawing, ..)| drawing.width()).sum::<f64>() + gaps;
    let deepest = placed.iter().map(|(drawing, ..)| drawing.height).fold(0.0, f64::max);
    let bar = FORK + deepest + LINK;
    let mut fork = Drawing::default();
    let mut bodies = Drawing::default();
    let mut start = if let [(only, ..)] = placed.as_slice() { -only.left } else { -all / 2.0 };
    let (mut first, mut last) = (0.0_f64, 0.0_f64);
    for (branch, (drawing, shape, is_empty, has_arrow)) in branches.branches.iter().zip(placed) {
        let axis = start + drawing.left;
        (first, last) = (first.min(axis), last.max(axis));
        start = axis + drawing.right + BETWEEN;
        fork.wire(&[(0.0, 0.0), (0.0, 3.0), (axis, 3.0), (axis, 6.0)], false);
        fork.centred(axis, 12.0, vec![Span::new(&branch.name, SMALL).soft()]);
        let bottom = FORK + drawing.height;
        if is_empty {
            fork.wire(&[(axis, 14.0), (axis, bar)], true);
        } else {
            fork.wire(&[(axis, 14.0), (axis, FORK)], has_arrow);
            fork.wire(&[(axis, bottom), (axis, bottom + LINK_TEXT - 6.2)], false);
            fork.centred(axis, bottom + LINK_TEXT, vec![Span::new(&shape.to_string(), SMALL).soft()]);
            fork.wire(&[(axis, bottom + LINK_TEXT + 2.0), (axis, bar)], true);
        }
        bodies.add(drawing, axis, FORK);
    }
    fork.add(bodies, 0.0, 0.0);
    let right = fork.right;
    fork.exits.iter_mut().for_each(|exit| exit.1 = right);
    fork.add(join(&branches.join, first, last), 0.0, bar);
    fork
}

/// The bar where branches meet, from the first branch's axis to the last one's.
fn join(node: &Node, first: f64, last: f64) -> Drawing {
    let spans = vec![Span::new(&node.text, SMALL)];
    let half = width(&spans) / 2.0 + MARGIN;
    let lines = vec![Line { x: 0.0, y: 8.0, anchor: Anchor::Middle, spans }];
    boxed(node, half.max(12.0 - first), half.max(last + 12.0), JOIN, lines)
}

fn cluster(cluster: &Cluster, input: Shape, within: Within) -> (Drawing, Shape) {
    let (body, output) = place(&cluster.body, input, within);
    (framed(&cluster.title, &cluster.body, body), output)
}

/// A cluster around a drawing of its body: the title to the left of the axis, so that it does not cross the edge that comes in.
fn framed(title: &Title, part: &Part, body: Drawing) -> Drawing {
    let lines = title_lines(title, body.left - PADDING);
    let widest = lines.iter().map(|spans| width(spans)).fold(0.0, f64::max);
    let left = (body.left + PADDING).max(widest + 2.0 * PADDING);
    // A frame that is much wider on one side looks lost.
    let right = (body.right + PADDING).max(left.min(body.right + 4.0 * PADDING));
    let top = TITLE + lines.iter().skip(1).map(|_| NEXT_LINE).sum::<f64>();
    let bottom = top + body.height;
    let is_stacked = title.times > 1;
    let stack = if is_stacked { STACK } else { 0.0 };
    let rect = Rect { x: -left, y: 0.0, width: left + right, height: bottom + PADDING };
    let height = rect.height + stack;
    let mut drawing = Drawing { left, right: right + stack, height, ..Drawing::default() };
    drawing.marks.push(Mark::Frame { rect, is_dashed: false, is_stacked });
    let mut y = FIRST_LINE;
    for spans in lines {
        drawing.marks.push(Mark::Text(Line { x: PADDING - left, y, anchor: Anchor::Start, spans }));
        y += NEXT_LINE;
    }
    drawing.wire(&[(0.0, 0.0), (0.0, top)], takes_arrow(part));
    drawing.add(body, 0.0, top);
    if !is_end(part) {
        drawing.wire(&[(0.0, bottom), (0.0, height)], false);
    }
    drawing
}

/// A title in one line where there is room for it, or else in two.
fn title_lines(title: &Title, room: f64) -> Vec<Vec<Span>> {
    let present =
        |spans: &[&Span]| spans.iter().filter(|span| !span.text.is_empty()).map(|span| (*span).clone()).collect();
    let name = Span::new(&title.name, BOX).bold();
    let what = Span::new(&title.what, BOX).soft();
    let copies = Span::new(&title.copies(), BOX).bold();
    let line: Vec<Span> = present(&[&name, &what, &copies]);
    if width(&line) <= room.max(SHORT_TITLE) || name.text.is_empty() || what.text.is_empty() {
        return vec![line];
    }
    vec![vec![name], present(&[&what, &copies])]
}

/// A head beside the trunk: its name and when it runs above, then its layers. Its edge comes in from the left, at the height that is
/// returned.
pub(super) fn head(header: &[Span], parts: &[Part], input: Shape, is_dashed: bool) -> (Drawing, f64) {
    let (body, _) = sequence(parts, input, Within::Sequence);
    let mut texts = FIRST_LINE;
    let mut lines = Vec::new();
    for span in header {
        lines.push((texts, span.clone()));
        texts += NEXT_LINE;
    }
    let entry = texts - 3.0;
    let widest = header.iter().map(Span::width).fold(0.0, f64::max);
    let half = (body.left.max(body.right) + PADDING).max(widest / 2.0 + PADDING);
    let top = entry + LINK;
    let height = top + body.height + PADDING;
    let mut drawing = Drawing { left: half, right: half, height, ..Drawing::default() };
    drawing.marks.push(Mark::Frame {
        rect: Rect { x: -half, y: 0.0, width: 2.0 * half, height },
        is_dashed,
        is_stacked: false,
    });
    for (y, span) in lines {
        drawing.marks.push(Mark::Text(Line { x: PADDING - half, y, anchor: Anchor::Start, spans: vec![span] }));
    }
    drawing.marks.push(Mark::Wire {
        points: vec![(-half, entry), (0.0, entry), (0.0, entry + 2.0)],
        is_dashed,
        has_arrow: false,
    });
    drawing.add(link(input, parts.first().is_some_and(takes_arrow)), 0.0, entry);
    drawing.add(body, 0.0, top);
    (drawing, entry)
}
