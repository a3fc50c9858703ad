//! GoogLeNet for Fashion-MNIST: `cargo run -p fashion_mnist -- train --recipe fashion-mnist --data DIR`.

use googlenetc_runtime::cli::run;

googlenetc_runtime::include_network!("fashion-mnist");

fn main() -> std::process::ExitCode {
    run::<GoogLeNetFashionMnist>()
}
