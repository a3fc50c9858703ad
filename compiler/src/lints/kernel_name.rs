//! A name that says another kernel than the convolution has.

mod claim;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;

use super::{Found, Level, Lint, Subject, written};
use crate::check::CheckedNetwork;
use crate::codes;
use crate::network::{Content, Group, Operation};
use crate::ops::Op;
use claim::Claim;

pub(super) const LINT: Lint = Lint {
    code: codes::KERNEL_NAME,
    name: "kernel-name",
    level: Level::Warn,
    reason: "whoever reads the name, or a table's column, expects a kernel that is not there",
    find,
};

/// A group to look at.
#[derive(Clone, Copy)]
struct Step<'n> {
    group: &'n Group,
    /// What the convolutions of the sequence that it is a part of cover together.
    cover: [u64; 2],
    /// Whether it is the last in that sequence that has a convolution.
    is_last: bool,
}

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let tops = network.trunk.iter().chain(network.heads.iter().map(|head| &head.layers));
    // Taken from the end, so that messages come in the order of the network.
    let mut stack: Vec<Step<'_>> = tops.map(alone).collect();
    stack.reverse();
    while let Some(step) = stack.pop() {
        let group = step.group;
        let content = match &group.content {
            Content::Layer(_) => {
                found.extend(layer(subject, step));
                continue;
            }
            Content::Call(call) => {
                found.extend(part(subject, group, &call.block));
                &call.body
            }
            content @ (Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_)) => content,
        };
        found.extend(part(subject, group, &group.name));
        match content {
            Content::Sequence(children) => stack.extend(steps(subject.checked, group, children)),
            Content::Layer(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) | Content::Call(_) => {
                stack.extend(content.children().iter().rev().map(alone));
            }
        }
    }
}

fn alone(group: &Group) -> Step<'_> {
    Step { group, cover: [1, 1], is_last: true }
}

/// The steps of a sequence.
fn steps<'n>(checked: &CheckedNetwork, sequence: &Group, children: &'n [Group]) -> Vec<Step<'n>> {
    let cover = claim::cover(checked, sequence);
    let mut is_last = true;
    let mut steps = Vec::with_capacity(children.len());
    for group in children.iter().rev() {
        steps.push(Step { group, cover, is_last });
        is_last &= !claim::has_convolution(checked, group);
    }
    steps
}

/// A layer whose own name, or the parameter that gives its channels, says another kernel.
fn layer(subject: &Subject<'_>, Step { group, cover, is_last }: Step<'_>) -> Option<Diagnostic> {
    let operations = &subject.checked.network().operations;
    let index = group.operations.clone().find(|index| operations[*index].op.rule().window().is_some())?;
    let operation = &operations[index];
    let kernel = operation.op.rule().window()?.kernel;
    // A 1x1 convolution before others makes their input smaller, and is called after them.
    if kernel == [1, 1] && !is_last {
        return None;
    }
    let parameter = operation.slot("channels").and_then(|slot| slot.parameter.as_deref());
    let names = [Some(group.name.as_str()), parameter];
    let (name, claim) = names.into_iter().flatten().find_map(|name| {
        let claim = Claim::of(name)?;
        (cover != claim.0 && is_broken(subject.checked, group, claim)).then_some((name, claim))
    })?;
    Some(message(subject, operation, name, claim, kernel))
}

/// A branch, a group or a block in which no kernel is as its name says.
fn part(subject: &Subject<'_>, group: &Group, name: &str) -> Option<Diagnostic> {
    let claim = Claim::of(name)?;
    if !is_broken(subject.checked, group, claim) || claim::cover(subject.checked, group) == claim.0 {
        return None;
    }
    let operations = &subject.checked.network().operations;
    let is_convolution = |index: &usize| matches!(operations[*index].op, Op::Convolution(_));
    let operation = &operations[group.operations.clone().rfind(is_convolution)?];
    let kernel = operation.op.rule().window()?.kernel;
    Some(message(subject, operation, name, claim, kernel).see(group.span, format!("`{name}`")))
}

/// Whether nothing in a group is as a name says.
fn is_broken(checked: &CheckedNetwork, group: &Group, claim: Claim) -> bool {
    !claim::fulfils(checked, group, claim) && !is_size(checked, group, claim)
}

/// Whether a name means the size of maps that come in or go out.
fn is_size(checked: &CheckedNetwork, group: &Group, claim: Claim) -> bool {
    [group.input, group.output].into_iter().any(|value| checked.shape(value).sizes().get(1..) == Some(&claim.0[..]))
}

fn message(subject: &Subject<'_>, operation: &Operation, name: &str, claim: Claim, kernel: [u64; 2]) -> Diagnostic {
    let [rows, columns] = kernel;
    let place = kernel_place(operation);
    let mut diagnostic = Diagnostic::warning(
        codes::KERNEL_NAME,
        format!("`{name}` says {claim}, but the kernel of `{}` is {rows}x{columns}", written::layer(operation)),
    )
    .at(place.unwrap_or(operation.span), format!("not {claim}"));
    if claim.0 == [5, 5] && kernel == [3, 3] {
        diagnostic = diagnostic.note(
            "torchvision's GoogLeNet has 3x3 kernels where the paper has 5x5, as TF-Slim's has (pytorch/vision #906); its published \
             weights need them",
        );
    }
    match place.filter(|place| written::text(subject.sources, *place) == Some(&format!("{rows}x{columns}"))) {
        Some(place) => diagnostic.suggest("if the name is right", place, claim.to_string()),
        None => diagnostic.help("change the kernel or the name"),
    }
}

/// Where the layer itself says its kernel.
fn kernel_place(operation: &Operation) -> Option<Span> {
    let (rows, columns) = (operation.slot("kernel_height")?.span, operation.slot("kernel_width")?.span);
    [rows, columns].into_iter().all(|span| written::is_within(span, operation.span)).then(|| rows.to(columns))
}
