//! A network to the parts of its picture.

use std::collections::BTreeSet;

use super::View;
use super::fold::runs;
use super::parts::{Branch, Branches, Cluster, HeadPart, Node, Part, Picture, Title, owner};
use super::words::{self, Role, Usual};
use crate::CheckedNetwork;
use crate::network::{Content, Group, Head, Phase, Source};
use crate::shape::Shape;

/// Makes the picture of a network.
pub(super) fn picture(checked: &CheckedNetwork, view: View) -> Picture<'_> {
    let network = checked.network();
    let end = network.trunk.last().map_or(Source::Input, |group| group.output);
    let outputs: Vec<&Head> = network.outputs.iter().map(|index| &network.heads[*index]).collect();
    let inline = outputs.iter().find(|head| head.source == end && head.phase == Phase::Always);
    let is_inline = |head: &Head| inline.is_some_and(|inline| inline.name.value == head.name.value);
    let taps = outputs.iter().filter(|head| !is_inline(head)).filter_map(|head| match head.source {
        Source::Operation(index) => Some(index),
        Source::Input | Source::Unknown => None,
    });
    let mut maker = Maker {
        checked,
        depth: view.depth.unwrap_or(usize::MAX),
        usual: Usual::of(checked),
        taps: taps.collect(),
        owners: vec![0; network.operations.len()],
        next: 0,
    };
    let input = maker.terminal("input", format!("the input: {}", checked.input()), checked.input());
    let mut trunk = vec![Part::Node(input)];
    trunk.extend(maker.items(&network.trunk, "", 1));
    let mut aside = Vec::new();
    for (position, head) in outputs.iter().enumerate() {
        let mut parts = maker.head(head);
        let logits = checked.shape(head.layers.output);
        let detail = format!("output {} of {}: head {}, {logits}", position + 1, outputs.len(), head.name.value);
        parts.push(Part::Node(maker.terminal(&format!("output {}", position + 1), detail, logits)));
        if is_inline(head) {
            let title = Title { name: head.name.value.clone(), what: "head".into(), times: 1 };
            trunk.push(Part::Cluster(Cluster { title, body: Box::new(Part::Sequence(parts)) }));
        } else {
            aside.push((head, parts));
        }
    }
    aside.sort_by_key(|(head, _)| match head.source {
        Source::Operation(index) => index + 1,
        Source::Input | Source::Unknown => 0,
    });
    let aside = aside.into_iter().map(|(head, parts)| HeadPart {
        name: head.name.value.clone(),
        from: head.from.clone(),
        source: owner(&maker.owners, head.source),
        input: checked.shape(head.source),
        weight: head.weight,
        phase: head.phase,
        parts,
    });
    let aside = aside.collect();
    Picture { checked, trunk, aside, owners: maker.owners, sentences: maker.usual.sentences() }
}

struct Maker<'a> {
    checked: &'a CheckedNetwork,
    depth: usize,
    usual: Usual,
    /// The values that heads beside the trunk read.
    taps: BTreeSet<usize>,
    owners: Vec<usize>,
    next: usize,
}

impl Maker<'_> {
    fn id(&mut self) -> usize {
        let id = self.next;
        self.next += 1;
        id
    }

    fn terminal(&mut self, text: &str, detail: String, output: Shape) -> Node {
        let (id, role) = (self.id(), Role::Terminal);
        Node { id, name: None, text: text.into(), notes: Vec::new(), detail, role, operations: 0..0, output }
    }

    /// A head's layers; a block that makes them up is opened.
    fn head(&mut self, head: &Head) -> Vec<Part> {
        let group = &head.layers;
        match &group.content {
            Content::Sequence(children) if self.depth > 1 => self.items(children, &group.scope, 2),
            Content::Call(call) if self.depth > 1 => match &call.body {
                Content::Sequence(children) => self.items(children, &group.scope, 2),
                Content::Layer(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) | Content::Call(_) => {
                    self.item(group, "", 1).into_iter().collect()
                }
            },
            Content::Sequence(_)
            | Content::Call(_)
            | Content::Layer(_)
            | Content::Concat(_)
            | Content::Add(_)
            | Content::Repeat(_) => self.item(group, "", 1).into_iter().collect(),
        }
    }

    /// Groups one after the other, copies folded. `scope` is that of what holds them.
    fn items(&mut self, groups: &[Group], scope: &str, level: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        for run in runs(self.checked, groups, &self.taps) {
            let copies = &groups[run];
            let Some(part) = copies.first().and_then(|first| self.item(first, scope, level)) else { continue };
            parts.push(if copies.len() > 1 { self.fold(part, copies) } else { part });
        }
        parts
    }

    /// One part for several copies: the first is drawn, and owns the values of all.
    fn fold(&mut self, part: Part, copies: &[Group]) -> Part {
        let (Some(first), Some(last)) = (copies.first(), copies.last()) else { return part };
        for copy in copies {
            for (own, other) in first.operations.clone().zip(copy.operations.clone()) {
                self.owners[other] = self.owners[own];
            }
        }
        let name = match (name(first), name(last)) {
            (Some(first), Some(last)) => format!("{first} … {last}"),
            (name, None) | (None, name) => name.unwrap_or_default(),
        };
        match part {
            Part::Node(node) => {
                let name = Some(name).filter(|name| !name.is_empty());
                Part::Node(Node { name, text: format!("{} × {}", node.text, copies.len()), ..node })
            }
            Part::Cluster(cluster) => {
                let title = Title { name, times: copies.len() * cluster.title.times, ..cluster.title };
                Part::Cluster(Cluster { title, ..cluster })
            }
            body @ (Part::Sequence(_) | Part::Branches(_)) => {
                let title = Title { name, what: String::new(), times: copies.len() };
                Part::Cluster(Cluster { title, body: Box::new(body) })
            }
        }
    }

    /// A group that stands in a sequence; `None` where a value only passes through.
    fn item(&mut self, group: &Group, scope: &str, level: usize) -> Option<Part> {
        let is_transparent = group.scope == scope;
        let named = name(group).filter(|_| !is_transparent).unwrap_or_default();
        let framed = |what: &str, body: Part| {
            let title = Title { name: named.clone(), what: what.into(), times: 1 };
            if title.name.is_empty() && title.what.is_empty() { body } else { frame(title, body) }
        };
        if group.operations.is_empty() {
            return None;
        }
        Some(match &group.content {
            Content::Layer(_) => Part::Node(self.layer(group)),
            _ if level >= self.depth => Part::Node(self.closed(group)),
            Content::Call(call) => {
                let body = self.body(&call.body, group, level);
                frame(Title { name: named.clone(), what: call.block.clone(), times: 1 }, body)
            }
            content @ (Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_)) => {
                framed("", self.body(content, group, level))
            }
        })
    }

    fn body(&mut self, content: &Content, group: &Group, level: usize) -> Part {
        match content {
            Content::Layer(_) => Part::Node(self.layer(group)),
            Content::Sequence(children) | Content::Repeat(children) => {
                Part::Sequence(self.items(children, &group.scope, level + 1))
            }
            Content::Concat(children) | Content::Add(children) => {
                let branches = children.iter().map(|child| self.branch(child, level + 1)).collect();
                Part::Branches(Branches { branches, join: self.join(group) })
            }
            Content::Call(call) => self.body(&call.body, group, level),
        }
    }

    fn branch(&mut self, group: &Group, level: usize) -> Branch {
        let part = match &group.content {
            _ if group.operations.is_empty() => Part::Sequence(Vec::new()),
            Content::Layer(_) => Part::Node(self.layer(group)),
            _ if level >= self.depth => Part::Node(self.closed(group)),
            Content::Call(call) => {
                let title = Title { name: String::new(), what: call.block.clone(), times: 1 };
                frame(title, self.body(&call.body, group, level))
            }
            content @ (Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_)) => {
                self.body(content, group, level)
            }
        };
        Branch { name: group.label.clone(), part }
    }

    fn layer(&mut self, group: &Group) -> Node {
        let checked = self.checked;
        let text = words::operation(checked, words::principal(checked, group));
        let notes = self.usual.notes(checked, group);
        let detail = words::detail(checked, group, &words::steps(checked, group), group.input);
        self.node(group, text, notes, detail, words::role(checked, group))
    }

    /// A group that is not opened.
    fn closed(&mut self, group: &Group) -> Node {
        let layers = words::layers(group);
        let text = match &group.content {
            Content::Call(call) => call.block.clone(),
            Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => {
                layers.clone()
            }
        };
        let detail = words::detail(self.checked, group, &layers, group.input);
        self.node(group, text, Vec::new(), detail, Role::Block)
    }

    /// The operation that joins the branches of a group: its last.
    fn join(&mut self, group: &Group) -> Node {
        let last = group.operations.end.saturating_sub(1);
        let text = words::operation(self.checked, last);
        let detail = words::detail(self.checked, group, &text, group.input);
        let node = self.node(group, text, Vec::new(), detail, Role::Join);
        // The branches have the group's other operations.
        Node { name: None, operations: last..group.operations.end, ..node }
    }

    fn node(&mut self, group: &Group, text: String, notes: Vec<String>, detail: String, role: Role) -> Node {
        let id = self.id();
        let operations = if role == Role::Join {
            group.operations.end.saturating_sub(1)..group.operations.end
        } else {
            group.operations.clone()
        };
        for index in operations.clone() {
            self.owners[index] = id;
        }
        let output = self.checked.shape(group.output);
        Node { id, name: name(group), text, notes, detail, role, operations, output }
    }
}

/// A cluster around a part. A frame that holds nothing but a frame without a name is one frame.
fn frame(title: Title, body: Part) -> Part {
    let body = match body {
        Part::Sequence(parts) if parts.len() == 1 => parts.into_iter().next().unwrap_or(Part::Sequence(Vec::new())),
        other @ (Part::Sequence(_) | Part::Node(_) | Part::Branches(_) | Part::Cluster(_)) => other,
    };
    match body {
        Part::Cluster(inner) if inner.title.name.is_empty() && title.what.is_empty() => {
            Part::Cluster(Cluster { title: Title { name: title.name, ..inner.title }, ..inner })
        }
        other @ (Part::Cluster(_) | Part::Sequence(_) | Part::Node(_) | Part::Branches(_)) => {
            Part::Cluster(Cluster { title, body: Box::new(other) })
        }
    }
}

/// The author's name of a group; items without one are only counted.
fn name(group: &Group) -> Option<String> {
    let is_row = matches!(&group.content, Content::Call(call) if call.row.is_some());
    let is_named = is_row || !group.name.bytes().all(|byte| byte.is_ascii_digit());
    is_named.then(|| group.label.clone())
}
