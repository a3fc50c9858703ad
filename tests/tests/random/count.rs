//! A network counted by brute force: windows by trying every position, multiply-adds by going through every output value,
//! parameters by walking shapes.

mod costs;
mod window;

use super::network::{Head, Item, Layer, Network, Number, Part, Row, RowContent};

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

    fn value(&self, number: Number, arguments: Arguments<'_>) -> u64 {
        match number {
            Number::Literal(value) => value,
            Number::Parameter(index) => arguments[index],
            Number::Incoming => arguments[arguments.len() - 1],
            Number::Classes => self.network.classes,
        }
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
