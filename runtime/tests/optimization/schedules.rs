//! Rates over runs.

use crate::{difference, read, rows};
use googlenetc_runtime::train::{Extent, Schedule};

#[test]
fn rates_are_pytorchs() {
    let rows = rows("schedules");
    assert_eq!(rows.len(), 22);
    for row in rows {
        let schedule: Schedule = read(&row["schedule"]);
        let theirs: Vec<f64> = read(&row["rates"]);
        assert!(theirs.len() >= 10);
        let run = Extent { steps_per_epoch: read(&row["steps_per_epoch"]), steps: theirs.len() };
        let ours: Vec<f64> = (0..run.steps).map(|step| schedule.rate(step, run, 0.4)).collect();
        let close = ours.iter().zip(&theirs).all(|(ours, theirs)| (ours - theirs).abs() <= 1e-12 * theirs.abs());
        assert!(close, "{}: {ours:?}, PyTorch's are {theirs:?}", row["schedule"]);
        let ours: Option<Vec<f64>> = (0..run.steps).map(|step| schedule.momentum(step, run)).collect();
        match (ours, read::<Option<Vec<f64>>>(&row["momenta"])) {
            (Some(ours), Some(theirs)) => assert!(difference(&ours, &theirs) < 1e-12, "{}", row["schedule"]),
            (None, None) => {}
            (ours, theirs) => panic!("{}: {ours:?}, PyTorch's are {theirs:?}", row["schedule"]),
        }
    }
}

#[test]
fn no_run_is_too_short() {
    for row in rows("schedules") {
        let schedule: Schedule = read(&row["schedule"]);
        for steps in 1..4 {
            let run = Extent { steps_per_epoch: read(&row["steps_per_epoch"]), steps };
            for step in 0..steps + 2 {
                let rate = schedule.rate(step, run, 0.4);
                assert!((0.0..=0.4 + 1e-12).contains(&rate), "{} {step}/{steps}: {rate}", row["schedule"]);
            }
        }
    }
}
