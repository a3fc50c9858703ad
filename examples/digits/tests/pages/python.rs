//! Python on the pages: it is Python, and reads only files that the page tells about. What belongs to a crate of the reader's own is run by
//! walks.rs, that of PyTorch where there is one.

use crate::fences::{fences, of};
use std::io::Write;
use std::process::{Command, Stdio};

/// Prints the files that a program names, without those that it writes.
const FILES: &str = r#"
import ast, re, sys
tree = ast.parse(sys.stdin.read())
texts = lambda node: {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
called = lambda node: getattr(node.func, "id", getattr(node.func, "attr", ""))
calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
written = set().union(*(texts(part) for node in calls if called(node) in ("save", "save_file") for part in node.args[1:]))
print("\n".join(sorted(text for text in texts(tree) - written if re.fullmatch(r"[\w/-]+\.\w+", text))))
"#;

/// The files that a program reads.
fn files(program: &str, at: &str) -> Vec<String> {
    let mut python = Command::new("python3");
    let mut python = python.args(["-c", FILES]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(program.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{at} is no Python");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn python_reads_files_that_the_page_has_made() {
    let (mut programs, mut names) = (0, 0);
    for fence in fences().iter().filter(|fence| fence.info == "python") {
        // Commands or Python before it make the files, or the text tells about them.
        let before = |other: &crate::fences::Fence| other.line < fence.line;
        let commands: String = of(&fence.page).into_iter().filter(before).map(|other| other.text).collect();
        let page = crate::fences::text(&fence.page);
        let told: String = page.lines().take(fence.line - 1).flat_map(|line| [line, "\n"]).collect();
        for file in files(&fence.text, &fence.place()) {
            assert!(
                commands.contains(&file) || told.contains(&format!("`{file}`")),
                "{}: where is {file} from?",
                fence.place()
            );
            names += 1;
        }
        programs += 1;
    }
    assert!(programs >= 4 && names >= 4, "{programs} programs with {names} files");
}
