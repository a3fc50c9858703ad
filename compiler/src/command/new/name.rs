//! What a crate may be called: cargo's rules, and the names that would collide.

/// What cargo's target folder holds besides programs, and crates that every crate knows.
const TAKEN: &[&str] = &["build", "deps", "examples", "incremental", "test", "core", "std", "alloc", "proc_macro"];

/// Why a crate cannot have this name; and one that it can have.
pub(super) fn refusal(name: &str) -> Option<(String, String)> {
    let why = reason(name)?;
    let mut other: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '-' }).collect();
    other = other.trim_matches(['-', '_']).to_owned();
    if other.is_empty() {
        return Some((why, "net".into()));
    }
    if reason(&other).is_some() {
        other.insert_str(0, "net-");
    }
    Some((why, other))
}

fn reason(name: &str) -> Option<String> {
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
    if let Some(other) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_".contains(*c)) {
        return Some(format!("it has a {other:?}; letters, digits, `-` and `_` are what there may be"));
    }
    if !name.starts_with(begins) {
        return Some("it does not begin with a letter".into());
    }
    let crate_name = name.replace('-', "_");
    // The last edition's keyword is none to syn.
    let is_keyword = |word: &str| syn::parse_str::<syn::Ident>(word).is_err() || word == "gen";
    if is_keyword(&crate_name) {
        return Some("it is a word of Rust".into());
    }
    if TAKEN.contains(&crate_name.as_str()) {
        return Some("cargo or Rust has something else of this name".into());
    }
    let ours = ["googlenetc", "googlenetc_dsl", "googlenetc_runtime", "googlenetc_specs", "tch", "torch_sys"];
    ours.contains(&crate_name.as_str()).then(|| "a crate that it depends on has this name".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_takes_are_taken() {
        for name in ["net", "my-net", "my_net", "Net", "_net", "googlenet", "inception-v3", "tests", "n3x3"] {
            assert_eq!(refusal(name), None, "{name}");
        }
    }

    #[test]
    fn a_refused_name_comes_with_one_that_is_not() {
        for (name, why, other) in [
            ("3net", "begin", "net-3net"),
            ("-net", "begin", "net"),
            ("my net", "' '", "my-net"),
            ("netz\u{e4}", "'\u{e4}'", "netz"),
            ("inception.v3", "'.'", "inception-v3"),
            ("\u{7f51}", "'\u{7f51}'", "net"),
            ("", "begin", "net"),
            ("match", "word of Rust", "net-match"),
            ("self", "word of Rust", "net-self"),
            ("_", "word of Rust", "net"),
            ("test", "cargo or Rust", "net-test"),
            ("proc-macro", "cargo or Rust", "net-proc-macro"),
            ("googlenetc-runtime", "depends on", "net-googlenetc-runtime"),
            ("tch", "depends on", "net-tch"),
        ] {
            let (said, offered) = refusal(name).unwrap();
            assert!(said.contains(why), "{name}: {said}");
            assert_eq!(offered, other, "{name}");
            assert_eq!(refusal(&offered), None, "{offered}");
        }
    }
}
