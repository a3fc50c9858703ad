//! Pickles with code in them.

use super::make::{archive, position, short, unicode};
use super::refusal;
use crate::{assert_says, data};
use std::path::Path;
use std::process::Command;

/// Pickles that would make a file at `path` if they were run as Python runs them, with what the refusal must say.
fn harmful(path: &Path) -> Vec<(Vec<u8>, &'static str)> {
    let path = path.to_str().unwrap();
    let (command, mode) = (unicode(&format!("touch '{path}'")), unicode("w"));
    let path = unicode(path);
    let parts = |parts: &[&[u8]]| parts.concat();
    vec![
        (parts(&[b"\x80\x02cos\nsystem\n", &command, b"\x85R."]), "it asks for `os.system`"),
        (parts(&[b"\x80\x02cposix\nsystem\n", &command, b"\x85R."]), "it asks for `posix.system`"),
        (parts(&[b"\x80\x02cbuiltins\nopen\n", &path, &mode, b"\x86R."]), "it asks for `builtins.open`"),
        (parts(&[b"\x80\x02c__builtin__\nopen\n(", &path, &mode, b"tR."]), "it asks for `__builtin__.open`"),
        (
            parts(&[b"\x80\x04", &short("os"), &short("system"), b"\x93", &command, b"\x85R."]),
            "it asks for `os.system`",
        ),
        (
            parts(&[b"\x80\x04", &short("io"), b"\x94", &short("open"), b"\x94\x93\x94", &path, &mode, b"\x86R."]),
            "`io.open`",
        ),
        // As a value of a dictionary, as its key, and after a good beginning.
        (parts(&[b"\x80\x02}", &unicode("a"), b"cos\nsystem\n", &command, b"\x85Rs."]), "it asks for `os.system`"),
        (
            parts(&[b"\x80\x02ccollections\nOrderedDict\n)R(", b"cos\nsystem\n", &command, b"\x85RK\x01u."]),
            "`os.system`",
        ),
        // In the state that BUILD would set.
        (
            parts(&[b"\x80\x02ccollections\nOrderedDict\n)R}", &unicode("a"), b"cos\nsystem\n", &command, b"\x85Rsb."]),
            "`os.system`",
        ),
        (parts(&[b"\x80\x02(cos\nsystem\n", &command, b"o."]), "it asks for `os.system`"),
        (parts(&[b"\x80\x02(", &command, b"ios\nsystem\n."]), "the instruction `INST`"),
        (parts(&[b"\x80\x02(", &command, b"o."]), "the instruction `OBJ`"),
        (parts(&[b"\x80\x02ctorch\nload\n", &path, b"\x85R."]), "it asks for `torch.load`"),
        (
            parts(&[b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\x00\n)R."]),
            "it asks for `torch._utils._rebuild_tensor_v2\\u{0}`",
        ),
        (
            parts(&[b"\x80\x02ccollections\nOrderedDict.fromkeys\n)R."]),
            "it asks for `collections.OrderedDict.fromkeys`",
        ),
        (
            parts(&[b"\x80\x02cbuiltins\ngetattr\ncos\nsystem\n", &unicode("x"), b"\x86R."]),
            "it asks for `builtins.getattr`",
        ),
    ]
}

#[test]
fn code_in_a_pickle_is_refused_and_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    let legacy = std::fs::read(data("tiny-legacy.pth")).unwrap();
    // Three pickles stand before the object; the last of them ends here.
    let object = position(&legacy, b"ccollections\nOrderedDict");
    let start = legacy[..object].iter().rposition(|byte| *byte == 0x80).unwrap();
    for (pickle, expected) in harmful(&path) {
        for bytes in [archive(&pickle, &[]), [&legacy[..start], &pickle[..]].concat()] {
            let message = refusal(&bytes);
            assert_says(&message, &["is refused, and nothing in it was run", expected]);
            assert!(!path.exists(), "{message}");
        }
    }
}

/// Runs each file of a folder, and says how often that made a file.
const RUN: &str = "
import os, pickle, sys
folder, made = sys.argv[1:]
count = 0
for name in os.listdir(folder):
    try:
        pickle.load(open(os.path.join(folder, name), 'rb'))
    except Exception:
        pass
    if os.path.exists(made):
        os.remove(made)
        count += 1
print(count)
";

/// That the pickles above are what they are called: Python makes a file from most of them. Those that are for PyTorch or broken
/// on purpose make none.
#[test]
fn python_would_run_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    let pickles = folder.path().join("pickles");
    std::fs::create_dir(&pickles).unwrap();
    for (index, (pickle, _)) in harmful(&path).iter().enumerate() {
        std::fs::write(pickles.join(index.to_string()), pickle).unwrap();
    }
    let python = Command::new("python3").args(["-c", RUN]).arg(&pickles).arg(&path).output();
    // Nothing else here needs Python.
    let Ok(output) = python else { return };
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "11");
}

#[test]
fn instructions_that_make_objects_are_refused() {
    for (pickle, name) in [
        (&b"\x80\x02ccollections\nOrderedDict\n)\x81."[..], "NEWOBJ"),
        (b"\x80\x04ccollections\nOrderedDict\n)}\x92.", "NEWOBJ_EX"),
        (b"\x80\x02\x82\x01.", "EXT1"),
        (b"\x80\x02\x83\x01\x00.", "EXT2"),
        (b"\x80\x02\x84\x01\x00\x00\x00.", "EXT4"),
        (b"\x80\x02)}b.", "BUILD"),
        (b"\x80\x02ctorch\nFloatStorage\n}b.", "BUILD"),
    ] {
        assert_says(&refusal(&archive(pickle, &[])), &["is refused, and nothing in it was run", &format!("`{name}`")]);
    }
}
