//! `head aux1 from=4a weight=0.3 when=training { ... }`.

use super::item::{construct, header_and_layers};
use super::statement::Statement;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression::value;
use crate::grammar::{Rule, part, parts, read, text};
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::tree::{Construct, Head};

/// Reads a head: `rest` is the statement's head behind the word `head`.
pub(super) fn head(rest: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Option<Head> {
    let (header, layers) = header_and_layers(rest);
    let reading = read(Rule::head_header, header, "header of a head");
    let pair = reader.accept(reading);
    let layers = if layers.text.is_empty() && statement.body.is_none() {
        let diagnostic = Diagnostic::error(codes::MISSING, "a head needs layers").at(statement.span, "no layers here");
        reader.report(diagnostic.help("write them in braces, or one of them behind a colon"));
        Construct::Invalid(statement.span)
    } else {
        construct(layers, statement, reader)
    };
    let pair = pair?;
    let parentheses = part(&pair, Rule::transparent);
    let name = text(&part(parentheses.as_ref().unwrap_or(&pair), Rule::name)?, header);
    let transparent = parentheses.is_some();
    let (from, weight, when, declared) = (None, None, None, None);
    let mut head = Head { name, transparent, from, weight, when, declared, layers, span: statement.span };
    let mut seen = Vec::new();
    for named in parts(&pair, Rule::named) {
        let (key, pair) = part(&named, Rule::key).zip(part(&named, Rule::value))?;
        let key = text(&key, header);
        match key.value.as_str() {
            "from" => head.from = Some(text(&pair, header)),
            "weight" => head.weight = Some(value(&pair, header)),
            "when" => head.when = Some(text(&pair, header)),
            "declared" => head.declared = Some(text(&pair, header)),
            _ => reader.report(names::unknown("a head has no key", &key, &["from", "weight", "when", "declared"])),
        }
        seen.push(key);
    }
    names::check_repeated("key", &seen, reader);
    Some(head)
}
