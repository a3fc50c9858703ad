//! Statements of `forward`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A statement of a body.
pub(super) enum Statement {
    /// Gives a variable its value, or another one; what stands behind it is a comment.
    Bind { name: Ident, expression: TokenStream, behind: Option<TokenStream> },
    /// A loop that gives a variable other values.
    Loop { name: Ident, code: TokenStream },
    /// What gives no variable a value.
    Other(TokenStream),
}

impl Statement {
    fn changes(&self, variable: &Ident) -> bool {
        match self {
            Self::Bind { name, .. } | Self::Loop { name, .. } => name == variable,
            Self::Other(_) => false,
        }
    }
}

/// The statements as code.
///
/// A variable that is bound again is assigned to. A second `let` would hide the value before it and keep its memory until the body ends;
/// an assignment frees it for what comes next, as Python does.
pub(super) fn tokens(statements: &[Statement]) -> Vec<TokenStream> {
    let one = |(index, statement): (usize, &Statement)| {
        let (before, after) = (statements.get(..index).unwrap_or(&[]), statements.get(index + 1..).unwrap_or(&[]));
        match statement {
            Statement::Bind { name, expression, behind } if before.iter().any(|earlier| earlier.changes(name)) => {
                quote!(#name = #expression; #behind)
            }
            Statement::Bind { name, expression, behind } => {
                let mutable = after.iter().any(|later| later.changes(name)).then(|| quote!(mut));
                quote!(let #mutable #name = #expression; #behind)
            }
            Statement::Loop { code, .. } | Statement::Other(code) => code.clone(),
        }
    };
    statements.iter().enumerate().map(one).collect()
}
