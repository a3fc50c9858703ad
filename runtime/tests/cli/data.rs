//! `data`: lists, numbers and pictures of data sets.

use super::halves::halves;
use super::program::{self, Outcome};
use super::tiny::{assert_fails, command, tiny};
use std::path::Path;

pub(crate) fn data_sets_are_listed_and_looked_for(folder: &Path) {
    let list = tiny(folder, "data fetch --list");
    assert_eq!((list.code, list.err.as_str()), (Some(0), ""));
    assert!(list.out.contains("cifar10        171 MB  ") && list.out.contains("CC BY-SA 3.0"), "{}", list.out);
    assert_fails(folder, "data", 2, "Usage:");
    assert_fails(folder, "data fetch", 2, "<NAME> <DIR>");
    assert_fails(folder, "data fetch cifar there", 2, "a similar value exists: 'cifar10'");
    assert_fails(folder, "data fetch mnist there --mirror /mnt/data", 2, "must begin with http:// or https://");

    // Neither the mirror nor the proxy is there, so that nothing outside of this machine is reached.
    let line = "data fetch mnist there --mirror http://127.0.0.1:1/a";
    let mut command = command("plain", folder, line);
    command.env("NO_PROXY", "127.0.0.1").env("ALL_PROXY", "http://127.0.0.1:1");
    let Outcome { code, err, .. } = program::run(command.env("GOOGLENETC_MIRRORS", "http://127.0.0.1:1/b"), b"");
    assert_eq!(code, Some(1), "{err}");
    let (_, error) = err.split_once("error: cannot download `train-images-idx3-ubyte.gz`:\n").unwrap();
    assert!(error.ends_with("which the environment names: 127.0.0.1:1\n"), "{error}");
    let sources: Vec<&str> = error.lines().filter_map(|line| line.trim().split(": ").next()).collect();
    let name = "train-images-idx3-ubyte.gz";
    assert_eq!(sources[..2], [format!("http://127.0.0.1:1/a/{name}"), format!("http://127.0.0.1:1/b/{name}")]);
    assert!(sources.len() == 5 && sources[2].starts_with("https://") && sources[3].starts_with("https://"), "{err}");
    assert!(!folder.join("there").exists());
}

pub(crate) fn a_data_set_is_measured_and_shown(folder: &Path) {
    let stats = tiny(folder, "data stats . --raw");
    assert_eq!((stats.code, stats.err.as_str()), (Some(0), ""));
    // Mean and deviation of the training images' bytes, divided by 255.
    let pixels: Vec<f64> = halves(90).pixels().iter().map(|&byte| f64::from(byte) / 255.0).collect();
    let count = f64::from(u32::try_from(pixels.len()).unwrap());
    let mean = pixels.iter().sum::<f64>() / count;
    let std = (pixels.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    assert!(stats.out.starts_with(&format!("images 90, pixels 5760\nmean {mean:.6}\nstd {std:.6}\n")), "{}", stats.out);
    assert!(stats.out.ends_with(&format!("normalise: {{mean: [{mean:.6}], std: [{std:.6}]}}\n")), "{}", stats.out);
    // They are as large as the input, so that resizing changes nothing.
    assert_eq!(tiny(folder, "data stats .").out, stats.out);
    let json: serde_json::Value = serde_json::from_str(&tiny(folder, "data stats . --json").out).unwrap();
    assert!((json["mean"][0].as_f64().unwrap() - mean).abs() < 1e-12, "{json}");

    let show = tiny(folder, "data show . --out sheet.png --count 3 --epochs 2 --recipe recipe.yaml");
    assert_eq!((show.code, show.out.as_str(), show.err.as_str()), (Some(0), "sheet sheet.png\n", ""));
    let sheet = image::open(folder.join("sheet.png")).unwrap().into_rgb8();
    // Four pictures of 112 pixels with 8 around each; below each line of text of 20 pixels, as many.
    assert_eq!(sheet.dimensions(), (8 + 4 * 120, 8 + 20 + 8 + 3 * (20 + 112 + 16)));
    assert_fails(folder, "data show . --out none/sheet.png", 3, "cannot write `none/sheet.png`");
    assert_fails(folder, "data show . --out sheet.png --count 1000000 --epochs 1000000", 1, "too large");
}
