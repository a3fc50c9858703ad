//! One operation as a Rust expression.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::literals::{array, fraction, whole};
use crate::ops::{Activation, AdaptivePool, AvgPool, ChannelAffine, LocalResponseNorm, MaxPool, Pooling, Window};

/// A value in `forward`: a variable, owned or borrowed.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) name: Ident,
    pub(super) owned: bool,
}

impl Value {
    /// The variable as a `&Tensor`.
    pub(super) fn reference(&self) -> TokenStream {
        let name = &self.name;
        if self.owned { quote!(&#name) } else { quote!(#name) }
    }

    /// The variable itself, or a reference where somebody else needs it too.
    pub(super) fn lent(&self, shared: bool) -> TokenStream {
        let name = &self.name;
        if shared { self.reference() } else { quote!(#name) }
    }

    /// Another handle of the same tensor, which belongs to whoever gets it.
    pub(super) fn another(&self) -> TokenStream {
        let name = &self.name;
        quote!(#name.shallow_clone())
    }
}

pub(super) fn activation(activation: Activation, x: &Value) -> TokenStream {
    let (name, reference) = (&x.name, x.reference());
    match activation {
        Activation::Relu => quote!(#name.relu()),
        Activation::Relu6 => quote!(#name.relu6()),
        Activation::LeakyRelu { slope } => {
            let slope = fraction(slope);
            quote!(nn::leaky_relu(#reference, #slope))
        }
        Activation::Elu => quote!(#name.elu()),
        Activation::Gelu => quote!(#name.gelu("none")),
        Activation::Silu => quote!(#name.silu()),
        Activation::Hardswish => quote!(#name.hardswish()),
        Activation::Sigmoid => quote!(#name.sigmoid()),
        Activation::Tanh => quote!(#name.tanh()),
    }
}

pub(super) fn max_pool(pool: &MaxPool, x: &Value) -> TokenStream {
    let (name, window) = (&x.name, &pool.window);
    let (kernel, stride, padding) = (array(&window.kernel), array(&window.stride), symmetric(window));
    let (dilation, ceil) = (array(&window.dilation), window.ceil);
    quote!(#name.max_pool2d(#kernel, #stride, #padding, #dilation, #ceil))
}

pub(super) fn avg_pool(pool: &AvgPool, x: &Value) -> TokenStream {
    let (name, window) = (&x.name, &pool.window);
    let (kernel, stride, padding) = (array(&window.kernel), array(&window.stride), symmetric(window));
    let (ceil, count) = (window.ceil, pool.count_include_pad);
    quote!(#name.avg_pool2d(#kernel, #stride, #padding, #ceil, #count, None))
}

pub(super) fn adaptive_pool(pool: &AdaptivePool, x: &Value) -> TokenStream {
    let (name, size) = (&x.name, array(&pool.size));
    match pool.pooling {
        Pooling::Average => quote!(#name.adaptive_avg_pool2d(#size)),
        // Beside the maxima it gives their places.
        Pooling::Max => quote!(#name.adaptive_max_pool2d(#size).0),
    }
}

pub(super) fn local_response_norm(norm: &LocalResponseNorm, x: &Value) -> TokenStream {
    let (x, size) = (x.reference(), whole(norm.size));
    let (alpha, beta, k) = (fraction(norm.alpha), fraction(norm.beta), fraction(norm.k));
    quote!(nn::local_response_norm(#x, #size, #alpha, #beta, #k))
}

pub(super) fn channel_affine(affine: &ChannelAffine, x: &Value) -> TokenStream {
    let x = x.reference();
    let (scale, shift) =
        (affine.scale.iter().map(|value| fraction(*value)), affine.shift.iter().map(|value| fraction(*value)));
    quote!(nn::channel_affine(#x, &[#(#scale),*], &[#(#shift),*]))
}

/// Rows and columns of padding of a pool, which pads both sides alike.
fn symmetric(window: &Window) -> TokenStream {
    let [top, _, left, _] = window.padding;
    array(&[top, left])
}
