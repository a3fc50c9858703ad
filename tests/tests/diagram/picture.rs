//! SVG, read with an independent XML parser; texts are measured with the widths of a real font.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_tests::text;
use roxmltree::{Document, Node};

/// Left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area(pub(crate) [f64; 4]);

impl Area {
    /// Whether two areas share more than an edge.
    pub(crate) fn meets(self, other: Self) -> bool {
        let ([left, top, right, bottom], its) = (self.0, other.0);
        left.max(its[0]) + 0.05 < right.min(its[2]) && top.max(its[1]) + 0.05 < bottom.min(its[3])
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        let ([left, top, right, bottom], its) = (self.0, other.0);
        left <= its[0] + 0.05 && top <= its[1] + 0.05 && its[2] <= right + 0.05 && its[3] <= bottom + 0.05
    }
}

/// Texts and where they stand.
pub(crate) type Texts = Vec<(Area, String)>;

#[derive(Debug, Default)]
pub(crate) struct Picture {
    pub(crate) paper: Vec<f64>,
    pub(crate) boxes: Vec<(Area, String, Texts)>,
    pub(crate) frames: Vec<(Area, bool)>,
    pub(crate) texts: Texts,
    pub(crate) wires: Vec<(Area, bool)>,
    pub(crate) sizes: BTreeSet<String>,
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().trim_end_matches("pt").parse().unwrap()
}

fn rectangle(node: Node<'_, '_>) -> Area {
    let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| number(node, name));
    Area([x, y, x + width, y + height])
}

/// Widths of characters of a common, wide font, in units of its size.
fn widths() -> BTreeMap<(bool, char), f64> {
    let table: serde_json::Value = serde_json::from_str(&text("tests/data/dejavu_sans_widths.json")).unwrap();
    let mut widths = BTreeMap::new();
    for (name, is_bold) in [("regular", false), ("bold", true)] {
        for (character, width) in table[name].as_object().unwrap() {
            let key = (is_bold, character.chars().next().unwrap());
            widths.insert(key, width.as_f64().unwrap() / table["units"].as_f64().unwrap());
        }
    }
    widths
}

/// The room that a text takes in that font, from the ascent of capitals to the descent.
fn area(node: Node<'_, '_>, widths: &BTreeMap<(bool, char), f64>) -> (Area, String) {
    let size = number(node, "font-size");
    let mut width = 0.0;
    let mut words = String::new();
    for part in node.descendants().filter(Node::is_text) {
        let is_bold = part.parent().unwrap().attribute("font-weight") == Some("bold");
        words += part.text().unwrap();
        width += part.text().unwrap().chars().map(|c| widths[&(is_bold, c)]).sum::<f64>() * size;
    }
    let (x, y) = (number(node, "x"), number(node, "y"));
    let left = match node.attribute("text-anchor") {
        None => x,
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        Some(other) => panic!("{other}"),
    };
    (Area([left, y - 0.73 * size, left + width, y + 0.2 * size]), words)
}

/// The straight pieces of a path of M, L and Q, with whether they are dashed.
fn wire(node: Node<'_, '_>) -> Vec<(Area, bool)> {
    let spaced: String =
        node.attribute("d").unwrap().chars().map(|c| if "MLQ".contains(c) { ' ' } else { c }).collect();
    let numbers: Vec<f64> = spaced.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let points: Vec<[f64; 2]> = numbers.chunks(2).map(|pair| [pair[0], pair[1]]).collect();
    let is_dashed = node.attribute("stroke-dasharray").is_some();
    let piece = |pair: &[[f64; 2]]| {
        let ([a, b], [c, d]) = (pair[0], pair[1]);
        // A line is as wide as its stroke.
        (Area([a.min(c) - 0.3, b.min(d) - 0.3, a.max(c) + 0.3, b.max(d) + 0.3]), is_dashed)
    };
    points.windows(2).map(piece).collect()
}

pub(crate) fn read(svg: &str) -> Picture {
    let document = Document::parse(svg).unwrap();
    let widths = widths();
    let root = document.root_element();
    let mut picture = Picture { paper: vec![number(root, "width"), number(root, "height")], ..Picture::default() };
    for node in root.descendants().filter(Node::is_element) {
        picture.sizes.extend(node.attribute("font-size").map(String::from));
        let is_boxed = node.parent().unwrap().children().any(|child| child.has_tag_name("title")) && node != root;
        let class = node.attribute("class").unwrap_or_default();
        match node.tag_name().name() {
            "g" if node.children().any(|child| child.has_tag_name("title")) => {
                let rect = node.children().find(|child| child.has_tag_name("rect")).unwrap();
                let texts = node.children().filter(|child| child.has_tag_name("text")).map(|node| area(node, &widths));
                picture.boxes.push((rectangle(rect), rect.attribute("class").unwrap().into(), texts.collect()));
            }
            "rect" if class == "frame" => {
                picture.frames.push((rectangle(node), node.attribute("stroke-dasharray").is_some()));
            }
            "text" if !is_boxed || node.parent().unwrap() == root => picture.texts.push(area(node, &widths)),
            "path" if class == "wire" => picture.wires.extend(wire(node)),
            _ => {}
        }
    }
    picture
}
