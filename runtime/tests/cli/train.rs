//! `train`, and what is done with a trained network.

use super::halves::halves;
use super::tiny::{assert_fails, tiny};
use googlenetc_runtime::data::Source;
use std::path::Path;

pub(crate) fn a_network_is_trained_evaluated_and_used(folder: &Path) {
    let train = tiny(folder, "train --data . --epochs 4 --batch-size 10 --lr 0.01");
    assert_eq!(train.code, Some(0), "{}", train.err);
    assert!(train.out.starts_with("test accuracy 100.00 % (30 images) after 4 epochs"), "{}", train.out);
    assert!(train.err.contains("4 epochs on "), "{}", train.err);
    assert_eq!(train.err.lines().filter(|line| line.starts_with("epoch ")).count(), 4, "{}", train.err);

    let quiet = tiny(folder, "train --data . --epochs 1 --quiet --validation 0.5");
    assert_eq!((quiet.code, quiet.err.as_str()), (Some(0), ""));
    assert!(quiet.out.starts_with("validation accuracy") && quiet.out.contains("(45 images)"), "{}", quiet.out);
    assert!(quiet.out.contains("runs/tiny-2/last.safetensors"), "{}", quiet.out);
    assert_fails(folder, "train --data . --out runs/tiny-2", 1, "`runs/tiny-2` exists already");

    let evaluate = tiny(folder, "evaluate --data . --weights runs/tiny-1/last.safetensors");
    assert_eq!(evaluate.code, Some(0), "{}", evaluate.err);
    assert!(evaluate.out.contains("images 30\n"), "{}", evaluate.out);
    assert!(evaluate.err.starts_with("device "), "{}", evaluate.err);
    let named = tiny(folder, "evaluate --data . --weights runs/tiny-1/last.safetensors --device cpu");
    assert_eq!((named.out, named.err.as_str()), (evaluate.out.clone(), ""));
    let lower = "evaluate --data . --weights runs/tiny-1/last.safetensors --device cpu --precision bfloat16";
    let lower = tiny(folder, lower);
    assert!(lower.out.contains("top-1 error 0.00 %\n"), "{}{}", lower.out, lower.err);
    assert_fails(
        folder,
        "evaluate --data . --weights none --precision float16",
        2,
        "possible values: float32, bfloat16",
    );
    assert!(evaluate.out.ends_with("top-1 error 0.00 %\ntop-5 error 0.00 %\n"), "{}", evaluate.out);

    // Image 1 of the data is of class 1.
    let pixels = halves(30).image(1).unwrap().into_pixels();
    image::GrayImage::from_raw(8, 8, pixels).unwrap().save(folder.join("one.png")).unwrap();
    let predict = tiny(folder, "predict --weights runs/tiny-1/last.safetensors --top 2 one.png");
    assert!(predict.out.starts_with("one.png: 1 ") && predict.out.matches(" %").count() == 2, "{}", predict.out);
    std::fs::write(folder.join("text.png"), "no image").unwrap();
    assert_fails(
        folder,
        "predict --weights runs/tiny-1/last.safetensors text.png",
        1,
        "cannot decode `text.png`: it is no JPEG",
    );
}

/// Where there is no terminal, there are lines, and no escape codes.
pub(crate) fn progress_is_shown_as_asked_for(folder: &Path) {
    let line = "train --data . --epochs 2 --batch-size 40 --out";
    let source = tiny(folder, &format!("{line} source --progress source"));
    assert!(!source.err.contains('\u{1b}'), "{}", source.err);
    let words = |line: &str| {
        line.split(|c: char| c.is_ascii_digit() || c == '.').filter(|word| !word.is_empty()).collect::<String>()
    };
    let lines: Vec<String> = source.err.lines().map(words).collect();
    let step = "Epoch [/], Step [/], Loss: , Acc:";
    let measured = "Epoch [/], Step [/], Val Loss: , Acc:";
    let epoch = "Epoch [/], Train Loss: , Train Acc: , Val Loss: , Val Acc: ";
    let of_epoch = [step, step, step, measured, epoch];
    assert_eq!(lines[1..], [of_epoch, of_epoch].concat(), "{}", source.err);
    assert!(source.err.contains("\nEpoch [2/2], Step [3/3], Loss: "), "{}", source.err);
    let log = std::fs::read_to_string(folder.join("source/log.txt")).unwrap();
    assert!(log.lines().next().unwrap().contains("Z Tiny: input 1x8x8, 90 training and 30 test images"), "{log}");
    assert_eq!(log.lines().count(), 3, "{log}");
    let bars = tiny(folder, &format!("{line} bars --progress auto"));
    assert!(!bars.err.contains('\u{1b}') && bars.err.contains("\nepoch 2/2  loss "), "{}", bars.err);
    let none = tiny(folder, &format!("{line} silent --progress none"));
    assert_eq!((none.code, none.err.as_str()), (Some(0), ""));
    assert_fails(folder, &format!("{line} both --progress lines --quiet"), 2, "cannot be used with");
}

pub(crate) fn a_run_begins_with_weights(folder: &Path) {
    let train = "train --data . --epochs 1 --out tuned --quiet";
    assert_fails(folder, &format!("{train} --partial"), 2, "--weights <FILE>");
    assert_fails(folder, &format!("{train} --weights none.safetensors"), 3, "none.safetensors");
    assert!(!folder.join("tuned").exists(), "a run that cannot begin leaves no folder");
    let set = "--set freeze=[conv1,main,aux1]";
    assert_fails(folder, &format!("{train} {set}"), 1, "nothing is left to learn");
    assert!(!folder.join("tuned").exists(), "a run that cannot begin leaves no folder");
    // Frozen but for what does not matter, it is as good as it was.
    let weights = "--weights runs/tiny-1/last.safetensors --set freeze=[conv1,main] --set freeze_statistics=true";
    let tuned = tiny(folder, &format!("{} {weights}", train.replace(" --quiet", "")));
    assert_eq!(tuned.code, Some(0), "{}", tuned.err);
    assert!(tuned.err.contains("in tuned, begun with runs/tiny-1/last.safetensors"), "{}", tuned.err);
    assert!(tuned.out.starts_with("test accuracy 100.00 %"), "{}", tuned.out);
}
