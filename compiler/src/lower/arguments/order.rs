//! Numbers that a layer has no place for, as other tools order them: channels in, channels out, kernel, stride.

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};

use super::super::values::Resolved;
use super::Arguments;
use crate::codes;

/// No layer that anybody has written has a larger stride.
const LARGEST_STRIDE: u64 = 8;

const INCOMING: &str = "the channels that come in are never written, they follow from what stands before";

impl Arguments<'_> {
    /// Reports a number that the layer has no place for. Other tools have the stride there, or the channels that come in.
    pub(super) fn one_too_many(&mut self, value: &Resolved) {
        let is_single = value.single().is_some();
        let stride = self.as_stride_behind(value);
        // Of two numbers the first is what other tools say of what comes in.
        let has_incoming = ["conv", "linear"].contains(&self.kind.keyword) && is_single && stride.is_none();
        let first = self.count.clone().filter(|_| has_incoming);
        let message = match &first {
            Some(first) => {
                format!("`{}` has no use for both `{}` and `{}`", self.kind.keyword, first.text(), value.text())
            }
            None if is_single && self.count.is_none() => {
                format!("`{}` has no use for `{}`", self.kind.keyword, value.text())
            }
            None => format!("`{}` has no use for another `{}`", self.kind.keyword, value.text()),
        };
        let place = first.as_ref().unwrap_or(value);
        let diagnostic = Diagnostic::error(codes::ARGUMENTS, message).at(place.span, "one value too many");
        let diagnostic = match stride {
            Some(suggestion) => diagnostic.suggest_all(suggestion),
            None if is_single => self.without(diagnostic, place),
            None => diagnostic,
        };
        self.diagnostics.push(diagnostic);
    }

    /// Adds what to do about a number that is no stride.
    fn without(&self, diagnostic: Diagnostic, number: &Resolved) -> Diagnostic {
        let place =
            (number.parameter.is_none() && self.keyword_span.end() < number.written.start()).then_some(number.written);
        let removal = place.map(|span| span.starting_at(span.start() - 1));
        match (self.kind.keyword, self.kind.attributes) {
            ("conv" | "linear" | "batchnorm", _) => match removal {
                Some(span) => diagnostic.suggest(format!("leave it out: {INCOMING}"), span, ""),
                None => diagnostic.help(INCOMING),
            },
            ("depthwise", _) => {
                diagnostic.help("what comes out has the channels that come in; `multiplier=2` gives two for each")
            }
            ("flatten", _) => diagnostic.help("all but the batch is flattened"),
            (_, [only]) => match place {
                Some(span) => {
                    let meant = format!("{}={}", only.name, number.text());
                    diagnostic.suggest(format!("perhaps `{meant}` is meant"), span, meant)
                }
                None => diagnostic.help(format!("it has `{}=`", only.name)),
            },
            _ => diagnostic,
        }
    }

    /// The edits that put a small number behind the kernel, as its stride.
    fn as_stride_behind(&self, value: &Resolved) -> Option<Suggestion> {
        value.single()?;
        let is_stride = |value: &&Resolved| {
            let number = value.single().and_then(|number| number.text.parse().ok());
            value.parameter.is_none() && number.is_some_and(|number: u64| number <= LARGEST_STRIDE)
        };
        let stride = [self.count.as_ref(), Some(value)].into_iter().flatten().find(is_stride)?;
        let geometry =
            self.geometry.as_ref().filter(|geometry| geometry.parameter.is_none() && !geometry.has_steps())?;
        let is_exact =
            self.keyword_span.end() < stride.written.start() && geometry.written.end() < stride.written.start();
        let end = geometry.written.starting_at(geometry.written.end());
        let edits = vec![
            Edit { span: end, replacement: format!("/{}", stride.text()) },
            Edit { span: stride.written.starting_at(stride.written.start() - 1), replacement: String::new() },
        ];
        let message = format!("if the stride is {}, write `{}/{0}`", stride.text(), geometry.text());
        is_exact.then_some(Suggestion { message, edits, is_safe: false })
    }

    /// Whether a layer with a kernel has nothing but numbers, three of them or more: `conv 64 128 3`.
    pub(super) fn is_ordered_otherwise(&self) -> bool {
        let own = &self.own.positional;
        self.kind.positional.len() > 1 && own.iter().flatten().filter(|value| value.single().is_some()).count() > 2
    }

    /// Reports the order, and takes all numbers but the one of the channels that come out.
    pub(super) fn ordered_otherwise(&mut self) {
        let taken = std::iter::from_fn(|| self.own.take_positional(|value| value.single().is_some()));
        let numbers: Vec<Resolved> = taken.collect();
        let [incoming, channels, kernel, rest @ ..] = &numbers[..] else { return };
        let message = format!("`{}` lacks its kernel and stride, such as `3x3/2`", self.kind.keyword);
        let diagnostic = Diagnostic::error(codes::ARGUMENTS, message)
            .at(incoming.span.to(kernel.span), "numbers in another order")
            .note(INCOMING);
        let is_exact = self.keyword_span.end() < incoming.written.start() && rest.is_empty();
        let geometry = format!("{0}x{0}", kernel.source());
        let meant = format!("{geometry} {}", channels.source());
        let removal = kernel.written.starting_at(kernel.written.start().saturating_sub(1));
        let edits = vec![
            Edit { span: incoming.written, replacement: geometry },
            Edit { span: removal, replacement: String::new() },
        ];
        let message = format!("the kernel comes first: write `{meant}`");
        let diagnostic = if is_exact {
            diagnostic.suggest_all(Suggestion { message, edits, is_safe: false })
        } else {
            diagnostic.help(format!("the kernel comes first, and the stride behind it, as in `{meant}`"))
        };
        self.diagnostics.push(diagnostic);
        self.own.positional.push(Some(channels.clone()));
    }
}
