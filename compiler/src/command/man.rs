//! `googlenetc man`.

use std::io;
use std::path::{Path, PathBuf};

use anstream::eprintln;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{FINE, IO_FAILED, USAGE, closing, print};

/// Print a manual page, or write all of them into a folder
///
/// There is a page for the command, googlenetc.1, and one for each subcommand, such as googlenetc-check.1.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc man check | man -l -                     read a page",
        "googlenetc man --output ~/.local/share/man/man1     install all of them",
    ],
    &["Exit codes: 0 fine, 2 wrong usage, 3 output failed."],
))]
pub(crate) struct Arguments {
    /// The subcommand whose page is printed, such as `check` [default: the page of googlenetc itself]
    #[arg(value_name = "SUBCOMMAND")]
    subcommand: Option<String>,
    /// Write every page into this folder, which is made if it is not there. Pages of the same name are replaced, and other
    /// files are left alone. Nothing is written unless all pages are
    #[arg(short, long, value_name = "DIR", conflicts_with = "subcommand")]
    output: Option<PathBuf>,
}

/// What headings of help texts are called in a manual; all other paragraphs are notes.
const SECTIONS: [(&str, &str); 3] = [("Examples:", "EXAMPLES"), ("Exit codes", "EXIT STATUS"), (SPEC, "SPEC")];

/// How the paragraph about specs begins, which stands below the help of the command.
const SPEC: &str = "SPEC is ";

/// A page: the name of its file, and its text.
type Page = (String, String);

/// Prints a page of `command`, or writes all.
pub(crate) fn run(arguments: &Arguments, command: Command) -> u8 {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    if let Some(folder) = &arguments.output {
        return write_all(folder, &command);
    }
    let Some(name) = &arguments.subcommand else { return print(&page(&command, &command).1) };
    let Some(subcommand) = command.find_subcommand(name) else {
        let known = command.get_subcommands().map(Command::get_name);
        let near = googlenetc_dsl::suggest::nearest(name, known).map(|near| format!("; did you mean `{near}`?"));
        eprintln!("error: there is no subcommand `{name}`{}", near.unwrap_or_default());
        return USAGE;
    };
    print(&page(subcommand, &command).1)
}

fn write_all(folder: &Path, command: &Command) -> u8 {
    let subcommands = command.get_subcommands().map(|subcommand| page(subcommand, command));
    let pages: Vec<Page> = std::iter::once(page(command, command)).chain(subcommands).collect();
    match write(folder, &pages) {
        Ok(()) => {
            eprintln!("wrote {} pages to {}", pages.len(), folder.display());
            FINE
        }
        Err(error) => {
            eprintln!("error: cannot write the pages to `{}`: {error}", folder.display());
            IO_FAILED
        }
    }
}

/// Writes all pages beside their places, and then moves them there.
fn write(folder: &Path, pages: &[Page]) -> io::Result<()> {
    if folder.is_file() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a file"));
    }
    std::fs::create_dir_all(folder)?;
    let temporary = tempfile::tempdir_in(folder)?;
    for (name, text) in pages {
        std::fs::write(temporary.path().join(name), text)?;
    }
    if let Some((name, _)) = pages.iter().find(|(name, _)| folder.join(name).is_dir()) {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, format!("`{name}` is a folder")));
    }
    pages.iter().try_for_each(|(name, _)| std::fs::rename(temporary.path().join(name), folder.join(name)))
}

/// The page of a command: `root`, or a subcommand of it.
fn page(command: &Command, root: &Command) -> Page {
    let version = root.get_version().unwrap_or_default();
    let man = Man::new(command.clone()).source(format!("googlenetc {version}")).manual("googlenetc");
    // No date, so that a version's pages are the same on every day; what is empty would be left out, and the next moved up.
    let man = man.date(" ");
    let name = man.get_filename();
    let man = man.title(name.trim_end_matches(".1").to_uppercase());
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = man.render_title(&mut text);
    let _ = man.render_name_section(&mut text);
    let _ = man.render_synopsis_section(&mut text);
    let _ = man.render_description_section(&mut text);
    let _ = man.render_options_section(&mut text);
    if command.has_subcommands() {
        let _ = man.render_subcommands_section(&mut text);
    }
    let text = String::from_utf8_lossy(&text).into_owned() + &below(command, root).render();
    (name, text)
}

/// The sections for what stands below a help text, for what a spec is, and for where to read on.
fn below(command: &Command, root: &Command) -> Roff {
    let help = |command: &Command| command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (own, general) = (help(command), help(root));
    let takes_spec = command
        .get_arguments()
        .any(|argument| argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == "SPEC")));
    let about_specs = general.split("\n\n").find(|paragraph| paragraph.starts_with(SPEC) && takes_spec);
    let mut roff = Roff::default();
    let mut last = "";
    for paragraph in own.split("\n\n").chain(about_specs).filter(|paragraph| !paragraph.is_empty()) {
        let section = SECTIONS.iter().find(|(start, _)| paragraph.starts_with(start)).map_or("NOTES", |(_, name)| name);
        roff.control(if section == last { "PP" } else { "SH" }, Some(section).filter(|section| *section != last));
        last = section;
        lines(&mut roff, paragraph.trim_start_matches("Examples:\n"));
    }
    roff.control("SH", ["SEE ALSO"]);
    let others = root.get_subcommands().map(|other| format!("googlenetc-{}", other.get_name()));
    let is_root = command.get_name() == root.get_name();
    let pages: Vec<String> = if is_root { others.collect() } else { vec![root.get_name().to_owned()] };
    let reference =
        |(index, page): (usize, &String)| [roman(if index == 0 { "" } else { ", " }), bold(page), roman("(1)")];
    roff.text(pages.iter().enumerate().flat_map(reference).collect::<Vec<_>>());
    roff
}

/// A paragraph; lines that are indented stay lines of their own.
fn lines(roff: &mut Roff, paragraph: &str) {
    let is_literal = paragraph.lines().any(|line| line.starts_with(' '));
    if is_literal {
        roff.control("nf", []);
    }
    for line in paragraph.lines() {
        roff.text([roman(line)]);
    }
    if is_literal {
        roff.control("fi", []);
    }
}
