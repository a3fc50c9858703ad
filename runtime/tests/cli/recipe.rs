//! `train --recipe`.

use super::tiny::{assert_fails, tiny};
use std::path::Path;

pub(crate) fn a_recipe_says_how_to_train(folder: &Path) {
    let recipe = "epochs: 1\nbatch_size: 9\noptimizer: sgd\nlearning_rate: 0.02\nimages:\n  training:\n    - resize: 10\n    \
                  - random-crop\n    - shift: 0.1\n  testing: [{resize: 9}, centre-crop]\nnormalise: {mean: [0.25], std: [0.5]}\n";
    std::fs::write(folder.join("recipe.yaml"), recipe).unwrap();
    let train = tiny(folder, "train --data . --quiet --recipe recipe.yaml --batch-size 10 --out runs/recipe");
    assert_eq!((train.code, train.err.as_str()), (Some(0), ""));
    assert!(train.out.contains("after 1 epoch,"), "{}", train.out);
    let written = std::fs::read_to_string(folder.join("runs/recipe/recipe.yaml")).unwrap();
    for line in
        ["epochs: 1", "batch_size: 10", "momentum: 0.9", "learning_rate: 0.02", "size: 10", "share: 0.1", "mean:"]
    {
        assert!(written.contains(line), "`{line}` is not in:\n{written}");
    }
    // What was written does the same again.
    let again = tiny(folder, "train --data . --quiet --recipe runs/recipe/recipe.yaml --out runs/again");
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
    let weights = |run: &str| std::fs::read(folder.join(run).join("last.safetensors")).unwrap();
    assert!(weights("runs/recipe") == weights("runs/again"), "the same recipe gives the same weights");
    assert_eq!(written, std::fs::read_to_string(folder.join("runs/again/recipe.yaml")).unwrap());
    // So does what is printed, which has what options say.
    let train = "train --recipe recipe.yaml --batch-size 10 --set normalise.std=[0.25] --set seed=7 --print-recipe";
    let printed = tiny(folder, train);
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
    std::fs::write(folder.join("printed.yaml"), &printed.out).unwrap();
    assert_eq!(tiny(folder, "train --recipe printed.yaml --print-recipe").out, printed.out);
    let expected = written.replace("- 0.5", "- 0.25").replace("seed: 1", "seed: 7");
    assert_eq!(printed.out, expected);
    assert_fails(
        folder,
        "train --print-recipe --set batchsize=3",
        1,
        "error: `--set batchsize=3`: unknown field `batchsize`",
    );
    // Words of other tools, and names in capitals.
    let meant = [
        ("lr=0.1", "learning_rate"),
        ("optimizer=SGD", "sgd"),
        ("lr_scheduler=cosine", "schedule"),
        ("normalize.std=[0.2]", "normalise"),
    ];
    for (setting, here) in meant {
        let expected = format!("did you mean `{here}`?");
        assert_fails(folder, &format!("train --print-recipe --set {setting}"), 1, &expected);
    }
    for share in ["0", "1.5"] {
        assert_fails(folder, &format!("train --print-recipe --validation {share}"), 2, "above 0 and below 1");
    }
    assert_fails(
        folder,
        "train --print-recipe --momentum 0.5",
        1,
        "`--momentum` is for `sgd` and `rmsprop`, and the optimizer is `adam`",
    );
    // An epoch has nine steps, and then there are two more.
    let steps = tiny(folder, "train --data . --quiet --recipe recipe.yaml --steps 11 --batch-size 10 --out runs/steps");
    assert_eq!((steps.code, steps.err.as_str()), (Some(0), ""));
    assert!(steps.out.contains("after 2 epochs,"), "{}", steps.out);
    let written = std::fs::read_to_string(folder.join("runs/steps/recipe.yaml")).unwrap();
    assert!(written.starts_with("steps: 11\nbatch_size: 10\n"), "{written}");
    // The weights know the steps of testing.
    let kept = String::from_utf8_lossy(&weights("runs/recipe")[..2000]).into_owned();
    assert!(kept.contains(r#"\"steps\":[{\"resize\":{\"size\":9,"#) && kept.contains("centre-crop"), "{kept}");
    let evaluate = tiny(folder, "evaluate --data . --weights runs/recipe/last.safetensors");
    assert_eq!(evaluate.code, Some(0), "{}", evaluate.err);
}

pub(crate) fn a_wrong_recipe_is_refused(folder: &Path) {
    std::fs::write(folder.join("wrong.yaml"), "epochs: 3\nlearningrate: 0.1\n").unwrap();
    assert_fails(
        folder,
        "train --data . --recipe wrong.yaml",
        1,
        "`wrong.yaml`, line 2, column 1: unknown field `learningrate`",
    );
    assert_fails(folder, "train --data . --recipe wrong.yaml", 1, "did you mean `learning_rate`?");
    std::fs::write(folder.join("wrong.yaml"), "batch_size: 0\n").unwrap();
    assert_fails(folder, "train --data . --recipe wrong.yaml", 1, "line 1, column 13: must be at least 1");
    std::fs::write(folder.join("wrong.yaml"), "images: {training: [{resize: 9}]}\n").unwrap();
    let expected =
        "error: training images: the steps end with a size that depends on the image, and the network takes 8x8";
    assert_fails(folder, "train --data . --recipe wrong.yaml --out runs/wrong", 1, expected);
    assert!(!folder.join("runs/wrong").exists(), "a run that cannot start leaves no folder");
    assert_fails(
        folder,
        "train --data . --recipe papier",
        1,
        "the names of recipes are caffe, caffe-quick, digits, fashion-mnist, paper, ",
    );
    assert_fails(
        folder,
        "train --data . --recipe torchvision",
        1,
        "the normalisation is for 3 channels, and the network takes 1",
    );
}
