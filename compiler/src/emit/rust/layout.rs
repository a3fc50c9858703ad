//! Tokens to text: prettyplease's layout, with blank lines between items and ordinary comments, which tokens cannot hold.

use proc_macro2::TokenStream;
use quote::quote;

/// The code of these items, with a blank line between each two.
pub(super) fn layout(items: &[TokenStream]) -> String {
    let texts: Vec<String> = items.iter().map(item).collect();
    texts.join("\n")
}

/// A statement that becomes a comment at the end of the statement before it.
pub(super) fn trailing(text: &str) -> TokenStream {
    quote!(googlenetc_trailing!(#text);)
}

/// A statement that becomes a comment on a line of its own.
pub(super) fn comment(text: &str) -> TokenStream {
    quote!(googlenetc_comment!(#text);)
}

fn item(tokens: &TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => finish(&prettyplease::unparse(&file)),
        // Every identifier and literal is made by this module, so what it makes parses; show it if that is ever wrong.
        Err(error) => format!("compile_error!({:?});\n{tokens}\n", error.to_string()),
    }
}

/// The widest line of code before it is broken; a comment with a shape may stand behind it.
const WIDTH: usize = 110;

/// Lines joined where they fit, comments where their placeholders are, and a blank line before every function but the
/// first of a block, and before the long constant behind them.
fn finish(code: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in join(whole_placeholders(code.lines())) {
        let trimmed = line.trim_start();
        if let Some(text) = placeholder(trimmed, TRAILING) {
            if let Some(previous) = lines.last_mut() {
                previous.push_str(" // ");
                previous.push_str(text);
            }
            continue;
        }
        if let Some(text) = placeholder(trimmed, COMMENT) {
            let indent = &line[..line.len() - trimmed.len()];
            lines.push(format!("{indent}// {text}"));
            continue;
        }
        let function = line.starts_with("    ") && starts_function(trimmed);
        if function && !lines.last().is_some_and(|last| goes_with_next(last)) {
            lines.push(String::new());
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

const TRAILING: &str = "googlenetc_trailing!";
const COMMENT: &str = "googlenetc_comment!";

/// Lines in which each placeholder is one, however long its text is: prettyplease gives a long one three.
fn whole_placeholders<'a>(mut lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut whole = Vec::new();
    while let Some(line) = lines.next() {
        let is_open = [TRAILING, COMMENT].iter().any(|name| line.trim_start().strip_prefix(name) == Some("("));
        let rest = if is_open { lines.by_ref().take(2).map(str::trim).collect() } else { String::new() };
        whole.push(format!("{line}{rest}"));
    }
    whole
}

/// prettyplease gives every argument and field its own line as soon as a line is a little long. Where they fit, this
/// puts them on one, so that a row of a table is a row again.
fn join(lines: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    // Where the call of a chain stood whose list is still open, when it has been put behind its receiver.
    let mut moved: Option<usize> = None;
    for line in lines {
        let indent = leading(&line);
        let line = if moved.is_some() { line[indent.min(4)..].to_owned() } else { line };
        moved = moved.filter(|call| *call != indent);
        let is_call = line.trim_start().starts_with('.') && line.ends_with('(');
        joined.push(line);
        while let Some(shorter) = join_last(&joined) {
            let (count, text) = shorter;
            if is_call && count == 2 {
                moved = Some(indent);
            }
            joined.truncate(joined.len() - count);
            joined.push(text);
        }
    }
    joined
}

fn leading(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What the last lines become when they are joined, and how many they are.
fn join_last(lines: &[String]) -> Option<(usize, String)> {
    let last = lines.last()?;
    let end = last.trim_start();
    if end.starts_with('.') {
        let before = lines.get(lines.len().checked_sub(2)?)?;
        let text = format!("{before}{end}");
        return (text.len() <= WIDTH).then_some((2, text));
    }
    if !end.starts_with([')', '}', ']']) {
        return None;
    }
    let indent = leading(last);
    let inside = |line: &&String| leading(line) == indent + 4 && line.ends_with(',');
    let count = lines[..lines.len() - 1].iter().rev().take_while(inside).count();
    let start = lines.len().checked_sub(count + 2)?;
    let opening = &lines[start];
    if count == 0 || !opens_list(opening, end) || leading(opening) != indent {
        return None;
    }
    let items: Vec<&str> = lines[start + 1..lines.len() - 1].iter().map(|line| line.trim()).collect();
    let items = items.join(" ");
    let items = items.trim_end_matches(',');
    let text =
        if opening.ends_with('{') { format!("{opening} {items} {end}") } else { format!("{opening}{items}{end}") };
    (text.len() <= WIDTH).then_some((count + 2, text))
}

/// Whether a line opens a list of arguments, elements or field values that `end` closes. Definitions keep their lines.
fn opens_list(line: &str, end: &str) -> bool {
    let trimmed = line.trim_start();
    let definition = ["struct ", "pub struct ", "impl ", "fn ", "pub fn ", "Self {"];
    let list = match end.chars().next() {
        Some(')') => line.ends_with('('),
        Some(']') => line.ends_with('['),
        _ => line.ends_with(" {"),
    };
    list && !definition.iter().any(|start| trimmed.starts_with(start))
}

fn placeholder<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.strip_prefix(name)?.strip_prefix("(\"")?.strip_suffix("\");")
}

fn starts_function(line: &str) -> bool {
    ["fn ", "pub fn ", "const SPEC:", "/// ", "#[expect", "#[allow"].iter().any(|start| line.starts_with(start))
}

/// Whether nothing may come between this line and the next.
fn goes_with_next(line: &str) -> bool {
    let line = line.trim_start();
    line.ends_with('{') || line.starts_with("///") || line.starts_with("#[") || line.ends_with(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of many parameters with long names.
    #[test]
    fn long_comments_are_comments_too() {
        let text = ["parameter"; 20].join(" + ");
        let (behind, before) = (trailing(&text), comment(&text));
        let code = layout(&[quote!(
            fn f() -> u64 {
                let x = 1;
                #behind
                #before
                g(x)
            }
        )]);
        assert_eq!(code, format!("fn f() -> u64 {{\n    let x = 1; // {text}\n    // {text}\n    g(x)\n}}\n"));
    }
}
