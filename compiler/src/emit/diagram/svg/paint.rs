//! Marks to SVG.
//!
//! Colours are plain attributes, for readers that know no CSS; a style sheet changes them where the reader's system is dark.

use super::super::parts::{Part, Picture};
use super::super::words::Role;
use super::drawing::{Anchor, Line, Mark, Rect};
use super::page::Page;
use super::place::STACK;

/// Widely available fonts; any other sans-serif font will do.
const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
/// How much corners are rounded.
const RADIUS: f64 = 3.0;

/// Fill and outline where the reader's system is dark.
fn dark(role: Role) -> [&'static str; 2] {
    match role {
        Role::Terminal => ["#0d1117", "#9aa4af"],
        Role::Convolution => ["#17304e", "#4f86c6"],
        Role::Linear => ["#2e2551", "#8a6fcb"],
        Role::Pool => ["#4a2021", "#c4635f"],
        Role::Norm => ["#163a24", "#4f9a67"],
        Role::Activation => ["#453610", "#b98d2a"],
        Role::Join => ["#31373f", "#7d8793"],
        Role::Other => ["#22272e", "#6e7681"],
        Role::Block => ["#123b3d", "#4a9da1"],
    }
}

/// The page as text.
pub(super) fn paint(page: &Page, picture: &Picture<'_>) -> String {
    let (width, height) = (number(page.width), number(page.height));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"diagram-title diagram-desc\" font-family=\"{FONTS}\">\n"
    );
    text += &format!("<title id=\"diagram-title\">{}</title>\n", escaped(&picture.checked.network().name.value));
    text += &format!("<desc id=\"diagram-desc\">{}</desc>\n", escaped(&description(picture)));
    text += &style();
    text += "<rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    text += "<g stroke-width=\"0.75\" stroke-linejoin=\"round\">\n";
    for mark in &page.marks {
        text += &self::mark(mark);
    }
    text + "</g>\n</svg>\n"
}

/// The trunk and the heads in words, for those who do not see the picture.
fn description(picture: &Picture<'_>) -> String {
    let steps: Vec<String> = picture.trunk.iter().skip(1).filter_map(step).collect();
    let mut text = format!("From the input, {}, to the output: {}.", picture.checked.input(), steps.join(", "));
    for head in &picture.aside {
        let steps: Vec<String> = head.parts.iter().filter_map(step).collect();
        text += &format!(" Head {} from {}: {}.", head.name, head.from, steps.join(", "));
    }
    text
}

fn step(part: &Part) -> Option<String> {
    match part {
        Part::Node(node) => Some(format!("{} to {}", node.name.as_ref().unwrap_or(&node.text), node.output)),
        Part::Cluster(cluster) => Some(cluster.title.line()),
        Part::Branches(branches) => Some(format!("{} to {}", branches.join.text, branches.join.output)),
        Part::Sequence(parts) => parts.iter().rev().find_map(step),
    }
}

/// What changes where the reader's system is dark.
fn style() -> String {
    let mut text = String::from("<style>@media (prefers-color-scheme: dark) {\n");
    text += ".paper { fill: #0d1117 } .frame { fill: #161b22; stroke: #3d444d }\n";
    text += ".ink { fill: #e6edf3 } .soft { fill: #9da7b3 } .wire { stroke: #8b949e } .tip { fill: #8b949e }\n";
    for role in Role::ALL {
        let [fill, line] = dark(role);
        text += &format!(".{} {{ fill: {fill}; stroke: {line} }}\n", role.class());
    }
    text + "}</style>\n"
}

fn mark(mark: &Mark) -> String {
    match mark {
        Mark::Box { rect, role, detail, lines } => {
            let [fill, outline] = role.colors();
            let radius = if *role == Role::Terminal { rect.height / 2.0 } else { RADIUS };
            let lines: String = lines.iter().map(line).collect();
            let frame = rectangle(*rect, role.class(), radius, &format!("fill=\"{fill}\" stroke=\"{outline}\""));
            format!("<g><title>{}</title>{frame}{lines}</g>\n", escaped(detail))
        }
        Mark::Frame { rect, is_dashed, is_stacked } => {
            let paint = format!("fill=\"#f6f8fa\" stroke=\"#c3ccd5\"{}", dashes(*is_dashed));
            let behind = Rect { x: rect.x + STACK, y: rect.y + STACK, ..*rect };
            let sheet = if *is_stacked { rectangle(behind, "frame", 5.0, &paint) } else { String::new() };
            format!("{sheet}{}\n", rectangle(*rect, "frame", 5.0, &paint))
        }
        Mark::Text(text) => line(text) + "\n",
        Mark::Wire { points, is_dashed, has_arrow } => {
            let tip = if *has_arrow { tip(points) } else { String::new() };
            let dashes = dashes(*is_dashed);
            format!("<path class=\"wire\" d=\"{}\" fill=\"none\" stroke=\"#57606a\"{dashes}/>{tip}\n", rounded(points))
        }
    }
}

fn dashes(is_dashed: bool) -> &'static str {
    if is_dashed { " stroke-dasharray=\"3.5 2.5\"" } else { "" }
}

fn rectangle(rect: Rect, class: &str, radius: f64, paint: &str) -> String {
    let [x, y, width, height, radius] = [rect.x, rect.y, rect.width, rect.height, radius].map(number);
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" {paint}/>"
    )
}

fn line(line: &Line) -> String {
    let anchor = match line.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let size = line.spans.first().map_or(0.0, |span| span.size);
    let spans: Vec<String> = line
        .spans
        .iter()
        .map(|span| {
            let weight = if span.is_bold { " font-weight=\"bold\"" } else { "" };
            let (class, ink) = if span.is_soft { ("soft", "#57606a") } else { ("ink", "#1f2328") };
            format!("<tspan class=\"{class}\" fill=\"{ink}\"{weight}>{}</tspan>", escaped(&span.text))
        })
        .collect();
    let [x, y, size] = [line.x, line.y, size].map(number);
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}>{}</text>", spans.join(" "))
}

/// A path with right angles, its corners rounded.
fn rounded(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| points.get(before));
        match (before, points.get(index + 1)) {
            (Some(before), Some(after)) => {
                let radius = RADIUS.min(distance(*before, *point) / 2.0).min(distance(*point, *after) / 2.0);
                let (from, to) = (towards(*point, *before, radius), towards(*point, *after, radius));
                path += &format!("L{} Q{} {}", pair(from), pair(*point), pair(to));
            }
            (None, _) => path += &format!("M{}", pair(*point)),
            (Some(_), None) => path += &format!("L{}", pair(*point)),
        }
    }
    path
}

fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    (from.0 - to.0).abs() + (from.1 - to.1).abs()
}

/// The point `way` from `from` on the way to `to`.
fn towards(from: (f64, f64), to: (f64, f64), way: f64) -> (f64, f64) {
    let part = if distance(from, to) > 0.0 { way / distance(from, to) } else { 0.0 };
    (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
}

/// The tip of an arrow that points downwards.
fn tip(points: &[(f64, f64)]) -> String {
    points.last().map_or_else(String::new, |(x, y)| {
        let [x, y] = [*x, *y].map(number);
        format!("<path class=\"tip\" d=\"M{x} {y}l-2-4h4z\" fill=\"#57606a\"/>")
    })
}

fn pair((x, y): (f64, f64)) -> String {
    format!("{} {}", number(x), number(y))
}

/// A number with at most two decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Text of XML, also within quotes; characters that XML cannot hold are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}
