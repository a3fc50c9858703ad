//! Layers to statements and fields: a convolution with what belongs to it is one struct, of others every operation is a step.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::channels::Channels;
use super::convolutions::Style;
use super::emitter::Emitter;
use super::expressions::{activation, adaptive_pool, avg_pool, channel_affine, local_response_norm, max_pool};
use super::forward::Flow;
use super::literals::{array, fraction, init, optional_init, whole};
use super::structs::Struct;
use crate::network::{Group, Operation, Source};
use crate::ops::{BatchNorm, ChannelSource, Convolution, Linear, Op, Window};
use crate::shape::Shape;

impl<'a> Emitter<'a> {
    /// Emits the operations of a layer.
    pub(super) fn layer(&mut self, at: &mut Struct<'a>, group: &'a Group, target: &Ident, flow: &mut Flow) {
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
        let pass_mode = style.uses_mode().then(|| quote!(mode,));
        at.uses_mode |= style.uses_mode();
        let (x, probe) = (flow.value.reference(), at.entered(&group.path));
        self.bind(at, target, quote!(self.#field.forward(#x, #pass_mode #probe)), group.output, flow);
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
                at.uses_mode = true;
                let p = fraction(dropout.p);
                quote!(#x.dropout(#p, mode.dropout))
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
                at.uses_mode = true;
                let field = self.batch_norm(at, group, operation, norm);
                quote!(self.#field.forward(#reference, mode.batch_statistics))
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
