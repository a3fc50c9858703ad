//! What comes out, and cannot fail. What is made of a network takes a [`CheckedNetwork`](crate::CheckedNetwork); `messages` takes
//! what was found in specs, and `reference` and `schema` are made from the layer kinds alone.

pub mod diagram;
pub mod messages;
pub mod reference;
pub mod report;
pub mod rust;
pub mod schema;
pub mod style;
