//! Who reads what.

use crate::network::{Network, Source};

/// For every operation, those that read its output, in order; one that reads it twice stands there twice.
pub(crate) fn readers(network: &Network) -> Vec<Vec<usize>> {
    let mut readers = vec![Vec::new(); network.operations.len()];
    for (index, operation) in network.operations.iter().enumerate() {
        for source in &operation.inputs {
            if let Source::Operation(read) = *source {
                readers[read].push(index);
            }
        }
    }
    readers
}
