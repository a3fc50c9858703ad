//! Which libtorch torch-sys would take, and whether it is whole.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::cargo::{Surroundings, Variable};
use super::loader::{Loader, Missing};
use super::{Finding, LIBRARY, shown};

/// The versions of tch that the runtime works with, and the libtorch that each wants.
const WANTED: [(&str, &str); 2] = [("0.24", "2.11.0"), ("0.26", "2.13.0")];

/// A libtorch.
pub(super) struct Libtorch {
    /// What `LIBTORCH` names.
    pub(super) folder: PathBuf,
    /// Where its libraries are.
    pub(super) lib: PathBuf,
}

/// What torch-sys would take, in the order in which it looks.
pub(super) fn find(surroundings: &Surroundings) -> (Option<Libtorch>, Vec<Finding>) {
    if let Some(variable) = surroundings.variable("LIBTORCH_USE_PYTORCH") {
        return match python(surroundings) {
            Ok(folder) => whole(
                surroundings,
                folder,
                &format!("Python's, because {} is set", named("LIBTORCH_USE_PYTORCH", &variable)),
            ),
            Err(finding) => (None, vec![finding]),
        };
    }
    let Some(variable) = surroundings.variable("LIBTORCH") else {
        let system = Path::new("/usr");
        if system.join("lib/libtorch.so").exists() {
            return whole(surroundings, system.to_owned(), "the system's");
        }
        let message = "LIBTORCH is not set, and the system has no libtorch".to_owned();
        return (None, vec![install(surroundings, Finding::error("unset", message))]);
    };
    let by = named("LIBTORCH", &variable);
    let folder = PathBuf::from(&variable.value);
    let problem = |check, message: String| (None, vec![install(surroundings, Finding::error(check, message))]);
    if variable.value.is_empty() {
        let message = format!("{by} is set to nothing, which hides every other libtorch");
        return (None, vec![Finding::error("empty", message).help("unset LIBTORCH")]);
    }
    if folder.is_relative() {
        let message = format!("{by} is {}, a relative path, and torch-sys is built in another folder", shown(&folder));
        let absolute = surroundings.folder.join(&folder);
        let meant = if has_library(&absolute) { Some(absolute) } else { near(&absolute) };
        return (None, vec![point(surroundings, Finding::error("relative", message), meant)]);
    }
    if !folder.is_dir() {
        let what = if folder.exists() { "a file, not a folder" } else { "not there" };
        return problem("not-there", format!("{by} is {}, which is {what}", shown(&folder)));
    }
    whole(surroundings, folder, &format!("named by {by}"))
}

/// The variable, and the file that sets it.
fn named(name: &str, variable: &Variable) -> String {
    variable.file.as_ref().map_or_else(|| name.to_owned(), |file| format!("{name} of {}", shown(file)))
}

/// Whether a folder has what a libtorch has.
fn whole(surroundings: &Surroundings, folder: PathBuf, how: &str) -> (Option<Libtorch>, Vec<Finding>) {
    let part =
        |name: &str| surroundings.variable(name).map_or_else(|| folder.clone(), |variable| variable.value.into());
    let lib = part("LIBTORCH_LIB").join("lib");
    if !lib.join(LIBRARY).exists() {
        let message = if lib.is_dir() {
            format!("{} has no {LIBRARY}, so it is no whole libtorch", shown(&lib))
        } else {
            format!("{} has no folder `lib`, so it is no libtorch", shown(&folder))
        };
        return (None, vec![point(surroundings, Finding::error("no-lib", message), near(&folder))]);
    }
    let headers = part("LIBTORCH_INCLUDE").join("include/torch/csrc/api/include/torch/torch.h");
    let mut findings = vec![Finding::fine("libtorch", format!("libtorch is {}, {how}", shown(&folder)))];
    if !headers.exists() {
        let message = format!("{} is not there, and torch-sys is compiled with it", shown(&headers));
        findings.push(install(surroundings, Finding::error("headers", message)));
    }
    (Some(Libtorch { folder, lib }), findings)
}

fn has_library(folder: &Path) -> bool {
    folder.join("lib").join(LIBRARY).exists()
}

/// A libtorch a folder below or above.
fn near(folder: &Path) -> Option<PathBuf> {
    [folder.join("torch"), folder.join("libtorch"), folder.join("..")].into_iter().find(|near| has_library(near))
}

/// Adds which libtorch was meant, or how to get one.
fn point(surroundings: &Surroundings, finding: Finding, meant: Option<PathBuf>) -> Finding {
    match meant.map(|meant| googlenetc::input::without_detours(&meant)) {
        Some(meant) => finding.help(format!("export LIBTORCH={}", meant.display())),
        None => install(surroundings, finding),
    }
}

/// The folder of the module `torch` of the Python that torch-sys would ask.
fn python(surroundings: &Surroundings) -> Result<PathBuf, Finding> {
    let python = if surroundings.environment("VIRTUAL_ENV").is_some() { "python" } else { "python3" };
    let script =
        "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')";
    let asked = Command::new(python).args(["-c", script]).output();
    let wrong = |message: String| {
        Finding::error("python", format!("LIBTORCH_USE_PYTORCH is set, but {message}"))
            .help("unset LIBTORCH_USE_PYTORCH, and set LIBTORCH")
    };
    let output = asked.map_err(|error| wrong(format!("{python} cannot be run: {error}")))?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if folder.is_empty() {
        let (tch, version) = wanted(surroundings);
        return Err(wrong(format!("{python} has no torch"))
            .help(format!("or {python} -m pip install torch=={version} (for tch {tch})")));
    }
    Ok(folder.into())
}

/// The version of tch at hand, and the libtorch that it wants.
fn wanted(surroundings: &Surroundings) -> (String, &'static str) {
    let (newest, version) = WANTED[1];
    let locked = surroundings.tch().and_then(|(tch, _)| {
        let (_, version) = WANTED.iter().find(|(series, _)| in_series(&tch, series))?;
        Some((tch, *version))
    });
    locked.unwrap_or((newest.to_owned(), version))
}

/// Whether a version is of a series: 2.13.1 of 2.13.
fn in_series(version: &str, series: &str) -> bool {
    version.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '+', '-']))
}

/// Adds how to get a libtorch.
fn install(surroundings: &Surroundings, finding: Finding) -> Finding {
    if let Some(script) = surroundings.above("scripts/libtorch") {
        return finding.help(format!("{} installs one (with LIBTORCH unset)", script.display()));
    }
    let (_, version) = wanted(surroundings);
    let more =
        if cfg!(target_os = "linux") { " 'nvidia-cuda-runtime==13.0.*' 'nvidia-cuda-cupti==13.0.*'" } else { "" };
    finding
        .help(format!("python3 -m pip install --no-deps --target .libtorch torch=={version}{more}"))
        .help("export LIBTORCH=$PWD/.libtorch/torch")
}

/// Whether tch and libtorch belong together.
pub(super) fn version(surroundings: &Surroundings, libtorch: &Libtorch) -> Finding {
    let (tch, wanted) = wanted(surroundings);
    // A zip of libtorch has the first, and a Python package the second, which torch-sys does not look at.
    let checked = std::fs::read_to_string(libtorch.folder.join("build-version")).ok();
    let found = checked.as_deref().map(str::trim).map(str::to_owned).or_else(|| {
        let text = std::fs::read_to_string(libtorch.folder.join("version.py")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("__version__"))?;
        Some(line.trim_matches([' ', '=', '\'', '"']).to_owned())
    });
    let Some(found) = found else {
        return Finding::note("version", format!("which version it is cannot be told; tch {tch} wants {wanted}"));
    };
    let bare = found.split('+').next().unwrap_or(&found);
    let series = wanted.rsplit_once('.').map_or(wanted, |(series, _)| series);
    if bare == wanted || (checked.is_none() && in_series(bare, series)) {
        return Finding::fine("version", format!("it is version {found}, as tch {tch} wants it"));
    }
    let message = format!("this libtorch is version {found}, and tch {tch} wants {wanted}");
    let mut finding = Finding::error("version", message);
    if in_series(bare, series) {
        return finding.help("export LIBTORCH_BYPASS_VERSION_CHECK=1, since only the last number differs");
    }
    let other =
        WANTED.iter().find(|(_, version)| version.rsplit_once('.').is_some_and(|(series, _)| in_series(bare, series)));
    if let Some((series, _)) = other {
        finding = finding.help(format!("take the tch that goes with it: cargo update -p tch --precise {series}.0"));
    }
    finding.help(format!("or point LIBTORCH to a libtorch {wanted}"))
}

/// Whether all that it needs to run is there; and whether that holds for its part for CUDA, if it has one.
pub(super) fn libraries(surroundings: &Surroundings, libtorch: &Libtorch) -> (Vec<Finding>, bool) {
    let loader = Loader::new(surroundings.environment("LD_LIBRARY_PATH").unwrap_or_default());
    // Not an ELF file, as on macOS: nothing to say.
    let Some(missing) = loader.missing(&libtorch.lib.join(LIBRARY)) else { return (Vec::new(), true) };
    let site = libtorch.folder.parent().unwrap_or(&libtorch.folder);
    let mut findings: Vec<Finding> = missing.iter().map(|missing| absent(missing, site)).collect();
    if findings.is_empty() {
        findings.push(Finding::fine("libraries", "all libraries that it needs are found".into()));
    }
    let Some(for_cuda) = loader.missing(&libtorch.lib.join("libtorch_cuda.so")) else {
        findings.push(Finding::note("cuda", "this libtorch is for the CPU alone".into()).help(cuda(surroundings)));
        return (findings, true);
    };
    let whole = for_cuda.is_empty();
    findings.push(if !whole {
        let mut names: Vec<&str> = for_cuda.iter().map(|missing| missing.library.as_str()).collect();
        names.dedup();
        let message = format!("CUDA cannot be used: {} not found; the CPU works all the same", names.join(", "));
        Finding::note("cuda", message).help(cuda(surroundings))
    } else if loader.has("libcuda.so.1") {
        Finding::fine("cuda", "CUDA can be loaded, and there is a driver".into())
    } else {
        let message = "CUDA can be loaded, but there is no driver (libcuda.so.1); the CPU works all the same".into();
        Finding::note("cuda", message).help("for CUDA, install NVIDIA's driver")
    });
    (findings, whole)
}

fn cuda(surroundings: &Surroundings) -> String {
    let (_, version) = wanted(surroundings);
    format!(
        "for CUDA: python3 -m venv venv && venv/bin/pip install torch=={version}, and export LIBTORCH=$(echo $PWD/venv/lib/python3*/site-packages/torch)"
    )
}

/// What brings a library that libtorch needs.
fn absent(missing: &Missing, site: &Path) -> Finding {
    let Missing { library, by } = missing;
    let finding = Finding::error("library", format!("{} needs {library}, which is not found", shown(by)));
    let (stem, number) = library.split_once(".so.").unwrap_or((library, ""));
    match stem {
        "libcudart" | "libcupti" => finding.help(cuda_packages(number.split('.').next().unwrap_or(number), site)),
        "libgomp" => finding.help("apt-get install libgomp1 (Debian), or your system's package of GCC's OpenMP"),
        "libstdc++" => {
            finding.help("apt-get install libstdc++6 (Debian), or your system's package of GCC's C++ library")
        }
        _ => finding.help("install what brings it, or put its folder into LD_LIBRARY_PATH"),
    }
}

/// Installs the two packages of CUDA that libtorch needs without CUDA too, beside it.
fn cuda_packages(major: &str, site: &Path) -> String {
    // Packages for CUDA 12 have the number in their names; both versions of libtorch that are wanted here are made with 13.0.
    let package = |name: &str| match major {
        "12" => format!("{name}-cu12"),
        "13" => format!("'{name}==13.0.*'"),
        _ => format!("'{name}=={major}.*'"),
    };
    let packages = format!("{} {}", package("nvidia-cuda-runtime"), package("nvidia-cuda-cupti"));
    // In a virtual environment pip knows what else there is: lib/python3.12/site-packages is three folders below it.
    let python = site.ancestors().nth(3).map(|environment| environment.join("bin/python"));
    match python.filter(|python| site.ends_with("site-packages") && python.exists()) {
        Some(python) => format!("{} -m pip install {packages}", python.display()),
        // Both at once: into a folder that is there, pip moves only whole packages' folders, and these two share one.
        None => format!("python3 -m pip install --no-deps --upgrade --target {} {packages}", site.display()),
    }
}
