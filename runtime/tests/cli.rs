//! The command line of a network, run as a program of its own.
//!
//! This file is a program without a test harness: told so by the environment it is the network's program, otherwise
//! it runs itself as that and looks at what comes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;
mod halves;

use common::Tiny;
use googlenetc_runtime::cli::{self, Defaults};
use googlenetc_runtime::data::{Dataset, Source};
use googlenetc_runtime::network::{Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{CModule, Device, Kind, Tensor};
use halves::halves;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

const ROLE: &str = "TINY_IS_THE_PROGRAM";

fn main() -> ExitCode {
    match std::env::var(ROLE).as_deref() {
        Ok("plain") => return cli::run::<Tiny>(),
        Ok("with defaults") => return cli::run_with::<Tiny>(Defaults { data: Some("bundled") }),
        _ => {}
    }
    let folder = tempfile::tempdir().unwrap();
    write_data(folder.path(), "train", &halves(90));
    write_data(folder.path(), "t10k", &halves(30));
    wrong_usage_is_2(folder.path());
    missing_files_are_3(folder.path());
    data_sets_are_listed_and_looked_for(folder.path());
    an_absent_device_is_an_error(folder.path());
    a_default_stands_in_for_data(folder.path());
    a_network_is_trained_evaluated_and_used(folder.path());
    progress_is_shown_as_asked_for(folder.path());
    runs_are_looked_at(folder.path());
    a_run_begins_with_weights(folder.path());
    evaluations_are_printed_and_written(folder.path());
    evaluations_are_averaged(folder.path());
    a_recipe_says_how_to_train(folder.path());
    a_wrong_recipe_is_refused(folder.path());
    a_run_goes_on(folder.path());
    #[cfg(unix)]
    ctrl_c_saves_and_says_how_to_go_on(folder.path());
    a_data_set_is_measured_and_shown(folder.path());
    tensors_go_through_the_network(folder.path());
    files_without_a_usable_input_are_refused(folder.path());
    a_summary_runs_at_other_sizes(folder.path());
    weights_and_torchscript_are_exported(folder.path());
    weights_of_other_types_and_keys_are_read_and_written(folder.path());
    weights_without_normalisation_are_given_one(folder.path());
    ExitCode::SUCCESS
}

struct Outcome {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in `folder` with the words of `line`.
fn tiny(folder: &Path, line: &str) -> Outcome {
    run_as("plain", folder, line)
}

fn run_as(role: &str, folder: &Path, line: &str) -> Outcome {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(line.split_whitespace())
        .current_dir(folder)
        .env(ROLE, role)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[track_caller]
fn assert_fails(folder: &Path, line: &str, code: i32, expected: &str) {
    let outcome = tiny(folder, line);
    assert_eq!(outcome.code, Some(code), "tiny {line}: {}", outcome.err);
    assert!(outcome.err.contains(expected), "tiny {line}: `{}` does not say `{expected}`", outcome.err);
    assert_eq!(outcome.out, "", "tiny {line}");
}

fn wrong_usage_is_2(folder: &Path) {
    assert_fails(folder, "", 2, "Usage:");
    assert_fails(folder, "trian", 2, "train");
    assert_fails(folder, "train", 2, "--data <DIR>");
    assert_fails(folder, "train --data . --epochs 0", 2, "must be at least 1");
    assert_fails(folder, "train --data . --batch-size many", 2, "must be a whole number");
    assert_fails(folder, "train --data . --lr -1", 2, "must be a number above 0");
    assert_fails(folder, "train --data . --lr nan", 2, "must be a number above 0");
    assert_fails(folder, "train --data . --momentum 1", 2, "must be a number from 0 and below 1");
    assert_fails(folder, "train --data . --optimizer adagrad", 2, "[possible values: sgd, adam, adamw, rmsprop]");
    assert_fails(folder, "train --data . --force", 2, "--out <DIR>");
    assert_fails(folder, "evaluate --data .", 2, "--weights <FILE>");
    assert_fails(folder, "predict --weights a.safetensors", 2, "IMAGE");
    assert_fails(folder, "forward --input a --output b", 2, "--weights <FILE>");
    assert_fails(folder, "forward --input a --output b --weights c --init 1", 2, "cannot be used with");
    assert_fails(folder, "summary --input 8x8", 2, "must be channels, height and width, as in 3x224x224");
    assert_fails(folder, "summary --input 1x0x8", 2, "must be channels, height and width");
    assert_fails(folder, "summary --batch 0", 2, "0 is not in 1..=65536");
    assert_fails(folder, "export --weights a --output b.onnx", 2, "must end in .safetensors for weights");
    let help = tiny(folder, "train --help");
    assert_eq!(help.code, Some(0));
    assert!(help.out.contains("[default: 32]"), "{}", help.out);
}

fn missing_files_are_3(folder: &Path) {
    assert_fails(folder, "train --data nowhere", 3, "cannot find the folder `nowhere`");
    assert!(!folder.join("runs").exists(), "a run that cannot start leaves no folder");
    assert_fails(folder, "evaluate --data . --weights none.safetensors", 3, "none.safetensors");
    assert_fails(folder, "predict --weights none.safetensors a.png", 3, "none.safetensors");
}

fn data_sets_are_listed_and_looked_for(folder: &Path) {
    let list = tiny(folder, "data fetch --list");
    assert_eq!((list.code, list.err.as_str()), (Some(0), ""));
    assert!(list.out.contains("cifar10        171 MB  ") && list.out.contains("CC BY-SA 3.0"), "{}", list.out);
    assert_fails(folder, "data", 2, "Usage:");
    assert_fails(folder, "data fetch", 2, "<NAME> <DIR>");
    assert_fails(folder, "data fetch cifar there", 2, "a similar value exists: 'cifar10'");
    assert_fails(folder, "data fetch mnist there --mirror /mnt/data", 2, "must begin with http:// or https://");

    // Neither the mirror nor the proxy is there, so that nothing outside of this machine is reached.
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["data", "fetch", "mnist", "there", "--mirror", "http://127.0.0.1:1/a"]).env("NO_PROXY", "127.0.0.1");
    command.env(ROLE, "plain").env("ALL_PROXY", "http://127.0.0.1:1").env("GOOGLENETC_MIRRORS", "http://127.0.0.1:1/b");
    let output = command.current_dir(folder).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    let (_, error) = err.split_once("error: cannot download `train-images-idx3-ubyte.gz`:\n").unwrap();
    assert!(error.ends_with("which the environment names: 127.0.0.1:1\n"), "{error}");
    let sources: Vec<&str> = error.lines().filter_map(|line| line.trim().split(": ").next()).collect();
    let name = "train-images-idx3-ubyte.gz";
    assert_eq!(sources[..2], [format!("http://127.0.0.1:1/a/{name}"), format!("http://127.0.0.1:1/b/{name}")]);
    assert!(sources.len() == 5 && sources[2].starts_with("https://") && sources[3].starts_with("https://"), "{err}");
    assert!(!folder.join("there").exists());
}

fn an_absent_device_is_an_error(folder: &Path) {
    assert_fails(folder, "train --data . --device gpu", 2, "must be auto, cpu, cuda, cuda:N or mps");
    let absent = "train --data . --device cuda:99";
    assert_fails(folder, absent, 1, "error: cannot use `cuda:99`: ");
    assert_fails(folder, &format!("{absent} --quiet"), 1, "error: cannot use `cuda:99`: ");
    assert!(!folder.join("runs").exists(), "a run that cannot start leaves no folder");
}

fn a_default_stands_in_for_data(folder: &Path) {
    let outcome = run_as("with defaults", folder, "train");
    assert_eq!(outcome.code, Some(3));
    assert!(outcome.err.contains("cannot find the folder `bundled`"), "{}", outcome.err);
    let help = run_as("with defaults", folder, "evaluate --help");
    assert!(help.out.contains("[default: bundled]"), "{}", help.out);
}

fn a_network_is_trained_evaluated_and_used(folder: &Path) {
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

/// Writes a tensor under a name. The values are 0.0, 0.01, 0.02, ...
fn write_tensor(path: &Path, name: &str, shape: &[i64], kind: Kind) {
    let values = Tensor::arange(shape.iter().product::<i64>(), (Kind::Double, Device::Cpu)) * 0.01;
    let tensor = values.view(shape).to_kind(kind);
    Tensor::write_safetensors(&[(name, tensor)], path).unwrap();
}

fn read_tensors(path: &Path) -> BTreeMap<String, Tensor> {
    Tensor::read_safetensors(path).unwrap().into_iter().collect()
}

fn a_run_goes_on(folder: &Path) {
    let weights = |run: &str| std::fs::read(folder.join(run).join("last.safetensors")).unwrap();
    let options = "--epochs 2 --batch-size 10 --validation 0.2 --shift 0.1 --quiet";
    assert_eq!(tiny(folder, &format!("train --data . {options} --out runs/whole")).code, Some(0));
    // Killed before the end: what came after the first step is not there.
    std::fs::create_dir_all(folder.join("runs/cut/checkpoints")).unwrap();
    for file in ["recipe.yaml", "data.yaml", "checkpoints/step-00000008.safetensors"] {
        std::fs::copy(folder.join("runs/whole").join(file), folder.join("runs/cut").join(file)).unwrap();
    }
    let resumed = tiny(folder, "train --resume runs/cut --workers 1");
    assert_eq!(resumed.code, Some(0), "{}", resumed.err);
    assert!(resumed.err.contains("run resumed in runs/cut"), "{}", resumed.err);
    assert!(resumed.out.contains("validation accuracy") && resumed.out.contains("after 2 epochs"), "{}", resumed.out);
    assert!(weights("runs/cut") == weights("runs/whole"));
    let again = tiny(folder, "train --resume runs/cut");
    assert_eq!(again.code, Some(0));
    assert!(again.err.contains("all of 16 steps are done already; --epochs asks for more"), "{}", again.err);
    assert_eq!(tiny(folder, "train --resume runs/cut --epochs 3 --quiet").code, Some(0));
    assert_fails(folder, "train --resume runs/whole --lr 0.5", 1, "`learning_rate` is 0.5 and was ");
    assert_fails(folder, "train --resume runs/nowhere", 3, "--resume takes the folder of a run");
    assert_fails(folder, "train --resume runs/cut --out runs/other", 2, "cannot be used with");
}

#[cfg(unix)]
fn ctrl_c_saves_and_says_how_to_go_on(folder: &Path) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args("train --data . --epochs 100000 --quiet --out runs/interrupted".split_whitespace())
        .current_dir(folder)
        .env(ROLE, "plain")
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !folder.join("runs/interrupted/last.safetensors").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ends only when it is told to");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.starts_with("error: interrupted after step "), "{message}");
    let command = message.lines().last().unwrap().strip_prefix("go on with: ").unwrap();
    let (_, command) = command.split_once(" train --resume ").unwrap();
    assert_eq!(command, "runs/interrupted");
    assert!(folder.join("runs/interrupted/checkpoints").is_dir());
}

/// Where there is no terminal, there are lines, and no escape codes.
fn progress_is_shown_as_asked_for(folder: &Path) {
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

fn runs_are_looked_at(folder: &Path) {
    let compare = tiny(folder, "runs compare runs/tiny-1 source --html both.html");
    assert_eq!((compare.code, compare.err.as_str()), (Some(0), ""));
    for words in [vec!["tiny-1", "source"], vec!["batch_size", "10", "40"], vec!["epochs", "4", "2"]] {
        let found = compare.out.lines().any(|line| line.split_whitespace().eq(words.iter().copied()));
        assert!(found, "{words:?}: {}", compare.out);
    }
    assert!(std::fs::read_to_string(folder.join("both.html")).unwrap().contains(">tiny-1</text>"));
    assert_fails(folder, "runs compare source", 2, "values required");
    assert_fails(folder, "runs compare source nowhere", 3, "nowhere");
    std::fs::remove_file(folder.join("source/curves.png")).unwrap();
    assert_eq!(tiny(folder, "runs report source").code, Some(0));
    assert!(folder.join("source/curves.png").exists());
}

fn a_run_begins_with_weights(folder: &Path) {
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

/// What the file of predictions says about an image: class, prediction, its probability, loss.
type Predicted = (usize, usize, f64, f64);

fn share(part: usize, of: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(of).unwrap())
}

/// Every number is computed once more from the lines for single images.
fn evaluations_are_printed_and_written(folder: &Path) {
    // As good as untrained.
    let train = tiny(folder, "train --data . --epochs 1 --lr 0.00001 --seed 3 --out poor --quiet");
    assert_eq!(train.code, Some(0), "{}", train.err);
    let evaluate = "evaluate --data . --weights poor/last.safetensors --device cpu";
    let files = "--confusion c.csv --confusion c.png --predictions p.csv --mistakes m.png --count 3";
    let human = tiny(folder, &format!("{evaluate} --per-class {files}"));
    assert_eq!(human.code, Some(0), "{}", human.err);
    let said = "predictions p.csv\nconfusion matrix c.csv\nconfusion matrix c.png\nworst mistakes m.png\n";
    assert_eq!(human.err, said);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let predictions = read("p.csv");
    let (columns, lines) = predictions.split_once('\n').unwrap();
    assert_eq!(columns, "image,label,prediction,probability,loss");
    let cells = |line: &str| -> Predicted {
        let cells: Vec<&str> = line.rsplitn(5, ',').collect();
        (cells[3].parse().unwrap(), cells[2].parse().unwrap(), cells[1].parse().unwrap(), cells[0].parse().unwrap())
    };
    let lines: Vec<Predicted> = lines.lines().map(cells).collect();
    assert_eq!(lines.len(), 30);
    // The likeliest of three classes; where it is the right one, the loss is the logarithm of its probability.
    assert!(lines.iter().all(|line| line.2 >= 1.0 / 3.0 && (line.0 != line.1 || (line.2.ln() + line.3).abs() < 1e-9)));
    let error = share(lines.iter().filter(|line| line.0 != line.1).count(), 30);
    assert!(error > 0.0 && error < 1.0, "{error}");
    let loss = lines.iter().map(|line| line.3).sum::<f64>() / 30.0;
    let head = format!("images 30\nloss {loss:.4}\ntop-1 error {:.2} %\ntop-5 error 0.00 %\n\nclass", 100.0 * error);
    assert!(human.out.starts_with(&head), "{}", human.out);
    let mut matrix = "class,0,1,2\n".to_owned();
    for label in 0..3 {
        let count = |prediction| lines.iter().filter(|line| (line.0, line.1) == (label, prediction)).count();
        matrix += &format!("{label},{},{},{}\n", count(0), count(1), count(2));
    }
    assert_eq!(read("c.csv"), matrix);
    for picture in ["c.png", "m.png"] {
        assert!(image::open(folder.join(picture)).unwrap().width() > 400, "{picture}");
    }
    programs_read_evaluations(folder, evaluate, &lines, error, loss);
    assert_fails(folder, &format!("{evaluate} --confusion c.svg"), 2, "must end in .csv for counts");
    assert_fails(folder, &format!("{evaluate} --mistakes m.jpg"), 2, "must end in .png");
    assert_fails(folder, &format!("{evaluate} --count 3"), 2, "--mistakes <FILE.png>");
    assert_fails(
        folder,
        &format!("{evaluate} --predictions new.csv --confusion no/c.csv"),
        3,
        "cannot write `no/c.csv`",
    );
    let left = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = left.filter(|name| name.contains("unfinished") || name == "new.csv").collect();
    assert!(left.is_empty(), "{left:?}");
}

fn programs_read_evaluations(folder: &Path, evaluate: &str, lines: &[Predicted], error: f64, loss: f64) {
    let json = tiny(folder, &format!("{evaluate} --per-class --format json"));
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let close = |found: &serde_json::Value, expected: f64| (found.as_f64().unwrap() - expected).abs() < 1e-12;
    assert!(json["images"] == 30 && close(&json["top1_error"], error) && close(&json["loss"], loss), "{json}");
    let csv = tiny(folder, &format!("{evaluate} --per-class --format csv"));
    assert_eq!(csv.out.lines().next(), Some("class,name,images,right,recall,precision,f1"));
    assert_eq!(csv.out.lines().count(), 4, "{}", csv.out);
    let mut recalls = 0.0;
    for (label, line) in csv.out.lines().skip(1).enumerate() {
        let right = lines.iter().filter(|line| line.0 == label && line.1 == label).count();
        let taken = lines.iter().filter(|line| line.1 == label).count();
        let class = &json["classes"][label];
        assert!(class["images"] == 10 && class["right"] == right && close(&class["recall"], share(right, 10)));
        match class["precision"].as_f64() {
            Some(precision) => assert!((precision - share(right, taken)).abs() < 1e-12),
            None => assert_eq!(taken, 0),
        }
        recalls += share(right, 10);
        assert!(line.starts_with(&format!("{label},{label},10,{right},")), "{line}");
    }
    assert!(close(&json["macro"]["recall"], recalls / 3.0), "{json}");
    let short = tiny(folder, &format!("{evaluate} --format csv")).out;
    assert!(short.starts_with("images,loss,top1_error,top5_error\n30,") && short.lines().count() == 2, "{short}");
}

fn evaluations_are_averaged(folder: &Path) {
    let (poor, good) = ("poor/last.safetensors", "runs/tiny-1/last.safetensors");
    let evaluate = |options: &str| tiny(folder, &format!("evaluate --data . --device cpu --format csv {options}"));
    let table = evaluate(&format!("--weights {poor} {good} --table --crops 10,1"));
    assert_eq!(table.code, Some(0), "{}", table.err);
    let rows: Vec<Vec<&str>> = table.out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["models", "crops", "cost", "images", "loss", "top1_error", "top5_error"]);
    let settings: Vec<[&str; 4]> = rows[1..].iter().map(|row| [row[0], row[1], row[2], row[3]]).collect();
    assert_eq!(
        settings,
        [["1", "1", "1", "30"], ["1", "10", "10", "30"], ["2", "1", "2", "30"], ["2", "10", "20", "30"]]
    );
    // Each row is what one gets without the table.
    let both = format!("--weights {poor} --weights {good}");
    let alone = format!("--weights {poor}");
    for (row, options) in
        rows[1..].iter().zip([alone.clone(), format!("{alone} --crops 10"), both.clone(), format!("{both} --crops 10")])
    {
        let single = evaluate(&options);
        let numbers: Vec<f64> = single.out.lines().nth(1).unwrap().split(',').map(|n| n.parse().unwrap()).collect();
        for (number, cell) in numbers[1..].iter().zip(&row[4..]) {
            assert!(
                (number - cell.parse::<f64>().unwrap()).abs() < 1e-6,
                "{options}: {single} {row:?}",
                single = single.out
            );
        }
    }
    let human = tiny(folder, &format!("evaluate --data . --device cpu {alone} --table"));
    let costs: Vec<&str> = human.out.lines().skip(3).map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    assert!(
        human.out.starts_with("images 30\n\nmodels  crops  cost  top-1 error  top-5 error    loss\n"),
        "{}",
        human.out
    );
    assert_eq!(costs, ["1", "10", "144"]);
    assert_fails(folder, &format!("evaluate --data . {both} --crops 1,10"), 1, "say --table too");
    assert_fails(folder, &format!("evaluate --data . {both} --crops 5"), 2, "[possible values: 1, 10, 144]");
    assert_fails(folder, &format!("evaluate --data . {both} --table --per-class"), 2, "cannot be used with");
}

fn a_recipe_says_how_to_train(folder: &Path) {
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

fn a_wrong_recipe_is_refused(folder: &Path) {
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

fn a_data_set_is_measured_and_shown(folder: &Path) {
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

fn tensors_go_through_the_network(folder: &Path) {
    let weights = "--weights runs/tiny-1/last.safetensors";
    write_tensor(&folder.join("x.safetensors"), "input", &[2, 1, 8, 8], Kind::Float);
    let plain = tiny(folder, &format!("forward {weights} --input x.safetensors --output y.safetensors"));
    assert_eq!((plain.code, plain.out.as_str()), (Some(0), "main 2x3\n"), "{}", plain.err);
    let y = read_tensors(&folder.join("y.safetensors"));
    assert_eq!(y.keys().collect::<Vec<_>>(), ["main"]);

    // What the library computes with these weights.
    let mut store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    googlenetc_runtime::weights::load::<Tiny>(&mut store, &folder.join("runs/tiny-1/last.safetensors")).unwrap();
    let x = read_tensors(&folder.join("x.safetensors")).remove("input").unwrap();
    let expected = network.forward(&x, Mode::COMPARISON, &Probe::silent());
    assert!(y["main"].allclose(&expected.main, 1e-5, 1e-6, false), "{:?}", y["main"]);

    let line =
        format!("forward {weights} --input x.safetensors --output t.safetensors --training --trace --device cpu");
    let traced = tiny(folder, &line);
    assert!(traced.out.starts_with("main 2x3\naux1 2x3\ntrace.conv1.conv 2x6x8x8\n"), "{}", traced.out);
    assert_eq!(traced.err, "");
    let t = read_tensors(&folder.join("t.safetensors"));
    assert_eq!((t.len(), t["trace.main.fc"] == t["main"]), (12, true), "{traced:?}", traced = traced.out);
    assert!(t["aux1"].allclose(&expected.aux1.unwrap(), 1e-5, 1e-6, false));

    // Other types are converted to the weights' type.
    for kind in [Kind::Double, Kind::BFloat16, Kind::Half] {
        write_tensor(&folder.join("k.safetensors"), "input", &[2, 1, 8, 8], kind);
        let done = tiny(folder, &format!("forward {weights} --input k.safetensors --output k.safetensors"));
        assert_eq!(done.code, Some(0), "{}", done.err);
        let k = read_tensors(&folder.join("k.safetensors")).remove("main").unwrap();
        assert_eq!(k.kind(), Kind::Float);
        assert!(k.allclose(&y["main"], 0.05, 0.05, false), "{kind:?}");
    }

    // A new network is the same for the same seed.
    let new = |seed: u64| {
        let done = tiny(folder, &format!("forward --init {seed} --input x.safetensors --output n.safetensors"));
        assert_eq!(done.code, Some(0), "{}", done.err);
        std::fs::read(folder.join("n.safetensors")).unwrap()
    };
    assert_eq!(new(1), new(1));
    assert_ne!(new(1), new(2));
}

fn files_without_a_usable_input_are_refused(folder: &Path) {
    let refused = |code: i32, expected: &str| {
        assert_fails(
            folder,
            "forward --init 1 --device cpu --input bad.safetensors --output no.safetensors",
            code,
            expected,
        );
        assert!(!folder.join("no.safetensors").exists());
    };
    let bad = folder.join("bad.safetensors");
    refused(3, "bad.safetensors");
    std::fs::write(&bad, "no tensors").unwrap();
    refused(1, "`bad.safetensors` is damaged, or neither");
    write_tensor(&bad, "image", &[1, 1, 8, 8], Kind::Float);
    refused(1, "`bad.safetensors` has no tensor `input`; it has `image`");
    write_tensor(&bad, "input", &[1, 1, 8, 8], Kind::Int64);
    refused(1, "the tensor `input` in `bad.safetensors` is I64; it must hold the floating-point numbers");
    write_tensor(&bad, "input", &[1, 8, 8], Kind::Float);
    refused(1, "the input is [1, 8, 8], but `Tiny` takes [images, 1, 8, 8]: for one image make it [1, 1, 8, 8]");
    write_tensor(&bad, "input", &[1, 1, 16, 16], Kind::Float);
    refused(1, "`Tiny`, which declares 1x8x8, does not run on an input of 1x16x16: libtorch: ");
    write_tensor(&bad, "input", &[1, 1, 8, 8], Kind::Float);
    let nowhere = "forward --init 1 --device cpu --input bad.safetensors --output nowhere/no.safetensors";
    assert_fails(folder, nowhere, 3, "cannot write `nowhere/no.safetensors`");
}

fn a_summary_runs_at_other_sizes(folder: &Path) {
    let summary = tiny(folder, "summary --batch 3");
    assert!(summary.out.starts_with("Tiny: input 3x1x8x8\n"), "{}", summary.out);
    assert!(summary.out.contains("\ntraining          378       12\n"), "{}", summary.out);
    let inference = tiny(folder, "summary --inference --input 1x9x9");
    assert!(inference.out.contains("\nconv1             1x6x9x9\n"), "{}", inference.out);
    assert!(inference.out.contains("(did not run)\n  aux1.fc.weight"), "{}", inference.out);
    assert_fails(folder, "summary --device cpu --input 1x20x20", 1, "does not run on an input of 1x20x20: libtorch: ");
    assert_fails(folder, "summary --device cpu --input 3x8x8", 1, "it has 3 channels");
}

fn weights_and_torchscript_are_exported(folder: &Path) {
    let weights = "export --weights runs/tiny-1/last.safetensors";
    let saved = tiny(folder, &format!("{weights} --output same.safetensors"));
    assert_eq!((saved.code, saved.out.as_str()), (Some(0), "weights same.safetensors\n"), "{}", saved.err);
    let [first, again] = ["runs/tiny-1/last.safetensors", "same.safetensors"].map(|f| std::fs::read(folder.join(f)));
    assert_eq!(first.unwrap(), again.unwrap());
    let script = tiny(folder, &format!("{weights} --output tiny.pt"));
    assert_eq!((script.code, script.out.as_str()), (Some(0), "TorchScript tiny.pt\n"), "{}", script.err);
    assert!(script.err.starts_with("takes [images, 1, 8, 8]: values from 0 to 1, less ["), "{}", script.err);
    let module = CModule::load(folder.join("tiny.pt")).unwrap();
    let x = read_tensors(&folder.join("x.safetensors")).remove("input").unwrap();
    let y = read_tensors(&folder.join("y.safetensors")).remove("main").unwrap();
    assert!(module.forward_ts(&[x]).unwrap().allclose(&y, 1e-5, 1e-6, false));
}

fn weights_of_other_types_and_keys_are_read_and_written(folder: &Path) {
    let export = "export --weights runs/tiny-1/last.safetensors";
    let half = tiny(folder, &format!("{export} --dtype bf16 --output half.safetensors"));
    assert_eq!(half.code, Some(0), "{}", half.err);
    assert!(read_tensors(&folder.join("half.safetensors")).values().all(|tensor| tensor.kind() == Kind::BFloat16));
    let evaluate = "evaluate --data . --device cpu --weights half.safetensors";
    assert_fails(folder, evaluate, 1, "wrong type: ");
    let converted = tiny(folder, &format!("{evaluate} --convert"));
    assert!(converted.out.ends_with("top-1 error 0.00 %\ntop-5 error 0.00 %\n"), "{}", converted.err);

    let y = read_tensors(&folder.join("y.safetensors")).remove("main").unwrap();
    let double =
        "forward --weights runs/tiny-1/last.safetensors --input x.safetensors --output d.safetensors --dtype f64";
    assert_eq!(tiny(folder, double).code, Some(0));
    let d = read_tensors(&folder.join("d.safetensors")).remove("main").unwrap();
    assert_eq!(d.kind(), Kind::Double);
    assert!(d.allclose(&y.to_kind(Kind::Double), 1e-4, 1e-5, false));

    let original = read_tensors(&folder.join("runs/tiny-1/last.safetensors"));
    let rows: Vec<String> = original.keys().map(|name| format!("{name},theirs.{name},\n")).collect();
    std::fs::write(folder.join("keys.csv"), format!("variable,key,shape\n{}", rows.concat())).unwrap();
    let theirs = tiny(folder, &format!("{export} --output theirs.safetensors --output-keys keys.csv"));
    assert_eq!(theirs.code, Some(0), "{}", theirs.err);
    assert!(read_tensors(&folder.join("theirs.safetensors")).keys().all(|name| name.starts_with("theirs.")));
    let back = "export --weights theirs.safetensors --keys keys.csv --output back.safetensors";
    assert_eq!(tiny(folder, back).code, Some(0));
    assert!(read_tensors(&folder.join("back.safetensors")) == original);

    let some: Vec<(String, Tensor)> = original.into_iter().filter(|(name, _)| name != "aux1.fc.bias").collect();
    Tensor::write_safetensors(&some, folder.join("some.safetensors")).unwrap();
    let forward = "forward --input x.safetensors --output s.safetensors --device cpu --weights some.safetensors";
    assert_fails(folder, forward, 1, "missing: `aux1.fc.bias`");
    let partial = tiny(folder, &format!("{forward} --partial"));
    assert_eq!((partial.code, partial.out.as_str()), (Some(0), "main 2x3\n"));
    assert!(
        partial.err.starts_with("warning: left out of `some.safetensors`:\n  missing: `aux1.fc.bias`"),
        "{}",
        partial.err
    );
}

fn weights_without_normalisation_are_given_one(folder: &Path) {
    assert_fails(
        folder,
        "predict --device cpu --weights some.safetensors --partial one.png",
        1,
        "`export --mean M,.. --std S,..`",
    );
    let export = "export --weights some.safetensors --partial --output known.safetensors";
    assert_fails(folder, export, 1, "say it with `--mean` and `--std`");
    assert_fails(folder, &format!("{export} --mean 0.5"), 2, "--std <S,..>");
    assert_fails(
        folder,
        &format!("{export} --mean 0.5,0.5,0.5 --std 1,1,1"),
        1,
        "`--mean` has 3 values, and `Tiny` takes 1",
    );
    assert_fails(folder, &format!("{export} --mean 0.5 --std 0"), 1, "`--std` positive ones");
    assert_eq!(tiny(folder, &format!("{export} --mean 0.5 --std 0.25")).code, Some(0));
    let predict = tiny(folder, "predict --weights known.safetensors --top 1 one.png");
    assert!(predict.out.starts_with("one.png: 1 "), "{}{}", predict.out, predict.err);
}

/// Writes `dataset` in the IDX format.
fn write_data(folder: &Path, prefix: &str, dataset: &Dataset) {
    let count = u32::try_from(dataset.len()).unwrap().to_be_bytes();
    let images = [&[0, 0, 8, 3][..], &count, &8_u32.to_be_bytes(), &8_u32.to_be_bytes(), dataset.pixels()].concat();
    std::fs::write(folder.join(format!("{prefix}-images-idx3-ubyte")), images).unwrap();
    let labels: Vec<u8> = dataset.labels().iter().map(|&label| u8::try_from(label).unwrap()).collect();
    let labels = [&[0, 0, 8, 1][..], &count, &labels].concat();
    std::fs::write(folder.join(format!("{prefix}-labels-idx1-ubyte")), labels).unwrap();
}
