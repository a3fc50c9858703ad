//! What `evaluate` prints.

use super::Names;
use super::arguments::Format;
use crate::cli::print;
use crate::columns::aligned;
use crate::error::{Error, Result};
use crate::metrics::{ClassScores, Metrics, macro_mean};
use serde::Serialize;

/// All images.
#[derive(Serialize)]
struct Results {
    images: u64,
    loss: Option<f64>,
    top1_error: Option<f64>,
    top5_error: Option<f64>,
}

impl Results {
    fn new(metrics: &Metrics) -> Self {
        Self {
            images: metrics.images(),
            loss: metrics.loss(),
            top1_error: metrics.top_error(1),
            top5_error: metrics.top_error(5),
        }
    }
}

/// One class.
#[derive(Serialize)]
struct Row {
    class: usize,
    name: String,
    images: u64,
    right: u64,
    recall: Option<f64>,
    precision: Option<f64>,
    f1: Option<f64>,
}

/// The means over classes for which there is a value.
#[derive(Serialize)]
struct Means {
    recall: Option<f64>,
    precision: Option<f64>,
    f1: Option<f64>,
}

#[derive(Serialize)]
struct Everything<'a> {
    #[serde(flatten)]
    results: Results,
    #[serde(rename = "macro", skip_serializing_if = "Option::is_none")]
    means: Option<Means>,
    #[serde(skip_serializing_if = "<[Row]>::is_empty")]
    classes: &'a [Row],
}

pub(super) fn results(metrics: &Metrics, names: &Names, per_class: bool, format: Format) -> Result<()> {
    let results = Results::new(metrics);
    let scores = if per_class { metrics.confusion().scores() } else { Vec::new() };
    let means = Means {
        recall: macro_mean(scores.iter().map(ClassScores::recall)),
        precision: macro_mean(scores.iter().map(ClassScores::precision)),
        f1: macro_mean(scores.iter().map(ClassScores::f1)),
    };
    let rows: Vec<Row> = scores.iter().enumerate().map(|(class, scores)| row(class, names, scores)).collect();
    match format {
        Format::Human => {
            let Results { images, loss, top1_error, top5_error } = &results;
            print(format_args!(
                "images {images}\nloss {}\ntop-1 error {}\ntop-5 error {}",
                decimal(*loss),
                percent(*top1_error),
                percent(*top5_error)
            ))?;
            if per_class { print(format_args!("\n{}", classes(&rows, &means))) } else { Ok(()) }
        }
        Format::Json => json(&Everything { results, means: per_class.then_some(means), classes: &rows }),
        Format::Csv if per_class => csv(&rows),
        Format::Csv => csv(&[results]),
    }
}

fn row(class: usize, names: &Names, scores: &ClassScores) -> Row {
    Row {
        class,
        name: names.of(class),
        images: scores.support,
        right: scores.right,
        recall: scores.recall(),
        precision: scores.precision(),
        f1: scores.f1(),
    }
}

/// The table of classes for people; the last line has the means.
fn classes(rows: &[Row], means: &Means) -> String {
    let mut lines = vec![["class", "images", "right", "recall", "precision", "F1"].map(str::to_owned)];
    lines.extend(rows.iter().map(|row| {
        let number = row.class.to_string();
        let class = if row.name == number { number } else { format!("{number} {}", row.name) };
        let [images, right] = [row.images, row.right].map(|count| count.to_string());
        [class, images, right, percent(row.recall), percent(row.precision), percent(row.f1)]
    }));
    let Means { recall, precision, f1 } = *means;
    let mean = [percent(recall), percent(precision), percent(f1)];
    let [recall, precision, f1] = mean;
    lines.push(["mean".to_owned(), String::new(), String::new(), recall, precision, f1]);
    aligned(&lines, 1)
}

/// A share of 1 as percent; a dash where there is none.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.2} %", 100.0 * share))
}

pub(super) fn decimal(number: Option<f64>) -> String {
    number.map_or("-".to_owned(), |number| format!("{number:.4}"))
}

pub(super) fn json(everything: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(everything);
    print(text.map_err(|e| Error::failed(format!("the results cannot be written as JSON: {e}")))?)
}

/// A table with the names of its columns.
pub(super) fn csv<T: Serialize>(rows: &[T]) -> Result<()> {
    let failed = |e: &dyn std::fmt::Display| Error::failed(format!("the results cannot be written as CSV: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().try_for_each(|row| writer.serialize(row)).map_err(|e| failed(&e))?;
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    print(String::from_utf8_lossy(&bytes).trim_end())
}
