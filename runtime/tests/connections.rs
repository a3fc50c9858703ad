//! No path but `data fetch` ever opens a connection.

use std::fs;
use std::path::{Path, PathBuf};

/// The one file that may.
const CLIENT: &str = "runtime/src/data/fetch/http.rs";

/// What one would open a connection with.
const WORDS: &[&str] = &[
    "std::net",
    "core::net",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "ToSocketAddrs",
    "os::unix::net",
    "libc::socket",
    "libc::connect",
    "ureq",
    "rustls",
    "reqwest",
    "hyper::",
    "curl",
    "attohttpc",
    "minreq",
    "isahc",
    "socket2",
    "tokio::",
    "mio::net",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folders of the workspace's packages but the tests, which nobody runs who uses them.
fn packages() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("there is a manifest");
    let members = manifest.lines().find(|line| line.starts_with("members = [")).expect("it lists its members");
    let packages: Vec<String> = members.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(
        ["runtime", "examples/digits", "tests"].iter().all(|known| packages.iter().any(|package| package == known))
    );
    packages.into_iter().filter(|package| package != "tests").collect()
}

/// All files below a folder that end in `.rs`.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_client_is_named_in_one_file() {
    let mut found = Vec::new();
    for package in packages() {
        sources(&root().join(package).join("src"), &mut found);
    }
    assert!(found.len() > 100, "only {} files", found.len());
    let mut clients = 0;
    for path in found {
        let text = fs::read_to_string(&path).expect("it is text");
        let words: Vec<&&str> = WORDS.iter().filter(|word| text.contains(**word)).collect();
        if path.ends_with(CLIENT) {
            assert!(!words.is_empty(), "the words are the right ones");
            clients += 1;
        } else {
            assert!(words.is_empty(), "{} names {words:?}", path.display());
        }
    }
    assert_eq!(clients, 1);
}

/// A library could open connections on its own. Of those in the lock file that can, this project's runtime alone depends on one.
#[test]
fn no_other_dependency_is_a_client() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("there is a lock file");
    let packages = lock.split("[[package]]").skip(1);
    let name = |package: &str| package.split('"').nth(1).unwrap_or_default().to_owned();
    let clients =
        ["ureq", "reqwest", "hyper", "curl", "attohttpc", "minreq", "isahc", "native-tls", "openssl", "tokio"];
    for client in clients {
        let needs = |package: &&str| package.lines().any(|line| line.trim_matches([' ', '"', ',']) == client);
        let dependents: Vec<String> = packages.clone().filter(needs).map(name).collect();
        let expected: &[&str] = if client == "ureq" { &["googlenetc-runtime"] } else { &[] };
        assert_eq!(dependents, expected, "{client}");
    }
}
