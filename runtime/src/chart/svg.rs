//! A chart as SVG, on white paper, or dark where the reader's system is dark.

use super::palette::{PAPER, class, colours, inks};
use super::{Anchor, Chart, LETTERS, Mark, drawing};

/// The chart as an SVG element, which is also a file of its own. `title` is for those who do not see it.
pub(crate) fn svg(chart: &Chart, title: &str) -> String {
    let drawing = drawing(chart);
    let [width, height] = [drawing.width, drawing.height].map(number);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"{LETTERS}\">\n<title>{}</title>\n{}",
        escaped(title),
        style()
    );
    text += &format!("<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n");
    for mark in &drawing.marks {
        text += &self::mark(mark);
        text.push('\n');
    }
    text + "</svg>\n"
}

/// The colours; what is drawn takes the current one.
fn style() -> String {
    let of = |theme: usize| -> String {
        let inks = inks().map(|ink| format!("svg .{}{{color:{}}}", class(ink), hex(colours(ink).get(theme))));
        format!("svg .paper{{color:{}}}{}", hex(PAPER.get(theme)), inks.collect::<String>())
    };
    format!(
        "<style>svg path{{stroke:currentColor;fill:none;stroke-linejoin:round}}svg rect,svg circle,svg text{{fill:currentColor}}{}\n\
         @media(prefers-color-scheme:dark){{{}}}</style>\n",
        of(0),
        of(1)
    )
}

fn hex(colour: Option<&[u8; 3]>) -> String {
    let [red, green, blue] = colour.copied().unwrap_or_default();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn mark(mark: &Mark) -> String {
    match mark {
        Mark::Line { points, ink, width, is_dashed } => {
            let dashes = if *is_dashed { " stroke-dasharray=\"5 3\"" } else { "" };
            let pairs: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", number(*x), number(*y))).collect();
            let (class, width) = (class(*ink), number(*width));
            format!("<path class=\"{class}\" d=\"M{}\" stroke-width=\"{width}\"{dashes}/>", pairs.join("L"))
        }
        Mark::Dot { at: (x, y), ink } => {
            format!("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"2.5\"/>", class(*ink), number(*x), number(*y))
        }
        Mark::Text { at: (x, y), anchor, ink, is_bold, text } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let weight = if *is_bold { " font-weight=\"bold\"" } else { "" };
            let (class, x, y) = (class(*ink), number(*x), number(*y));
            format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}{weight}>{}</text>", escaped(text))
        }
    }
}

/// A number with at most one decimal.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".into() } else { text.into() }
}

/// Text of XML and HTML, also within quotes; characters that XML cannot hold are replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}
