//! Findings of several comparisons to lines: the same difference in many places is one line, and places are told in few
//! words.

use std::collections::BTreeMap;

use super::attributes::Class;
use super::compare::Finding;
use super::units::Unit;
use super::{Difference, Place};

/// The units of the first network, as places are counted.
pub(super) struct Places {
    /// Row, class of the unit that makes up the row, and the places of every unit in it.
    rows: Vec<Row>,
}

struct Row {
    name: String,
    class: Class,
    units: Vec<(String, Class)>,
}

impl Places {
    /// The places of the main path and of the heads.
    pub(super) fn new<'u>(units: impl Iterator<Item = &'u Unit>) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for unit in units {
            let new = rows.last().is_none_or(|row| row.name != unit.row);
            if new {
                rows.push(Row { name: unit.row.clone(), class: unit.class, units: Vec::new() });
            }
            if let Some(row) = rows.last_mut() {
                collect(unit, &mut row.units);
            }
        }
        Self { rows }
    }

    /// `conv1 to conv3, 3a to 5b (branch1)`.
    fn words(&self, class: Option<Class>, places: &[Place]) -> String {
        let mut by_row: Vec<(&str, Vec<&str>)> = Vec::new();
        for place in places {
            match by_row.iter_mut().find(|(row, _)| *row == place.row) {
                Some((_, at)) => at.push(&place.at),
                None => by_row.push((&place.row, vec![&place.at])),
            }
        }
        if let Some(class) = class.filter(|class| self.is_every(*class, places)) {
            return format!("every {}", class.name());
        }
        let mut words: Vec<String> = Vec::new();
        let mut index = 0;
        while let Some((row, at)) = by_row.get(index) {
            let within = self.within(class, row, at);
            let run = self.run(class, &by_row[index..]);
            let last = by_row[index + run - 1].0;
            words.push(match run {
                1 => format!("{row}{within}"),
                2 => format!("{row}, {last}{within}"),
                _ => format!("{row} to {last}{within}"),
            });
            index += run;
        }
        words.join(", ")
    }

    fn is_every(&self, class: Class, places: &[Place]) -> bool {
        let all = self.rows.iter().flat_map(|row| &row.units).filter(|(_, other)| *other == class).count();
        let counted = !matches!(class, Class::Start | Class::Fork);
        let known = |place: &Place| self.has(class, &place.row, &place.at);
        counted && all > 2 && all == places.len() && places.iter().all(known)
    }

    fn has(&self, class: Class, row: &str, at: &str) -> bool {
        let rows = self.rows.iter().filter(|other| other.name == row);
        rows.flat_map(|row| &row.units).any(|(name, other)| name == at && *other == class)
    }

    /// Which parts of a row: nothing to say when it is all that could be meant, or when parts are only counted.
    fn within(&self, class: Option<Class>, row: &str, at: &[&str]) -> String {
        let same = |(_, other): &&(String, Class)| class.is_some_and(|class| class == *other);
        let all = self.rows.iter().filter(|other| other.name == row).flat_map(|row| &row.units).filter(same).count();
        let known = class.is_some_and(|class| at.iter().all(|at| self.has(class, row, at)));
        let named = |at: &&&str| !at.is_empty() && !at.bytes().all(|byte| byte.is_ascii_digit());
        let named: Vec<&str> = at.iter().filter(named).copied().collect();
        if named.is_empty() || (known && all == at.len()) { String::new() } else { format!(" ({})", named.join(", ")) }
    }

    /// How many rows from the first on follow one another in the network, rows of other kinds apart, and differ in the same
    /// parts.
    fn run(&self, class: Option<Class>, rows: &[(&str, Vec<&str>)]) -> usize {
        let Some((first, at)) = rows.first() else { return 0 };
        let Some(start) = self.rows.iter().position(|row| row.name == *first) else { return 1 };
        let within = self.within(class, first, at);
        let alike = self.rows[start..].iter().filter(|row| row.class == self.rows[start].class);
        let same = |(row, (name, at)): &(&Row, &(&str, Vec<&str>))| {
            row.name == *name && self.within(class, name, at) == within
        };
        alike.zip(rows).take_while(same).count().max(1)
    }
}

fn collect(unit: &Unit, places: &mut Vec<(String, Class)>) {
    places.push((unit.at.clone(), unit.class));
    for unit in unit.branches.iter().flatten() {
        collect(unit, places);
    }
}

/// Findings by place and what they are about, with a value for each network.
type Found<'f> = BTreeMap<(&'f [usize], &'f str), (&'f Finding, Vec<String>)>;

/// One line per difference and pair of values; `others[k]` are the findings about the network `k + 1`.
pub(super) fn merge(places: &Places, others: &[Vec<Finding>]) -> Vec<Difference> {
    let mut found: Found<'_> = BTreeMap::new();
    for (k, findings) in others.iter().enumerate() {
        for finding in findings {
            let same = || (finding, vec![finding.a.clone(); others.len() + 1]);
            let (_, values) = found.entry((&finding.order, &finding.what)).or_insert_with(same);
            if let Some(value) = values.get_mut(k + 1) {
                value.clone_from(&finding.b);
            }
        }
    }
    let mut lines: Vec<(Option<Class>, Difference)> = Vec::new();
    for (finding, values) in found.into_values() {
        let place = Place { row: finding.row.clone(), at: finding.at.clone() };
        let same = |(class, line): &&mut (Option<Class>, Difference)| {
            *class == finding.class && line.what == finding.what && line.values == values
        };
        if let Some((_, line)) = lines.iter_mut().find(same) {
            line.places.push(place);
        } else {
            let (what, places) = (finding.what.clone(), vec![place]);
            lines.push((finding.class, Difference { place: String::new(), what, values, places }));
        }
    }
    let named =
        |(class, line): (Option<Class>, Difference)| Difference { place: places.words(class, &line.places), ..line };
    lines.into_iter().map(named).collect()
}
