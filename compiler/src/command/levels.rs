//! `--allow`, `--warn` and `--deny`: what becomes of what lints find. clap's derive would lose the order among them.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use googlenetc::lints::{self, Level, named, refusal};

use super::words;

/// The levels in the order in which they are given.
#[derive(Debug, Default)]
pub(crate) struct Levels(Vec<(Level, String)>);

impl Levels {
    /// Each level and the word for the lints that it is for.
    pub(crate) fn list(&self) -> &[(Level, String)] {
        &self.0
    }
}

const OPTIONS: [(Level, &str); 3] = [
    (
        Level::Allow,
        "Accept what a lint finds: its name (kernel-name), its code (W0406), or `all`. Wins over the spec's own `lints`, and \
         over what stands before it on the command line. May be given more than once. `googlenetc explain` lists the lints, \
         with the level that each has by itself",
    ),
    (Level::Warn, "Warn about what a lint finds, which is called as for --allow"),
    (
        Level::Deny,
        "Make an error of what a lint finds, which is called as for --allow; `--deny all` accepts no warning at all",
    ),
];

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        let option = |(level, help): (Level, &'static str)| {
            let name = level.word();
            let known = words::completed(lint, lints::ALL.iter().map(|lint| lint.name).chain(["all"]));
            let argument = Arg::new(name).long(name).value_name("LINT").action(ArgAction::Append);
            argument.value_parser(known).hide_possible_values(true).help(help)
        };
        command.args(OPTIONS.map(option))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut levels = Self::default();
        levels.update_from_arg_matches(matches)?;
        Ok(levels)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        let mut given: Vec<(usize, Level, &String)> = Vec::new();
        for (level, _) in OPTIONS {
            let places = matches.indices_of(level.word()).into_iter().flatten();
            let lints = matches.get_many::<String>(level.word()).into_iter().flatten();
            given.extend(places.zip(lints).map(|(place, lint)| (place, level, lint)));
        }
        given.sort_by_key(|(place, ..)| *place);
        self.0.extend(given.into_iter().map(|(_, level, lint)| (level, lint.clone())));
        Ok(())
    }
}

/// A word that means lints.
fn lint(word: &str) -> Result<String, String> {
    if named(word).is_some() { Ok(word.to_owned()) } else { Err(refusal(word)) }
}
