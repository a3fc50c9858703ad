//! `train --resume`, and what interrupts a run.

#[cfg(unix)]
use super::tiny::command;
use super::tiny::{assert_fails, tiny};
use std::path::Path;

pub(crate) fn a_run_goes_on(folder: &Path) {
    let weights = |run: &str| std::fs::read(folder.join(run).join("last.safetensors")).unwrap();
    let options = "--epochs 2 --batch-size 10 --validation 0.2 --shift 0.1 --quiet";
    assert_eq!(tiny(folder, &format!("train --data . {options} --out runs/whole")).code, Some(0));
    // Killed before the end: what came after the first step is not there.
    std::fs::create_dir_all(folder.join("runs/cut/checkpoints")).unwrap();
    for file in ["recipe.yaml", "data.yaml", "checkpoints/step-00000008.safetensors"] {
        std::fs::copy(folder.join("runs/whole").join(file), folder.join("runs/cut").join(file)).unwrap();
    }
    let resumed = tiny(folder, "train --resume runs/cut --workers 1");
    assert_eq!(resumed.code, Some(0), "{}", resumed.err);
    assert!(resumed.err.contains("run resumed in runs/cut"), "{}", resumed.err);
    assert!(resumed.out.contains("validation accuracy") && resumed.out.contains("after 2 epochs"), "{}", resumed.out);
    assert!(weights("runs/cut") == weights("runs/whole"));
    let again = tiny(folder, "train --resume runs/cut");
    assert_eq!(again.code, Some(0));
    assert!(again.err.contains("all of 16 steps are done already; --epochs asks for more"), "{}", again.err);
    assert_eq!(tiny(folder, "train --resume runs/cut --epochs 3 --quiet").code, Some(0));
    assert_fails(folder, "train --resume runs/whole --lr 0.5", 1, "`learning_rate` is 0.5 and was ");
    assert_fails(folder, "train --resume runs/nowhere", 3, "--resume takes the folder of a run");
    assert_fails(folder, "train --resume runs/cut --out runs/other", 2, "cannot be used with");
}

#[cfg(unix)]
pub(crate) fn ctrl_c_saves_and_says_how_to_go_on(folder: &Path) {
    let line = "train --data . --epochs 100000 --quiet --out runs/interrupted";
    let mut child = command("plain", folder, line).stderr(std::process::Stdio::piped()).spawn().unwrap();
    while !folder.join("runs/interrupted/last.safetensors").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ends only when it is told to");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.starts_with("error: interrupted after step "), "{message}");
    let command = message.lines().last().unwrap().strip_prefix("go on with: ").unwrap();
    let (_, command) = command.split_once(" train --resume ").unwrap();
    assert_eq!(command, "runs/interrupted");
    assert!(folder.join("runs/interrupted/checkpoints").is_dir());
}
