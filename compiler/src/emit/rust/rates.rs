//! Multipliers of the learning rate and of the weight decay. The network lists each pair once; layers say the place in
//! that list, for the weight and for the bias.

use proc_macro2::TokenStream;
use quote::quote;

use super::literals::fraction;
use crate::ops::Rates;

/// The pairs of multipliers in use; the first is the usual one.
pub(super) struct Used(Vec<Rates>);

/// Where the rates of a weight and of a bias stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places([usize; 2]);

impl Used {
    /// A list of the usual rates alone.
    pub(super) fn new() -> Self {
        Self(vec![Rates::default()])
    }

    /// The places of the rates of a layer's weight and bias.
    pub(super) fn places(&mut self, weight: Rates, bias: Rates) -> Places {
        Places([weight, bias].map(|rates| {
            self.0.iter().position(|known| *known == rates).unwrap_or_else(|| {
                self.0.push(rates);
                self.0.len() - 1
            })
        }))
    }

    /// The network's constant, unless all its variables learn at the usual rates.
    pub(super) fn constant(&self) -> Option<TokenStream> {
        let rates = self.0.iter().map(|rates| {
            let (lr, decay) = (fraction(rates.lr), fraction(rates.decay));
            quote!(Rates { lr: #lr, decay: #decay })
        });
        (self.0.len() > 1).then(|| quote!(const RATES: &'static [Rates] = &[#(#rates),*];))
    }
}

impl Places {
    /// `[0, 1]`, or nothing when both are the usual.
    pub(super) fn tokens(self) -> Option<TokenStream> {
        let [weight, bias] = self.0.map(proc_macro2::Literal::usize_unsuffixed);
        (self.0 != [0, 0]).then(|| quote!([#weight, #bias]))
    }
}
