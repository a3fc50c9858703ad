//! How parameters start.

/// A scheme of initial values; the runtime draws them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// What PyTorch does when nobody says otherwise: uniform within 1/sqrt(fan in), weights and biases alike.
    PyTorch,
    /// Caffe's `xavier` filler: uniform within sqrt(3/fan in). Not Glorot's rule, which also looks at the fan out.
    CaffeXavier,
    /// He et al. 2015: normal with variance 2/fan out.
    HeNormal,
    /// The same value everywhere.
    Constant(f64),
}

impl Init {
    /// The words that specs use for schemes, in the order in which messages list them.
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("pytorch", Self::PyTorch), ("caffe-xavier", Self::CaffeXavier), ("he-normal", Self::HeNormal)];
}
