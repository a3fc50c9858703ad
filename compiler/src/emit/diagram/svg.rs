//! The picture as SVG, laid out here.
//!
//! The graph is series-parallel but for the heads: a sequence runs downwards along an axis, branches stand side by side, and a long
//! trunk goes on in a new column, with its heads beside it. All sizes are in points and come from [`text`]'s widths of
//! characters, which no common font exceeds, so that text fits wherever the picture is shown.

mod drawing;
mod page;
mod paint;
mod place;
mod text;

use super::View;
use super::make::picture;
use crate::CheckedNetwork;

/// The network as a self-contained SVG, light or dark as the reader's system is.
pub fn svg(checked: &CheckedNetwork, view: View) -> String {
    let picture = picture(checked, view);
    paint::paint(&page::page(&picture), &picture)
}
