//! How parameters start.

/// A scheme of initial values; the runtime draws them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// What PyTorch does when nobody says otherwise: uniform within 1/sqrt(fan in), weights and biases alike.
    PyTorch,
    /// Caffe's `xavier` filler: uniform within sqrt(3/fan in). Not Glorot's rule, which also looks at the fan out.
    CaffeXavier,
    /// Glorot and Bengio 2010: uniform within sqrt(6/(fan in + fan out)).
    GlorotUniform,
    /// Glorot and Bengio 2010: normal with variance 2/(fan in + fan out).
    GlorotNormal,
    /// He et al. 2015: normal with variance 2/fan.
    HeNormal(Fan),
    /// He et al. 2015: uniform within sqrt(6/fan).
    HeUniform(Fan),
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Normal, drawn again as long as a value lies outside `-cut..=cut`, which are absolute as in `torch.nn.init.trunc_normal_`.
    TruncatedNormal {
        /// Mean of the normal distribution.
        mean: f64,
        /// Its standard deviation before it is cut.
        std: f64,
        /// The largest absolute value that is kept.
        cut: f64,
    },
    /// The same value everywhere.
    Constant(f64),
}

/// Which connections of a layer He's rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fan {
    /// Those that come in to one output value: input channels / groups x kernel.
    In,
    /// Those that go out from one input value: output channels x kernel, as PyTorch counts them, whatever the groups.
    Out,
}

impl Init {
    /// The words that specs use, in the order in which messages list them: first those without numbers of their own. The
    /// others have what holds unless the spec says more.
    pub(crate) const WORDS: [(&str, Self); 8] = [
        ("pytorch", Self::PyTorch),
        ("caffe-xavier", Self::CaffeXavier),
        ("glorot-uniform", Self::GlorotUniform),
        ("glorot-normal", Self::GlorotNormal),
        ("he-normal", Self::HeNormal(Fan::Out)),
        ("he-uniform", Self::HeUniform(Fan::Out)),
        ("normal", Self::Normal { mean: 0.0, std: 1.0 }),
        ("truncated-normal", Self::TruncatedNormal { mean: 0.0, std: 1.0, cut: 2.0 }),
    ];

    /// The words of schemes that need no numbers.
    pub(crate) fn without_numbers() -> &'static [(&'static str, Self)] {
        const WORDS: &[(&str, Init)] = Init::WORDS.split_at(6).0;
        WORDS
    }
}
