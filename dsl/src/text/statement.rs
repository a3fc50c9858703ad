//! Cuts a file of the text language into statements, by line ends, semicolons and braces.
//!
//! Each statement is then read alone, so that a mistake in one hides none in the next.

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::limits::{DEEPEST, MOST_ITEMS};
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::Span;

/// Words that begin what stands in no braces, and has braces itself.
const SECTIONS: [&str; 4] = ["block", "stem", "body", "head"];

/// A statement: a line, or a line and what follows it in braces.
pub(super) struct Statement<'a> {
    /// The text before the brace, without blanks around it; may be empty.
    pub(super) head: Piece<'a>,
    /// What stands in braces.
    pub(super) body: Option<Vec<Statement<'a>>>,
    /// Whether only a semicolon separates it from the statement before.
    pub(super) joined: bool,
    /// All of it.
    pub(super) span: Span,
}

/// Cuts a whole file. `None` if braces nest too deep.
pub(super) fn cut<'a>(reader: &mut Reader<'a>) -> Option<Vec<Statement<'a>>> {
    let mut cutter = Cutter::default();
    let text = reader.text;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '#' => {
                while characters.next_if(|&(_, character)| character != '\n').is_some() {}
                reader.comment(at, characters.peek().map_or(text.len(), |&(end, _)| end));
            }
            '\n' if !cutter.in_parameters(text) => cutter.end_statement(false, reader),
            ';' => cutter.end_statement(true, reader),
            '{' if cutter.open.len() == DEEPEST => {
                let span = reader.span(at, at + 1);
                reader.report(Diagnostic::error(codes::TOO_DEEP, "nested more than 64 deep").at(span, "one too many"));
                return None;
            }
            '{' => cutter.open(at, reader),
            '}' => cutter.close(at, reader),
            _ if character.is_whitespace() || character == '\u{feff}' => {}
            _ => cutter.extend(at, character),
        }
        if cutter.count > MOST_ITEMS {
            let message = format!("more than {MOST_ITEMS} statements, layers and rows, which no spec has");
            reader.report(Diagnostic::error(codes::TOO_LARGE, message).at(reader.span(at, at + 1), "one too many"));
            return None;
        }
    }
    Some(cutter.finish(reader))
}

/// A statement whose closing brace has not come yet.
struct Open<'a> {
    head: Piece<'a>,
    joined: bool,
    brace: usize,
    /// The statements around it, up to it.
    before: Vec<Statement<'a>>,
}

/// The state between two characters.
#[derive(Default)]
struct Cutter<'a> {
    open: Vec<Open<'a>>,
    statements: Vec<Statement<'a>>,
    /// How many there are, at all depths.
    count: usize,
    /// The statement that is being read: its first byte, the byte after its last, and how many parentheses are open.
    current: Option<(usize, usize, usize)>,
    joined: bool,
}

impl<'a> Cutter<'a> {
    fn extend(&mut self, at: usize, character: char) {
        let (start, _, parentheses) = self.current.unwrap_or((at, at, 0));
        let parentheses = match character {
            '(' => parentheses + 1,
            ')' => parentheses.saturating_sub(1),
            _ => parentheses,
        };
        self.current = Some((start, at + character.len_utf8(), parentheses));
    }

    /// The parameters of a block may go over several lines.
    fn in_parameters(&self, text: &str) -> bool {
        self.current.is_some_and(|(start, end, parentheses)| {
            parentheses > 0 && text.get(start..end).is_some_and(|head| head.starts_with("block"))
        })
    }

    fn take_head(&mut self, at: usize, reader: &Reader<'a>) -> Piece<'a> {
        let (start, end, _) = self.current.take().unwrap_or((at, at, 0));
        reader.piece(start, end)
    }

    fn end_statement(&mut self, joined: bool, reader: &Reader<'a>) {
        if self.current.is_some() {
            let head = self.take_head(0, reader);
            self.count += 1;
            self.statements.push(Statement { head, body: None, joined: self.joined, span: head.span });
        }
        self.joined = joined;
    }

    fn open(&mut self, at: usize, reader: &mut Reader<'a>) {
        self.close_before_section(reader);
        let head = self.take_head(at, reader);
        self.count += 1;
        let before = std::mem::take(&mut self.statements);
        self.open.push(Open { head, joined: self.joined, brace: at, before });
        self.joined = false;
    }

    fn close(&mut self, at: usize, reader: &mut Reader<'a>) {
        self.end_statement(false, reader);
        let Some(open) = self.open.pop() else {
            let diagnostic = Diagnostic::error(codes::BRACE, "this brace closes nothing");
            return reader.report(diagnostic.at(reader.span(at, at + 1), "no `{` is open here"));
        };
        let body = std::mem::replace(&mut self.statements, open.before);
        // A brace that the file leaves open ends with the file.
        let span = open.head.span.to(reader.span(at, (at + 1).min(reader.text.len())));
        self.statements.push(Statement { head: open.head, body: Some(body), joined: open.joined, span });
    }

    /// Closes what is open where a line that is not indented begins a part of the file that stands in no braces. What
    /// follows is then read as it was meant.
    fn close_before_section(&mut self, reader: &mut Reader<'a>) {
        let Some(section @ (start, end, _)) = self.current else { return };
        let head = reader.text.get(start..end).unwrap_or_default();
        let word = head.split_whitespace().next().unwrap_or_default();
        let is_first_of_line = reader.text.get(..start).is_some_and(|before| before.ends_with('\n'));
        if self.open.is_empty() || !is_first_of_line || !SECTIONS.contains(&word) {
            return;
        }
        self.current = None;
        while let Some(diagnostic) = self.never_closed(reader) {
            let place = reader.span(start, start);
            reader.report(diagnostic.suggest(format!("close it before `{word}`"), place, "}\n"));
            self.close(start, reader);
        }
        self.current = Some(section);
    }

    /// Closes at the end of the file what the file leaves open, and reports it.
    fn finish(mut self, reader: &mut Reader<'a>) -> Vec<Statement<'a>> {
        self.end_statement(false, reader);
        while let Some(diagnostic) = self.never_closed(reader) {
            reader.report(diagnostic.help("close it with `}`"));
            self.close(reader.text.len(), reader);
        }
        self.statements
    }

    /// The message that the innermost brace that is open is not closed.
    fn never_closed(&self, reader: &Reader<'_>) -> Option<Diagnostic> {
        let open = self.open.last()?;
        let brace = reader.span(open.brace, open.brace + 1);
        Some(Diagnostic::error(codes::BRACE, "this brace is never closed").at(brace, "opened here"))
    }
}
