//! A folder in which the pages' commands find the files and programs that they name.

use crate::fences::root;
use crate::fixtures::{self, gzip, idx_bytes, write, write_picture};
use googlenetc_runtime::data::fetch;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program itself.
pub(crate) const DIGITS: &str = env!("CARGO_BIN_EXE_digits");

/// For a few images one thread is enough, and several would wait for each other where other tests run beside this one.
pub(crate) const THREADS: (&str, &str) = ("OMP_NUM_THREADS", "1");

/// Writes a pickle that asks for a function when it is read, as PyTorch's files might.
const HOSTILE: &str = r"
import zipfile
with zipfile.ZipFile('weights.pt', 'w') as file:
    file.writestr('archive/data.pkl', b'\x80\x02cos\nsystem\n(X\x02\x00\x00\x00lstR.')
    file.writestr('archive/version', '3')
";

/// A cargo that fetches nothing and takes what is built already: the workspace's programs are those of the workspace, and a crate that
/// depends on `../googlenetc`, which here is a folder of links, gets the workspace, its lock file and its profile.
const CARGO: &str = r#"#!/bin/sh
export HOME="$PAGES_HOME"
case "$1 $2" in
'install --path')
    exec "$PAGES_CARGO" install --quiet --offline --locked --debug --force --root "$PAGES_FOLDER" --path "$PAGES_WORKSPACE/$3" ;;
'run -p')
    shift
    exec "$PAGES_CARGO" run --quiet --offline --manifest-path "$PAGES_WORKSPACE/Cargo.toml" "$@" ;;
esac
sed -i "s#\"[^\"]*/googlenetc/#\"$PAGES_WORKSPACE/#" Cargo.toml
cp "$PAGES_WORKSPACE/Cargo.lock" .
exec "$PAGES_CARGO" --offline --config 'profile.dev.debug="line-tables-only"' --config 'profile.dev.package."*".debug=false' "$@"
"#;

/// Where the pages have the digits. Here are one of each to train on and one to measure on, so that minutes become seconds.
pub(crate) const DATA: &str = "examples/digits/data";

/// What of the checkout is here as it is.
const LINKED: [&str; 12] = [
    "Cargo.toml",
    "compiler",
    "docs",
    "dsl",
    "examples/digits/digits.yaml",
    "examples/fashion_mnist",
    "examples/fine_tune",
    "examples/tiny_imagenet",
    "README.md",
    "runtime",
    "scripts",
    "specs",
];

/// Bright is the row of the class.
fn few_digits(folder: &Path) {
    let pixel = |i: usize| if i / 64 == i % 64 / 8 { 200 } else { u8::try_from(i % 40).unwrap() };
    let images = gzip(&idx_bytes(&[10, 8, 8], &(0..640).map(pixel).collect::<Vec<_>>()));
    let labels = gzip(&idx_bytes(&[10], &(0..10).collect::<Vec<_>>()));
    for prefix in ["train", "t10k"] {
        write(folder.join(format!("{prefix}-images-idx3-ubyte.gz")), &images);
        write(folder.join(format!("{prefix}-labels-idx1-ubyte.gz")), &labels);
    }
}

/// Weights as somebody else might have them: one name and one shape are not the network's.
fn theirs(path: &Path) {
    let ones = |shape: &[i64]| Tensor::ones(shape, (Kind::Float, Device::Cpu));
    let variables = crate::programs::variables();
    let tensors = variables.into_iter().map(|(name, shape)| match name.as_str() {
        "conv1.conv.weight" => ("conv1.conv.0.weight".to_owned(), ones(&shape)),
        "main.fc.weight" => (name, ones(&[5, 1024])),
        _ => (name, ones(&shape)),
    });
    Tensor::write_safetensors(&tensors.collect::<Vec<_>>(), path).unwrap();
}

/// The note of a download that has succeeded, without which a folder is somebody else's.
fn fetched(name: &str, folder: &Path) {
    let set = fetch::CATALOGUE.iter().find(|set| set.name == name).unwrap();
    let files: String = set.files.iter().flat_map(|file| [file.sha256, "  ", file.name, "\n"]).collect();
    let (summary, terms) = (set.summary, set.terms);
    let note = format!("{name}: {summary}\nTerms of use: {terms}\n\nSHA-256 of what was downloaded:\n{files}");
    write(folder.join("SOURCE.txt"), note);
}

/// The folder: `googlenetc` in it is the checkout, and `work` a folder of the reader's beside that.
///
/// It stands at the same path each time, so that what cargo builds of the reader's crates takes the place of what it built the last
/// time. In other folders they would be other crates, whose programs stay in the target folder for ever.
pub(crate) struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        // Removed at the next beginning at the latest.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages"));
        if place.0.exists() {
            std::fs::remove_dir_all(&place.0).unwrap();
        }
        for folder in ["bin", "googlenetc/examples/digits", "home", "work"] {
            std::fs::create_dir_all(place.0.join(folder)).unwrap();
        }
        for name in LINKED {
            symlink(root().join(name), place.path(name)).unwrap();
        }
        few_digits(&place.path(DATA));
        few_digits(&place.path("data/fashion-mnist"));
        fixtures::tiny_imagenet(&place.path("data/tiny-imagenet"));
        for name in ["fashion-mnist", "tiny-imagenet"] {
            fetched(name, &place.path("data").join(name));
        }
        fixtures::folder(&place.path("pets"));
        std::fs::remove_dir_all(place.path("pets/val")).unwrap();
        write(place.path("pets/train/red/x.png"), "no picture");
        write_picture(place.path("digit.png"), 0, 7);
        (0..12).for_each(|i| write_picture(place.path(&format!("photographs/{i}.png")), i, i));
        write(place.path("recipe.yaml"), "images:\n  testing:\n    - resize:\n        filtre: box\n");
        write(place.path("net.yaml"), NET);
        theirs(&place.path("theirs.safetensors"));
        std::fs::copy(place.path("theirs.safetensors"), place.path("pretrained.safetensors")).unwrap();
        let images = Tensor::zeros([2, 1, 96, 96], (Kind::Float, Device::Cpu));
        Tensor::write_safetensors(&[("input", images)], place.path("x.safetensors")).unwrap();
        place.programs();
        assert!(place.command("python3").args(["-c", HOSTILE]).status().unwrap().success());
        place
    }

    /// The programs by their names, and a curl that needs no network.
    fn programs(&self) {
        symlink(DIGITS, self.program("digits")).unwrap();
        for (name, script) in [("cargo", CARGO), ("curl", "#!/bin/sh\nexec cat digit.png\n")] {
            write(self.program(name), script);
            std::fs::set_permissions(self.program(name), PermissionsExt::from_mode(0o755)).unwrap();
        }
        let installed = self.command("cargo").args(["install", "--path", "compiler"]).status().unwrap();
        assert!(installed.success(), "the command googlenetc cannot be installed");
    }

    fn program(&self, name: &str) -> PathBuf {
        self.0.join("bin").join(name)
    }

    /// A file of the checkout.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join("googlenetc").join(name)
    }

    /// A command that runs at the top of the checkout and finds the programs.
    pub(crate) fn command(&self, program: &str) -> Command {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(self.0.join("bin")).chain(std::env::split_paths(&old));
        // target/debug/digits
        let target = Path::new(DIGITS).ancestors().nth(2).unwrap();
        let mut command = Command::new(program);
        command.current_dir(self.path("")).env("PATH", std::env::join_paths(paths).unwrap()).envs([THREADS]);
        command.env("PAGES_HOME", std::env::var_os("HOME").unwrap_or_default()).env("HOME", self.0.join("home"));
        command.env("PAGES_CARGO", env!("CARGO")).env("PAGES_WORKSPACE", root()).env("PAGES_FOLDER", &self.0);
        command.env("CARGO_TARGET_DIR", target).env_remove("LD_LIBRARY_PATH");
        command
    }
}

/// The `net.yaml` of pages that show none.
const NET: &str = "\
network: Net
input: 3x32x32
blocks:
  unit: {parameters: [n], layers: [conv: conv 3x3 $n activation=relu]}
  wide: {parameters: [n], layers: [conv: conv 5x5 $n activation=relu]}
stem: {a: unit 8}
heads: {main: {layers: [avgpool global, flatten, linear 10]}}
";
