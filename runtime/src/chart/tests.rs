//! Charts, as data and as files.

use super::{Anchor, Chart, Ink, Line, Look, Mark, Panel, drawing, palette, png, svg};

fn chart() -> Chart {
    let line = |name: &str, colour, look, points: &[(f64, f64)]| Line {
        name: name.to_owned(),
        colour,
        look,
        points: points.to_vec(),
    };
    let lines = vec![
        line("", 0, Look::Pale, &[(0.1, 9.0), (0.5, 3.0), (1.0, 2.0), (1.5, 1.0), (2.0, 1.0)]),
        line("train <main>", 0, Look::Dots, &[(1.0, 2.5), (2.0, 1.0)]),
        line("test", 1, Look::Dashes, &[(1.0, 2.0), (2.0, 1.01)]),
    ];
    let rate = line("", 3, Look::Plain, &[(0.0, 0.0), (1.0, 0.001), (2.0, 0.0)]);
    let panels = vec![
        Panel { title: "Loss".to_owned(), shown: vec![0.0], lines },
        Panel { title: "Learning rate".to_owned(), shown: vec![0.0], lines: vec![rate] },
    ];
    Chart { across: "epochs".to_owned(), range: (0.0, 2.0), panels }
}

fn texts(chart: &Chart) -> Vec<(String, (f64, f64), Anchor)> {
    let marks = drawing(chart).marks.into_iter();
    marks
        .filter_map(|mark| if let Mark::Text { at, anchor, text, .. } = mark { Some((text, at, anchor)) } else { None })
        .collect()
}

#[test]
fn everything_lies_within_the_picture() {
    let drawing = drawing(&chart());
    for mark in &drawing.marks {
        let points = match mark {
            Mark::Line { points, .. } => points.clone(),
            Mark::Dot { at, .. } | Mark::Text { at, .. } => vec![*at],
        };
        for (x, y) in points {
            assert!((0.0..=drawing.width).contains(&x) && (0.0..=drawing.height).contains(&y), "{mark:?}");
        }
    }
}

#[test]
fn lines_are_named_at_their_ends_without_covering_each_other() {
    let texts = texts(&chart());
    let place = |name: &str| texts.iter().find(|(text, ..)| text == name).unwrap().1.1;
    assert!(place("train <main>") - place("test") >= 12.0, "{texts:?}");
}

#[test]
fn names_end_where_the_picture_ends() {
    let mut chart = chart();
    chart.panels[0].lines[2].name = "a run of which the name is long".to_owned();
    assert!(texts(&chart).iter().any(|(text, ..)| text == "a run of which the..."));
}

/// The outlier of the pale line, 9, does not squeeze the others.
#[test]
fn axes_have_round_numbers_and_bear_outliers_of_pale_lines() {
    let mut chart = chart();
    let pale = &mut chart.panels[0].lines[0].points;
    pale.splice(1..1, (0..100).map(|n| (0.1 + 0.004 * f64::from(n), 3.0)));
    let numbers: Vec<String> =
        texts(&chart).into_iter().filter(|(.., anchor)| *anchor == Anchor::End).map(|(text, ..)| text).collect();
    assert_eq!(
        numbers,
        ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "0.0000", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010"]
    );
}

#[test]
fn a_chart_without_points_is_drawn_too() {
    let empty = Chart { panels: vec![Panel::default()], ..Chart::default() };
    assert!(roxmltree::Document::parse(&svg(&empty, "")).is_ok());
    assert!(png(&empty).is_ok());
}

#[test]
fn svg_is_well_formed_and_says_what_it_shows() {
    let text = svg(&chart(), "Curves of <a> & b");
    let document = roxmltree::Document::parse(&text).unwrap();
    let of = |tag: &str| {
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", tag))).count()
    };
    assert_eq!(of("circle"), 4);
    let title = document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")));
    assert_eq!(title.unwrap().text(), Some("Curves of <a> & b"));
    // Every class has a colour for light and one for dark.
    for node in document.descendants() {
        let class = node.attribute("class").unwrap_or_default();
        assert!(class.is_empty() || text.matches(&format!("svg .{class}{{color:#")).count() == 2, "{class}");
    }
}

#[test]
fn png_shows_the_lines_in_their_colours_on_white() {
    let image = image::load_from_memory(&png(&chart()).unwrap()).unwrap().into_rgb8();
    let drawing = drawing(&chart());
    assert_eq!((f64::from(image.width()), f64::from(image.height())), (2.0 * drawing.width, 2.0 * drawing.height));
    assert_eq!(image.get_pixel(0, 0).0, [255; 3]);
    for ink in [Ink::Line(0), Ink::Line(1), Ink::Line(3), Ink::PaleLine(0), Ink::Grid] {
        let [light, _] = palette::colours(ink);
        assert!(image.pixels().any(|pixel| pixel.0 == light), "{ink:?}");
    }
    // In the middle of the first panel's first dot.
    let at = drawing.marks.iter().find_map(|mark| if let Mark::Dot { at, .. } = mark { Some(*at) } else { None });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies within the picture")]
    let [x, y] = [at.unwrap().0, at.unwrap().1].map(|place| (2.0 * place) as u32);
    assert_eq!(image.get_pixel(x, y).0, palette::colours(Ink::Line(0))[0]);
}

/// Contrast as WCAG 2 defines it, on white paper and on dark: at least 4.5 for words and lines. Pale lines stand behind the others.
#[test]
fn colours_can_be_read_in_light_and_dark() {
    let luminance = |colour: [u8; 3]| {
        let linear = colour.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    for ink in palette::inks().filter(|ink| !matches!(ink, Ink::Grid)) {
        for (colour, paper) in palette::colours(ink).into_iter().zip(palette::PAPER) {
            let [a, b] = [luminance(colour), luminance(paper)];
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            let pale = matches!(ink, Ink::PaleLine(_));
            assert!(if pale { (1.5..4.5).contains(&contrast) } else { contrast >= 4.5 }, "{ink:?}: {contrast:.2}");
        }
    }
}
