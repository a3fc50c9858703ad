//! Going through many images.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![cfg(target_os = "linux")]

mod common;

use common::Tiny;
use googlenetc_runtime::data::decode::Reading;
use googlenetc_runtime::data::{BadImages, Normalisation, OnBadImage, Preparation, Source, Unlabelled, yaml};
use googlenetc_runtime::evaluate::Pace;
use googlenetc_runtime::network::Network;
use googlenetc_runtime::pass::Pass;
use googlenetc_runtime::predict::predict;
use googlenetc_runtime::tch::Device;
use googlenetc_runtime::tch::nn::VarStore;
use std::sync::Arc;

/// The memory of this process, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

/// `GOOGLENETC_TEST_IMAGES=10000` asks for more images than a usual run of the tests has time for.
#[test]
fn memory_does_not_grow_with_the_images() {
    let count = std::env::var("GOOGLENETC_TEST_IMAGES").map_or(200, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (path, broken) = (folder.path().join("large.bmp"), folder.path().join("broken.png"));
    image::GrayImage::new(512, 512).save(&path).unwrap();
    std::fs::write(&broken, "no image").unwrap();
    let mut images = Unlabelled::new(Reading::default());
    for i in 0..count {
        images.add(if i == count / 2 { &broken } else { &path }).unwrap();
    }
    let source: Arc<dyn Source> = Arc::new(images);
    // Reading is what takes memory; resizing would take the time.
    let steps = yaml::parse("[centre-crop]", "test").unwrap();
    let preparation = Preparation { steps, normalisation: Normalisation::new(vec![0.5], vec![0.5]) };
    let size = googlenetc_runtime::data::ImageSize { height: 8, width: 8, channels: 1 };
    let transform = Arc::new(preparation.transform(size).unwrap());
    let store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    let pass = Pass { source, transform, pace: Pace { batch_size: 8, workers: 2 } };
    let mut bad_images = BadImages::new(OnBadImage::Skip);
    let (mut seen, mut early) = (Vec::new(), None);
    predict(&network, Device::Cpu, &pass, 1, &mut bad_images, &mut |predictions| {
        seen.extend(predictions.iter().map(|prediction| prediction.image));
        if seen.len() >= 40 {
            early.get_or_insert_with(resident);
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, (0..count).filter(|&i| i != count / 2).collect::<Vec<usize>>());
    assert_eq!(bad_images.len(), 1);
    let growth = resident().saturating_sub(early.unwrap());
    // The images alone are 262 kB each.
    let all = 262_144 * (count as u64 - 40);
    assert!(growth < all / 4 && growth < 20_000_000, "{growth} bytes more after {count} images");
}
