//! What a case of the list is: specs, and the verdict on each.

/// Its number and name in the list, and its variants.
pub(crate) type Case = (u32, &'static str, Vec<Variant>);

/// What comes of a variant.
pub(crate) enum Verdict {
    /// The spec is right, and warned about at most.
    Accepted,
    /// These codes, in order, and these words in the messages.
    Refused(&'static [&'static str], &'static [&'static str]),
}

/// A spec of a case.
pub(crate) enum Variant {
    /// A file in `ui/`, where its messages are a snapshot.
    Ui(&'static str, Verdict),
    /// A spec that no file can hold well.
    Text(&'static str, fn() -> String, Verdict),
    /// A spec that the tests run, and a layer in it.
    Spec(&'static str, &'static str),
    /// Another test, by its file and name.
    Test(&'static str, &'static str),
}

const HEAD: &str = "heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n";

/// A right spec, whose parts stand in lines of their own.
pub(crate) fn right() -> String {
    format!("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n  conv1: conv 3x3 8 activation=relu\n{HEAD}")
}

/// A spec with one layer.
pub(crate) fn of_layer(layer: &str) -> String {
    format!("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n  one: {layer}\n{HEAD}")
}

/// Nine levels of nine aliases each.
pub(crate) fn bomb() -> String {
    let mut text = "network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n".to_owned();
    text += "  a0: &a0 [relu, relu, relu, relu, relu, relu, relu, relu, relu]\n";
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("  a{level}: &a{level} [{aliases}]\n");
    }
    text + HEAD
}
