//! Pictures: nothing overlaps, every text fits, and what they show is what the paper says.
//!
//! The SVG is read with an independent XML parser, and texts are measured with the widths of a real font. DOT and Mermaid are read
//! by small parsers of what is used of their grammars.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use googlenetc::CheckedNetwork;
use googlenetc::diagram::{self, View};
use googlenetc_tests::{network, specs, text};
use roxmltree::{Document, Node};

const ALL: View = View { depth: None };

fn compiled(spec: &str) -> CheckedNetwork {
    let compilation = googlenetc::compile("page.yaml", spec);
    compilation.network.unwrap_or_else(|| panic!("{}", googlenetc::compile("page.yaml", spec).render(false)))
}

// --- SVG -----------------------------------------------------------------------------------------------------------------------

/// Left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area([f64; 4]);

impl Area {
    /// Whether two areas share more than an edge.
    fn meets(self, other: Self) -> bool {
        let ([left, top, right, bottom], its) = (self.0, other.0);
        left.max(its[0]) + 0.05 < right.min(its[2]) && top.max(its[1]) + 0.05 < bottom.min(its[3])
    }

    fn contains(self, other: Self) -> bool {
        let ([left, top, right, bottom], its) = (self.0, other.0);
        left <= its[0] + 0.05 && top <= its[1] + 0.05 && its[2] <= right + 0.05 && its[3] <= bottom + 0.05
    }
}

/// Texts and where they stand.
type Texts = Vec<(Area, String)>;

#[derive(Debug, Default)]
struct Picture {
    paper: Vec<f64>,
    boxes: Vec<(Area, String, Texts)>,
    frames: Vec<(Area, bool)>,
    texts: Texts,
    wires: Vec<(Area, bool)>,
    sizes: BTreeSet<String>,
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

fn read(svg: &str) -> Picture {
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

/// Says what overlaps or sticks out.
fn faults(picture: &Picture) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |holds: bool, words: String| faults.extend(holds.then_some(words));
    let paper = Area([0.0, 0.0, picture.paper[0], picture.paper[1]]);
    for (index, (area, class, texts)) in picture.boxes.iter().enumerate() {
        fault(!paper.contains(*area), format!("{class} {area:?} off the paper"));
        for (text, words) in texts {
            fault(!area.contains(*text), format!("`{words}` {text:?} sticks out of its box {area:?}"));
        }
        for (one, (text, words)) in texts.iter().enumerate() {
            let meets = texts[one + 1..].iter().any(|(other, _)| text.meets(*other));
            fault(meets, format!("`{words}` in a box with another text over it"));
        }
        for (other, other_class, _) in &picture.boxes[index + 1..] {
            fault(area.meets(*other), format!("{class} {area:?} and {other_class} {other:?} overlap"));
        }
        for (frame, _) in &picture.frames {
            let cuts = area.meets(*frame) && !frame.contains(*area);
            fault(cuts, format!("{class} {area:?} is cut by the frame {frame:?}"));
        }
        for (wire, _) in &picture.wires {
            fault(wire.meets(inner(*area)), format!("{class} {area:?} is crossed by {wire:?}"));
        }
    }
    for (index, (text, words)) in picture.texts.iter().enumerate() {
        fault(!paper.contains(*text), format!("`{words}` off the paper"));
        for (other, other_words) in &picture.texts[index + 1..] {
            fault(text.meets(*other), format!("`{words}` {text:?} and `{other_words}` {other:?} overlap"));
        }
        for (area, class, _) in &picture.boxes {
            fault(text.meets(*area), format!("`{words}` {text:?} over {class} {area:?}"));
        }
        for (frame, _) in &picture.frames {
            let cuts = text.meets(*frame) && !frame.contains(*text);
            fault(cuts, format!("`{words}` {text:?} is cut by the frame {frame:?}"));
        }
        for (wire, _) in &picture.wires {
            fault(text.meets(*wire), format!("`{words}` {text:?} is crossed by {wire:?}"));
        }
    }
    faults
}

/// An area without the outline, at which wires end.
fn inner(area: Area) -> Area {
    let [left, top, right, bottom] = area.0;
    Area([left + 0.5, top + 0.5, right - 0.5, bottom - 0.5])
}

#[test]
fn nothing_overlaps_and_every_text_fits() {
    for spec in specs() {
        for depth in [None, Some(1), Some(2), Some(3)] {
            let picture = read(&diagram::svg(&network(&spec), View { depth }));
            assert!(picture.boxes.len() >= 3, "{spec}");
            let faults = faults(&picture);
            assert!(faults.is_empty(), "{spec} at depth {depth:?}:\n{}", faults.join("\n"));
        }
    }
}

/// Every character that a name can have, twelve times in a row, in bold type and beside other text.
#[test]
fn names_fit_in_any_letters() {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['_', '-']).collect();
    let layer = |(index, c): (usize, &char)| format!("  n{index}{}: conv 3x3 4\n", String::from(*c).repeat(12));
    let layers: String = letters.iter().enumerate().map(layer).collect();
    let spec = format!(
        "network: WWWW mmmm\ninput: 3x32x32\nbody:\n{layers}heads: {{main: {{layers: [flatten, linear 10]}}}}\n"
    );
    let picture = read(&diagram::svg(&compiled(&spec), ALL));
    assert_eq!(picture.boxes.len(), letters.len() + 4);
    assert_eq!(faults(&picture), Vec::<String>::new());
}

/// The measures see faults: a text that is too long for its box, one that stands where another does, a box on its neighbour.
#[test]
fn faults_are_seen() {
    let svg = diagram::svg(&network("specs/googlenet.yaml"), ALL);
    let longer = svg.replacen(">conv 7x7/2<", ">conv 7x7/2 and more<", 1);
    assert!(faults(&read(&longer)).iter().any(|fault| fault.contains("sticks out")));
    let larger = svg.replacen("font-size=\"7\"", "font-size=\"70\"", 1);
    assert!(faults(&read(&larger)).iter().any(|fault| fault.contains("overlap")));
    let wider = svg.replacen("class=\"pool\" x=\"", "class=\"pool\" x=\"-", 1);
    assert!(faults(&read(&wider)).iter().any(|fault| fault.contains("off the paper")));
}

/// A4 is 210 mm x 297 mm, which is 595 x 842 points.
#[test]
fn googlenet_fits_on_a_page() {
    let picture = read(&diagram::svg(&network("specs/googlenet.yaml"), ALL));
    let (width, height) = (picture.paper[0], picture.paper[1]);
    assert!((width <= 595.0 && height <= 842.0) || (width <= 842.0 && height <= 595.0), "{width} x {height}");
    assert!(picture.sizes.iter().all(|size| size.parse::<f64>().unwrap() >= 7.0), "{:?}", picture.sizes);
}

/// The paper's Table 1: two convolutions and one in the stem, six in each of nine Inceptions, one in each auxiliary head; four
/// pools between, one in each Inception, one at the end and one in each auxiliary head; and so on.
#[test]
fn googlenet_is_the_papers() {
    let svg = diagram::svg(&network("specs/googlenet.yaml"), ALL);
    let picture = read(&svg);
    let count = |class: &str| picture.boxes.iter().filter(|(_, of, _)| of == class).count();
    let found = ["conv", "pool", "norm", "join", "linear", "other", "terminal"].map(|class| (class, count(class)));
    let expected = [
        ("conv", 3 + 9 * 6 + 2),
        ("pool", 4 + 9 + 1 + 2),
        ("norm", 2),
        ("join", 9),
        ("linear", 1 + 2 * 2),
        ("other", 2 + 2 * 2),
        ("terminal", 1 + 3),
    ];
    assert_eq!(found, expected);
    assert_eq!(picture.frames.len(), 9 + 3);
    assert_eq!(picture.frames.iter().filter(|(_, is_dashed)| *is_dashed).count(), 2);
    let shown: Vec<&str> = picture.texts.iter().map(|(_, words)| words.as_str()).collect();
    for words in [
        "3x224x224",
        "64x112x112",
        "64x56x56",
        "192x56x56",
        "192x28x28",
        "256x28x28",
        "480x28x28",
        "480x14x14",
        "512x14x14",
        "528x14x14",
        "832x14x14",
        "832x7x7",
        "1024x7x7",
        "1024x1x1",
        "1000",
        "from 4a",
        "from 4d",
        "loss weight 0.3",
        "only in training",
    ] {
        assert!(shown.contains(&words), "{words}");
    }
    assert!(
        svg.contains("prefers-color-scheme: dark") && svg.contains("<title id=\"diagram-title\">GoogLeNet</title>")
    );
    assert_eq!(svg, diagram::svg(&network("specs/googlenet.yaml"), ALL));
}

// --- DOT and Mermaid -----------------------------------------------------------------------------------------------------------

/// A graph as read: labels of nodes, titles of clusters, edges with labels and whether they are dashed.
#[derive(Debug, Default, PartialEq)]
struct Graph {
    nodes: BTreeMap<String, String>,
    clusters: Vec<String>,
    edges: Vec<(String, String, String, bool)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A word, or a text in quotes.
    Id(String),
    Sign(String),
}

/// The tokens of DOT: identifiers, quoted strings in which only `\"`, `\\` and `\n` are escapes, and signs.
fn tokens(dot: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = dot.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if c == '"' {
            let mut text = String::new();
            let mut characters = rest.char_indices().skip(1);
            let end = loop {
                match characters.next().expect("a string ends") {
                    (at, '"') => break at + 1,
                    (_, '\\') => text.push(match characters.next().unwrap().1 {
                        'n' => '\n',
                        c @ ('"' | '\\') => c,
                        c => panic!("\\{c}"),
                    }),
                    (_, c) => text.push(c),
                }
            };
            tokens.push(Token::Id(text.replace("&amp;", "&")));
            end
        } else if c.is_ascii_alphanumeric() || c == '_' || c == '.' {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Id(rest[..end].into()));
            end
        } else {
            let sign = if rest.starts_with("->") { "->" } else { &rest[..1] };
            assert!(["->", "{", "}", "[", "]", "=", ",", ";"].contains(&sign), "{sign}");
            tokens.push(Token::Sign(sign.into()));
            sign.len()
        };
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Dot {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    graph: Graph,
}

impl Dot {
    fn id(&mut self) -> String {
        match self.tokens.next() {
            Some(Token::Id(id)) => id,
            other => panic!("{other:?} for an identifier"),
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.tokens.next_if(|token| *token == Token::Sign(sign.into())).is_some()
    }

    fn must(&mut self, sign: &str) {
        assert!(self.takes(sign), "{sign} before {:?}", self.tokens.peek());
    }

    fn attributes(&mut self) -> BTreeMap<String, String> {
        let mut attributes = BTreeMap::new();
        if self.takes("[") {
            while !self.takes("]") {
                let name = self.id();
                self.must("=");
                attributes.insert(name, self.id());
                let _ = self.takes(",");
            }
        }
        attributes
    }

    /// `{ statement; ... }`, and what `label` was set to.
    fn body(&mut self) -> Option<String> {
        let mut label = None;
        self.must("{");
        while !self.takes("}") {
            let id = self.id();
            if id == "subgraph" {
                assert!(self.id().starts_with("cluster_"));
                let position = self.graph.clusters.len();
                self.graph.clusters.push(String::new());
                self.graph.clusters[position] = self.body().expect("a cluster has a label");
            } else if self.takes("=") {
                let value = self.id();
                label = if id == "label" { Some(value) } else { label };
            } else if self.takes("->") {
                let to = self.id();
                let attributes = self.attributes();
                let is_dashed = attributes.get("style").is_some_and(|style| style == "dashed");
                self.graph.edges.push((id, to, attributes["label"].clone(), is_dashed));
            } else {
                let attributes = self.attributes();
                if !["graph", "node", "edge"].contains(&id.as_str()) {
                    assert!(self.graph.nodes.insert(id, attributes["label"].clone()).is_none());
                }
            }
            let _ = self.takes(";");
        }
        label
    }
}

fn read_dot(dot: &str) -> Graph {
    let mut reader = Dot { tokens: tokens(dot).into_iter().peekable(), graph: Graph::default() };
    assert_eq!(reader.id(), "digraph");
    reader.id();
    reader.body();
    assert_eq!(reader.tokens.next(), None);
    reader.graph
}

/// A text of Mermaid: no quotes inside, characters by number.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (index, line) in text.split("<br/>").enumerate() {
        plain += if index > 0 { "\n" } else { "" };
        let mut parts = line.split('#');
        plain += parts.next().unwrap();
        for part in parts {
            let (code, rest) = part.split_once(';').expect("a number ends with a semicolon");
            plain.push(char::from_u32(code.parse().unwrap()).unwrap());
            plain += rest;
        }
    }
    assert!(!text.replace("<br/>", "").contains(['"', '<', '>', '`', '{', '}', '%', '&']), "{text}");
    plain
}

/// Every line is one statement: a node, the beginning or the end of a subgraph, an edge, a style.
fn read_mermaid(mermaid: &str) -> Graph {
    let mut graph = Graph::default();
    let mut depth = 0;
    let mut lines = mermaid.lines();
    assert_eq!(lines.next(), Some("flowchart TB"));
    assert!(lines.next().unwrap().starts_with("  accTitle: "));
    for line in lines.map(str::trim) {
        let is_id = |id: &str| id.len() > 1 && id[1..].bytes().all(|byte| byte.is_ascii_digit());
        if line == "end" {
            depth -= 1;
        } else if let Some(rest) = line.strip_prefix("subgraph ") {
            let (id, title) = rest.split_once("[\"").unwrap();
            assert!(is_id(id) && id.starts_with('c'));
            graph.clusters.push(plain(title.strip_suffix("\"]").unwrap()));
            depth += 1;
        } else if line.starts_with("classDef ") || line.starts_with("class ") || line.starts_with("style ") {
            assert!(!line.contains(['"', ';']), "{line}");
        } else if let Some((from, rest)) = line.split_once("->|\"") {
            let (label, to) = rest.split_once("\"| ").unwrap();
            let (from, arrow) = from.split_once(' ').unwrap();
            assert!(is_id(from) && is_id(to) && ["-", "-."].contains(&arrow), "{line}");
            graph.edges.push((from.into(), to.into(), plain(label), arrow == "-."));
        } else {
            let (id, label) = line.split_once(['[', '(']).unwrap();
            let label = label.trim_start_matches('[').strip_prefix('"').unwrap();
            let label = label.strip_suffix("\"]").or(label.strip_suffix("\"])")).unwrap();
            assert!(is_id(id), "{line}");
            assert!(graph.nodes.insert(id.into(), plain(label)).is_none());
        }
        assert!(depth >= 0);
    }
    assert_eq!(depth, 0);
    graph
}

fn graphs(network: &CheckedNetwork, view: View) -> [Graph; 2] {
    [read_dot(&diagram::dot(network, view)), read_mermaid(&diagram::mermaid(network, view))]
}

#[test]
fn dot_and_mermaid_say_the_same_of_every_spec() {
    for spec in specs() {
        for depth in [None, Some(1), Some(2)] {
            let network = network(&spec);
            let [dot, mermaid] = graphs(&network, View { depth });
            assert_eq!(dot, mermaid, "{spec}");
            let svg = read(&diagram::svg(&network, View { depth }));
            assert_eq!(svg.boxes.len(), dot.nodes.len(), "{spec}");
            for (from, to, ..) in &dot.edges {
                assert!(dot.nodes.contains_key(from) && dot.nodes.contains_key(to), "{spec}: {from} -> {to}");
            }
            // Everything but the input is reached.
            let reached: BTreeSet<&String> = dot.edges.iter().map(|(_, to, ..)| to).collect();
            assert_eq!(reached.len() + 1, dot.nodes.len(), "{spec}");
        }
    }
}

/// In each of nine Inceptions four edges go in, three lie inside, four are joined; the trunk, the heads and their outputs have an
/// edge for each node.
#[test]
fn edges_of_googlenet() {
    let [dot, _] = graphs(&network("specs/googlenet.yaml"), ALL);
    let (trunk, main, auxiliary) = (7 + 2, 4 + 1, 6 + 1);
    assert_eq!(dot.edges.len(), 9 * (4 + 3 + 4) + trunk + main + 2 * auxiliary);
    assert_eq!(dot.edges.iter().filter(|(.., is_dashed)| *is_dashed).count(), 2 * auxiliary);
    // The four branches of 3a and the convolution behind the pool of its last one; and the 3x3 convolution of 3b has 192 channels.
    assert_eq!(dot.edges.iter().filter(|(_, _, label, _)| label == "192x28x28").count(), 4 + 1 + 1);
    assert!(dot.clusters.contains(&"3a inception".into()));
    assert!(
        dot.clusters.contains(&"aux1 head from 4a\nloss weight 0.3\nonly in training".into()),
        "{:?}",
        dot.clusters
    );
}

const CHAIN: &str = "network: Chain\ninput: 4x8x8\nblocks:\n  twice: {layers: [conv 3x3 4, conv 3x3 4]}\nbody:\n  stage: {repeat: 20, layers: twice}\n";

#[test]
fn copies_are_drawn_once_unless_a_head_reads_one() {
    let end = "heads: {main: {layers: [flatten, linear 10]}}\n";
    let [dot, _] = graphs(&compiled(&format!("{CHAIN}{end}")), ALL);
    assert_eq!(dot.clusters, ["stage twice × 20", "main head"]);
    assert_eq!(dot.nodes.len(), 1 + 2 + 2 + 1);
    assert_eq!(dot.edges.len(), 1 + 1 + 1 + 1 + 1);
    let two = "heads: {main: {layers: [flatten, linear 10]}, side: {from: stage.4, layers: [flatten, linear 10]}}\n";
    let [dot, _] = graphs(&compiled(&format!("{CHAIN}{two}")), ALL);
    assert_eq!(dot.clusters[..3], ["stage", "twice × 5", "twice × 15"]);
    assert_eq!(faults(&read(&diagram::svg(&compiled(&format!("{CHAIN}{two}")), ALL))), Vec::<String>::new());
}

/// Inception-ResNet v2 repeats its blocks 10, 20 and 9 times and once more, says the paper's figure 15 as timm has it.
#[test]
fn repeats_of_inception_resnet() {
    let network = network("specs/inception-resnet-v2.yaml");
    let [dot, _] = graphs(&network, ALL);
    for title in ["repeat_0 block35 × 10", "repeat_1 block17 × 20", "repeat_2 block8 × 9"] {
        assert!(dot.clusters.contains(&title.into()), "{title}");
    }
}

/// Depth 1: 18 items of the trunk, three heads, their outputs, the input.
#[test]
fn depth_closes_parts() {
    let [dot, _] = graphs(&network("specs/googlenet.yaml"), View { depth: Some(1) });
    assert_eq!(dot.nodes.len(), 18 + 3 + 3 + 1);
    assert!(dot.nodes.values().any(|label| label == "3a\ninception"));
}

/// Words that mean something in one of the formats are names like others.
#[test]
fn names_that_are_words_of_the_formats() {
    let spec = "network: digraph\ninput: 3x8x8\nbody:\n  end: conv 1x1 4\n  subgraph: conv 1x1 4\n  node: conv 1x1 4\n  graph: conv 1x1 4\n  a--b: \
                conv 1x1 4\n  style: relu\n  x: {concat: {class: conv 1x1 2, o: conv 1x1 2, click: identity}}\nheads: {main: {layers: [flatten, \
                linear 10]}}\n";
    let network = compiled(spec);
    let [dot, mermaid] = graphs(&network, ALL);
    assert_eq!(dot, mermaid);
    for label in ["end\nconv 1x1", "a--b\nconv 1x1", "o\nconv 1x1"] {
        assert!(dot.nodes.values().any(|other| other == label), "{label}");
    }
    assert_eq!(faults(&read(&diagram::svg(&network, ALL))), Vec::<String>::new());
}
