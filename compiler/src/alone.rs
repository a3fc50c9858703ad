//! One block of a spec by itself: the spec's blocks, libraries and defaults, but for a trunk one call, and no heads.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{SourceId, Sources, Span, Spanned};
use googlenetc_dsl::tree::{Argument, Construct, Expression, Item, Keyword, Section, Separator, Spec};

use crate::settings::Changes;

/// A call of a block, or of a layer, that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The block's name, or a layer's keyword.
    pub block: String,
    /// What goes in: channels x height x width, such as `192x28x28`.
    pub input: String,
    /// Its arguments as a spec would have them: `n1x1=64`, or `64`.
    pub arguments: Vec<String>,
}

/// Makes a spec the network that is one call.
pub(crate) fn isolate(
    spec: &mut Spec,
    call: &Call,
    sources: &mut Sources,
    changes: &mut Changes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    changes.is_part = true;
    let words: Vec<&str> = std::iter::once(&call.block).chain(&call.arguments).map(String::as_str).collect();
    let id = sources.add("--block", words.join(" "));
    let mut start = 0;
    let mut spans = words.iter().map(|word| {
        let span = Span::new(id, start, start + word.len());
        start = span.end() + 1;
        span
    });
    let keyword = spans.next().map(|span| Spanned::new(call.block.clone(), span));
    let arguments = call.arguments.iter().zip(spans).filter_map(|(argument, span)| {
        let parsed = self::argument(argument, span, sources);
        parsed.map_err(|problem| diagnostics.push(problem)).ok()
    });
    let arguments = arguments.collect();
    let Some(keyword) = keyword else { return };
    spec.sections = vec![Section::Body(vec![item(&keyword, arguments, id)])];
    spec.outputs = None;
    // Tables are about whole networks. Levels of lints hold for a block as well.
    spec.published = None;
    spec.network = Some(keyword);
    let id = sources.add("--in", call.input.as_str());
    match googlenetc_dsl::parse_value(sources, Span::new(id, 0, call.input.len())) {
        Ok(input) => {
            // What layers assert about their sizes holds for the spec's own input.
            changes.declared_input = changes.declared_input.take().or_else(|| spec.input.take());
            spec.input = Some(input);
        }
        Err(problem) => diagnostics.push(problem),
    }
}

/// `n1x1=64`, or `64`.
fn argument(text: &str, span: Span, sources: &Sources) -> Result<Argument, Diagnostic> {
    let Some((key, _)) = text.split_once('=') else {
        return googlenetc_dsl::parse_value(sources, span).map(Argument::Positional);
    };
    let middle = span.start() + key.len();
    let value = googlenetc_dsl::parse_value(sources, span.starting_at(middle + 1))?;
    Ok(Argument::Named { key: Spanned::new(key.into(), span.ending_at(middle)), value })
}

fn item(keyword: &Spanned<String>, arguments: Vec<Argument>, id: SourceId) -> Item {
    let word = Spanned::new(Keyword::Word(keyword.value.clone()), keyword.span);
    let span = Span::new(id, keyword.span.start(), keyword.span.end());
    let call = Expression { keyword: word, arguments, assertion: None, separator: Separator::None, span };
    Item { name: Some(keyword.clone()), transparent: false, construct: Construct::Expression(call), span }
}
