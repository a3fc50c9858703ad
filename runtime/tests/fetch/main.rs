//! Downloads from a server on this machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../fixtures/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod fixtures;

mod archives;
mod common;
mod server;
mod sets;

use common::{assert_refused, assert_refused_with, get, noise, options, set};
use googlenetc_runtime::data::fetch::{CATALOGUE, Event, Options, Outcome, Packing, fetch};
use server::{Reply, Server};
use std::fs;
use std::time::{Duration, Instant};
use tempfile::tempdir;

#[test]
fn a_file_is_fetched_once() {
    let (bytes, folder) = (noise(100_000, 1), tempdir().unwrap());
    let (copy, set) = (bytes.clone(), set(&bytes, Packing::None));
    let server = Server::new(move |request, _| Reply::part(request, &copy));
    assert_eq!(get(&set, folder.path(), &[&server]).unwrap(), Outcome::Fetched);
    let there = folder.path().join("there");
    assert_eq!(fs::read(there.join("file.bin")).unwrap(), bytes);
    let source = fs::read_to_string(there.join("SOURCE.txt")).unwrap();
    assert!(
        source.contains(set.files[0].sha256) && source.starts_with("test: bytes\nTerms of use: none\n"),
        "{source}"
    );
    let names = |folder| fs::read_dir(folder).unwrap().count();
    assert_eq!((names(folder.path()), names(&there)), (1, 2), "nothing else is left");
    assert_eq!(get(&set, folder.path(), &[&server]).unwrap(), Outcome::WasThere);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_wrong_file_is_refused() {
    let (right, wrong, folder) = (noise(5_000, 1), noise(5_000, 2), tempdir().unwrap());
    let (set_right, set_wrong) = (set(&right, Packing::None), set(&wrong, Packing::None));
    let bad = Server::new(move |request, _| Reply::part(request, &wrong));
    let sums = [set_right.files[0].sha256, set_wrong.files[0].sha256];
    assert_refused(&set_right, folder.path(), &[&bad], &["its SHA-256 is", sums[0], sums[1], &bad.url]);
    assert!(!folder.path().join("there.part/file.bin").exists());
    assert_eq!(bad.requests().len(), 1, "asking again would not help");
    let good = Server::new(move |request, _| Reply::part(request, &right));
    assert_eq!(get(&set_right, folder.path(), &[&bad, &good]).unwrap(), Outcome::Fetched);
}

#[test]
fn files_of_another_size_are_refused_before_they_arrive() {
    let (bytes, folder) = (noise(5_000, 1), tempdir().unwrap());
    let set = set(&bytes, Packing::None);
    let longer = Server::new(|_, _| Reply::whole(&noise(6_000, 1)));
    assert_refused(&set, folder.path(), &[&longer], &["a file of 6000 bytes lies there, expected 5000"]);
    let endless = Server::new(|_, _| Reply { no_length: true, ..Reply::whole(&noise(6_000, 1)) });
    assert_refused(&set, folder.path(), &[&endless], &["the file there goes on after 5000 bytes"]);
    let shorter = Server::new(|_, _| Reply { no_length: true, ..Reply::whole(&noise(4_000, 1)) });
    assert_refused(&set, folder.path(), &[&shorter], &["the connection ends after 4000 of 5000 bytes"]);
    // What has arrived from there is longer than the whole file here.
    let short = Server::new(|request, _| Reply::part(request, &noise(3_000, 1)));
    assert_refused(&set, folder.path(), &[&short], &["the file has only 3000 bytes there"]);
}

#[test]
fn a_connection_that_breaks_is_taken_up_where_it_broke() {
    for seed in 0..20 {
        let (bytes, folder) = (noise(200_000, 1), tempdir().unwrap());
        let (copy, cuts) = (bytes.clone(), noise(64, seed));
        let server = Server::new(move |request, number| {
            let reply = Reply::part(request, &copy).tagged("\"one\"");
            // Breaks off five times somewhere in the first 50,000 bytes.
            if number < 5 { reply.cut(usize::from(cuts[number]) * 200 + usize::from(cuts[number + 5])) } else { reply }
        });
        let mut options = options(&[&server]);
        options.tries = 6;
        fetch(&set(&bytes, Packing::None), &folder.path().join("there"), &options, &mut |_| {}).unwrap();
        assert_eq!(fs::read(folder.path().join("there/file.bin")).unwrap(), bytes);
        let requests = server.requests();
        assert_eq!((requests.len(), server.sent()), (6, bytes.len()), "seed {seed}: no byte is sent twice");
        for request in requests.iter().filter(|request| request.first.is_some()) {
            assert_eq!(request.if_range.as_deref(), Some("\"one\""));
        }
    }
}

#[test]
fn what_has_arrived_stays_for_the_next_time_and_for_other_sources() {
    let (bytes, folder) = (noise(100_000, 1), tempdir().unwrap());
    let set = set(&bytes, Packing::None);
    let (first, second) = (bytes.clone(), bytes.clone());
    let breaks = Server::new(move |request, number| match number {
        0 => Reply::part(request, &first).tagged("\"one\"").cut(70_000),
        _ => Reply::status("503 Service Unavailable"),
    });
    let kept = "70000 of 100000 bytes are kept in `";
    assert_refused(&set, folder.path(), &[&breaks], &["it answers 503 Service Unavailable", kept, "there.part`, and"]);
    assert_eq!(breaks.requests().len(), 3, "as often as `tries` says");
    let works = Server::new(move |request, _| Reply::part(request, &second));
    get(&set, folder.path(), &[&works]).unwrap();
    assert_eq!(works.sent(), 30_000);
    assert_eq!(works.requests()[0].if_range, None, "the tag is that of another server");
}

#[test]
fn a_server_without_ranges_begins_anew() {
    let (bytes, folder) = (noise(100_000, 1), tempdir().unwrap());
    let copy = bytes.clone();
    let server = Server::new(move |_, number| {
        let reply = Reply::whole(&copy);
        if number == 0 { reply.cut(60_000) } else { reply }
    });
    get(&set(&bytes, Packing::None), folder.path(), &[&server]).unwrap();
    assert_eq!(fs::read(folder.path().join("there/file.bin")).unwrap(), bytes);
    assert_eq!(server.sent(), 160_000);
    assert_eq!(server.requests()[1].first, Some(60_000));
}

#[test]
fn a_file_that_changes_meanwhile_is_not_patched_together() {
    // One server tells by the tag that the file is another one, the other does not.
    for tags in [true, false] {
        let (old, new, folder) = (noise(100_000, 1), noise(100_000, 2), tempdir().unwrap());
        let copy = new.clone();
        let server = Server::new(move |request, number| match number {
            0 => Reply::part(request, &old).tagged("\"old\"").cut(60_000),
            _ if tags && request.if_range.as_deref() != Some("\"new\"") => Reply::whole(&copy).tagged("\"new\""),
            _ => Reply::part(request, &copy),
        });
        get(&set(&new, Packing::None), folder.path(), &[&server]).unwrap();
        assert_eq!(fs::read(folder.path().join("there/file.bin")).unwrap(), new);
        assert_eq!(server.sent(), if tags { 160_000 } else { 200_000 });
    }
}

#[test]
fn sources_are_tried_in_turn() {
    let (bytes, folder) = (noise(1_000, 1), tempdir().unwrap());
    let copy = bytes.clone();
    let none = Server::new(|_, _| Reply::status("404 Not Found"));
    let good = Server::new(move |request, _| Reply::part(request, &copy));
    let mut refused = Vec::new();
    let mut watch = |event: Event<'_>| {
        if let Event::Refused { url, reason } = event {
            refused.push(format!("{url}: {reason}"));
        }
    };
    let there = folder.path().join("there");
    fetch(&set(&bytes, Packing::None), &there, &options(&[&none, &good]), &mut watch).unwrap();
    assert_eq!(refused, [format!("{}file.bin: it answers 404 Not Found", none.url)]);
    assert_eq!((none.requests().len(), good.requests()[0].path.as_str()), (1, "/file.bin"));
}

#[test]
fn servers_that_are_away_or_silent_are_given_up() {
    let (bytes, folder) = (noise(100_000, 1), tempdir().unwrap());
    let set = set(&bytes, Packing::None);
    let mut away = Server::new(|_, _| Reply::default());
    // Nobody listens on the first port.
    away.url = "http://127.0.0.1:1/".to_owned();
    assert_refused(&set, folder.path(), &[&away], &["http://127.0.0.1:1/file.bin: ", "refused"]);
    away.url = "ftp://127.0.0.1/".to_owned();
    assert_refused(&set, folder.path(), &[&away], &["ftp://127.0.0.1/file.bin: "]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing has come, and nothing is left");

    let begin = Instant::now();
    let impatient = |server| Options { stall: Duration::from_millis(300), tries: 2, ..options(&[server]) };
    let silent = Server::new(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Reply::default()
    });
    assert_refused_with(&set, folder.path(), &impatient(&silent), &["it does not answer in time"]);
    let slow = |size, pause| {
        let bytes = bytes.clone();
        Server::new(move |request, _| Reply { slow: Some((size, pause)), ..Reply::part(request, &bytes) })
    };
    let stops = slow(30_000, Duration::from_secs(60));
    assert_refused_with(&set, folder.path(), &impatient(&stops), &["nothing more comes after 0 of 100000 bytes"]);
    let trickles = slow(1, Duration::from_millis(50));
    assert_refused_with(&set, folder.path(), &impatient(&trickles), &["hardly anything comes after "]);
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[test]
fn redirects_are_followed_a_few_times() {
    let (bytes, folder) = (noise(1_000, 1), tempdir().unwrap());
    let set = set(&bytes, Packing::None);
    let endless = Server::new(|_, _| Reply::redirect("/file.bin"));
    assert_refused(&set, folder.path(), &[&endless], &["it redirects more than 5 times"]);
    let moved = Server::new(move |request, _| match request.path.as_str() {
        "/file.bin" => Reply::redirect("/elsewhere"),
        _ => Reply::part(request, &bytes),
    });
    get(&set, folder.path(), &[&moved]).unwrap();
}

#[test]
fn encryption_is_not_given_up() {
    let (bytes, folder) = (noise(100_000, 1), tempdir().unwrap());
    let (plain_copy, copy, cut) = (bytes.clone(), bytes.clone(), bytes.clone());
    let set = set(&bytes, Packing::None);
    let plain = Server::new(move |request, _| Reply::part(request, &plain_copy));
    let to = format!("{}file.bin", plain.url);
    let leads_away = Server::secure(move |_, _| Reply::redirect(&to));
    let reason = format!("it redirects from https to `{}file.bin`", plain.url);
    assert_refused(&set, folder.path(), &[&leads_away], &[&reason]);
    assert!(plain.requests().is_empty());

    let good = Server::secure(move |request, _| Reply::part(request, &copy));
    let mut options = options(&[&good]);
    let there = folder.path().join("there");
    // The certificate is from none of Mozilla's authorities.
    let known = options.authorities.take();
    let message = fetch(&set, &there, &options, &mut |_| {}).unwrap_err().to_string();
    assert!(message.contains("certificate") && good.requests().is_empty(), "{message}");
    // Nor from one in a file that has none.
    options.authorities = Some(folder.path().join("empty.pem"));
    fs::write(folder.path().join("empty.pem"), "").unwrap();
    let message = fetch(&set, &there, &options, &mut |_| {}).unwrap_err().to_string();
    assert!(message.contains("empty.pem` has no certificates"), "{message}");
    options.authorities = known;
    // A connection that is cut off, encrypted or not, has not brought the whole file.
    let cuts = Server::secure(move |request, _| {
        let reply = Reply::part(request, &cut);
        if request.first.is_none() { reply.cut(60_000) } else { Reply::status("404 Not Found") }
    });
    assert_refused(&set, folder.path(), &[&cuts], &["it answers 404 Not Found"]);
    fetch(&set, &there, &options, &mut |_| {}).unwrap();
    assert_eq!(fs::read(there.join("file.bin")).unwrap(), bytes);
    assert_eq!((cuts.sent(), good.sent()), (60_000, 40_000));
}

#[test]
fn other_folders_and_other_programs_are_left_alone() {
    let (bytes, folder) = (noise(1_000, 1), tempdir().unwrap());
    let copy = bytes.clone();
    let server = Server::new(move |request, _| Reply::part(request, &copy));
    let set = set(&bytes, Packing::None);
    let there = folder.path().join("there");
    fs::create_dir(&there).unwrap();
    fs::write(there.join("mine"), "").unwrap();
    let message = get(&set, folder.path(), &[&server]).unwrap_err().to_string();
    assert!(message.contains("is not empty: name a folder that is not there yet"), "{message}");
    fs::remove_file(there.join("mine")).unwrap();

    let part = folder.path().join("there.part");
    fs::create_dir(&part).unwrap();
    let lock = fs::File::create(part.join("lock")).unwrap();
    lock.lock().unwrap();
    let message = get(&set, folder.path(), &[&server]).unwrap_err().to_string();
    assert!(message.contains("another program is at work in"), "{message}");
    lock.unlock().unwrap();
    assert!(server.requests().is_empty());
    // An empty folder may be there.
    get(&set, folder.path(), &[&server]).unwrap();

    let huge = googlenetc_runtime::data::fetch::File { bytes: u64::MAX / 2, ..set.files[0] };
    let huge = googlenetc_runtime::data::fetch::DataSet { files: vec![huge].leak(), ..set };
    let message = get(&huge, &folder.path().join("huge"), &[&server]).unwrap_err().to_string();
    assert!(message.contains("but its disk has only"), "{message}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_catalogue_is_well_formed() {
    for set in CATALOGUE {
        for file in set.files {
            assert!(file.sha256.len() == 64 && file.sha256.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')));
            assert!(!file.name.contains('/'));
        }
        assert!(set.sources[0].starts_with("https://") && set.sources.iter().all(|url| url.ends_with('/')));
    }
    // The sizes that the authors of the formats give: 60,000 and 10,000 images, labels behind 8 bytes, images behind 16.
    let names: Vec<&str> = CATALOGUE.iter().map(|set| set.name).collect();
    assert_eq!(names, ["fashion-mnist", "mnist", "cifar10", "cifar100", "tiny-imagenet"]);
}
