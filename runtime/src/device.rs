//! Where a network computes: on the processor, or on a graphics card.

#[cfg(target_os = "linux")]
mod cuda;

use crate::error::{Error, Result};
use crate::refusal::attempt;
use std::fmt;
use std::str::FromStr;
use tch::nn::VarStore;
use tch::{Cuda, Device, Kind, Tensor};

/// A device as one asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The first CUDA device if it works, else MPS if that works, else the CPU.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA card, by its number from 0.
    Cuda(usize),
    /// Apple's graphics.
    Mps,
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "mps" => Ok(Self::Mps),
            _ => {
                // libtorch counts devices in 8 bits.
                let number = text.strip_prefix("cuda:").and_then(|number| number.parse::<i8>().ok());
                let number = number.and_then(|number| usize::try_from(number).ok());
                number.map(Self::Cuda).ok_or_else(|| "must be auto, cpu, cuda, cuda:N or mps".to_owned())
            }
        }
    }
}

/// Writes a device as one asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Name(pub Device);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Device::Cpu => f.write_str("cpu"),
            Device::Cuda(number) => write!(f, "cuda:{number}"),
            Device::Mps => f.write_str("mps"),
            Device::Vulkan => f.write_str("vulkan"),
        }
    }
}

/// The device that is asked for, after something was computed on it.
///
/// This comes before anything else that asks libtorch about CUDA, `tch::manual_seed` included: libtorch remembers the
/// first answer, and its part for CUDA is loaded here.
///
/// # Errors
/// When it is not there or does not work, with the reason and what to do.
pub fn find(choice: Choice) -> Result<Device> {
    match choice {
        Choice::Auto => Ok(find_cuda(0).or_else(|_| find_mps()).unwrap_or(Device::Cpu)),
        Choice::Cpu => Ok(Device::Cpu),
        Choice::Cuda(number) => {
            find_cuda(number).map_err(|why| Error::failed(format!("cannot use `cuda:{number}`: {why}")))
        }
        Choice::Mps => find_mps().map_err(|why| Error::failed(format!("cannot use `mps`: {why}"))),
    }
}

/// Moves the variables of a network, which are made on the CPU, so that a seed gives the same ones on every device.
///
/// # Errors
/// When they do not fit into its memory.
pub fn place(store: &mut VarStore, device: Device) -> Result<()> {
    if device == store.device() { Ok(()) } else { attempt(|| store.set_device(device)) }
}

fn find_cuda(number: usize) -> std::result::Result<Device, String> {
    #[cfg(target_os = "linux")]
    cuda::load()?;
    let count = attempt(Cuda::device_count).map_err(|e| e.to_string())?;
    match usize::try_from(count).unwrap_or(0) {
        0 => {
            Err("libtorch finds no NVIDIA card; `nvidia-smi` tells whether there is one and whether its driver runs; \
                  choose `--device cpu` to do without"
                .to_owned())
        }
        count if number < count => works(Device::Cuda(number)),
        1 => Err("there is one CUDA device, `cuda:0`".to_owned()),
        count => Err(format!("there are {count} CUDA devices, `cuda:0` to `cuda:{}`", count - 1)),
    }
}

fn find_mps() -> std::result::Result<Device, String> {
    if tch::utils::has_mps() {
        return works(Device::Mps);
    }
    Err("libtorch has it on a Mac with Apple's own processor only; choose `--device cpu` to do without".to_owned())
}

/// Computes something, because drivers too old and cards without kernels are noticed no sooner.
fn works(device: Device) -> std::result::Result<Device, String> {
    let computed = attempt(|| {
        let ones = Tensor::ones([2, 2], (Kind::Float, device));
        ones.matmul(&ones).to_device(Device::Cpu).double_value(&[1, 1])
    });
    match computed {
        Ok(sum) if (sum - 2.0).abs() < f64::EPSILON => Ok(device),
        Ok(sum) => Err(format!("it computes 1 + 1 = {sum}; choose `--device cpu` to do without")),
        Err(e) => Err(format!("it is there but does not work: {e}; choose `--device cpu` to do without")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Name, find};
    use tch::Device;

    #[test]
    fn devices_are_written_as_they_are_asked_for() {
        for (text, choice) in [
            ("auto", Choice::Auto),
            ("cpu", Choice::Cpu),
            ("cuda", Choice::Cuda(0)),
            ("cuda:0", Choice::Cuda(0)),
            ("cuda:12", Choice::Cuda(12)),
            ("mps", Choice::Mps),
        ] {
            assert_eq!(text.parse(), Ok(choice));
        }
        for text in ["", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:1.5", "cuda:4294967296", "cuda0", "mps:0"] {
            assert!(text.parse::<Choice>().is_err(), "{text}");
        }
        let names = [Device::Cpu, Device::Cuda(1), Device::Mps].map(|device| Name(device).to_string());
        assert_eq!(names, ["cpu", "cuda:1", "mps"]);
    }

    #[test]
    fn the_cpu_is_always_there() {
        assert_eq!(find(Choice::Cpu).unwrap(), Device::Cpu);
    }

    /// What is found on the machine that runs the test is its own affair, but it is found twice, and it is never silent.
    #[test]
    fn what_auto_finds_can_be_asked_for() {
        let found = find(Choice::Auto).unwrap();
        assert_eq!(find(Name(found).to_string().parse().unwrap()).unwrap(), found);
        let absent = find(Choice::Cuda(99)).unwrap_err().to_string();
        assert!(absent.starts_with("cannot use `cuda:99`: "), "{absent}");
    }
}
