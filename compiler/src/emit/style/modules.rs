//! Operations to a tree of Python modules.

use std::collections::BTreeMap;

use super::names::{class, keys};
use super::presentation::{Presentation, Shown};
use crate::CheckedNetwork;
use crate::network::Content;
use crate::ops::Op;

/// A module, or the network as a whole.
#[derive(Debug, Clone)]
pub(super) struct Module {
    /// Its name in the module that holds it.
    pub(super) name: String,
    /// Its Python class.
    pub(super) class: String,
    /// The operation that it is; a shared module is several, and the first stands for them.
    pub(super) operation: Option<usize>,
    /// The modules that it holds, in the order of their declaration, as indices.
    pub(super) children: Vec<usize>,
    /// Whether an activation says that it works in place.
    pub(super) inplace: bool,
}

/// All modules; the first is the network itself.
#[derive(Debug)]
pub(super) struct Modules {
    pub(super) list: Vec<Module>,
    /// For each operation that belongs to a module: the way from the network down to it. An operation whose last module
    /// holds others is a function inside of that module.
    pub(super) ways: BTreeMap<usize, Vec<usize>>,
}

/// The modules of a network.
pub(super) fn modules(checked: &CheckedNetwork, presentation: &Presentation) -> Modules {
    let network = checked.network();
    let keys = keys(network);
    let root = presentation.class.clone().unwrap_or_else(|| class_of(&network.name.value));
    let mut tree = Tree { list: vec![module(String::new(), root)], by_path: BTreeMap::new() };
    let mut ways = BTreeMap::new();
    let order: Vec<usize> = network.registration_order().collect();
    for index in order {
        let (Some(key), Some(operation)) = (keys.get(&index), network.operations.get(index)) else { continue };
        let path = match presentation.module(key) {
            Shown::At(path) => path,
            Shown::Function => continue,
            Shown::Unsaid => match (class(&operation.op), &operation.op) {
                (Some(_), _) => key.clone(),
                // What joins branches happens in the module that holds them.
                (None, Op::Concat(_) | Op::Add(_)) => {
                    key.rsplit_once('.').map_or_else(String::new, |(path, _)| path.into())
                }
                (None, _) => continue,
            },
        };
        let way = tree.way(&path);
        if let Some(last) = way.last().and_then(|last| tree.list.get_mut(*last)) {
            last.operation = last.operation.or_else(|| class(&operation.op).map(|_| index));
            last.inplace = presentation.is_inplace(&path);
        }
        ways.insert(index, way);
    }
    let calls = blocks(checked);
    for index in 1..tree.list.len() {
        tree.name(index, presentation, &calls, checked);
    }
    Modules { list: tree.list, ways }
}

fn module(name: String, class: String) -> Module {
    Module { name, class, operation: None, children: Vec::new(), inplace: false }
}

/// Groups that are calls of blocks, by path: a class that nobody names has the block's name.
fn blocks(checked: &CheckedNetwork) -> BTreeMap<String, String> {
    let block = |group: &crate::network::Group| match &group.content {
        Content::Call(call) => Some((group.path.clone(), camel(&call.block))),
        Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => None,
    };
    checked.network().groups().into_iter().filter_map(block).collect()
}

/// `InceptionAux` for `inception-aux`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let mut characters = word.chars();
        characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
    };
    name.split(['-', '_']).map(word).collect()
}

struct Tree {
    list: Vec<Module>,
    by_path: BTreeMap<String, usize>,
}

impl Tree {
    /// The modules on the way to a path, which are made where they are not there yet; the network itself is not among them.
    fn way(&mut self, path: &str) -> Vec<usize> {
        let mut way = Vec::new();
        let mut above = 0;
        let ends = path.match_indices('.').map(|(end, _)| end).chain([path.len()]);
        let mut start = 0;
        for end in ends {
            let known = self.by_path.get(&path[..end]).copied();
            let index = known.unwrap_or_else(|| {
                self.list.push(module(path[start..end].to_owned(), String::new()));
                let index = self.list.len() - 1;
                self.list[above].children.push(index);
                self.by_path.insert(path[..end].to_owned(), index);
                index
            });
            way.push(index);
            (above, start) = (index, end + 1);
        }
        way
    }

    /// Gives a module its class, and its children the order in which the class declares them.
    fn name(
        &mut self,
        index: usize,
        presentation: &Presentation,
        calls: &BTreeMap<String, String>,
        checked: &CheckedNetwork,
    ) {
        let children = self.list[index].children.clone();
        if children.is_empty() {
            let op = self.list[index].operation.map(|operation| &checked.network().operations[operation].op);
            op.and_then(class).unwrap_or("Identity").clone_into(&mut self.list[index].class);
            return;
        }
        self.list[index].operation = None;
        let position =
            |declared: &[String], child: usize| declared.iter().position(|name| *name == self.list[child].name);
        let fits = |(_, declared): &&(String, Vec<String>)| {
            declared.len() == children.len() && children.iter().all(|child| position(declared, *child).is_some())
        };
        if let Some((class, declared)) = presentation.classes.iter().find(fits) {
            let mut ordered = children.clone();
            ordered.sort_by_key(|child| position(declared, *child));
            self.list[index].class.clone_from(class);
            self.list[index].children = ordered;
        } else {
            let path = self.by_path.iter().find(|(_, known)| **known == index).map(|(path, _)| path);
            let block = path.and_then(|path| calls.get(path)).cloned();
            self.list[index].class = block.unwrap_or_else(|| "Sequential".into());
        }
    }
}

impl Modules {
    /// Every operation that belongs to a module or to what it holds, when all of them are asked, shared ones once.
    pub(super) fn operations(&self, module: usize) -> Vec<usize> {
        let mut all: Vec<usize> = self.list[module].operation.into_iter().collect();
        all.extend(self.list[module].children.iter().flat_map(|child| self.operations(*child)));
        all
    }
}

/// The name of a network as a class can have it in Python: `ResNet50` for `ResNet-50`.
fn class_of(name: &str) -> String {
    name.chars().filter(|character| character.is_ascii_alphanumeric() || *character == '_').collect()
}
