//! Two networks to a list of findings: what, where, and both values.

mod heads;

use super::align::{self, Pair, Side, align};
use super::attributes::{Attribute, Class, attributes, class};
use super::rows::Shared;
use super::units::{Unit, main_path, op};
use super::words::{branch_words, follower_words, unit_words};
use crate::CheckedNetwork;
use crate::ops::Op;

/// What stands in place of something that is not there.
const ABSENT: &str = "absent";
const NONE: &str = "none";

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// Its place in the first network's order.
    pub(super) order: Vec<usize>,
    /// The row, by the first network's name where it has it.
    pub(super) row: String,
    /// The path below the row.
    pub(super) at: String,
    /// What kind of layer it is about; `None` for the network as a whole and for heads.
    pub(super) class: Option<Class>,
    /// `conv bias`.
    pub(super) what: String,
    /// The first network's value.
    pub(super) a: String,
    /// The other's.
    pub(super) b: String,
}

/// Two networks side by side: what differs, and what belongs together.
pub(super) struct Aligned {
    pub(super) findings: Vec<Finding>,
    pub(super) shared: Shared,
}

/// Everything that differs, in the order of the first network.
pub(super) fn compare(a: &CheckedNetwork, b: &CheckedNetwork) -> Aligned {
    let mut comparison = Comparison { a, b, findings: Vec::new(), shared: Shared::default() };
    comparison.network();
    let (trunk_a, trunk_b) = (main_path(a), main_path(b));
    let pairs =
        comparison.sequence(Side { checked: a, units: &trunk_a }, Side { checked: b, units: &trunk_b }, &[1], true);
    comparison.heads(&trunk_a, &trunk_b, &pairs);
    Aligned { findings: comparison.findings, shared: comparison.shared }
}

struct Comparison<'a> {
    a: &'a CheckedNetwork,
    b: &'a CheckedNetwork,
    findings: Vec<Finding>,
    shared: Shared,
}

/// Where a finding belongs.
struct Place<'p> {
    order: &'p [usize],
    row: &'p str,
    at: &'p str,
    class: Option<Class>,
}

impl Comparison<'_> {
    fn find(&mut self, place: &Place<'_>, sub: usize, what: String, a: String, b: String) {
        if a != b {
            let order = place.order.iter().copied().chain([sub]).collect();
            let Place { row, at, class, .. } = *place;
            self.findings.push(Finding { order, row: row.into(), at: at.into(), class, what, a, b });
        }
    }

    /// Input and classes.
    fn network(&mut self) {
        let place = Place { order: &[0], row: "network", at: "", class: None };
        let (a, b) = (self.a.network(), self.b.network());
        let classes = |network: &crate::network::Network| {
            network.classes.as_ref().map_or_else(|| NONE.to_owned(), |classes| classes.value.to_string())
        };
        let (classes_a, classes_b) = (classes(a), classes(b));
        self.find(&place, 0, "input".into(), self.a.input().to_string(), self.b.input().to_string());
        self.find(&place, 1, "classes".into(), classes_a, classes_b);
    }

    /// One sequence against another; `top` where its units make up rows.
    fn sequence(&mut self, a: Side<'_>, b: Side<'_>, order: &[usize], top: bool) -> Vec<Pair> {
        let pairs = align(a, b);
        for (position, pair) in pairs.iter().enumerate() {
            let next = pairs[position..].iter().find_map(|pair| match *pair {
                Pair::Both(i, _) | Pair::OnlyA(i) => Some(i),
                Pair::OnlyB(_) => None,
            });
            let mut key = order.to_vec();
            key.extend(match (*pair, next) {
                (Pair::OnlyB(_), _) => vec![2 * next.unwrap_or(a.units.len()), position],
                (Pair::Both(i, _) | Pair::OnlyA(i), _) => vec![2 * i + 1],
            });
            match *pair {
                Pair::Both(i, j) => {
                    let (one, other) = (&a.units[i], &b.units[j]);
                    self.unit(one, other, &key);
                    if top {
                        self.share(one, other);
                    }
                }
                Pair::OnlyA(i) => {
                    let unit = &a.units[i];
                    let place = Place { order: &key, row: &unit.row, at: &unit.at, class: Some(unit.class) };
                    self.find(&place, 0, unit.class.name().into(), unit_words(a.checked, unit), ABSENT.into());
                }
                Pair::OnlyB(j) => {
                    let unit = &b.units[j];
                    let own = top.then(|| own_row(a, b, &pairs, next, unit)).flatten();
                    let (row, at) = own.unwrap_or_else(|| before(next.map(|i| &a.units[i]), a.units.last()));
                    let place = Place { order: &key, row: &row, at: &at, class: Some(unit.class) };
                    self.find(&place, 0, unit.class.name().into(), ABSENT.into(), unit_words(b.checked, unit));
                }
            }
        }
        pairs
    }

    /// Two units, and what follows them, stand for one another.
    fn share(&mut self, one: &Unit, other: &Unit) {
        self.shared.operations.extend(one.operation.zip(other.operation));
        for wanted in [Class::Norm, Class::Activation] {
            let (list, others) = (followers(self.a, one, wanted), followers(self.b, other, wanted));
            self.shared.operations.extend(list.into_iter().zip(others));
        }
    }

    fn unit(&mut self, one: &Unit, other: &Unit, order: &[usize]) {
        let place = Place { order, row: &one.row, at: &one.at, class: Some(one.class) };
        let values = |checked, unit: &Unit| unit.operation.map_or_else(Vec::new, |index| attributes(checked, index));
        let (list, others) = (values(self.a, one), values(self.b, other));
        self.attributes(&place, 1, one.class.name(), &list, &others);
        self.followers(&place, one, other);
        self.branches(one, other, order);
    }

    fn attributes(&mut self, place: &Place<'_>, sub: usize, of: &str, list: &[Attribute], others: &[Attribute]) {
        for (index, attribute) in list.iter().enumerate() {
            let Some(other) = others.iter().find(|other| other.name == attribute.name) else { continue };
            let parameter = attribute.parameter.as_ref().or(other.parameter.as_ref());
            let parameter = parameter.map_or_else(String::new, |parameter| format!(" ({parameter})"));
            let what = format!("{of} {}{parameter}", attribute.name);
            self.find(place, sub + index, what, attribute.value.clone(), other.value.clone());
        }
    }

    /// What comes right after a unit: normalisations, non-linearities, and their order.
    fn followers(&mut self, place: &Place<'_>, one: &Unit, other: &Unit) {
        let (a, b) = (self.a, self.b);
        let starts = one.class == Class::Start;
        let place_words = if starts { "at the start".into() } else { format!("after {}", one.class.name()) };
        let after = |what: &str| format!("{what} {place_words}");
        for (sub, what, wanted) in [(100, "norm", Class::Norm), (120, "activation", Class::Activation)] {
            let (list, others) = (followers(a, one, wanted), followers(b, other, wanted));
            self.find(place, sub, after(what), follower_words(a, &list), follower_words(b, &others));
            if let ([one], [other]) = (&list[..], &others[..]) {
                self.attributes(place, sub + 1, what, &attributes(a, *one), &attributes(b, *other));
            }
        }
        let order = |checked, unit: &Unit| follower_words(checked, &unit.followers);
        let kinds =
            |checked, unit| [Class::Norm, Class::Activation].map(|wanted| followers(checked, unit, wanted).len());
        if kinds(a, one) == kinds(b, other) && kinds(a, one).iter().all(|count| *count > 0) {
            self.find(place, 140, after("order"), order(a, one), order(b, other));
        }
    }

    fn branches(&mut self, one: &Unit, other: &Unit, order: &[usize]) {
        let (a, b) = (self.a, self.b);
        let pairs = align::branches(a, one, b, other);
        let key = |index: usize| order.iter().copied().chain([200, index]).collect::<Vec<usize>>();
        for (position, pair) in pairs.iter().enumerate() {
            let (at, words) = match *pair {
                Pair::Both(i, j) => {
                    let (branch, candidate) = (&one.branches[i], &other.branches[j]);
                    let (a, b) = (Side { checked: a, units: branch }, Side { checked: b, units: candidate });
                    self.sequence(a, b, &key(i), false);
                    continue;
                }
                Pair::OnlyA(i) => (name(&one.branches[i]), [branch_words(a, &one.branches[i]), ABSENT.into()]),
                Pair::OnlyB(j) => (name(&other.branches[j]), [ABSENT.into(), branch_words(b, &other.branches[j])]),
            };
            let place = Place { order: &key(position), row: &one.row, at: &at, class: None };
            let [one, other] = words;
            self.find(&place, 0, "branch".into(), one, other);
        }
        // A sum has no order.
        if let (Some(Op::Concat(_)), Some(Op::Concat(_))) = (op(a, one), op(b, other)) {
            let place = Place { order: &key(pairs.len()), row: &one.row, at: &one.at, class: Some(Class::Fork) };
            let (list, others) = in_order(one, &pairs);
            self.find(&place, 0, "order of branches".into(), list, others);
        }
    }
}

/// Where a whole row stands that only the other network has: before a row of the first, with its name in the other.
fn own_row(a: Side<'_>, b: Side<'_>, pairs: &[Pair], next: Option<usize>, unit: &Unit) -> Option<(String, String)> {
    let next = next?;
    let row = &a.units[next].row;
    let starts = next.checked_sub(1).is_none_or(|last| a.units[last].row != *row);
    let is_shared = |pair: &Pair| matches!(*pair, Pair::Both(_, j) if b.units[j].row == unit.row);
    (starts && !pairs.iter().any(is_shared)).then(|| (format!("before {row}"), unit.row.clone()))
}

/// Where something stands that only the other network has: before a unit of the first.
fn before(next: Option<&Unit>, last: Option<&Unit>) -> (String, String) {
    match (next, last) {
        (Some(next), _) if next.at.is_empty() => (format!("before {}", next.row), String::new()),
        (Some(next), _) => (next.row.clone(), format!("before {}", next.at)),
        (None, Some(last)) if last.at.is_empty() => (format!("after {}", last.row), String::new()),
        (None, Some(last)) => (last.row.clone(), format!("after {}", last.at)),
        (None, None) => ("the start".into(), String::new()),
    }
}

fn followers(checked: &CheckedNetwork, unit: &Unit, wanted: Class) -> Vec<usize> {
    let operations = &checked.network().operations;
    unit.followers.iter().copied().filter(|index| class(&operations[*index].op) == wanted).collect()
}

/// The name of a branch, which its start has.
fn name(branch: &[Unit]) -> String {
    branch.first().map_or_else(String::new, |start| start.at.clone())
}

/// The first network's names of the branches that both have, in the order of each.
fn in_order(one: &Unit, pairs: &[Pair]) -> (String, String) {
    let mut both: Vec<(usize, usize)> =
        pairs.iter().filter_map(|pair| if let Pair::Both(i, j) = *pair { Some((i, j)) } else { None }).collect();
    let names =
        |both: &[(usize, usize)]| both.iter().map(|(i, _)| name(&one.branches[*i])).collect::<Vec<_>>().join(", ");
    both.sort_unstable();
    let list = names(&both);
    both.sort_by_key(|(_, j)| *j);
    let others = names(&both);
    (list, others)
}
