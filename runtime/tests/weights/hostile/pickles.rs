//! Pickles, tensors and archives that cannot be right.

use super::make::{archive, archive_with, position, unicode};
use super::refusal;
use crate::assert_says;
use std::io::Cursor;
use zip::{CompressionMethod, ZipWriter};

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

/// A long tuple costs nothing to name again and again, so none is gone through each time that it is named.
#[test]
fn what_is_used_many_times_is_short() {
    let storage: &[(&str, &[u8])] = &[("0", &[0; 64])];
    let sound = one_tensor(16, 0, &[4, 4], &[4, 1]);
    let longer = |end: &[u8], instruction: &[u8], nones: usize| {
        let mut pickle = sound.clone();
        let place = position(&pickle, end);
        pickle.splice(place..place + end.len(), [&b"N".repeat(nones), instruction].concat());
        refusal(&archive(&pickle, storage))
    };
    // PyTorch's storages of old had a sixth part, and its tensors have a seventh argument.
    assert_says(&longer(b"tQ", b"tQ", 1), &["does not fit `Tiny`"]);
    assert_says(&longer(b"tQ", b"tQ", 3), &["has a storage in an unknown form"]);
    assert_says(&longer(b"NtR", b"NtR", 1), &["does not fit `Tiny`"]);
    assert_says(&longer(b"NtR", b"NtR", 2), &["makes a tensor of something else"]);
    // Of two entries with one key Python knows the last.
    let twice = [&b"\x80\x02}"[..], &unicode("model"), &sound[2..sound.len() - 1], &b"s"[..]].concat();
    assert_says(&refusal(&archive(&[&twice[..], b"."].concat(), storage)), &["does not fit `Tiny`"]);
    let emptied = [&twice[..], &unicode("model"), b"}s."].concat();
    assert_says(&refusal(&archive(&emptied, storage)), &["it has `model`, `model`"]);
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
    // Two storages in one place.
    let mut writer = ZipWriter::new_append(Cursor::new(archive(&pickle, zeros))).unwrap();
    writer.shallow_copy_file("archive/data/0", "archive/data/1").unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_says(&refusal(&bytes), &["some files of its archive lie in the same place"]);
    // A number in the storage that its checksum does not speak of.
    let mut bytes = archive(&pickle, &[("0", &[77; 64])]);
    let place = position(&bytes, &[77; 64]);
    bytes[place + 10] = 78;
    assert_says(&refusal(&bytes), &["its storage `archive/data/0` cannot be read", "checksum"]);
}
