//! Huffman codes, and the bits that they are read from.

#![expect(clippy::cast_possible_truncation, reason = "codes have up to 16 bits, and the numbers that follow up to 15")]

/// Bits that are looked up at once; most codes, and many with the number that follows them, are shorter.
const AHEAD: u32 = 10;

/// Codes of a table of JPEG.
pub(super) struct Codes {
    /// By the next bits, what they mean.
    entries: Box<[Entry; 1 << AHEAD]>,
    /// For each length of a code, one more than the largest code, shifted to the left of 16 bits.
    ends: [u32; 17],
    /// For each length, what is added to a code to get its place in `symbols`.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

/// What the next bits mean, in four bytes.
#[derive(Clone, Copy, Default)]
struct Entry {
    /// Bits of the code, or, plus `WHOLE`, of the code and its number. 0: a code longer than what is looked up.
    length: u8,
    /// High half: zeros before the number; low half: the bits of the number.
    symbol: u8,
    /// The number that follows, if it is whole.
    value: i16,
}

/// Added to the length of an entry that has its number.
const WHOLE: u8 = 0x80;

impl Codes {
    /// Codes of which `counts` are of 1 to 16 bits each, in order, for `symbols`. None if there are too many.
    pub(super) fn new(counts: [u8; 16], given: &[u8]) -> Option<Self> {
        let mut symbols = [0; 256];
        symbols.get_mut(..given.len())?.copy_from_slice(given);
        let (mut ends, mut offsets) = ([0; 17], [0; 17]);
        let mut entries = Box::new([Entry::default(); 1 << AHEAD]);
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, &count) in (1..).zip(&counts) {
            offsets[length] = i32::try_from(place).ok()? - code.cast_signed();
            for _ in 0..count {
                let symbol = *given.get(place)?;
                let length = u32::try_from(length).ok()?;
                if code >= 1 << length {
                    return None;
                }
                fill(&mut entries[..], code, length, symbol);
                code += 1;
                place += 1;
            }
            ends[length] = code << (16 - length);
            code <<= 1;
        }
        (place == given.len()).then_some(Self { entries, ends, offsets, symbols })
    }

    /// The symbol of the next code, which is taken off. None if no code begins like this.
    #[inline]
    fn symbol(&self, bits: &mut Bits<'_>, entry: Entry) -> Option<u8> {
        if entry.length > 0 {
            bits.skip(u32::from(entry.length));
            return Some(entry.symbol);
        }
        let next = bits.peek(16);
        let length = (AHEAD as usize + 1..=16).find(|&length| next < self.ends[length])?;
        let code = (next >> (16 - length)).cast_signed();
        bits.skip(u32::try_from(length).ok()?);
        self.symbols.get(usize::try_from(code + self.offsets[length]).ok()?).copied()
    }

    /// The difference to the last block's first coefficient.
    #[inline]
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> Option<i32> {
        bits.refill();
        let entry = self.entries[bits.peek(AHEAD) as usize];
        if entry.length >= WHOLE {
            bits.skip(u32::from(entry.length - WHOLE));
            return Some(i32::from(entry.value));
        }
        let size = self.symbol(bits, entry)?;
        if size == 0 { Some(0) } else { (size < 16).then(|| bits.number(u32::from(size))) }
    }

    /// Reads the coefficients of a block but the first: `put` gets the place of each in zigzag order and its value.
    #[inline]
    pub(super) fn coefficients(&self, from: &mut Bits<'_>, mut put: impl FnMut(usize, i32)) -> Option<()> {
        // A copy that can live in registers.
        let mut copy = *from;
        let bits = &mut copy;
        let mut place = 1;
        while place < 64 {
            bits.refill();
            let entry = self.entries[bits.peek(AHEAD) as usize];
            if entry.length >= WHOLE {
                bits.skip(u32::from(entry.length - WHOLE));
                place += usize::from(entry.symbol >> 4);
                put(place, i32::from(entry.value));
            } else {
                let symbol = self.symbol(bits, entry)?;
                place += usize::from(symbol >> 4);
                match symbol {
                    0 => {
                        place = 64;
                        break;
                    }
                    0xF0 => {}
                    _ if symbol.trailing_zeros() >= 4 => return None,
                    _ => put(place, bits.number(u32::from(symbol & 15))),
                }
            }
            place += 1;
        }
        *from = copy;
        (place == 64).then_some(())
    }
}

/// Enters a code for all that can follow it.
fn fill(entries: &mut [Entry], code: u32, length: u32, symbol: u8) {
    if length > AHEAD {
        return;
    }
    let spare = AHEAD - length;
    let size = u32::from(symbol & 15);
    for rest in 0..1_u32 << spare {
        let Some(entry) = entries.get_mut(((code << spare) | rest) as usize) else { return };
        *entry = if size > 0 && size <= spare {
            let value = extend(rest >> (spare - size), size);
            Entry { length: (length + size) as u8 | WHOLE, symbol, value: value as i16 }
        } else {
            Entry { length: length as u8, symbol, value: 0 }
        };
    }
}

/// A number of `size` bits, of which those with a leading 0 are negative.
#[inline]
fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits.cast_signed();
    if bits >> (size - 1) == 0 { bits - (1 << size) + 1 } else { bits }
}

/// Bits from the most significant on; zeros follow the last.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    rest: &'a [u8],
    /// The next bits, the first one leftmost.
    next: u64,
    /// How many of them are there.
    count: u32,
    /// How many have been made up behind the last.
    beyond: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, next: 0, count: 0, beyond: 0 }
    }

    /// Whether bits were read behind the last.
    pub(super) fn is_overrun(&self) -> bool {
        self.beyond > self.count
    }

    /// Whether all bits were there, and less than a byte of them is left.
    pub(super) fn is_used_up(&self) -> bool {
        let left = self.count as usize + self.rest.len() * 8;
        left >= self.beyond as usize && left - (self.beyond as usize) < 8
    }

    /// Has at least 32 bits ready, which is enough for a code and its number.
    #[inline]
    fn refill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some(bytes) = self.rest.first_chunk::<4>() {
            self.next |= u64::from(u32::from_be_bytes(*bytes)) << (32 - self.count);
            self.rest = &self.rest[4..];
        } else {
            let mut bytes = [0; 4];
            bytes[..self.rest.len()].copy_from_slice(self.rest);
            self.next |= u64::from(u32::from_be_bytes(bytes)) << (32 - self.count);
            self.beyond = self.beyond.saturating_add(32 - 8 * self.rest.len() as u32);
            self.rest = &[];
        }
        self.count += 32;
    }

    #[inline]
    fn peek(&self, count: u32) -> u32 {
        (self.next >> (64 - count)) as u32
    }

    #[inline]
    fn skip(&mut self, count: u32) {
        self.next <<= count;
        self.count -= count;
    }

    /// A number of `size` bits.
    #[inline]
    fn number(&mut self, size: u32) -> i32 {
        let number = extend(self.peek(size), size);
        self.skip(size);
        number
    }
}
