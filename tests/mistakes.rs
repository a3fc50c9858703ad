//! Mistakes that one makes when one writes such a network, made on purpose: `tests/parity.rs` must notice each of them.

/// A mistake as changes in the text of a spec.
pub(crate) struct Mistake {
    /// What it is, as the name of a test.
    pub(crate) name: &'static str,
    /// The network by the name that the reference gives it.
    pub(crate) model: &'static str,
    /// The spec below `specs`.
    pub(crate) spec: &'static str,
    /// Its key layout.
    pub(crate) layout: &'static str,
    /// What is replaced in it, everywhere, and by what.
    pub(crate) changes: &'static [(&'static str, &'static str)],
    /// The first thing that then differs: a call of one of PyTorch's modules, or a head.
    pub(crate) first: &'static str,
}

const TINY_IMAGENET: Mistake = Mistake {
    name: "",
    model: "tiny-imagenet",
    spec: "tiny-imagenet",
    layout: "tiny-imagenet",
    changes: &[],
    first: "",
};
const SEQUENTIAL: Mistake = Mistake {
    model: "fashion-mnist-sequential",
    spec: "fashion-mnist-sequential",
    layout: "fashion-mnist-sequential",
    ..TINY_IMAGENET
};
const BATCH_NORM: Mistake = Mistake { model: "batch-norm", spec: "batch-norm", layout: "batch-norm", ..TINY_IMAGENET };
const BIAS_AUX: Mistake = Mistake { model: "bias-aux", spec: "bias-aux", layout: "bias-aux", ..TINY_IMAGENET };
const TORCHVISION: Mistake =
    Mistake { model: "torchvision-googlenet", spec: "googlenet-torchvision", layout: "pytorch", ..TINY_IMAGENET };

/// In the order of `data/parity/sensitivity.json`, which says how far each moves a logit.
pub(crate) const MISTAKES: [Mistake; 13] = [
    Mistake {
        name: "pools_that_pad_instead_of_rounding_up",
        changes: &[("maxpool 3x3/2 ceil", "maxpool 3x3/2 pad=1")],
        first: "pre_layers.2",
        ..TINY_IMAGENET
    },
    Mistake {
        name: "an_activation_too_many_after_every_first_branch",
        changes: &[("conv 1x1 $n1x1 activation=none", "conv 1x1 $n1x1")],
        first: "Google_1.0.Y1",
        ..TINY_IMAGENET
    },
    Mistake {
        name: "no_activation_between_pool_and_convolution",
        changes: &[(
            "[maxpool 3x3/1 pad=1, relu, conv 1x1 $pool_proj]",
            "{0: maxpool 3x3/1 pad=1, 2: conv 1x1 $pool_proj}",
        )],
        first: "Google_1.0.Y4.1",
        ..TINY_IMAGENET
    },
    Mistake {
        name: "an_activation_too_many_in_the_stem",
        changes: &[("conv2: conv 1x1 64 activation=none", "conv2: conv 1x1 64")],
        first: "pre_layers.3",
        ..TINY_IMAGENET
    },
    Mistake {
        name: "two_branches_joined_in_the_other_order",
        changes: &[
            (
                "\nstem:",
                "  swapped:
    parameters: [n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj]
    concat:
      branch1: conv 1x1 $n1x1 activation=none
      branch3: [conv 1x1 $n5x5_reduce, conv 5x5 $n5x5]
      branch2: [conv 1x1 $n3x3_reduce, conv 3x3 $n3x3]
      branch4: [maxpool 3x3/1 pad=1, relu, conv 1x1 $pool_proj]

stem:",
            ),
            (
                "3a:    [  64,          96,  128,          16,   32,        32, 256x28x28]",
                "inception3a: swapped 64 96 128 16 32 32",
            ),
        ],
        // What 3a gives has the same mean, deviation and maximum; only the next row's convolutions see the order.
        first: "Google_1.1.Y1",
        ..TINY_IMAGENET
    },
    Mistake {
        name: "pools_that_round_up_instead_of_padding",
        changes: &[("maxpool 3x3/2 pad=1", "maxpool 3x3/2 ceil")],
        first: "0.2",
        ..SEQUENTIAL
    },
    Mistake {
        name: "no_activation_after_the_branches_pool",
        changes: &[(
            "[maxpool 3x3/1 pad=1, relu, conv 1x1 $pool_proj]",
            "{0: maxpool 3x3/1 pad=1, 2: conv 1x1 $pool_proj}",
        )],
        first: "2.0.p4_2",
        ..SEQUENTIAL
    },
    Mistake {
        name: "a_stem_with_activations",
        changes: &[
            ("conv2: conv 1x1 64 activation=none", "conv2: conv 1x1 64"),
            ("conv3: conv 3x3 192 activation=none", "conv3: conv 3x3 192"),
        ],
        first: "1.0",
        ..SEQUENTIAL
    },
    Mistake {
        name: "a_hundred_times_the_epsilon",
        changes: &[("norm=batch", "norm=batch eps=1e-3")],
        first: "conv1.conv.1",
        ..BATCH_NORM
    },
    Mistake {
        name: "heads_in_the_other_order",
        changes: &[("outputs: [main, aux2, aux1]", "outputs: [main, aux1, aux2]")],
        first: "aux2, sample 0",
        ..BATCH_NORM
    },
    Mistake {
        name: "pools_with_biases_that_pad_instead_of_rounding_up",
        changes: &[("maxpool 3x3/2 ceil", "maxpool 3x3/2 pad=1")],
        first: "maxpool1",
        ..BIAS_AUX
    },
    Mistake {
        name: "a_hundredth_of_the_epsilon",
        changes: &[("eps=1e-3", "eps=1e-5")],
        first: "conv1.bn",
        ..TORCHVISION
    },
    Mistake {
        name: "the_pool_of_the_paper",
        changes: &[("maxpool4: maxpool 2x2/2", "maxpool4: maxpool 3x3/2")],
        first: "maxpool4",
        ..TORCHVISION
    },
];
