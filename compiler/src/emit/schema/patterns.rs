//! Regular expressions of what stands in one text, in the syntax that JSON Schema shares with JavaScript. They follow
//! `grammar.pest`, with the words of the layer files filled in.

use crate::emit::reference::takes;
use crate::layers::{Attribute, Form, KINDS, Kind};

pub(super) const NAME: &str = "^[A-Za-z0-9_][A-Za-z0-9_-]*$";

/// A name, or a name in parentheses.
pub(super) const ITEM_NAME: &str = r"^(?:[A-Za-z0-9_][A-Za-z0-9_-]*|\([A-Za-z0-9_][A-Za-z0-9_-]*\))$";

/// Words that say what follows them.
pub(super) const RESERVED: [&str; 4] = ["concat", "add", "repeat", "table"];

const NUMBER: &str = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";
const PARAMETER: &str = r"\$[A-Za-z_][A-Za-z0-9_]*";
const IDENTIFIER: &str = "[A-Za-z_][A-Za-z0-9_]*";
/// No word ends before one of these.
const END: &str = r"(?![A-Za-z0-9_.\-$/=])";

/// Numbers or parameters joined by `x`.
fn sizes() -> String {
    let atom = format!("(?:{NUMBER}|{PARAMETER})");
    format!("{atom}(?:x{atom})*")
}

/// Numbers, and perhaps more of them behind a slash.
fn extents() -> String {
    let sizes = sizes();
    format!("{sizes}(?:/{sizes})?")
}

fn value() -> String {
    format!("(?:{}{END}|[A-Za-z0-9_][A-Za-z0-9_.-]*)", extents())
}

/// Channels x height x width.
pub(super) fn shape() -> String {
    format!(r"^\s*{}\s*$", sizes())
}

pub(super) fn count() -> String {
    format!(r"^\s*(?:[0-9]+|{PARAMETER})\s*$")
}

pub(super) fn lone_value() -> String {
    format!(r"^\s*{}\s*$", value())
}

/// A block's parameter: `n1x1`, `stride=1`.
pub(super) fn parameter() -> String {
    format!(r"^\s*{IDENTIFIER}(?:={})?\s*$", value())
}

/// Any layer or call, with arguments of any name.
pub(super) fn expression() -> String {
    let reserved = RESERVED.join("|");
    let argument = format!("(?:[A-Za-z_][A-Za-z0-9_.-]*=)?{}", value());
    format!(
        r"^\s*(?!(?:{reserved}){END})(?:{PARAMETER}|[A-Za-z_][A-Za-z0-9_.-]*){END}(?:\s+{argument})*{}\s*$",
        assertion()
    )
}

/// The keyword of a layer, at its beginning.
pub(super) fn begins_with(keyword: &str) -> String {
    format!(r"^\s*{keyword}{END}")
}

/// A layer of a kind, with the attributes that it has.
pub(super) fn layer(kind: &Kind) -> String {
    let mut arguments: Vec<String> = kind.attributes.iter().map(attribute).collect();
    if !kind.positional.is_empty() {
        arguments.push(format!("(?:{}{END}|_{END})", extents()));
    }
    let arguments = if arguments.is_empty() { String::new() } else { format!(r"(?:\s+(?:{}))*", arguments.join("|")) };
    format!(r"^\s*{}{arguments}{}\s*$", kind.keyword, assertion())
}

/// The defaults of a kind: attributes and flags.
pub(super) fn defaults(kind: &Kind) -> String {
    let attributes: Vec<String> = kind.attributes.iter().map(attribute).collect();
    let attributes = attributes.join("|");
    format!(r"^\s*(?:{attributes})(?:\s+(?:{attributes}))*\s*$")
}

fn attribute(attribute: &Attribute) -> String {
    let name = attribute.name;
    let numbers = format!("{}{END}", sizes());
    let value = match attribute.form {
        Form::Flag => return format!("{name}(?:=(?:true|false|_|{PARAMETER}))?{END}"),
        Form::Words(words) => format!("(?:(?:{}|{PARAMETER}){END})", words.join("|")),
        Form::WordsOrNumber(words) => format!("(?:(?:{}){END}|{numbers})", words.join("|")),
        Form::Count(_) | Form::Number(_) => format!("(?:{NUMBER}|{PARAMETER}){END}"),
        Form::Sizes { .. } | Form::Numbers(_) => numbers,
    };
    format!("{name}=(?:{value}|_{END})")
}

fn assertion() -> String {
    format!(r"(?:\s+->\s*{})?", sizes())
}

/// What a kind takes, for an editor's message.
pub(super) fn expected(kind: &Kind) -> String {
    let mut parts: Vec<String> = kind.positional.iter().map(|value| value.sample.to_owned()).collect();
    parts.extend(kind.attributes.iter().map(|attribute| match attribute.form {
        Form::Flag => attribute.name.to_owned(),
        form @ (Form::Words(_)
        | Form::WordsOrNumber(_)
        | Form::Count(_)
        | Form::Sizes { .. }
        | Form::Number(_)
        | Form::Numbers(_)) => format!("{}= ({})", attribute.name, takes(form).replace('`', "")),
    }));
    if parts.is_empty() {
        format!("`{}` takes nothing", kind.keyword)
    } else {
        format!("`{}` takes {}", kind.keyword, parts.join(", "))
    }
}

/// The keywords of all layers, and the words that say what follows them: names that no block can have.
pub(super) fn keywords() -> Vec<&'static str> {
    KINDS.iter().map(|kind| kind.keyword).chain(RESERVED).chain(["default"]).collect()
}
