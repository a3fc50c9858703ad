//! That every head ends in one logit per class.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::origins::Origins;
use super::{input_shape, shape_of};
use crate::codes;
use crate::shape::Partial;

pub(super) fn check(origins: &Origins<'_>, shapes: &[Partial], found: &mut Vec<Diagnostic>) {
    let network = origins.network;
    let input = input_shape(network);
    let mut wanted = network.classes.as_ref().map(|classes| (classes.value, classes.span, "`classes`".to_owned()));
    for head in &network.heads {
        let features = match shape_of(head.layers.output, input, shapes) {
            Partial::Vector(Some(features)) => features,
            Partial::Vector(None) | Partial::Unknown => continue,
            map @ Partial::Map { .. } => {
                found.push(
                    Diagnostic::error(
                        codes::HEAD_CLASSES,
                        format!(
                            "the head `{}` ends in feature maps of {map} instead of one logit per class",
                            head.name.value
                        ),
                    )
                    .at(head.name.span, format!("delivers {map}"))
                    .help("end it with `flatten` and `linear $classes`"),
                );
                continue;
            }
        };
        match &wanted {
            None => wanted = Some((features, head.name.span, format!("`{}`", head.name.value))),
            Some((classes, span, who)) if *classes != features => {
                let diagnostic = Diagnostic::error(
                    codes::HEAD_CLASSES,
                    format!("the head `{}` ends in {features} logits, {who} says {classes}", head.name.value),
                )
                .at(head.name.span, format!("{features} logits"))
                .see(*span, format!("{classes} here"));
                found.push(origins.of_channels(head.layers.output, shapes, diagnostic));
            }
            Some(_) => {}
        }
    }
}
