//! `data fetch`.

mod progress;

use crate::cli::{print, say};
use crate::data::fetch::{CATALOGUE, DataSet, Options, Outcome, fetch};
use crate::error::{Error, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;
use progress::Progress;
use std::path::PathBuf;

/// More mirrors, with spaces between them.
const MIRRORS: &str = "GOOGLENETC_MIRRORS";

const ENVIRONMENT: &str = "\
Environment:
  GOOGLENETC_MIRRORS                  more mirrors, with spaces between them
  SSL_CERT_FILE                       certificate authorities to trust in place of Mozilla's, in PEM format
  ALL_PROXY, HTTPS_PROXY, HTTP_PROXY  a proxy to go through; NO_PROXY names hosts to reach without it";

/// Download a data set
///
/// Nothing else in this program opens a connection. Every file is compared with its SHA-256 checksum. What arrives lies in
/// DIR.part, from where the same command goes on when it was cut off; DIR appears when all is there, and --data takes it.
#[derive(Args, Debug)]
#[command(after_help = ENVIRONMENT)]
pub(super) struct FetchArguments {
    /// Which data set; --list tells about them
    #[arg(required_unless_present = "list", value_name = "NAME", value_parser = names())]
    name: Option<String>,
    /// A folder that is not there yet
    #[arg(required_unless_present = "list", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Where to look first: the address of a folder with the data set's files, http or https. Can be repeated
    #[arg(long = "mirror", value_name = "URL", value_parser = mirror)]
    mirrors: Vec<String>,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
    /// Show what can be downloaded: sizes, what is in it, and what its authors say about using it
    #[arg(long, conflicts_with_all = ["name", "folder", "mirrors"])]
    list: bool,
}

fn names() -> PossibleValuesParser {
    CATALOGUE.iter().map(|set| set.name).collect::<Vec<_>>().into()
}

fn mirror(text: &str) -> std::result::Result<String, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        Ok(text.to_owned())
    } else {
        Err("must begin with http:// or https://".to_owned())
    }
}

pub(super) fn run(arguments: &FetchArguments) -> Result<()> {
    let named = arguments.name.as_ref().and_then(|name| CATALOGUE.iter().find(|set| set.name == name));
    let (Some(set), Some(folder)) = (named, &arguments.folder) else {
        let lines: Vec<String> = CATALOGUE.iter().map(describe).collect();
        return print(lines.join("\n"));
    };
    let authorities = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let options = Options { mirrors: mirrors(&arguments.mirrors)?, authorities, ..Options::default() };
    let mut progress = Progress::new(arguments.quiet);
    match fetch(set, folder, &options, &mut |event| progress.show(&event))? {
        Outcome::Fetched => {}
        Outcome::WasThere if arguments.quiet => {}
        Outcome::WasThere => say(format_args!("it is there already")),
    }
    print(format_args!("{} {}", set.name, folder.display()))
}

/// Those of the command line, then those of the environment.
fn mirrors(given: &[String]) -> Result<Vec<String>> {
    let more = std::env::var(MIRRORS).unwrap_or_default();
    let more = more.split_whitespace().map(|url| {
        mirror(url).map_err(|reason| Error::failed(format!("`{url}` in the environment variable {MIRRORS} {reason}")))
    });
    given.iter().cloned().map(Ok).chain(more).collect()
}

fn describe(set: &DataSet) -> String {
    let megabytes = set.bytes().div_ceil(1_000_000);
    format!("{:<14}{megabytes:>4} MB  {}\n{:23}{}", set.name, set.summary, "", set.terms)
}
