//! Groups to statements of `forward`, and to the fields that these need.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::channels::Channels;
use super::convolutions::Style;
use super::emitter::{Emitter, Struct};
use super::layout::{comment, trailing};
use super::literals::{array, fraction, init, optional_init, whole};
use crate::network::{Content, Group, Operation, Source};
use crate::ops::{ChannelSource, Convolution, Linear, Op, Window};
use crate::shape::Shape;

/// A value in `forward`: a variable, owned or borrowed.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) name: Ident,
    pub(super) owned: bool,
}

impl Value {
    fn reference(&self) -> TokenStream {
        let name = &self.name;
        if self.owned { quote!(&#name) } else { quote!(#name) }
    }
}

/// The statements made so far, and the value that they end with.
pub(super) struct Flow {
    pub(super) statements: Vec<TokenStream>,
    pub(super) value: Value,
    /// The expression of the last statement, and the shape behind it.
    last: Option<(TokenStream, Option<String>)>,
}

impl Flow {
    pub(super) fn new(value: Value) -> Self {
        Self { statements: Vec::new(), value, last: None }
    }

    /// The expression and its shape, when there is but one step.
    pub(super) fn single(&self) -> Option<(TokenStream, Option<String>)> {
        if self.statements.len() == 1 { self.last.clone() } else { None }
    }

    /// The statements of a body that ends with the last value, as an expression rather than a variable.
    pub(super) fn ending(mut self) -> Vec<TokenStream> {
        if let Some((expression, shape)) = self.last {
            self.statements.pop();
            self.statements.extend(shape.map(|shape| comment(&shape)));
            self.statements.push(expression);
        }
        self.statements
    }
}

impl<'a> Emitter<'a> {
    /// Emits groups one after the other. `target` names the variable that each result is bound to.
    pub(super) fn sequence(&mut self, at: &mut Struct<'a>, groups: &'a [Group], target: &Ident, flow: &mut Flow) {
        for group in groups {
            self.group(at, group, target, flow);
        }
    }

    pub(super) fn group(&mut self, at: &mut Struct<'a>, group: &'a Group, target: &Ident, flow: &mut Flow) {
        match &group.content {
            Content::Layer(_) => self.layer(at, group, target, flow),
            Content::Sequence(children) | Content::Repeat(children) | Content::Add(children) => {
                self.sequence(at, children, target, flow);
            }
            Content::Concat(branches) => {
                let joined = self.concat(at, group, branches, flow);
                let path = at.relative(&group.path).to_owned();
                self.bind(at, target, quote!(probe.see(#path, #joined)), group.output, flow);
            }
            Content::Call(call) => {
                let (field, train) = self.call(at, group, call, group.input);
                let (x, path) = (flow.value.reference(), at.relative(&group.path).to_owned());
                let train = train.then(|| quote!(train,));
                self.bind(at, target, quote!(self.#field.forward(#x, #train &probe.enter(#path))), group.output, flow);
            }
        }
    }

    /// Emits the branches of a concat and returns the expression that joins them.
    pub(super) fn concat(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        branches: &'a [Group],
        flow: &mut Flow,
    ) -> TokenStream {
        let input = flow.value.clone();
        let mut names = Vec::new();
        for branch in branches {
            let name = at.locals.snake(at.relative(&branch.path));
            flow.value = input.clone();
            self.group(at, branch, &name, flow);
            names.push(name);
        }
        flow.value = input;
        let terms = branches.iter().map(|branch| at.channels(branch.output, self.checked.shape(branch.output)));
        let sum = Channels::sum(terms.collect());
        at.remember(group.output, sum);
        quote!(Tensor::cat(&[#(#names),*], 1))
    }

    fn layer(&mut self, at: &mut Struct<'a>, group: &'a Group, target: &Ident, flow: &mut Flow) {
        let operations = &self.checked.network().operations[group.operations.clone()];
        if let Some((style, convolution)) = Style::of(operations) {
            return self.convolution(at, group, &style, convolution, target, flow);
        }
        for index in group.operations.clone() {
            let operation = self.operation(index);
            let expression = self.expression(at, group, operation, flow);
            let channels = self.outgoing(at, index);
            at.remember(Source::Operation(index), channels);
            let path = at.relative(&operation.path).to_owned();
            self.bind(at, target, quote!(probe.see(#path, #expression)), Source::Operation(index), flow);
        }
    }

    fn convolution(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        style: &Style,
        convolution: &Convolution,
        target: &Ident,
        flow: &mut Flow,
    ) {
        let operation = self.operation(group.operations.start);
        let incoming = at.channels(operation.inputs[0], self.checked.shape(operation.inputs[0]));
        let outgoing = self.outgoing(at, group.operations.start);
        for index in group.operations.clone() {
            at.remember(Source::Operation(index), outgoing.clone());
        }
        let (c_in, c_out) = (at.channels_tokens(&incoming), at.channels_tokens(&outgoing));
        let (kernel, stride) = geometry(at, operation, &convolution.window);
        let padding = (!style.half_padding).then(|| array(&convolution.window.padding));
        let ty = self.convolution_struct(style);
        let scope = at.scope(&group.path);
        let made = quote!(#ty::new(#scope, #c_in, #c_out, #kernel, #stride, #padding));
        let field = at.field(group, quote!(#ty), made);
        let train = style.uses_train().then(|| quote!(train,));
        at.uses_train |= style.uses_train();
        let (x, path) = (flow.value.reference(), at.relative(&group.path).to_owned());
        self.bind(at, target, quote!(self.#field.forward(#x, #train &probe.enter(#path))), group.output, flow);
    }

    /// One operation applied to the current value, with its numbers as they are: parameters are known to `new` alone, so
    /// calls of a block that differ in these numbers get structs of their own.
    fn expression(&mut self, at: &mut Struct<'a>, group: &'a Group, operation: &Operation, flow: &Flow) -> TokenStream {
        let (x, reference) = (&flow.value.name, flow.value.reference());
        match &operation.op {
            Op::Activation(_) => quote!(#x.relu()),
            Op::MaxPool(pool) => {
                let (kernel, stride) = (array(&pool.window.kernel), array(&pool.window.stride));
                let (padding, dilation) = (symmetric(&pool.window), array(&pool.window.dilation));
                let ceil = pool.window.ceil;
                quote!(#x.max_pool2d(#kernel, #stride, #padding, #dilation, #ceil))
            }
            Op::AvgPool(pool) => {
                let (kernel, stride) = (array(&pool.window.kernel), array(&pool.window.stride));
                let (padding, ceil, count) = (symmetric(&pool.window), pool.window.ceil, pool.count_include_pad);
                quote!(#x.avg_pool2d(#kernel, #stride, #padding, #ceil, #count, None))
            }
            Op::AdaptivePool(_) => quote!(#x.adaptive_avg_pool2d([1, 1])),
            Op::LocalResponseNorm(norm) => {
                let size = whole(norm.size);
                let (alpha, beta, k) = (fraction(norm.alpha), fraction(norm.beta), fraction(norm.k));
                quote!(nn::local_response_norm(#reference, #size, #alpha, #beta, #k))
            }
            Op::Dropout(dropout) => {
                at.uses_train = true;
                let p = fraction(dropout.p);
                quote!(#x.dropout(#p, train))
            }
            Op::Flatten(_) => quote!(#x.flatten(1, -1)),
            Op::Linear(linear) => {
                let field = self.linear(at, group, operation, linear);
                quote!(self.#field.forward(#reference))
            }
            // These never stand in a layer on their own; if one ever does, the code must not compile to another network.
            Op::Convolution(_)
            | Op::BatchNorm(_)
            | Op::Concat(_)
            | Op::Add(_)
            | Op::Scale(_)
            | Op::ChannelAffine(_)
            | Op::Reshape(_)
            | Op::Softmax(_) => {
                let message = format!("googlenetc cannot generate `{}` on its own", operation.op.name());
                quote!(compile_error!(#message))
            }
        }
    }

    fn linear(&mut self, at: &mut Struct<'a>, group: &'a Group, operation: &Operation, linear: &Linear) -> Ident {
        let incoming = at.channels(operation.inputs[0], self.checked.shape(operation.inputs[0]));
        let c_in = at.channels_tokens(&incoming);
        let features = at.whole(operation, "features", linear.features);
        let (weight, bias) = (init(linear.weight_init), optional_init(linear.bias_init));
        let scope = at.scope(&group.path);
        at.field(group, quote!(nn::Linear), quote!(nn::Linear::new(#scope, #c_in, #features, #weight, #bias)))
    }

    /// Channels of an operation's output.
    fn outgoing(&self, at: &Struct<'a>, index: usize) -> Channels {
        let operation = self.operation(index);
        let (input, output) = (self.checked.shape(operation.inputs[0]), self.checked.shape(Source::Operation(index)));
        let incoming = at.channels(operation.inputs[0], input);
        match (operation.op.rule().channels(), input, output) {
            (ChannelSource::Slot(name), ..) => match operation.slot(name).and_then(|slot| slot.parameter.clone()) {
                Some(parameter) if at.is_block => Channels::Parameter(parameter),
                _ => Channels::Known(output.channels()),
            },
            // Flattened: every pixel of every channel is a feature.
            (ChannelSource::Inputs, Shape::Map { height, width, .. }, Shape::Vector(_)) => {
                incoming.times(height * width)
            }
            (ChannelSource::Inputs | ChannelSource::Input, ..) => incoming,
        }
    }

    /// `let target = expression;` with the shape behind it.
    fn bind(&self, at: &Struct<'a>, target: &Ident, expression: TokenStream, output: Source, flow: &mut Flow) {
        let shape = self.shape_comment(at, output);
        let behind = shape.as_deref().map(trailing);
        flow.statements.push(quote!(let #target = #expression; #behind));
        flow.last = Some((expression, shape));
        flow.value = Value { name: target.clone(), owned: true };
    }
}

fn geometry(at: &mut Struct<'_>, operation: &Operation, window: &Window) -> (TokenStream, TokenStream) {
    let [height, width] = window.kernel;
    let kernel = [at.whole(operation, "kernel_height", height), at.whole(operation, "kernel_width", width)];
    let [height, width] = window.stride;
    let stride = [at.whole(operation, "stride_height", height), at.whole(operation, "stride_width", width)];
    (quote!([#(#kernel),*]), quote!([#(#stride),*]))
}

/// Rows and columns of padding of a pool, which pads both sides alike.
fn symmetric(window: &Window) -> TokenStream {
    let [top, _, left, _] = window.padding;
    array(&[top, left])
}
