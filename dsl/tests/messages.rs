//! One snapshot for every broken spec in `errors/`: the source and what is said about it.
#![allow(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::fmt::Write as _;

use googlenetc_dsl::diagnostic::has_errors;
use googlenetc_dsl::render::{render, short};
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::{Syntax, parse};

#[test]
fn broken_specs() {
    insta::glob!("errors/*.*", |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let mut sources = Sources::new();
        let id = sources.add(name, &*text);
        let parsed = parse(&sources, id, Syntax::of_name(name));
        assert!(has_errors(&parsed.diagnostics));
        let mut shown = String::new();
        for line in text.split_inclusive('\n') {
            writeln!(
                shown,
                "| {}",
                line.trim_end_matches('\n').escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"")
            )
            .unwrap();
        }
        writeln!(shown, "\n{}", render(&parsed.diagnostics, &sources, false)).unwrap();
        for diagnostic in &parsed.diagnostics {
            writeln!(shown, "{}", short(diagnostic, &sources)).unwrap();
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(shown);
        });
    });
}
