//! Words of other tools (PyTorch, Keras, Caffe, Darknet), and what they are called here.

use googlenetc_dsl::suggest::bare;

use super::Kind;

/// What an attribute of another tool is in a layer of this language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An attribute by another name.
    Attribute(&'static str),
    /// An attribute with its value.
    Words(&'static str),
    /// The kernel, which stands without a name.
    Kernel,
    /// The stride, which stands behind the kernel.
    Stride,
    /// The one number of the layer, which stands without a name.
    Number,
    /// Derived from what comes in, so nobody says it.
    Derived,
    /// Nothing that a network is made of.
    Nothing,
}

use Meaning::{Attribute, Derived, Kernel, Nothing, Number, Stride, Words};

/// Keywords, without capitals and joints. Several where it depends.
const KEYWORDS: [(&str, &[&str]); 46] = [
    ("adaptiveavgpool2d", &["avgpool global", "avgpool"]),
    ("adaptivemaxpool2d", &["maxpool global", "maxpool"]),
    ("conv2d", &["conv"]),
    ("convolution", &["conv"]),
    ("convolution2d", &["conv"]),
    ("convolutional", &["conv"]),
    ("basicconv2d", &["conv"]),
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
];

/// Layers of other tools that are none of this language's, however near their names are.
const OTHERS: [&str; 21] = [
    "multiheadattention",
    "prelu",
    "rrelu",
    "selu",
    "celu",
    "mish",
    "glu",
    "conv1d",
    "conv3d",
    "convtranspose2d",
    "deconv",
    "deconvolution",
    "upsample",
    "layernorm",
    "groupnorm",
    "instancenorm",
    "lstm",
    "gru",
    "embedding",
    "attention",
    "logsoftmax",
];

/// Attributes, without capitals and joints; of several meanings the first holds that a layer has a use for.
const ATTRIBUTES: [(&str, Meaning); 62] = [
    ("padding", Attribute("pad")),
    ("pads", Attribute("pad")),
    ("ceilmode", Attribute("ceil")),
    ("dilations", Attribute("dilation")),
    ("dilationrate", Attribute("dilation")),
    ("group", Attribute("groups")),
    ("numgroups", Attribute("groups")),
    ("biasterm", Attribute("bias")),
    ("usebias", Attribute("bias")),
    ("act", Attribute("activation")),
    ("actlayer", Attribute("activation")),
    ("activationfn", Attribute("activation")),
    ("nonlinearity", Attribute("activation")),
    ("normlayer", Attribute("norm")),
    ("normalization", Attribute("norm")),
    ("epsilon", Attribute("eps")),
    ("localsize", Attribute("size")),
    ("negativeslope", Attribute("slope")),
    ("weightfiller", Attribute("init")),
    ("weightinit", Attribute("init")),
    ("initializer", Attribute("init")),
    ("kernelinitializer", Attribute("init")),
    ("biasfiller", Attribute("bias_init")),
    ("biasinitializer", Attribute("bias_init")),
    ("lrmult", Attribute("lr")),
    ("decaymult", Attribute("decay")),
    ("weightdecay", Attribute("decay")),
    ("globalpooling", Attribute("global")),
    ("outputsize", Attribute("adaptive")),
    ("bn", Words("norm=batch")),
    ("batchnorm", Words("norm=batch")),
    ("batchnormalize", Words("norm=batch")),
    ("lrn", Words("norm=lrn")),
    ("relu", Words("activation=relu")),
    ("kernel", Kernel),
    ("kernelsize", Kernel),
    ("ksize", Kernel),
    ("filtersize", Kernel),
    ("poolsize", Kernel),
    ("window", Kernel),
    ("size", Kernel),
    ("stride", Stride),
    ("strides", Stride),
    ("channels", Number),
    ("outchannels", Number),
    ("numoutput", Number),
    ("filters", Number),
    ("features", Number),
    ("outfeatures", Number),
    ("units", Number),
    ("size", Number),
    ("localsize", Number),
    ("p", Number),
    ("rate", Number),
    ("ratio", Number),
    ("dropoutratio", Number),
    ("probability", Number),
    ("factor", Number),
    ("scalefactor", Number),
    ("inchannels", Derived),
    ("infeatures", Derived),
    ("inplace", Nothing),
];

/// Values of attributes, without capitals and joints. Several where it depends.
const VALUES: [(&str, &[&str]); 23] = [
    ("true", &["true"]),
    ("false", &["false"]),
    ("yes", &["true"]),
    ("on", &["true"]),
    ("1", &["true"]),
    ("no", &["false"]),
    ("off", &["false"]),
    ("0", &["false"]),
    ("bn", &["batch"]),
    ("batchnorm", &["batch"]),
    ("batchnorm2d", &["batch"]),
    ("swish", &["silu"]),
    ("hswish", &["hardswish"]),
    ("lrelu", &["leaky-relu"]),
    ("leaky", &["leaky-relu"]),
    ("linear", &["none"]),
    ("identity", &["none"]),
    ("xavier", &["caffe-xavier", "glorot-uniform"]),
    ("he", &["he-normal", "he-uniform"]),
    ("kaiming", &["he-normal", "he-uniform"]),
    ("kaimingnormal", &["he-normal"]),
    ("kaiminguniform", &["he-uniform"]),
    ("gaussian", &["normal"]),
];

/// What a keyword of another tool is here; empty where it is nothing.
pub(crate) fn keywords(word: &str) -> &'static [&'static str] {
    find(&KEYWORDS, without_module(word)).copied().unwrap_or_default()
}

/// The name of a class of PyTorch without that of its module, `nn.ReLU`.
pub(crate) fn without_module(word: &str) -> &str {
    let word = word.strip_prefix("torch.").unwrap_or(word);
    word.strip_prefix("nn.").unwrap_or(word)
}

/// Whether a word is a layer that this language does not have, so that no other layer is meant.
pub(crate) fn is_other(word: &str) -> bool {
    OTHERS.contains(&bare(without_module(word)).as_str())
}

/// Whether a word names layers one after the other, which need no word here.
pub(crate) fn is_sequence(word: &str) -> bool {
    ["sequential", "modulelist"].contains(&bare(without_module(word)).as_str())
}

/// What an attribute of another tool is in a layer of this kind.
pub(crate) fn meaning(kind: &Kind, word: &str) -> Option<Meaning> {
    let is_kernel = |sample: &str| sample.contains('x');
    let has = |wanted: bool| kind.positional.iter().any(|positional| is_kernel(positional.sample) == wanted);
    let word = bare(word);
    let mut meanings = ATTRIBUTES.iter().filter(|(other, _)| *other == word).map(|(_, meaning)| *meaning);
    meanings.find(|meaning| match meaning {
        Attribute(name) => kind.attribute(name).is_some(),
        Words(words) => words.split_once('=').is_some_and(|(name, _)| kind.attribute(name).is_some()),
        Kernel | Stride => has(true),
        Number => has(false),
        Derived | Nothing => true,
    })
}

/// What a value of another tool can be among `words`.
pub(crate) fn values(word: &str, words: &[&str]) -> Vec<&'static str> {
    let found = find(&VALUES, word).copied().unwrap_or_default();
    found.iter().copied().filter(|value| words.contains(value)).collect()
}

fn find<'t, T>(table: &'t [(&str, T)], word: &str) -> Option<&'t T> {
    let word = bare(word);
    table.iter().find(|(other, _)| *other == word).map(|(_, here)| here)
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, Attribute, KEYWORDS, OTHERS, VALUES, Words};
    use crate::layers::{self, KINDS};
    use googlenetc_dsl::suggest::bare;

    /// A word that means something here already is never looked up, and what it should mean must exist.
    #[test]
    fn all_words_lead_somewhere() {
        for (word, here) in KEYWORDS {
            assert!(layers::find(word).is_none() && bare(word) == word, "{word}");
            for keyword in here {
                assert!(layers::find(keyword.trim_end_matches(" global")).is_some(), "{keyword}");
            }
        }
        for (word, meaning) in ATTRIBUTES {
            let same = ATTRIBUTES.iter().filter(|other| **other == (word, meaning)).count();
            assert_eq!((bare(word).as_str(), same), (word, 1), "{word} stands twice");
            if let Attribute(name) = meaning {
                assert!(KINDS.iter().any(|kind| kind.attribute(name).is_some()), "{name}");
            } else if let Words(words) = meaning {
                assert!(words.starts_with("norm=") || words.starts_with("activation="), "{words}");
            }
        }
        assert!(OTHERS.iter().all(|word| layers::find(word).is_none() && bare(word) == *word));
        assert!(VALUES.iter().all(|(word, _)| bare(word) == *word));
    }
}
