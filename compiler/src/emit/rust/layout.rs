//! Tokens to text: prettyplease's layout, with blank lines between items and ordinary comments, which tokens cannot hold.

use proc_macro2::TokenStream;
use quote::quote;

/// The code of these items, with a blank line between each two.
pub(super) fn layout(items: Vec<TokenStream>) -> String {
    let texts: Vec<String> = items.into_iter().map(item).collect();
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

fn item(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => finish(&prettyplease::unparse(&file)),
        // Every identifier and literal is made by this module, so what it makes parses; show it if that is ever wrong.
        Err(error) => format!("compile_error!({:?});\n{tokens}\n", error.to_string()),
    }
}

/// Puts comments where their placeholders are, and a blank line before every function but the first of a block.
fn finish(code: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in code.lines() {
        let trimmed = line.trim_start();
        if let Some(text) = placeholder(trimmed, "googlenetc_trailing!") {
            if let Some(previous) = lines.last_mut() {
                previous.push_str(" // ");
                previous.push_str(text);
            }
            continue;
        }
        if let Some(text) = placeholder(trimmed, "googlenetc_comment!") {
            let indent = &line[..line.len() - trimmed.len()];
            lines.push(format!("{indent}// {text}"));
            continue;
        }
        if line.starts_with("    ") && starts_function(trimmed) && !lines.last().is_some_and(|last| goes_with_next(last)) {
            lines.push(String::new());
        }
        lines.push(line.into());
    }
    lines.join("\n") + "\n"
}

fn placeholder<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.strip_prefix(name)?.strip_prefix("(\"")?.strip_suffix("\");")
}

fn starts_function(line: &str) -> bool {
    ["fn ", "pub fn ", "/// ", "#[expect"].iter().any(|start| line.starts_with(start))
}

/// Whether nothing may come between this line and the next.
fn goes_with_next(line: &str) -> bool {
    let line = line.trim_start();
    line.ends_with('{') || line.starts_with("///") || line.starts_with("#[") || line.ends_with(',')
}
