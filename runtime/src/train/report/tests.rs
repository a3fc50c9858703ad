//! The page and the comparison, made of a folder as a run leaves it.

use super::write;
use crate::train::Comparison;
use crate::train::about::{About, AboutHead, Stage};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::path::Path;

const TABLE: &str = "\
epoch,step,learning_rate,train_loss,train_loss_main,train_loss_aux1,train_accuracy,test_loss,test_accuracy,test_top5_error,seconds
1,40,1e-3,1.5,1.25,0.8,0.5,1.0,0.75,0.05,3.5
2,80,5e-4,0.75,0.6,0.5,0.875,0.5,0.9375,0.01,3.25
3,120,0,0.7,0.55,0.5,0.9,0.625,0.925,0.015,3.25
";

/// The folder of a run.
fn folder(path: &Path, recipe: &str) {
    std::fs::create_dir_all(path).unwrap();
    let head = |name: &str, weight, training_only| AboutHead { name: name.to_owned(), weight, training_only };
    About {
        program: "googlenetc-runtime 0.0.0".to_owned(),
        network: "Tiny <1>".to_owned(),
        spec_hash: "0123abcd".to_owned(),
        input: [1, 8, 8],
        classes: 3,
        heads: vec![head("main", 1.0, false), head("aux1", 0.3, true)],
        stages: vec![Stage { name: "conv1".to_owned(), parameters: 1234 }],
        training_images: 1280,
        held_out_images: 160,
        held_out_name: "test".to_owned(),
        pretrained: None,
        device: "cpu".to_owned(),
        started: "2026-01-02T03:04:05Z".to_owned(),
    }
    .write(path)
    .unwrap();
    std::fs::write(path.join("metrics.csv"), TABLE).unwrap();
    std::fs::write(path.join("confusion.csv"), "class,cat,dog,pig\ncat,40,10,0\ndog,5,45,0\npig,0,0,60\n").unwrap();
    std::fs::create_dir(path.join("spec")).unwrap();
    std::fs::write(path.join("spec/tiny.yaml"), "network: Tiny # <1>\n").unwrap();
    std::fs::write(path.join("recipe.yaml"), recipe).unwrap();
    std::fs::write(path.join("log.txt"), "2026-01-02T03:04:05Z epoch 1/3 & so on\n").unwrap();
    let steps = (1..=120).map(|step| {
        let loss = 2.0 / f64::from(step);
        format!(
            r#"{{"step":{step},"epoch":1,"learning_rate":0.001,"images":32,"loss":{loss},"losses":{{"main":{loss},"aux1":0}},"accuracy":0.5,"time":0}}"#
        ) + "\n"
    });
    std::fs::write(path.join("steps.jsonl"), steps.collect::<String>()).unwrap();
}

/// What a browser would fetch is named by these.
#[track_caller]
fn assert_complete(page: &str) {
    let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "").replace("src=\"data:image/png;base64,", "");
    for word in
        ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link", "<iframe", "<object", "<embed"]
    {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'") && page.contains("prefers-color-scheme: dark"));
}

#[test]
fn the_page_has_all_within_it() {
    let run = tempfile::tempdir().unwrap();
    folder(run.path(), "optimizer: adam # <quick>\n");
    write(run.path()).unwrap();
    let page = std::fs::read_to_string(run.path().join("report.html")).unwrap();
    assert_complete(&page);
    let expected = [
        "Tiny &lt;1&gt;",
        "optimizer: adam # &lt;quick&gt;",
        "epoch 1/3 &amp; so on",
        "<summary>Spec: tiny.yaml</summary>\n<pre>network: Tiny # &lt;1&gt;\n</pre>",
        "<tr><td>last epoch</td><td>3</td><td>92.50 %</td><td>1.50 %</td><td>0.6250</td></tr>",
        "<td>2</td><td>93.75 %</td>",
        "<td>10 s</td>",
        "<td>conv1</td><td>1,234</td>",
        "train aux1 0.5000",
        "test 92.50 %",
    ];
    for text in expected {
        assert!(page.contains(text), "{text}");
    }
    assert!(["curves.svg", "curves.png"].iter().all(|name| run.path().join(name).exists()));
    let (_, picture) = page.split_once("src=\"data:image/png;base64,").unwrap();
    let picture = BASE64_STANDARD.decode(picture.split_once('"').unwrap().0).unwrap();
    assert_eq!(picture, std::fs::read(run.path().join("confusion.png")).unwrap());
    let picture = image::load_from_memory(&picture).unwrap().into_rgb8();
    // Cells of 47 pixels beside each other, with a count in each: all pigs are right, which is the whole blue, and some cats are dogs.
    let pixels = |is: fn([u8; 3]) -> bool| picture.pixels().filter(|pixel| is(pixel.0)).count();
    let blue = pixels(|colour| colour == [9, 105, 218]);
    assert!((1500..47 * 47).contains(&blue), "{blue}");
    let reddish = pixels(|[red, _, blue]| (200..250).contains(&red) && blue < 200);
    assert!((3000..2 * 47 * 47).contains(&reddish), "{reddish}");
}

/// Before the first epoch is done there is little to show.
#[test]
fn a_run_that_has_just_begun_has_a_page_too() {
    let run = tempfile::tempdir().unwrap();
    folder(run.path(), "optimizer: adam\n");
    for name in ["metrics.csv", "confusion.csv"] {
        std::fs::remove_file(run.path().join(name)).unwrap();
    }
    write(run.path()).unwrap();
    assert!(std::fs::read_to_string(run.path().join("curves.svg")).unwrap().contains(">steps<"));
    assert!(!run.path().join("confusion.png").exists());
}

#[test]
fn runs_are_laid_side_by_side() {
    let parent = tempfile::tempdir().unwrap();
    let folders = ["one", "two"].map(|name| parent.path().join(name));
    folder(&folders[0], "optimizer: adam\nepochs: 3\nimages: {training: [resize], testing: [resize]}\n");
    folder(
        &folders[1],
        "optimizer: {sgd: {momentum: 0.9}}\nepochs: 3\nimages: {training: [resize, {shift: 0.1}], testing: [resize]}\n",
    );
    let comparison = Comparison::read(&folders).unwrap();
    let text = comparison.text();
    let (settings, results) = text.split_once("\n\n").unwrap();
    assert_eq!(
        settings,
        "                        one         two\n\
         images.training         [\"resize\"]  [\"resize\",{\"shift\":0.1}]\n\
         optimizer               adam        -\n\
         optimizer.sgd.momentum  -           0.9"
    );
    assert!(results.contains("accuracy, best epoch       93.75 %  93.75 %"), "{results}");
    let page = comparison.page();
    assert_complete(&page);
    assert!(page.contains(">one</text>") && page.contains(">two</text>"));
    let error = Comparison::read(&[folders[0].clone(), parent.path().to_owned()]).unwrap_err();
    assert!(error.to_string().contains("run.json"), "{error}");
}
