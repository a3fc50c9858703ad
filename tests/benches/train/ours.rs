//! The generated network, and what is done with it.

use crate::{Cost, Row, usage};
use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::precision::Precision;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{self, Device, Kind, Tensor};
use googlenetc_runtime::train::{Optimizer, OptimizerConfig, Sgd, Stages, loss, parameters};
use googlenetc_runtime::weights::{self, tensors};
use std::path::Path;
use std::time::Instant;

/// The code of the embedded spec.
#[expect(unreachable_pub, reason = "it is made for libraries")]
mod generated {
    googlenetc_runtime::include_network!("googlenet-torchvision");
}
use generated::GoogLeNetTorchvision as GoogLeNet;

pub(crate) struct Ours {
    store: VarStore,
    network: GoogLeNet,
}

impl Ours {
    pub(crate) fn new() -> Self {
        tch::manual_seed(1);
        let store = VarStore::new(Device::Cpu);
        let network = GoogLeNet::new(&store.root());
        Self { store, network }
    }

    /// Takes over PyTorch's weights from `folder`; returns how far the logits of its input are from PyTorch's there, in float32 and
    /// bfloat16.
    pub(crate) fn compare(&mut self, folder: &Path) -> [f64; 2] {
        weights::load::<GoogLeNet>(&mut self.store, &folder.join("weights.pt")).unwrap();
        let logits = folder.join("logits.pt");
        let input = tensors::read(&logits, "input").unwrap();
        let input = channels_last(&input);
        [(Precision::Float32, "float32"), (Precision::BFloat16, "bfloat16")].map(|(precision, name)| {
            let theirs = tensors::read(&logits, name).unwrap().to_kind(Kind::Double);
            let difference = (self.infer(&input, precision).to_kind(Kind::Double) - &theirs).abs().max();
            difference.double_value(&[]) / theirs.abs().max().double_value(&[])
        })
    }

    /// One pass to get warm, and those that count.
    pub(crate) fn run(&mut self, row: &Row) -> Cost {
        let input = Tensor::randn([row.batch, 3, 224, 224], (Kind::Float, Device::Cpu));
        let input = if row.channels_last { channels_last(&input) } else { input };
        if !row.training {
            return timed(row.passes, || drop(self.infer(&input, row.precision)));
        }
        let labels = Tensor::randint(GoogLeNet::CLASSES, [row.batch], (Kind::Int64, Device::Cpu));
        let parameters = parameters(&self.store, GoogLeNet::RATES, &Stages::default()).unwrap();
        let config = OptimizerConfig::Sgd(Sgd { momentum: 0.9, nesterov: false });
        let mut optimizer = Optimizer::new(&config, 0.0, &self.store, parameters).unwrap();
        timed(row.passes, || self.step(&mut optimizer, &input, &labels, row.precision))
    }

    fn infer(&self, input: &Tensor, precision: Precision) -> Tensor {
        let (_guard, _scope) = (tch::no_grad_guard(), precision.enter());
        self.network.forward(input, Mode::INFERENCE, &Probe::silent()).main
    }

    /// As in training, all auxiliary heads included.
    fn step(&self, optimizer: &mut Optimizer, input: &Tensor, labels: &Tensor, precision: Precision) {
        let scope = precision.enter();
        let output = self.network.forward(input, Mode::TRAINING, &Probe::silent());
        drop(scope);
        let total = loss::<GoogLeNet>(&output.logits(), labels, 0.0).unwrap().total;
        optimizer.zero_grad();
        total.backward();
        optimizer.step(1e-3);
    }
}

fn channels_last(images: &Tensor) -> Tensor {
    images.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2])
}

#[expect(clippy::cast_precision_loss, reason = "passes are few")]
fn timed(passes: usize, mut pass: impl FnMut()) -> Cost {
    pass();
    let (begin, used) = (Instant::now(), usage::this_process());
    for _ in 0..passes {
        pass();
    }
    let passes = passes as f64;
    Cost { seconds: begin.elapsed().as_secs_f64() / passes, processor: (usage::this_process() - used) / passes }
}
