//! A network counted by brute force: windows by trying every position, multiply-adds by going through every output value,
//! parameters by walking shapes.

use super::network::{Extras, Head, Item, Kind, Layer, Network, Norm, Number, Part, Row, RowContent, Window};

/// The shape of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    Map([u64; 3]),
    Vector(u64),
}

impl Shape {
    pub(crate) fn sizes(self) -> Vec<u64> {
        match self {
            Self::Map(sizes) => sizes.to_vec(),
            Self::Vector(features) => vec![features],
        }
    }

    fn channels(self) -> u64 {
        match self {
            Self::Map([channels, ..]) | Self::Vector(channels) => channels,
        }
    }
}

/// A layer that runs, and what it costs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stage {
    pub(crate) path: String,
    pub(crate) keyword: &'static str,
    pub(crate) output: Vec<u64>,
    pub(crate) parameters: u64,
    pub(crate) buffers: u64,
    pub(crate) multiply_adds: u64,
    pub(crate) only_in_training: bool,
}

/// Why a network cannot be.
pub(crate) type Refusal = &'static str;

/// Every layer of a network, copies and calls expanded.
pub(crate) fn count(network: &Network) -> Result<Vec<Stage>, Refusal> {
    let [channels, height, width] = network.input;
    positive(&[channels, height, width, network.classes])?;
    let mut counter = Counter::new(network);
    let mut trunk = Vec::new();
    counter.sequence(&network.trunk, "", Shape::Map(network.input), &[], &mut trunk)?;
    let last = trunk.last().map_or(Shape::Map(network.input), |(_, shape)| *shape);
    for (index, head) in network.heads.iter().enumerate() {
        counter.head(index, head, &trunk, last)?;
    }
    Ok(counter.stages)
}

/// The items of the trunk by the names that heads know, and what they deliver.
pub(crate) fn trunk(network: &Network) -> Result<Vec<(String, Shape)>, Refusal> {
    let mut delivered = Vec::new();
    Counter::new(network).sequence(&network.trunk, "", Shape::Map(network.input), &[], &mut delivered)?;
    Ok(delivered)
}

/// The shape that one item of a trunk delivers.
pub(crate) fn after(network: &Network, item: &Item, input: Shape) -> Result<Shape, Refusal> {
    let mut delivered = Vec::new();
    Counter::new(network).sequence(std::slice::from_ref(item), "", input, &[], &mut delivered)
}

struct Counter<'a> {
    network: &'a Network,
    only_in_training: bool,
    stages: Vec<Stage>,
}

/// What `$p0`, `$p1`, ... stand for, and at the end `$in`.
type Arguments<'a> = &'a [u64];

/// The items of a sequence by the names that heads know, and what they deliver.
type Delivered = Vec<(String, Shape)>;

impl<'a> Counter<'a> {
    fn new(network: &'a Network) -> Self {
        Self { network, only_in_training: false, stages: Vec::new() }
    }

    fn sequence(
        &mut self,
        items: &[Item],
        path: &str,
        input: Shape,
        arguments: Arguments<'_>,
        delivered: &mut Delivered,
    ) -> Result<Shape, Refusal> {
        let mut shape = input;
        let mut position = 0;
        for item in items {
            match (&item.name, &item.part) {
                (_, Part::Table(table)) => {
                    for row in &table.rows {
                        shape = self.row(table.block, table.prefix.as_deref(), row, path, shape, arguments)?;
                        delivered.push((row.name.clone(), shape));
                    }
                    position += 1;
                }
                (None, Part::Repeat(count, inside)) => {
                    copies(*count)?;
                    for _ in 0..*count {
                        shape = self.copy(inside, &join(path, &position.to_string()), shape, arguments)?;
                        delivered.push((position.to_string(), shape));
                        position += 1;
                    }
                }
                (name, part) => {
                    let name = name.clone().unwrap_or(position.to_string());
                    shape = self.part(part, &join(path, &name), shape, arguments)?;
                    delivered.push((name, shape));
                    position += 1;
                }
            }
        }
        Ok(shape)
    }

    fn copy(&mut self, items: &[Item], path: &str, input: Shape, arguments: Arguments<'_>) -> Result<Shape, Refusal> {
        match items {
            [Item { name: None, part }] => self.part(part, path, input, arguments),
            items => self.sequence(items, path, input, arguments, &mut Vec::new()),
        }
    }

    fn part(&mut self, part: &Part, path: &str, input: Shape, arguments: Arguments<'_>) -> Result<Shape, Refusal> {
        match part {
            Part::Layer(layer) => self.layer(layer, path, input, arguments),
            Part::Sequence(items) => self.sequence(items, path, input, arguments, &mut Vec::new()),
            Part::Concat(branches) => {
                let shapes = self.branches(branches, path, input, arguments)?;
                let sizes = |shape: &Shape| match shape {
                    Shape::Map([_, height, width]) => Some([*height, *width]),
                    Shape::Vector(_) => None,
                };
                require(sizes(&shapes[0]).is_some(), "a concat of vectors")?;
                require(shapes.iter().all(|shape| sizes(shape) == sizes(&shapes[0])), "branches differ in size")?;
                let [height, width] = sizes(&shapes[0]).unwrap_or_default();
                Ok(Shape::Map([shapes.iter().map(|shape| shape.channels()).sum(), height, width]))
            }
            Part::Add(branches) => {
                let shapes = self.branches(branches, path, input, arguments)?;
                require(shapes.iter().all(|shape| *shape == shapes[0]), "branches differ in shape")?;
                Ok(shapes[0])
            }
            Part::Repeat(count, items) => {
                copies(*count)?;
                (0..*count)
                    .try_fold(input, |shape, copy| self.copy(items, &join(path, &copy.to_string()), shape, arguments))
            }
            Part::Call(block, given) => {
                let given: Vec<u64> = given.iter().map(|number| self.value(*number, arguments)).collect();
                self.call(*block, &given, path, input)
            }
            Part::Table(_) => Err("a table stands among items"),
        }
    }

    fn branches(
        &mut self,
        branches: &[Item],
        path: &str,
        input: Shape,
        arguments: Arguments<'_>,
    ) -> Result<Vec<Shape>, Refusal> {
        let branch = |branch: &Item| {
            let path = join(path, branch.name.as_deref().unwrap_or_default());
            self.part(&branch.part, &path, input, arguments)
        };
        branches.iter().map(branch).collect()
    }

    fn call(&mut self, block: usize, given: &[u64], path: &str, input: Shape) -> Result<Shape, Refusal> {
        let arguments: Vec<u64> = given.iter().copied().chain([input.channels()]).collect();
        let network = self.network;
        self.part(&network.blocks[block].body, path, input, &arguments)
    }

    fn row(
        &mut self,
        block: usize,
        prefix: Option<&str>,
        row: &Row,
        path: &str,
        shape: Shape,
        arguments: Arguments<'_>,
    ) -> Result<Shape, Refusal> {
        match &row.content {
            RowContent::Plain(layer) => self.layer(layer, &join(path, &row.name), shape, arguments),
            RowContent::Cells { arguments, input, output } => {
                claim(input.as_ref(), shape)?;
                let path = join(path, &format!("{}{}", prefix.unwrap_or_default(), row.name));
                let delivered = self.call(block, arguments, &path, shape)?;
                claim(output.as_ref(), delivered)?;
                Ok(delivered)
            }
        }
    }

    fn head(&mut self, index: usize, head: &Head, trunk: &Delivered, last: Shape) -> Result<(), Refusal> {
        self.only_in_training = head.only_in_training;
        let source = head.from.as_ref().and_then(|from| trunk.iter().find(|(name, _)| name == from));
        let input = source.map_or(last, |(_, shape)| *shape);
        let logits = self.sequence(&head.layers, &format!("head{index}"), input, &[], &mut Vec::new())?;
        require(logits == Shape::Vector(self.network.classes), "a head with other classes")
    }

    fn layer(&mut self, layer: &Layer, path: &str, input: Shape, arguments: Arguments<'_>) -> Result<Shape, Refusal> {
        let (output, [parameters, buffers, multiply_adds]) = self.derive(&layer.kind, input, arguments)?;
        claim(layer.claim.as_ref(), output)?;
        self.stages.push(Stage {
            path: path.into(),
            keyword: layer.kind.keyword(),
            output: output.sizes(),
            parameters,
            buffers,
            multiply_adds,
            only_in_training: self.only_in_training,
        });
        Ok(output)
    }

    /// The output's shape; then parameters, buffers and multiply-adds.
    fn derive(&self, kind: &Kind, input: Shape, arguments: Arguments<'_>) -> Result<(Shape, [u64; 3]), Refusal> {
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

    fn value(&self, number: Number, arguments: Arguments<'_>) -> u64 {
        match number {
            Number::Literal(value) => value,
            Number::Parameter(index) => arguments[index],
            Number::Incoming => arguments[arguments.len() - 1],
            Number::Classes => self.network.classes,
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
    let mut multiply_adds = 0;
    for _channel in 0..channels {
        for _row in 0..height {
            for _column in 0..width {
                multiply_adds += taps;
            }
        }
    }
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

/// A window with all its numbers; the padding is top, bottom, left, right.
struct Resolved {
    kernel: [u64; 2],
    stride: [u64; 2],
    pad: [u64; 4],
    dilation: [u64; 2],
}

impl Resolved {
    fn of(window: &Window, is_pool: bool, value: &dyn Fn(&Number) -> u64) -> Result<Self, Refusal> {
        let kernel = window.kernel;
        let stride: Vec<u64> = window.stride.iter().map(value).collect();
        positive(&[&kernel, &stride[..], &window.dilation].concat())?;
        let stride = pair(&stride).unwrap_or(if is_pool { kernel } else { [1, 1] });
        let dilation = pair(&window.dilation).unwrap_or([1, 1]);
        let half = |axis: usize| if is_pool { 0 } else { dilation[axis] * (kernel[axis] - 1) / 2 };
        let pad = match window.pad[..] {
            [all] => [all; 4],
            [rows, columns] => [rows, rows, columns, columns],
            [top, bottom, left, right] => [top, bottom, left, right],
            _ => [half(0), half(0), half(1), half(1)],
        };
        Ok(Self { kernel, stride, pad, dilation })
    }

    /// At how many positions the window stands along one axis.
    ///
    /// PyTorch's rule: every tap lies inside of the padded input, or, where the number is rounded up, the window before this
    /// one did not reach the end, and this one starts inside of the input or the padding before it.
    fn positions(&self, axis: usize, size: u64, ceil: bool) -> Result<u64, Refusal> {
        let (before, after) = (self.pad[2 * axis], self.pad[2 * axis + 1]);
        let end = before + size + after;
        let reach = (0..self.kernel[axis]).map(|tap| tap * self.dilation[axis]).max().unwrap_or(0) + 1;
        let mut positions = 0;
        for start in (0..end).step_by(usize::try_from(self.stride[axis]).unwrap_or(usize::MAX)) {
            let fits = start + reach <= end;
            // A first window that is too large stands as if another one stride before it had not reached the end.
            let previous_ends_early = start + reach < end + self.stride[axis];
            if fits || (ceil && previous_ends_early && start < before + size) {
                positions += 1;
            }
        }
        require(positions > 0, "the kernel does not fit")?;
        Ok(positions)
    }
}

fn pair(numbers: &[u64]) -> Option<[u64; 2]> {
    match *numbers {
        [both] => Some([both; 2]),
        [rows, columns] => Some([rows, columns]),
        _ => None,
    }
}

fn claim(claimed: Option<&Vec<u64>>, shape: Shape) -> Result<(), Refusal> {
    require(claimed.is_none_or(|claimed| *claimed == shape.sizes()), "a claim that does not hold")
}

/// The language's limit.
fn copies(count: u64) -> Result<(), Refusal> {
    require((1..=10_000).contains(&count), "so many copies")
}

fn positive(numbers: &[u64]) -> Result<(), Refusal> {
    require(numbers.iter().all(|number| *number > 0), "a zero")
}

fn require(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}
