//! What is shown, on a terminal in memory and in words.

use super::bars::Bars;
use super::{Course, Standing, source, words};
use crate::evaluate::{Evaluation, Measured};
use crate::train::{EpochResult, StepResult};
use indicatif::{InMemoryTerm, ProgressDrawTarget};
use std::time::Duration;

fn course() -> Course {
    let heads = vec!["main", "aux2"];
    Course { epochs: 10, steps_per_epoch: 1500, steps: 15_000, done: 4530, heads, held_out_name: "test" }
}

fn standing() -> Standing {
    Standing {
        epoch: 4,
        step_in_epoch: 31,
        step: 4531,
        learning_rate: 0.000_912,
        loss: 0.123_44,
        accuracy: 0.9712,
        gradient_norm: Some(2.25),
        images_per_second: Some(312.4),
        epoch_left: Some(Duration::from_secs(35)),
        run_left: Some(Duration::from_secs(730)),
        memory: Some(1_288_490_189),
    }
}

const EVALUATION: Evaluation = Evaluation { images: 640, loss: 0.25, top1_error: 0.0625, top5_error: 0.0 };

fn measured() -> Measured {
    Measured { done: 640, of: 12_000, step: 20, steps: 375, batch: EVALUATION, so_far: EVALUATION }
}

fn result() -> EpochResult {
    EpochResult {
        epoch: 4,
        step: 6_000,
        learning_rate: 0.001,
        loss: 0.512_34,
        head_losses: vec![0.4, 0.374_467],
        accuracy: 0.8765,
        held_out: EVALUATION,
        seconds: 61.25,
    }
}

/// What is on a terminal with so many columns.
fn screen(columns: u16, show: impl Fn(&mut Bars)) -> String {
    let terminal = InMemoryTerm::new(10, columns);
    let mut bars = Bars::new(ProgressDrawTarget::term_like(Box::new(terminal.clone())));
    show(&mut bars);
    terminal.contents()
}

#[test]
fn a_resumed_run_begins_in_the_middle() {
    let shown = screen(80, |bars| bars.start(&course()));
    assert_eq!(
        shown,
        "epoch 4/10     ━━━━╸\n\
         step 30/1500   ╸"
    );
}

#[test]
fn steps_fill_both_bars() {
    let shown = screen(120, |bars| {
        bars.start(&course());
        bars.step(&course(), &standing());
    });
    assert_eq!(
        shown,
        "epoch 4/10     ━━━━╸            12 min left  1.2 GiB\n\
         step 31/1500   ╸                loss 0.1234  accuracy 97.1 %  35 s left  312 images/s  lr 9.12e-4  gradient 2.25"
    );
}

#[test]
fn what_is_too_long_for_the_terminal_is_cut_off() {
    for columns in [50, 60, 100] {
        let shown = screen(columns, |bars| {
            bars.start(&course());
            bars.step(&course(), &standing());
        });
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 2, "{shown}");
        assert!(lines.iter().all(|line| line.chars().count() <= usize::from(columns)), "{shown}");
        assert!(lines[1].contains("loss 0.1234"), "{shown}");
    }
}

#[test]
fn the_evaluation_takes_the_place_of_the_steps_and_lines_stay_above() {
    let shown = screen(80, |bars| {
        bars.start(&course());
        bars.step(&course(), &standing());
        bars.line("a checkpoint was damaged");
        bars.evaluating(&course(), &measured(), Some(Duration::from_secs(9)));
    });
    assert_eq!(
        shown,
        "a checkpoint was damaged\n\
         epoch 4/10     ━━━━╸            12 min left  1.2 GiB\n\
         test 640/12000 ╸                loss 0.2500  accuracy 93.8 %  9 s left"
    );
}

#[test]
fn nothing_but_lines_stays_in_the_end() {
    let shown = screen(80, |bars| {
        bars.start(&course());
        bars.step(&course(), &standing());
        bars.line("epoch 4/10  loss");
        bars.finish();
    });
    assert_eq!(shown, "epoch 4/10  loss");
}

#[test]
fn elsewhere_lines_say_it() {
    assert_eq!(
        words::step(&course(), &standing()),
        "epoch 4/10  step 31/1500  loss 0.1234  accuracy 97.1 %  312 images/s  lr 9.12e-4  gradient 2.25  \
         35 s left in the epoch  12 min left in the run  1.2 GiB"
    );
    assert_eq!(
        words::evaluating(&course(), 4, &measured(), Some(Duration::from_secs(9))),
        "epoch 4/10  test 640/12000  loss 0.2500  accuracy 93.8 %  9 s left"
    );
    assert_eq!(
        words::epoch(&course(), &result()),
        "epoch 4/10  loss 0.5123 (main 0.4000, aux2 0.3745)  train 87.65 %  test 93.75 %  61.2 s"
    );
}

/// The forms are those of the source's program.
#[test]
fn the_sources_lines_have_its_form() {
    let step = StepResult {
        step: 4531,
        epoch: 4,
        step_in_epoch: 31,
        learning_rate: 0.001,
        images: 16,
        correct: 12.0,
        loss: 0.123_44,
        head_losses: vec![0.123_44],
        gradient_norm: None,
    };
    assert_eq!(source::step(&course(), &step), "Epoch [4/10], Step [31/1500], Loss: 0.1234, Acc:0.7500");
    assert_eq!(
        source::evaluating(&course(), 4, &measured()),
        "Epoch [4/10], Step [20/375], Val Loss: 0.2500, Acc:0.9375"
    );
    assert_eq!(
        source::epoch(&course(), &result()),
        "Epoch [4/10], Train Loss: 0.5123, Train Acc: 0.8765, Val Loss: 0.2500, Val Acc: 0.9375"
    );
}
