//! GoogLeNet for Tiny-ImageNet-200: `cargo run -p tiny_imagenet -- train --recipe tiny-imagenet --data DIR`.

use googlenetc_runtime::cli::run;

googlenetc_runtime::include_network!("tiny-imagenet");

fn main() -> std::process::ExitCode {
    run::<GoogLeNetTinyImageNet>()
}
