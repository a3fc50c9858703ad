//! Whatever the bytes, the command ends in a verdict, soon and in little memory: exit code 0 or 1, never a signal.
#![cfg(feature = "cli")]
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests of the command write files and fail by panicking"
)]

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::{command, folder};
use process_control::{ChildExt, Control};

/// An answer should take a second, as `scripts/benchmark` measures. Tests are not optimised and share a busy machine, so this catches what
/// grows without bound.
const PATIENCE: Duration = Duration::from_secs(60);

/// All memory that the process may map, which is more than it uses: its allocator keeps one gibibyte of addresses ready.
const MEMORY: usize = 2 << 30;

/// All memory that it may use.
#[cfg(target_os = "linux")]
const MOST: u64 = 256_000_000;

/// What stands around the layers of a spec that is right.
fn net(body: &str, more: &str) -> String {
    format!(
        "network: Net\ninput: 4x16x16\nclasses: 3\n{more}{body}\n\
         heads: {{main: {{layers: [avgpool global, flatten, linear $classes]}}}}\n"
    )
}

/// Checks these bytes as a file of this name; gives the exit code and the messages.
fn check(name: &str, bytes: &[u8]) -> (i64, String) {
    let folder = folder(&[]);
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let child = command(&folder, &["check", name]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    #[cfg(target_os = "linux")]
    let peak = peak(child.id());
    let control = child.controlled_with_output().time_limit(PATIENCE).memory_limit(MEMORY).terminate_for_timeout();
    let output = control.wait().unwrap();
    let output = output.unwrap_or_else(|| panic!("{name}: no answer in {PATIENCE:?}"));
    #[cfg(target_os = "linux")]
    {
        let peak = peak.join().unwrap();
        assert!(peak < MOST, "{name}: {peak} bytes of memory");
    }
    let messages = String::from_utf8(output.stderr).expect("messages are UTF-8");
    let code = output.status.code().unwrap_or_else(|| panic!("{name}: ended by a signal:\n{messages}"));
    assert!(!messages.contains("panicked"), "{messages}");
    assert!(messages.len() < 1 << 20, "{name}: {} bytes of messages", messages.len());
    (code, messages)
}

/// The most memory that a process has used, in bytes, as the system last said before it ended.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> std::thread::JoinHandle<u64> {
    std::thread::spawn(move || {
        let mut peak = 0;
        while let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) {
            // A process that has ended has no such line.
            let Some(line) = status.lines().find(|line| line.starts_with("VmHWM:")) else { break };
            let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
            peak = kibibytes * 1024;
            std::thread::sleep(Duration::from_millis(1));
        }
        peak
    })
}

#[track_caller]
fn accepts(name: &str, text: &str) {
    let (code, messages) = check(name, text.as_bytes());
    assert_eq!(code, 0, "{messages}");
}

#[track_caller]
fn refuses(name: &str, bytes: impl AsRef<[u8]>, expected: &str) {
    let (code, messages) = check(name, bytes.as_ref());
    assert_eq!(code, 1, "{messages}");
    assert!(messages.contains(&format!("error[{expected}]")), "{expected} is not in:\n{messages}");
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A file of the largest size that is read.
fn largest(part: &str) -> Vec<u8> {
    part.bytes().cycle().take(3 << 20).collect()
}

#[test]
fn bombs_are_refused() {
    let aliases = lines(9, |level| {
        let next =
            if level == 0 { "[x]".to_owned() } else { format!("[{}]", vec![format!("*a{}", level - 1); 9].join(", ")) };
        format!("a{level}: &a{level} {next}\n")
    });
    refuses("aliases.yaml", aliases, "E0103");
    let blocks =
        lines(9, |level| format!("  b{level}: {{layers: [{}]}}\n", vec![format!("b{}", level + 1); 20].join(", ")));
    refuses("blocks.yaml", net("body: [b0]", &format!("blocks:\n{blocks}  b9: {{layers: [relu]}}\n")), "E0308");
    let repeats = "{repeat: 10000, layers: ".repeat(5) + "relu" + &"}".repeat(5);
    refuses("repeats.yaml", net(&format!("body: [{repeats}]"), ""), "E0308");
}

#[test]
fn nesting_of_any_depth_is_refused() {
    for (opening, name) in [
        ("[", "nested.yaml"),
        ("{a: ", "nested.yaml"),
        ("- ", "nested.yaml"),
        ("a {", "nested.gnet"),
        ("body { repeat 2 {", "nested.gnet"),
        ("concat { a: ", "nested.gnet"),
    ] {
        refuses(name, opening.repeat(100_000), "E0107");
    }
    let indented = lines(2000, |depth| format!("{}a:\n", " ".repeat(depth)));
    refuses("indented.yaml", indented, "E0107");
    refuses("parentheses.gnet", format!("block b{}", "(".repeat(4_000)), "E0114");
    refuses("parentheses.yaml", net(&format!("body: [{}relu]", "(".repeat(4_000)), ""), "E0114");
}

#[test]
fn a_hundred_thousand_of_anything_are_checked() {
    let many = 100_000;
    let block = "blocks: {b: {parameters: [n], layers: [conv 1x1 $n]}}\n";
    let rows = lines(many, |row| format!("    r{row}: [4, 4x16x16]\n"));
    accepts("rows.yaml", &net(&format!("table:\n  block: b\n  columns: [n, output]\n  rows:\n{rows}"), block));
    accepts("sequence.yaml", &net(&format!("body: [conv 1x1 4{}]", ", relu".repeat(many)), ""));
    let branches = lines(many, |branch| format!("        b{branch}: relu\n"));
    accepts("branches.yaml", &net(&format!("body:\n  - c:\n      add:\n{branches}"), ""));
    refuses("wrong.yaml", net(&format!("body: [conv 1x1 4{}]", ", relv".repeat(many)), ""), "E0202");
    accepts("convolutions.yaml", &net(&format!("body: [conv 1x1 4{}]", ", conv 3x3 4 pad=1 bias".repeat(many)), ""));
    let layers = lines(many, |layer| format!("  s{layer}: conv 3x3 4 pad=1\n"));
    accepts("stem.yaml", &net(&format!("stem:\n{layers}"), ""));
    let branches = lines(80_000, |branch| format!("        b{branch}: maxpool {0}x{0}/1 pad=1\n", branch % 5 + 2));
    refuses("sizes.yaml", net(&format!("body:\n  - c:\n      concat:\n{branches}"), ""), "E0302");
}

/// Blocks and copies say again what a spec says once: names, arguments, mistakes.
#[test]
fn nothing_is_said_again_without_end() {
    let copies = |layers: &str| vec![format!("{{repeat: 10000, layers: {layers}}}"); 11].join(", ");
    let long = "n".repeat(250);
    let names = |from: usize| (from..from + 900).map(|index| format!("p{index}")).collect::<Vec<_>>();
    let parameters = |from| names(from).join("=1, ") + "=1";
    let block =
        |parameters: &str, layers: &str| format!("blocks: {{b: {{parameters: [{parameters}], layers: [{layers}]}}}}\n");
    refuses("parameters.yaml", net(&format!("body: [{}]", copies("[b]")), &block(&parameters(0), "relu")), "E0308");
    let arguments = format!("[b {}]", "1 ".repeat(900));
    refuses("arguments.yaml", net(&format!("body: [{}]", copies(&arguments)), &block(&parameters(0), "relu")), "E0308");
    let word = format!("[b {}]", "w".repeat(4000));
    refuses("word.yaml", net(&format!("body: [{}]", copies(&word)), &block("n", "relu")), "E0308");
    let nested = format!("{{{long}: ").repeat(55) + "relu" + &"}".repeat(55);
    refuses("names.yaml", net(&format!("body: [{}]", copies(&nested)), ""), "E0308");
    refuses(
        "mistakes.yaml",
        net(&format!("body: [{}]", copies("[b]")), &block(&parameters(0), "conv 1x1 $pp")),
        "E0202",
    );
    refuses("mistakes.yaml", net("body: [b]", &block("n=1", &vec!["conv 1x1 $m"; 100_000].join(", "))), "E0202");
    refuses(
        "calls.yaml",
        net(&format!("body: [{}]", vec!["b p=1"; 100_000].join(", ")), &block(&parameters(0), "relu")),
        "E0203",
    );
}

/// Blocks that nothing calls leave only messages, and no network that is too large.
#[test]
fn blocks_that_nothing_calls_take_no_room() {
    let block =
        |index| format!("  b{index}: {{layers: [{{repeat: 10000, layers: [conv 3x3 4 pad=1 bias norm=batch]}}]}}\n");
    accepts("uncalled.yaml", &net("body: [relu]", &format!("blocks:\n{}", lines(11, block))));
}

/// What nobody needs is refused for how much it is, before it costs anything.
#[test]
fn what_is_too_much_is_refused() {
    let numbers = "1x".repeat(2 << 10) + "1";
    for layer in
        [format!("conv {numbers} 4"), format!("conv 1x1 4 -> {numbers}"), format!("conv {}", "1 ".repeat(5 << 10))]
    {
        refuses("long.yaml", net(&format!("body: [{layer}]"), ""), "E0108");
        refuses("long.gnet", format!("network Net\ninput 3x8x8\nbody {{ {layer} }}\n"), "E0108");
    }
    refuses("name.yaml", net(&format!("stem: {{{}: relu}}", "n".repeat(256)), ""), "E0113");
    refuses("name.gnet", format!("network Net\ninput 3x8x8\nstem {{ {}: relu }}\n", "n".repeat(256)), "E0113");
    refuses("values.yaml", net(&format!("body: [{}]", "1,".repeat(600_000)), ""), "E0108");
    refuses("layers.yaml", net(&format!("body: [{}]", "relu,".repeat(300_000)), ""), "E0108");
    refuses("layers.gnet", format!("network Net\ninput 3x8x8\nbody {{ {} }}\n", "relu;".repeat(300_000)), "E0108");
    // The words that are wrong before there are too many come first, and are as many as are shown.
    let line = "conv 1x1 4 ".to_owned() + &"a ".repeat(2000);
    refuses("arguments.yaml", net(&format!("body:\n{}", lines(700, |_| format!("- {line}\n"))), ""), "E0203");
    let body = lines(700, |_| format!("{line}\n"));
    refuses("arguments.gnet", format!("network Net\ninput 3x8x8\nbody {{\n{body}}}\n"), "E0203");
    // Here too what is wrong with the first of them comes first.
    for (key, entry, value, expected) in [
        ("use", "- a", "", "E0211"),
        ("defaults", "d", ": bias", "E0202"),
        ("lints", "l", ": allow", "E0202"),
        ("blocks", "b", ": {layers: relu}", "E0108"),
    ] {
        let entries = lines(20_000, |index| format!("  {entry}{index}{value}\n"));
        refuses("entries.yaml", net("body: [relu]", &format!("{key}:\n{entries}")), expected);
    }
    let parameters: Vec<String> = (0..1001).map(|index| format!("p{index}")).collect();
    let block = format!("blocks: {{b: {{parameters: [{}], layers: relu}}}}\n", parameters.join(", "));
    refuses("parameters.yaml", net("body: [relu]", &block), "E0108");
    let heads = lines(10_001, |index| format!("  h{index}: {{layers: [flatten, linear 3]}}\n"));
    refuses("heads.yaml", format!("network: Net\ninput: 3x8x8\nbody: [relu]\nheads:\n{heads}"), "E0108");
    let comments = format!(
        "network: Net\ninput: 3x8x8\nbody: [relu]\nheads: {{main: {{layers: [flatten, linear 3]}}}}\n{}",
        "#\n".repeat(1_400_000)
    );
    accepts("comments.yaml", &comments);
}

/// Where a message tells how channels came about, it goes back over every layer once, and not over every way to it.
#[test]
fn ways_that_part_and_meet_forty_times_are_explained() {
    for (branches, last, expected) in [
        ("a: identity, b: identity", "identity -> 7x16x16", "E0301"),
        ("a: maxpool 3x3/1 pad=1, b: relu", "identity -> 7x16x16", "E0301"),
        ("a: identity, b: identity", "conv 3x3 14 groups=7", "E0307"),
        ("a: identity, b: identity", "{add: {a: identity, b: conv 1x1 5}}", "E0311"),
    ] {
        let body = lines(40, |i| format!("  d{i}: twice\n"));
        let spec =
            net(&format!("stem:\n{body}  z: {last}\n"), &format!("blocks: {{twice: {{concat: {{{branches}}}}}}}\n"));
        refuses("net.yaml", spec, expected);
    }
}

#[test]
fn numbers_are_exact_or_refused() {
    let digits = "9".repeat(400);
    for number in [&digits, "9223372036854775808", "18446744073709551616", "1e400", "-1", "1e2"] {
        for spec in [
            net(&format!("body: [conv 3x3 {number}]"), ""),
            net(&format!("body: [conv {number}x3 4]"), ""),
            net(&format!("body: [{{repeat: {number}, layers: relu}}]"), ""),
            net("body: [relu]", "").replace("16x16", &format!("16x{number}")),
            net("body: [relu]", "").replace("classes: 3", &format!("classes: {number}")),
        ] {
            let (code, messages) = check("number.yaml", spec.as_bytes());
            assert_eq!(code, 1, "{messages}");
        }
    }
    refuses("product.yaml", net("body: [conv 1x1 1099511627776, conv 3x3 1099511627776]", ""), "E0308");
    refuses("product.yaml", net("body: [conv 1x1 2147483647, conv 3x3 2147483647, conv 3x3 2147483647]", ""), "E0308");
}

#[test]
fn encodings_are_told_apart() {
    let right = net("body: [conv 1x1 4 activation=relu] # größer", "");
    let units = |from_unit: fn(u16) -> [u8; 2], mark: &str| {
        format!("{mark}{right}").encode_utf16().flat_map(from_unit).collect::<Vec<u8>>()
    };
    for mark in ["", "\u{feff}"] {
        refuses("utf16.yaml", units(u16::to_le_bytes, mark), "E0119");
        refuses("utf16.gnet", units(u16::to_be_bytes, mark), "E0119");
    }
    let latin1: Vec<u8> = right.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    refuses("latin1.yaml", latin1, "E0119");
    refuses("cut.yaml", &right.as_bytes()[..=right.find('ö').unwrap()], "E0119");
    refuses("noise.gnet", [0x80, 0xff, 0x00, 0xc0, 0xf8], "E0119");
    accepts("mark.yaml", &format!("\u{feff}{right}"));
    accepts("windows.yaml", &right.replace('\n', "\r\n"));
    accepts("old.yaml", &right.replace(" # größer", "").replace('\n', "\r"));
}

#[test]
fn characters_that_nobody_sees_are_refused() {
    for character in ["\0", "\u{7}", "\u{1b}[31m", "\u{202e}", "\u{2066}", "\u{200f}", "\u{85}"] {
        let (code, messages) = check("hidden.yaml", net("body: [relu]", &format!("# {character}\n")).as_bytes());
        assert_eq!(code, 1, "{messages}");
        assert!(!messages.contains(character), "{messages}");
    }
    // A name that edits mention.
    let branches = "concat { a: conv 3x3/2 64 pad=1; \u{1d}: maxpool 3x3/2 }";
    let spec = format!("network Net\ninput 4x28x28\nbody {{ {branches} }}\nhead main {{ flatten; linear 10 }}\n");
    let (code, messages) = check("hidden.gnet", spec.replace("; \u{1d}", "\n\u{1d}").as_bytes());
    assert_eq!(code, 1, "{messages}");
    assert!(messages.contains("error[E0302]") && !messages.contains('\u{1d}'), "{messages}");
    // Words that messages and proposals repeat.
    let spec = net("table: {block: b, columns: [n], rows: {a: [8]}}\n", "blocks:\n  b\tb: {layers: [relu]}\n");
    let (code, messages) = check("tab.yaml", spec.as_bytes());
    assert_eq!(code, 1, "{messages}");
    assert!(messages.contains("`b\\tb`") && !messages.contains('\t'), "{messages}");
    let (code, messages) = check("tab.gnet", b"network Net\ninput 3x32x32\nstem \t\x021: conv 3x3 8\n}\n");
    assert_eq!(code, 1, "{messages}");
    assert!(messages.contains("\\t\\u{2}1") && !messages.contains('\t'), "{messages}");
    refuses("documents.yaml", net("body: [relu]", "") + "---\n" + &net("body: [relu]", ""), "E0106");
}

#[test]
fn files_of_the_largest_size_are_answered() {
    for part in ["a", "\n", "[", "}", "\"", "&a ", "\u{e4}", "a: b\n", "x: relu\n"] {
        for name in ["large.yaml", "large.gnet"] {
            let (code, messages) = check(name, &largest(part));
            assert_eq!(code, 1, "{part}: {messages}");
        }
    }
    refuses("too-large.yaml", [largest("#"), b"#".to_vec()].concat(), "E0108");
    refuses("bytes.yaml", vec![0xff; 3 << 20], "E0119");
}

/// A file without an end is not read to its end.
#[test]
#[cfg(target_os = "linux")]
fn an_endless_file_is_refused() {
    let folder = folder(&[]);
    let child = command(&folder, &["check", "/dev/zero"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let control = child.controlled_with_output().time_limit(PATIENCE).memory_limit(MEMORY).terminate_for_timeout();
    let output = control.wait().unwrap().expect("it ends");
    assert_eq!(output.status.code(), Some(3), "zeros are no text");
}
