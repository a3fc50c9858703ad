//! Images of which something is noticed whenever one is read.

use googlenetc_runtime::data::{Image, Source};
use googlenetc_runtime::error::Result;
use std::sync::Arc;

struct Watched<F> {
    images: Arc<dyn Source>,
    notice: F,
}

impl<F: Fn() + Send + Sync> Source for Watched<F> {
    fn classes(&self) -> &[String] {
        self.images.classes()
    }

    fn labels(&self) -> &[u32] {
        self.images.labels()
    }

    fn name(&self, index: usize) -> String {
        self.images.name(index)
    }

    fn image(&self, index: usize) -> Result<Image> {
        (self.notice)();
        self.images.image(index)
    }
}

/// These images; `notice` is called before each that is read.
pub(crate) fn watched(images: Arc<dyn Source>, notice: impl Fn() + Send + Sync + 'static) -> Arc<dyn Source> {
    Arc::new(Watched { images, notice })
}
