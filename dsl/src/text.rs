//! The text language: text to statements, statements to the tree.

mod head;
mod item;
mod statement;
mod table;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression::{argument_list, lone_value, parameter_list};
use crate::grammar::{Rule, part, parts, read, text};
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::Spanned;
use crate::tree::{Block, Construct, Defaults, Item, Section, Spec};
use item::{construct, first_word, header_and_layers, items};
use statement::Statement;

const STATEMENTS: [&str; 11] =
    ["version", "network", "input", "classes", "default", "block", "stem", "body", "table", "head", "outputs"];
/// Statements of which a file has one at most.
const SINGLE: [&str; 7] = ["version", "network", "input", "classes", "stem", "body", "outputs"];

/// Reads a spec; `None` if there is no statement in the file, or if its braces nest too deep.
pub(crate) fn parse(reader: &mut Reader<'_>) -> Option<Spec> {
    let statements = statement::cut(reader)?;
    if statements.is_empty() {
        return None;
    }
    let mut spec = Spec::default();
    for statement in &statements {
        read_statement(statement, &mut spec, reader);
    }
    report_repetitions(&statements, &spec, reader);
    Some(spec)
}

fn report_repetitions(statements: &[Statement<'_>], spec: &Spec, reader: &mut Reader<'_>) {
    let words = statements.iter().map(|statement| first_word(statement.head).0);
    let single: Vec<_> = words
        .filter(|word| SINGLE.contains(&word.text))
        .map(|word| Spanned::new(word.text.to_owned(), word.span))
        .collect();
    names::check_repeated("statement", &single, reader);
    names::check_repeated("default", spec.defaults.iter().map(|defaults| &defaults.keyword), reader);
    names::check_repeated("block", spec.blocks.iter().map(|block| &block.name), reader);
    let heads = spec.sections.iter().filter_map(|section| match section {
        Section::Head(head) => Some(&head.name),
        Section::Body(_) => None,
    });
    names::check_repeated("head", heads, reader);
}

fn read_statement(statement: &Statement<'_>, spec: &mut Spec, reader: &mut Reader<'_>) {
    let (word, rest) = first_word(statement.head);
    if !STATEMENTS.contains(&word.text) {
        let word = Spanned::new(word.text.to_owned(), word.span);
        let diagnostic = names::unknown("there is no statement", &word, &STATEMENTS);
        return reader.report(diagnostic.help("layers stand in braces, as in `stem { ... }` or `body { ... }`"));
    }
    if rest.text.starts_with(':') {
        let diagnostic = Diagnostic::error(codes::SYNTAX, format!("no colon follows `{}`", word.text));
        return reader.report(diagnostic.at(rest.part(0, 1).span, "").suggest("remove it", rest.part(0, 1).span, ""));
    }
    match word.text {
        "block" => spec.blocks.extend(block(rest, statement, reader)),
        "head" => spec.sections.extend(head::head(rest, statement, reader).map(Section::Head)),
        "table" => {
            let construct = construct(statement.head, statement, reader);
            spec.sections.push(Section::Body(vec![Item {
                name: None,
                transparent: false,
                construct,
                span: statement.span,
            }]));
        }
        "stem" | "body" => spec.sections.extend(section(rest, statement, reader)),
        _ => read_line(word.text, rest, statement, spec, reader),
    }
}

/// Reads a statement without braces.
fn read_line(word: &str, rest: Piece<'_>, statement: &Statement<'_>, spec: &mut Spec, reader: &mut Reader<'_>) {
    if statement.body.is_some() {
        let diagnostic = Diagnostic::error(codes::SYNTAX, format!("`{word}` takes nothing in braces"));
        return reader.report(diagnostic.at(statement.head.span, ""));
    }
    if rest.text.is_empty() {
        let diagnostic = Diagnostic::error(codes::MISSING, format!("`{word}` needs a value"));
        return reader.report(diagnostic.at(statement.head.span, "expected a value on this line"));
    }
    let words = Some(Spanned::new(rest.text.to_owned(), rest.span));
    match word {
        "version" => spec.version = words,
        "network" => spec.network = words,
        "input" => spec.input = reader.accept(lone_value(rest)),
        "classes" => spec.classes = reader.accept(lone_value(rest)),
        "outputs" => spec.outputs = outputs(rest, reader),
        _ => spec.defaults.extend(default(rest, reader)),
    }
}

fn outputs(rest: Piece<'_>, reader: &mut Reader<'_>) -> Option<Spanned<Vec<Spanned<String>>>> {
    let pair = reader.accept(read(Rule::names, rest, "list of outputs"))?;
    Some(Spanned::new(parts(&pair, Rule::name).map(|name| text(&name, rest)).collect(), rest.span))
}

fn default(rest: Piece<'_>, reader: &mut Reader<'_>) -> Option<Defaults> {
    let pair = reader.accept(read(Rule::default, rest, "default"))?;
    let keyword = text(&part(&pair, Rule::kind)?, rest);
    Some(Defaults { keyword, arguments: argument_list(&pair, rest) })
}

fn section(rest: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Option<Section> {
    let Some(body) = &statement.body else {
        let diagnostic =
            Diagnostic::error(codes::MISSING, format!("`{}` needs its layers in braces", statement.head.text));
        reader.report(diagnostic.at(statement.head.span, "expected `{` on this line"));
        return None;
    };
    if !rest.text.is_empty() {
        let diagnostic = Diagnostic::error(codes::SYNTAX, "unexpected words before the brace");
        reader.report(diagnostic.at(rest.span, "expected `{`"));
    }
    Some(Section::Body(items(body, reader)))
}

fn block(rest: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Option<Block> {
    let (header, layers) = header_and_layers(rest);
    let pair = reader.accept(read(Rule::block_header, header, "header of a block"));
    let body = block_body(layers, statement, reader);
    let pair = pair?;
    let parameters = parameter_list(&pair, header);
    names::check_repeated("parameter", parameters.iter().map(|parameter| &parameter.name), reader);
    Some(Block { name: text(&part(&pair, Rule::name)?, header), parameters, defaults: Vec::new(), body })
}

/// The body of a block is branches, where one `concat` is all of it, or else a sequence.
fn block_body(layers: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Construct {
    if layers.text.is_empty() && statement.body.is_none() {
        let diagnostic = Diagnostic::error(codes::MISSING, "a block needs a body");
        reader.report(diagnostic.at(statement.span, "expected `{` on this line"));
        return Construct::Invalid(statement.span);
    }
    let mut body = construct(layers, statement, reader);
    if let Construct::Sequence(items) = &mut body
        && let [Item { name: None, transparent: false, construct: Construct::Concat(branches), .. }] =
            items.as_mut_slice()
    {
        return Construct::Concat(std::mem::take(branches));
    }
    body.into_block_body(layers.span)
}
