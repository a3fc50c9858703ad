//! The networks and libraries of blocks that googlenetc knows by name, embedded so that installed tools and other people's crates find them.

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

/// A file of the folder `layouts`.
macro_rules! layout_file {
    ($name:literal) => {
        Spec {
            name: $name,
            file: concat!("layouts/", $name, ".yaml"),
            text: include_str!(concat!("../layouts/", $name, ".yaml")),
        }
    };
}

/// Every network, by name.
pub const NETWORKS: &[Spec] =
    &[Spec { name: "googlenet", file: "googlenet.yaml", text: include_str!("../googlenet.yaml") }];

/// The network of this name.
pub fn network(name: &str) -> Option<&'static Spec> {
    NETWORKS.iter().find(|spec| spec.name == name)
}

/// Every key layout, by name: what the variables of a network are called in other people's files.
pub const LAYOUTS: &[Spec] = &[
    layout_file!("batch-norm"),
    layout_file!("bias-aux"),
    layout_file!("fashion-mnist"),
    layout_file!("fashion-mnist-sequential"),
    layout_file!("googlenet-caffe"),
    layout_file!("pytorch"),
    layout_file!("tiny-imagenet"),
];

/// The key layout of this name.
pub fn layout(name: &str) -> Option<&'static Spec> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}

/// Every library of blocks, by name.
pub const LIBRARIES: &[Spec] = &[];

/// The library of this name.
pub fn library(name: &str) -> Option<&'static Spec> {
    LIBRARIES.iter().find(|spec| spec.name == name)
}
