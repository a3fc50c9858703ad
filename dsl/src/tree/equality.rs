//! Trees are equal when they say the same thing, wherever the words stand.

use super::{Expression, Head, Item, Row};

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, transparent, construct, span: _ } = self;
        (name, transparent, construct) == (&other.name, &other.transparent, &other.construct)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        let Self { keyword, arguments, assertion, separator: _, span: _ } = self;
        (keyword, arguments, assertion) == (&other.keyword, &other.arguments, &other.assertion)
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, content, span: _ } = self;
        (name, content) == (&other.name, &other.content)
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, transparent, from, weight, when, declared, layers, span: _ } = self;
        (name, transparent, from, weight) == (&other.name, &other.transparent, &other.from, &other.weight)
            && (when, declared, layers) == (&other.when, &other.declared, &other.layers)
    }
}
