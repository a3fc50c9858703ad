//! Layers written as calls, `Conv2d(3, 64, 3)`: how such a class is written here.

use crate::suggest::bare;

/// What to say about a class that stands before a parenthesis.
pub(super) fn written(class: &str) -> &'static str {
    let class = bare(class.rsplit('.').next().unwrap_or(class));
    let found = CALLS.iter().find(|(other, _)| *other == class);
    found.map_or("a layer is written without parentheses, as in `conv 3x3 64`", |(_, help)| help)
}

/// Classes and functions of PyTorch, without capitals and joints, and how they are written here with their arguments.
const CALLS: [(&str, &str); 16] = [
    (
        "conv2d",
        "a convolution is written without parentheses, kernel and stride before the channels that come out: \
         `Conv2d(3, 64, 7, stride=2, padding=3)` is `conv 7x7/2 64 pad=3 bias`",
    ),
    ("linear", "without parentheses, and without what comes in: `Linear(64, 10)` is `linear 10`"),
    ("maxpool2d", "without parentheses: `MaxPool2d(3, 2)` is `maxpool 3x3/2`"),
    ("avgpool2d", "without parentheses: `AvgPool2d(3, 1, padding=1)` is `avgpool 3x3/1 pad=1`"),
    (
        "adaptiveavgpool2d",
        "without parentheses: `AdaptiveAvgPool2d(1)` is `avgpool global`, of `(4, 4)` it is `avgpool adaptive=4x4`",
    ),
    (
        "adaptivemaxpool2d",
        "without parentheses: `AdaptiveMaxPool2d(1)` is `maxpool global`, of `(4, 4)` it is `maxpool adaptive=4x4`",
    ),
    (
        "batchnorm2d",
        "without parentheses, and without what comes in: `BatchNorm2d(64, eps=1e-3)` is `batchnorm eps=1e-3`",
    ),
    ("localresponsenorm", "without parentheses: `LocalResponseNorm(5)` is `lrn 5`"),
    ("dropout", "without parentheses: `Dropout(0.4)` is `dropout 0.4`"),
    ("relu", "without parentheses: `ReLU(inplace=True)` is `relu`"),
    ("leakyrelu", "without parentheses: `LeakyReLU(0.1)` is `leaky-relu slope=0.1`"),
    ("silu", "without parentheses: `SiLU(inplace=True)` is `silu`"),
    ("softmax", "without parentheses: `Softmax(1)` is `softmax`"),
    ("flatten", "without parentheses: `Flatten(1)` is `flatten`"),
    (
        "cat",
        "branches that are joined are `concat: {a: ..., b: ...}` in YAML, `concat { a: ...; b: ... }` in the text language",
    ),
    (
        "sequential",
        "layers that follow each other are a list: `[conv 1x1 64, relu]` in YAML, `{ conv 1x1 64; relu }` in the text language",
    ),
];
