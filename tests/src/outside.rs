//! Crates outside of the workspace, as users have them, in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::workspace;

/// The workspace's profile, for the manifest of a crate that uses its artifacts.
pub const PROFILE: &str = r#"[profile.dev]
opt-level = 1
debug = "line-tables-only"

[profile.dev.package."*"]
debug = false
"#;

/// All that a command has printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A temporary folder for a crate or a workspace. Its artifacts go where those of the running test are, so that nothing that
/// the workspace has built is built again.
pub struct Outside {
    folder: TempDir,
    /// The target folder.
    pub target: PathBuf,
}

impl Outside {
    /// A folder that holds nothing but the workspace's lock file: other versions would be built once more.
    ///
    /// # Panics
    ///
    /// When it cannot be made, or the running program is no test.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        assert!(!folder.path().starts_with(workspace()));
        let test = std::env::current_exe().expect("a test knows where it is");
        // target/debug/deps/test
        let target = test.ancestors().nth(3).expect("tests lie in the target folder").to_owned();
        let made = Self { folder, target };
        std::fs::copy(workspace().join("Cargo.lock"), made.path("Cargo.lock")).expect("the lock file can be copied");
        made
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file in it, and makes the folders on the way.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    }

    /// Cargo in this folder, which fetches nothing.
    ///
    /// # Panics
    ///
    /// When cargo does not run the test.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").expect("cargo runs tests"));
        command.args(arguments).arg("--offline").current_dir(self.folder());
        command.env("CARGO_TARGET_DIR", &self.target).env_remove("RUST_BACKTRACE");
        command
    }

    /// The same for a crate that depends on the runtime, with the libtorch of the workspace.
    ///
    /// # Panics
    ///
    /// When `LIBTORCH` does not say where that is.
    pub fn cargo_with_libtorch(&self, arguments: &[&str]) -> Command {
        let libtorch = std::env::var_os("LIBTORCH").expect("the workspace's configuration sets LIBTORCH");
        assert!(Path::new(&libtorch).is_absolute());
        let mut command = self.cargo(arguments);
        command.env("LIBTORCH", libtorch).env_remove("LD_LIBRARY_PATH");
        command
    }
}

impl Default for Outside {
    fn default() -> Self {
        Self::new()
    }
}
