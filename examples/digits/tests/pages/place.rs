//! A folder in which the pages' commands find the files that they name.

use crate::fences::root;
use crate::fixtures::{self, gzip, idx_bytes, write, write_picture};
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

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

/// Where the pages have the digits. Here are one of each to train on and one to measure on, so that minutes become seconds.
pub(crate) const DATA: &str = "examples/digits/data";

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

/// The folder.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        few_digits(&place.path(DATA));
        symlink(root().join("examples/fine_tune"), place.path("examples/fine_tune")).unwrap();
        fixtures::folder(&place.path("pets"));
        std::fs::remove_dir_all(place.path("pets/val")).unwrap();
        write(place.path("pets/train/red/x.png"), "no picture");
        write_picture(place.path("digit.png"), 0, 7);
        (0..12).for_each(|i| write_picture(place.path(&format!("photographs/{i}.png")), i, i));
        write(place.path("recipe.yaml"), "images:\n  testing:\n    - resize:\n        filtre: box\n");
        theirs(&place.path("theirs.safetensors"));
        let images = Tensor::zeros([2, 1, 96, 96], (Kind::Float, Device::Cpu));
        Tensor::write_safetensors(&[("input", images)], place.path("x.safetensors")).unwrap();
        assert!(place.command("python3").args(["-c", HOSTILE]).status().unwrap().success());
        place.programs();
        place
    }

    /// The program by its name, and a curl that needs no network.
    fn programs(&self) {
        std::fs::create_dir(self.path("bin")).unwrap();
        symlink(DIGITS, self.path("bin/digits")).unwrap();
        write(self.path("bin/curl"), "#!/bin/sh\nexec cat digit.png\n");
        std::fs::set_permissions(self.path("bin/curl"), PermissionsExt::from_mode(0o755)).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A command that runs here and finds the programs.
    pub(crate) fn command(&self, program: &str) -> Command {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(self.path("bin")).chain(std::env::split_paths(&old));
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).env("PATH", std::env::join_paths(paths).unwrap()).envs([THREADS]);
        command
    }
}
