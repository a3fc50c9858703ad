//! Which data sets there are: where they lie, their checksums, and how large they are.
//!
//! Sizes and SHA-256 sums of MNIST, Fashion-MNIST and CIFAR are those that TensorFlow Datasets publishes
//! (`tensorflow_datasets/url_checksums/*.txt`). The archive of Tiny-ImageNet-200 is 248,100,043 bytes long with the sum
//! below and 120,609 entries, as several people have recorded independently; its authors publish none.

/// A data set that can be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// What one asks for.
    pub name: &'static str,
    /// What is in it.
    pub summary: &'static str,
    /// What its authors say about using it.
    pub terms: &'static str,
    /// The addresses of folders that hold its files, in the order in which they are tried; each ends in `/`.
    pub sources: &'static [&'static str],
    /// What is downloaded.
    pub files: &'static [File],
    /// How the files are packed.
    pub packing: Packing,
}

/// A file to download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, both at its source and here.
    pub name: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 checksum, 64 hexadecimal digits.
    pub sha256: &'static str,
}

/// How a data set's files are packed, and how much may come out of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Packing {
    /// They are kept as they are.
    None,
    /// A gzipped tar archive.
    TarGz(Content),
    /// A zip archive.
    Zip(Content),
}

/// What an archive is known to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The one folder in which everything lies.
    pub folder: &'static str,
    /// The most files and folders.
    pub entries: u64,
    /// The most bytes in all files together.
    pub bytes: u64,
}

impl DataSet {
    /// How many bytes are downloaded.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

const fn file(name: &'static str, bytes: u64, sha256: &'static str) -> File {
    File { name, bytes, sha256 }
}

/// All data sets that can be downloaded by name.
pub const CATALOGUE: &[DataSet] = &[
    DataSet {
        name: "fashion-mnist",
        summary: "clothes, 10 classes: 60,000 training and 10,000 test images, 28x28, grey",
        terms: "MIT",
        sources: &[
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ],
        files: &[
            file(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            file(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            file(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            file(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ],
        packing: Packing::None,
    },
    DataSet {
        name: "mnist",
        summary: "handwritten digits, 10 classes: 60,000 training and 10,000 test images, 28x28, grey",
        terms: "CC BY-SA 3.0",
        sources: &[
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ],
        files: &[
            file(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            file(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            file(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            file(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ],
        packing: Packing::None,
    },
    DataSet {
        name: "cifar10",
        summary: "objects, 10 classes: 50,000 training and 10,000 test images, 32x32, colour",
        terms: "no licence given; its authors ask to be cited",
        sources: &["https://www.cs.toronto.edu/~kriz/"],
        files: &[file(
            "cifar-10-binary.tar.gz",
            170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        )],
        // Six files of 10,000 records of 3,073 bytes, and two texts.
        packing: Packing::TarGz(Content { folder: "cifar-10-batches-bin", entries: 20, bytes: 185_000_000 }),
    },
    DataSet {
        name: "cifar100",
        summary: "objects, 100 classes: 50,000 training and 10,000 test images, 32x32, colour",
        terms: "no licence given; its authors ask to be cited",
        sources: &["https://www.cs.toronto.edu/~kriz/"],
        files: &[file(
            "cifar-100-binary.tar.gz",
            168_513_733,
            "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        )],
        // 60,000 records of 3,074 bytes in two files, and two texts.
        packing: Packing::TarGz(Content { folder: "cifar-100-binary", entries: 20, bytes: 185_000_000 }),
    },
    DataSet {
        name: "tiny-imagenet",
        summary: "objects, 200 classes: 100,000 training and 10,000 validation images, 64x64, colour",
        terms: "no licence given; ImageNet's images are for research and teaching, not for commerce",
        sources: &["https://cs231n.stanford.edu/", "http://cs231n.stanford.edu/"],
        files: &[file(
            "tiny-imagenet-200.zip",
            248_100_043,
            "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821",
        )],
        // JPEG hardly shrinks in a zip archive: twice its size is more than comes out of it.
        packing: Packing::Zip(Content { folder: "tiny-imagenet-200", entries: 121_000, bytes: 500_000_000 }),
    },
];
