//! How wide text is, without a font: an upper bound for the sans-serif fonts in common use.

/// Size of the text in boxes, in points.
pub(super) const BOX: f64 = 8.0;
/// Size of all smaller text, in points: shapes, branches, notes.
pub(super) const SMALL: f64 = 7.0;

/// A text of one size and weight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) size: f64,
    pub(super) is_bold: bool,
    /// Whether it is less important than what stands around it.
    pub(super) is_soft: bool,
}

impl Span {
    pub(super) fn new(text: &str, size: f64) -> Self {
        Self { text: text.into(), size, is_bold: false, is_soft: false }
    }

    pub(super) fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }

    pub(super) fn soft(self) -> Self {
        Self { is_soft: true, ..self }
    }

    /// Its width in points, at most.
    pub(super) fn width(&self) -> f64 {
        let ems: f64 = self.text.chars().map(if self.is_bold { bold_em } else { em }).sum();
        ems * self.size
    }
}

/// Width of spans with a blank between two.
pub(super) fn width(spans: &[Span]) -> f64 {
    let mut width = 0.0;
    for (index, span) in spans.iter().enumerate() {
        width += span.width() + if index > 0 { gap(span) } else { 0.0 };
    }
    width
}

/// The blank before a span.
fn gap(span: &Span) -> f64 {
    Span::new(" ", span.size).bold().width()
}

/// Width of a character in units of the font's size. The classes are those of `DejaVu` Sans, the widest of the fonts that readers
/// commonly fall back on; Arial and Helvetica need about a tenth less.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' => 0.28,
        ' ' | ',' | '.' | 'I' | 'J' => 0.32,
        '/' | ':' | ';' | '|' | '\\' => 0.34,
        'f' | '-' => 0.365,
        't' | '(' | ')' | '[' | ']' => 0.395,
        'r' | '!' => 0.415,
        's' | 'z' | '?' | '"' | '*' | '_' | '`' => 0.535,
        'c' | 'L' => 0.56,
        'v' | 'x' | 'y' | 'k' => 0.595,
        'w' | '#' | '+' | '<' | '=' | '>' | '^' | '~' | '×' | '→' => 0.84,
        'm' | 'M' | 'W' | '@' | '%' | '…' => 1.02,
        'a'..='z' | '0'..='9' | '$' | '{' | '}' | 'E' | 'F' | 'S' | 'T' | 'Y' => 0.64,
        'P' => 0.66,
        'A' | 'V' | 'X' | 'Z' | 'B' | 'R' | 'C' | 'K' => 0.7,
        'U' | 'N' | 'H' => 0.755,
        'D' | 'G' | 'O' | 'Q' | '&' => 0.79,
        // Scripts whose letters fill a square, and whatever else there is.
        '\u{1100}'.. => 1.2,
        _ => 1.0,
    }
}

/// Width of a character in bold type.
fn bold_em(c: char) -> f64 {
    em(c) + 0.085
}

/// Words in lines of at most `room` points; a longer word has a line of its own.
pub(super) fn wrap(text: &str, size: f64, room: f64) -> Vec<Span> {
    let mut lines: Vec<Span> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if Span::new(&format!("{} {word}", line.text), size).width() <= room => {
                line.text.push(' ');
                line.text.push_str(word);
            }
            _ => lines.push(Span::new(word, size)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Span, wrap};

    /// Advance widths of `DejaVu` Sans and of its bold face, from the fonts' own tables, in ems.
    #[test]
    fn no_character_is_wider_than_its_bound() {
        let regular = [
            ("'ijl", 0.278),
            ("IJ", 0.295),
            (" ,.", 0.318),
            ("/:;\\|", 0.337),
            ("f", 0.352),
            ("-", 0.361),
            ("()[]", 0.39),
            ("t", 0.392),
            ("!", 0.401),
            ("r", 0.411),
            ("\"", 0.46),
            ("*_`", 0.5),
            ("s", 0.521),
            ("z", 0.525),
            ("?", 0.531),
            ("c", 0.55),
            ("L", 0.557),
            ("F", 0.575),
            ("k", 0.579),
            ("vxy", 0.592),
            ("P", 0.603),
            ("TY", 0.611),
            ("o", 0.612),
            ("a", 0.613),
            ("e", 0.615),
            ("E", 0.632),
            ("hnu", 0.634),
            ("Sbdgpq", 0.635),
            ("$0123456789{}", 0.636),
            ("K", 0.656),
            ("AV", 0.684),
            ("XZ", 0.685),
            ("B", 0.686),
            ("R", 0.695),
            ("C", 0.698),
            ("U", 0.732),
            ("N", 0.748),
            ("H", 0.752),
            ("D", 0.77),
            ("G", 0.775),
            ("&", 0.78),
            ("OQ", 0.787),
            ("w", 0.818),
            ("#+<=>^~", 0.838),
            ("M", 0.863),
            ("%", 0.95),
            ("m", 0.974),
            ("W", 0.989),
            ("@", 1.0),
            ("×→", 0.838),
            ("…", 1.0),
        ];
        let bold = [
            ("'", 0.306),
            ("ijl", 0.343),
            (" ", 0.348),
            ("/\\|", 0.365),
            ("IJ", 0.372),
            (",.", 0.38),
            (":;", 0.4),
            ("-", 0.415),
            ("f", 0.435),
            ("!", 0.456),
            ("()[]", 0.457),
            ("t", 0.478),
            ("r", 0.493),
            ("_`", 0.5),
            ("z", 0.582),
            ("c", 0.593),
            ("s", 0.595),
            ("L", 0.637),
            ("x", 0.645),
            ("vy", 0.652),
            ("k", 0.665),
            ("a", 0.675),
            ("e", 0.678),
            ("T", 0.682),
            ("EF", 0.683),
            ("o", 0.687),
            ("$0123456789", 0.696),
            ("hnu{}", 0.712),
            ("bdgpq", 0.716),
            ("S", 0.72),
            ("Y", 0.724),
            ("Z", 0.725),
            ("P", 0.733),
            ("C", 0.734),
            ("B", 0.762),
            ("R", 0.77),
            ("X", 0.771),
            ("AV", 0.774),
            ("K", 0.775),
            ("U", 0.812),
            ("G", 0.821),
            ("D", 0.83),
            ("HN", 0.837),
            ("OQ", 0.85),
            ("w", 0.924),
            ("M", 0.995),
            ("%", 1.002),
            ("m", 1.042),
            ("W", 1.103),
        ];
        for (characters, width) in regular {
            for c in characters.chars() {
                assert!(Span::new(&c.to_string(), 1.0).width() >= width, "{c}");
            }
        }
        for (characters, width) in bold {
            for c in characters.chars() {
                assert!(Span::new(&c.to_string(), 1.0).bold().width() >= width, "bold {c}");
            }
        }
    }

    #[test]
    fn words_wrap() {
        let lines: Vec<String> = wrap("aa bb cccccccc d", 1.0, 4.0).into_iter().map(|line| line.text).collect();
        assert_eq!(lines, ["aa bb", "cccccccc", "d"]);
    }
}
