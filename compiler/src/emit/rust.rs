//! Rust code: a module for `tch`, as a person would write it.
//!
//! Works on the groups, so that the code looks like the spec: a struct per block definition, a struct per kind of
//! convolution layer, one for the network, one for its outputs. Tokens come from `quote`, layout from `prettyplease`.

mod blocks;
mod channels;
mod comments;
mod convolutions;
mod emitter;
mod expressions;
mod forward;
mod header;
mod idents;
mod layers;
mod layout;
mod lints;
mod literals;
mod network;
mod parts;
mod rates;
mod repeat;
mod spec;
mod statements;
mod structs;
mod words;

use googlenetc_dsl::source::{SourceId, Sources};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::CheckedNetwork;
use crate::against::Published;
use crate::settings::OPTION;
use emitter::Emitter;
use header::Header;
pub use header::stale;

/// The code of a network. `main` is its spec among `sources`; the header names it by its file name and hash, so the same
/// spec gives the same bytes wherever it lies. Its comments name the rows of the `published` table.
pub fn rust(checked: &CheckedNetwork, published: Option<&Published>, sources: &Sources, main: SourceId) -> String {
    let source = sources.get(main);
    let hash = hash(sources, main).to_hex();
    let file = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut emitter = Emitter::new(checked, published);
    let network = emitter.network(hash.as_str(), &spec::texts(sources, main));
    let mut items = emitter.convolution_structs();
    items.extend(emitter.block_structs());
    items.extend(network);
    items.insert(0, imports(&items));
    let from = format!("{}{}", file.escape_debug(), settings(sources));
    let header = Header { version: env!("CARGO_PKG_VERSION"), from: &from, hash: &hash.as_str()[..16] };
    header.text() + &layout::layout(&items)
}

/// What the struct of a network is called in its code.
pub fn type_name(checked: &CheckedNetwork) -> String {
    Emitter::new(checked, None).types.camel(&checked.network().name.value).to_string()
}

/// The settings that won over the spec, in words: ` with classes=10`.
fn settings(sources: &Sources) -> String {
    let names = sources.iter().filter_map(|(_, source)| source.name.strip_prefix(OPTION));
    let names: Vec<String> = names.map(|name| name.escape_debug().to_string()).collect();
    if names.is_empty() { String::new() } else { format!(" with {}", names.join(", ")) }
}

/// The hash of all that the code follows from: the spec, then its libraries and settings, if there are any. A text's length
/// goes before it, so that none can pass for a part of another. How lines end is the affair of who checked the texts out.
fn hash(sources: &Sources, main: SourceId) -> blake3::Hash {
    let text = |text: &str| text.replace("\r\n", "\n");
    let mut hasher = blake3::Hasher::new();
    hasher.update(text(&sources.get(main).text).as_bytes());
    for (_, source) in sources.iter().filter(|(id, _)| *id != main) {
        let text = text(&source.text);
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }
    hasher.finalize()
}

/// What the items use of the runtime, and no more, since unused imports make warnings.
fn imports(items: &[TokenStream]) -> TokenStream {
    let mentions = |name: &str| items.iter().any(|item| mentions(item.clone(), name));
    let init = match (mentions("Fan"), mentions("Init")) {
        (true, _) => Some(quote!(
            use googlenetc_runtime::init::{Fan, Init};
        )),
        (false, true) => Some(quote!(
            use googlenetc_runtime::init::Init;
        )),
        (false, false) => None,
    };
    let rates = mentions("Rates").then(|| quote!(, Rates));
    let nn = mentions("nn").then(|| {
        quote!(
            use googlenetc_runtime::nn;
        )
    });
    quote! {
        #init
        use googlenetc_runtime::network::{Head, Heads, Mode, Network, Phase, Probe #rates};
        #nn
        use googlenetc_runtime::tch::Tensor;
        use googlenetc_runtime::tch::nn::Path;
    }
}

fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
