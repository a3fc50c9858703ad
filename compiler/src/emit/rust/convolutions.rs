//! Convolution layers: a small struct for each way in which the network writes them, such as convolution, batch norm, ReLU.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::emitter::Emitter;
use super::literals::{array, fraction, init, optional_init};
use crate::init::Init;
use crate::network::Operation;
use crate::ops::{Activation, BatchNorm, Convolution, Op};

/// What all layers of one struct share.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Style {
    weight_init: Init,
    bias_init: Option<Init>,
    groups: u64,
    dilation: [u64; 2],
    norm: Option<BatchNorm>,
    activation: Option<Activation>,
    /// Whether every one of them pads by half its kernel.
    pub(super) half_padding: bool,
}

impl Style {
    /// The style of a layer with these operations, and its convolution.
    pub(super) fn of(operations: &[Operation]) -> Option<(Self, &Convolution)> {
        let Op::Convolution(convolution) = &operations.first()?.op else { return None };
        let norm =
            operations.iter().find_map(|o| if let Op::BatchNorm(norm) = &o.op { Some(norm.clone()) } else { None });
        let activation = operations.iter().find_map(|o| if let Op::Activation(a) = &o.op { Some(*a) } else { None });
        let style = Self {
            weight_init: convolution.weight_init,
            bias_init: convolution.bias_init,
            groups: convolution.groups,
            dilation: convolution.window.dilation,
            norm,
            activation,
            half_padding: pads_half(convolution),
        };
        Some((style, convolution))
    }

    pub(super) fn uses_train(&self) -> bool {
        self.norm.is_some()
    }

    fn name(&self) -> String {
        let norm = if self.norm.is_some() { "Bn" } else { "" };
        let activation = match self.activation {
            Some(_) => "Relu",
            None => "",
        };
        format!("Conv{norm}{activation}")
    }

    fn documentation(&self) -> String {
        let bias = if self.bias_init.is_some() { "with bias" } else { "without bias" };
        let norm = if self.norm.is_some() { ", batch normalisation" } else { "" };
        let activation = match self.activation {
            Some(_) => ", ReLU",
            None => "",
        };
        let padding = if self.half_padding { "; pads by half the kernel" } else { "" };
        format!(" Convolution {bias}{norm}{activation}{padding}.")
    }
}

/// `pad` left out: rows and columns of half the kernel on each side.
fn pads_half(convolution: &Convolution) -> bool {
    let window = &convolution.window;
    let half = window.kernel.map(|size| size / 2);
    window.dilation == [1, 1] && window.padding == [half[0], half[0], half[1], half[1]]
}

impl Emitter<'_> {
    /// The struct for a style, made when it is first used.
    pub(super) fn convolution_struct(&mut self, style: &Style) -> Ident {
        if let Some((_, name)) = self.styles.iter().find(|(known, _)| known == style) {
            return name.clone();
        }
        let name = self.types.camel(&style.name());
        self.styles.push((style.clone(), name.clone()));
        name
    }

    /// The code of every style in use: a struct and its functions.
    pub(super) fn convolution_structs(&self) -> Vec<TokenStream> {
        self.styles.iter().flat_map(|(style, name)| code(style, name)).collect()
    }
}

fn code(style: &Style, name: &Ident) -> [TokenStream; 2] {
    let documentation = style.documentation();
    let (norm_field, norm_new) = match &style.norm {
        None => (None, None),
        Some(norm) => {
            let (eps, momentum) = (fraction(norm.eps), fraction(norm.momentum));
            (
                Some(quote!(bn: nn::BatchNorm2d,)),
                Some(quote!(bn: nn::BatchNorm2d::new(&(p / "bn"), c_out, #eps, #momentum),)),
            )
        }
    };
    let scope = if style.norm.is_some() { quote!(&(p / "conv")) } else { quote!(p) };
    let padding_parameter = (!style.half_padding).then(|| quote!(padding: [i64; 4]));
    let half = style.half_padding.then(|| quote!(let [rows, columns] = kernel.map(|size| size / 2);));
    let padding = if style.half_padding { quote!(padding: [rows, rows, columns, columns]) } else { quote!(padding) };
    let (dilation, groups) = (array(&style.dilation), super::literals::whole(style.groups));
    let (weight_init, bias_init) = (init(style.weight_init), optional_init(style.bias_init));
    let train = style.uses_train().then(|| quote!(train: bool,));
    let body = forward(style);
    [
        quote! {
            #[doc = #documentation]
            #[derive(Debug)]
            struct #name { conv: nn::Conv2d, #norm_field }
        },
        quote! {
            impl #name {
                fn new(p: &Path, c_in: i64, c_out: i64, kernel: [i64; 2], stride: [i64; 2], #padding_parameter) -> Self {
                    #half
                    let options = nn::ConvOptions {
                        kernel, stride, #padding, dilation: #dilation, groups: #groups,
                        weight_init: #weight_init, bias_init: #bias_init,
                    };
                    Self { conv: nn::Conv2d::new(#scope, c_in, c_out, options), #norm_new }
                }

                fn forward(&self, x: &Tensor, #train probe: &Probe<'_>) -> Tensor { #body }
            }
        },
    ]
}

/// Every operation but the last is seen by its name, the last as the layer's own output.
fn forward(style: &Style) -> TokenStream {
    let conv = quote!(self.conv.forward(x));
    let bn = quote!(self.bn.forward(&x, train));
    let activation = style.activation.map(|_| quote!(x.relu()));
    match (style.norm.is_some(), activation) {
        (false, None) => quote!(probe.output(#conv)),
        (false, Some(activation)) => quote! { let x = probe.see("conv", #conv); probe.output(#activation) },
        (true, None) => quote! { let x = probe.see("conv", #conv); probe.output(#bn) },
        (true, Some(activation)) => quote! {
            let x = probe.see("conv", #conv);
            let x = probe.see("bn", #bn);
            probe.output(#activation)
        },
    }
}
