//! What arguments take: numbers, and words that shells complete where other words are taken too, such as embedded names beside files.

use std::ffi::OsStr;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use googlenetc_specs::{LAYOUTS, NETWORKS, PRESENTATIONS, PUBLISHED, Spec};

/// What embedded files arguments may name instead of a file.
pub(crate) const EMBEDDED: [&[Spec]; 4] = [NETWORKS, LAYOUTS, PRESENTATIONS, PUBLISHED];

/// A parser that refuses what it always refuses, and knows words that shells complete.
#[derive(Clone)]
pub(crate) struct Completed<P> {
    parser: P,
    words: Vec<&'static str>,
}

impl<P: TypedValueParser> TypedValueParser for Completed<P> {
    type Value = P::Value;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<P::Value, Error> {
        self.parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(|word| PossibleValue::new(*word))))
    }
}

/// A parser with the words that shells complete for it.
pub(crate) fn completed<P>(parser: P, words: impl IntoIterator<Item = &'static str>) -> Completed<P> {
    Completed { parser, words: words.into_iter().collect() }
}

/// A whole number within these limits.
pub(crate) fn number<N: FromStr + PartialOrd + Display>(
    limits: RangeInclusive<N>,
) -> impl Fn(&str) -> Result<N, String> + Clone
where
    RangeInclusive<N>: Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| limits.contains(number));
        number.ok_or_else(|| format!("it takes a whole number from {} to {}", limits.start(), limits.end()))
    }
}

/// A file, or the name of one of the embedded.
pub(crate) fn embedded(files: &'static [Spec]) -> Completed<StringValueParser> {
    completed(StringValueParser::new(), files.iter().map(|file| file.name))
}

/// A spec: a file, `-`, or the name of a network.
pub(crate) fn spec() -> Completed<StringValueParser> {
    embedded(NETWORKS)
}
