//! Heads: where they hang, when they run, and in which order their outputs come.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Spanned;
use googlenetc_dsl::suggest::guess;
use googlenetc_dsl::tree;

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::enumerate;
use super::values::{Environment, NoValue};
use super::{Lowerer, Named, Place};
use crate::codes;
use crate::network::{Declared, Group, Head, Phase, Source};

/// More places than a message lists.
const MOST_PLACES: usize = 6;

/// Lowers all heads, in the order of their declaration, when the whole trunk is known. Part of a network needs none.
pub(super) fn lower(
    lowerer: &mut Lowerer<'_>,
    written: &[tree::Head],
    trunk: &[Group],
    place: Place<'_>,
    is_part: bool,
) -> Vec<Head> {
    let nodes = Nodes::new(written, trunk);
    let heads: Vec<Head> = written.iter().map(|head| self::head(lowerer, head, &nodes, place)).collect();
    if heads.is_empty() && !is_part {
        let help = "add one, such as `heads: {main: {layers: [avgpool global, flatten, linear $classes]}}`";
        lowerer.missing(&["heads"], "the network has no head", help);
    }
    if trunk.is_empty() {
        let help = "add a `stem`, a `table` or a `body`";
        lowerer.missing(&["stem", "table", "body"], "the network has no layers", help);
    }
    heads
}

fn head(lowerer: &mut Lowerer<'_>, written: &tree::Head, nodes: &Nodes<'_>, place: Place<'_>) -> Head {
    let phase = phase(lowerer, written);
    let trunk = nodes.trunk;
    let last = trunk.len().saturating_sub(1);
    let (after, from, source) = match &written.from {
        None => match trunk.last() {
            Some(group) => (last, group.label.clone(), group.output),
            None => (last, String::new(), Source::Unknown),
        },
        Some(from) => match find(lowerer, from, nodes) {
            Some((after, group)) => (after, from.value.clone(), group.output),
            None => (last, from.value.clone(), Source::Unknown),
        },
    };
    let name = &written.name;
    let transparent = written.transparent;
    let named = Named { name: name.value.clone(), label: name.value.clone(), transparent, span: name.span };
    let (path, scope) = lowerer.claim(place, &named);
    let place = Place { path: &path, scope: &scope, phase, input: source, ..place };
    let layers = match lowerer.construct(&written.layers, named, place) {
        Some(layers) => layers,
        None => nothing_left(lowerer, written, place),
    };
    let weight = weight(lowerer, written, place.environment);
    Head {
        name: name.clone(),
        from,
        source,
        after,
        weight,
        phase,
        when: written.when.as_ref().map(|when| when.span),
        layers,
    }
}

/// Moves heads that say so behind an item of the trunk, since the order of declaration is that of the variables.
pub(super) fn declare(
    lowerer: &mut Lowerer<'_>,
    written: &[tree::Head],
    trunk: &[Group],
    declared: &mut Vec<Declared>,
) {
    let nodes = Nodes::new(written, trunk);
    let mut moved: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, head) in written.iter().enumerate() {
        let Some((item, _)) = head.declared.as_ref().and_then(|after| find(lowerer, after, &nodes)) else { continue };
        moved.entry(item).or_default().push(index);
    }
    let is_moved: BTreeSet<usize> = moved.values().flatten().copied().collect();
    let mut after = None;
    let mut order = Vec::with_capacity(declared.len());
    // Heads that stand behind the item already come first.
    for one in declared.iter().copied().chain([Declared::Trunk(trunk.len())]) {
        match one {
            Declared::Head(index) if is_moved.contains(&index) => {}
            Declared::Head(_) => order.push(one),
            Declared::Trunk(item) => {
                let heads = after.and_then(|after| moved.remove(&after)).unwrap_or_default();
                order.extend(heads.into_iter().map(Declared::Head));
                order.push(one);
                after = Some(item);
            }
        }
    }
    order.pop();
    *declared = order;
}

fn nothing_left(lowerer: &mut Lowerer<'_>, written: &tree::Head, place: Place<'_>) -> Group {
    let name = &written.name;
    lowerer.report(
        Diagnostic::error(codes::MISSING, format!("the head `{}` has no layers", name.value))
            .at(name.span, "nothing is left: every layer needs a value that is `_`"),
    );
    let named = Named { name: name.value.clone(), label: name.value.clone(), transparent: false, span: name.span };
    lowerer.unknown(named, place)
}

fn phase(lowerer: &mut Lowerer<'_>, written: &tree::Head) -> Phase {
    match written.when.as_ref().map(|when| when.value.as_str()) {
        None | Some("always") => Phase::Always,
        Some("training") => Phase::Training,
        Some(other) => {
            let span = written.when.as_ref().map_or(written.span, |when| when.span);
            lowerer.report(
                Diagnostic::error(codes::WRONG_VALUE, format!("a head cannot run `when: {other}`"))
                    .at(span, "must be `training` or `always`")
                    .did_you_mean(other, span, ["training", "always"]),
            );
            Phase::Always
        }
    }
}

/// A part of the trunk, and the index of the trunk's item that it is or that holds it.
type Node<'g> = (usize, &'g Group);

/// Which parts of a trunk have the names that heads say.
struct Nodes<'g> {
    trunk: &'g [Group],
    named: BTreeMap<&'g str, Matches<'g>>,
}

/// The parts of a trunk that a name may mean.
#[derive(Default)]
struct Matches<'g> {
    /// Items of the trunk with this label or path.
    items: Vec<Node<'g>>,
    /// Parts inside of items with this path.
    paths: Vec<Node<'g>>,
    /// Parts inside of items with this label.
    labels: Vec<Node<'g>>,
}

impl<'g> Nodes<'g> {
    fn new(written: &'g [tree::Head], trunk: &'g [Group]) -> Self {
        let said = written.iter().flat_map(|head| [&head.from, &head.declared]).flatten();
        let mut named: BTreeMap<&str, Matches<'g>> =
            said.map(|name| (name.value.as_str(), Matches::default())).collect();
        if named.is_empty() {
            return Self { trunk, named };
        }
        for node @ (_, group) in trunk.iter().enumerate() {
            let called: BTreeSet<&str> = [group.label.as_str(), &group.path].into();
            for name in called {
                named.entry(name).and_modify(|matches| matches.items.push(node));
            }
            for part in descendants(group) {
                let inside = (node.0, part);
                named.entry(&part.path).and_modify(|matches| matches.paths.push(inside));
                if !is_position(part) {
                    named.entry(&part.label).and_modify(|matches| matches.labels.push(inside));
                }
            }
        }
        Self { trunk, named }
    }
}

/// The part of the trunk that `from` names: one of its own items by label or path, or else anything inside them by its
/// path, or by its label where only one part has it.
fn find<'g>(lowerer: &mut Lowerer<'_>, from: &Spanned<String>, nodes: &Nodes<'g>) -> Option<Node<'g>> {
    let matches = nodes.named.get(from.value.as_str());
    let lists = matches.into_iter().flat_map(|matches| [&matches.items, &matches.paths, &matches.labels]);
    let found: &[Node<'g>] = lists.into_iter().find(|list| !list.is_empty()).map_or(&[], Vec::as_slice);
    let trunk = nodes.trunk;
    match *found {
        [node] => Some(node),
        [] => {
            unknown_node(lowerer, from, trunk);
            None
        }
        [..] => {
            ambiguous(lowerer, from, found);
            None
        }
    }
}

/// Every group inside a group.
fn descendants(group: &Group) -> Vec<&Group> {
    let mut found: Vec<&Group> = group.content.children().iter().collect();
    let mut next = 0;
    while let Some(group) = found.get(next) {
        found.extend(group.content.children());
        next += 1;
    }
    found
}

/// Whether a group is called by its position alone, so that its label says nothing.
fn is_position(group: &Group) -> bool {
    group.label.bytes().all(|byte| byte.is_ascii_digit())
}

fn ambiguous(lowerer: &mut Lowerer<'_>, from: &Spanned<String>, found: &[Node<'_>]) {
    let message = format!("more than one part of the network is called `{}`", from.value);
    let mut diagnostic = Diagnostic::error(codes::HEADS, message).at(from.span, "which one?");
    for (_, group) in found.iter().take(MOST_PLACES) {
        diagnostic = diagnostic.see(group.span, format!("`{}`", group.path));
    }
    let paths: Vec<String> = found.iter().take(MOST_PLACES).map(|(_, group)| format!("`{}`", group.path)).collect();
    let more = found.len().saturating_sub(MOST_PLACES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    lowerer.report(
        diagnostic.note(format!("called so: {}{rest}", paths.join(", "))).help("write the path, or rename one of them"),
    );
}

fn unknown_node(lowerer: &mut Lowerer<'_>, from: &Spanned<String>, trunk: &[Group]) {
    if lowerer.has_said_enough() {
        return;
    }
    let labels: Vec<&str> = trunk.iter().map(|group| group.label.as_str()).filter(|label| !label.is_empty()).collect();
    let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, format!("no part of the trunk is called `{}`", from.value))
        .at(from.span, "a head must hang off an item of the trunk, by its name, or off a part of one, by its path");
    // Of items such as 4a and 4b none is nearer than another.
    lowerer.report(match guess(&from.value, labels.iter().copied()).filter(|guess| guess.is_alone) {
        Some(guess) => diagnostic.guess(guess, from.span),
        None if labels.is_empty() => diagnostic,
        None => diagnostic.note(format!("items of the trunk: {}", enumerate(&labels))),
    });
}

fn weight(lowerer: &mut Lowerer<'_>, written: &tree::Head, environment: &Environment) -> f64 {
    let Some(value) = &written.weight else { return 1.0 };
    let number = environment.resolve(value).and_then(|resolved| {
        let Some(number) = resolved.single() else {
            return Err(Diagnostic::error(codes::WRONG_VALUE, "the weight of a head must be a number")
                .at(resolved.span, "not a number")
                .into());
        };
        let weight = number.float("the weight of a head")?;
        if weight < 0.0 {
            return Err(Diagnostic::error(codes::OUT_OF_RANGE, format!("the weight of a head is {}", number.text))
                .at(number.span, "must be at least 0")
                .into());
        }
        Ok(weight)
    });
    number.unwrap_or_else(|reason: NoValue| {
        lowerer.refuse(reason);
        1.0
    })
}
