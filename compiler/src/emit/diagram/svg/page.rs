//! The whole page: the trunk in columns, heads beside it, title and totals above.

use std::collections::BTreeSet;

use super::super::parts::{Cluster, HeadPart, Part, Picture, Title};
use super::drawing::{Anchor, Drawing, Line, Mark};
use super::place::{LINK, Within, head, link, place, sequence, takes_arrow};
use super::text::{BOX, SMALL, Span, wrap};
use crate::network::Phase;
use crate::report::{self, grouped};
use crate::shape::Shape;

/// A4 in points; a page is fine when it fits upright or across.
const PAPER: [f64; 2] = [595.0, 842.0];
/// Blank around everything, which printers need.
const BORDER: f64 = 14.0;
/// Between a column and the heads beside it.
const GUTTER: f64 = 10.0;
/// Between two columns, for the edge that leads from the bottom of one to the top of the next.
const CROSSING: f64 = 12.0;
/// Between the end of a column and that edge.
const TURN: f64 = 6.0;
/// The most columns that are tried.
const COLUMNS: usize = 8;
/// What opening and closing a frame takes, roughly: for the choice of breaks only.
const FRAME: f64 = 19.0;
/// Titles get this much room, however small the network is.
const LEAST_WIDTH: f64 = 170.0;

/// A page with everything on it; its corner is at 0, 0.
pub(super) struct Page {
    pub(super) marks: Vec<Mark>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A part of the trunk between two of which a column can end, and the frames around it.
struct Row {
    frames: Vec<(usize, Title)>,
    part: Part,
    input: Shape,
    height: f64,
}

/// Lays the picture out in as few columns as fit on A4, or as fit best.
pub(super) fn page(picture: &Picture<'_>) -> Page {
    let mut rows = Vec::new();
    let mut shape = picture.checked.input();
    add_rows(&picture.trunk, &[], &mut 0, &mut shape, &mut rows);
    let mut best: Option<(f64, Page)> = None;
    for columns in 1..=COLUMNS.min(rows.len()) {
        let page = titled(picture, arrange(picture, &rows, columns));
        let fit = fit(&page);
        if best.as_ref().is_none_or(|(most, _)| fit > *most) {
            best = Some((fit, page));
        }
        if fit >= 1.0 {
            break;
        }
    }
    best.map_or_else(|| titled(picture, Drawing::default()), |(_, page)| page)
}

/// By how much a page could grow, or must shrink, to fill A4.
fn fit(page: &Page) -> f64 {
    let [short, long] = PAPER;
    let upright = (short / page.width).min(long / page.height);
    upright.max((long / page.width).min(short / page.height))
}

/// The trunk as rows; plain sequences in frames are opened: such a frame can end in one column and go
/// on in the next.
fn add_rows(parts: &[Part], frames: &[(usize, Title)], next: &mut usize, shape: &mut Shape, rows: &mut Vec<Row>) {
    for part in parts {
        if let Part::Cluster(Cluster { title, body }) = part
            && let Part::Sequence(inner) = &**body
            && title.times == 1
            && title.what.is_empty()
        {
            *next += 1;
            let frames: Vec<_> = frames.iter().cloned().chain([(*next, title.clone())]).collect();
            add_rows(inner, &frames, next, shape, rows);
        } else {
            let (drawing, output) = place(part, *shape, Within::Sequence);
            rows.push(Row { frames: frames.to_vec(), part: part.clone(), input: *shape, height: drawing.height });
            *shape = output;
        }
    }
}

/// The rows of a column as parts again, with their frames; `seen` are the frames of earlier columns.
fn rebuilt(rows: &[Row], depth: usize, seen: &BTreeSet<usize>) -> Vec<Part> {
    let same = |a: &Row, b: &Row| match (a.frames.get(depth), b.frames.get(depth)) {
        (Some((a, _)), Some((b, _))) => a == b,
        _ => false,
    };
    let mut parts = Vec::new();
    for chunk in rows.chunk_by(same) {
        let Some(row) = chunk.first() else { continue };
        parts.push(match row.frames.get(depth) {
            None => row.part.clone(),
            Some((id, title)) => {
                let mut title = title.clone();
                if seen.contains(id) {
                    title.what = "(continued)".into();
                }
                Part::Cluster(Cluster { title, body: Box::new(Part::Sequence(rebuilt(chunk, depth + 1, seen))) })
            }
        });
    }
    parts
}

/// Where columns start, so that the longest is as short as it can be.
fn breaks(rows: &[Row], columns: usize) -> Vec<usize> {
    let costs: Vec<f64> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let before = index.checked_sub(1).and_then(|before| rows.get(before)).map_or(&[][..], |row| &row.frames);
            let opened = row.frames.iter().filter(|(id, _)| before.iter().all(|(other, _)| other != id));
            row.height + LINK + opened.map(|_| FRAME).sum::<f64>()
        })
        .collect();
    let starts = |capacity: f64| {
        let (mut starts, mut filled) = (vec![0], 0.0);
        for (index, cost) in costs.iter().enumerate() {
            if index > 0 && filled + cost > capacity {
                starts.push(index);
                filled = 0.0;
            }
            filled += cost;
        }
        starts
    };
    let mut low = costs.iter().copied().fold(0.0, f64::max);
    let mut high = costs.iter().sum::<f64>();
    while high - low > 0.5 {
        let middle = f64::midpoint(low, high);
        if starts(middle).len() > columns {
            low = middle;
        } else {
            high = middle;
        }
    }
    starts(high)
}

/// The trunk in columns, each with its heads to its right.
fn arrange(picture: &Picture<'_>, rows: &[Row], columns: usize) -> Drawing {
    let starts = breaks(rows, columns);
    let mut seen = BTreeSet::new();
    let mut drawn = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(rows.len());
        let Some((column, first)) = rows.get(*start..end).and_then(|column| Some((column, column.first()?))) else {
            continue;
        };
        let parts = rebuilt(column, 0, &seen);
        seen.extend(column.iter().flat_map(|row| row.frames.iter().map(|(id, _)| *id)));
        let (body, _) = sequence(&parts, first.input, Within::Sequence);
        drawn.push(if index == 0 {
            body
        } else {
            let mut column = link(first.input, parts.first().is_some_and(takes_arrow));
            column.add(body, 0.0, LINK);
            column
        });
    }
    let longest = drawn.iter().map(|column| column.height).fold(0.0, f64::max);
    let mut sheet = Drawing::default();
    let mut x = 0.0;
    let mut turn: Option<Vec<(f64, f64)>> = None;
    for column in drawn {
        let (axis, bottom) = (x + column.left, column.height);
        if let Some(mut points) = turn.take() {
            points.extend([(x - CROSSING / 2.0, 0.0), (axis, 0.0)]);
            sheet.wire(&points, false);
        }
        x = axis + column.right;
        let heads: Vec<(&HeadPart, f64, f64)> = picture
            .aside
            .iter()
            .filter_map(|head| {
                let (_, right, y) = column.exits.iter().find(|(id, ..)| *id == head.source)?;
                Some((head, axis + right, *y))
            })
            .collect();
        sheet.add(column, axis, 0.0);
        let lane = lane(&heads, x, longest);
        let low = bottom.max(lane.height) + TURN;
        x = x.max(lane.right) + CROSSING;
        sheet.add(lane, 0.0, 0.0);
        turn = Some(vec![(axis, bottom), (axis, low), (x - CROSSING / 2.0, low)]);
    }
    sheet
}

/// The heads beside a column, each as near to its source as there is room: `heads` come with the points where their edges start.
fn lane(heads: &[(&HeadPart, f64, f64)], start: f64, longest: f64) -> Drawing {
    let mut lane = Drawing::default();
    let drawn: Vec<(Drawing, f64)> = heads.iter().map(|(part, ..)| drawn_head(part)).collect();
    let mut tops: Vec<f64> = Vec::new();
    let mut free = 0.0_f64;
    for ((_, _, y), (drawing, entry)) in heads.iter().zip(&drawn) {
        tops.push(free.max(y - entry));
        free = tops.last().copied().unwrap_or(0.0) + drawing.height + GUTTER;
    }
    // What would hang over the end of the columns moves up as far as there is room.
    let mut limit = longest.max(drawn.iter().map(|(drawing, _)| drawing.height + GUTTER).sum::<f64>() - GUTTER);
    for (top, (drawing, _)) in tops.iter_mut().zip(&drawn).rev() {
        *top = top.min(limit - drawing.height);
        limit = *top - GUTTER;
    }
    let half = drawn.iter().map(|(drawing, _)| drawing.left).fold(0.0, f64::max);
    let mut bend = start + GUTTER / 2.0;
    let gutter = GUTTER + 3.0 * heads.iter().skip(1).map(|_| 1.0).sum::<f64>();
    let axis = start + gutter + half;
    for (((part, from, y), top), (drawing, entry)) in heads.iter().zip(tops).zip(drawn) {
        let (left, entry) = (axis - drawing.left, top + entry);
        let points = if (entry - y).abs() < 0.01 {
            vec![(*from, *y), (left, *y)]
        } else {
            vec![(*from, *y), (bend, *y), (bend, entry), (left, entry)]
        };
        bend += 3.0;
        lane.marks.push(Mark::Wire { points, is_dashed: part.phase == Phase::Training, has_arrow: false });
        lane.add(drawing, axis, top);
    }
    lane
}

fn drawn_head(part: &HeadPart) -> (Drawing, f64) {
    let small = |text: String| Span::new(&text, SMALL).soft();
    let mut header = vec![Span::new(&part.name, BOX).bold(), small(format!("from {}", part.from))];
    header.push(small(format!("loss weight {}", part.weight)));
    if part.phase == Phase::Training {
        header.push(small("only in training".into()));
    }
    head(&header, &part.parts, part.input, part.phase == Phase::Training)
}

/// A drawing with title and totals above it, moved to where the page's corner is 0, 0.
fn titled(picture: &Picture<'_>, drawing: Drawing) -> Page {
    let content = drawing.width().max(LEAST_WIDTH);
    let mut marks = Vec::new();
    let mut y = BORDER;
    let mut width = content;
    let mut write = |spans: Vec<Span>, advance: f64| {
        for span in spans {
            y += advance;
            width = width.max(span.width());
            marks.push(Mark::Text(Line { x: BORDER, y, anchor: Anchor::Start, spans: vec![span] }));
        }
    };
    let name = &picture.checked.network().name.value;
    write(wrap(name, 14.0, content / 1.13).into_iter().map(Span::bold).collect(), 14.0);
    for text in facts(picture) {
        write(wrap(&text, BOX, content).into_iter().map(Span::soft).collect(), 10.5);
    }
    let mut sheet = Drawing { marks, ..Drawing::default() };
    let top = y + 12.0;
    let height = top + drawing.height + BORDER;
    let left = BORDER + drawing.left + (width - drawing.width()) / 2.0;
    sheet.add(drawing, left, top);
    Page { marks: sheet.marks, width: width + 2.0 * BORDER, height }
}

/// What stands below the name.
fn facts(picture: &Picture<'_>) -> Vec<String> {
    let totals = report::report(picture.checked).totals;
    let (inference, training) = (totals.inference, totals.training);
    let costs = |total: report::Total| {
        format!("{} parameters, {} multiply-adds", grouped(total.parameters), grouped(total.multiply_adds))
    };
    let mut facts = vec![if inference.parameters == training.parameters {
        costs(inference)
    } else {
        format!("At inference {}; in training {}.", costs(inference), costs(training))
    }];
    facts.extend(picture.sentences.iter().cloned());
    facts
}
