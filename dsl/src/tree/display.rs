//! Values as they are written.

use std::fmt::{self, Display, Formatter};

use super::{Atom, Value};
use crate::source::Spanned;

impl Display for Atom {
    /// `64`, `$n1x1`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(number),
            Self::Parameter(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Value {
    /// `7x7/2`, `$n1x1`, `relu`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extents { sizes, steps } if steps.is_empty() => f.write_str(&joined(sizes)),
            Self::Extents { sizes, steps } => write!(f, "{}/{}", joined(sizes), joined(steps)),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// `3x224x224`.
pub(crate) fn joined(atoms: &[Spanned<Atom>]) -> String {
    atoms.iter().map(|atom| atom.value.to_string()).collect::<Vec<_>>().join("x")
}
