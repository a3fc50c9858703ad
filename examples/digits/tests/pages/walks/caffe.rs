//! docs/from-caffe.md: stand-ins for Caffe's Python and for safetensors', in Python alone, and the network computed with libtorch from
//! the blobs under Caffe's names, blue first.

use super::variables;
use crate::fixtures::write;
use crate::place::Place;
use googlenetc_runtime::tch::{Device, IndexOp, Kind, Tensor, manual_seed};
use std::collections::BTreeMap;
use std::path::Path;

/// A `.caffemodel` that is JSON: for each layer the shapes and numbers of its blobs.
const CAFFE: &str = r#"
import json

TEST = 1

class Array:
    def __init__(self, shape, values):
        self.shape, self.values = shape, values

    def __getitem__(self, key):
        assert key == (slice(None), slice(None, None, -1)), "the stand-in turns the second axis around, and no more"
        first, second, rest = self.shape[0], self.shape[1], len(self.values) // self.shape[0] // self.shape[1]
        places = ((i * second + second - 1 - j) * rest for i in range(first) for j in range(second))
        return Array(self.shape, [value for at in places for value in self.values[at:at + rest]])

    def copy(self):
        return self

class Blob:
    def __init__(self, shape, values):
        self.data = Array(shape, values)

class Net:
    def __init__(self, prototxt, caffemodel, phase):
        open(prototxt).close()
        layers = json.load(open(caffemodel)) if phase == TEST else {}
        self.params = {name: [Blob(*blob) for blob in blobs] for name, blobs in layers.items()}
"#;

const SAFETENSORS: &str = r#"
import json, struct

def save_file(tensors, path):
    header, data = {}, b""
    for name, array in tensors.items():
        packed = struct.pack(f"<{len(array.values)}f", *array.values)
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)
"#;

/// 32-bit numbers, evenly between the bounds.
fn drawn(shape: &[i64], from: f64, to: f64) -> Tensor {
    Tensor::rand(shape, (Kind::Float, Device::Cpu)) * (to - from) + from
}

fn values(tensor: &Tensor) -> Vec<f32> {
    Vec::try_from(tensor.flatten(0, -1)).unwrap()
}

/// The model with its Caffe, and two images as Caffe's networks want them: bytes, blue first, without their mean.
pub(super) fn bring(place: &Place, folder: &Path) {
    manual_seed(1);
    write(folder.join("caffe.py"), CAFFE);
    write(folder.join("safetensors/__init__.py"), "");
    write(folder.join("safetensors/numpy.py"), SAFETENSORS);
    write(folder.join("deploy.prototxt"), "name: \"Small\"\n");
    let (spec, layout) = (place.path("docs/from-caffe/small.yaml"), place.path("docs/from-caffe/keys.yaml"));
    let arguments = [spec.to_str().unwrap(), "--layout", layout.to_str().unwrap(), "--format", "csv"];
    let mut layers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, shape) in variables(place, folder, &arguments) {
        let (layer, number) = key.rsplit_once('/').unwrap();
        let blobs = layers.entry(layer.to_owned()).or_default();
        assert_eq!(number, blobs.len().to_string(), "{key}");
        blobs.push(format!("[{shape:?}, {:?}]", values(&drawn(&shape, -0.1, 0.12))));
    }
    let layers: Vec<String> =
        layers.iter().map(|(name, blobs)| format!("\"{name}\": [{}]", blobs.join(", "))).collect();
    write(folder.join("small.caffemodel"), format!("{{{}}}", layers.join(", ")));
    let bytes = drawn(&[2, 3, 64, 64], 0.0, 255.0).round();
    let mean = Tensor::from_slice(&[104.0_f32, 117.0, 123.0]).view([3, 1, 1]);
    Tensor::write_safetensors(&[("input", &bytes - mean)], folder.join("x.safetensors")).unwrap();
    Tensor::write_safetensors(&[("input", bytes)], folder.join("bytes.safetensors")).unwrap();
}

fn read(path: &Path) -> BTreeMap<String, Tensor> {
    Tensor::read_safetensors(path).unwrap().into_iter().collect()
}

/// The logits of `loss2` as the prototxt has it.
fn by_hand(blobs: &BTreeMap<String, Tensor>, x: &Tensor) -> Tensor {
    let conv = |x: &Tensor, name: &str, stride: i64, padding: i64| {
        let [weight, bias] = [0, 1].map(|number| &blobs[&format!("{name}/{number}")]);
        x.conv2d(weight, Some(bias), [stride; 2], [padding; 2], [1; 2], 1).relu()
    };
    let module = |x: &Tensor, name: &str| {
        let reduced = conv(x, &format!("{name}/3x3_reduce"), 1, 0);
        let pooled = x.max_pool2d([3; 2], [1; 2], [1; 2], [1; 2], false);
        let branches = [
            conv(x, &format!("{name}/1x1"), 1, 0),
            conv(&reduced, &format!("{name}/3x3"), 1, 1),
            conv(&pooled, &format!("{name}/pool_proj"), 1, 0),
        ];
        Tensor::cat(&branches, 1)
    };
    let x = conv(x, "conv1/5x5_s2", 2, 2);
    let x = x.max_pool2d([3; 2], [2; 2], [0; 2], [1; 2], true);
    // Caffe's LRN: the mean of five squares, times alpha; the sum over a window is a convolution with ones along the channels.
    let squares = (&x * &x).unsqueeze(1).constant_pad_nd([0, 0, 0, 0, 2, 2]);
    let sums = squares.conv3d(
        &Tensor::ones([1, 1, 5, 1, 1], (Kind::Float, Device::Cpu)),
        None::<Tensor>,
        [1; 3],
        [0; 3],
        [1; 3],
        1,
    );
    let x = &x / (sums.squeeze_dim(1) * (1e-4 / 5.0) + 1.0).pow_tensor_scalar(0.75);
    let x = module(&module(&x, "inception_2a"), "inception_2b");
    x.mean_dim([2, 3].as_slice(), false, Kind::Float)
        .linear(&blobs["loss2/classifier/0"], Some(&blobs["loss2/classifier/1"]))
}

/// What the page's commands have made says what Caffe's blobs say, red first too.
pub(super) fn compare(place: &Place) {
    let folder = place.path("../from-caffe");
    let input = &read(&folder.join("x.safetensors"))["input"];
    // The page's last block turned the first convolution around. Its axis of channels is turned back here.
    let mut blobs = read(&folder.join("small.safetensors"));
    let first = blobs["conv1/5x5_s2/0"].flip([1]);
    blobs.insert("conv1/5x5_s2/0".to_owned(), first);
    let expected = by_hand(&blobs, input);
    let ours = read(&folder.join("y.safetensors"));
    let largest = expected.abs().max().double_value(&[]);
    let difference = (&ours["loss2"] - &expected).abs().max().double_value(&[]) / largest;
    assert!(difference < 1e-5 && largest > 0.1, "{difference} of {largest}");
    assert!(ours.contains_key("trace.conv1.5x5_s2"), "{:?}", ours.keys());

    // Red first, from 0 to 1, normalised as the exported file says.
    let bytes = read(&folder.join("bytes.safetensors")).remove("input").unwrap();
    let numbers = |numbers: [f32; 3]| Tensor::from_slice(&numbers).view([3, 1, 1]);
    let images = (bytes.flip([1]) / 255.0 - numbers([0.48235, 0.45882, 0.40784])) / numbers([0.003_921_6; 3]);
    Tensor::write_safetensors(&[("input", images)], folder.join("red.safetensors")).unwrap();
    let arguments = [
        "run",
        "--",
        "forward",
        "--weights",
        "rgb.safetensors",
        "--input",
        "red.safetensors",
        "--output",
        "z.safetensors",
    ];
    let output = place.command("cargo").args(arguments).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let red = &read(&folder.join("z.safetensors"))["loss2"];
    // The page's mean and deviation have five digits.
    let difference = (red - &expected).abs().max().double_value(&[]) / largest;
    assert!(difference < 1e-4, "{difference}");
    assert_eq!(red.i(0).size(), [10]);
}
