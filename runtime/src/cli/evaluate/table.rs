//! The table of models and crops, as the paper's third.

use super::arguments::Format;
use super::print::{csv, decimal, json, percent};
use super::{EvaluateArguments, Measurement};
use crate::batch::classes;
use crate::cli::print;
use crate::columns::aligned;
use crate::data::crops::Crops;
use crate::error::Result;
use crate::metrics::Metrics;
use crate::network::Network;
use serde::Serialize;

/// The first so many of the models with so many crops.
#[derive(Serialize)]
struct Row {
    models: usize,
    crops: usize,
    /// Passes through a network for each image.
    cost: usize,
    images: u64,
    loss: Option<f64>,
    top1_error: Option<f64>,
    top5_error: Option<f64>,
}

/// Measures every number of models with every number of crops, in one pass over the images.
pub(super) fn run<N: Network>(
    measurement: &Measurement<'_, N>,
    arguments: &EvaluateArguments,
    crops: &[Crops],
) -> Result<()> {
    let models = 1..=measurement.averaged.members.len();
    let places = models.flat_map(|models| (0..crops.len()).map(move |input| (models, input)));
    let mut cells: Vec<_> = places.map(|place| (place, Metrics::new(classes::<N>()))).collect();
    measurement.each_batch(arguments, &mut |predictions| {
        for ((models, input), metrics) in &mut cells {
            let scores = predictions.scores(*models, *input)?;
            for ((&image, &label), scores) in predictions.images.iter().zip(&predictions.labels).zip(&scores) {
                metrics.add(&measurement.judge(image, label, scores)?);
            }
        }
        Ok(())
    })?;
    let rows: Vec<Row> = cells
        .iter()
        .filter_map(|((models, input), metrics)| Some(row(*models, crops.get(*input)?.count(), metrics)))
        .collect();
    match arguments.format {
        Format::Human => {
            let images = rows.first().map_or(0, |row| row.images);
            print(format_args!("images {images}\n\n{}", text(&rows)))
        }
        Format::Json => json(&rows),
        Format::Csv => csv(&rows),
    }
}

fn row(models: usize, crops: usize, metrics: &Metrics) -> Row {
    Row {
        models,
        crops,
        cost: models * crops,
        images: metrics.images(),
        loss: metrics.loss(),
        top1_error: metrics.top_error(1),
        top5_error: metrics.top_error(5),
    }
}

fn text(rows: &[Row]) -> String {
    let mut lines = vec![["models", "crops", "cost", "top-1 error", "top-5 error", "loss"].map(str::to_owned)];
    lines.extend(rows.iter().map(|row| {
        let [models, crops, cost] = [row.models, row.crops, row.cost].map(|count| count.to_string());
        [models, crops, cost, percent(row.top1_error), percent(row.top5_error), decimal(row.loss)]
    }));
    aligned(&lines, 1)
}
