//! Syntax trees out of a fuzzer's bytes. Most are networks, so that all that follows the checker is reached; how many mistakes
//! are in one is for the bytes to say.

mod items;
mod layers;
mod network;

use googlenetc_dsl::source::{SourceId, Sources, Span, Spanned};
use googlenetc_dsl::tree::{Atom, Spec, Value};
use libfuzzer_sys::arbitrary::{Result, Unstructured};

/// The readers go deeper, but no path of the compiler does anything else there.
const DEEPEST: usize = 8;

const LIBRARIES: [&str; 4] = ["inception-v1", "inception-v3", "inception-bn", "nothing"];
/// Names that Rust, tch, PyTorch, the language or the generated code use themselves, or that look alike.
const NAMES: [&str; 36] = [
    "a", "A", "a-b", "a_b", "a__b", "a-", "3a", "1x1", "_", "self", "Self", "super", "crate", "type", "gen", "async",
    "union", "Some", "None", "Tensor", "Path", "Vec", "new", "forward", "drop", "std", "nn", "tch", "x", "probe",
    "weight", "main", "concat", "classes", "output", "0",
];
const SMALL: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "12", "16", "32", "64"];
/// Sides of windows where nothing need fit, up to the largest number that a spec can say.
const KERNELS: [&str; 9] = ["1", "2", "3", "4", "5", "7", "64", "4294967296", "9007199254740992"];
const ODD_NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "0.5",
    "1e-4",
    "-0.25",
    "1e400",
    "1e-400",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1152921504606846976",
    "2147483648",
    "00",
    "1e2",
];

/// A tree, the text that its places are in, and the id of that text.
///
/// # Errors
///
/// When the bytes are too few.
pub fn tree(bytes: &mut Unstructured<'_>) -> Result<(Spec, Sources, SourceId)> {
    let mut sources = Sources::new();
    let id = sources.add("", "");
    let wildness = bytes.int_in_range(1..=12)?;
    let mut maker = Maker { bytes, id, at: 0, wildness, blocks: Vec::new(), parameters: Vec::new(), depth: 0 };
    let spec = maker.spec()?;
    let text: String = (0..=maker.at).map(|at| if at % 16 == 15 { '\n' } else { 'x' }).collect();
    let mut sources = Sources::new();
    let main = sources.add("tree", text);
    Ok((spec, sources, main))
}

struct Maker<'m, 'b> {
    bytes: &'m mut Unstructured<'b>,
    id: SourceId,
    at: usize,
    /// How many of 64 choices are made without sense.
    wildness: u8,
    /// The blocks that are there already, and their parameters.
    blocks: Vec<(String, Vec<String>)>,
    /// The parameters of the block that is being made.
    parameters: Vec<String>,
    depth: usize,
}

/// What a part of the network may change.
#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    Nothing,
    /// Branches that are joined keep height and width.
    Size,
    /// Branches that are added keep channels as well.
    Shape,
}

impl Maker<'_, '_> {
    /// A value such as channels: mostly a number.
    fn value(&mut self) -> Result<Spanned<Value>> {
        if self.is_wild()? {
            let name = self.name(0)?;
            let word = *self.bytes.choose(&["_", "relu", "none", "conv", "global", &name])?;
            return Ok(self.spanned(Value::Word(word.to_owned())));
        }
        let sizes = vec![self.atom()?];
        Ok(self.spanned(Value::Extents { sizes, steps: Vec::new() }))
    }

    fn atom(&mut self) -> Result<Spanned<Atom>> {
        if self.is_wild()? {
            let number = *self.bytes.choose(&ODD_NUMBERS)?;
            return Ok(self.spanned(Atom::Number(number.to_owned())));
        }
        if !self.parameters.is_empty() && self.bytes.arbitrary()? {
            let parameter = self.known_parameter()?;
            return Ok(self.spanned(Atom::Parameter(parameter)));
        }
        let number = *self.bytes.choose(&SMALL)?;
        Ok(self.spanned(Atom::Number(number.to_owned())))
    }

    /// One of the block's parameters, or one that every place has.
    fn known_parameter(&mut self) -> Result<String> {
        if self.parameters.is_empty() || self.one_in(8)? {
            return Ok((*self.bytes.choose(&["in", "classes"])?).to_owned());
        }
        self.bytes.choose(&self.parameters).cloned()
    }

    fn parameter(&mut self, index: usize) -> Result<String> {
        Ok(if self.is_wild()? { "self".to_owned() } else { format!("n{index}") })
    }

    fn number(&mut self, number: &str) -> Spanned<Value> {
        let atom = self.spanned(Atom::Number(number.to_owned()));
        self.spanned(Value::Extents { sizes: vec![atom], steps: Vec::new() })
    }

    /// A name that no other of the same scope has, but for the odd mistake.
    fn name(&mut self, index: usize) -> Result<String> {
        if !self.one_in(4)? {
            return Ok(format!("part{index}"));
        }
        let name = *self.bytes.choose(&NAMES)?;
        Ok(if self.is_wild()? { name.to_owned() } else { format!("{name}{index}") })
    }

    fn is_wild(&mut self) -> Result<bool> {
        self.bytes.ratio(self.wildness, 64)
    }

    fn one_in(&mut self, count: u8) -> Result<bool> {
        self.bytes.ratio(1, count)
    }

    /// A place of its own for each thing.
    fn span(&mut self) -> Span {
        self.at += 1;
        Span::new(self.id, self.at - 1, self.at)
    }

    fn spanned<T>(&mut self, value: T) -> Spanned<T> {
        let span = self.span();
        Spanned::new(value, span)
    }
}
