//! `googlenetc new`.

mod files;
mod name;
mod workspace;

use std::io;
use std::path::{Component, Path, PathBuf};

use anstream::{eprint, eprintln};
use googlenetc::CheckedNetwork;
use googlenetc::input::{self, Compiled, Text, without_detours};
use googlenetc::messages;
use googlenetc::report::{grouped, totals};

use self::files::{Crate, Dependencies, File, copy};
use super::{EXIT_CODES, FINE, IO_FAILED, LIMIT, Settings, USAGE, WRONG_SPEC, closing, shell, words};

/// Make a crate for a network: spec, build script, a program that trains it, tests
///
/// The folder holds all that `cargo test` and `cargo run` need but libtorch, which its `scripts/libtorch` installs unless LIBTORCH
/// names one. Nothing is written when the spec is wrong, the name is taken, or anything fails on the way.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc new flowers --from googlenet --set classes=5 --path CHECKOUT",
        "googlenetc new mine --from net.yaml --path ../googlenetc",
    ],
    &["CHECKOUT is a folder with the repository of googlenetc, such as `../googlenetc`.", EXIT_CODES],
))]
pub(crate) struct Arguments {
    /// The folder to make; its last part is the crate's name
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// The network: a file, which is copied with its libraries, or the name of an embedded network
    #[arg(long, value_name = "SPEC", value_parser = words::spec(), hide_possible_values = true)]
    from: String,
    /// Depend on this checkout of googlenetc instead of on crates.io, and use the libtorch that it has, if it has one. Where
    /// both NAME and CHECKOUT are relative, so is the dependency
    #[arg(long, value_name = "CHECKOUT")]
    path: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

/// Why there is no new crate: what to say, and the exit code.
struct Failure(String, u8);

/// Makes the crate and says what to do next.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    make(arguments).map_or_else(
        |Failure(message, code)| {
            if !message.is_empty() {
                eprintln!("error: {message}");
            }
            code
        },
        |()| FINE,
    )
}

fn make(arguments: &Arguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let package = package(folder)?;
    let usage = |message: String| Failure(message, USAGE);
    if arguments.from == "-" {
        return Err(usage("`new` copies a spec that has a name: a file, or an embedded network".into()));
    }
    if folder.symlink_metadata().is_ok() {
        return Err(Failure(format!("`{}` is there already", folder.display()), IO_FAILED));
    }
    if let Some(checkout) = &arguments.path
        && let Some(part) =
            ["runtime/Cargo.toml", "compiler/Cargo.toml"].iter().find(|part| !checkout.join(part).is_file())
    {
        return Err(usage(format!("`{}` is no checkout of googlenetc: it has no {part}", checkout.display())));
    }

    let Compiled { compilation, files } = input::compile(&arguments.from, &arguments.settings.options(None))
        .map_err(|error| Failure(error.to_string(), IO_FAILED))?;
    eprint!("{}", messages::human(&compilation.diagnostics, &compilation.sources, Some(LIMIT), true));
    let Some(network) = &compilation.network else { return Err(Failure(String::new(), WRONG_SPEC)) };

    let mut all = texts(&arguments.from, &files)?;
    let spec = all.first().map(|spec| spec.place.to_string_lossy().replace('\\', "/")).unwrap_or_default();
    let checkout = arguments.path.as_ref();
    let dependencies = checkout.map_or(Dependencies::Version, |checkout| Dependencies::Checkout {
        runtime: seen_from(folder, &checkout.join("runtime")),
        compiler: seen_from(folder, &checkout.join("compiler")),
    });
    let is_below_workspace = workspace::refuses(folder);
    let settings = &arguments.settings;
    all.extend(Crate { package, network, spec: &spec, settings, dependencies, is_below_workspace }.files());
    let libtorch =
        checkout.map(|checkout| checkout.join(".libtorch")).filter(|libtorch| libtorch.join("torch").is_dir());
    let linked = write(folder, &all, libtorch.as_deref())
        .map_err(|error| Failure(format!("cannot make `{}`: {error}", folder.display()), IO_FAILED))?;

    said(folder, network, checkout.is_some(), linked);
    Ok(())
}

/// Says what was made, and what to do next.
fn said(folder: &Path, network: &CheckedNetwork, is_from_checkout: bool, has_libtorch: bool) {
    let parameters = grouped(totals(network).training.parameters);
    eprintln!(
        "made {}: {}, {} in, {parameters} parameters",
        folder.display(),
        network.network().name.value,
        network.input()
    );
    if !is_from_checkout {
        eprintln!("it takes googlenetc from crates.io; `--path CHECKOUT` takes it from a checkout of its repository");
    }
    eprintln!("\n    {}", shell(&["cd".into(), folder.to_string_lossy().into_owned()]));
    if !has_libtorch {
        eprintln!("    scripts/libtorch    # installs libtorch 2.13.0, unless LIBTORCH names one");
    }
    eprintln!("    cargo test\n    cargo run -- --help\n");
}

/// The crate's name, if it can have it.
fn package(folder: &Path) -> Result<&str, Failure> {
    let name = folder.file_name().and_then(|name| name.to_str());
    let Some(name) = name else {
        return Err(Failure(format!("`{}` ends in no name for a crate", folder.display()), USAGE));
    };
    name::refusal(name).map_or(Ok(name), |(why, other)| {
        Err(Failure(format!("`{name}` cannot be the name of a crate: {why} (`{other}` can)"), USAGE))
    })
}

/// The spec, then its libraries and table, so that they find each other below `specs` as they do where they are.
fn texts(spec: &str, files: &[String]) -> Result<Vec<File>, Failure> {
    let read = |file: &str| input::read(file).map_err(|error| Failure(error.to_string(), IO_FAILED));
    let specs = Path::new("specs");
    if input::is_embedded(spec) {
        let text: Text = read(spec)?;
        let place = specs.join(&text.name);
        return Ok(vec![copy(place, text)]);
    }
    let absolute = |file: &String| {
        let file =
            std::path::absolute(file).map_err(|error| Failure(format!("cannot read `{file}`: {error}"), IO_FAILED))?;
        Ok(without_detours(&file))
    };
    let places: Vec<PathBuf> = files.iter().map(absolute).collect::<Result<_, Failure>>()?;
    let mut above = places.first().and_then(|place| place.parent()).unwrap_or(Path::new("/"));
    while let Some(parent) = above.parent().filter(|_| !places.iter().all(|place| place.starts_with(above))) {
        above = parent;
    }
    let place = |place: &PathBuf| specs.join(place.strip_prefix(above).unwrap_or(place));
    files.iter().zip(&places).map(|(file, at)| Ok(copy(place(at), read(file)?))).collect()
}

/// A path as seen from the new folder: relative where both are given so, and absolute otherwise.
fn seen_from(folder: &Path, path: &Path) -> String {
    let depth = folder.components().map(|part| match part {
        Component::Normal(_) => Some("../"),
        Component::CurDir => Some(""),
        Component::ParentDir | Component::RootDir | Component::Prefix(_) => None,
    });
    let up: Option<String> = if path.is_relative() { depth.collect() } else { None };
    let absolute = || std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| without_detours(&path));
    up.map_or_else(absolute, |up| without_detours(&Path::new(&up).join(path))).to_string_lossy().replace('\\', "/")
}

/// Writes the crate whole or not at all: beside its place, and then moved there. Says whether it has a libtorch.
fn write(folder: &Path, files: &[File], libtorch: Option<&Path>) -> io::Result<bool> {
    let beside = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(beside)?;
    let temporary = new_folder(beside)?;
    for file in files {
        let path = temporary.path().join(&file.place);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&path, &file.text)?;
        if file.runs {
            make_runnable(&path)?;
        }
    }
    let linked = match libtorch {
        Some(libtorch) => link(&seen_from(folder, libtorch), &temporary.path().join(".libtorch")),
        None => false,
    };
    std::fs::rename(temporary.path(), folder)?;
    // It is not there any more, and so needs no removal.
    let _ = temporary.keep();
    Ok(linked)
}

#[cfg(unix)]
fn new_folder(beside: &Path) -> io::Result<tempfile::TempDir> {
    use std::os::unix::fs::PermissionsExt;
    // As for any new folder, before the umask.
    tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o777)).tempdir_in(beside)
}

#[cfg(not(unix))]
fn new_folder(beside: &Path) -> io::Result<tempfile::TempDir> {
    tempfile::tempdir_in(beside)
}

#[cfg(unix)]
fn make_runnable(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = std::fs::metadata(file)?.permissions();
    let mode = permissions.mode();
    // Whoever may read it may run it.
    permissions.set_mode(mode | ((mode & 0o444) >> 2));
    std::fs::set_permissions(file, permissions)
}

#[cfg(not(unix))]
fn make_runnable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a symbolic link, where there are such links.
#[cfg(unix)]
fn link(to: &str, from: &Path) -> bool {
    std::os::unix::fs::symlink(to, from).is_ok()
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> bool {
    false
}
