//! `evaluate`.

use super::arguments::EvaluateArguments;
use super::{choose, open_for, print, read_weights};
use crate::batch::input_size;
use crate::data::{Part, Transform};
use crate::error::Result;
use crate::evaluate::{Evaluation, evaluate};
use crate::network::Network;
use std::sync::Arc;

pub(super) fn run<N: Network>(arguments: &EvaluateArguments) -> Result<()> {
    let source = open_for::<N>(&arguments.data, Part::HeldOut)?;
    let device = choose(arguments.device.choice)?;
    let trained = read_weights::<N>(&arguments.weights, &arguments.reading, None)?.on(device)?;
    let normalisation = trained.normalisation(&arguments.weights)?.clone();
    let transform = Arc::new(Transform { size: input_size::<N>(), normalisation, shift: 0.0 });
    let (batch_size, workers) = (arguments.batch_size, arguments.workers);
    let result = evaluate(&trained.network, device, &source, &transform, batch_size, workers)?;
    let Evaluation { images, loss, top1_error, top5_error } = result;
    print(format_args!(
        "images {images}\nloss {loss:.4}\ntop-1 error {:.2} %\ntop-5 error {:.2} %",
        100.0 * top1_error,
        100.0 * top5_error
    ))
}
