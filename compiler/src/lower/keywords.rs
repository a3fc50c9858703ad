//! Keywords that name no layer and no block: misspelt ones, and those of other tools.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Spanned;
use googlenetc_dsl::suggest::{Guess, bare, guess};
use googlenetc_dsl::tree::{Argument, Atom, Expression, Value};

use super::Lowerer;
use super::blocks::enumerate;
use crate::codes;
use crate::layers::{self, KINDS, elsewhere};

impl Lowerer<'_> {
    /// Reports a keyword that names neither a layer nor a block. Gives the word that is surely meant, so that the rest of the
    /// layer can be read as what it is.
    pub(super) fn unknown_keyword(&mut self, keyword: &str, expression: &Expression) -> Option<String> {
        if !self.complete || self.has_said_enough() {
            return None;
        }
        let span = expression.keyword.span;
        let message = format!("there is no layer or block `{}`", keyword.escape_debug());
        let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, message).at(span, "unknown layer or block");
        let blocks: Vec<&str> = self.block_names().collect();
        let (diagnostic, meant) = match own_block(keyword, &blocks) {
            Some(guess) => (diagnostic.guess(guess, span), Some(guess.word)),
            None => explained(diagnostic, keyword, expression, &blocks),
        };
        let meant = meant.map(str::to_owned);
        self.report(diagnostic);
        meant
    }
}

/// The block of the spec that differs from a keyword in capitals and joints alone, whatever other tools call so.
fn own_block<'b>(keyword: &str, blocks: &[&'b str]) -> Option<Guess<'b>> {
    let keyword = elsewhere::without_module(keyword);
    guess(keyword, blocks.iter().copied()).filter(|guess| guess.is_sure && bare(guess.word) == bare(keyword))
}

/// Adds what a keyword is in other tools, or else what it may have been meant to be.
fn explained<'b>(
    diagnostic: Diagnostic,
    keyword: &str,
    expression: &Expression,
    blocks: &[&'b str],
) -> (Diagnostic, Option<&'b str>) {
    let span = expression.keyword.span;
    let known: Vec<&'b str> = KINDS.iter().map(|kind| kind.keyword).chain(blocks.iter().copied()).collect();
    let note = || format!("known here: {}", enumerate(&known));
    if elsewhere::is_other(keyword) {
        return (diagnostic.note(note()).help(elsewhere::NOWHERE), None);
    }
    if let Some(form) = elsewhere::form(keyword) {
        return (diagnostic.help(form), None);
    }
    if let Some(pool) = elsewhere::adaptive(keyword) {
        return (adaptive_pool(diagnostic, pool, expression), None);
    }
    let word = elsewhere::without_module(keyword);
    if let Some(kind) = layers::find(word) {
        return (diagnostic.fix(format!("it is called `{word}` here"), span, word), Some(kind.keyword));
    }
    match elsewhere::keywords(keyword) {
        [word] => (diagnostic.fix(format!("it is called `{word}` here"), span, *word), Some(*word)),
        [] => match guess(word, known.iter().copied()) {
            Some(guess) if guess.is_sure => (diagnostic.guess(guess, span), Some(guess.word)),
            Some(guess) => (diagnostic.note(note()).guess(guess, span), None),
            None => (diagnostic.note(note()), None),
        },
        words => {
            let perhaps = |diagnostic: Diagnostic, word: &&'static str| {
                diagnostic.suggest(format!("perhaps `{word}` is meant"), span, *word)
            };
            (words.iter().fold(diagnostic, perhaps), None)
        }
    }
}

/// Adds how a pool that is said by the size of its output is written.
fn adaptive_pool(diagnostic: Diagnostic, pool: &str, expression: &Expression) -> Diagnostic {
    let span = expression.keyword.span;
    let help = format!("write `{pool} global` for a map of 1x1, or its size, as in `{pool} adaptive=4x4`");
    let (value, end) = match &expression.arguments[..] {
        [] => {
            return diagnostic
                .suggest(format!("perhaps `{pool} global` is meant"), span, format!("{pool} global"))
                .help(help);
        }
        [Argument::Positional(value)] => (value, value.span),
        [Argument::Named { key, value }] if bare(&key.value) == "outputsize" => (value, value.span),
        [..] => return diagnostic.help(help),
    };
    match size(value).filter(|_| span.end() < end.start()) {
        Some(size) => {
            let meant = format!("{pool} {size}");
            diagnostic.fix(format!("write `{meant}`"), span.to(end), meant)
        }
        None => diagnostic.help(help),
    }
}

/// What follows `avgpool` so that it delivers a map of a size.
fn size(value: &Spanned<Value>) -> Option<String> {
    let Value::Extents { sizes, steps } = &value.value else { return None };
    if !steps.is_empty() || sizes.len() > 2 {
        return None;
    }
    let text = |atom: &Spanned<Atom>| match &atom.value {
        Atom::Number(number) => number.clone(),
        Atom::Parameter(name) => format!("${name}"),
    };
    let sizes: Vec<String> = sizes.iter().map(text).collect();
    let is_global = sizes.iter().all(|size| size == "1");
    Some(if is_global { "global".to_owned() } else { format!("adaptive={}", sizes.join("x")) })
}
