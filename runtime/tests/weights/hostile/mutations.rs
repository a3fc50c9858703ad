//! Good files with some of their bytes changed.

use super::make::{archive, pickle_of};
use crate::common::Tiny;
use crate::{contents, data, store};
use googlenetc_runtime::weights;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

/// Cuts files short and turns bits over: whatever comes out is loaded, or refused without a change.
#[test]
fn whatever_happens_to_a_file_ends_in_an_answer() {
    // More with WEIGHTS_MUTATIONS=100000.
    let rounds = std::env::var("WEIGHTS_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let folder = tempfile::tempdir().unwrap();
    let files = ["tiny.pt", "tiny-legacy.pth", "tiny-views.pt", "tiny.safetensors"];
    let files = files.map(|name| std::fs::read(data(name)).unwrap());
    let pickles = ["tiny.pt", "tiny-checkpoint.pt", "tiny-protocol-4.pt"].map(pickle_of);
    let storages: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let storages: Vec<(&str, &[u8])> = storages.iter().map(|name| (name.as_str(), &[0; 1152][..])).collect();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut answers = [0, 0];
    for round in 0..rounds {
        for file in &files {
            let mut bytes = file.clone();
            if round % 4 == 0 {
                bytes.truncate(random.random_range(0..bytes.len()));
            } else {
                mutate(&mut bytes, &mut random);
            }
            answers[usize::from(is_loaded(&folder, &bytes, round))] += 1;
        }
        // The archive's checksums would end most of these sooner.
        for pickle in &pickles {
            let mut pickle = pickle.clone();
            mutate(&mut pickle, &mut random);
            answers[usize::from(is_loaded(&folder, &archive(&pickle, &storages), round))] += 1;
        }
    }
    assert!(answers.iter().all(|count| *count > 0), "{answers:?}");
}

fn mutate(bytes: &mut [u8], random: &mut rand_chacha::ChaCha8Rng) {
    for _ in 0..random.random_range(1..4) {
        let place = random.random_range(0..bytes.len());
        if random.random() {
            bytes[place] ^= 1 << random.random_range(0..8);
        } else {
            bytes[place] = random.random();
        }
    }
}

fn is_loaded(folder: &TempDir, bytes: &[u8], round: usize) -> bool {
    let path = folder.path().join("mutated");
    std::fs::write(&path, bytes).unwrap();
    let (mut store, _network) = store::<Tiny>(1);
    let before = contents(&store);
    let loaded = weights::load::<Tiny>(&mut store, &path).is_ok();
    assert!(loaded || contents(&store) == before, "round {round}");
    loaded
}
