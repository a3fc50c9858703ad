//! Words of other tools (PyTorch, Keras, Caffe, Darknet), and what they are called here.

use googlenetc_dsl::suggest::bare;

use super::Kind;

mod keywords;

pub(crate) use keywords::{NOWHERE, adaptive, form, is_other, keywords, without_module};

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
    /// Something that no layer here does, in words.
    Other(&'static str),
}

use Meaning::{Attribute, Derived, Kernel, Nothing, Number, Other, Stride, Words};

/// Attributes, without capitals and joints; of several meanings the first holds that a layer has a use for.
const ATTRIBUTES: [(&str, Meaning); 74] = [
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
    ("in", Derived),
    ("inputs", Derived),
    ("inputchannels", Derived),
    ("numfeatures", Derived),
    ("out", Number),
    ("outputs", Number),
    ("outputchannels", Number),
    ("inplace", Nothing),
    ("device", Nothing),
    ("dtype", Nothing),
    ("transpose", Other("no layer here is a transposed convolution")),
    ("transposed", Other("no layer here is a transposed convolution")),
    ("paddingmode", Other("layers pad with zeros and nothing else: leave it out where it says `zeros`")),
];

/// PyTorch and Keras count what comes in unless told otherwise, and here it is what goes out.
const HE_NORMAL: [&str; 2] = ["he-normal fan=in", "he-normal"];
const HE_UNIFORM: [&str; 2] = ["he-uniform fan=in", "he-uniform"];
const HE: [&str; 4] = ["he-normal fan=in", "he-normal", "he-uniform fan=in", "he-uniform"];

/// Values of attributes, without capitals and joints. Several where it depends.
const VALUES: [(&str, &[&str]); 29] = [
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
    ("xavieruniform", &["glorot-uniform"]),
    ("xaviernormal", &["glorot-normal"]),
    ("he", &HE),
    ("henormal", &HE_NORMAL),
    ("heuniform", &HE_UNIFORM),
    ("kaiming", &HE),
    ("kaimingnormal", &HE_NORMAL),
    ("kaiminguniform", &HE_UNIFORM),
    ("msra", &["he-normal fan=in"]),
    ("gaussian", &["normal"]),
    ("truncnormal", &["truncated-normal"]),
];

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
        Derived | Nothing | Other(_) => true,
    })
}

/// What a value of another tool can be among `words`, with an attribute that belongs to it.
pub(crate) fn values(word: &str, words: &[&str]) -> Vec<&'static str> {
    let found = find(&VALUES, word).copied().unwrap_or_default();
    let is_known = |value: &&str| value.split(' ').next().is_some_and(|word| words.contains(&word));
    found.iter().copied().filter(is_known).collect()
}

fn find<'t, T>(table: &'t [(&str, T)], word: &str) -> Option<&'t T> {
    let word = bare(word);
    table.iter().find(|(other, _)| *other == word).map(|(_, here)| here)
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, Attribute, VALUES, Words};
    use crate::layers::KINDS;
    use googlenetc_dsl::suggest::bare;

    /// A word that means something here already is never looked up, and what it should mean must exist.
    #[test]
    fn all_words_lead_somewhere() {
        for (word, meaning) in ATTRIBUTES {
            let same = ATTRIBUTES.iter().filter(|other| **other == (word, meaning)).count();
            assert_eq!((bare(word).as_str(), same), (word, 1), "{word} stands twice");
            if let Attribute(name) = meaning {
                assert!(KINDS.iter().any(|kind| kind.attribute(name).is_some()), "{name}");
            } else if let Words(words) = meaning {
                assert!(words.starts_with("norm=") || words.starts_with("activation="), "{words}");
            }
        }
        assert!(VALUES.iter().all(|(word, _)| bare(word) == *word));
    }
}
