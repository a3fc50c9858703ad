//! Where libtorch is, whether it is whole, and which version it has.

use super::case::Case;

#[test]
fn a_whole_libtorch_is_fine() {
    let case = Case::with_libtorch();
    let named = format!("libtorch is `{}`, named by LIBTORCH", case.path("torch").display());
    case.is_fine(&[&named, "it is version 2.13.0+cu130, as tch 0.26 wants it", "for the CPU alone", "rustc 1.95.0"]);
}

#[test]
fn no_libtorch_comes_with_a_way_to_get_one() {
    let case = Case::new();
    case.is_wrong(&[
        "error: LIBTORCH is not set",
        "pip install --no-deps --target .libtorch torch==2.13.0",
        "export LIBTORCH=",
    ]);
    case.write("scripts/libtorch", "");
    case.is_wrong(&["error: LIBTORCH is not set", "scripts/libtorch installs one"]);
}

#[test]
fn configuration_files_are_read_as_cargo_reads_them() {
    let case = Case::new();
    case.write(".cargo/config.toml", "[env]\nLIBTORCH = { value = \"torch\", relative = true }\n");
    case.is_fine(&["named by LIBTORCH of `", ".cargo/config.toml`"]);
    // The environment wins, also with nothing in it.
    let case = case.with("LIBTORCH", "");
    case.is_wrong(&["error: LIBTORCH is set to nothing, which hides every other libtorch", "help: unset LIBTORCH"]);
    case.write(".cargo/config.toml", "[env]\nLIBTORCH = { value = \"torch\", relative = true, force = true }\n");
    case.is_fine(&["named by LIBTORCH of `"]);
    case.write(".cargo/config.toml", "[env\n");
    case.says(&[], 1, &["config.toml` cannot be read", "LIBTORCH is set to nothing", "2 problems"]);
}

#[test]
fn what_libtorch_names_is_looked_at() {
    let case = Case::with_libtorch();
    let named = |name: &str| case.path(name).to_str().unwrap().to_owned();
    let (torch, lib, none, file) = (named("torch"), named("torch/lib"), named("none"), named("torch/version.py"));
    let export = format!("export LIBTORCH={torch}\n");
    let parent = named("");
    let case = case.with("LIBTORCH", "torch");
    case.is_wrong(&["is `torch`, a relative path", &export]);
    // A folder too high or too low, and nothing at all.
    for relative in [".", "torch/lib"] {
        let case = Case::with_libtorch().with("LIBTORCH", relative);
        let export = format!("export LIBTORCH={}\n", case.path("torch").display());
        case.is_wrong(&["a relative path", &export]);
    }
    let case = case.with("LIBTORCH", "none");
    case.is_wrong(&["is `none`, a relative path", "pip install"]);
    let case = case.with("LIBTORCH", &none);
    case.is_wrong(&["/none`, which is not there", "pip install"]);
    let case = case.with("LIBTORCH", &file);
    case.is_wrong(&["/version.py`, which is a file, not a folder"]);
    let case = case.with("LIBTORCH", parent.trim_end_matches('/'));
    case.is_wrong(&["has no folder `lib`", &export]);
    let case = case.with("LIBTORCH", &lib);
    case.is_wrong(&["has no folder `lib`", &export]);
    let case = case.with("LIBTORCH", &torch);
    case.remove("torch/include/torch/csrc/api/include/torch/torch.h");
    case.is_wrong(&["torch.h` is not there, and torch-sys is compiled with it"]);
    case.remove("torch/lib/libtorch_cpu.so");
    case.is_wrong(&["torch/lib` has no libtorch_cpu.so, so it is no whole libtorch"]);
}

#[test]
fn tch_and_libtorch_belong_together() {
    let case = Case::with_libtorch();
    let lock = |tch: &str| format!("version = 4\n\n[[package]]\nname = \"tch\"\nversion = \"{tch}\"\n");
    case.write("torch/version.py", "__version__ = '2.11.0'\n");
    let mend = "help: take the tch that goes with it: cargo update -p tch --precise 0.24.0\n";
    case.is_wrong(&[
        "this libtorch is version 2.11.0, and tch 0.26 wants 2.13.0",
        mend,
        "point LIBTORCH to a libtorch 2.13.0",
    ]);
    case.write("Cargo.lock", &lock("0.24.0"));
    case.is_fine(&["it is version 2.11.0, as tch 0.24.0 wants it"]);
    case.write("torch/version.py", "__version__ = '2.5.1'\n");
    case.is_wrong(&["this libtorch is version 2.5.1, and tch 0.24.0 wants 2.11.0"]);
    case.write("Cargo.lock", &lock("0.26.0"));
    // torch-sys is strict with the file of a zip, and does not look at a wheel's.
    case.write("torch/version.py", "__version__ = '2.13.1'\n");
    case.is_fine(&["it is version 2.13.1"]);
    case.write("torch/build-version", "2.13.1+cpu\n");
    case.is_wrong(&["version 2.13.1+cpu", "LIBTORCH_BYPASS_VERSION_CHECK=1"]);
    case.remove("torch/build-version");
    case.remove("torch/version.py");
    case.is_fine(&["note: which version it is cannot be told; tch 0.26.0 wants 2.13.0"]);
}

#[test]
fn python_is_asked_when_torch_sys_would() {
    let case = Case::new().with("LIBTORCH_USE_PYTORCH", "1").with("LIBTORCH", "/nowhere");
    case.program("bin/python3", case.path("torch").to_str().unwrap());
    case.is_fine(&["Python's, because LIBTORCH_USE_PYTORCH is set"]);
    case.program("bin/python3", "");
    case.is_wrong(&[
        "python3 has no torch",
        "python3 -m pip install torch==2.13.0 (for tch 0.26)",
        "unset LIBTORCH_USE_PYTORCH",
    ]);
    case.program("bin/python", case.path("torch").to_str().unwrap());
    case.with("VIRTUAL_ENV", "/venv").is_fine(&[]);
}
