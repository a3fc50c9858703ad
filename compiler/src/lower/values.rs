//! Values with their parameters filled in, which still know where they were written.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Atom, Value};

use super::arguments::as_digits;
use crate::codes;

/// An empty cell, as written.
const EMPTY: &str = "_";

/// A value without parameters.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) value: ResolvedValue,
    /// Where the value stands: for a parameter, where the call gives it.
    pub(super) span: Span,
    /// Where it was written, or the parameter that stands for it.
    pub(super) written: Span,
    /// The parameter that stood for the whole of it.
    pub(super) parameter: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) enum ResolvedValue {
    /// As [`Value::Extents`].
    Numbers { sizes: Vec<Number>, steps: Vec<Number> },
    /// As [`Value::Word`].
    Word(String),
}

/// A number as written.
#[derive(Debug, Clone)]
pub(super) struct Number {
    pub(super) text: String,
    pub(super) span: Span,
    pub(super) parameter: Option<String>,
}

/// What parameters stand for at some place of the spec.
#[derive(Debug, Clone)]
pub(super) struct Environment {
    /// Parameters of the enclosing block.
    parameters: BTreeMap<String, Resolved>,
    /// Names known everywhere, `classes`; without a value where a mistake has left it open.
    globals: Globals,
    incoming: Incoming,
}

/// Names known everywhere, and their values.
pub(super) type Globals = BTreeMap<String, Option<Resolved>>;

/// What `$in` stands for: how many channels come into the enclosing call of a block.
#[derive(Debug, Clone)]
pub(super) enum Incoming {
    /// Nothing, outside of blocks.
    Nowhere,
    /// A number that an earlier mistake has left open.
    Unknown,
    /// A number, said by nobody, so it is blamed on the call.
    Known(u64, Span),
}

/// The name of the parameter that every block has.
pub(crate) const IN: &str = "in";

/// Why there is no value.
#[derive(Debug)]
pub(super) enum NoValue {
    /// A mistake.
    Wrong(Diagnostic),
    /// It follows from something that an earlier mistake has left open.
    Unknown,
    /// An empty cell stands for it.
    Empty,
}

impl From<Diagnostic> for NoValue {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Wrong(diagnostic)
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}

impl Environment {
    /// What is known outside of blocks.
    pub(super) fn new(globals: Globals) -> Self {
        Self { parameters: BTreeMap::new(), globals, incoming: Incoming::Nowhere }
    }

    /// The same globals, and the parameters of a call.
    pub(super) fn inside(&self, parameters: BTreeMap<String, Resolved>, incoming: Incoming) -> Self {
        Self { parameters, globals: self.globals.clone(), incoming }
    }

    /// The same globals alone.
    pub(super) fn outside(&self) -> Self {
        Self::new(self.globals.clone())
    }

    fn lookup(&self, name: &str, span: Span) -> Result<Resolved, NoValue> {
        if name == IN {
            return self.incoming(span);
        }
        if let Some(resolved) = self.parameters.get(name) {
            return Ok(resolved.clone().called(name));
        }
        if let Some(resolved) = self.globals.get(name) {
            return resolved.clone().ok_or(NoValue::Unknown);
        }
        let known = self.parameters.keys().chain(self.globals.keys());
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, format!("nothing here is called `${name}`"))
            .at(span, "unknown parameter");
        if name == "classes" {
            diagnostic = diagnostic.help("say how many classes there are: `classes: 1000`");
        }
        let written: Vec<String> = known.map(|name| format!("${name}")).collect();
        Err(diagnostic.did_you_mean(&format!("${name}"), span, written.iter().map(String::as_str)).into())
    }

    /// Whether a parameter has this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        let has_in = !matches!(self.incoming, Incoming::Nowhere);
        (name == IN && has_in) || self.parameters.contains_key(name) || self.globals.contains_key(name)
    }

    fn incoming(&self, span: Span) -> Result<Resolved, NoValue> {
        match self.incoming {
            Incoming::Nowhere => Err(Diagnostic::error(codes::UNKNOWN_NAME, "`$in` has no meaning outside of a block")
                .at(span, "stands in no block")
                .help("inside a block it is the number of channels that come into the block's call; here, write the number")
                .into()),
            Incoming::Unknown => Err(NoValue::Unknown),
            Incoming::Known(channels, span) => {
                let number = Number { text: channels.to_string(), span, parameter: None };
                let value = ResolvedValue::Numbers { sizes: vec![number], steps: Vec::new() };
                Ok(Resolved { value, span, written: span, parameter: None }.called(IN))
            }
        }
    }

    /// Fills in the parameters of a value. A parameter that is an empty cell gives an empty value.
    pub(super) fn resolve(&self, value: &Spanned<Value>) -> Result<Resolved, NoValue> {
        let written = value.span;
        let value = match &value.value {
            Value::Word(word) => ResolvedValue::Word(word.clone()),
            Value::Extents { sizes, steps } => {
                if let ([Spanned { value: Atom::Parameter(name), span }], []) = (&sizes[..], &steps[..]) {
                    return Ok(Resolved { written, ..self.lookup(name, *span)? });
                }
                let sizes = sizes.iter().map(|atom| self.number(atom)).collect::<Result<_, _>>()?;
                let steps = steps.iter().map(|atom| self.number(atom)).collect::<Result<_, _>>()?;
                ResolvedValue::Numbers { sizes, steps }
            }
        };
        Ok(Resolved { value, span: written, written, parameter: None })
    }

    /// The value of a keyword that is a parameter.
    pub(super) fn keyword(&self, name: &str, span: Span) -> Result<String, NoValue> {
        let resolved = self.lookup(name, span)?;
        if resolved.is_empty() {
            return Err(NoValue::Empty);
        }
        match resolved {
            Resolved { value: ResolvedValue::Word(word), .. } => Ok(word),
            other => Err(Diagnostic::error(
                codes::WRONG_VALUE,
                format!("`${name}` stands where a layer or block is named, but its value is `{}`", other.text()),
            )
            .at(other.span, "not a name")
            .see(span, "used as a name here")
            .into()),
        }
    }

    fn number(&self, atom: &Spanned<Atom>) -> Result<Number, NoValue> {
        let name = match &atom.value {
            Atom::Number(text) => return Ok(Number { text: text.clone(), span: atom.span, parameter: None }),
            Atom::Parameter(name) => name,
        };
        let resolved = self.lookup(name, atom.span)?;
        if resolved.is_empty() {
            return Err(NoValue::Empty);
        }
        match resolved.single() {
            Some(number) => Ok(number.clone()),
            None => Err(Diagnostic::error(
                codes::WRONG_VALUE,
                format!("`${name}` stands where one number is needed, but its value is `{}`", resolved.text()),
            )
            .at(resolved.span, "not a single number")
            .see(atom.span, "used here")
            .into()),
        }
    }
}

impl Resolved {
    /// The empty cell `_` at `span`.
    pub(super) fn empty(span: Span) -> Self {
        Self { value: ResolvedValue::Word(EMPTY.into()), span, written: span, parameter: None }
    }

    /// Whether it is an empty cell.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.value, ResolvedValue::Word(word) if word == EMPTY)
    }

    /// The value when it is one number.
    pub(super) fn single(&self) -> Option<&Number> {
        match &self.value {
            ResolvedValue::Numbers { sizes, steps } if steps.is_empty() && sizes.len() == 1 => sizes.first(),
            ResolvedValue::Numbers { .. } | ResolvedValue::Word(_) => None,
        }
    }

    /// Whether it has numbers behind a slash.
    pub(super) fn has_steps(&self) -> bool {
        matches!(&self.value, ResolvedValue::Numbers { steps, .. } if !steps.is_empty())
    }

    /// The value as it stands where it is used, which may be a parameter.
    pub(super) fn source(&self) -> String {
        self.parameter.as_ref().map_or_else(|| self.text(), |parameter| format!("${parameter}"))
    }

    /// The value as written.
    pub(super) fn text(&self) -> String {
        let join = |numbers: &[Number]| numbers.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join("x");
        match &self.value {
            ResolvedValue::Word(word) => word.clone(),
            ResolvedValue::Numbers { sizes, steps } if steps.is_empty() => join(sizes),
            ResolvedValue::Numbers { sizes, steps } => format!("{}/{}", join(sizes), join(steps)),
        }
    }

    /// The same value, known by the name of a parameter.
    fn called(mut self, name: &str) -> Self {
        self.parameter = Some(name.into());
        if let ResolvedValue::Numbers { sizes, steps } = &mut self.value {
            for number in sizes.iter_mut().chain(steps) {
                number.parameter = Some(name.into());
            }
        }
        self
    }
}

impl Number {
    /// The number as a count within a range.
    pub(super) fn whole(&self, what: &str, range: std::ops::RangeInclusive<u64>) -> Result<u64, Diagnostic> {
        let wrong =
            |message: String, label: String| Err(Diagnostic::error(codes::OUT_OF_RANGE, message).at(self.span, label));
        let (low, high) = (*range.start(), *range.end());
        if self.text.starts_with('-') {
            return wrong(format!("{what} is {}, which is negative", self.text), format!("must be at least {low}"));
        }
        if !self.text.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("{what} must be a whole number, and `{}` is not written as one", self.text);
            let diagnostic = Diagnostic::error(codes::WRONG_VALUE, message).at(self.span, "write it with digits alone");
            return Err(as_digits(diagnostic, &self.text, self.span));
        }
        match self.text.parse::<u64>() {
            Ok(number) if number > high => wrong(format!("{what} is too large"), format!("must be at most {high}")),
            Ok(number) if number < low => wrong(format!("{what} is {number}"), format!("must be at least {low}")),
            Ok(number) => Ok(number),
            Err(_) => wrong(format!("{what} is too large"), format!("must be at most {high}")),
        }
    }

    /// The number as a finite fraction.
    pub(super) fn float(&self, what: &str) -> Result<f64, Diagnostic> {
        match self.text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(Diagnostic::error(codes::OUT_OF_RANGE, format!("{what} is too large"))
                .at(self.span, "not a finite number")),
        }
    }
}
