//! Files that are damaged, or made to do harm: they are refused, change nothing, and run nothing.

use crate::common::Tiny;
use crate::{assert_says, contents, data, store};
use googlenetc_runtime::weights;
use rand::{RngExt, SeedableRng};
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Loads a file with these bytes, which must fail, and gives the message. What was in the store must still be there.
#[track_caller]
fn refusal(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile");
    std::fs::write(&path, bytes).unwrap();
    let (mut store, _network) = store::<Tiny>(1);
    let before = contents(&store);
    let error = weights::load::<Tiny>(&mut store, &path).unwrap_err();
    assert_eq!(contents(&store), before, "{error}");
    error.to_string()
}

/// A file as `torch.save` writes it.
fn archive(pickle: &[u8], storages: &[(&str, &[u8])]) -> Vec<u8> {
    archive_with(CompressionMethod::Stored, &[("data.pkl", pickle), ("byteorder", b"little")], storages)
}

fn archive_with(method: CompressionMethod, files: &[(&str, &[u8])], storages: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    let storages = storages.iter().map(|(name, bytes)| (format!("data/{name}"), *bytes));
    for (name, bytes) in files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).chain(storages) {
        writer.start_file(format!("archive/{name}"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn pickle_of(name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(std::fs::File::open(data(name)).unwrap()).unwrap();
    let pickle = archive.file_names().map(|name| name.unwrap().into_owned()).find(|name| name.ends_with("/data.pkl"));
    let mut bytes = Vec::new();
    archive.by_name(&pickle.unwrap()).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// The text of a pickle's instruction `BINUNICODE`.
fn unicode(text: &str) -> Vec<u8> {
    [&b"X"[..], &u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
}

/// The text of `SHORT_BINUNICODE`.
fn short(text: &str) -> Vec<u8> {
    [&[0x8c, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

/// Pickles that would make a file at `path` if they were run as Python runs them, with what the refusal must say.
fn harmful(path: &Path) -> Vec<(Vec<u8>, &'static str)> {
    let path = path.to_str().unwrap();
    let (command, mode) = (unicode(&format!("touch '{path}'")), unicode("w"));
    let path = unicode(path);
    let parts = |parts: &[&[u8]]| parts.concat();
    vec![
        (parts(&[b"\x80\x02cos\nsystem\n", &command, b"\x85R."]), "it asks for `os.system`"),
        (parts(&[b"\x80\x02cposix\nsystem\n", &command, b"\x85R."]), "it asks for `posix.system`"),
        (parts(&[b"\x80\x02cbuiltins\nopen\n", &path, &mode, b"\x86R."]), "it asks for `builtins.open`"),
        (parts(&[b"\x80\x02c__builtin__\nopen\n(", &path, &mode, b"tR."]), "it asks for `__builtin__.open`"),
        (
            parts(&[b"\x80\x04", &short("os"), &short("system"), b"\x93", &command, b"\x85R."]),
            "it asks for `os.system`",
        ),
        (
            parts(&[b"\x80\x04", &short("io"), b"\x94", &short("open"), b"\x94\x93\x94", &path, &mode, b"\x86R."]),
            "`io.open`",
        ),
        // As a value of a dictionary, as its key, and after a good beginning.
        (parts(&[b"\x80\x02}", &unicode("a"), b"cos\nsystem\n", &command, b"\x85Rs."]), "it asks for `os.system`"),
        (
            parts(&[b"\x80\x02ccollections\nOrderedDict\n)R(", b"cos\nsystem\n", &command, b"\x85RK\x01u."]),
            "`os.system`",
        ),
        // In the state that BUILD would set.
        (
            parts(&[b"\x80\x02ccollections\nOrderedDict\n)R}", &unicode("a"), b"cos\nsystem\n", &command, b"\x85Rsb."]),
            "`os.system`",
        ),
        (parts(&[b"\x80\x02(cos\nsystem\n", &command, b"o."]), "it asks for `os.system`"),
        (parts(&[b"\x80\x02(", &command, b"ios\nsystem\n."]), "the instruction `INST`"),
        (parts(&[b"\x80\x02(", &command, b"o."]), "the instruction `OBJ`"),
        (parts(&[b"\x80\x02ctorch\nload\n", &path, b"\x85R."]), "it asks for `torch.load`"),
        (
            parts(&[b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\x00\n)R."]),
            "it asks for `torch._utils._rebuild_tensor_v2\\u{0}`",
        ),
        (
            parts(&[b"\x80\x02ccollections\nOrderedDict.fromkeys\n)R."]),
            "it asks for `collections.OrderedDict.fromkeys`",
        ),
        (
            parts(&[b"\x80\x02cbuiltins\ngetattr\ncos\nsystem\n", &unicode("x"), b"\x86R."]),
            "it asks for `builtins.getattr`",
        ),
    ]
}

#[test]
fn code_in_a_pickle_is_refused_and_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    let legacy = std::fs::read(data("tiny-legacy.pth")).unwrap();
    // Three pickles stand before the object; the last of them ends here.
    let object = position(&legacy, b"ccollections\nOrderedDict");
    let start = legacy[..object].iter().rposition(|byte| *byte == 0x80).unwrap();
    for (pickle, expected) in harmful(&path) {
        for bytes in [archive(&pickle, &[]), [&legacy[..start], &pickle[..]].concat()] {
            let message = refusal(&bytes);
            assert_says(&message, &["is refused, and nothing in it was run", expected]);
            assert!(!path.exists(), "{message}");
        }
    }
}

fn position(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap()
}

/// Runs each file of a folder, and says how often that made a file.
const RUN: &str = "
import os, pickle, sys
folder, made = sys.argv[1:]
count = 0
for name in os.listdir(folder):
    try:
        pickle.load(open(os.path.join(folder, name), 'rb'))
    except Exception:
        pass
    if os.path.exists(made):
        os.remove(made)
        count += 1
print(count)
";

/// That the pickles above are what they are called: Python makes a file from most of them. Those that are for PyTorch or broken
/// on purpose make none.
#[test]
fn python_would_run_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    let pickles = folder.path().join("pickles");
    std::fs::create_dir(&pickles).unwrap();
    for (index, (pickle, _)) in harmful(&path).iter().enumerate() {
        std::fs::write(pickles.join(index.to_string()), pickle).unwrap();
    }
    let python = Command::new("python3").args(["-c", RUN]).arg(&pickles).arg(&path).output();
    // Nothing else here needs Python.
    let Ok(output) = python else { return };
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "11");
}

#[test]
fn instructions_that_make_objects_are_refused() {
    for (pickle, name) in [
        (&b"\x80\x02ccollections\nOrderedDict\n)\x81."[..], "NEWOBJ"),
        (b"\x80\x04ccollections\nOrderedDict\n)}\x92.", "NEWOBJ_EX"),
        (b"\x80\x02\x82\x01.", "EXT1"),
        (b"\x80\x02\x83\x01\x00.", "EXT2"),
        (b"\x80\x02\x84\x01\x00\x00\x00.", "EXT4"),
        (b"\x80\x02)}b.", "BUILD"),
        (b"\x80\x02ctorch\nFloatStorage\n}b.", "BUILD"),
    ] {
        assert_says(&refusal(&archive(pickle, &[])), &["is refused, and nothing in it was run", &format!("`{name}`")]);
    }
}

#[test]
fn broken_pickles_are_damaged_files() {
    let long_list = [&b"\x80\x02"[..], &b"]".repeat(2 << 20)].concat();
    let many_marks = [&b"\x80\x02"[..], &b"(".repeat(2 << 20)].concat();
    let deep = [&b"\x80\x02]"[..], &b"\x85".repeat(500_000), b"."].concat();
    for (pickle, expected) in [
        (&b""[..], "its pickle ends too early"),
        (b"\x80\x02", "its pickle ends too early"),
        (b"\x80\x02.", "takes more from its stack than is there"),
        (b"\x80\x02(.", "takes more from its stack than is there"),
        (b"\x80\x02N(\x85.", "takes more from its stack than is there"),
        (b"\x80\x01N.", "unknown protocol 1"),
        (b"\x80\x06N.", "unknown protocol 6"),
        (b"I1\n.", "the instruction 0x49, which PyTorch does not write"),
        (b"\x80\x02N0.", "the instruction 0x30"),
        (b"\x80\x02Pos\n.", "the instruction 0x50"),
        (b"\x80\x02h\x05.", "names a value that it never made"),
        (b"\x80\x02j\xff\xff\xff\xff.", "names a value that it never made"),
        (b"\x80\x02t.", "ends a list that it never began"),
        (b"\x80\x02q\x01.", "has an empty stack"),
        (b"\x80\x02NNa.", "appends to what is no list"),
        (b"\x80\x02NNNs.", "sets entries of what is no dictionary"),
        (b"\x80\x02}(Nu.", "sets a key without a value"),
        (b"\x80\x02NNR.", "calls what is no function"),
        (b"\x80\x02N)R.", "calls what is no function"),
        (b"\x80\x02ctorch\nFloatStorage\n)R.", "calls what is no function"),
        (b"\x80\x02ccollections\nOrderedDict\n]\x85R.", "makes a dictionary in an unknown form"),
        (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.", "makes a tensor of something else"),
        (b"\x80\x02ctorch._utils\n_rebuild_parameter\n)R.", "makes a parameter of what is no tensor"),
        (b"\x80\x02NQ.", "has a storage in an unknown form"),
        (b"\x80\x04NN\x93.", "has a name that is no text"),
        (b"\x80\x02X\xff\xff\xff\xffa.", "its pickle ends too early"),
        (b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffa.", "its pickle ends too early"),
        (b"\x80\x02X\x01\x00\x00\x00\xff.", "no UTF-8"),
        (&long_list, "is larger than that of any network"),
        (&many_marks, "is larger than that of any network"),
        (&deep, "holds no dictionary of tensors"),
        (b"\x80\x02N.", "holds no dictionary of tensors"),
        (b"\x80\x02}.", "it is empty"),
        (b"\x80\x02}X\x05\x00\x00\x00epochK\x01s.", "it has `epoch`"),
        (b"\x80\x02}K\x01K\x02s.", "has keys in its dictionary that are no texts"),
        // A list that contains itself, under a key of which tensors are expected.
        (b"\x80\x02}X\x05\x00\x00\x00model]q\x01h\x01as.", "it has `model`"),
        (b"\x80\x02}q\x01X\x05\x00\x00\x00modelh\x01s.", "it has `model`"),
    ] {
        assert_says(&refusal(&archive(pickle, &[])), &[expected]);
    }
}

/// `{"a": _rebuild_tensor_v2(storage, offset, shape, strides, False, None)}` in one storage `0` of `elements` numbers. Numbers
/// are LONG1, which can have any size.
fn one_tensor(elements: i64, offset: i64, shape: &[i64], strides: &[i64]) -> Vec<u8> {
    let number = |n: i64| [&b"\x8a\x08"[..], &n.to_le_bytes()].concat();
    let tuple =
        |sizes: &[i64]| [b"(".to_vec(), sizes.iter().flat_map(|n| number(*n)).collect(), b"t".to_vec()].concat();
    let storage = [
        b"(".to_vec(),
        unicode("storage"),
        b"ctorch\nFloatStorage\n".to_vec(),
        unicode("0"),
        unicode("cuda:3"), // where it was; no file decides where it goes
        number(elements),
        b"tQ".to_vec(),
    ]
    .concat();
    let arguments = [storage, number(offset), tuple(shape), tuple(strides), b"\x89N".to_vec()].concat();
    let call = [&b"ctorch._utils\n_rebuild_tensor_v2\n("[..], &arguments, b"tR"].concat();
    [&b"\x80\x02}"[..], &unicode("a"), &call, b"s."].concat()
}

#[test]
fn tensors_beyond_their_storage_are_refused() {
    let storage: &[(&str, &[u8])] = &[("0", &[0; 64])];
    // In a storage of 16 numbers there is room for the first of these.
    let sound = refusal(&archive(&one_tensor(16, 0, &[4, 4], &[4, 1]), storage));
    assert_says(&sound, &["does not fit `Tiny`", "unexpected: `a`"]);
    // As PyTorch wrote it before 0.4.
    let mut old = one_tensor(16, 0, &[4, 4], &[4, 1]);
    let version = position(&old, b"_v2\n");
    old.drain(version..version + 3);
    let arguments = position(&old, b"\x89NtR");
    old.drain(arguments..arguments + 2);
    assert_says(&refusal(&archive(&old, storage)), &["does not fit `Tiny`", "unexpected: `a`"]);
    let beyond = "`a` reaches beyond the end of its storage";
    for (elements, offset, shape, strides, expected) in [
        (17, 0, &[4, 4][..], &[4, 1][..], beyond),
        (16, 1, &[4, 4], &[4, 1], beyond),
        (16, 0, &[4, 4], &[5, 1], beyond),
        (15, 0, &[4, 4], &[4, 1], beyond),
        (16, i64::MAX, &[1], &[1], beyond),
        (i64::MAX, 0, &[1], &[1], beyond),
        (16, 0, &[1 << 40, 1 << 40], &[0, 0], "is larger than any memory"),
        (16, 0, &[2, 2], &[i64::MAX, i64::MAX], "is larger than any memory"),
        (16, 0, &[4], &[4, 1], "is larger than any memory"),
        (16, -1, &[4], &[1], "begins before its storage"),
        (16, 0, &[-4], &[1], "has a negative size"),
        (16, 0, &[4], &[-1], "has a negative size"),
        (-16, 0, &[4], &[1], "negative length"),
        (16, 0, &[1; 17], &[1; 17], "more dimensions than any layer"),
    ] {
        assert_says(&refusal(&archive(&one_tensor(elements, offset, shape, strides), storage)), &[expected]);
    }
    // A view may show the same number again and again, but memory is made for variables of the network only.
    assert_says(&refusal(&archive(&one_tensor(16, 0, &[1 << 50], &[0]), storage)), &["unexpected: `a`"]);
}

#[test]
fn archives_that_are_not_pytorchs_are_refused() {
    let pickle = one_tensor(16, 0, &[4], &[1]);
    let zeros: &[(&str, &[u8])] = &[("0", &[0; 64])];
    let stored = CompressionMethod::Stored;
    let with = |files: &[(&str, &[u8])], storages: &[(&str, &[u8])]| refusal(&archive_with(stored, files, storages));
    assert_says(&with(&[("data.pkl", &pickle)], &[]), &["its storage `archive/data/0` is missing"]);
    assert_says(&with(&[("data.pkl", &pickle), ("byteorder", b"big")], zeros), &["the byte order `big`"]);
    assert_says(&with(&[("arrays.npy", b"")], &[]), &["is a zip archive, but none of PyTorch's: it has no `data.pkl`"]);
    assert_says(&with(&[("data.pkl", &pickle), ("constants.pkl", b"")], zeros), &["is a TorchScript program"]);
    // A number in the storage that its checksum does not speak of.
    let mut bytes = archive(&pickle, &[("0", &[77; 64])]);
    let place = position(&bytes, &[77; 64]);
    bytes[place + 10] = 78;
    assert_says(&refusal(&bytes), &["its storage `archive/data/0` cannot be read", "checksum"]);
}

/// A safetensors file with this header.
fn safetensors(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; data]].concat()
}

#[test]
fn safetensors_that_are_wrong_are_refused() {
    let f32 = |name: &str, shape: &str, from: u64, to: u64| {
        format!(r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{from},{to}]}}"#)
    };
    for (header, data, expected) in [
        (String::new(), 0, "its header: EOF while parsing"),
        ("{".to_owned(), 0, "its header: EOF while parsing"),
        ("[]".to_owned(), 0, "its header: "),
        (format!("{{{}}}", f32("a", "[2]", 0, 8)), 7, "its header describes"),
        (format!("{{{}}}", f32("a", "[2]", 0, 8)), 9, "its header describes"),
        // Overlapping, with a gap, backwards, beyond the end, of another length than the shape needs.
        (format!("{{{},{}}}", f32("a", "[2]", 0, 8), f32("b", "[2]", 4, 12)), 12, "invalid offset for tensor `b`"),
        (format!("{{{},{}}}", f32("a", "[2]", 0, 8), f32("b", "[2]", 0, 8)), 8, "invalid offset for tensor"),
        (format!("{{{},{}}}", f32("a", "[2]", 0, 8), f32("b", "[2]", 12, 20)), 20, "invalid offset for tensor `b`"),
        (format!("{{{}}}", f32("a", "[2]", 8, 0)), 8, "invalid offset for tensor `a`"),
        (format!("{{{}}}", f32("a", "[2]", 0, 1 << 60)), 8, "invalid shape, data type, or offset"),
        (format!("{{{}}}", f32("a", "[288230376151711744]", 0, 1 << 60)), 8, "its header describes"),
        (format!("{{{}}}", f32("a", "[3]", 0, 8)), 8, "invalid shape, data type, or offset"),
        (format!("{{{}}}", f32("a", "[-2]", 0, 8)), 8, "its header: invalid value"),
        (format!("{{{}}}", f32("a", "[1099511627776,1099511627776]", 0, 8)), 8, "overflow"),
        (format!("{{{}}}", f32("a", "[2]", 0, 8).replace("F32", "F33")), 8, "unknown variant `F33`"),
        (format!("{{{}}}", f32("a", "[2]", 0, 8).replace("F32", "C64")), 8, "invalid shape, data type, or offset"),
        ("[".repeat(100_000), 0, "its header: "),
    ] {
        assert_says(&refusal(&safetensors(&header, data)), &["hostile` is damaged", expected]);
    }
    for (length, expected) in [
        (1 << 60, "a header of 1152921504606846976 bytes is too long"),
        (u64::MAX, "a header of 18446744073709551615 bytes is too long"),
        (1000, "a header of 1000 bytes does not fit into 16 bytes"),
    ] {
        let bytes = [u64::to_le_bytes(length), *b"{       "].concat();
        assert_says(&refusal(&bytes), &[expected]);
    }
}

/// Cuts files short and turns bits over: whatever comes out is loaded, or refused without a change.
#[test]
fn whatever_happens_to_a_file_ends_in_an_answer() {
    // More with WEIGHTS_MUTATIONS=100000.
    let rounds = std::env::var("WEIGHTS_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let folder = tempfile::tempdir().unwrap();
    let files = ["tiny.pt", "tiny-legacy.pth", "tiny-views.pt", "tiny.safetensors"];
    let files = files.map(|name| std::fs::read(data(name)).unwrap());
    let pickles = ["tiny.pt", "tiny-checkpoint.pt", "tiny-protocol-4.pt"].map(pickle_of);
    let storages: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let storages: Vec<(&str, &[u8])> = storages.iter().map(|name| (name.as_str(), &[0; 1152][..])).collect();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut answers = [0, 0];
    for round in 0..rounds {
        for file in &files {
            let mut bytes = file.clone();
            if round % 4 == 0 {
                bytes.truncate(random.random_range(0..bytes.len()));
            } else {
                mutate(&mut bytes, &mut random);
            }
            answers[usize::from(is_loaded(&folder, &bytes, round))] += 1;
        }
        // The archive's checksums would end most of these sooner.
        for pickle in &pickles {
            let mut pickle = pickle.clone();
            mutate(&mut pickle, &mut random);
            answers[usize::from(is_loaded(&folder, &archive(&pickle, &storages), round))] += 1;
        }
    }
    assert!(answers.iter().all(|count| *count > 0), "{answers:?}");
}

fn mutate(bytes: &mut [u8], random: &mut rand_chacha::ChaCha8Rng) {
    for _ in 0..random.random_range(1..4) {
        let place = random.random_range(0..bytes.len());
        if random.random() {
            bytes[place] ^= 1 << random.random_range(0..8);
        } else {
            bytes[place] = random.random();
        }
    }
}

fn is_loaded(folder: &TempDir, bytes: &[u8], round: usize) -> bool {
    let path = folder.path().join("mutated");
    std::fs::write(&path, bytes).unwrap();
    let (mut store, _network) = store::<Tiny>(1);
    let before = contents(&store);
    let loaded = weights::load::<Tiny>(&mut store, &path).is_ok();
    assert!(loaded || contents(&store) == before, "round {round}");
    loaded
}
