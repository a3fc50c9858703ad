//! A page of HTML that has all that it shows within it, and fetches nothing.

use super::table::Table;
use crate::chart::escaped;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// How the page looks, light or dark as the reader's system is; pictures of pixels are light, and in the dark their white becomes black and their
/// blue stays blue. The policy forbids the browser to load anything.
const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 800px; margin: 2em auto; padding: 0 1em; color: #1f2328; background: #fff }
h1 { font-size: 1.5em } h2, summary { font-size: 1.15em; font-weight: bold; margin: 1.4em 0 .5em } summary { cursor: pointer }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } td, th { text-align: left; padding: .2em 1.2em .2em 0; border-bottom: 1px solid #d1d9e0 }
pre { background: #f6f8fa; padding: .8em; overflow-x: auto; font-size: 13px; line-height: 1.4 } svg, img { max-width: 100%; height: auto }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } td, th { border-color: #3d444d } pre { background: #161b22 } img { filter: invert(1) hue-rotate(180deg) } }
</style>
"#;

/// A page that is being written.
#[derive(Clone, Debug)]
pub(in crate::train) struct Page {
    text: String,
}

impl Page {
    pub(in crate::train) fn new(title: &str) -> Self {
        let title = escaped(title);
        Self { text: format!("{HEAD}<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n") }
    }

    pub(in crate::train) fn table(&mut self, title: &str, table: &Table) {
        self.section(title, &table.html());
    }

    pub(in crate::train) fn text(&mut self, title: &str, text: &str) {
        self.section(title, &preformatted(text));
    }

    /// A picture as an SVG element.
    pub(in crate::train) fn picture(&mut self, title: &str, svg: &str) {
        self.section(title, svg);
    }

    /// A picture as the bytes of a PNG file.
    pub(super) fn png(&mut self, title: &str, picture: &[u8]) {
        let (alt, data) = (escaped(title), BASE64_STANDARD.encode(picture));
        self.section(title, &format!("<img alt=\"{alt}\" src=\"data:image/png;base64,{data}\">\n"));
    }

    pub(super) fn folded_table(&mut self, title: &str, table: &Table) {
        self.folded(title, &table.html());
    }

    pub(super) fn folded_text(&mut self, title: &str, text: &str) {
        self.folded(title, &preformatted(text));
    }

    pub(in crate::train) fn finish(self) -> String {
        self.text + "</body>\n</html>\n"
    }

    fn section(&mut self, title: &str, content: &str) {
        self.text += &format!("<h2>{}</h2>\n{content}", escaped(title));
    }

    fn folded(&mut self, title: &str, content: &str) {
        self.text += &format!("<details>\n<summary>{}</summary>\n{content}</details>\n", escaped(title));
    }
}

fn preformatted(text: &str) -> String {
    format!("<pre>{}</pre>\n", escaped(text))
}
