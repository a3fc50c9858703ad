//! A small network as the compiler would generate it.

use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Head, Heads, Mode, Network, Phase, Probe};
use googlenetc_runtime::nn;
use googlenetc_runtime::tch::Tensor;
use googlenetc_runtime::tch::nn::Path;

/// Convolution without bias, batch normalisation, ReLU.
#[derive(Debug)]
struct ConvBnRelu {
    conv: nn::Conv2d,
    bn: nn::BatchNorm2d,
}

impl ConvBnRelu {
    fn new(p: &Path, c_in: i64, c_out: i64, kernel: [i64; 2], stride: [i64; 2], padding: [i64; 4]) -> Self {
        Self {
            conv: nn::Conv2d::new(
                &(p / "conv"),
                c_in,
                c_out,
                nn::ConvOptions {
                    kernel,
                    stride,
                    padding,
                    dilation: [1, 1],
                    groups: 1,
                    weight_init: Init::CaffeXavier,
                    bias_init: None,
                },
            ),
            bn: nn::BatchNorm2d::new(&(p / "bn"), c_out, 0.001, 0.1),
        }
    }

    fn forward(&self, x: &Tensor, mode: Mode, probe: &Probe<'_>) -> Tensor {
        let x = probe.see("conv", self.conv.forward(x));
        let x = probe.see("bn", self.bn.forward(&x, mode.batch_statistics));
        probe.output(x.relu())
    }
}

/// 1x8x8 to 3 classes, with an auxiliary head in training.
#[derive(Debug)]
pub(crate) struct Tiny {
    conv1: ConvBnRelu,
    fc: nn::Linear,
    aux_fc: nn::Linear,
}

/// The logits of each head.
#[derive(Debug)]
pub(crate) struct TinyOutput {
    pub(crate) main: Tensor,
    pub(crate) aux1: Option<Tensor>,
}

impl Heads for TinyOutput {
    fn logits(&self) -> Vec<Option<&Tensor>> {
        vec![Some(&self.main), self.aux1.as_ref()]
    }
}

impl Network for Tiny {
    type Output = TinyOutput;

    const NAME: &'static str = "Tiny";
    const SPEC_HASH: &'static str = "0123abcd";
    const INPUT: [i64; 3] = [1, 8, 8];
    const CLASSES: i64 = 3;
    const HEADS: &'static [Head] = &[
        Head { name: "main", weight: 1.0, phase: Phase::Always },
        Head { name: "aux1", weight: 0.3, phase: Phase::Training },
    ];

    fn new(p: &Path) -> Self {
        Self {
            conv1: ConvBnRelu::new(&(p / "conv1"), 1, 6, [3, 3], [1, 1], [1, 1, 1, 1]),
            fc: nn::Linear::new(&(p / "main" / "fc"), 96, 3, Init::PyTorch, Some(Init::PyTorch)),
            aux_fc: nn::Linear::new(&(p / "aux1" / "fc"), 6, 3, Init::PyTorch, Some(Init::Constant(0.0))),
        }
    }

    fn forward(&self, x: &Tensor, mode: Mode, probe: &Probe<'_>) -> TinyOutput {
        let x = self.conv1.forward(x, mode, &probe.enter("conv1"));
        let aux1 = mode.training.then(|| {
            let probe = probe.enter("aux1");
            let y = probe.see("0", x.adaptive_avg_pool2d([1, 1]).flatten(1, -1));
            probe.see("fc", self.aux_fc.forward(&y))
        });
        let x = probe.see("pool1", x.max_pool2d([3, 3], [2, 2], [0, 0], [1, 1], true));
        let x = probe.see("norm1", nn::local_response_norm(&x, 5, 1e-4, 0.75, 1.0));
        let probe = probe.enter("main");
        let x = probe.see("0", x.flatten(1, -1));
        let x = probe.see("1", x.dropout(0.2, mode.dropout));
        TinyOutput { main: probe.see("fc", self.fc.forward(&x)), aux1 }
    }
}
