//! Whole networks: settings, blocks, the body and the heads.

use super::{Keeps, LIBRARIES, Maker};
use googlenetc::layers::KINDS;
use googlenetc_dsl::tree::{
    Argument, Atom, Block, Construct, Defaults, Expression, Head, Item, Keyword, Parameter, Section, Separator, Spec,
    Value,
};
use libfuzzer_sys::arbitrary::Result;

impl Maker<'_, '_> {
    pub(super) fn spec(&mut self) -> Result<Spec> {
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
        let sides = ["8", "16", "28", "33", "2147483648"];
        let input = [["1", "3", "4", "8", "16"], sides, sides]
            .map(|sizes| self.bytes.choose(&sizes).map(|size| (*size).to_owned()));
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
        let expression =
            Expression { keyword, arguments, assertion: None, separator: Separator::None, span: self.span() };
        Item { name: None, transparent: false, construct: Construct::Expression(expression), span: self.span() }
    }
}
