//! Keywords of other tools.

use googlenetc_dsl::suggest::bare;

use super::find;

/// What is called otherwise here, without capitals and joints. Several where it depends.
const KEYWORDS: [(&str, &[&str]); 44] = [
    ("conv2d", &["conv"]),
    ("convolution", &["conv"]),
    ("convolution2d", &["conv"]),
    ("convolutional", &["conv"]),
    ("depthwiseconv", &["depthwise"]),
    ("depthwiseconv2d", &["depthwise"]),
    ("dwconv", &["depthwise"]),
    ("maxpool2d", &["maxpool"]),
    ("maxpooling", &["maxpool"]),
    ("maxpooling2d", &["maxpool"]),
    ("avgpool2d", &["avgpool"]),
    ("avepool", &["avgpool"]),
    ("averagepool", &["avgpool"]),
    ("avgpooling", &["avgpool"]),
    ("averagepooling", &["avgpool"]),
    ("averagepooling2d", &["avgpool"]),
    ("meanpool", &["avgpool"]),
    ("pool", &["maxpool", "avgpool"]),
    ("pooling", &["maxpool", "avgpool"]),
    ("pool2d", &["maxpool", "avgpool"]),
    ("gap", &["avgpool global"]),
    ("globalavgpool", &["avgpool global"]),
    ("globalaveragepool", &["avgpool global"]),
    ("globalaveragepooling2d", &["avgpool global"]),
    ("globalmaxpool", &["maxpool global"]),
    ("globalmaxpooling2d", &["maxpool global"]),
    ("bn", &["batchnorm"]),
    ("batchnorm2d", &["batchnorm"]),
    ("batchnormalization", &["batchnorm"]),
    ("localresponsenorm", &["lrn"]),
    ("localresponsenormalization", &["lrn"]),
    ("fc", &["linear"]),
    ("dense", &["linear"]),
    ("fullyconnected", &["linear"]),
    ("innerproduct", &["linear"]),
    ("leaky", &["leaky-relu"]),
    ("lrelu", &["leaky-relu"]),
    ("swish", &["silu"]),
    ("hswish", &["hardswish"]),
    ("drop", &["dropout"]),
    ("view", &["reshape"]),
    ("noop", &["identity"]),
    ("skip", &["identity"]),
    ("softmax2d", &["softmax"]),
];

/// Pools that deliver a map of a size that is said.
const ADAPTIVE: [(&str, &str); 2] = [("adaptiveavgpool2d", "avgpool"), ("adaptivemaxpool2d", "maxpool")];

/// Layers of other tools that are none of this language's, however near their names are.
const OTHERS: [&str; 54] = [
    "multiheadattention",
    "attention",
    "transformer",
    "prelu",
    "rrelu",
    "selu",
    "celu",
    "mish",
    "glu",
    "hardsigmoid",
    "hardtanh",
    "softplus",
    "softsign",
    "logsigmoid",
    "logsoftmax",
    "softmin",
    "conv1d",
    "conv3d",
    "convtranspose",
    "convtranspose1d",
    "convtranspose2d",
    "convtranspose3d",
    "conv2dtranspose",
    "transposedconv",
    "deconv",
    "deconvolution",
    "upsample",
    "upsampling2d",
    "interpolate",
    "pixelshuffle",
    "channelshuffle",
    "layernorm",
    "groupnorm",
    "instancenorm",
    "instancenorm2d",
    "split",
    "chunk",
    "slice",
    "mul",
    "multiply",
    "se",
    "squeezeexcite",
    "squeezeexcitation",
    "selayer",
    "lstm",
    "gru",
    "rnn",
    "embedding",
    "maxunpool2d",
    "fractionalmaxpool2d",
    "lppool2d",
    "droppath",
    "dropblock",
    "stochasticdepth",
];

/// What has no other name here, but another form: what to write.
const FORMS: [(&str, &str); 13] = [
    (
        "basicconv2d",
        "in torchvision it is a convolution, batch normalisation and a ReLU: \
         `conv 3x3 64 norm=batch eps=1e-3 activation=relu`",
    ),
    ("dropout2d", "`dropout` drops values one by one: no layer here drops whole channels"),
    ("mean", "the mean of a map is `avgpool global`, with `flatten` behind it"),
    ("cat", CONCAT),
    ("concatenate", CONCAT),
    ("sum", ADD),
    ("shortcut", ADD),
    ("route", CONCAT),
    ("zeropad2d", "zeros around a map belong to the layer behind it, as in `conv 3x3/2 64 pad=0x1x0x1`"),
    ("zeropadding2d", "zeros around a map belong to the layer behind it, as in `conv 3x3/2 64 pad=0x1x0x1`"),
    ("sequential", LIST),
    ("modulelist", LIST),
    ("sequence", LIST),
];

const CONCAT: &str = "branches that are joined are `concat: {a: ..., b: ...}` in YAML, \
     `concat { a: ...; b: ... }` in the text language";
const ADD: &str = "branches that are added are `add: {a: ..., b: ...}` in YAML, \
     `add { a: ...; b: ... }` in the text language";
const LIST: &str = "layers that follow each other are a list, as in `[conv 1x1 64, conv 3x3 64]`";

/// What to say about a layer of another tool that has no counterpart.
pub(crate) const NOWHERE: &str = "no layer here does what it does in other tools";

/// What a keyword of another tool is called here; empty where it is nothing.
pub(crate) fn keywords(word: &str) -> &'static [&'static str] {
    find(&KEYWORDS, without_module(word)).copied().unwrap_or_default()
}

/// The name of a class or a function without that of its module, `nn.ReLU`, `torch.flatten`.
pub(crate) fn without_module(word: &str) -> &str {
    word.rsplit('.').next().unwrap_or(word)
}

/// Whether a word is a layer that this language does not have, so that no other layer is meant.
pub(crate) fn is_other(word: &str) -> bool {
    OTHERS.contains(&bare(without_module(word)).as_str())
}

/// The pool that another tool's adaptive pool is.
pub(crate) fn adaptive(word: &str) -> Option<&'static str> {
    find(&ADAPTIVE, without_module(word)).copied()
}

/// What to write for a word that is no layer here, but something of another form.
pub(crate) fn form(word: &str) -> Option<&'static str> {
    find(&FORMS, without_module(word)).copied()
}

#[cfg(test)]
mod tests {
    use super::{ADAPTIVE, FORMS, KEYWORDS, OTHERS, adaptive, form, is_other, keywords};
    use crate::layers;
    use googlenetc_dsl::suggest::bare;

    /// A word that means something here already is never looked up, and what it should mean must exist.
    #[test]
    fn all_words_lead_somewhere() {
        let words = KEYWORDS.map(|(word, _)| word).into_iter().chain(ADAPTIVE.map(|(word, _)| word)).chain(OTHERS);
        let words: Vec<&str> = words.chain(FORMS.map(|(word, _)| word)).collect();
        for word in &words {
            let meanings = [keywords(word).is_empty(), adaptive(word).is_none(), form(word).is_none(), !is_other(word)];
            assert!(layers::find(word).is_none() && bare(word) == *word, "{word}");
            assert_eq!(meanings.iter().filter(|is_none| !**is_none).count(), 1, "{word} has one meaning");
            assert_eq!(words.iter().filter(|other| *other == word).count(), 1, "{word} stands twice");
        }
        for keyword in KEYWORDS.iter().flat_map(|(_, here)| *here).chain(ADAPTIVE.iter().map(|(_, pool)| pool)) {
            assert!(layers::find(keyword.trim_end_matches(" global")).is_some(), "{keyword}");
        }
    }
}
