//! Colours: dark enough for white paper, and light enough for dark.

use super::Ink;

/// Of lines, on white paper and on dark. The hues follow one another so that neighbours differ for colour-blind people too.
const LINES: [[[u8; 3]; 2]; 6] = [
    [[9, 105, 218], [88, 166, 255]],
    [[188, 76, 0], [240, 136, 62]],
    [[26, 127, 55], [86, 211, 100]],
    [[130, 80, 223], [188, 140, 255]],
    [[191, 57, 137], [247, 120, 186]],
    [[110, 119, 129], [201, 209, 217]],
];

pub(super) const PAPER: [[u8; 3]; 2] = [[255, 255, 255], [13, 17, 23]];

/// How much of a pale line's colour is left beside that of white paper, and of dark, of 255: the eye tells less apart in the dark.
const PALE: [u16; 2] = [95, 140];

/// Every ink that there is.
pub(super) fn inks() -> impl Iterator<Item = Ink> {
    let lines = (0..LINES.len()).flat_map(|number| [Ink::Line(number), Ink::PaleLine(number)]);
    [Ink::Text, Ink::Soft, Ink::Grid].into_iter().chain(lines)
}

/// The colour on white paper, and on dark.
pub(super) fn colours(ink: Ink) -> [[u8; 3]; 2] {
    let line = |number: usize| LINES.get(number % LINES.len()).copied().unwrap_or_default();
    match ink {
        Ink::Text => [[31, 35, 40], [230, 237, 243]],
        Ink::Soft => [[87, 96, 106], [157, 167, 179]],
        Ink::Grid => [[225, 228, 232], [48, 54, 61]],
        Ink::Line(number) => line(number),
        Ink::PaleLine(number) => {
            let [light, dark] = line(number);
            let [(white, on_white), (black, on_black)] = [(PAPER[0], PALE[0]), (PAPER[1], PALE[1])];
            [mixed(light, white, on_white), mixed(dark, black, on_black)]
        }
    }
}

/// The class of what is drawn with an ink, in SVG.
pub(super) fn class(ink: Ink) -> String {
    match ink {
        Ink::Text => "t".to_owned(),
        Ink::Soft => "s".to_owned(),
        Ink::Grid => "g".to_owned(),
        Ink::Line(number) => format!("l{}", number % LINES.len()),
        Ink::PaleLine(number) => format!("p{}", number % LINES.len()),
    }
}

fn mixed(colour: [u8; 3], paper: [u8; 3], share: u16) -> [u8; 3] {
    let mut mixed = colour;
    for (value, paper) in mixed.iter_mut().zip(paper) {
        let sum = u16::from(*value) * share + u16::from(paper) * (255 - share);
        *value = u8::try_from(sum / 255).unwrap_or(u8::MAX);
    }
    mixed
}
