//! A network as TorchScript, which libtorch and PyTorch run without any code of ours.

use crate::error::{Error, Result};
use crate::files::folder_of;
use crate::network::{Heads, Mode, Network, Probe};
use crate::refusal::attempt;
use std::path::Path;
use tch::nn::VarStore;
use tch::{CModule, Device, Kind, Tensor};

/// Two runs count as the same if no logit differs by more than this, relative to the largest.
const TOLERANCE: f64 = 1e-5;

/// So many times the traced module is run: libtorch makes it faster after it has looked on once.
const RUNS: usize = 3;

/// Writes `network`, whose variables are in `store` on the CPU, to `path`: the graph of inference, from one tensor
/// `[n, channels, height, width]` to the logits of the head that predicts, with the variables as constants.
///
/// The network is traced on one image of the declared size. Before the file is kept it is loaded back, and must give the
/// logits that the network gives for another image.
///
/// The variables are frozen by this, so the network cannot be trained any more.
///
/// # Errors
/// When libtorch cannot trace the network, the logits are others, or the file cannot be written.
pub fn save<N: Network>(network: &N, store: &mut VarStore, path: &Path) -> Result<()> {
    // Constants cannot ask for gradients.
    store.freeze();
    let _guard = tch::no_grad_guard();
    let [channels, height, width] = N::INPUT;
    let kind = store.variables().values().next().map_or(Kind::Float, Tensor::kind);
    let image = || Tensor::rand([1, channels, height, width], (Kind::Float, Device::Cpu)).to_kind(kind);
    let predict = |x: &Tensor| {
        let output = network.forward(x, Mode::INFERENCE, &Probe::silent());
        output.logits().first().copied().flatten().map(Tensor::shallow_clone)
    };
    let other = image();
    // Also sees that nothing is refused: libtorch would go on tracing afterwards.
    let Some(expected) = attempt(|| predict(&other))? else {
        return Err(Error::failed(format!("`{}` has no head that predicts", N::NAME)));
    };
    let failed = |e: tch::TchError| Error::failed(format!("`{}` cannot be traced: {}", N::NAME, first_line(&e)));
    let module = trace::<N>(&image(), predict).map_err(failed)?;
    // Within a folder, because libtorch writes the file's name into it.
    let cannot = |e: std::io::Error| Error::io("write", path, &e);
    let folder = tempfile::tempdir_in(folder_of(path)).map_err(cannot)?;
    let Some(name) = path.file_name() else {
        return Err(Error::failed(format!("`{}` is no name of a file", path.display())));
    };
    let file = folder.path().join(name);
    module.save(&file).map_err(|e| Error::failed(format!("`{}`: libtorch: {}", path.display(), first_line(&e))))?;
    let loaded = CModule::load(&file).map_err(failed)?;
    for _ in 0..RUNS {
        let logits = loaded.forward_ts(&[&other]).map_err(failed)?;
        compare(&logits, &expected).map_err(|why| Error::failed(format!("`{}` cannot be traced: {why}", N::NAME)))?;
    }
    std::fs::File::open(&file).and_then(|file| file.sync_all()).map_err(cannot)?;
    std::fs::rename(&file, path).map_err(cannot)
}

fn trace<N: Network>(
    x: &Tensor,
    predict: impl Fn(&Tensor) -> Option<Tensor>,
) -> std::result::Result<CModule, tch::TchError> {
    let mut closure = |inputs: &[Tensor]| inputs.iter().filter_map(&predict).collect();
    let inputs = [x.shallow_clone()];
    CModule::create_by_tracing(&class_name(N::NAME), "forward", &inputs, &mut closure)
}

/// The network's name as the name of a class in Python, which TorchScript needs.
fn class_name(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("Network{name}") }
}

fn compare(logits: &Tensor, expected: &Tensor) -> std::result::Result<(), String> {
    if logits.size() != expected.size() {
        return Err(format!("the traced module gives {:?}, the network {:?}", logits.size(), expected.size()));
    }
    let [logits, expected] = [logits, expected].map(|tensor| tensor.to_kind(Kind::Double));
    let largest = |tensor: &Tensor| tensor.abs().max().double_value(&[]);
    let (scale, difference) = (largest(&expected), largest(&(logits - &expected)));
    if !scale.is_finite() {
        return Err("its logits are not finite, so the traced module cannot be compared with it".to_owned());
    }
    // Not a number is no small difference.
    if difference <= TOLERANCE * scale.max(1.0) {
        return Ok(());
    }
    Err(format!("a logit of the traced module differs by {difference:e} from the network's"))
}

/// What is below it is libtorch's own stack.
fn first_line(e: &tch::TchError) -> String {
    e.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{class_name, compare};
    use tch::Tensor;

    #[test]
    fn names_become_names_of_classes() {
        let names = ["GoogLeNet", "Inception-v3", "3a"].map(class_name);
        assert_eq!(names, ["GoogLeNet", "Inception_v3", "Network3a"]);
    }

    #[test]
    fn other_logits_are_noticed() {
        let logits = |values: [f32; 2]| Tensor::from_slice(&values).view([1, 2]);
        assert_eq!(compare(&logits([1.0, 2.0]), &logits([1.0, 2.0])), Ok(()));
        for values in [[1.0, 2.001], [f32::NAN, 2.0]] {
            assert!(compare(&logits(values), &logits([1.0, 2.0])).is_err(), "{values:?}");
        }
        assert!(compare(&logits([1.0, 2.0]), &logits([f32::NAN, 2.0])).is_err());
        assert!(compare(&logits([1.0, 2.0]).view(-1), &logits([1.0, 2.0])).is_err());
    }
}
