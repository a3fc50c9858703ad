//! Layers and calls of blocks, with what is said about them.

use super::{KERNELS, Keeps, Maker, SMALL};
use googlenetc::layers::{Attribute, Form, KINDS, Kind};
use googlenetc_dsl::source::Spanned;
use googlenetc_dsl::tree::{Argument, Atom, Expression, Keyword, Separator, Value};
use libfuzzer_sys::arbitrary::Result;

impl Maker<'_, '_> {
    pub(super) fn expression(&mut self, keeps: Keeps) -> Result<Expression> {
        let (keyword, arguments) = match self.bytes.int_in_range(0..=7)? {
            0 | 1 if !self.blocks.is_empty() => self.call()?,
            2 if self.is_wild()? => {
                let keyword = Keyword::Parameter(self.known_parameter()?);
                (keyword, self.attributes(KINDS[0], 2)?)
            }
            _ => self.layer(keeps)?,
        };
        let assertion = if self.one_in(16)? {
            let count = *self.bytes.choose(&[1, 3, 2])?;
            let atoms = (0..count).map(|_| self.atom()).collect::<Result<_>>()?;
            Some(self.spanned(atoms))
        } else {
            None
        };
        Ok(Expression {
            keyword: self.spanned(keyword),
            arguments,
            assertion,
            separator: Separator::None,
            span: self.span(),
        })
    }

    fn call(&mut self) -> Result<(Keyword, Vec<Argument>)> {
        let (block, parameters) = self.bytes.choose(&self.blocks)?.clone();
        let mut arguments = Vec::new();
        let mut is_named = false;
        for parameter in parameters {
            if self.one_in(8)? {
                is_named = true;
                continue;
            }
            let value = self.value()?;
            arguments.push(match is_named {
                true => Argument::Named { key: self.spanned(parameter), value },
                false => Argument::Positional(value),
            });
        }
        Ok((Keyword::Word(block), arguments))
    }

    fn layer(&mut self, keeps: Keeps) -> Result<(Keyword, Vec<Argument>)> {
        let kind = if self.is_wild()? {
            *self.bytes.choose(&KINDS)?
        } else {
            let keeps_shape = ["relu", "identity", "dropout", "lrn", "depthwise", "scale", "batchnorm", "gelu"];
            let usual = ["conv", "conv", "conv", "maxpool", "avgpool", "relu", "depthwise", "dropout"];
            let words = if keeps == Keeps::Shape { &keeps_shape } else { &usual };
            let word = *self.bytes.choose(words)?;
            *KINDS.iter().find(|kind| kind.keyword == word).unwrap_or(&KINDS[0])
        };
        let mut arguments = Vec::new();
        let is_window = kind.positional.first().is_some_and(|first| first.sample.contains('/'));
        if is_window {
            let window = self.window(keeps)?;
            arguments.push(Argument::Positional(window));
            if kind.keyword.ends_with("pool") && keeps != Keeps::Nothing {
                let value = self.number("1");
                arguments.push(Argument::Named { key: self.spanned("pad".to_owned()), value });
            }
        }
        for positional in kind.positional.iter().skip(usize::from(is_window)) {
            let value = match positional.sample.contains('.') {
                true => self.number("0.5"),
                false => self.value()?,
            };
            arguments.push(Argument::Positional(value));
        }
        arguments.extend(self.attributes(kind, 2)?);
        Ok((Keyword::Word(kind.keyword.to_owned()), arguments))
    }

    fn window(&mut self, keeps: Keeps) -> Result<Spanned<Value>> {
        let is_wild = self.is_wild()?;
        let (kernels, steps): (&[&str], usize) = match keeps {
            _ if is_wild => (&KERNELS, self.bytes.int_in_range(0..=2)?),
            Keeps::Nothing => (&["1", "2", "3"], self.bytes.int_in_range(0..=1)?),
            Keeps::Size | Keeps::Shape => (&["3"], 0),
        };
        let list = |maker: &mut Self, count, pool: &[&str]| {
            let atom = |maker: &mut Self| {
                let size = *maker.bytes.choose(pool)?;
                Ok(maker.spanned(Atom::Number(size.to_owned())))
            };
            (0..count).map(|_| atom(maker)).collect::<Result<Vec<_>>>()
        };
        let sizes = list(self, 2, kernels)?;
        let mut steps = list(self, steps, &["1", "2"])?;
        if keeps != Keeps::Nothing && !is_wild {
            steps.push(self.spanned(Atom::Number("1".to_owned())));
        }
        Ok(self.spanned(Value::Extents { sizes, steps }))
    }

    /// At most so many attributes of a layer kind; such as need others, and change shapes, rarely.
    pub(super) fn attributes(&mut self, kind: &Kind, most: usize) -> Result<Vec<Argument>> {
        let mut arguments = Vec::new();
        for _ in 0..self.bytes.int_in_range(0..=most)? {
            if kind.attributes.is_empty() {
                break;
            }
            let attribute = self.bytes.choose(kind.attributes)?;
            let is_delicate = !attribute.needs.is_empty()
                || attribute.default.is_empty()
                || matches!(attribute.form, Form::Sizes { .. } | Form::Count(_) | Form::Numbers(_));
            if !is_delicate || self.is_wild()? {
                let value = self.attribute(attribute)?;
                arguments.push(Argument::Named { key: self.spanned(attribute.name.to_owned()), value });
            }
        }
        Ok(arguments)
    }

    fn attribute(&mut self, attribute: &Attribute) -> Result<Spanned<Value>> {
        if self.is_wild()? {
            return self.value();
        }
        Ok(match attribute.form {
            Form::Flag => {
                let word = *self.bytes.choose(&["true", "false"])?;
                self.spanned(Value::Word(word.to_owned()))
            }
            Form::Words(words) | Form::WordsOrNumber(words) => {
                let word = *self.bytes.choose(words)?;
                self.spanned(Value::Word(word.to_owned()))
            }
            Form::Count(least) => self.number(&least.max(1).to_string()),
            Form::Number(_) | Form::Numbers(_) => self.number("0.5"),
            Form::Sizes { counts, .. } => {
                let count = *self.bytes.choose(counts)?;
                let sizes = (0..count).map(|_| self.spanned(Atom::Number("1".to_owned()))).collect();
                self.spanned(Value::Extents { sizes, steps: Vec::new() })
            }
        })
    }
}
