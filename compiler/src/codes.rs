//! The codes of the compiler's messages. A code never changes its meaning; those of the readers are in `googlenetc_dsl`.

googlenetc_dsl::codes! { pub(crate) const:
    /// Something that every network needs is missing.
    MISSING = "E0201";
    /// No layer kind, block, node or lint has this name.
    UNKNOWN_NAME = "E0202";
    /// The layer or block has no such attribute, column or parameter.
    UNKNOWN_ATTRIBUTE = "E0203";
    /// An attribute, argument or cell is missing, or there is one too many.
    ARGUMENTS = "E0204";
    /// A value of the wrong kind: a word where a number is needed, a fraction where a count is.
    WRONG_VALUE = "E0205";
    /// A number outside its range.
    OUT_OF_RANGE = "E0206";
    /// Two things have the same name.
    DUPLICATE_NAME = "E0207";
    /// A name with characters that no name may have.
    BAD_NAME = "E0208";
    /// A block calls itself.
    RECURSION = "E0209";
    /// The language version is not supported.
    VERSION = "E0210";
    /// A library of blocks cannot be found or used.
    LIBRARY = "E0211";
    /// A setting of the command line does not fit the spec.
    OVERRIDE = "E0212";
    /// A published table cannot be found.
    PUBLISHED = "E0213";
    /// What is derived differs from what the author asserts.
    ASSERTION = "E0301";
    /// The branches of a concat differ in height or width.
    CONCAT_SIZES = "E0302";
    /// A kernel is larger than its padded input.
    KERNEL_TOO_LARGE = "E0303";
    /// A pool pads by more than half its kernel.
    POOL_PADDING = "E0304";
    /// A layer needs feature maps and gets a vector.
    NEEDS_MAP = "E0305";
    /// A layer needs a vector and gets feature maps.
    NEEDS_VECTOR = "E0306";
    /// Channels cannot be cut into so many groups.
    GROUPS = "E0307";
    /// A count exceeds what 64 bits hold, or a network has far too many layers.
    TOO_LARGE = "E0308";
    /// A head does not end in one logit per class.
    HEAD_CLASSES = "E0309";
    /// A head, or the list of outputs, cannot work.
    HEADS = "E0310";
    /// The branches of an add differ in shape.
    ADD_SHAPES = "E0311";
    /// A layer has values for another number of channels than it gets.
    CHANNEL_COUNT = "E0312";
    /// Samples of a batch would not stay apart, or would not fit together again.
    SAMPLES = "E0313";
    /// A reshape can mix the samples of a batch.
    SAMPLE_MIXING = "W0401";
    /// Two convolutions or linear layers without a non-linearity between them.
    LINEAR_PAIR = "W0402";
    /// An activation that cannot change anything.
    IDLE_ACTIVATION = "W0403";
    /// An activation between a pool and a convolution.
    ODD_ACTIVATION = "W0404";
    /// A bias right before a batch norm, which takes it away again.
    BIAS_BEFORE_NORM = "W0405";
    /// A name says another kernel than the convolution has.
    KERNEL_NAME = "W0406";
    /// A row departs from the published table that the spec names.
    PUBLISHED_ROW = "W0407";
    /// A pool rounds down and loses a pixel against the published table.
    FLOOR_POOL = "W0408";
    /// A head beside the first output runs at inference.
    HEAD_AT_INFERENCE = "W0409";
    /// No head reads what a part of the network delivers.
    UNREAD_OUTPUT = "W0410";
    /// Dropout before a convolution.
    DROPOUT_BEFORE_CONVOLUTION = "W0411";
    /// The eps of a norm is far from the usual.
    UNUSUAL_EPS = "W0412";
    /// A head ends in softmax, which the loss applies itself.
    SOFTMAX_HEAD = "W0413";
    /// A block does not read one of its parameters.
    UNREAD_PARAMETER = "W0414";
    /// A sequence has a name that joins branches elsewhere.
    SEQUENCE_NAME = "W0415";
    /// A pool over windows of one value changes nothing.
    IDLE_POOL = "W0416";
    /// The input seems to have its channels last.
    INPUT_ORDER = "W0417";
}
