//! Metrics against those of scikit-learn, and the pictures that are drawn of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::{Dataset, ImageSize};
use googlenetc_runtime::metrics::{ClassScores, Confusion, Judgement, Metrics, Worst, macro_mean, picture, sheet};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Case {
    name: String,
    weights: Vec<Vec<u32>>,
    labels: Vec<usize>,
    top: BTreeMap<String, f64>,
    loss: f64,
    confusion: Vec<Vec<u64>>,
    precision: Vec<Option<f64>>,
    recall: Vec<Option<f64>>,
    f1: Vec<Option<f64>>,
    support: Vec<u64>,
    #[serde(rename = "macro")]
    means: BTreeMap<String, Option<f64>>,
}

fn cases() -> Vec<Case> {
    #[derive(Deserialize)]
    struct Truth {
        cases: Vec<Case>,
    }
    let truth: Truth = serde_json::from_str(include_str!("data/metrics.json")).unwrap();
    truth.cases
}

#[track_caller]
fn assert_close(ours: impl IntoIterator<Item = Option<f64>>, theirs: &[Option<f64>], what: &str) {
    let ours: Vec<Option<f64>> = ours.into_iter().collect();
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        let close = match (ours, theirs) {
            (Some(ours), Some(theirs)) => (ours - theirs).abs() < 1e-12,
            (None, None) => true,
            _ => false,
        };
        assert!(close, "{what}: {ours:?} and {theirs:?}");
    }
}

#[test]
fn metrics_are_scikit_learns() {
    let cases = cases();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let classes = case.support.len();
        let mut metrics = Metrics::new(classes);
        for (weights, &label) in case.weights.iter().zip(&case.labels) {
            let sum: u32 = weights.iter().sum();
            let scores: Vec<f64> = weights.iter().map(|&n| (f64::from(n) / f64::from(sum)).ln()).collect();
            metrics.add(&Judgement::new(&scores, label).unwrap());
        }
        assert_eq!(metrics.images(), case.labels.len() as u64);
        assert_close([metrics.loss()], &[Some(case.loss)], &format!("{}: loss", case.name));
        assert_eq!(case.top.len(), classes - 1);
        for (k, accuracy) in &case.top {
            let error = metrics.top_error(k.parse().unwrap());
            assert_close([error], &[Some(1.0 - accuracy)], &format!("{}: top-{k} error", case.name));
        }
        assert_eq!(metrics.top_error(classes), Some(0.0));
        let confusion = metrics.confusion();
        for (label, row) in case.confusion.iter().enumerate() {
            let ours: Vec<u64> = (0..classes).map(|prediction| confusion.count(label, prediction)).collect();
            assert_eq!(&ours, row, "{}: class {label}", case.name);
        }
        let scores = confusion.scores();
        assert_eq!(scores.iter().map(|class| class.support).collect::<Vec<_>>(), case.support);
        let precision = || scores.iter().map(ClassScores::precision);
        let recall = || scores.iter().map(ClassScores::recall);
        let f1 = || scores.iter().map(ClassScores::f1);
        assert_close(precision(), &case.precision, &format!("{}: precision", case.name));
        assert_close(recall(), &case.recall, &format!("{}: recall", case.name));
        assert_close(f1(), &case.f1, &format!("{}: F1", case.name));
        let means = [macro_mean(precision()), macro_mean(recall()), macro_mean(f1())];
        let expected = ["precision", "recall", "f1"].map(|name| case.means[name]);
        assert_close(means, &expected, &format!("{}: macro means", case.name));
    }
}

#[test]
fn the_truth_has_classes_without_images_and_predictions() {
    let absent = cases().into_iter().find(|case| case.name == "absent classes").unwrap();
    assert_eq!((absent.support[2], absent.support[5]), (0, 0));
    assert!(absent.recall[2].is_none() && absent.precision[2].is_some() && absent.f1[2] == Some(0.0));
    assert!(absent.precision[1].is_none() && absent.recall[1] == Some(0.0) && absent.f1[1] == Some(0.0));
    assert!(absent.f1[5].is_none());
    assert_eq!(macro_mean([None, Some(0.5), Some(1.0)]), Some(0.75));
    assert_eq!(macro_mean([None]), None);
}

#[test]
fn of_equal_scores_the_lowest_class_is_guessed_first() {
    let rank =
        |scores: &[f64], label| Judgement::new(scores, label).map(|judgement| (judgement.prediction, judgement.rank));
    for label in 0..4 {
        assert_eq!(rank(&[-1.5; 4], label), Some((0, label)));
    }
    assert_eq!(rank(&[-2.0, -1.0, -1.0, -2.0], 2), Some((1, 1)));
    assert_eq!(rank(&[-2.0, -1.0, -1.0, -2.0], 3), Some((1, 3)));
    // What has no order is not judged, and neither is a class that there is not.
    assert_eq!(rank(&[-1.0, f64::NAN], 0), None);
    assert_eq!(rank(&[-1.0, -2.0], 2), None);
    assert_eq!(rank(&[], 0), None);
    let judgement = Judgement::new(&[0.25_f64.ln(), 0.75_f64.ln()], 0).unwrap();
    assert!((judgement.probability - 0.75).abs() < 1e-12 && (judgement.label_probability - 0.25).abs() < 1e-12);
    assert!((judgement.loss - 4.0_f64.ln()).abs() < 1e-12);
}

#[test]
fn nothing_comes_of_no_images() {
    let metrics = Metrics::new(3);
    assert_eq!((metrics.images(), metrics.loss(), metrics.top_error(1)), (0, None, None));
}

fn mistake(label: usize, probability: f64) -> Judgement {
    let mut scores = [(1.0 - probability).ln(); 3];
    scores[label] = probability.ln();
    Judgement::new(&scores, label).unwrap()
}

#[test]
fn the_worst_mistakes_are_kept() {
    let mut worst = Worst::new(3);
    // The last one is right.
    for (image, probability) in [0.3, 0.1, 0.2, 0.1, 0.05, 0.45, 0.9].into_iter().enumerate() {
        worst.add(image, mistake(1, probability));
    }
    let kept: Vec<usize> = worst.into_vec().iter().map(|mistake| mistake.image).collect();
    assert_eq!(kept, [4, 1, 3]);
    let mut none = Worst::new(0);
    none.add(0, mistake(1, 0.1));
    assert!(none.into_vec().is_empty());
}

/// A matrix with images everywhere but in the last class; of each class most are right.
fn confusion(classes: usize) -> Confusion {
    let mut confusion = Confusion::new(classes);
    for label in 0..classes - 1 {
        (0..20).for_each(|_| confusion.add(label, label));
        confusion.add(label, (label * 7 + 3) % classes);
        confusion.add(label, (label + 1) % classes);
    }
    confusion
}

#[test]
fn a_confusion_matrix_is_drawn_with_few_and_with_many_classes() {
    for classes in [1, 2, 10, 200] {
        let confusion = confusion(classes);
        let name = |class: usize| format!("class {class}");
        let drawn = picture(&confusion, &name).unwrap();
        show(&format!("confusion-{classes}"), &drawn);
        let ImageSize { height, width, channels } = drawn.size();
        assert_eq!(channels, 3);
        // Cells are 48 pixels at most, and the whole about 1,000.
        let cell = (1008 / classes).min(48);
        assert!(height >= classes * cell && width >= classes * cell && height.max(width) < 1400, "{height} {width}");
        // The diagonal is blue, and cells beside it with counts are red; the last row, without images, is grey.
        let colours: Vec<&[u8; 3]> = drawn.pixels().as_chunks::<3>().0.iter().collect();
        let any = |wanted: &dyn Fn(&[u8; 3]) -> bool| colours.iter().any(|colour| wanted(colour));
        assert_eq!(any(&|[red, _, blue]| blue > red), classes > 1, "{classes}");
        assert_eq!(any(&|[red, _, blue]| red > blue), classes > 1, "{classes}");
        assert!(any(&|colour| *colour == [236; 3]), "{classes}");
    }
    let many = picture(&Confusion::new(6000), &|class| class.to_string());
    assert!(many.unwrap_err().to_string().contains("5000 classes, and these are 6000"));
}

#[test]
fn mistakes_are_drawn() {
    let size = ImageSize { height: 8, width: 12, channels: 1 };
    let pixels = (0..8 * 12 * 9_u32).map(|i| u8::try_from(i * 7 % 256).unwrap()).collect();
    let source =
        Dataset::new(size, pixels, vec![1; 9]).unwrap().named("a data set with a name that is rather long", vec![]);
    let name = |class: usize| ["short", "a name that is longer than the picture is wide", "other"][class].to_owned();
    let heights: Vec<usize> = [0, 1, 6, 8]
        .into_iter()
        .map(|count| {
            let mut worst = Worst::new(count);
            (0..9).for_each(|image| worst.add(image, mistake(1, 0.1)));
            let drawn = sheet(&source, &name, &worst.into_vec()).unwrap();
            show(&format!("mistakes-{count}"), &drawn);
            drawn.size().height
        })
        .collect();
    // A row has six.
    assert!(heights[0] < heights[1] && heights[1] == heights[2] && heights[2] < heights[3], "{heights:?}");
}

/// Writes a picture into the folder that the environment names, if it does, for people to look at.
fn show(name: &str, drawn: &googlenetc_runtime::data::Image) {
    if let Some(folder) = std::env::var_os("GOOGLENETC_TEST_PICTURES") {
        let bytes = googlenetc_runtime::data::sheet::png(drawn).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
    }
}
