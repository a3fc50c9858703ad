//! Lints of clippy's pedantic group that code may depart from because of what a spec calls things and how long it is: they are
//! allowed where they can be found, so that crates which ask for them have no warnings.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use proc_macro2::TokenStream;
use quote::quote;

use super::structs::Struct;

/// More statements or fields than this may take more than the hundred lines that clippy allows a function.
const MANY: usize = 50;

/// Of names that are shorter, clippy says nothing, and longer ones nobody takes for each other.
const LENGTHS: RangeInclusive<usize> = 3..=40;

/// For the function that makes a struct.
pub(super) fn of_new(made: &Struct<'_>) -> Option<TokenStream> {
    (made.fields.len() > MANY).then(|| quote!(#[allow(clippy::too_many_lines, reason = "as long as the spec")]))
}

/// For the function that runs a struct.
pub(super) fn of_forward(made: &Struct<'_>, statements: usize) -> TokenStream {
    let lines = (statements > MANY).then(|| quote!(#[allow(clippy::too_many_lines, reason = "as long as the spec")]));
    let names =
        are_similar(made.locals.iter()).then(|| quote!(#[allow(clippy::similar_names, reason = "the spec's names")]));
    quote!(#lines #names)
}

/// For a struct called `name`.
pub(super) fn of_struct(name: &str, made: &Struct<'_>) -> Option<TokenStream> {
    let fields: Vec<String> = made.fields.iter().map(|field| field.name.to_string()).collect();
    let name = super::idents::snake(name);
    let share = |part: fn(&str) -> Option<&str>| {
        let parts: BTreeSet<Option<&str>> = fields.iter().map(|field| part(field)).collect();
        parts.len() == 1
    };
    let (first, last) = (format!("{name}_"), format!("_{name}"));
    let repeats = fields.iter().any(|field| *field == name || field.starts_with(&first) || field.ends_with(&last));
    let is_found = fields.len() > 2
        && (repeats || share(|field| field.split('_').next()) || share(|field| field.rsplit('_').next()));
    is_found.then(|| quote!(#[allow(clippy::struct_field_names, reason = "the spec's names")]))
}

/// Whether two names differ in one character that is no digit.
fn are_similar<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    for name in names.filter(|name| LENGTHS.contains(&name.len())) {
        for (place, c) in name.char_indices().filter(|(_, c)| !c.is_ascii_digit()) {
            let (before, after) = (&name[..place], &name[place + c.len_utf8()..]);
            if !seen.insert((before, after)) {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::are_similar;

    /// clippy finds the first two too similar, and leaves the others alone.
    #[test]
    fn names_that_are_easily_taken_for_each_other() {
        for (names, similar) in
            [(["branch_2a", "branch_2b"], true), (["branch1", "branch2"], false), (["left", "right"], false)]
        {
            assert_eq!(are_similar(names.into_iter()), similar, "{names:?}");
        }
    }
}
