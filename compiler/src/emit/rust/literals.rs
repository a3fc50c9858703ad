//! Numbers and schemes of initial values as Rust literals.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::init::{Fan, Init};

/// A count, without a type suffix.
pub(super) fn whole(number: u64) -> TokenStream {
    literal(&number.to_string(), Literal::u64_unsuffixed(number))
}

/// A pair or more of counts.
pub(super) fn array(numbers: &[u64]) -> TokenStream {
    let numbers = numbers.iter().map(|number| whole(*number));
    quote!([#(#numbers),*])
}

/// A fraction, without a type suffix.
pub(super) fn fraction(number: f64) -> TokenStream {
    let unsigned = Literal::f64_unsuffixed(number.abs());
    let literal = literal(&unsigned.to_string(), unsigned);
    if number.is_sign_negative() && number != 0.0 { quote!(-#literal) } else { quote!(#literal) }
}

/// A number, its digits in groups of three where there are many, as clippy wants them. `plain` is the same without.
fn literal(digits: &str, plain: Literal) -> TokenStream {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_long = |digits: &str| digits.len() > 5 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let mut written = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if is_long(whole) && index > 0 && (whole.len() - index) % 3 == 0 {
            written.push('_');
        }
        written.push(digit);
    }
    for (index, digit) in fraction.chars().enumerate() {
        written.push_str(match index {
            0 => ".",
            _ if is_long(fraction) && index % 3 == 0 => "_",
            _ => "",
        });
        written.push(digit);
    }
    let literal = written.parse().unwrap_or(plain);
    quote!(#literal)
}

/// The runtime's name of a scheme.
pub(super) fn init(init: Init) -> TokenStream {
    match init {
        Init::PyTorch => quote!(Init::PyTorch),
        Init::CaffeXavier => quote!(Init::CaffeXavier),
        Init::GlorotUniform => quote!(Init::GlorotUniform),
        Init::GlorotNormal => quote!(Init::GlorotNormal),
        Init::HeNormal(fan) => {
            let fan = self::fan(fan);
            quote!(Init::HeNormal(#fan))
        }
        Init::HeUniform(fan) => {
            let fan = self::fan(fan);
            quote!(Init::HeUniform(#fan))
        }
        Init::Normal { mean, std } => {
            let (mean, std) = (fraction(mean), fraction(std));
            quote!(Init::Normal { mean: #mean, std: #std })
        }
        Init::TruncatedNormal { mean, std, cut } => {
            let (mean, std, cut) = (fraction(mean), fraction(std), fraction(cut));
            quote!(Init::TruncatedNormal { mean: #mean, std: #std, cut: #cut })
        }
        Init::Constant(value) => {
            let value = fraction(value);
            quote!(Init::Constant(#value))
        }
    }
}

fn fan(fan: Fan) -> TokenStream {
    match fan {
        Fan::In => quote!(Fan::In),
        Fan::Out => quote!(Fan::Out),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        assert_eq!(whole(0).to_string(), "0");
        assert_eq!(whole(25088).to_string(), "25088");
        assert_eq!(whole(1_234_567).to_string(), "1_234_567");
        for (number, text) in [
            (1.0, "1.0"),
            (1e-5, "0.00001"),
            (1e-6, "0.000_001"),
            (-0.030_000_000_000_000_027, "- 0.030_000_000_000_000_027"),
            (1_234_567.5, "1_234_567.5"),
        ] {
            assert_eq!(fraction(number).to_string(), text);
        }
    }
}
