//! The networks that googlenetc knows by name, embedded so that installed tools and other people's crates find them.

/// An embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// The name by which it is found: `googlenet`.
    pub name: &'static str,
    /// Its file name, `googlenet.yaml`.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every network, by name.
pub const NETWORKS: &[Spec] =
    &[Spec { name: "googlenet", file: "googlenet.yaml", text: include_str!("../googlenet.yaml") }];

/// The network of this name.
pub fn network(name: &str) -> Option<&'static Spec> {
    NETWORKS.iter().find(|spec| spec.name == name)
}
