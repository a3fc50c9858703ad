//! What cargo would see in a folder: variables, its configuration, the lock file, the manifest.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Finding, shown};

/// The folder, and what cargo reads around it.
pub(super) struct Surroundings {
    pub(super) folder: PathBuf,
    variables: BTreeMap<String, String>,
    /// Configuration files, the nearest first.
    configuration: Vec<(PathBuf, Table)>,
    problems: Vec<(PathBuf, String)>,
}

/// A variable as build scripts see it.
pub(super) struct Variable {
    pub(super) value: String,
    /// The configuration file that says so, unless it is the environment.
    pub(super) file: Option<PathBuf>,
}

impl Surroundings {
    pub(super) fn of(folder: &Path) -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .collect();
        let set = |name: &str| variables.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = set("CARGO_HOME").or_else(|| Some(set("HOME")?.join(".cargo")));
        let mut folders: Vec<PathBuf> = folder.ancestors().map(|folder| folder.join(".cargo")).collect();
        folders.extend(home.filter(|home| !folders.contains(home)));
        let (mut configuration, mut problems) = (Vec::new(), Vec::new());
        for folder in folders {
            // Cargo prefers the one without an ending, for its age.
            let Some(file) =
                ["config", "config.toml"].map(|name| folder.join(name)).into_iter().find(|file| file.is_file())
            else {
                continue;
            };
            match std::fs::read_to_string(&file)
                .map_err(|e| e.to_string())
                .and_then(|text| text.parse::<Table>().map_err(|error| error.message().to_owned()))
            {
                Ok(table) => configuration.push((file, table)),
                Err(why) => problems.push((file, why)),
            }
        }
        Self { folder: folder.to_owned(), variables, configuration, problems }
    }

    /// What cannot be read.
    pub(super) fn problems(&self) -> Vec<Finding> {
        let problem = |(file, why): &(PathBuf, String)| {
            Finding::error("configuration", format!("{} cannot be read: {why}", shown(file)))
                .help("mend the file; cargo itself stops at it too")
        };
        self.problems.iter().map(problem).collect()
    }

    /// A variable of the environment.
    pub(super) fn environment(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// A variable as build scripts see it: the environment wins over `[env]`, unless that says `force`.
    pub(super) fn variable(&self, name: &str) -> Option<Variable> {
        let configured = self.configuration.iter().find_map(|(file, table)| {
            let entry = table.get("env")?.get(name)?;
            let value = entry.as_str().or_else(|| entry.get("value")?.as_str())?;
            let flag = |flag: &str| entry.get(flag).and_then(Value::as_bool).unwrap_or(false);
            // Relative to the folder that holds `.cargo`.
            let base = file.parent().and_then(Path::parent).filter(|_| flag("relative"));
            let value = base.map_or_else(|| value.to_owned(), |base| base.join(value).to_string_lossy().into_owned());
            Some((flag("force"), Variable { value, file: Some(file.clone()) }))
        });
        let own = self.environment(name).map(|value| Variable { value: value.to_owned(), file: None });
        match configured {
            Some((true, configured)) => Some(configured),
            Some((false, configured)) => own.or(Some(configured)),
            None => own,
        }
    }

    /// All flags for rustc that can be seen from here, in one text.
    pub(super) fn rustflags(&self) -> String {
        let of_variables = self.variables.iter().filter(|(name, _)| name.ends_with("RUSTFLAGS"));
        let mut flags: Vec<String> = of_variables.map(|(_, value)| value.replace('\u{1f}', " ")).collect();
        let words = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => {
                String::new()
            }
        };
        for (_, table) in &self.configuration {
            let targets = table.get("target").and_then(Value::as_table).into_iter().flatten().map(|(_, target)| target);
            let parts = table.get("build").into_iter().chain(targets);
            flags.extend(parts.filter_map(|part| part.get("rustflags")).map(words));
        }
        flags.join(" ")
    }

    /// The version of tch that the lock file at hand has, and that file.
    pub(super) fn tch(&self) -> Option<(String, PathBuf)> {
        let file = self.folder.ancestors().map(|folder| folder.join("Cargo.lock")).find(|file| file.is_file())?;
        let lock: Table = std::fs::read_to_string(&file).ok()?.parse().ok()?;
        let package = |package: &&Value| package.get("name").and_then(Value::as_str) == Some("tch");
        let version = lock.get("package")?.as_array()?.iter().find(package)?.get("version")?.as_str()?.to_owned();
        Some((version, file))
    }

    /// The nearest file of this name, here or above.
    pub(super) fn above(&self, name: &str) -> Option<PathBuf> {
        self.folder.ancestors().map(|folder| folder.join(name)).find(|file| file.is_file())
    }
}

/// Whether the crate at hand tells its programs where libtorch is.
pub(super) fn manifest(surroundings: &Surroundings) -> Vec<Finding> {
    let file = surroundings.folder.join("Cargo.toml");
    let Some(manifest) = std::fs::read_to_string(&file).ok().and_then(|text| text.parse::<Table>().ok()) else {
        return Vec::new();
    };
    let Some(package) = manifest.get("package") else { return Vec::new() };
    let depends = |on: &str| manifest.get("dependencies").is_some_and(|dependencies| dependencies.get(on).is_some());
    let compiles =
        manifest.get("build-dependencies").is_some_and(|dependencies| dependencies.get("googlenetc").is_some());
    if !depends("googlenetc-runtime") {
        let lost = |problem: &str| {
            let message = format!("{}: {problem}, so its programs do not find libtorch when they start", shown(&file));
            vec![
                Finding::error("dependency", message)
                    .help("add googlenetc-runtime to [dependencies]: cargo add googlenetc-runtime"),
            ]
        };
        let elsewhere = manifest.get("dev-dependencies").is_some_and(|table| table.get("googlenetc-runtime").is_some());
        return match (elsewhere, compiles) {
            (true, _) => {
                lost("googlenetc-runtime is one of [dev-dependencies] alone, which tell build scripts nothing")
            }
            (false, true) => {
                lost("googlenetc compiles a network for it, but googlenetc-runtime is not among its [dependencies]")
            }
            (false, false) => Vec::new(),
        };
    }
    let script = package.get("build").and_then(Value::as_str).unwrap_or("build.rs");
    let text = std::fs::read_to_string(surroundings.folder.join(script)).unwrap_or_default();
    if text.contains("googlenetc::build") || text.contains("DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB") {
        return vec![Finding::fine("build-script", format!("{script} tells this crate's programs where libtorch is"))];
    }
    let message = format!("{}: no build script tells its programs where libtorch is", shown(&file));
    let generic = r#"println!("cargo::rustc-link-arg=-Wl,-rpath,{}", std::env::var("DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB").unwrap());"#;
    vec![
        Finding::error("build-script", message)
            .help(
                "in main of build.rs: googlenetc::build::compile(\"SPEC\"), with googlenetc among [build-dependencies]",
            )
            .help(format!("or, where no spec is compiled: {generic}")),
    ]
}
