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

/// The embedded files of a folder, by name.
macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(Spec {
            name: $name,
            file: concat!($folder, $name, ".yaml"),
            text: include_str!(concat!("../", $folder, $name, ".yaml")),
        }),*]
    };
}

/// Every network, by name.
pub const NETWORKS: &[Spec] = files!("":
    "googlenet"
    "googlenet-caffe"
    "googlenet-torchvision"
    "tiny-imagenet"
    "fashion-mnist-sequential"
    "fashion-mnist"
    "batch-norm"
    "bias-aux"
    "bn-inception"
    "bn-inception-slim"
    "inception-v3"
    "inception-v4"
    "inception-resnet-v2"
    "resnet-18"
    "squeezenet-1.1"
);

/// The network of this name.
///
/// ```
/// let spec = googlenetc_specs::network("googlenet").expect("it is embedded");
/// assert_eq!(spec.file, "googlenet.yaml");
/// ```
pub fn network(name: &str) -> Option<&'static Spec> {
    NETWORKS.iter().find(|spec| spec.name == name)
}

/// Every key layout, by name: what the variables of a network are called in other people's files.
pub const LAYOUTS: &[Spec] = files!("layouts/":
    "batch-norm"
    "bias-aux"
    "fashion-mnist"
    "fashion-mnist-sequential"
    "googlenet-caffe"
    "pytorch"
    "tiny-imagenet"
);

/// The key layout of this name.
pub fn layout(name: &str) -> Option<&'static Spec> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}

/// Every library of blocks, by name.
pub const LIBRARIES: &[Spec] = files!("blocks/":
    "inception-v1"
    "inception-bn"
    "inception-v3"
    "inception-v4"
    "inception-resnet-v2"
);

/// The library of this name.
pub fn library(name: &str) -> Option<&'static Spec> {
    LIBRARIES.iter().find(|spec| spec.name == name)
}

/// What Python calls the modules of these networks, by name.
pub const PRESENTATIONS: &[Spec] = files!("presentation/":
    "batch-norm"
    "bias-aux"
    "fashion-mnist"
    "fashion-mnist-sequential"
    "googlenet-torchvision"
    "inception-v3"
    "tiny-imagenet"
);

/// The presentation of the network of this name.
pub fn presentation(name: &str) -> Option<&'static Spec> {
    PRESENTATIONS.iter().find(|presentation| presentation.name == name)
}

/// Tables that were published, by name.
pub const PUBLISHED: &[Spec] = files!("published/": "szegedy2015");

/// The published table of this name.
pub fn published(name: &str) -> Option<&'static Spec> {
    PUBLISHED.iter().find(|table| table.name == name)
}

/// Training recipes, by name.
pub const RECIPES: &[Spec] = files!("recipes/":
    "caffe"
    "caffe-quick"
    "digits"
    "fashion-mnist"
    "paper"
    "tiny-imagenet"
    "torchvision"
);

/// The training recipe of this name.
pub fn recipe(name: &str) -> Option<&'static Spec> {
    RECIPES.iter().find(|recipe| recipe.name == name)
}

#[cfg(test)]
mod tests {
    use super::{LAYOUTS, LIBRARIES, NETWORKS, PRESENTATIONS, PUBLISHED, RECIPES, Spec};

    /// A file that nobody embeds is found by nobody.
    #[test]
    fn every_file_is_embedded() {
        for (folder, embedded) in [
            ("", NETWORKS),
            ("blocks", LIBRARIES),
            ("layouts", LAYOUTS),
            ("presentation", PRESENTATIONS),
            ("published", PUBLISHED),
            ("recipes", RECIPES),
        ] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let mut files: Vec<String> = std::fs::read_dir(path)
                .expect("the folder is there")
                .flatten()
                .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "yaml"))
                .map(|entry| entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned())
                .collect();
            let mut names: Vec<&str> = embedded.iter().map(|spec: &Spec| spec.name).collect();
            files.sort_unstable();
            names.sort_unstable();
            assert_eq!(files, names, "{folder}");
        }
    }
}
