//! How heights and widths came about, and which single edits of windows would make others: rounding up or down, or padding.

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::Span;

use super::view::View;
use crate::network::{Operation, Source};
use crate::ops::{Op, Window};

/// As far as anybody follows a size back.
const LONGEST: usize = 10_000;
/// More windows than anybody looks at for one that rounds the wrong way.
const MOST_WINDOWS: usize = 64;
/// So many of the nearest windows of a branch are tried with other paddings.
const MOST_PADDED: usize = 6;
/// More padding than anybody forgets.
const LARGEST_PADDING: u64 = 64;

type Size = [u64; 2];

/// The windows, and other operations with a size of their own, between a value and an earlier one.
pub(super) struct Path {
    /// Operations, from the first to the last.
    operations: Vec<usize>,
    /// Height and width before the first of them.
    start: Size,
    /// Whether it starts where branches part.
    is_branch: bool,
}

impl Path {
    /// The path from `until` to `end`, as far as sizes on it are known.
    pub(super) fn to(view: &View<'_>, end: Source, until: Source) -> Option<Self> {
        let mut source = end;
        let mut operations = Vec::new();
        for _ in 0..LONGEST {
            let Source::Operation(index) = source else { break };
            if source == until {
                break;
            }
            let operation = &view.network.operations[index];
            // Branches that keep the size are passed by; of others no single one can be changed.
            let Some(from) = view.places.fork(index).or(operation.inputs.first().copied()) else { break };
            let is_join = view.places.fork(index).is_some();
            if view.size(from).is_none() || (is_join && view.size(from) != view.size(source)) {
                break;
            }
            if operations.len() >= MOST_WINDOWS {
                break;
            }
            if operation.op.rule().window().is_some() || matches!(operation.op, Op::AdaptivePool(_)) {
                operations.push(index);
            }
            source = from;
        }
        operations.reverse();
        Some(Self { operations, start: view.size(source)?, is_branch: until != Source::Input })
    }

    /// The size at the end, if some windows were others.
    fn end(&self, view: &View<'_>, changes: &[(usize, Window)]) -> Option<Size> {
        self.operations.iter().try_fold(self.start, |size, &index| {
            let operation = &view.network.operations[index];
            if let Op::AdaptivePool(pool) = &operation.op {
                return Some(pool.size);
            }
            let other = changes.iter().find(|(place, _)| *place == index).map(|(_, window)| window);
            other.or_else(|| operation.op.rule().window())?.output_size(size)
        })
    }

    /// Adds edits of windows on the path, each of which alone makes the size at its end the one that is wanted.
    pub(super) fn reach(&self, view: &View<'_>, wanted: Size, purpose: &str, diagnostic: Diagnostic) -> Diagnostic {
        self.suggest(view, diagnostic, purpose, true, &|size| size == wanted)
    }

    /// Adds edits of pools on the path, which make the size at its end large enough for a window.
    pub(super) fn hold(&self, view: &View<'_>, window: &Window, diagnostic: Diagnostic) -> Diagnostic {
        self.suggest(view, diagnostic, "", false, &|size| window.output_size(size).is_some())
    }

    fn suggest(
        &self,
        view: &View<'_>,
        diagnostic: Diagnostic,
        purpose: &str,
        is_exact: bool,
        fits: &dyn Fn(Size) -> bool,
    ) -> Diagnostic {
        let mut found = self.roundings(view, fits);
        if found.is_empty() {
            found.extend(self.all_rounded_up(view, fits));
        }
        if is_exact {
            found.extend(self.paddings(view, fits));
        }
        found.into_iter().fold(diagnostic, |diagnostic, (what, edits)| {
            diagnostic.suggest_all(Suggestion { message: format!("{what}{purpose}"), edits, is_safe: false })
        })
    }

    /// Each pool that would make it fit if it rounded the other way, the nearest first.
    fn roundings(&self, view: &View<'_>, fits: &dyn Fn(Size) -> bool) -> Vec<(String, Vec<Edit>)> {
        let pools = self.operations.iter().rev().filter_map(|&index| Some((index, rounded_otherwise(view, index)?)));
        let fitting = pools.filter(|change| self.end(view, std::slice::from_ref(change)).is_some_and(fits));
        let suggestion = |(index, window): (usize, Window)| {
            let operation = &view.network.operations[index];
            let way = if window.ceil { "up" } else { "down" };
            Some((format!("let `{}` round {way}", view.places.layer(index)), vec![ceil_edit(operation, window.ceil)?]))
        };
        fitting.filter_map(suggestion).take(1).collect()
    }

    /// All pools that round down and lose something, which together would make it fit.
    fn all_rounded_up(&self, view: &View<'_>, fits: &dyn Fn(Size) -> bool) -> Option<(String, Vec<Edit>)> {
        let pools = self.operations.iter().filter_map(|&index| Some((index, rounded_otherwise(view, index)?)));
        let mut changes: Vec<(usize, Window)> = pools.filter(|(_, window)| window.ceil).collect();
        let size = self.end(view, &changes).filter(|size| fits(*size))?;
        // Those that lose nothing stay as they are.
        for change in changes.clone() {
            let others: Vec<(usize, Window)> = changes.iter().filter(|other| other.0 != change.0).copied().collect();
            if self.end(view, &others) == Some(size) {
                changes = others;
            }
        }
        let operations = changes.iter().map(|(index, _)| &view.network.operations[*index]);
        let mut edits = operations.map(|operation| ceil_edit(operation, true)).collect::<Option<Vec<Edit>>>()?;
        edits.sort_by_key(|edit| edit.span);
        edits.dedup();
        Some((
            format!("let the pools before it round up: {} instead of {}", words(size), words(self.end(view, &[])?)),
            edits,
        ))
    }

    /// The nearest window that would make it fit with another padding, the same on all sides.
    fn paddings(&self, view: &View<'_>, fits: &dyn Fn(Size) -> bool) -> Option<(String, Vec<Edit>)> {
        let most = if self.is_branch { MOST_PADDED } else { 1 };
        self.operations.iter().rev().take(most).find_map(|&index| {
            let operation = &view.network.operations[index];
            let window = operation.op.rule().window()?;
            let fitting =
                |axis: usize| if is_pool(operation) { window.kernel[axis] / 2 } else { window.reach(axis) / 2 };
            let most = |axis: usize| fitting(axis).min(LARGEST_PADDING);
            let (rows, columns) = (most(0), most(1));
            let is_square = rows == columns;
            let pads = (0..=rows).flat_map(|pad| {
                let others = if is_square { pad..=pad } else { 0..=columns };
                others.map(move |other| [pad, other])
            });
            let pad = pads.filter(|&[rows, columns]| [rows, rows, columns, columns] != window.padding).find(
                |&[rows, columns]| {
                    let padded = Window { padding: [rows, rows, columns, columns], ..*window };
                    self.end(view, &[(index, padded)]).is_some_and(fits)
                },
            )?;
            let text = if pad[0] == pad[1] { pad[0].to_string() } else { words(pad) };
            Some((format!("pad `{}` by {text}", view.places.layer(index)), vec![pad_edit(operation, &text)?]))
        })
    }

    /// Adds the arithmetic of the windows on the path that change the size. `name` is of what they are a part, if not of the
    /// network's trunk.
    pub(super) fn explain(&self, view: &View<'_>, name: Option<&str>, diagnostic: Diagnostic) -> Diagnostic {
        let mut diagnostic = diagnostic;
        let mut size = self.start;
        for &index in &self.operations {
            let operation = &view.network.operations[index];
            let Some(window) = operation.op.rule().window() else { break };
            let Some(output) = window.output_size(size) else { break };
            if output != size {
                let name = name.unwrap_or_else(|| view.places.layer(index));
                diagnostic = diagnostic.note(arithmetic(window, size, output, &format!(" of `{name}`")));
            }
            size = output;
        }
        diagnostic
    }
}

/// The arithmetic of the last window that made a height and width; one that keeps them explains nothing, unless none changes
/// them.
pub(super) fn explain_last(view: &View<'_>, end: Source, diagnostic: Diagnostic) -> Diagnostic {
    let mut source = end;
    let mut keeping = None;
    for _ in 0..LONGEST {
        let Source::Operation(index) = source else { break };
        let operation = &view.network.operations[index];
        let Some(&from) = operation.inputs.first() else { break };
        let sizes = view.size(from).zip(view.size(source));
        if let Some((window, (from, to))) = operation.op.rule().window().zip(sizes) {
            if from != to {
                return diagnostic.note(arithmetic(window, from, to, ""));
            }
            keeping = keeping.or(Some((window, from)));
        }
        source = from;
    }
    match keeping {
        Some((window, size)) => diagnostic.note(arithmetic(window, size, size, "")),
        None => diagnostic,
    }
}

/// `height and width: (112 - 3)/2 + 1 = 55, rounded down`; `of` says of what.
fn arithmetic(window: &Window, from: Size, to: Size, of: &str) -> String {
    let [height, width] = [0, 1].map(|axis| window.explain(axis, from[axis], to[axis]));
    match (height.strip_prefix("height: "), width.strip_prefix("width: ")) {
        (Some(same), Some(other)) if same == other => format!("height and width{of}: {same}"),
        (Some(height), Some(width)) => format!("height{of}: {height}; width: {width}"),
        _ => format!("{height}; {width}"),
    }
}

fn words([height, width]: Size) -> String {
    format!("{height}x{width}")
}

/// The window of a pool, rounded the other way.
fn rounded_otherwise(view: &View<'_>, index: usize) -> Option<Window> {
    let operation = &view.network.operations[index];
    let window = operation.op.rule().window().filter(|_| is_pool(operation))?;
    Some(Window { ceil: !window.ceil, ..*window })
}

/// How a pool is told to round up, or not to.
fn ceil_edit(operation: &Operation, ceil: bool) -> Option<Edit> {
    let word = if ceil { "ceil" } else { "ceil=false" };
    match operation.slot("ceil").filter(|slot| is_in(slot.span, operation.span)) {
        Some(slot) => Some(Edit { span: slot.span, replacement: word.to_owned() }),
        None => Some(Edit { span: operation.end?, replacement: format!(" {word}") }),
    }
}

/// How a layer is told to pad.
fn pad_edit(operation: &Operation, text: &str) -> Option<Edit> {
    let sides = ["padding_top", "padding_bottom", "padding_left", "padding_right"];
    let slots: Vec<_> = sides.iter().filter_map(|side| operation.slot(side)).collect();
    let whole = slots.iter().map(|slot| slot.span).reduce(Span::to);
    match whole {
        Some(whole) if is_in(whole, operation.span) => Some(Edit { span: whole, replacement: text.to_owned() }),
        // A parameter, whose value stands elsewhere.
        Some(whole) if slots.iter().any(|slot| slot.parameter.is_some()) => {
            let is_one = slots.iter().all(|slot| slot.span == whole);
            is_one.then(|| Edit { span: whole, replacement: text.to_owned() })
        }
        _ => Some(Edit { span: operation.end?, replacement: format!(" pad={text}") }),
    }
}

/// `global` in place of the window of a pool, which then takes maps of any size.
pub(super) fn global(operation: &Operation, is_first: bool) -> Option<Suggestion> {
    let is_bare = ["padding_top", "ceil", "dilation_height"].iter().all(|name| operation.slot(name).is_none());
    let names = ["kernel_height", "kernel_width", "stride_height", "stride_width"];
    let window = names.iter().filter_map(|name| operation.slot(name)).map(|slot| slot.span).reduce(Span::to)?;
    let edits = vec![Edit { span: window, replacement: "global".to_owned() }];
    let message = format!("{}pool over the whole map, whatever its size", if is_first { "" } else { "or " });
    (is_pool(operation) && is_bare && is_in(window, operation.span)).then_some(Suggestion {
        message,
        edits,
        is_safe: false,
    })
}

fn is_pool(operation: &Operation) -> bool {
    matches!(operation.op, Op::MaxPool(_) | Op::AvgPool(_))
}

fn is_in(inner: Span, outer: Span) -> bool {
    inner.source == outer.source && inner.start() >= outer.start() && inner.end() <= outer.end() && inner != outer
}

/// Adds the padding that a pool may have at most.
pub(super) fn padded(operation: &Operation, most: u64, diagnostic: Diagnostic) -> Diagnostic {
    match pad_edit(operation, &most.to_string()) {
        Some(edit) => diagnostic.suggest(format!("pad by {most}"), edit.span, edit.replacement),
        None => diagnostic,
    }
}
