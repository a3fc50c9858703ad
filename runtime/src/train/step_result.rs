//! What comes of a step.

/// What came of a step of the optimizer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepResult {
    /// Steps done in the run, this one included: from 1.
    pub(crate) step: usize,
    /// From 1.
    pub(crate) epoch: usize,
    /// Steps done in this epoch, this one included: from 1.
    pub(crate) step_in_epoch: usize,
    /// The learning rate that the step was made with.
    pub(crate) learning_rate: f64,
    /// How many images it learnt from.
    pub(crate) images: usize,
    /// How many of them were classified rightly, before it learnt from them.
    pub(crate) correct: f64,
    /// The weighted sum of the heads' losses, a mean over these images.
    pub(crate) loss: f64,
    /// The loss of each head, in the order of [`crate::network::Network::HEADS`].
    pub(crate) head_losses: Vec<f64>,
    /// With clipping by norm, the Euclidean norm of the gradient before it was clipped.
    pub(crate) gradient_norm: Option<f64>,
}
