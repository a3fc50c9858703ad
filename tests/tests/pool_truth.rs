//! Sizes and refusals of convolutions and pools, as PyTorch has them: `data/pool_truth.json`.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use googlenetc_tests::text;
use serde_json::Value;

/// Two numbers of a case, as specs write them: `7x7`.
fn pair(case: &Value, name: &str) -> String {
    let numbers: Vec<String> = case[name].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!(numbers.len(), 2, "{case}");
    numbers.join("x")
}

/// The same call as a network of one layer.
fn spec(case: &Value) -> String {
    let (input, kernel, stride) = (pair(case, "in"), pair(case, "k"), pair(case, "s"));
    let (padding, dilation) = (pair(case, "p"), pair(case, "d"));
    let ceil = if case["ceil"] == true { " ceil" } else { "" };
    let layer = match case["op"].as_str().unwrap() {
        "conv2d" => format!("conv {kernel}/{stride} 2 pad={padding} dilation={dilation}"),
        "max_pool2d" => format!("maxpool {kernel}/{stride} pad={padding} dilation={dilation}{ceil}"),
        "avg_pool2d" => format!("avgpool {kernel}/{stride} pad={padding}{ceil}"),
        other => panic!("{other}"),
    };
    let heads = "heads: {main: {layers: [avgpool global, flatten, linear 3]}}";
    format!("network: Case\ninput: 2x{input}\nstem: {{it: {layer}}}\n{heads}\n")
}

/// Height and width that the layer delivers, or nothing if it is refused.
fn ours(case: &Value) -> Option<Vec<u64>> {
    let network = googlenetc::compile("case.yaml", &spec(case)).network?;
    let report = googlenetc::report::report(&network);
    Some(report.layers[0].output.sizes()[1..].to_vec())
}

fn theirs(case: &Value) -> Option<Vec<u64>> {
    Some(case.get("out")?.as_array()?.iter().map(|size| size.as_u64().unwrap()).collect())
}

#[test]
fn every_call_has_pytorchs_verdict_and_size() {
    let truth: Value = serde_json::from_str(&text("tests/data/pool_truth.json")).unwrap();
    let cases = truth["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2000);
    let refused = cases.iter().filter(|case| case.get("error").is_some()).count();
    assert_eq!(refused, 861);
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| ours(case) != theirs(case))
        .map(|case| format!("{case}\n  ours: {:?}", ours(case)))
        .collect();
    assert!(wrong.is_empty(), "{} calls differ:\n{}", wrong.len(), wrong.join("\n"));
}
