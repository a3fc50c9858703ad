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

    /// Advance widths of `DejaVu` Sans, from the font's own table, in thousandths of an em.
    #[rustfmt::skip]
    const REGULAR: &[(&str, u32)] = &[
        ("'ijl", 278), ("IJ", 295), (" ,.", 318), ("/:;\\|", 337), ("f", 352), ("-", 361), ("()[]", 390),
        ("t", 392), ("!", 401), ("r", 411), ("\"", 460), ("*_`", 500), ("s", 521), ("z", 525), ("?", 531),
        ("c", 550), ("L", 557), ("F", 575), ("k", 579), ("vxy", 592), ("P", 603), ("TY", 611), ("o", 612),
        ("a", 613), ("e", 615), ("E", 632), ("hnu", 634), ("Sbdgpq", 635), ("$0123456789{}", 636), ("K", 656),
        ("AV", 684), ("XZ", 685), ("B", 686), ("R", 695), ("C", 698), ("U", 732), ("N", 748), ("H", 752),
        ("D", 770), ("G", 775), ("&", 780), ("OQ", 787), ("w", 818), ("#+<=>^~", 838), ("M", 863), ("%", 950),
        ("m", 974), ("W", 989), ("@", 1000), ("×→", 838), ("…", 1000),
    ];

    /// The same of its bold face.
    #[rustfmt::skip]
    const BOLD: &[(&str, u32)] = &[
        ("'", 306), ("ijl", 343), (" ", 348), ("/\\|", 365), ("IJ", 372), (",.", 380), (":;", 400), ("-", 415),
        ("f", 435), ("!", 456), ("()[]", 457), ("t", 478), ("r", 493), ("_`", 500), ("z", 582), ("c", 593),
        ("s", 595), ("L", 637), ("x", 645), ("vy", 652), ("k", 665), ("a", 675), ("e", 678), ("T", 682),
        ("EF", 683), ("o", 687), ("$0123456789", 696), ("hnu{}", 712), ("bdgpq", 716), ("S", 720), ("Y", 724),
        ("Z", 725), ("P", 733), ("C", 734), ("B", 762), ("R", 770), ("X", 771), ("AV", 774), ("K", 775),
        ("U", 812), ("G", 821), ("D", 830), ("HN", 837), ("OQ", 850), ("w", 924), ("M", 995), ("%", 1002),
        ("m", 1042), ("W", 1103),
    ];

    #[test]
    fn no_character_is_wider_than_its_bound() {
        for (characters, width) in REGULAR {
            for c in characters.chars() {
                assert!(Span::new(&c.to_string(), 1.0).width() * 1000.0 >= f64::from(*width), "{c}");
            }
        }
        for (characters, width) in BOLD {
            for c in characters.chars() {
                assert!(Span::new(&c.to_string(), 1.0).bold().width() * 1000.0 >= f64::from(*width), "bold {c}");
            }
        }
    }

    #[test]
    fn words_wrap() {
        let lines: Vec<String> = wrap("aa bb cccccccc d", 1.0, 4.0).into_iter().map(|line| line.text).collect();
        assert_eq!(lines, ["aa bb", "cccccccc", "d"]);
    }
}
