//! Nothing overlaps, every text fits, and what they show is what the paper says.

use googlenetc::diagram::{self, View};
use googlenetc_tests::{network, specs};

use super::faults::faults;
use super::picture::read;
use super::{ALL, compiled};

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
