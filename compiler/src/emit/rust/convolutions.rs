//! Convolution layers: a small struct for each way in which the network writes them, such as convolution, batch norm, ReLU.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::emitter::Emitter;
use super::expressions::{Value, activation, local_response_norm};
use super::literals::{array, fraction, init, optional_init};
use super::rates::Places;
use super::statements::{Statement, tokens};
use crate::init::Init;
use crate::network::{Group, Operation};
use crate::ops::{Activation, BatchNorm, Convolution, LocalResponseNorm, Op};

/// What all layers of one struct share.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Style {
    /// In the order in which they run.
    parts: Vec<Part>,
    weight_init: Init,
    bias_init: Option<Init>,
    rates: Places,
    dilation: [u64; 2],
    /// Whether the channels are cut into groups, whose number the caller says.
    pub(super) grouped: bool,
    /// Whether every one of them pads by half its kernel.
    pub(super) half_padding: bool,
}

/// One operation of a convolution layer.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// What observers call it below the layer; empty for the last, which is the layer's own output.
    name: String,
    /// Where its variables are registered below the layer; empty for the layer's own scope.
    scope: String,
    kind: PartKind,
}

#[derive(Debug, Clone, PartialEq)]
enum PartKind {
    Convolution,
    BatchNorm(BatchNorm),
    LocalResponseNorm(LocalResponseNorm),
    Activation(Activation),
}

impl Style {
    /// The style of a layer with these operations; none when it has no convolution.
    fn of(group: &Group, operations: &[Operation], convolution: &Convolution, rates: Places) -> Option<Self> {
        Some(Self {
            parts: operations.iter().map(|operation| Part::of(group, operation)).collect::<Option<_>>()?,
            weight_init: convolution.weight_init,
            bias_init: convolution.bias_init,
            rates,
            dilation: convolution.window.dilation,
            grouped: convolution.groups != 1,
            half_padding: pads_half(convolution),
        })
    }

    pub(super) fn uses_mode(&self) -> bool {
        self.parts.iter().any(|part| matches!(part.kind, PartKind::BatchNorm(_)))
    }

    fn name(&self) -> String {
        let names = self.parts.iter().map(|part| match &part.kind {
            PartKind::Convolution if self.grouped => "GroupedConv".to_owned(),
            PartKind::Convolution => "Conv".to_owned(),
            PartKind::BatchNorm(_) => "Bn".to_owned(),
            PartKind::LocalResponseNorm(_) => "Lrn".to_owned(),
            PartKind::Activation(activation) => super::idents::camel(activation.name()),
        });
        names.collect()
    }

    fn documentation(&self) -> String {
        let words = self.parts.iter().map(|part| match &part.kind {
            PartKind::Convolution => {
                let kind = if self.grouped { "grouped convolution" } else { "convolution" };
                format!("{kind} {} bias", if self.bias_init.is_some() { "with" } else { "without" })
            }
            PartKind::BatchNorm(_) => "batch normalisation".into(),
            PartKind::LocalResponseNorm(_) => "local response normalisation".into(),
            PartKind::Activation(activation) => format!("`{}`", activation.name()),
        });
        let mut words = words.collect::<Vec<String>>().join(", ");
        words[..1].make_ascii_uppercase();
        let padding = if self.half_padding { "; pads by half the kernel" } else { "" };
        format!(" {words}{padding}.")
    }

    /// The structs' fields and how each is made: the parts that own variables.
    fn fields(&self) -> Vec<(Ident, TokenStream, TokenStream)> {
        let mut channels = quote!(c_in);
        let mut fields = Vec::new();
        for part in &self.parts {
            let scope = if part.scope.is_empty() {
                quote!(p)
            } else {
                let parts = part.scope.split('.');
                quote!(&(p #(/ #parts)*))
            };
            match &part.kind {
                PartKind::Convolution => {
                    let made = match self.rates.tokens() {
                        None => quote!(nn::Conv2d::new(#scope, c_in, c_out, options)),
                        Some(rates) => quote!(nn::Conv2d::with_rates(#scope, c_in, c_out, options, #rates)),
                    };
                    fields.push((format_ident!("conv"), quote!(nn::Conv2d), made));
                    channels = quote!(c_out);
                }
                PartKind::BatchNorm(norm) => {
                    let (eps, momentum) = (fraction(norm.eps), fraction(norm.momentum));
                    let made = quote!(nn::BatchNorm2d::new(#scope, #channels, #eps, #momentum));
                    fields.push((format_ident!("bn"), quote!(nn::BatchNorm2d), made));
                }
                PartKind::LocalResponseNorm(_) | PartKind::Activation(_) => {}
            }
        }
        fields
    }

    /// The body of `forward`: every operation but the last is seen by its name, the last as the layer's own output.
    fn forward(&self) -> Vec<TokenStream> {
        let mut x = Value { name: format_ident!("x"), owned: false };
        let mut statements = Vec::new();
        let mut before: Option<&PartKind> = None;
        for part in &self.parts {
            let reference = x.reference();
            let expression = match &part.kind {
                PartKind::Activation(Activation::Relu)
                    if before.is_some_and(PartKind::goes_back_without_its_output) =>
                {
                    quote!(nn::relu(x, probe))
                }
                PartKind::Convolution => quote!(self.conv.forward(#reference)),
                PartKind::BatchNorm(_) => quote!(self.bn.forward(#reference, mode.batch_statistics)),
                PartKind::LocalResponseNorm(norm) => local_response_norm(norm, &x),
                PartKind::Activation(kind) => activation(*kind, &x),
            };
            let name = &part.name;
            statements.push(if name.is_empty() {
                Statement::Other(quote!(probe.output(#expression)))
            } else {
                let expression = quote!(probe.see(#name, #expression));
                Statement::Bind { name: x.name.clone(), expression, behind: None }
            });
            x.owned = true;
            before = Some(&part.kind);
        }
        tokens(&statements)
    }
}

impl PartKind {
    /// Whether the backward pass does not look at what this gave, so that what follows may take its place.
    fn goes_back_without_its_output(&self) -> bool {
        match self {
            Self::Convolution | Self::BatchNorm(_) | Self::LocalResponseNorm(_) => true,
            Self::Activation(_) => false,
        }
    }
}

impl Part {
    fn of(group: &Group, operation: &Operation) -> Option<Self> {
        let kind = if let Op::BatchNorm(norm) = &operation.op {
            PartKind::BatchNorm(norm.clone())
        } else if let Op::LocalResponseNorm(norm) = &operation.op {
            PartKind::LocalResponseNorm(norm.clone())
        } else if let Op::Activation(activation) = &operation.op {
            PartKind::Activation(*activation)
        } else if let Op::Convolution(_) = &operation.op {
            PartKind::Convolution
        } else {
            return None;
        };
        let below =
            |path: &str, above: &str| path.strip_prefix(above).unwrap_or(path).trim_start_matches('.').to_owned();
        Some(Self { name: below(&operation.path, &group.path), scope: below(&operation.scope, &group.scope), kind })
    }
}

/// `pad` left out: rows and columns of half the kernel on each side.
fn pads_half(convolution: &Convolution) -> bool {
    let window = &convolution.window;
    let half = window.kernel.map(|size| size / 2);
    window.dilation == [1, 1] && window.padding == [half[0], half[0], half[1], half[1]]
}

impl<'a> Emitter<'a> {
    /// The style of a layer, and its convolution; none when it has no convolution.
    pub(super) fn style(&mut self, group: &Group) -> Option<(Style, &'a Operation, &'a Convolution)> {
        let operations = &self.checked.network().operations[group.operations.clone()];
        let (operation, convolution) = operations.iter().find_map(|operation| {
            if let Op::Convolution(convolution) = &operation.op { Some((operation, convolution)) } else { None }
        })?;
        let rates = self.rates.places(convolution.weight_rates, convolution.bias_rates);
        Some((Style::of(group, operations, convolution, rates)?, operation, convolution))
    }

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
    let (fields, inits): (Vec<_>, Vec<_>) =
        style.fields().into_iter().map(|(name, ty, init)| (quote!(#name: #ty), quote!(#name: #init))).unzip();
    let padding_parameter = (!style.half_padding).then(|| quote!(padding: [i64; 4],));
    let groups_parameter = style.grouped.then(|| quote!(groups: i64));
    let half = style.half_padding.then(|| quote!(let [rows, columns] = kernel.map(|size| size / 2);));
    let padding = if style.half_padding { quote!(padding: [rows, rows, columns, columns]) } else { quote!(padding) };
    let groups = if style.grouped { quote!(groups) } else { quote!(groups: 1) };
    let dilation = array(&style.dilation);
    let (weight_init, bias_init) = (init(style.weight_init), optional_init(style.bias_init));
    let take_mode = style.uses_mode().then(|| quote!(mode: Mode,));
    let body = style.forward();
    [
        quote! {
            #[doc = #documentation]
            #[derive(Debug)]
            struct #name { #(#fields),* }
        },
        quote! {
            impl #name {
                fn new(
                    p: &Path, c_in: i64, c_out: i64, kernel: [i64; 2], stride: [i64; 2], #padding_parameter #groups_parameter
                ) -> Self {
                    #half
                    let options = nn::ConvOptions {
                        kernel, stride, #padding, dilation: #dilation, #groups,
                        weight_init: #weight_init, bias_init: #bias_init,
                    };
                    Self { #(#inits),* }
                }

                fn forward(&self, x: &Tensor, #take_mode probe: &Probe<'_>) -> Tensor { #(#body)* }
            }
        },
    ]
}
