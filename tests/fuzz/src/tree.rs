//! Syntax trees out of a fuzzer's bytes. Most are networks, so that all that follows the checker is reached; how many mistakes
//! are in one is for the bytes to say.

use googlenetc::layers::{Attribute, Form, KINDS, Kind};
use googlenetc_dsl::source::{SourceId, Sources, Span, Spanned};
use googlenetc_dsl::tree::{
    Argument, Atom, Block, Construct, Defaults, Expression, Head, Item, Keyword, Parameter, Repeat, Row, RowContent,
    Section, Spec, Table, Value,
};
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
    fn spec(&mut self) -> Result<Spec> {
        let mut uses = Vec::new();
        if self.one_in(8)? {
            let library = *self.bytes.choose(&LIBRARIES)?;
            uses.push(self.spanned(library.to_owned()));
        }
        let defaults = self.defaults()?;
        for _ in 0..self.bytes.int_in_range(0..=3)? {
            let name = self.name(self.blocks.len())?;
            let parameters = (0..self.bytes.int_in_range(0..=4)?).map(|n| self.parameter(n)).collect::<Result<_>>()?;
            self.blocks.push((name, parameters));
        }
        let blocks = (0..self.blocks.len()).map(|index| self.block(index)).collect::<Result<_>>()?;
        let mut sections = vec![Section::Body(self.items(Keeps::Nothing)?)];
        let heads: Vec<Head> =
            (0..self.bytes.int_in_range(1..=3)?).map(|index| self.head(index, &sections)).collect::<Result<_>>()?;
        let outputs = if self.one_in(4)? {
            Some(heads.iter().map(|head| self.spanned(head.name.value.clone())).collect())
        } else {
            None
        };
        sections.extend(heads.into_iter().map(Section::Head));
        if self.is_wild()? {
            sections.push(Section::Body(self.items(Keeps::Nothing)?));
        }
        let [channels, height, width] = [["1", "3", "4", "8"], ["8", "16", "28", "33"], ["8", "16", "28", "33"]];
        let input = [channels, height, width].map(|sizes| self.bytes.choose(&sizes).map(|size| (*size).to_owned()));
        let input = input.into_iter().map(|size| Ok(self.spanned(Atom::Number(size?)))).collect::<Result<_>>()?;
        let input = self.spanned(Value::Extents { sizes: input, steps: Vec::new() });
        let network = if self.is_wild()? { self.name(0)? } else { "Net".to_owned() };
        Ok(Spec {
            version: None,
            network: Some(self.spanned(network)),
            input: Some(input),
            classes: Some(self.number("5")),
            uses,
            defaults,
            blocks,
            sections,
            outputs: outputs.map(|outputs| self.spanned(outputs)),
            ..Spec::default()
        })
    }

    fn defaults(&mut self) -> Result<Vec<Defaults>> {
        if !self.one_in(4)? {
            return Ok(Vec::new());
        }
        let kind = *self.bytes.choose(&KINDS)?;
        let arguments = self.attributes(kind, 2)?;
        Ok(vec![Defaults { keyword: self.spanned(kind.keyword.to_owned()), arguments }])
    }

    fn block(&mut self, index: usize) -> Result<Block> {
        let (name, parameters) = self.blocks[index].clone();
        self.parameters.clone_from(&parameters);
        let keeps = if self.bytes.arbitrary()? { Keeps::Size } else { Keeps::Nothing };
        let body = match self.bytes.int_in_range(0..=3)? {
            0 => Construct::Concat(self.branches(Keeps::Size)?),
            1 => Construct::Add(self.branches(Keeps::Shape)?),
            _ => Construct::Sequence(self.items(keeps)?),
        };
        let defaults = self.defaults()?;
        self.parameters.clear();
        let parameters = parameters.into_iter().map(|name| {
            let default = if self.bytes.arbitrary()? { Some(self.value()?) } else { None };
            Ok(Parameter { name: self.spanned(name), default })
        });
        let parameters = parameters.collect::<Result<_>>()?;
        Ok(Block { name: self.spanned(name), parameters, defaults, body })
    }

    fn head(&mut self, index: usize, sections: &[Section]) -> Result<Head> {
        let names: Vec<String> = sections
            .iter()
            .flat_map(|section| match section {
                Section::Body(items) => items.iter().filter_map(|item| item.name.clone()).collect(),
                Section::Head(_) => Vec::new(),
            })
            .map(|name| name.value)
            .collect();
        let item = |maker: &mut Self| match names.is_empty() || !maker.one_in(3)? {
            true => Ok(None),
            false => maker.bytes.choose(&names).cloned().map(|name| Some(maker.spanned(name))),
        };
        let (from, declared) = (item(self)?, item(self)?);
        let name = if index == 0 { "main".to_owned() } else { self.name(index)? };
        let weight = if self.bytes.arbitrary()? { Some(self.number("0.3")) } else { None };
        let when = if index > 0 && self.bytes.arbitrary()? { Some(self.spanned("training".to_owned())) } else { None };
        let layers = if self.is_wild()? {
            self.construct(Keeps::Nothing)?
        } else {
            let mut items = Vec::new();
            if self.one_in(3)? {
                items.push(self.item(0, Keeps::Size)?);
            }
            for words in [&["avgpool", "global"][..], &["flatten"], &["linear"]] {
                items.push(self.plain(words));
            }
            if let Some(Item { construct: Construct::Expression(linear), .. }) = items.last_mut() {
                let classes = self.spanned(Atom::Parameter("classes".to_owned()));
                let classes = self.spanned(Value::Extents { sizes: vec![classes], steps: Vec::new() });
                linear.arguments.push(Argument::Positional(classes));
            }
            Construct::Sequence(items)
        };
        let transparent = self.one_in(8)?;
        Ok(Head { name: self.spanned(name), transparent, from, weight, when, declared, layers, span: self.span() })
    }

    /// A layer of words.
    fn plain(&mut self, words: &[&str]) -> Item {
        let keyword = self.spanned(Keyword::Word(words[0].to_owned()));
        let word = |maker: &mut Self, word: &&str| {
            let value = maker.spanned(Value::Word((*word).to_owned()));
            Argument::Positional(value)
        };
        let arguments = words[1..].iter().map(|argument| word(self, argument)).collect();
        let expression = Expression { keyword, arguments, assertion: None, span: self.span() };
        Item { name: None, transparent: false, construct: Construct::Expression(expression), span: self.span() }
    }

    fn items(&mut self, keeps: Keeps) -> Result<Vec<Item>> {
        let count = self.bytes.int_in_range(1..=4)?;
        let mut items = (0..count).map(|index| self.item(index, keeps)).collect::<Result<Vec<_>>>()?;
        if self.one_in(24)? && self.depth > 0 {
            items.clear();
        }
        Ok(items)
    }

    fn item(&mut self, index: usize, keeps: Keeps) -> Result<Item> {
        let name = if self.bytes.arbitrary()? { Some(self.name(index)?) } else { None };
        let construct = match self.bytes.int_in_range(0..=15)? {
            14 if name.is_none() && !self.blocks.is_empty() => Construct::Table(self.table(keeps)?),
            15 if name.is_none() => Construct::Repeat(self.repeat(keeps)?),
            _ => self.construct(keeps)?,
        };
        let transparent = name.is_some() && self.one_in(8)?;
        Ok(Item { name: name.map(|name| self.spanned(name)), transparent, construct, span: self.span() })
    }

    fn branches(&mut self, keeps: Keeps) -> Result<Vec<Item>> {
        let branch = |maker: &mut Self, index| {
            let item = maker.item(index, keeps)?;
            let construct = match item.construct {
                Construct::Table(_) => maker.construct(keeps)?,
                other => other,
            };
            let name = maker.name(index)?;
            Ok(Item { name: Some(maker.spanned(name)), construct, ..item })
        };
        let count = self.bytes.int_in_range(1..=3)?;
        (0..count).map(|index| branch(self, index)).collect()
    }

    fn construct(&mut self, keeps: Keeps) -> Result<Construct> {
        if self.depth >= DEEPEST {
            return Ok(Construct::Expression(self.expression(keeps)?));
        }
        self.depth += 1;
        let joined = if keeps == Keeps::Shape { Keeps::Shape } else { Keeps::Size };
        let construct = match self.bytes.int_in_range(0..=19)? {
            18 | 19 => Construct::Sequence(self.items(keeps)?),
            16 | 17 if keeps != Keeps::Shape => Construct::Concat(self.branches(joined)?),
            14 | 15 => Construct::Add(self.branches(Keeps::Shape)?),
            13 => Construct::Repeat(self.repeat(joined)?),
            // `Invalid` is what a reader puts where it has reported a mistake: the targets of the readers make it.
            _ => Construct::Expression(self.expression(keeps)?),
        };
        self.depth -= 1;
        Ok(construct)
    }

    fn repeat(&mut self, keeps: Keeps) -> Result<Repeat> {
        let count = if self.is_wild()? { self.value()? } else { self.number("2") };
        self.depth += 1;
        let items = self.items(if keeps == Keeps::Nothing { Keeps::Size } else { keeps })?;
        self.depth -= 1;
        Ok(Repeat { count, items })
    }

    fn table(&mut self, keeps: Keeps) -> Result<Table> {
        let (block, parameters) = self.bytes.choose(&self.blocks)?.clone();
        let mut columns: Vec<String> = parameters;
        if self.one_in(4)? {
            columns.push((*self.bytes.choose(&["input", "output", "block", "other"])?).to_owned());
        }
        let mut rows = Vec::new();
        for index in 0..self.bytes.int_in_range(1..=3)? {
            let content = if self.one_in(4)? {
                RowContent::Plain(self.construct(keeps)?)
            } else {
                RowContent::Cells(columns.iter().map(|_| self.value()).collect::<Result<_>>()?)
            };
            let name = self.name(index)?;
            rows.push(Row { name: self.spanned(name), content, span: self.span() });
        }
        let prefix = if self.bytes.arbitrary()? { Some(self.name(0)?) } else { None };
        Ok(Table {
            block: Some(self.spanned(block)),
            prefix: prefix.map(|prefix| self.spanned(prefix)),
            columns: columns.into_iter().map(|column| self.spanned(column)).collect(),
            rows,
        })
    }

    fn expression(&mut self, keeps: Keeps) -> Result<Expression> {
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
        Ok(Expression { keyword: self.spanned(keyword), arguments, assertion, span: self.span() })
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
            _ if is_wild => (&SMALL, self.bytes.int_in_range(0..=2)?),
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
    fn attributes(&mut self, kind: &Kind, most: usize) -> Result<Vec<Argument>> {
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
