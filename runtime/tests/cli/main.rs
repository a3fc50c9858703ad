//! The command line of a network, run as a program of its own.
//!
//! This file is a program without a test harness: told so by the environment it is the network's program, otherwise
//! it runs itself as that and looks at what comes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../halves/mod.rs"]
mod halves;
#[path = "../program/mod.rs"]
mod program;

mod data;
mod evaluate;
mod export;
mod forward;
mod recipe;
mod resume;
mod runs;
mod summary;
mod tiny;
mod train;
mod usage;

use common::Tiny;
use googlenetc_runtime::cli::{self, Defaults};
use halves::halves;
use std::process::ExitCode;
use tiny::{ROLE, write_data};

fn main() -> ExitCode {
    match std::env::var(ROLE).as_deref() {
        Ok("plain") => return cli::run::<Tiny>(),
        Ok("with defaults") => return cli::run_with::<Tiny>(Defaults { data: Some("bundled") }),
        _ => {}
    }
    let folder = tempfile::tempdir().unwrap();
    write_data(folder.path(), "train", &halves(90));
    write_data(folder.path(), "t10k", &halves(30));
    usage::wrong_usage_is_2(folder.path());
    usage::missing_files_are_3(folder.path());
    data::data_sets_are_listed_and_looked_for(folder.path());
    usage::an_absent_device_is_an_error(folder.path());
    usage::a_default_stands_in_for_data(folder.path());
    train::a_network_is_trained_evaluated_and_used(folder.path());
    train::progress_is_shown_as_asked_for(folder.path());
    runs::runs_are_looked_at(folder.path());
    train::a_run_begins_with_weights(folder.path());
    evaluate::evaluations_are_printed_and_written(folder.path());
    evaluate::evaluations_are_averaged(folder.path());
    recipe::a_recipe_says_how_to_train(folder.path());
    recipe::a_wrong_recipe_is_refused(folder.path());
    resume::a_run_goes_on(folder.path());
    #[cfg(unix)]
    resume::ctrl_c_saves_and_says_how_to_go_on(folder.path());
    data::a_data_set_is_measured_and_shown(folder.path());
    forward::tensors_go_through_the_network(folder.path());
    forward::files_without_a_usable_input_are_refused(folder.path());
    summary::a_summary_runs_at_other_sizes(folder.path());
    export::weights_and_torchscript_are_exported(folder.path());
    export::weights_of_other_types_and_keys_are_read_and_written(folder.path());
    export::weights_without_normalisation_are_given_one(folder.path());
    ExitCode::SUCCESS
}
