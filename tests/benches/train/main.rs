use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::precision::Precision;
use googlenetc_runtime::tch::nn::{OptimizerConfig, VarStore};
use googlenetc_runtime::tch::{self, Device, Kind, Tensor};
use std::time::Instant;

pub mod googlenet {
    googlenetc_runtime::include_network!("googlenet-torchvision");
}
use googlenet::GoogLeNetTorchvision as Net;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let mode = args[0].as_str();
    let precision = if args[1] == "bf16" { Precision::BFloat16 } else { Precision::Float32 };
    let cl = args[2] == "cl";
    let batch: i64 = args[3].parse().unwrap();
    let steps: usize = args[4].parse().unwrap();
    tch::manual_seed(1);
    let store = VarStore::new(Device::Cpu);
    let net = Net::new(&store.root());
    if args.get(5).is_some_and(|a| a == "wcl") {
        for (_, mut v) in store.variables() {
            if v.dim() == 4 {
                tch::no_grad(|| {
                    let d = v.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2]);
                    v.set_data(&d)
                });
            }
        }
    }
    let mut opt = tch::nn::sgd(0.9, 0.0, 0.0, false).build(&store, 0.01).unwrap();
    let x = if cl {
        Tensor::randn([batch, 224, 224, 3], (Kind::Float, Device::Cpu)).permute([0, 3, 1, 2])
    } else {
        Tensor::randn([batch, 3, 224, 224], (Kind::Float, Device::Cpu))
    };
    let y = Tensor::randint(1000, [batch], (Kind::Int64, Device::Cpu));
    for i in 0..=steps {
        let t = Instant::now();
        let _p = precision.enter();
        if mode == "train" {
            let out = net.forward(&x, Mode::TRAINING, &Probe::silent());
            let logits = out.logits();
            let mut total = None;
            for (head, l) in Net::HEADS.iter().zip(&logits) {
                if let Some(l) = l {
                    let loss = l.log_softmax(-1, Kind::Float).nll_loss(&y) * head.weight;
                    total = Some(match total {
                        None => loss,
                        Some(t) => t + loss,
                    });
                }
            }
            let total = total.unwrap();
            let f = t.elapsed().as_secs_f64();
            opt.zero_grad();
            total.backward();
            let b = t.elapsed().as_secs_f64();
            opt.step();
            let s = t.elapsed().as_secs_f64();
            if i > 0 {
                println!(
                    "{s:.3} (forward {f:.3} backward {:.3} step {:.3}) {:.1}/s loss {:.4}",
                    b - f,
                    s - b,
                    batch as f64 / s,
                    total.double_value(&[])
                );
            }
        } else {
            let _g = tch::no_grad_guard();
            let out = net.forward(&x, Mode::INFERENCE, &Probe::silent());
            let s = t.elapsed().as_secs_f64();
            if i > 0 {
                println!("{s:.4} {:.1}/s {:?}", batch as f64 / s, out.main.kind());
            }
        }
    }
}
