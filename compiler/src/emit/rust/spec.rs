//! The texts that code is made of, as a constant within it.

use googlenetc_dsl::source::{Source, SourceId, Sources};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::settings::OPTION;

/// What the settings that win over a spec are called together. Specs and libraries end in `.yaml` or `.gnet`.
const SETTINGS: &str = "set.txt";

/// The spec, its libraries, and the settings, one a line: names without folders, and texts whose lines end in LF. Names are all different.
pub(super) fn texts(sources: &Sources, main: SourceId) -> Vec<(String, String)> {
    let text = |source: &Source| source.text.replace("\r\n", "\n");
    let mut texts: Vec<(String, String)> = Vec::new();
    let others = sources.iter().filter(|(id, _)| *id != main).map(|(_, source)| source);
    let mut settings = String::new();
    for source in std::iter::once(sources.get(main)).chain(others) {
        if source.name.starts_with(OPTION) {
            settings += &format!("{}\n", source.text);
            continue;
        }
        let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let taken = |name: &str| texts.iter().any(|(other, _)| other == name);
        let numbered = (2..).map(|number| format!("{number}-{name}"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name));
        texts.extend(name.map(|name| (name, text(source))));
    }
    if !settings.is_empty() {
        texts.push((SETTINGS.to_owned(), settings));
    }
    texts
}

/// The constant of the network's implementation.
pub(super) fn constant(texts: &[(String, String)]) -> TokenStream {
    let pairs = texts.iter().map(|(name, text)| {
        let (name, text) = (ascii(name), ascii(text));
        quote!((#name, #text))
    });
    quote!(const SPEC: &'static [(&'static str, &'static str)] = &[#(#pairs),*];)
}

/// A string literal of ASCII alone, as all generated code is: what stands in a comment of a spec is shown to nobody as something else.
fn ascii(text: &str) -> Literal {
    let escape = |c: char| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() };
    let literal: String = Literal::string(text).to_string().chars().map(escape).collect();
    literal.parse().expect("a literal whose characters are escaped is a literal")
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    #[test]
    fn a_literal_is_ascii_and_says_the_same() {
        let text = "# \u{2019} \u{202e} \u{0} \\ \" \u{1f600}\n\ttab";
        let literal = ascii(text);
        assert!(literal.to_string().is_ascii(), "{literal}");
        let read: syn::LitStr = syn::parse2(literal.into_token_stream()).expect("it is a string");
        assert_eq!(read.value(), text);
    }

    #[test]
    fn libraries_and_settings_are_there_under_names_of_their_own() {
        let mut sources = Sources::new();
        let main = sources.add("specs/net.yaml", "network: A\r\n");
        sources.add(format!("{OPTION}classes=5"), "classes=5");
        sources.add("blocks\\net.yaml", "blocks: {}\n");
        sources.add(format!("{OPTION}input=1x8x8"), "input=1x8x8");
        let expected =
            [("net.yaml", "network: A\n"), ("2-net.yaml", "blocks: {}\n"), ("set.txt", "classes=5\ninput=1x8x8\n")];
        assert_eq!(texts(&sources, main), expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }
}
