//! What may stand behind an option.

use crate::data::transform::Probability;
use clap::ValueEnum;
use std::path::PathBuf;
use tch::Kind;

/// A type of floating-point numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Dtype {
    F32,
    F64,
    F16,
    Bf16,
}

impl Dtype {
    pub(in crate::cli) fn kind(self) -> Kind {
        match self {
            Self::F32 => Kind::Float,
            Self::F64 => Kind::Double,
            Self::F16 => Kind::Half,
            Self::Bf16 => Kind::BFloat16,
        }
    }
}

/// A file to write, and what its name says that it is.
#[derive(Clone, Debug)]
pub(in crate::cli) enum ExportFile {
    Weights(PathBuf),
    TorchScript(PathBuf),
}

pub(in crate::cli) fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(e) => Err(format!("must be a whole number: {e}")),
    }
}

pub(super) fn export_file(text: &str) -> Result<ExportFile, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("safetensors") => Ok(ExportFile::Weights(path)),
        Some("pt") => Ok(ExportFile::TorchScript(path)),
        _ => Err("must end in .safetensors for weights, or in .pt for TorchScript".to_owned()),
    }
}

pub(in crate::cli) fn input_size(text: &str) -> Result<[i64; 3], String> {
    let numbers: Option<Vec<i64>> = text.split('x').map(|number| number.parse().ok().filter(|&n| n > 0)).collect();
    let size = numbers.and_then(|numbers| <[i64; 3]>::try_from(numbers).ok());
    size.ok_or_else(|| "must be channels, height and width, as in 3x224x224".to_owned())
}

fn number(text: &str, allowed: impl Fn(f64) -> bool, what: &str) -> Result<f64, String> {
    text.parse().ok().filter(|&number| allowed(number)).ok_or_else(|| format!("must be {what}"))
}

pub(super) fn learning_rate(text: &str) -> Result<f64, String> {
    number(text, |n| n > 0.0 && n <= 1000.0, "a number above 0 and at most 1000")
}

pub(super) fn weight_decay(text: &str) -> Result<f64, String> {
    number(text, |n| (0.0..=1000.0).contains(&n), "a number from 0 to 1000")
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    number(text, |n| (0.0..1.0).contains(&n), "a number from 0 and below 1")
}

pub(super) fn held_out_share(text: &str) -> Result<f64, String> {
    number(text, |n| n > 0.0 && n < 1.0, "a number above 0 and below 1")
}

pub(super) fn moved_share(text: &str) -> Result<Probability, String> {
    share(text).and_then(Probability::try_from)
}
