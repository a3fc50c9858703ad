//! Numbers and schemes of initial values as Rust literals.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::init::Init;

/// A count, without a type suffix.
pub(super) fn whole(number: u64) -> TokenStream {
    let literal = Literal::u64_unsuffixed(number);
    quote!(#literal)
}

/// A pair or more of counts.
pub(super) fn array(numbers: &[u64]) -> TokenStream {
    let numbers = numbers.iter().map(|number| whole(*number));
    quote!([#(#numbers),*])
}

/// A fraction, without a type suffix.
pub(super) fn fraction(number: f64) -> TokenStream {
    let literal = Literal::f64_unsuffixed(number.abs());
    if number.is_sign_negative() && number != 0.0 { quote!(-#literal) } else { quote!(#literal) }
}

/// The runtime's name of a scheme.
pub(super) fn init(init: Init) -> TokenStream {
    match init {
        Init::PyTorch => quote!(Init::PyTorch),
        Init::CaffeXavier => quote!(Init::CaffeXavier),
        Init::HeNormal(_)
        | Init::HeUniform(_)
        | Init::GlorotUniform
        | Init::GlorotNormal
        | Init::Normal { .. }
        | Init::TruncatedNormal { .. } => quote!(Init::HeNormal),
        Init::Constant(value) => {
            let value = fraction(value);
            quote!(Init::Constant(#value))
        }
    }
}

/// The scheme of a bias, or that there is none.
pub(super) fn optional_init(bias: Option<Init>) -> TokenStream {
    match bias {
        None => quote!(None),
        Some(scheme) => {
            let scheme = init(scheme);
            quote!(Some(#scheme))
        }
    }
}
