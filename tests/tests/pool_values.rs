//! What generated expressions compute, against PyTorch's values: `data/pool_values.json`. The expressions are taken from
//! the code that is generated for the same layer, number by number.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use googlenetc_runtime::nn;
use googlenetc_runtime::tch::{Kind, Tensor};
use googlenetc_tests::text;
use serde_json::Value;

/// The layer of a case in the language.
fn layer(case: &Value) -> String {
    let arguments = &case["args"];
    let number = |name: &str| arguments[name].to_string();
    let flag = |name: &str| arguments[name].as_bool().unwrap();
    let ceil = if arguments["ceil"] == true { " ceil" } else { "" };
    match operation(case) {
        "avg_pool2d" => {
            let (kernel, stride, pad) = (number("k"), number("s"), number("p"));
            format!(
                "avgpool {kernel}x{kernel}/{stride} pad={pad} count_include_pad={}{ceil}",
                flag("count_include_pad")
            )
        }
        "max_pool2d" => {
            let (kernel, stride, pad) = (number("k"), number("s"), number("p"));
            format!("maxpool {kernel}x{kernel}/{stride} pad={pad}{ceil}")
        }
        "adaptive_avg_pool2d" => format!("avgpool adaptive={0}x{0}", number("out")),
        "local_response_norm" => {
            let (size, alpha, beta, k) = (number("size"), number("alpha"), number("beta"), number("k"));
            format!("lrn {size} alpha={alpha} beta={beta} k={k}")
        }
        other => panic!("{other}"),
    }
}

/// The name of the function, without the remark that may stand behind it.
fn operation(case: &Value) -> &str {
    case["op"].as_str().unwrap().split(' ').next().unwrap()
}

/// The arguments of the one call of `function` in the code that is generated for a layer.
fn generated(layer: &str, input: &[i64], function: &str) -> Vec<String> {
    let input: Vec<String> = input.iter().map(i64::to_string).collect();
    let heads = "heads: {main: {layers: [avgpool global, flatten, linear 3]}}";
    let spec = format!("network: Case\ninput: {}\nstem: {{it: {layer}}}\n{heads}\n", input.join("x"));
    let code = googlenetc::compile("case.yaml", &spec).rust().unwrap();
    let line = code.lines().find(|line| line.contains("probe.see(\"it\"")).unwrap();
    let call = line.split_once(&format!("{function}(")).unwrap_or_else(|| panic!("{function}: {line}")).1;
    let (mut depth, mut arguments) = (0, vec![String::new()]);
    for c in call.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ')' => break,
            ',' if depth == 0 => arguments.push(String::new()),
            _ => {}
        }
        if c != ',' || depth > 0 {
            arguments.last_mut().unwrap().push(c);
        }
    }
    arguments.into_iter().map(|argument| argument.trim().to_owned()).collect()
}

/// `[3, 3]`.
fn pair(argument: &str) -> [i64; 2] {
    let numbers = argument.trim_matches(['[', ']']).split(", ").map(|number| number.parse().unwrap());
    numbers.collect::<Vec<i64>>().try_into().unwrap()
}

fn boolean(argument: &str) -> bool {
    argument.parse().unwrap()
}

fn fraction(argument: &str) -> f64 {
    argument.replace('_', "").parse().unwrap()
}

/// What the generated call makes of `x` `[n, c, h, w]`.
fn ours(case: &Value, x: &Tensor) -> Tensor {
    let function = operation(case);
    let arguments = generated(&layer(case), &x.size()[1..], function);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match (function, &arguments[..]) {
        ("avg_pool2d", [kernel, stride, padding, ceil, count, "None"]) => {
            x.avg_pool2d(pair(kernel), pair(stride), pair(padding), boolean(ceil), boolean(count), None)
        }
        ("max_pool2d", [kernel, stride, padding, dilation, ceil]) => {
            x.max_pool2d(pair(kernel), pair(stride), pair(padding), pair(dilation), boolean(ceil))
        }
        ("adaptive_avg_pool2d", [size]) => x.adaptive_avg_pool2d(pair(size)),
        ("local_response_norm", ["x", size, alpha, beta, k]) => {
            nn::local_response_norm(x, size.parse().unwrap(), fraction(alpha), fraction(beta), fraction(k))
        }
        other => panic!("{other:?}"),
    }
}

fn matrix(value: &Value) -> (i64, i64, Vec<f64>) {
    let rows: Vec<Vec<f64>> = serde_json::from_value(value.clone()).unwrap();
    let size = |length: usize| i64::try_from(length).unwrap();
    (size(rows.len()), size(rows[0].len()), rows.concat())
}

#[test]
fn generated_expressions_compute_pytorchs_values() {
    let truth: Value = serde_json::from_str(&text("tests/data/pool_values.json")).unwrap();
    let cases = truth["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 110);
    for case in cases {
        let ((rows, columns, x), (_, _, expected)) = (matrix(&case["x"]), matrix(&case["y"]));
        // The rows of the norm's cases are samples, and their columns channels.
        let shape =
            if operation(case) == "local_response_norm" { [rows, columns, 1, 1] } else { [1, 1, rows, columns] };
        let y = ours(case, &Tensor::from_slice(&x).view(shape));
        assert_eq!(y.kind(), Kind::Double);
        let y = Vec::<f64>::try_from(y.contiguous().view(-1)).unwrap();
        assert_eq!(y.len(), expected.len(), "{case}");
        let close = y.iter().zip(&expected).all(|(y, expected)| (y - expected).abs() < 1e-12);
        assert!(close, "{case}\nours: {y:?}");
    }
}
