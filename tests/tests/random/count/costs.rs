//! What one layer delivers and costs.

use super::super::network::{Extras, Kind, Norm, Number, Window};
use super::window::Resolved;
use super::{Arguments, Counter, Refusal, Shape, positive, require};

impl Counter<'_> {
    /// The output's shape; then parameters, buffers and multiply-adds.
    pub(super) fn derive(
        &self,
        kind: &Kind,
        input: Shape,
        arguments: Arguments<'_>,
    ) -> Result<(Shape, [u64; 3]), Refusal> {
        let map = match input {
            Shape::Map(sizes) => Ok(sizes),
            Shape::Vector(_) => Err("feature maps are needed"),
        };
        let value = |number: &Number| self.value(*number, arguments);
        match kind {
            Kind::Conv { window, channels, groups, extras } => {
                convolution(map?, window, value(channels), groups.unwrap_or(1), extras, &value)
            }
            Kind::Depthwise { window, multiplier, extras } => {
                let [incoming, ..] = map?;
                positive(&[multiplier.unwrap_or(1)])?;
                convolution(map?, window, incoming * multiplier.unwrap_or(1), incoming, extras, &value)
            }
            Kind::Pool { window, ceil, .. } => {
                let [channels, height, width] = map?;
                let window = Resolved::of(window, true, &value)?;
                let is_half = |axis: usize| window.pad[2 * axis] <= window.kernel[axis] / 2;
                require(is_half(0) && is_half(1), "a pool pads by more than half its kernel")?;
                let (height, width) = (window.positions(0, height, *ceil)?, window.positions(1, width, *ceil)?);
                Ok((Shape::Map([channels, height, width]), [0; 3]))
            }
            Kind::GlobalPool(_) => Ok((Shape::Map([map?[0], 1, 1]), [0; 3])),
            Kind::AdaptivePool(_, sizes) => {
                positive(sizes)?;
                Ok((Shape::Map([map?[0], sizes[0], sizes[sizes.len() - 1]]), [0; 3]))
            }
            Kind::Linear { features, bias, .. } => {
                let Shape::Vector(incoming) = input else { return Err("a vector is needed") };
                let features = value(features);
                positive(&[features])?;
                let multiply_adds = (0..features).map(|_| incoming).sum();
                let bias = if *bias { features } else { 0 };
                Ok((Shape::Vector(features), [features * incoming + bias, 0, multiply_adds]))
            }
            Kind::Flatten => Ok((Shape::Vector(input.sizes().iter().product()), [0; 3])),
            Kind::Reshape(features) => {
                positive(&[*features])?;
                Ok((Shape::Vector(*features), [0; 3]))
            }
            Kind::BatchNorm => Ok((Shape::Map(map?), [2 * map?[0], 2 * map?[0], 0])),
            Kind::Lrn(size) => {
                positive(&[*size])?;
                Ok((Shape::Map(map?), [0; 3]))
            }
            Kind::Dropout(tenths) => {
                require(*tenths < 10, "a probability of 1 or more")?;
                Ok((input, [0; 3]))
            }
            Kind::Plain(_) | Kind::Scale(_) => Ok((input, [0; 3])),
        }
    }
}

fn convolution(
    [incoming, height, width]: [u64; 3],
    window: &Window,
    channels: u64,
    groups: u64,
    extras: &Extras,
    value: &dyn Fn(&Number) -> u64,
) -> Result<(Shape, [u64; 3]), Refusal> {
    positive(&[channels, groups])?;
    require(channels.is_multiple_of(groups) && incoming % groups == 0, "groups do not divide the channels")?;
    let window = Resolved::of(window, false, value)?;
    let (height, width) = (window.positions(0, height, false)?, window.positions(1, width, false)?);
    let taps = incoming / groups * window.kernel[0] * window.kernel[1];
    // Joined again and again, channels can become too many for a loop.
    let multiply_adds =
        [channels, height, width].into_iter().try_fold(taps, u64::checked_mul).ok_or("more than can be counted")?;
    let mut parameters = channels * taps + if extras.bias { channels } else { 0 };
    let mut buffers = 0;
    match extras.norm {
        Norm::None => {}
        Norm::Batch => {
            let comes_first = extras.order.is_some_and(|order| order.find("norm") < order.find("conv"));
            let normalised = if comes_first { incoming } else { channels };
            parameters += 2 * normalised;
            buffers += 2 * normalised;
        }
        Norm::Lrn(size) => positive(&[size])?,
    }
    Ok((Shape::Map([channels, height, width]), [parameters, buffers, multiply_adds]))
}
