//! The bytes of a pickle, taken from the front.

use crate::weights::file::Fault;

pub(super) struct Input<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        self.take(1)?.first().copied().ok_or_else(too_short)
    }

    /// The next bytes; `count` is compared with what there is.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let end = self.position.checked_add(count).ok_or_else(too_short)?;
        let taken = self.bytes.get(self.position..end).ok_or_else(too_short)?;
        self.position = end;
        Ok(taken)
    }

    /// A number without a sign in `count` bytes, the lowest first.
    pub(super) fn number(&mut self, count: usize) -> Result<usize, Fault> {
        let wide = self
            .take(count)?
            .iter()
            .rev()
            .try_fold(0_usize, |wide, byte| Some(wide.checked_mul(256)? + usize::from(*byte)));
        wide.ok_or_else(too_short)
    }

    /// What stands before the next line feed.
    pub(super) fn line(&mut self) -> Result<&'a str, Fault> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').ok_or_else(too_short)?;
        let line = text(self.take(length)?)?;
        self.take(1)?;
        Ok(line)
    }
}

pub(super) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::Damaged("a text in its pickle is no UTF-8".to_owned()))
}

fn too_short() -> Fault {
    Fault::Damaged("its pickle ends too early".to_owned())
}
