//! What a run logs, in one go or in several.

use super::alone::alone;
use super::{PLAIN, beginning, go_on, images, job, outcome, recipe, whole};
use googlenetc_runtime::train::events::{self, Scalar};
use googlenetc_runtime::train::step_log::{self, StepLine};
use std::fs;
use std::path::Path;

/// What a run has logged, without times: steps, events, epochs.
fn logs(folder: &Path) -> (Vec<StepLine>, Vec<Scalar>, String) {
    let steps = step_log::read(&folder.join("steps.jsonl")).unwrap().into_iter();
    let events = events::read(&folder.join(events::NAME)).unwrap().into_iter();
    let (_, _, table) = outcome(folder);
    (
        steps.map(|line| StepLine { time: 0.0, ..line }).collect(),
        events.map(|event| Scalar { time: 0.0, ..event }).collect(),
        table,
    )
}

#[test]
fn logs_have_no_line_twice_and_none_missing() {
    let _guard = alone();
    let recipe = recipe(PLAIN);
    let run = whole(&recipe);
    let expected = logs(run.path());
    assert_eq!(expected.0.iter().map(|line| line.step).collect::<Vec<_>>(), (1..=21).collect::<Vec<_>>());
    assert_eq!(
        expected.1.iter().filter(|event| event.tag == "loss/test").map(|event| event.step).collect::<Vec<_>>(),
        [7, 14, 21]
    );
    // The folder as if it had been killed long after the checkpoint of step 10.
    let folder = beginning(run.path(), 10);
    for name in ["steps.jsonl", events::NAME, "metrics.csv", "confusion.csv", "run.json"] {
        fs::copy(run.path().join(name), folder.path().join(name)).unwrap();
    }
    go_on(&job(&images(), &recipe, folder.path())).unwrap();
    assert_eq!(logs(folder.path()), expected);
    assert_eq!(fs::read(run.path().join("run.json")).unwrap(), fs::read(folder.path().join("run.json")).unwrap());
}
