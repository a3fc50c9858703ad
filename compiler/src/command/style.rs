//! `googlenetc report --style`.

use std::path::Path;

use clap::ValueEnum;
use googlenetc::CheckedNetwork;
use googlenetc::network::Phase;
use googlenetc::report::Depth;
use googlenetc::style::{self, Options, Presentation};

use super::{data, print, words};

/// How deep torchinfo shows modules unless told otherwise.
const TORCHINFO_DEPTH: usize = 3;

/// Options of reports in other people's styles.
#[derive(clap::Args)]
pub(crate) struct InStyle {
    /// Print what a Python tool would print about the same network, to lay beside the original
    #[arg(long, value_enum, conflicts_with_all = ["explain", "format", "dtype", "width", "sizes", "layout", "against"])]
    style: Option<Style>,
    /// For --style: the data file that names the Python classes [default: NAME.present.yaml next to NAME.yaml, or the
    /// embedded one of an embedded network, or plain PyTorch modules]
    #[arg(long, value_name = "FILE", requires = "style", value_parser = words::embedded(googlenetc_specs::PRESENTATIONS), hide_possible_values = true)]
    presentation: Option<String>,
    /// For --style: which parts run [default: training for torchsummary and repr, inference for torchinfo]
    #[arg(long, value_enum, requires = "style")]
    phase: Option<Running>,
    /// For --style torchinfo: show inputs, kernels and multiply-adds too
    #[arg(long, requires = "style")]
    all_columns: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Style {
    /// The table of torchsummary
    Torchsummary,
    /// The tree of torchinfo, down to --depth, or 3 unless said
    Torchinfo,
    /// What print(model) shows
    Repr,
}

#[derive(Clone, Copy, ValueEnum)]
enum Running {
    Training,
    Inference,
}

impl InStyle {
    /// Prints the report in somebody else's style, if one is asked for.
    pub(crate) fn print(&self, spec: &str, network: &CheckedNetwork, depth: Option<Depth>, batch: u64) -> Option<u8> {
        let style = self.style?;
        let presentation = match self.presentation(spec) {
            Err(code) => return Some(code),
            Ok(presentation) => presentation,
        };
        let phase = match (self.phase, style) {
            (Some(Running::Training), _) | (None, Style::Torchsummary | Style::Repr) => Phase::Training,
            (Some(Running::Inference), _) | (None, Style::Torchinfo) => Phase::Always,
        };
        let depth = match depth {
            None | Some(Depth::Table) => TORCHINFO_DEPTH,
            Some(Depth::Levels(levels)) => levels,
            Some(Depth::All) => usize::MAX,
        };
        let options = Options { phase, batch, depth, all_columns: self.all_columns };
        Some(print(&match style {
            Style::Torchsummary => style::torchsummary(network, &presentation, options),
            Style::Torchinfo => style::torchinfo(network, &presentation, options),
            Style::Repr => style::repr(network, &presentation),
        }))
    }

    /// The presentation of a spec: the one that is named, the one beside it, the embedded one, or none.
    fn presentation(&self, spec: &str) -> Result<Presentation, u8> {
        let beside = Path::new(spec).with_extension("present.yaml");
        let name = match &self.presentation {
            Some(name) => name.clone(),
            None if beside.is_file() => beside.to_string_lossy().into_owned(),
            None if googlenetc_specs::presentation(spec).is_some() && !Path::new(spec).is_file() => spec.to_owned(),
            None => return Ok(Presentation::default()),
        };
        data(&name, googlenetc_specs::PRESENTATIONS, style::read)
    }
}
