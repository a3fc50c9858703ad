//! Sizes and refusals beyond convolutions and pools with a window, as PyTorch has them: `data/pool_extra.json`.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use googlenetc_tests::text;
use serde_json::Value;

/// What the language cannot say, by the beginning of a case's name, and why.
const NOT_EXPRESSIBLE: [(&str, &str); 13] = [
    ("adaptive_avg_pool2d out (None,3)", "an adaptive pool gives both its rows and its columns"),
    ("adaptive_avg_pool2d out 0", "a map has at least one row and one column"),
    ("conv2d padding='same' stride 2", "padding is always numbers, which have a meaning at every stride"),
    ("conv2d padding='foo'", "PyTorch's words for paddings are not part of the language"),
    ("conv2d input has 480 channels", "the channels that come in are derived"),
    ("nn.Conv2d(0, 8, 3)", "a map has at least one channel"),
    ("conv2d on a 0-batch", "a spec does not say the batch"),
    ("cat of different batch", "branches read one value, so that their batches are one; `--at` looks after reshapes"),
    ("linear 2048 fed 1152", "the features that come in are derived; `--at` keeps them fixed"),
    ("view(-1,2048) of [2,128,3,3]", "a spec does not say the batch; `--at` does"),
    ("view(-1,2048) of [16,128,3,3]", "a spec does not say the batch; `--at` does"),
    ("batch_norm train on [1,128,1,1]", "a spec does not say the batch; `--at` does"),
    ("batch_norm train on [2,128,1,1]", "a spec does not say the batch; `--at` does"),
];

/// Input and layer of a case.
fn layer(name: &str) -> (String, String) {
    let numbers: Vec<u64> =
        name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    let maps = |channels: u64, size: u64| format!("{channels}x{size}x{size}");
    if let Some(rest) = name.strip_prefix("adaptive_avg_pool2d in ") {
        let (size, out) = rest.split_once(" out ").unwrap();
        return (maps(2, size.parse().unwrap()), format!("avgpool adaptive={out}"));
    }
    if let Some(rest) = name.strip_prefix("conv2d padding='same' k") {
        let (kernel, rest) = rest.split_once(" d").unwrap();
        let (kernel, dilation): (u64, u64) = (kernel.parse().unwrap(), rest[..1].parse().unwrap());
        // PyTorch puts the odd row behind.
        let total = dilation * (kernel - 1);
        let (before, after) = (total / 2, total - total / 2);
        let pad = format!("pad={before}x{after}x{before}x{after}");
        return (maps(1, 14), format!("conv {kernel}x{kernel} 1 dilation={dilation} {pad}"));
    }
    if let Some(rest) = name.strip_prefix("META ONLY conv2d weight with ") {
        let channels = rest.split(' ').next().unwrap();
        return (maps(3, 8), format!("conv 1x1 {channels}"));
    }
    if name.starts_with("META ONLY max_pool2d k3 s2 p1") {
        return (format!("1x3x{}", numbers.last().unwrap()), "maxpool 3x3/2 pad=1".into());
    }
    if name.starts_with("META ONLY conv2d k3 s2 p1") {
        return (format!("3x3x{}", numbers.last().unwrap()), "conv 3x3/2 1 pad=1".into());
    }
    match name {
        "adaptive_avg_pool2d out -1" => (maps(2, 5), "avgpool adaptive=-1".into()),
        "conv2d padding='valid'" => (maps(1, 14), "conv 3x3 1 pad=0".into()),
        "conv2d groups=3 with 64 channels" => (maps(64, 8), "conv 3x3 64 pad=0 groups=3".into()),
        "conv2d groups=32 depthwise-ish 64->64" => (maps(64, 8), "conv 3x3 64 pad=0 groups=32".into()),
        "conv2d groups=0" => (maps(64, 8), "conv 3x3 64 pad=0 groups=0".into()),
        "nn.Conv2d(64, 60, 3, groups=32)" => (maps(64, 8), "conv 3x3 60 pad=0 groups=32".into()),
        "nn.Conv2d(64, 0, 3)" => (maps(64, 8), "conv 3x3 0 pad=0".into()),
        "nn.Conv2d(3, -8, 3)" => (maps(3, 8), "conv 3x3 -8 pad=0".into()),
        "nn.Conv2d(3, 8, 3.0)" => (maps(3, 8), "conv 3.0x3.0 8 pad=0".into()),
        "conv2d on a 0-height map" => ("3x0x8".into(), "conv 3x3 8 pad=1".into()),
        "max_pool2d on a 0-height map" => ("3x0x8".into(), "maxpool 2x2".into()),
        "conv2d 3-d (unbatched) input" => (maps(3, 8), "conv 3x3 8 pad=0".into()),
        "cat 28x28 with 27x27 on dim 1" => (maps(2, 28), "{concat: {a: conv 1x1 2, b: conv 2x2 2 pad=0}}".into()),
        "view(-1,2048) of [2,128,4,4]" => (maps(128, 4), "reshape 2048".into()),
        other => panic!("what is `{other}`?"),
    }
}

/// The sizes for one sample, or nothing if the spec is refused.
fn ours(name: &str) -> Option<Vec<u64>> {
    let (input, layer) = layer(name);
    let head = if layer.starts_with("reshape") { "linear 3" } else { "avgpool global, flatten, linear 3" };
    let spec = format!("network: Case\ninput: {input}\nstem: {{it: {layer}}}\nheads: {{main: {{layers: [{head}]}}}}\n");
    let compilation = googlenetc::compile("case.yaml", &spec);
    let has_errors = googlenetc_dsl::diagnostic::has_errors(&compilation.diagnostics);
    assert_eq!(compilation.network.is_none(), has_errors, "{}", compilation.render(false));
    let network = compilation.network?;
    Some(network.shape(network.network().trunk[0].output).sizes())
}

/// PyTorch's sizes without the batch, or nothing if it refuses; the word of CPU tensors counts for more.
fn theirs(case: &Value) -> Option<Vec<u64>> {
    let verdict = case.get("cpu").unwrap_or(&case["meta"]);
    let sizes: Vec<u64> = verdict.as_array()?.iter().map(|size| size.as_u64().unwrap()).collect();
    let is_unbatched = case["case"].as_str().unwrap().contains("unbatched");
    Some(sizes[usize::from(!is_unbatched)..].to_vec())
}

#[test]
fn every_case_has_pytorchs_verdict_and_size() {
    let truth: Value = serde_json::from_str(&text("tests/data/pool_extra.json")).unwrap();
    let cases = truth["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 98);
    let mut left_out = 0;
    for case in cases {
        let name = case["case"].as_str().unwrap();
        if NOT_EXPRESSIBLE.iter().any(|(beginning, _)| name.starts_with(beginning)) {
            left_out += 1;
            continue;
        }
        assert_eq!(ours(name), theirs(case), "{name}");
    }
    assert_eq!(left_out, NOT_EXPRESSIBLE.len());
}
