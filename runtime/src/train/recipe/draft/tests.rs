//! What files and options say together.

use super::Draft;
use crate::train::Recipe;

#[track_caller]
fn set(file: &str, settings: &[&str]) -> Result<Recipe, String> {
    let mut draft = Draft::parse(file, "recipe.yaml").map_err(|e| e.to_string())?;
    for setting in settings {
        draft.set(setting).map_err(|e| e.to_string())?;
    }
    draft.finish().map_err(|e| e.to_string())
}

#[test]
fn settings_change_what_a_file_says() {
    let recipe = set("epochs: 3\nseed: 2\n", &["epochs=7", "batch_size=8", "learning_rate=1e-5"]).unwrap();
    let expected = Recipe { epochs: 7, seed: 2, batch_size: 8, learning_rate: 1e-5, ..Recipe::default() };
    assert_eq!(recipe, expected);
    // The usual value.
    assert_eq!(set("seed: 2", &["seed=null"]).unwrap(), Recipe::default());
    // Large numbers stay whole.
    assert_eq!(set("", &["seed=18446744073709551615"]).unwrap().seed, u64::MAX);
}

#[test]
fn a_run_is_as_long_as_epochs_or_steps_say() {
    for (said, epochs, steps, expected) in [
        ("", 5, None, 35),
        ("epochs: 3", 3, None, 21),
        ("steps: 100", 0, Some(100), 100),
        ("{epochs: 3, steps: 100}", 3, Some(100), 21),
        ("{epochs: 3, steps: 10}", 3, Some(10), 10),
    ] {
        let recipe = set(said, &["schedule=constant"]).unwrap();
        assert_eq!((recipe.epochs, recipe.steps), (epochs, steps), "{said}");
        assert_eq!(recipe.extent(7).unwrap().steps, expected, "{said}");
        assert_eq!(set(&recipe.to_yaml().unwrap(), &[]).unwrap(), recipe);
    }
    let error = set("epochs: 3", &["schedule.warm_up.steps=21"]).unwrap().extent(7).unwrap_err().to_string();
    assert!(error.starts_with("the warm-up takes 21 steps, and the run has only 21: "), "{error}");
}

#[test]
fn of_several_choices_the_one_that_was_set_stays() {
    let optimizer =
        |file, setting| set(file, &[setting]).map(|recipe| serde_json::to_string(&recipe.optimizer).unwrap());
    let nesterov = r#"{"sgd":{"momentum":0.9,"nesterov":true}}"#;
    assert_eq!(optimizer("optimizer: sgd", "optimizer.sgd.nesterov=true").unwrap(), nesterov);
    assert_eq!(optimizer("optimizer: {adam: {eps: 1e-7}}", "optimizer.sgd.nesterov=true").unwrap(), nesterov);
    let kept = optimizer("optimizer: {adam: {eps: 1e-7}}", "optimizer.adam.betas=[0.8, 0.9]").unwrap();
    assert_eq!(kept, r#"{"adam":{"betas":[0.8,0.9],"eps":1e-7}}"#);
    let recipe =
        set("schedule: {step: {every: 8, factor: 0.96}, warm_up: {epochs: 2}}", &["schedule.cosine.floor=1e-5"]);
    let schedule = serde_json::to_string(&recipe.unwrap().schedule).unwrap();
    assert_eq!(schedule, r#"{"cosine":{"floor":0.00001},"by":"step","warm_up":{"epochs":2.0}}"#);
    // What is usual is changed in the same way.
    let schedule = |setting| serde_json::to_string(&set("", &[setting]).unwrap().schedule).unwrap();
    assert_eq!(
        schedule("schedule.warm_up.share=0.2"),
        r#"{"cosine":{"floor":0.0},"by":"step","warm_up":{"share":0.2}}"#
    );
    assert_eq!(schedule("schedule.exponential.factor=0.9"), r#"{"exponential":{"factor":0.9},"by":"epoch"}"#);
    assert_eq!(schedule("schedule.warm_up=null"), r#"{"cosine":{"floor":0.0},"by":"step"}"#);
    let recipe = set("epochs: 3", &["steps=100"]).unwrap();
    assert_eq!((recipe.epochs, recipe.steps), (0, Some(100)));
    let recipe = set("steps: 100", &["epochs=3"]).unwrap();
    assert_eq!((recipe.epochs, recipe.steps), (3, None));
    let error = set("", &["schedule.cosine.flor=1"]).unwrap_err();
    assert!(
        error.starts_with("`--set schedule.cosine.flor=1`: ") && error.ends_with("did you mean `floor`?"),
        "{error}"
    );
}

#[test]
fn a_learning_rate_goes_with_its_optimizer() {
    let rate = |file, optimizer: &str| {
        let mut draft = Draft::parse(file, "recipe.yaml").unwrap();
        draft.choose_optimizer("--optimizer", optimizer).unwrap();
        draft.finish().unwrap().learning_rate.to_string()
    };
    assert_eq!(rate("learning_rate: 0.3", "adam"), "0.3");
    assert_eq!(rate("learning_rate: 0.3", "sgd"), "0.05");
    assert_eq!(rate("{optimizer: sgd, learning_rate: 0.3}", "sgd"), "0.3");
    assert_eq!(rate("{optimizer: {sgd: {momentum: 0}}, learning_rate: 0.3}", "adamw"), "0.001");
    assert_eq!(set("optimizer: rmsprop", &[]).unwrap().learning_rate.to_string(), "0.01");
}

#[test]
fn settings_reach_into_lists() {
    let file = "images: {training: [resize, {shift: 0.1}]}";
    let set = |setting| set(file, &[setting]).map(|recipe| serde_json::to_string(&recipe.images.training[1]).unwrap());
    assert_eq!(set("images.training.1.shift=0.2").unwrap(), r#"{"shift":{"share":0.2}}"#);
    assert_eq!(set("images.training.1=horizontal-flip").unwrap(), r#"{"horizontal-flip":{"p":0.5}}"#);
    let error = set("images.training.1.shift=2").unwrap_err();
    assert_eq!(error, "`--set images.training.1.shift=2`: a number from 0 to 1 is needed, not 2");
}

#[test]
fn what_is_wrong_is_said_of_the_setting_that_is_wrong() {
    let error = |settings: &[&str]| set("epochs: 3", settings).unwrap_err();
    let message = error(&["seed=5", "learningrate=0.1", "epochs=7"]);
    assert!(
        message.starts_with("`--set learningrate=0.1`: unknown field `learningrate`, expected one of "),
        "{message}"
    );
    assert!(message.ends_with("; did you mean `learning_rate`?"), "{message}");
    assert_eq!(error(&["batch_size=0"]), "`--set batch_size=0`: must be at least 1");
    assert_eq!(error(&["epochs=many"]), "`--set epochs=many`: must be a whole number, and not below 0");
    for setting in
        ["learning_rate=.nan", "learning_rate=-1", "weight_decay=.inf", "epochs.more=1", "epochs=[1", "seed=-1"]
    {
        let message = error(&[setting]);
        assert!(message.starts_with(&format!("`--set {setting}`: ")) && !message.contains("line"), "{message}");
    }
    assert_eq!(
        error(&["epochs"]),
        "`--set epochs`: a setting is made like `epochs=20` or `schedule.cosine.floor=1e-5`"
    );
    // Both are wrong.
    let message = error(&["batch_size=0", "seed=-1"]);
    assert!(message.starts_with("`--set batch_size=0`, `--set seed=-1`: "), "{message}");
}

#[test]
fn nothing_is_taken_away_under_a_wrong_name() {
    for (setting, expected) in [
        ("epoch=null", "did you mean `epochs`?"),
        ("optimizer.sgd.momentun=null", "did you mean `momentum`?"),
        ("optimizer.lbfgs=null", "unknown variant `lbfgs`"),
        ("schedule.cosine.flor=null", "did you mean `floor`?"),
        ("schedule.warm-up=null", "did you mean `warm_up`?"),
        ("images.train=null", "did you mean `training`?"),
        ("images.training.0.shift.shar=null", "did you mean `share`?"),
        ("checkpoints.every.hours=null", "unknown field `hours`"),
    ] {
        let error =
            set("images: {training: [{shift: {share: 0.1}}]}", &["seed=null", setting, "epochs=3"]).unwrap_err();
        assert!(error.starts_with(&format!("`--set {setting}`: unknown ")) && error.contains(expected), "{error}");
    }
    // Names that there are may be taken away, whether anything stands there or not.
    for setting in [
        "epochs=null",
        "clip=null",
        "averaging=null",
        "optimizer=null",
        "optimizer.adam.eps=null",
        "schedule.warm_up=null",
        "schedule.warm_up.share=null",
        "stages=null",
        "stages.conv1=null",
        "images.training=null",
        "normalise=null",
        "checkpoints.every=null",
        "checkpoints.every.minutes=null",
    ] {
        let refused = set("", &[setting]).err().filter(|error| error.contains("unknown"));
        assert_eq!(refused, None, "{setting}");
    }
}
