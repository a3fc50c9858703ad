//! Heads: where they hang, when they run, and in which order their outputs come.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::tree;

use super::values::Environment;
use super::{Lowerer, Named, Place};
use crate::codes;
use crate::network::{Group, Head, Phase, Source};

/// The heads of a spec while its trunk is being lowered. A head's operations come right after those of the node that it
/// hangs off, so each is lowered as soon as that node is there.
pub(super) struct Heads<'a> {
    written: Vec<&'a tree::Head>,
    lowered: Vec<Option<Head>>,
}

impl<'a> Heads<'a> {
    pub(super) fn new(spec: &'a tree::Spec) -> Self {
        let written: Vec<&tree::Head> = spec
            .sections
            .iter()
            .filter_map(|section| match section {
                tree::Section::Head(head) => Some(head),
                tree::Section::Body(_) => None,
            })
            .collect();
        Self { lowered: vec![None; written.len()], written }
    }

    /// Lowers the heads that hang off `group`, the trunk's item number `index`.
    pub(super) fn attach(&mut self, lowerer: &mut Lowerer<'a>, group: &Group, index: usize, place: Place<'_>) {
        for (written, lowered) in self.written.iter().zip(&mut self.lowered) {
            let Some(from) = &written.from else { continue };
            if from.value != group.label && from.value != group.path {
                continue;
            }
            if lowered.is_some() {
                let message = format!("more than one part of the network is called `{}`", from.value);
                lowerer.report(
                    Diagnostic::error(codes::HEADS, message)
                        .at(from.span, "which one?")
                        .see(group.span, "also called so")
                        .help("rename one of them, or write the path with the table's prefix"),
                );
                continue;
            }
            *lowered = Some(lower(lowerer, written, from.value.clone(), index, group.output, place));
        }
    }

    /// Lowers the heads that nothing has claimed: those without `from` hang off the end of the trunk.
    pub(super) fn finish(self, lowerer: &mut Lowerer<'a>, trunk: &[Group], place: Place<'_>) -> Vec<Head> {
        if self.written.is_empty() {
            lowerer.report(
                Diagnostic::error(codes::MISSING, "the network has no head")
                    .help("add one, such as `heads: {main: {layers: [avgpool global, flatten, linear $classes]}}`"),
            );
        }
        if trunk.is_empty() {
            lowerer.report(
                Diagnostic::error(codes::MISSING, "the network has no layers")
                    .help("add a `stem`, a `table` or a `body`"),
            );
        }
        let last = trunk.len().saturating_sub(1);
        self.written
            .into_iter()
            .zip(self.lowered)
            .map(|(written, lowered)| {
                lowered.unwrap_or_else(|| match &written.from {
                    None => {
                        let (label, output) =
                            trunk.last().map_or((String::new(), Source::Unknown), |g| (g.label.clone(), g.output));
                        lower(lowerer, written, label, last, output, place)
                    }
                    Some(from) => {
                        unknown_node(lowerer, from, trunk);
                        lower(lowerer, written, from.value.clone(), last, Source::Unknown, place)
                    }
                })
            })
            .collect()
    }
}

fn lower<'a>(
    lowerer: &mut Lowerer<'a>,
    written: &'a tree::Head,
    from: String,
    after: usize,
    input: Source,
    place: Place<'_>,
) -> Head {
    let phase = match written.when.as_ref().map(|when| when.value.as_str()) {
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
    };
    let name = &written.name;
    let named = Named { name: name.value.clone(), label: name.value.clone(), span: name.span };
    let path = lowerer.claim("", &named);
    let layers = lowerer.construct(&written.layers, named, Place { path: &path, phase, ..place }, input);
    Head {
        name: name.clone(),
        from,
        source: input,
        after,
        weight: weight(lowerer, written, place.environment),
        phase,
        layers,
    }
}

fn weight(lowerer: &mut Lowerer<'_>, written: &tree::Head, environment: &Environment) -> f64 {
    let Some(value) = &written.weight else { return 1.0 };
    let number = environment.resolve(value).and_then(|resolved| {
        let Some(number) = resolved.single() else {
            return Err(Diagnostic::error(codes::WRONG_VALUE, "the weight of a head must be a number")
                .at(resolved.span, "not a number"));
        };
        let weight = number.float("the weight of a head")?;
        if weight < 0.0 {
            return Err(Diagnostic::error(codes::OUT_OF_RANGE, format!("the weight of a head is {}", number.text))
                .at(number.span, "must be at least 0"));
        }
        Ok(weight)
    });
    number.unwrap_or_else(|diagnostic| {
        lowerer.report(diagnostic);
        1.0
    })
}

fn unknown_node(lowerer: &mut Lowerer<'_>, from: &googlenetc_dsl::source::Spanned<String>, trunk: &[Group]) {
    let labels: Vec<&str> = trunk.iter().map(|group| group.label.as_str()).collect();
    lowerer.report(
        Diagnostic::error(codes::UNKNOWN_NAME, format!("no part of the trunk is called `{}`", from.value))
            .at(from.span, "a head must hang off one of the trunk's own items")
            .did_you_mean(&from.value, from.span, labels.iter().copied()),
    );
}

/// The order of the outputs, as indices of heads: as the spec says, or as declared.
pub(super) fn outputs(lowerer: &mut Lowerer<'_>, heads: &[Head]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    match &lowerer.spec.outputs {
        None => order.extend(0..heads.len()),
        Some(outputs) => {
            for output in &outputs.value {
                match heads.iter().position(|head| head.name == *output) {
                    None => lowerer.report(
                        Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no head `{}`", output.value))
                            .at(output.span, "unknown head")
                            .did_you_mean(
                                &output.value,
                                output.span,
                                heads.iter().map(|head| head.name.value.as_str()),
                            ),
                    ),
                    Some(index) if order.contains(&index) => lowerer.report(
                        Diagnostic::error(codes::HEADS, format!("`{}` stands twice in `outputs`", output.value))
                            .at(output.span, "again"),
                    ),
                    Some(index) => order.push(index),
                }
            }
            for head in heads {
                // Of two heads with one name, which has been reported, the second cannot be named.
                if !order.iter().any(|named| heads[*named].name == head.name) {
                    let message = format!("`outputs` leaves out the head `{}`", head.name.value);
                    lowerer.report(
                        Diagnostic::error(codes::HEADS, message)
                            .at(outputs.span, "every head must be named once")
                            .see(head.name.span, "declared here"),
                    );
                }
            }
        }
    }
    if let Some(first) = order.first().map(|index| &heads[*index])
        && first.phase == Phase::Training
    {
        let message = format!("the first output, `{}`, does not run at inference", first.name.value);
        lowerer.report(
            Diagnostic::error(codes::HEADS, message)
                .at(first.name.span, "runs only in training")
                .help("the first output is the one that predicts: name another one first in `outputs`"),
        );
    }
    order
}
