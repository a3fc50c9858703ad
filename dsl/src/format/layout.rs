//! From parts to lines: what fits on a line stays on one, everything else goes over several, one part on each.

use super::part::{Content, Form, Note, Part};
use crate::Syntax;

/// No line gets longer than this, in characters, if it can be helped.
const WIDTH: usize = 120;
/// The column of comments behind something, in characters, where the line leaves room.
const COMMENT: usize = 33;
/// Behind lines that end after this column, comments follow at once instead of moving their neighbours.
const FAR: usize = 78;

/// The text of these parts, with `end` behind them.
pub(super) fn lines(parts: &[Part], end: &[Note], syntax: Syntax) -> Vec<String> {
    let mut layout = Layout { syntax, lines: Vec::new(), opened: true };
    let mut previous_is_broken = false;
    for part in parts {
        let is_broken = one_line(part, 0, "").is_none();
        if syntax == Syntax::Text && (is_broken || previous_is_broken) {
            layout.blank();
        }
        layout.part(part, 0, "");
        previous_is_broken = is_broken;
    }
    if syntax == Syntax::Text && previous_is_broken && !end.is_empty() {
        layout.blank();
    }
    layout.notes(end, 0);
    align(&layout.lines)
}

struct Line {
    text: String,
    comment: Option<String>,
}

struct Layout {
    syntax: Syntax,
    lines: Vec<Line>,
    /// Whether the last line opens something, so that no empty line follows it.
    opened: bool,
}

impl Layout {
    fn blank(&mut self) {
        if !self.opened && self.lines.last().is_some_and(|line| !line.text.is_empty()) {
            self.lines.push(Line { text: String::new(), comment: None });
        }
    }

    fn line(&mut self, indent: usize, text: &str, comment: Option<&String>) {
        let text = format!("{:indent$}{text}", "").trim_end().to_owned();
        self.lines.push(Line { text, comment: comment.cloned() });
        self.opened = false;
    }

    fn comment(&mut self, indent: usize, text: &str) {
        self.line(indent, &format!("#{text}"), None);
    }

    fn notes(&mut self, notes: &[Note], indent: usize) {
        for note in notes {
            if note.blank {
                self.blank();
            }
            self.comment(indent, &note.text);
        }
    }

    /// Prints a part; `lead` is the dash of a list's element.
    fn part(&mut self, part: &Part, indent: usize, lead: &str) {
        self.notes(&part.notes.before, indent);
        if part.notes.blank {
            self.blank();
        }
        if let Some(text) = one_line(part, indent, lead) {
            let last = self.all_but_one(&part.notes.behind, indent);
            return self.line(indent, &text, last);
        }
        match self.syntax {
            Syntax::Yaml => self.yaml(part, indent, lead),
            Syntax::Text => self.text(part, indent),
        }
    }

    /// A line has room for one comment: the others go on lines of their own before it.
    fn all_but_one<'n>(&mut self, comments: &'n [String], indent: usize) -> Option<&'n String> {
        let (last, others) = comments.split_last()?;
        for comment in others {
            self.comment(indent, comment);
        }
        Some(last)
    }

    fn yaml(&mut self, part: &Part, indent: usize, lead: &str) {
        let notes = &part.notes;
        let (form, children) = match &part.content {
            Content::Leaf(text) => {
                let comment = self.all_but_one(&notes.behind, indent);
                return self.line(indent, &format!("{lead}{} {text}", part.label), comment);
            }
            Content::Parts(form, children) => (*form, children),
        };
        let inner = indent + lead.len();
        if form == Form::Words && !part.is_noted() {
            return self.words(&format!("{} [", part.label), children, indent, "]");
        }
        let is_list = matches!(form, Form::List | Form::Words);
        let child_lead = if is_list { "- " } else { "" };
        let mut comments = notes.opening.iter().chain(&notes.behind);
        if part.label.is_empty() {
            // The element of a list: its first entry stands behind the dash, and leaves no line for a comment of its own.
            comments.for_each(|comment| self.comment(indent, comment));
            let mut lead = lead;
            for child in children {
                self.part(child, inner - lead.len(), lead);
                lead = "";
            }
            return self.notes(&notes.end, inner);
        }
        self.line(indent, &format!("{lead}{}", part.label.trim_end()), comments.next());
        self.opened = true;
        for comment in notes.opening.iter().skip(1) {
            self.comment(inner + 2, comment);
        }
        for child in children {
            self.part(child, inner + 2, child_lead);
        }
        self.notes(&notes.end, inner + 2);
        for comment in notes.behind.iter().skip(usize::from(notes.opening.is_empty())) {
            self.comment(inner + 2, comment);
        }
    }

    fn text(&mut self, part: &Part, indent: usize) {
        let notes = &part.notes;
        let children = match &part.content {
            Content::Leaf(text) => {
                let comment = self.all_but_one(&notes.behind, indent);
                self.header(part, indent, text, comment);
                return self.notes(&notes.end, indent);
            }
            Content::Parts(_, children) => children,
        };
        self.header(part, indent, "{", notes.opening.first());
        self.opened = true;
        for comment in notes.opening.iter().skip(1) {
            self.comment(indent + 2, comment);
        }
        for child in children {
            self.part(child, indent + 2, "");
        }
        self.notes(&notes.end, indent + 2);
        let comment = self.all_but_one(&notes.behind, indent + 2);
        self.line(indent, "}", comment);
    }

    /// Label and parameters, with `content` behind them, over several lines where they need it.
    fn header(&mut self, part: &Part, indent: usize, content: &str, comment: Option<&String>) {
        let content = format!("{} {content}", part.tail);
        if part.parameters.iter().any(Part::is_noted) {
            self.line(indent, &format!("{}(", part.label), None);
            self.opened = true;
            for (index, parameter) in part.parameters.iter().enumerate() {
                self.notes(&parameter.notes.before, indent + 4);
                let last = self.all_but_one(&parameter.notes.behind, indent + 4);
                let comma = if index + 1 < part.parameters.len() { "," } else { "" };
                self.line(indent + 4, &(parameter.flat().unwrap_or_default() + comma), last);
            }
            return self.line(indent, &format!("){content}"), comment);
        }
        let flat = format!("{} {}", part.header(), content.trim_start());
        if part.parameters.is_empty() || indent + flat.chars().count() <= WIDTH {
            return self.line(indent, flat.trim_start(), comment);
        }
        self.words(&format!("{}(", part.label), &part.parameters, indent, &format!("){content}"));
        if let Some(line) = self.lines.last_mut() {
            line.comment = comment.cloned();
        }
    }

    /// Words with commas between them, as many on a line as fit.
    fn words(&mut self, open: &str, words: &[Part], indent: usize, close: &str) {
        let mut line = open.to_owned();
        let mut shift = indent;
        for (index, word) in words.iter().enumerate() {
            let is_last = index + 1 == words.len();
            let word = word.flat().unwrap_or_default() + if is_last { close } else { "," };
            let gap = usize::from(index > 0);
            if index > 0 && shift + line.chars().count() + gap + word.chars().count() > WIDTH {
                self.line(shift, &line, None);
                line.clear();
                shift = indent + 4;
            } else if index > 0 {
                line.push(' ');
            }
            line += &word;
        }
        self.line(shift, &line, None);
    }
}

/// The part on one line, if it fits there.
fn one_line(part: &Part, indent: usize, lead: &str) -> Option<String> {
    let text = lead.to_owned() + &part.flat()?;
    let is_leaf = matches!(part.content, Content::Leaf(_)) && part.parameters.is_empty();
    (is_leaf || indent + text.chars().count() <= WIDTH).then_some(text)
}

/// Puts the comments behind lines into one column, as far as lines that follow one another have some.
fn align(lines: &[Line]) -> Vec<String> {
    let width = |line: &Line| line.text.chars().count();
    let mut aligned = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|left, right| left.comment.is_some() == right.comment.is_some()) {
        let near = run.iter().map(width).filter(|&width| width <= FAR).max().unwrap_or_default();
        let column = COMMENT.max(near + 2);
        for line in run {
            aligned.push(match &line.comment {
                Some(comment) if width(line) > FAR => format!("{}  #{comment}", line.text),
                Some(comment) => format!("{:column$}#{comment}", line.text),
                None => line.text.clone(),
            });
        }
    }
    aligned
}
