//! The commonest JPEG files, to the last bit as libjpeg and so Pillow decode them: baseline, one scan, 8 bits, grey or YCbCr with
//! all of the colour, half of the columns of it, or half of the columns and rows.
//!
//! Whatever is not quite that, damaged files too, is left to the decoder for all kinds.

mod colour;
mod cosine;
mod huffman;

use super::{Limits, Stored};
use crate::data::ImageSize;
use colour::Plane;
use huffman::{Bits, Codes};
use image::metadata;

/// The order in which the coefficients of a block are stored: their places by rows.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// What stands before the pixels.
#[derive(Default)]
struct Header {
    /// Divisors that were taken off, in zigzag order.
    quantisers: [Option<[i32; 64]>; 4],
    /// For the first coefficient of a block, and for the others.
    codes: [[Option<Codes>; 4]; 2],
    width: usize,
    height: usize,
    components: Vec<Component>,
    /// Blocks between restarts; 0: there are none.
    interval: usize,
    is_jfif: bool,
    adobe: Option<u8>,
    orientation: Option<metadata::Orientation>,
}

struct Component {
    name: u8,
    /// Blocks in each unit, columns and rows.
    across: usize,
    down: usize,
    quantiser: usize,
    /// Which codes, of the first coefficients and of the others.
    codes: [usize; 2],
}

/// The image, if the file is one of these and whole.
pub(super) fn decode(bytes: &[u8], limits: Limits) -> Option<Stored> {
    let mut header = Header::default();
    let data = header.read(bytes.strip_prefix(&[0xFF, 0xD8])?)?;
    let Header { width, height, .. } = header;
    let channels = header.components.len();
    limits.check(width, height, 3 * channels).ok()?;
    let (pixels, orientation) = (header.pixels(data)?, header.orientation);
    Some(Stored { size: ImageSize { height, width, channels }, pixels, orientation })
}

impl Header {
    /// Reads up to the scan, and returns what follows.
    fn read<'a>(&mut self, mut bytes: &'a [u8]) -> Option<&'a [u8]> {
        loop {
            let [0xFF, marker, high, low, rest @ ..] = bytes else { return None };
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let (segment, rest) = rest.split_at_checked(length.checked_sub(2)?)?;
            match marker {
                0xDB => self.read_quantisers(segment)?,
                0xC4 => self.read_codes(segment)?,
                0xC0 | 0xC1 if self.components.is_empty() => self.read_frame(segment)?,
                0xDD => self.interval = usize::from(u16::from_be_bytes(*segment.first_chunk()?)),
                0xE0 => self.is_jfif |= segment.starts_with(b"JFIF\0"),
                0xE1 => {
                    if let Some(exif) = segment.strip_prefix(b"Exif\0\0") {
                        self.orientation = self.orientation.or(metadata::Orientation::from_exif_chunk(exif));
                    }
                }
                0xEE if segment.starts_with(b"Adobe") => self.adobe = Some(*segment.get(11)?),
                0xE2..=0xEF | 0xFE => {}
                0xDA => {
                    self.read_scan(segment)?;
                    return Some(rest);
                }
                _ => return None,
            }
            bytes = rest;
        }
    }

    fn read_quantisers(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [which, rest @ ..] = segment {
            let (values, rest) = rest.split_first_chunk::<64>()?;
            // Those of 16 bits have their first four bits set, and are left to the other decoder.
            *self.quantisers.get_mut(usize::from(*which))? = Some(values.map(i32::from));
            segment = rest;
        }
        Some(())
    }

    fn read_codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [which, rest @ ..] = segment {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let (symbols, rest) = rest.split_at_checked(counts.iter().map(|&count| usize::from(count)).sum())?;
            let codes = self.codes.get_mut(usize::from(which >> 4))?.get_mut(usize::from(which & 15))?;
            *codes = Some(Codes::new(*counts, symbols)?);
            segment = rest;
        }
        Some(())
    }

    fn read_frame(&mut self, segment: &[u8]) -> Option<()> {
        let [8, h1, h0, w1, w0, count, components @ ..] = segment else { return None };
        self.height = usize::from(u16::from_be_bytes([*h1, *h0]));
        self.width = usize::from(u16::from_be_bytes([*w1, *w0]));
        let (components, rest) = components.as_chunks::<3>();
        self.components.extend(components.iter().map(|&[name, sampling, quantiser]| Component {
            name,
            across: usize::from(sampling >> 4),
            down: usize::from(sampling & 15),
            quantiser: usize::from(quantiser),
            codes: [0; 2],
        }));
        let whole = rest.is_empty() && components.len() == usize::from(*count) && self.width > 0 && self.height > 0;
        (whole && self.is_common()).then_some(())
    }

    /// Whether these are components whose colours are certain.
    fn is_common(&mut self) -> bool {
        match &mut self.components[..] {
            // A single component has one block in each unit, whatever it says.
            [grey] => {
                (grey.across, grey.down) = (1, 1);
                true
            }
            [brightness, blue, red] => {
                let colour = [&*blue, &*red].iter().all(|component| (component.across, component.down) == (1, 1));
                let named = [brightness.name, blue.name, red.name] == [1, 2, 3] || self.is_jfif;
                colour && named && matches!((brightness.across, brightness.down), (1 | 2, 1) | (2, 2))
            }
            _ => false,
        }
    }

    fn read_scan(&mut self, segment: &[u8]) -> Option<()> {
        let [count, rest @ ..] = segment else { return None };
        let (selectors, [0, 63, 0]) = rest.split_last_chunk::<3>()? else { return None };
        let (selectors, rest) = selectors.as_chunks::<2>();
        let whole =
            rest.is_empty() && selectors.len() == usize::from(*count) && selectors.len() == self.components.len();
        for (component, [name, codes]) in self.components.iter_mut().zip(selectors) {
            component.codes = [usize::from(codes >> 4), usize::from(codes & 15)];
            if component.name != *name {
                return None;
            }
        }
        (whole && !self.components.is_empty() && matches!(self.adobe, None | Some(1))).then_some(())
    }

    /// Decodes the scan.
    fn pixels(&self, data: &[u8]) -> Option<Vec<u8>> {
        let first = self.components.first()?;
        match self.planes(data)?.try_into() {
            Ok(planes) => {
                let mut pixels = vec![0; self.width * self.height * 3];
                colour::convert(&planes, first.across == 2, first.down == 2, &mut pixels);
                Some(pixels)
            }
            Err(grey) => {
                let rows = grey.first()?.values.chunks_exact(grey.first()?.stride).take(self.height);
                Some(rows.flat_map(|row| &row[..self.width]).copied().collect())
            }
        }
    }

    /// A plane for the values of each component, whose sides are whole numbers of units.
    fn empty_planes(&self, first: &Component, units_across: usize, units_down: usize) -> Vec<Plane> {
        let plane = |component: &Component| {
            let stride = units_across * component.across * 8;
            Plane {
                values: vec![0; stride * units_down * component.down * 8],
                stride,
                width: (self.width * component.across).div_ceil(first.across),
                height: (self.height * component.down).div_ceil(first.down),
            }
        };
        self.components.iter().map(plane).collect()
    }

    /// What the blocks of a component are decoded with.
    fn tables(&self, component: &Component) -> Option<Tables<'_>> {
        let [first, others] = component.codes;
        Some(Tables {
            quantiser: self.quantisers.get(component.quantiser)?.as_ref()?,
            first: self.codes[0].get(first)?.as_ref()?,
            others: self.codes[1].get(others)?.as_ref()?,
        })
    }

    fn planes(&self, mut data: &[u8]) -> Option<Vec<Plane>> {
        let first = self.components.first()?;
        let (units_across, units_down) = (self.width.div_ceil(8 * first.across), self.height.div_ceil(8 * first.down));
        let mut planes = self.empty_planes(first, units_across, units_down);
        let tables: Vec<_> = self.components.iter().map(|component| self.tables(component)).collect::<Option<_>>()?;
        let units = units_across * units_down;
        let interval = if self.interval == 0 { units } else { self.interval };
        let mut clean = Vec::with_capacity(data.len());
        let mut start = 0;
        let mut restart = 0xD0;
        while start < units {
            let end = units.min(start + interval);
            let marker;
            (marker, data) = take(data, &mut clean)?;
            let mut bits = Bits::new(&clean);
            let mut last = [0; 3];
            for unit in start..end {
                // A short file that claims a large image is given up at once.
                if bits.is_overrun() {
                    return None;
                }
                let (row, column) = (unit / units_across, unit % units_across);
                for (((component, plane), last), table) in
                    self.components.iter().zip(&mut planes).zip(&mut last).zip(&tables)
                {
                    for block in 0..component.across * component.down {
                        let y = (row * component.down + block / component.across) * 8;
                        let x = (column * component.across + block % component.across) * 8;
                        let out = plane.values.get_mut(y * plane.stride + x..)?;
                        table.decode(&mut bits, last, out, plane.stride)?;
                    }
                }
            }
            let expected = if end == units { 0xD9 } else { restart };
            if !bits.is_used_up() || marker != expected {
                return None;
            }
            restart = 0xD0 | ((restart + 1) & 7);
            start = end;
        }
        Some(planes)
    }
}

/// What the blocks of a component are decoded with.
struct Tables<'a> {
    quantiser: &'a [i32; 64],
    first: &'a Codes,
    others: &'a Codes,
}

impl Tables<'_> {
    /// Decodes a block to `out`, whose rows are `stride` apart; `last` is the first coefficient of the last block.
    #[inline]
    fn decode(&self, bits: &mut Bits<'_>, last: &mut i32, out: &mut [u8], stride: usize) -> Option<()> {
        *last = last.wrapping_add(self.first.difference(bits)?);
        let mut block = [[0; 8]; 8];
        block[0][0] = last.wrapping_mul(self.quantiser[0]);
        let mut largest = 0;
        self.others.coefficients(bits, |place, value| {
            // Beyond the end only in damaged files, which are given up.
            largest = place.min(63);
            let natural = usize::from(ZIGZAG[largest]);
            block[natural / 8][natural % 8] = value.wrapping_mul(self.quantiser[largest]);
        })?;
        if largest == 0 {
            cosine::flat(block[0][0], out, stride);
        } else {
            cosine::inverse(&block, out, stride);
        }
        Some(())
    }
}

/// Copies bytes up to the next marker, without the zeros that stand behind a byte 255; returns the marker and what follows it.
fn take<'a>(mut data: &'a [u8], out: &mut Vec<u8>) -> Option<(u8, &'a [u8])> {
    out.clear();
    loop {
        let place = data.iter().position(|&byte| byte == 0xFF)?;
        let (before, rest) = data.split_at(place);
        out.extend_from_slice(before);
        match rest {
            [_, 0, rest @ ..] => {
                out.push(0xFF);
                data = rest;
            }
            [_, 0xFF, ..] => data = &rest[1..],
            [_, marker, rest @ ..] => return Some((*marker, rest)),
            _ => return None,
        }
    }
}
