//! A download that is killed, again and again, and goes on.
//!
//! This file is a program without a test harness: told so by the environment it downloads, otherwise it runs itself as that,
//! kills it at some moment, and looks at what is there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "fetch/common.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod common;
#[path = "fetch/server.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod server;

use common::{CONTENT, noise, options, set};
use googlenetc_runtime::data::fetch::{Options, Packing, fetch};
use server::{Reply, Server};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Holds the address of the server when this is the program that downloads.
const SERVER: &str = "FETCH_FROM";

fn main() -> ExitCode {
    let files: Vec<Vec<u8>> = (0..6).map(|i| noise(50_000, i)).collect();
    let archive = archive(&files);
    let set = set(&archive, Packing::Zip(CONTENT));
    if let Ok(url) = std::env::var(SERVER) {
        let options = Options { mirrors: vec![url], ..options(&[]) };
        fetch(&set, Path::new("there"), &options, &mut |_| {}).unwrap();
        return ExitCode::SUCCESS;
    }
    let size = archive.len();
    // About a third of a second for all of it.
    let server = Server::new(move |request, _| Reply {
        slow: Some((4_096, Duration::from_millis(4))),
        ..Reply::part(request, &archive).tagged("\"one\"")
    });
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there");
    let mut killed = 0;
    loop {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let mut child = child.env(SERVER, &server.url).current_dir(folder.path()).spawn().unwrap();
        let asked = server.requests().len();
        let begin = Instant::now();
        while server.requests().len() == asked
            && begin.elapsed() < Duration::from_secs(1)
            && child.try_wait().unwrap().is_none()
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        // Sooner or later than the time before.
        std::thread::sleep(Duration::from_millis(20 + 17 * killed % 50));
        let _ = child.kill();
        if child.wait().unwrap().success() {
            break;
        }
        killed += 1;
        assert!(!there.exists() || there.join("5").exists(), "what is there is whole");
        assert!(killed < 100, "it gets on");
    }
    for (i, bytes) in files.iter().enumerate() {
        assert!(fs::read(there.join(i.to_string())).unwrap() == *bytes, "file {i}");
    }
    assert!(killed >= 2, "it was killed {killed} times");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let firsts: Vec<Option<usize>> = server.requests().iter().map(|request| request.first).collect();
    assert!(firsts.iter().skip(1).all(|first| first.is_some_and(|first| first < size)), "{firsts:?}");
    assert!(firsts.is_sorted(), "every request goes on where one was killed: {firsts:?}");
    ExitCode::SUCCESS
}

fn archive(files: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (i, bytes) in files.iter().enumerate() {
        writer.start_file(format!("set/{i}"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
