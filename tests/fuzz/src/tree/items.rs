//! Items one after the other and side by side, repeated, and in tables.

use super::{DEEPEST, Keeps, Maker};
use googlenetc_dsl::tree::{Construct, Item, Repeat, Row, RowContent, Table};
use libfuzzer_sys::arbitrary::Result;

impl Maker<'_, '_> {
    pub(super) fn items(&mut self, keeps: Keeps) -> Result<Vec<Item>> {
        let count = self.bytes.int_in_range(1..=4)?;
        let mut items = (0..count).map(|index| self.item(index, keeps)).collect::<Result<Vec<_>>>()?;
        if self.one_in(24)? && self.depth > 0 {
            items.clear();
        }
        Ok(items)
    }

    pub(super) fn item(&mut self, index: usize, keeps: Keeps) -> Result<Item> {
        let name = if self.bytes.arbitrary()? { Some(self.name(index)?) } else { None };
        let construct = match self.bytes.int_in_range(0..=15)? {
            14 if name.is_none() && !self.blocks.is_empty() => Construct::Table(self.table(keeps)?),
            15 if name.is_none() => Construct::Repeat(self.repeat(keeps)?),
            _ => self.construct(keeps)?,
        };
        let transparent = name.is_some() && self.one_in(8)?;
        Ok(Item { name: name.map(|name| self.spanned(name)), transparent, construct, span: self.span() })
    }

    pub(super) fn branches(&mut self, keeps: Keeps) -> Result<Vec<Item>> {
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

    pub(super) fn construct(&mut self, keeps: Keeps) -> Result<Construct> {
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
                RowContent::Plain(Box::new(self.construct(keeps)?))
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
}
