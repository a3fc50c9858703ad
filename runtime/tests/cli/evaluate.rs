//! `evaluate`.

use super::tiny::{assert_fails, tiny};
use std::path::Path;

/// What the file of predictions says about an image: class, prediction, its probability, loss.
type Predicted = (usize, usize, f64, f64);

fn share(part: usize, of: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(of).unwrap())
}

/// Every number is computed once more from the lines for single images.
pub(crate) fn evaluations_are_printed_and_written(folder: &Path) {
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

pub(crate) fn evaluations_are_averaged(folder: &Path) {
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
