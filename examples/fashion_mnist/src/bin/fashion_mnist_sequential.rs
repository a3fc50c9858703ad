//! The other GoogLeNet for Fashion-MNIST, whose stem lacks most activations: `cargo run -p fashion_mnist --bin fashion_mnist_sequential`.

use googlenetc_runtime::cli::run;

googlenetc_runtime::include_network!("fashion-mnist-sequential");

fn main() -> std::process::ExitCode {
    run::<GoogLeNetFashionMnistSequential>()
}
