//! The Rust that docs/data.md and docs/weights.md show stands here word for word, is compiled, and runs. That of README.md is built
//! by `tests/tests/downstream.rs`, and that of docs/commands.md by `tests/tests/kept_code.rs`.

use crate::fences::fences;
use crate::place::{DATA, Place};
use crate::ten::Digits;
use googlenetc_runtime::data::{ImageSize, Normalisation, Options, Part, Position, Transform, open, yaml};
use googlenetc_runtime::network::Network as _;
use googlenetc_runtime::tch::{Device, nn::VarStore};
use std::io::Write;
use std::sync::Arc;

mod strictly {
    use googlenetc_runtime::error::Result;
    use googlenetc_runtime::network::Network;
    use googlenetc_runtime::tch::{Device, nn::VarStore};
    use googlenetc_runtime::weights;
    use std::path::Path;

    #[expect(clippy::print_stderr, reason = "as the page has it")]
    pub(super) fn trained<N: Network>(path: &Path) -> Result<(VarStore, N)> {
        let mut store = VarStore::new(Device::Cpu);
        let network = N::new(&store.root());
        let loaded = weights::load::<N>(&mut store, path)?;
        if let Some(warning) = loaded.warning {
            eprintln!("warning: {warning}");
        }
        Ok((store, network))
    }
}

mod renamed {
    use googlenetc_runtime::error::Result;
    use googlenetc_runtime::network::Network;
    use googlenetc_runtime::tch::nn::VarStore;
    use googlenetc_runtime::weights::{self, Keys, LoadOptions};
    use std::path::Path;

    pub(super) fn read<N: Network>(mut store: VarStore) -> Result<()> {
        let keys = Keys::read(Path::new("keys.csv"))?;
        let options = LoadOptions { keys: Some(keys), ..LoadOptions::default() };
        weights::load_with::<N>(&mut store, Path::new("theirs.pth"), &options)?;
        Ok(())
    }
}

mod resumed {
    use googlenetc_runtime::data::{OnBadImage, Plan, Position, Source, Transform, load};
    use googlenetc_runtime::error::Result;
    use std::sync::Arc;

    #[expect(clippy::needless_pass_by_value, reason = "as the page has it, which borrows both")]
    pub(super) fn images(source: Arc<dyn Source>, transform: Arc<Transform>, position: Position) -> Result<usize> {
        let plan = Plan {
            batch_size: 32,
            seed: 1,
            epoch: 3,
            shuffle: true,
            first_batch: 0,
            on_bad_image: OnBadImage::Stop,
            workers: 2,
        };
        let mut batches = load(&source, &transform, plan.resume(&position, source.labels().len())?);
        batches.try_fold(0, |images, batch| Ok(images + batch?.labels.len()))
    }
}

/// Names and shapes of the network's variables.
pub(crate) fn variables() -> Vec<(String, Vec<i64>)> {
    let store = VarStore::new(Device::Cpu);
    Digits::new(&store.root());
    store.variables().into_iter().map(|(name, value)| (name, value.size())).collect()
}

/// Runs the programs where the commands of the pages have run, with the files that they name.
pub(crate) fn check(place: &Place) {
    let (store, _) = strictly::trained::<Digits>(&place.path("runs/digits-1/last.safetensors")).unwrap();

    // Somebody else's names end with a 2.
    let mut keys = std::fs::File::create(place.path("keys.csv")).unwrap();
    writeln!(keys, "variable,key").unwrap();
    store.variables().keys().for_each(|name| writeln!(keys, "{name},{name}2").unwrap());
    let theirs: Vec<_> = store.variables().into_iter().map(|(name, value)| (name + "2", value)).collect();
    googlenetc_runtime::tch::Tensor::write_safetensors(&theirs, place.path("theirs.pth")).unwrap();
    std::env::set_current_dir(place.path("")).unwrap();
    renamed::read::<Digits>(store).unwrap();

    // All ten images are one batch.
    let source = open(&place.path(DATA), Part::Training, &Options::default()).unwrap();
    let size = ImageSize { height: 8, width: 8, channels: 1 };
    let normalisation = Normalisation::new(vec![0.3], vec![0.4]);
    let transform = Arc::new(Transform::new(size, yaml::parse("[resize]", "test").unwrap(), normalisation).unwrap());
    let begin = Position { seed: 1, epoch: 3, batch: 0, batch_size: 32, shuffle: true, images: 10 };
    let end = Position { batch: 1, ..begin };
    let images = |position| resumed::images(source.clone(), transform.clone(), position).unwrap();
    assert_eq!([images(begin), images(end)], [10, 0]);
}

/// Without what rustfmt may lay out in another way.
fn squeezed(code: &str) -> String {
    code.split_whitespace().collect::<String>().replace(",}", "}")
}

#[test]
fn rust_of_the_pages_is_compiled() {
    let here = squeezed(include_str!("programs.rs"));
    let mut count = 0;
    for fence in fences().iter().filter(|fence| fence.info == "rust") {
        if !["README.md", "docs/commands.md"].contains(&fence.page.as_str()) {
            let mut parts = fence.text.split("\n\n").map(squeezed);
            assert!(parts.all(|part| here.contains(&part)), "{}: not in programs.rs", fence.place());
            count += 1;
        }
    }
    assert!(count >= 3, "only {count} were found");
}
