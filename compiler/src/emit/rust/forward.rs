//! Groups to statements of `forward`, and to the fields that these need.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::channels::Channels;
use super::convolutions::Style;
use super::emitter::{Emitter, Struct};
use super::expressions::{Value, activation, adaptive_pool, avg_pool, channel_affine, local_response_norm, max_pool};
use super::layout::{comment, trailing};
use super::literals::{array, fraction, init, optional_init, whole};
use crate::network::{Content, Group, Operation, Source};
use crate::ops::{BatchNorm, ChannelSource, Convolution, Linear, Op, Window};
use crate::shape::Shape;

/// The statements made so far, and the value that they end with.
pub(super) struct Flow {
    pub(super) statements: Vec<TokenStream>,
    pub(super) value: Value,
    /// The expression of the last statement, and the shape behind it; none when the last statement is no `let`.
    pub(super) last: Option<(TokenStream, Option<String>)>,
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
        } else {
            let name = &self.value.name;
            self.statements.push(if self.value.owned { quote!(#name) } else { self.value.another() });
        }
        self.statements
    }

    /// Makes the value that it ends with a variable called `target`.
    pub(super) fn call_it(&mut self, target: &Ident) {
        if self.value.name != *target {
            let another = self.value.another();
            self.statements.push(quote!(let #target = #another;));
            self.last = Some((another, None));
            self.value = Value { name: target.clone(), owned: true };
        }
    }
}

impl<'a> Emitter<'a> {
    /// Emits groups one after the other. `target` names the variable that each result is bound to.
    fn sequence(&mut self, at: &mut Struct<'a>, groups: &'a [Group], target: &Ident, flow: &mut Flow) {
        for group in groups {
            self.group(at, group, target, flow);
        }
    }

    pub(super) fn group(&mut self, at: &mut Struct<'a>, group: &'a Group, target: &Ident, flow: &mut Flow) {
        // An identity, or a part of which a table's row left out everything.
        if group.operations.is_empty() {
            return;
        }
        match &group.content {
            Content::Call(call) => match self.called(at, group, call) {
                Some(called) => self.call(at, group, &called, target, flow),
                None => self.content(at, group, &call.body, target, flow),
            },
            Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => {
                self.content(at, group, &group.content, target, flow)
            }
        }
    }

    /// Emits what a group holds; for a call that means its block's body, written out in place.
    pub(super) fn content(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        content: &'a Content,
        target: &Ident,
        flow: &mut Flow,
    ) {
        match content {
            Content::Layer(_) => self.layer(at, group, target, flow),
            Content::Sequence(children) => self.sequence(at, children, target, flow),
            Content::Repeat(copies) => self.repeat(at, group, copies, target, flow),
            Content::Concat(branches) => {
                let values = self.branches(at, branches, flow);
                let sum = Channels::sum(branch_channels(self, at, branches));
                at.remember(group.output, sum);
                // An array holds them all in one way.
                let shared = values.iter().any(|(_, shared)| *shared);
                let terms = values.iter().map(|(value, _)| value.lent(shared));
                let joined = quote!(Tensor::cat(&[#(#terms),*], 1));
                self.bind(at, target, at.seen(&group.path, &joined), group.output, flow);
            }
            Content::Add(branches) => {
                let values = self.branches(at, branches, flow);
                let alike = Channels::simplest(branch_channels(self, at, branches));
                at.remember(group.output, alike);
                let sum = match &values[..] {
                    [(alone, true)] => alone.another(),
                    values => {
                        let terms = values.iter().map(|(value, shared)| value.lent(*shared));
                        quote!(#(#terms)+*)
                    }
                };
                self.bind(at, target, at.seen(&group.path, &sum), group.output, flow);
            }
            Content::Call(_) => self.group(at, group, target, flow),
        }
    }

    /// Emits branches that read the same value, and returns their outputs, and whether somebody else needs them too.
    fn branches(&mut self, at: &mut Struct<'a>, branches: &'a [Group], flow: &mut Flow) -> Vec<(Value, bool)> {
        let input = flow.value.clone();
        let mut values = Vec::new();
        for branch in branches {
            let name = at.locals.snake(at.relative(&branch.path));
            let kept = self.is_kept(at, branch.output);
            // An identity hands on what has been made, and perhaps kept, before.
            if kept && at.kept(branch.output).is_none() {
                at.keep(branch.output, &name);
            }
            flow.value = input.clone();
            self.group(at, branch, &name, flow);
            let shared = kept || flow.value.name != name;
            values.push((flow.value.clone(), shared));
        }
        flow.value = input;
        values
    }

    fn layer(&mut self, at: &mut Struct<'a>, group: &'a Group, target: &Ident, flow: &mut Flow) {
        if let Some((style, operation, convolution)) = self.style(group) {
            return self.convolution(at, group, &style, (operation, convolution), target, flow);
        }
        for index in group.operations.clone() {
            let operation = self.operation(index);
            let expression = self.expression(at, group, operation, target, flow);
            let channels = self.outgoing(at, index);
            at.remember(Source::Operation(index), channels);
            self.bind(at, target, at.seen(&operation.path, &expression), Source::Operation(index), flow);
        }
    }

    fn convolution(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        style: &Style,
        (operation, convolution): (&'a Operation, &'a Convolution),
        target: &Ident,
        flow: &mut Flow,
    ) {
        for index in group.operations.clone() {
            let channels = self.outgoing(at, index);
            at.remember(Source::Operation(index), channels);
        }
        let incoming = at.channels(group.input, self.checked.shape(group.input));
        let outgoing = at.channels(group.output, self.checked.shape(group.output));
        let (c_in, c_out) = (at.channels_tokens(&incoming), at.channels_tokens(&outgoing));
        let mut arguments = vec![at.scope(&group.scope), c_in.clone(), c_out];
        arguments.extend(geometry(at, operation, &convolution.window));
        if !style.half_padding {
            arguments.push(array(&convolution.window.padding));
        }
        if style.grouped {
            let depthwise = is_depthwise(operation, self.checked.shape(group.input));
            arguments.push(if depthwise { c_in } else { at.whole(operation, "groups", convolution.groups) });
        }
        let ty = self.convolution_struct(style);
        let field = at.field(group, quote!(#ty), quote!(#ty::new(#(#arguments),*)));
        let train = style.uses_train().then(|| quote!(train,));
        at.uses_train |= style.uses_train();
        let (x, probe) = (flow.value.reference(), at.entered(&group.path));
        self.bind(at, target, quote!(self.#field.forward(#x, #train #probe)), group.output, flow);
    }

    /// One operation applied to the current value, with its numbers as they are: parameters are known to `new` alone, so
    /// calls of a block that differ in these numbers get structs of their own.
    fn expression(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        operation: &Operation,
        target: &Ident,
        flow: &Flow,
    ) -> TokenStream {
        let value = &flow.value;
        let (x, reference) = (&value.name, value.reference());
        match &operation.op {
            Op::Activation(kind) => activation(*kind, value),
            Op::MaxPool(pool) => max_pool(pool, value),
            Op::AvgPool(pool) => avg_pool(pool, value),
            Op::AdaptivePool(pool) => adaptive_pool(pool, value),
            Op::LocalResponseNorm(norm) => local_response_norm(norm, value),
            Op::ChannelAffine(affine) => channel_affine(affine, value),
            Op::Dropout(dropout) => {
                at.uses_train = true;
                let p = fraction(dropout.p);
                quote!(#x.dropout(#p, train))
            }
            Op::Scale(scale) => {
                let factor = fraction(scale.factor);
                // The result takes the variable's place.
                let x = value.lent(value.name != *target);
                quote!(#x * #factor)
            }
            Op::Flatten(_) => quote!(#x.flatten(1, -1)),
            Op::Reshape(reshape) => {
                let features = whole(reshape.features);
                quote!(#x.reshape([-1, #features]))
            }
            Op::Softmax(_) => quote!(#x.softmax(1, None)),
            Op::BatchNorm(norm) => {
                at.uses_train = true;
                let field = self.batch_norm(at, group, operation, norm);
                quote!(self.#field.forward(#reference, train))
            }
            Op::Linear(linear) => {
                let field = self.linear(at, group, operation, linear);
                quote!(self.#field.forward(#reference))
            }
            // These never stand in a layer on their own; if one ever does, the code must not compile to another network.
            Op::Convolution(_) | Op::Concat(_) | Op::Add(_) => {
                let message = format!("googlenetc cannot generate `{}` on its own", operation.op.name());
                quote!(compile_error!(#message))
            }
        }
    }

    fn batch_norm(&self, at: &mut Struct<'a>, group: &'a Group, operation: &Operation, norm: &BatchNorm) -> Ident {
        let incoming = at.channels(operation.inputs[0], self.checked.shape(operation.inputs[0]));
        let channels = at.channels_tokens(&incoming);
        let (eps, momentum) = (fraction(norm.eps), fraction(norm.momentum));
        let scope = at.scope(&operation.scope);
        at.field(group, quote!(nn::BatchNorm2d), quote!(nn::BatchNorm2d::new(#scope, #channels, #eps, #momentum)))
    }

    fn linear(&mut self, at: &mut Struct<'a>, group: &'a Group, operation: &Operation, linear: &Linear) -> Ident {
        let incoming = at.channels(operation.inputs[0], self.checked.shape(operation.inputs[0]));
        let c_in = at.channels_tokens(&incoming);
        let features = at.whole(operation, "features", linear.features);
        let (weight, bias) = (init(linear.weight_init), optional_init(linear.bias_init));
        let scope = at.scope(&operation.scope);
        let rates = self.rates.places(linear.weight_rates, linear.bias_rates).tokens();
        let new = if rates.is_some() { quote!(with_rates) } else { quote!(new) };
        let arguments = [Some(scope), Some(c_in), Some(features), Some(weight), Some(bias), rates];
        let arguments = arguments.iter().flatten();
        at.field(group, quote!(nn::Linear), quote!(nn::Linear::#new(#(#arguments),*)))
    }

    /// Channels of an operation's output.
    fn outgoing(&self, at: &Struct<'a>, index: usize) -> Channels {
        let operation = self.operation(index);
        let (input, output) = (self.checked.shape(operation.inputs[0]), self.checked.shape(Source::Operation(index)));
        let incoming = at.channels(operation.inputs[0], input);
        match (operation.op.rule().channels(), input, output) {
            (ChannelSource::Slot(name), ..) => match operation.slot(name) {
                Some(slot) => match slot.parameter.as_deref() {
                    Some("in") => Channels::Incoming,
                    Some(parameter) => Channels::Parameter(parameter.into()),
                    None => Channels::Known(output.channels()),
                },
                None if is_depthwise(operation, input) => incoming.times(output.channels() / input.channels()),
                None => Channels::Known(output.channels()),
            },
            // Flattened: every pixel of every channel is a feature.
            (ChannelSource::Inputs, Shape::Map { height, width, .. }, Shape::Vector(_)) => {
                incoming.times(height * width)
            }
            (ChannelSource::Inputs | ChannelSource::Input, ..) => incoming,
        }
    }

    /// `let target = expression;` with the shape behind it. A value that a head reads later gets a name of its own.
    pub(super) fn bind(
        &self,
        at: &mut Struct<'a>,
        target: &Ident,
        expression: TokenStream,
        output: Source,
        flow: &mut Flow,
    ) {
        let target = self.target(at, target, output);
        let shape = self.shape_comment(at, output);
        let behind = shape.as_deref().map(trailing);
        flow.statements.push(quote!(let #target = #expression; #behind));
        flow.last = Some((expression, shape));
        flow.value = Value { name: target, owned: true };
    }
}

/// Channels of what each branch delivers.
fn branch_channels(emitter: &Emitter<'_>, at: &Struct<'_>, branches: &[Group]) -> Vec<Channels> {
    branches.iter().map(|branch| at.channels(branch.output, emitter.checked.shape(branch.output))).collect()
}

/// Whether each channel is a group, and nobody wrote how many that makes: it follows from what comes in.
fn is_depthwise(operation: &Operation, input: Shape) -> bool {
    let Op::Convolution(convolution) = &operation.op else { return false };
    convolution.groups > 1 && convolution.groups == input.channels() && operation.slot("groups").is_none()
}

/// Kernel and stride.
fn geometry(at: &mut Struct<'_>, operation: &Operation, window: &Window) -> [TokenStream; 2] {
    let [height, width] = window.kernel;
    let kernel = [at.whole(operation, "kernel_height", height), at.whole(operation, "kernel_width", width)];
    let [height, width] = window.stride;
    let stride = [at.whole(operation, "stride_height", height), at.whole(operation, "stride_width", width)];
    [quote!([#(#kernel),*]), quote!([#(#stride),*])]
}
