//! Any bytes as a file of CIFAR, whose records are short enough for a fuzzer to make several.
#![no_main]

use googlenetc_runtime::data::cifar::{Labels, Records};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for (labels, at, length, classes) in
        [(Labels::Ten, 0, 1, 10), (Labels::Fine, 1, 2, 100), (Labels::Coarse, 0, 2, 20)]
    {
        let mut records = Records::default();
        let read = records.read(bytes, labels);
        assert_eq!(records.pixels.len(), records.labels.len() * 3072, "as many images as labels");
        let good =
            bytes.chunks(length + 3072).take_while(|record| record.len() == length + 3072 && record[at] < classes);
        let expected: Vec<u32> = good.clone().map(|record| u32::from(record[at])).collect();
        assert_eq!(records.labels, expected, "every record before the first bad one is read");
        assert_eq!(read.is_ok(), !bytes.is_empty() && expected.len() * (length + 3072) == bytes.len());
        for (pixels, record) in records.pixels.chunks(3072).zip(good) {
            let planes = &record[length..];
            assert!((0..3072).all(|i| pixels[i] == planes[i % 3 * 1024 + i / 3]), "planes become pixels");
        }
    }
});
