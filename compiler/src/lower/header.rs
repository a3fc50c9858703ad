//! `version`, `network`, `input`, `classes`.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Spanned;
use googlenetc_dsl::tree::{Atom, Spec, Value};

use super::Lowerer;
use super::values::{Environment, Globals, Number, Resolved, ResolvedValue};
use crate::codes;
use crate::ops::{LARGEST_SIZE, product};
use crate::settings::Changes;

/// The version of the language that this compiler reads.
const VERSION: &str = "1";

pub(super) struct Header {
    pub(super) name: Option<Spanned<String>>,
    pub(super) input: Option<Spanned<[u64; 3]>>,
    pub(super) classes: Option<Spanned<u64>>,
    /// `$classes`, which is known everywhere.
    pub(super) globals: Globals,
}

pub(super) fn lower(lowerer: &mut Lowerer<'_>) -> Header {
    let spec = lowerer.spec;
    if let Some(diagnostic) = check_version(spec) {
        lowerer.report(diagnostic);
    }
    if spec.network.is_none() {
        lowerer.missing(&["network"], "the spec has no `network`", "name the network, such as `network: GoogLeNet`");
    }
    if spec.input.is_none() {
        lowerer.missing(&["input"], "the spec has no `input`", "say what goes in, such as `input: 3x224x224`");
    }
    if let Some(name) = &spec.network
        && !is_title(&name.value)
    {
        let message = format!("`{}` cannot be the name of a network", name.value.escape_debug());
        let label = "use letters a to z, digits, blanks, and `_ - + .`; begin with a letter";
        lowerer.report(Diagnostic::error(codes::BAD_NAME, message).at(name.span, label));
    }
    let input = spec.input.as_ref().and_then(|input| shape(lowerer, input));
    let resolved = spec.classes.as_ref().and_then(|value| resolve(lowerer, value));
    let classes = resolved.as_ref().and_then(|resolved| classes(lowerer, resolved));
    let value = resolved.filter(|resolved| resolved.single().is_some());
    let is_said = spec.classes.is_some() || spec.unread.contains(&"classes");
    let globals = is_said.then(|| ("classes".to_owned(), value)).into_iter().collect();
    Header { name: spec.network.clone(), input, classes, globals }
}

/// What is wrong with the version that a spec or a library says.
pub(crate) fn check_version(spec: &Spec) -> Option<Diagnostic> {
    let version = spec.version.as_ref().filter(|version| version.value != VERSION)?;
    let message = format!("version `{}` of the language is not supported", version.value);
    Some(Diagnostic::error(codes::VERSION, message).at(version.span, format!("this compiler reads version {VERSION}")))
}

/// The name becomes the name of a struct and of a folder, and stands in comments.
fn is_title(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " _-+.".contains(c);
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(allowed)
}

fn resolve(lowerer: &mut Lowerer<'_>, value: &Spanned<Value>) -> Option<Resolved> {
    match Environment::default().resolve(value) {
        Ok(resolved) => Some(resolved),
        Err(reason) => {
            lowerer.refuse(reason);
            None
        }
    }
}

fn classes(lowerer: &mut Lowerer<'_>, resolved: &Resolved) -> Option<Spanned<u64>> {
    let Some(number) = resolved.single() else {
        lowerer.report(
            Diagnostic::error(codes::WRONG_VALUE, format!("`classes` must be a number, not `{}`", resolved.text()))
                .at(resolved.span, "not a number"),
        );
        return None;
    };
    whole(lowerer, "`classes`", number).map(|classes| Spanned::new(classes, resolved.span))
}

fn shape(lowerer: &mut Lowerer<'_>, value: &Spanned<Value>) -> Option<Spanned<[u64; 3]>> {
    let resolved = resolve(lowerer, value)?;
    if let ResolvedValue::Numbers { sizes, steps } = &resolved.value
        && let ([channels, height, width], []) = (&sizes[..], &steps[..])
    {
        let channels = whole(lowerer, "the number of input channels", channels);
        let height = whole(lowerer, "the input's height", height);
        let width = whole(lowerer, "the input's width", width);
        let sizes = [channels?, height?, width?];
        if product(sizes).is_none() {
            lowerer.report(
                Diagnostic::error(codes::TOO_LARGE, "the input has more values than can be counted")
                    .at(resolved.span, "beyond 64 bits"),
            );
            return None;
        }
        return Some(Spanned::new(sizes, resolved.span));
    }
    lowerer.report(
        Diagnostic::error(codes::WRONG_VALUE, format!("`{}` is not the shape of an input", resolved.text()))
            .at(resolved.span, "write channels x height x width, such as `3x224x224`"),
    );
    None
}

/// Whether an input has the height and width that the spec itself says.
pub(super) fn is_declared_size(changes: &Changes, [_, height, width]: [u64; 3]) -> bool {
    let Some(declared) = &changes.declared_input else { return true };
    let Value::Extents { sizes, .. } = &declared.value else { return false };
    let is = |atom: &Spanned<Atom>, size: u64| matches!(&atom.value, Atom::Number(text) if *text == size.to_string());
    matches!(&sizes[..], [_, rows, columns] if is(rows, height) && is(columns, width))
}

fn whole(lowerer: &mut Lowerer<'_>, what: &str, number: &Number) -> Option<u64> {
    match number.whole(what, 1..=LARGEST_SIZE) {
        Ok(number) => Some(number),
        Err(diagnostic) => {
            lowerer.report(diagnostic);
            None
        }
    }
}
