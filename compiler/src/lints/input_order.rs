//! An input whose channels seem to come last.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject};
use crate::codes;

pub(super) const LINT: Lint = Lint {
    code: codes::INPUT_ORDER,
    name: "input-order",
    level: Level::Warn,
    reason: "channels come first here, as in PyTorch: 3x224x224",
    find,
};

/// Images have as many channels, and are wider; maps of so many channels are no images.
const CHANNELS: [u64; 3] = [1, 3, 4];
const FEW: u64 = 16;

fn find(subject: &Subject<'_>, found: &mut Found) {
    let input = &subject.checked.network().input;
    let [first, second, last] = input.value;
    // A signal has many channels and a width of 1; no map is three values wide.
    let is_image = CHANNELS.contains(&last) && (first == second || last == 3);
    if !is_image || first < FEW || second < FEW {
        return;
    }
    let message = format!("the input has {first} channels, and maps of {second}x{last}");
    let meant = format!("{last}x{first}x{second}");
    let diagnostic = Diagnostic::warning(codes::INPUT_ORDER, message).at(input.span, "channels x height x width");
    found.push(diagnostic.suggest(format!("perhaps `{meant}` is meant"), input.span, meant));
}
