//! The pictures and the page of a run, made of the files in its folder.

mod page;
mod table;
#[cfg(test)]
mod tests;

use super::about::{About, SPEC};
use super::curves;
use super::history::History;
use super::record::CONFUSION;
use crate::chart::{png, svg};
use crate::confusion_table;
use crate::data::sheet;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::grouped::grouped;
use crate::metrics::{self, MOST_CLASSES};
pub(super) use page::Page;
use std::collections::BTreeMap;
use std::path::Path;
pub(super) use table::Table;

/// Writes `curves.svg`, `curves.png`, `confusion.png` and `report.html` into the folder of a run, from the other files there.
///
/// # Errors
/// When files cannot be read or written.
pub fn write(folder: &Path) -> Result<()> {
    let (history, about) = (History::read(folder)?, About::read(folder)?);
    let chart = curves::of_run(&history);
    let name = name_of(folder);
    let curves = svg(&chart, &format!("Learning curves of {name}"));
    let confusion = confusion(folder)?;
    let page = page(folder, &about, &history, &curves, confusion.as_deref());
    let mut files = vec![("curves.svg", curves.into_bytes()), ("curves.png", png(&chart)?)];
    files.extend(confusion.map(|picture| ("confusion.png", picture)));
    files.push(("report.html", page.into_bytes()));
    for (name, bytes) in files {
        let path = folder.join(name);
        write_whole(&path, &bytes).map_err(|e| Error::io("write", &path, &e))?;
    }
    Ok(())
}

/// The picture of the table of confusions as a PNG; none where there is no table yet, or one of too many classes for a picture.
fn confusion(folder: &Path) -> Result<Option<Vec<u8>>> {
    let path = folder.join(CONFUSION);
    if !path.exists() {
        return Ok(None);
    }
    let (confusion, names) = confusion_table::read(&path)?;
    if confusion.classes() > MOST_CLASSES {
        return Ok(None);
    }
    let name = |class: usize| names.get(class).cloned().unwrap_or_default();
    sheet::png(&metrics::picture(&confusion, &name)?).map(Some)
}

/// The last part of a folder's path.
pub(super) fn name_of(folder: &Path) -> String {
    let whole = std::path::absolute(folder);
    let name = whole.ok().and_then(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| folder.display().to_string())
}

fn page(folder: &Path, about: &About, history: &History, curves: &str, confusion: Option<&[u8]>) -> String {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let mut page = Page::new(&format!("{}: {}", name_of(folder), about.network));
    page.table("Result", &result(history));
    page.picture("Learning curves", curves);
    if let Some(picture) = confusion {
        page.png(&format!("Confusion of classes, {} images after the last epoch", about.held_out_name), picture);
    }
    page.table("Run", &run(about, history));
    page.text("Recipe", &text("recipe.yaml"));
    page.folded_table("Network", &network(about));
    for (name, text) in spec(folder) {
        page.folded_text(&format!("Spec: {name}"), &text);
    }
    page.folded_table("Epochs", &epochs(history));
    page.folded_text("Log", &text("log.txt"));
    page.finish()
}

/// The texts that the network was generated from, by the names of their files.
fn spec(folder: &Path) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder.join(SPEC)).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| {
        Some((file.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(file.path()).ok()?))
    });
    texts.collect()
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn result(history: &History) -> Table {
    let held_out = &history.held_out_name;
    let mut table =
        Table::new(["", "epoch", &format!("{held_out} accuracy"), "top-5 error", &format!("{held_out} loss")]);
    for (what, line) in [("last epoch", history.epochs.last()), ("best epoch, chosen by these images", history.best())]
    {
        if let Some(line) = line {
            table.row([
                what.to_owned(),
                line.epoch.to_string(),
                percent(line.held_out_accuracy),
                percent(line.held_out_top5_error),
                format!("{:.4}", line.held_out_loss),
            ]);
        }
    }
    table
}

fn run(about: &About, history: &History) -> Table {
    let [channels, height, width] = about.input;
    let mut table = Table::new(["", ""]);
    let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
    row("network", format!("{}, {} parameters in training", about.network, grouped(about.parameters())));
    row("input", format!("{channels} x {height} x {width}"));
    row("classes", about.classes.to_string());
    row("training images", grouped(about.training_images));
    row(&format!("{} images", about.held_out_name), grouped(about.held_out_images));
    row("device", about.device.clone());
    row("begun", about.started.clone());
    if let Some(pretrained) = &about.pretrained {
        row("begun with", pretrained.display().to_string());
    }
    row("epochs done", history.epochs.len().to_string());
    row("training time", format!("{:.0} s", history.seconds()));
    row("spec", about.spec_hash.clone());
    row("written by", about.program.clone());
    table
}

fn network(about: &About) -> Table {
    let mut table = Table::new(["part", "parameters"]);
    for stage in &about.stages {
        table.row([stage.name.clone(), grouped(stage.parameters)]);
    }
    for head in &about.heads {
        let phase = if head.training_only { ", in training only" } else { "" };
        table.row([format!("head {}{phase}", head.name), format!("weight of its loss {}", head.weight)]);
    }
    table
}

fn epochs(history: &History) -> Table {
    let held_out = &history.held_out_name;
    let names = ["epoch", "learning rate", "train loss", "train accuracy"].map(str::to_owned);
    let names =
        names.into_iter().chain([format!("{held_out} loss"), format!("{held_out} accuracy"), "seconds".to_owned()]);
    let mut table = Table::new(names);
    for line in &history.epochs {
        table.row([
            line.epoch.to_string(),
            format!("{:.3e}", line.learning_rate),
            format!("{:.4}", line.loss),
            percent(line.accuracy),
            format!("{:.4}", line.held_out_loss),
            percent(line.held_out_accuracy),
            format!("{:.1}", line.seconds),
        ]);
    }
    table
}
