//! Several specs, libraries and folders, and what cannot be asked for.

use super::common::{RIGHT, assert_exit, folder, run, stderr, stdout, wrong};
use super::{LIBRARY, feed, many_mistakes};

#[test]
fn the_last_line_sums_up_several_specs() {
    let (wrong, many) = (wrong(), many_mistakes(3));
    let folder = folder(&[("a.yaml", RIGHT), ("b.yaml", &wrong), ("c.yaml", &many), ("d.yaml", LIBRARY)]);
    let last = |arguments: &[&str]| {
        let output = run(&folder, &[&["check"], arguments].concat());
        let messages = stderr(&output);
        let mut lines = messages.lines().filter(|line| !line.starts_with("for more"));
        (output.status.code(), lines.next_back().map(String::from))
    };
    assert_eq!(last(&["a.yaml", "d.yaml"]), (Some(0), Some("2 specs: 2 fine".into())));
    let summed = "4 specs: 2 fine, 2 wrong; 4 errors";
    assert_eq!(last(&["a.yaml", "b.yaml", "c.yaml", "d.yaml"]), (Some(1), Some(summed.into())));
    let summed = "4 specs: 2 fine, 1 wrong, 1 unreadable; 1 error";
    assert_eq!(last(&["googlenet", "nowhere.yaml", "b.yaml", "a.yaml"]), (Some(3), Some(summed.into())));
    assert_eq!(last(&["b.yaml"]), (Some(1), Some("b.yaml: 1 error".into())), "one spec has its own verdict");
}

#[test]
fn people_are_told_once_where_to_read_more() {
    let wrong = wrong();
    let folder = folder(&[("a.yaml", RIGHT), ("b.yaml", &wrong), ("c.yaml", &wrong)]);
    let hints = |arguments: &[&str]| {
        let output = run(&folder, &[&["check"], arguments].concat());
        let all = stdout(&output) + &stderr(&output);
        all.lines().filter(|line| line.contains("googlenetc explain")).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(hints(&["a.yaml", "b.yaml", "c.yaml"]), ["for more, run: googlenetc explain E0301"]);
    assert_eq!(hints(&["a.yaml"]), [""; 0]);
    assert_eq!(hints(&["b.yaml", "--format", "short"]), [""; 0]);
    assert_eq!(hints(&["b.yaml", "--format", "github"]), [""; 0]);
}

#[test]
fn a_folder_stands_for_the_specs_in_it() {
    let wrong = wrong();
    let files = [
        ("b.yaml", RIGHT),
        ("a.gnet", "block one(n) { conv 1x1 $n }\n"),
        ("keys.yaml", "keys: {$: $}\n"),
        ("c.yml", &wrong),
        ("x.txt", RIGHT),
    ];
    let folder = folder(&files);
    std::fs::create_dir_all(folder.path().join("below/none")).expect("folders can be made");
    std::fs::write(folder.path().join("below/net.yaml"), RIGHT).expect("files can be written");
    let output = run(&folder, &["check", "."]);
    assert_exit(&output, 1, "3 specs: 2 fine, 1 wrong; 1 error");
    assert!(stderr(&output).contains(".: skipped what holds neither a network nor blocks: keys.yaml\n"));
    let places: Vec<usize> = ["./a.gnet: a library", "./b.yaml: Net is fine", "./c.yml: 1 error"]
        .map(|verdict| stderr(&output).find(verdict).expect(verdict))
        .into();
    assert!(places.is_sorted());
    assert_exit(&run(&folder, &["check", "below"]), 0, "below/net.yaml: Net is fine");
    assert_exit(&run(&folder, &["check", "below/none"]), 3, "there is no spec in the folder `below/none`");
}

#[test]
fn a_library_is_checked_without_a_network() {
    let folder = folder(&[
        ("fine.yaml", LIBRARY),
        ("uses.gnet", "use fine.yaml\nblock twice(n) { pair $n; pair $n }\n"),
        ("layer.yaml", &LIBRARY.replace("conv 3x3", "cnov 3x3")),
        ("parameter.yaml", &LIBRARY.replace("conv 3x3 $n", "conv 3x3 $m")),
        ("circle.yaml", "blocks: {a: {layers: [b]}, b: {layers: [a]}}\n"),
        ("arguments.yaml", "use: fine.yaml\nblocks: {a: {parameters: [n], layers: [pair 8 9]}}\n"),
    ]);
    let check = |file| run(&folder, &["check", file]);
    assert_exit(&check("fine.yaml"), 0, "fine.yaml: a library of 1 block is fine");
    assert_exit(&check("uses.gnet"), 0, "uses.gnet: a library of 1 block is fine");
    assert_exit(&check("layer.yaml"), 1, "did you mean `conv`?");
    assert_exit(&check("parameter.yaml"), 1, "nothing here is called `$m`");
    assert_exit(&check("circle.yaml"), 1, "calls itself");
    assert_exit(&check("arguments.yaml"), 1, "too many arguments");
    for command in [&["report"][..], &["build", "-o", "-"], &["diagram"]] {
        let output = run(&folder, &[command, &["fine.yaml"]].concat());
        assert_exit(&output, 1, "error[E0201]: the spec has no network, only blocks");
        assert_eq!(stderr(&output).matches("error").count(), 1, "{}", stderr(&output));
    }
    for library in googlenetc_specs::LIBRARIES {
        let spec = format!("use: {}\nblocks: {{one: {{layers: [relu]}}}}\n", library.name);
        assert_exit(&feed(&["check", "-"], &spec), 0, "<stdin>: a library of 1 block is fine");
        assert_exit(&feed(&["check", "-"], library.text), 0, "fine");
    }
}

#[test]
fn arguments_that_cannot_go_together_are_wrong_usage() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    for (arguments, message) in [
        (&["-", "--watch"][..], "standard input cannot be watched"),
        (&["net.yaml", "--watch", "--format", "sarif"], "use `--format json`"),
        (&["-", "--fix", "--format", "json"], "name a file"),
        (&["googlenet", "--fix"], "`googlenetc fmt googlenet --output googlenet.yaml`"),
        (&["net.yaml", "--limit", "many"], "--limit"),
    ] {
        let output = run(&folder, &[&["check"], arguments].concat());
        assert_exit(&output, 2, message);
        assert!(stderr(&output).contains("--help"), "{}", stderr(&output));
    }
}

/// What `..` means behind a link to a folder, the system says and not the name.
#[test]
#[cfg(unix)]
fn a_library_behind_a_link_is_the_one_that_the_system_opens() {
    let spec = RIGHT.replace("stem:\n", "use: ../blocks.yaml\nstem:\n  pair: pair 8\n");
    let folder = folder(&[]);
    let make = |name: &str| std::fs::create_dir_all(folder.path().join(name)).expect("folders can be made");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("files can be written");
    make("real/nets");
    make("here");
    write("real/nets/net.yaml", &spec);
    write("real/blocks.yaml", LIBRARY);
    std::os::unix::fs::symlink(folder.path().join("real/nets"), folder.path().join("here/nets"))
        .expect("links can be made");
    assert_exit(&run(&folder, &["check", "here/nets/net.yaml"]), 0, "Net is fine");
    // The file that the name alone would lead to.
    write("here/blocks.yaml", &LIBRARY.replace("conv 3x3", "cnov 3x3"));
    assert_exit(&run(&folder, &["check", "here/nets/net.yaml"]), 0, "Net is fine");
}
