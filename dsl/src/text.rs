//! The text language: text to statements, statements to the tree.

mod head;
mod item;
mod statement;
mod table;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression::{argument_list, libraries, library, lint_level, lone_value, parameter_list};
use crate::grammar::{Rule, part, parts, read, text};
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::Spanned;
use crate::tree::{Block, Construct, Defaults, Item, Section, Spec};
use item::{construct, first_word, header_and_layers, items};
use statement::Statement;

const STATEMENTS: [&str; 14] = [
    "version",
    "network",
    "input",
    "classes",
    "use",
    "published",
    "lint",
    "default",
    "block",
    "stem",
    "body",
    "table",
    "head",
    "outputs",
];
/// Statements of which a file has one at most.
const SINGLE: [&str; 8] = ["version", "network", "input", "classes", "published", "stem", "body", "outputs"];

const IN_BRACES: &str = "layers stand in braces, as in `stem { ... }` or `body { ... }`";

/// Reads a spec; `None` if there is no statement in the file, or if its braces nest too deep.
pub(crate) fn parse(reader: &mut Reader<'_>) -> Option<Spec> {
    let statements = statement::cut(reader)?;
    if statements.is_empty() {
        return None;
    }
    let mut spec = Spec::default();
    for statement in &statements {
        let key = known_key(statement);
        let before = (reader.reported(), spec.amount(key.unwrap_or_default()));
        read_statement(statement, &mut spec, reader);
        if reader.reported() > before.0 && spec.amount(key.unwrap_or_default()) == before.1 {
            spec.unread.extend(key);
        }
    }
    report_repetitions(&statements, &spec, reader);
    Some(spec)
}

/// The key of YAML under which stands what a statement says, or seems to say.
fn known_key(statement: &Statement<'_>) -> Option<&'static str> {
    let fitting = names::fitting(&STATEMENTS, statement.body.is_some());
    let word = names::known_or_meant(first_word(statement.head).0.text, &fitting)?;
    Some(match word {
        "default" => "defaults",
        "lint" => "lints",
        "block" => "blocks",
        "head" => "heads",
        word => word,
    })
}

fn report_repetitions(statements: &[Statement<'_>], spec: &Spec, reader: &mut Reader<'_>) {
    let words: Vec<_> = statements.iter().map(|statement| first_word(statement.head).0).collect();
    let single: Vec<_> = words
        .iter()
        .filter(|word| SINGLE.contains(&word.text))
        .map(|word| Spanned::new(word.text.to_owned(), word.span))
        .collect();
    names::check_repeated("statement", &single, reader);
    let mut tables = words.iter().filter(|word| word.text == "table");
    if let Some((first, second)) = tables.next().zip(tables.next()) {
        let diagnostic = Diagnostic::error(codes::DUPLICATE, "a second table at the top level").at(second.span, "");
        reader.report(diagnostic.see(first.span, "the first").help("any number of tables can stand in `body { ... }`"));
    }
    names::check_repeated("default", spec.defaults.iter().map(|defaults| &defaults.keyword), reader);
    names::check_repeated("library", &spec.uses, reader);
    names::check_repeated("lint", spec.lints.iter().map(|level| &level.lint), reader);
    names::check_repeated("block", spec.blocks.iter().map(|block| &block.name), reader);
    let heads = spec.sections.iter().filter_map(|section| match section {
        Section::Head(head) => Some(&head.name),
        Section::Body(_) => None,
    });
    names::check_repeated("head", heads, reader);
    report_scattered_heads(&spec.sections, reader);
}

/// Heads stand together, as they do in YAML, so that their place among the other sections is one thing to say.
fn report_scattered_heads(sections: &[Section], reader: &mut Reader<'_>) {
    let groups = sections.chunk_by(|one, next| matches!((one, next), (Section::Head(_), Section::Head(_))));
    let mut firsts = groups.filter_map(|group| match group.first() {
        Some(Section::Head(head)) => Some(head.name.span),
        Some(Section::Body(_)) | None => None,
    });
    let Some(first) = firsts.next() else { return };
    for later in firsts {
        let diagnostic = Diagnostic::error(codes::WRONG_FORM, "the heads do not stand together");
        let diagnostic = diagnostic.at(later, "this one is apart").see(first, "from these");
        reader.report(diagnostic.help("put all heads one after the other"));
    }
}

fn read_statement(statement: &Statement<'_>, spec: &mut Spec, reader: &mut Reader<'_>) {
    let (word, rest) = first_word(statement.head);
    if word.text.is_empty() {
        let diagnostic = Diagnostic::error(codes::SYNTAX, "a statement starts with a word of the language");
        let place = if statement.head.text.is_empty() { statement.span } else { statement.head.span };
        return reader.report(diagnostic.at(place, "").help(IN_BRACES));
    }
    if !STATEMENTS.contains(&word.text) {
        let word = Spanned::new(word.text.to_owned(), word.span);
        let fitting = names::fitting(&STATEMENTS, statement.body.is_some());
        let message = || names::unknown_among("there is no statement", &word, &STATEMENTS, &fitting).help(IN_BRACES);
        return reader.report_at(word.span, message);
    }
    if rest.text.starts_with(':') {
        let diagnostic = Diagnostic::error(codes::SYNTAX, format!("no colon follows `{}`", word.text));
        return reader.report(diagnostic.at(rest.part(0, 1).span, "").suggest("remove it", rest.part(0, 1).span, ""));
    }
    reader.words.add(word.text, statement.span);
    if ["stem", "body", "table"].contains(&word.text) {
        reader.words.add_section(word.text, statement.span);
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
        "input" => spec.input = reader.accept(lone_value(rest, "value")),
        "classes" => spec.classes = reader.accept(lone_value(rest, "value")),
        "use" => spec.uses.extend(reader.accept(libraries(rest)).into_iter().flatten()),
        "published" => spec.published = reader.accept(library(rest, "published table")),
        "lint" => spec.lints.extend(reader.accept(lint_level(rest))),
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
    let arguments = argument_list(&pair, rest);
    if arguments.is_empty() {
        let diagnostic = Diagnostic::error(codes::MISSING, "a default needs arguments").at(keyword.span, "none follow");
        reader.report(diagnostic.help("write what every such layer gets, as in `default conv bias activation=relu`"));
        return None;
    }
    Some(Defaults { keyword, arguments })
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
    let (defaults, body) = block_body(layers, statement, reader);
    let pair = pair?;
    let name = text(&part(&pair, Rule::name)?, header);
    names::check_block(&name, reader);
    let parameters = parameter_list(&pair, header);
    names::check_repeated("parameter", parameters.iter().map(|parameter| &parameter.name), reader);
    Some(Block { name, parameters, defaults, body })
}

/// The defaults and the layers of a block: in its braces, where the defaults come first, or one layer behind the colon.
fn block_body<'a>(layers: Piece<'a>, statement: &Statement<'a>, reader: &mut Reader<'_>) -> (Vec<Defaults>, Construct) {
    let Some(body) = statement.body.as_ref().filter(|_| layers.text.is_empty()) else {
        let body = if layers.text.is_empty() {
            let diagnostic = Diagnostic::error(codes::MISSING, "a block needs a body");
            reader.report(diagnostic.at(statement.span, "expected `{` on this line"));
            Construct::Invalid(statement.span)
        } else {
            construct(layers, statement, reader).into_block_body(layers.span)
        };
        return (Vec::new(), body);
    };
    let default_in = |statement: &Statement<'a>| {
        let (word, rest) = first_word(statement.head);
        (word.text == "default" && !rest.text.starts_with(':') && statement.body.is_none()).then_some(rest)
    };
    let (first, layers) = body.split_at(body.iter().take_while(|statement| default_in(statement).is_some()).count());
    for statement in first {
        reader.words.add("default", statement.span);
    }
    let defaults: Vec<_> = first.iter().filter_map(default_in).filter_map(|rest| default(rest, reader)).collect();
    names::check_repeated("default", defaults.iter().map(|defaults| &defaults.keyword), reader);
    (defaults, Construct::Sequence(items(layers, reader)).into_block_body(statement.span))
}
