//! Steps as recipes declare them, and what is said about those that cannot be.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::data::{ImageSize, ImageSteps, Normalisation, Preparation, Step, Transform, yaml};

/// The steps of training in a file that declares nothing else.
fn steps(yaml: &str) -> Vec<Step> {
    yaml::parse::<ImageSteps>(&format!("training:\n{yaml}"), "recipe.yaml").unwrap().training
}

#[track_caller]
fn assert_refused(yaml: &str, expected: &[&str]) {
    let error = yaml::parse::<ImageSteps>(yaml, "recipe.yaml").unwrap_err().to_string();
    for part in expected {
        assert!(error.contains(part), "`{part}` is not in:\n{error}");
    }
}

#[test]
fn names_alone_and_one_setting_alone_are_short_for_maps() {
    let short = steps(
        "- resize\n- resize: 256\n- resize: [3, 4]\n- centre-crop: 5\n- random-crop: 6\n- random-resized-crop: 7\n\
         - horizontal-flip\n- horizontal-flip: 0.25\n- colour-jitter: 0.4\n- lighting\n- greyscale: 1\n- shift: 0.5\n- greyscale:\n",
    );
    let long = steps(
        "- resize: {filter: bilinear}\n- resize: {size: 256}\n- resize: {size: [3, 4]}\n- center-crop: {size: 5}\n\
         - random-crop: {size: [6, 6], padding: 0, pad_if_needed: false, fill: 0, padding_mode: constant}\n\
         - random-resized-crop: {size: 7, scale: [0.08, 1.0], ratio: [0.75, 1.3333333333333333], ratio_scale: logarithmic, filter: bilinear}\n\
         - horizontal-flip: {p: 0.5}\n- horizontal-flip: {p: 0.25}\n\
         - color-jitter: {brightness: [0.6, 1.4], contrast: [0.6, 1.4], saturation: [0.6, 1.4]}\n\
         - lighting: {std: 0.1}\n- grayscale: {p: 1.0}\n- shift: {share: 0.5}\n- greyscale: {}\n",
    );
    assert_eq!(short.len(), long.len());
    for (short, long) in short.iter().zip(&long) {
        // One number for a crop is a square; the two ways to say it are kept apart.
        if !format!("{long:?}").contains("height: 6") {
            assert_eq!(short, long);
        }
    }
}

#[test]
fn what_is_written_is_read_again() {
    let all = steps(
        "- resize: {size: 256, filter: bicubic}\n- random-crop: {size: [6, 7], padding: [1, 2, 3, 4], fill: [1, 2, 3]}\n\
         - random-resized-crop: {filter: random, ratio_scale: linear}\n- horizontal-flip: 0.1\n\
         - colour-jitter: {brightness: 0.4, hue: 0.1}\n- lighting: 0.2\n- greyscale: 0.3\n- shift: 0.4\n- centre-crop\n",
    );
    let json = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Step>>(&json).unwrap(), all);
    let both = ImageSteps { training: all.clone(), testing: all };
    let yaml = serde_saphyr::to_string(&both).unwrap();
    assert_eq!(yaml::parse::<ImageSteps>(&yaml, "written").unwrap(), both, "{yaml}");
}

#[test]
fn mistakes_are_shown_where_they_are() {
    assert_refused(
        "training:\n  - resize: 256\n  - centre-corp\n",
        &[
            "`recipe.yaml`, line 3, column 5",
            "centre-corp",
            "did you mean `centre-crop`?",
            "\n    - centre-corp\n      ^",
        ],
    );
    assert_refused("trainig: []\n", &["line 1, column 1", "did you mean `training`?"]);
    assert_refused(
        "testing:\n  - resize:\n      size: 256\n      filtre: box\n",
        &["line 4, column 7", "unknown field `filtre`", "did you mean `filter`?"],
    );
    assert_refused("testing: [{resize: {filter: lanczos}}]\n", &["line 1", "lanczos", "bicubic"]);
    assert_refused("testing: [{resize: 0}]\n", &["a size is from 1 to 65536 pixels, and this is 0"]);
    assert_refused("testing: [{resize: [1, 2, 3]}]\n", &["[height, width]"]);
    assert_refused("testing: [{horizontal-flip: 1.5}]\n", &["a number from 0 to 1 is needed, not 1.5"]);
    assert_refused("testing: [shift]\n", &["missing field `share`"]);
    assert_refused("testing: [{colour-jitter: {hue: 0.6}}]\n", &["from 0 to 0.5"]);
    assert_refused("testing: [{colour-jitter: {contrast: [2, 1]}}]\n", &["the least, which is not negative"]);
    assert_refused("testing: [{random-resized-crop: {scale: [1, 0.5]}}]\n", &["the lower one first"]);
    assert_refused("testing: [{random-crop: {padding: [1, 2, 3]}}]\n", &["[left, top, right, bottom]"]);
    assert_refused("testing: [{random-crop: {fill: 300}}]\n", &["line 1"]);
    assert_refused("testing:\n  - resize: 256\n    centre-crop: 224\n", &["a step has one name", "`-`"]);
    assert_refused("testing: [{}]\n", &["a step has a name"]);
    assert_refused("testing: [3]\n", &["the name of a step"]);
    assert_refused("testing: resize\n", &["line 1"]);
    assert_refused("testing: [", &["line 1"]);
}

#[test]
fn steps_must_end_with_the_networks_input() {
    let size = ImageSize { height: 224, width: 224, channels: 3 };
    let make = |yaml: &str, size: ImageSize| {
        let normalisation = Normalisation::new(vec![0.5; size.channels], vec![0.5; size.channels]);
        Transform::new(size, steps(yaml), normalisation).map_err(|e| e.to_string())
    };
    for fine in
        ["- resize\n", "- resize: 256\n- centre-crop\n", "- resize: 20\n- random-resized-crop: 224\n- shift: 0.1\n"]
    {
        assert!(make(fine, size).is_ok(), "{fine}");
    }
    // A square stays one.
    assert!(make("- resize: [300, 300]\n- resize: 224\n", size).is_ok());
    for (wrong, expected) in [
        ("- resize: 224\n", "a size that depends on the image"),
        ("- horizontal-flip\n", "a size that depends on the image"),
        ("- centre-crop\n- resize: [224, 225]\n", "end with 224x225, and the network takes 224x224"),
        ("- resize\n- lighting\n- greyscale\n", "behind `colour-jitter` and `greyscale`"),
        ("- resize\n- lighting\n- lighting\n", "put it once"),
    ] {
        let error = make(wrong, size).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let error = make("- resize\n- lighting\n", ImageSize { channels: 1, ..size }).unwrap_err();
    assert!(error.contains("the network takes grey images"), "{error}");
    let error = make("- resize\n", ImageSize { channels: 4, ..size }).unwrap_err();
    assert!(error.contains("4 channels"), "{error}");
}

/// A recipe, of which only this is looked at.
#[derive(serde::Deserialize)]
#[serde(default)]
struct Recipe {
    images: ImageSteps,
    normalise: Normalisation,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { images: ImageSteps::default(), normalise: Normalisation::new(vec![0.0; 3], vec![1.0; 3]) }
    }
}

/// The recipes that a page of the documentation shows.
fn shown(page: &'static str) -> Vec<&'static str> {
    let recipes = page.split("```yaml recipe\n").skip(1).map(|recipe| recipe.split_once("```").unwrap().0);
    let recipes: Vec<&str> = recipes.collect();
    assert!(!recipes.is_empty());
    recipes
}

/// The recipes that are built in, and those of the documentation, for networks of several sizes.
#[test]
fn recipes_fit_networks() {
    let pages = [
        (include_str!("../../docs/data.md"), "data.md"),
        (include_str!("../../docs/recipes.md"), "recipes.md"),
        (include_str!("../../docs/training.md"), "training.md"),
    ];
    let pages = pages.into_iter().flat_map(|(page, file)| shown(page).into_iter().map(move |text| (text, file)));
    let recipes = googlenetc_specs::RECIPES.iter().map(|recipe| (recipe.text, recipe.file)).chain(pages);
    for (text, file) in recipes {
        let Recipe { images: ImageSteps { training, testing }, normalise } = yaml::parse(text, file).unwrap();
        for (side, steps) in [(224, training.clone()), (224, testing.clone()), (299, training), (64, testing)] {
            let size = ImageSize { height: side, width: side, channels: normalise.mean.len() };
            Transform::new(size, steps, normalise.clone()).unwrap();
        }
    }
}

/// Weights that were saved before there were steps say nothing of them.
#[test]
fn a_preparation_without_steps_resizes() {
    let old: Preparation = serde_json::from_str(r#"{"normalisation": {"mean": [0.5], "std": [0.25]}}"#).unwrap();
    assert_eq!(old, Preparation::from(Normalisation::new(vec![0.5], vec![0.25])));
    assert_eq!(serde_json::to_string(&old.steps).unwrap(), r#"[{"resize":{"filter":"bilinear"}}]"#);
}
