//! Any text as Tiny-ImageNet's list of annotations.
#![no_main]

use googlenetc_runtime::data::tiny_imagenet::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let lines: Vec<&str> = text.lines().collect();
    match parse(text) {
        Ok(annotations) => {
            assert_eq!(annotations.len(), lines.iter().filter(|line| !line.trim().is_empty()).count(), "a line each");
            for annotation in annotations {
                let line = lines[annotation.line - 1];
                assert!(line.trim_start().starts_with(annotation.file) && line.contains(annotation.class));
                assert!(!annotation.class.is_empty() && !annotation.class.contains('\t'));
                let path = std::path::Path::new(annotation.file);
                assert_eq!(path.file_name(), Some(path.as_os_str()), "it stays in its folder");
            }
        }
        Err(problem) => assert!((1..=lines.len()).contains(&problem.line) && !problem.reason.is_empty()),
    }
});
