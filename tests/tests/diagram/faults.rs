//! What overlaps in a picture, or sticks out.

use googlenetc::diagram;
use googlenetc_tests::network;

use super::ALL;
use super::picture::{Area, Picture, read};

/// Says what overlaps or sticks out.
pub(crate) fn faults(picture: &Picture) -> Vec<String> {
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
