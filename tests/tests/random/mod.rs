//! Random networks, and what the tests know about them by themselves.
//!
//! Nothing here uses the compiler: a network is plain data ([`network`]), made so that it is valid ([`strategy`]), written
//! as a spec in both syntaxes ([`write`]), and counted by brute force ([`count`]).

pub(crate) mod count;
pub(crate) mod network;
pub(crate) mod strategy;
pub(crate) mod write;
