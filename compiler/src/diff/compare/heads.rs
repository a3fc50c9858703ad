//! The heads of two networks: which belong together, and how they differ.

use super::{ABSENT, Comparison, Place};
use crate::diff::align::{Pair, Side};
use crate::diff::units::{Unit, head_path, operations};
use crate::network::{Head, Phase, Source};

impl Comparison<'_> {
    /// Heads that hang off the same node, or else have one name, are the same head; the first outputs always are.
    pub(super) fn heads(&mut self, trunk_a: &[Unit], trunk_b: &[Unit], pairs: &[Pair]) {
        let (a, b) = (self.a.network(), self.b.network());
        let (Some((&main_a, extra_a)), Some((&main_b, extra_b))) = (a.outputs.split_first(), b.outputs.split_first())
        else {
            return;
        };
        let nodes = Nodes { a: trunk_a, b: trunk_b, pairs };
        let mut partners = self.partners(&nodes, extra_a, extra_b);
        for (order, &i) in extra_a.iter().enumerate() {
            let one = &a.heads[i];
            let partner = partners.iter().find(|(one, _)| *one == i).map(|(_, other)| &b.heads[*other]);
            self.head(one, partner.map(|other| (other, nodes.label(one, other))), &[2, order]);
        }
        for (order, &j) in extra_b.iter().enumerate() {
            if partners.iter().all(|(_, other)| *other != j) {
                self.added(&b.heads[j], &[3, order]);
            }
        }
        let place = Place { order: &[2, extra_a.len()], row: &a.heads[main_a].name.value, at: "", class: None };
        self.settings(&place, &a.heads[main_a], &b.heads[main_b]);
        partners.push((main_a, main_b));
        let names =
            |&(one, other): &(usize, usize)| (a.heads[one].name.value.clone(), b.heads[other].name.value.clone());
        self.shared.heads = partners.iter().map(names).collect();
        self.outputs(&partners);
    }

    /// Which of some heads of both networks belong together: by the node that they hang off, and what is left by name.
    fn partners(&self, nodes: &Nodes<'_>, of_a: &[usize], of_b: &[usize]) -> Vec<(usize, usize)> {
        let (a, b) = (self.a.network(), self.b.network());
        let mut partners: Vec<(usize, usize)> = Vec::new();
        for by_node in [true, false] {
            for &i in of_a {
                let fits = |j: &&usize| {
                    let (one, other) = (&a.heads[i], &b.heads[**j]);
                    let free = partners.iter().all(|(one, other)| *one != i && other != *j);
                    free && if by_node {
                        nodes.of_other(other) == nodes.of_first(one)
                    } else {
                        one.name.value == other.name.value
                    }
                };
                let partner = of_b.iter().find(fits).copied();
                partners.extend(partner.map(|j| (i, j)));
            }
        }
        partners
    }

    /// A head that only the other network has.
    fn added(&mut self, head: &Head, order: &[usize]) {
        let place = Place { order, row: &head.name.value, at: "", class: None };
        self.find(&place, 0, "head".into(), ABSENT.into(), head_words(head, &head.from));
    }

    fn head(&mut self, one: &Head, partner: Option<(&Head, String)>, order: &[usize]) {
        let place = Place { order, row: &one.name.value, at: "", class: None };
        let Some((other, from)) = partner else {
            self.find(&place, 0, "head".into(), head_words(one, &one.from), ABSENT.into());
            return;
        };
        self.find(&place, 1, "head from".into(), one.from.clone(), from);
        self.settings(&place, one, other);
        let key: Vec<usize> = order.iter().copied().chain([9]).collect();
        let (list, others) = (head_path(self.a, one), head_path(self.b, other));
        self.sequence(Side { checked: self.a, units: &list }, Side { checked: self.b, units: &others }, &key, true);
    }

    fn settings(&mut self, place: &Place<'_>, one: &Head, other: &Head) {
        self.find(place, 2, "head runs".into(), when(one).into(), when(other).into());
        self.find(place, 3, "loss weight".into(), one.weight.to_string(), other.weight.to_string());
    }

    /// The order of the outputs that both networks have, by the first network's names.
    fn outputs(&mut self, partners: &[(usize, usize)]) {
        let (a, b) = (self.a.network(), self.b.network());
        let name = |i: usize| a.heads[i].name.value.as_str();
        let of_a = |i: &usize| partners.iter().find(|(one, _)| one == i).map(|_| name(*i));
        let of_b = |j: &usize| partners.iter().find(|(_, other)| other == j).map(|(one, _)| name(*one));
        let list: Vec<&str> = a.outputs.iter().filter_map(of_a).collect();
        let others: Vec<&str> = b.outputs.iter().filter_map(of_b).collect();
        let place = Place { order: &[4], row: "network", at: "", class: None };
        self.find(&place, 0, "order of outputs".into(), list.join(", "), others.join(", "));
    }
}

/// The trunks of both networks, and which of their units belong together.
struct Nodes<'u> {
    a: &'u [Unit],
    b: &'u [Unit],
    pairs: &'u [Pair],
}

impl Nodes<'_> {
    /// The unit that a head of the first network hangs off.
    fn of_first(&self, head: &Head) -> Option<usize> {
        position(self.a, head.source)
    }

    /// The unit of the first network for the one that a head of the other hangs off.
    fn of_other(&self, head: &Head) -> Option<usize> {
        let unit = position(self.b, head.source)?;
        self.pairs.iter().find_map(|pair| match *pair {
            Pair::Both(i, j) => (j == unit).then_some(i),
            Pair::OnlyA(_) | Pair::OnlyB(_) => None,
        })
    }

    /// What a head of the other network hangs off, by the first network's name where it has it.
    fn label(&self, one: &Head, other: &Head) -> String {
        match self.of_other(other) {
            // The same part of the same row.
            Some(row) if self.of_first(one) == Some(row) && one.from == other.from => one.from.clone(),
            Some(row) => self.a[row].row.clone(),
            None => other.from.clone(),
        }
    }
}

/// The unit that a head hangs off: the one whose own operations hold its source.
fn position(trunk: &[Unit], source: Source) -> Option<usize> {
    let Source::Operation(index) = source else { return None };
    trunk.iter().position(|unit| operations(unit).contains(&index))
}

fn when(head: &Head) -> &'static str {
    match head.phase {
        Phase::Training => "in training",
        Phase::Always => "always",
    }
}

fn head_words(head: &Head, from: &str) -> String {
    format!("from {from}, {}, loss weight {}", when(head), head.weight)
}
