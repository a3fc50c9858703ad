//! Events as protocol buffers: what is used of TensorFlow's `event.proto` and `summary.proto`.

/// What the names of scalars that belong to a step begin with; others belong to an epoch.
pub(super) const STEP: &str = "step/";

/// A number at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Its name; TensorBoard groups by what is before the first slash.
    pub tag: String,
    /// Steps done in the run.
    pub step: i64,
    /// The number.
    pub value: f32,
    /// When it was written, in seconds since the beginning of 1970, UTC.
    pub time: f64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Event {
    #[prost(double, tag = "1")]
    pub(super) wall_time: f64,
    #[prost(int64, tag = "2")]
    pub(super) step: i64,
    /// In the first event of a file.
    #[prost(string, optional, tag = "3")]
    file_version: Option<String>,
    #[prost(message, optional, tag = "5")]
    summary: Option<Summary>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    value: Vec<Value>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Value {
    #[prost(string, tag = "1")]
    tag: String,
    #[prost(float, optional, tag = "2")]
    simple_value: Option<f32>,
}

impl Event {
    /// The first event of a file.
    pub(super) fn version(wall_time: f64) -> Self {
        Self { wall_time, step: 0, file_version: Some("brain.Event:2".to_owned()), summary: None }
    }

    pub(super) fn scalars(wall_time: f64, step: usize, scalars: Vec<(String, f64)>) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "TensorBoard's scalars are of single precision")]
        let value = scalars.into_iter().map(|(tag, value)| Value { tag, simple_value: Some(value as f32) });
        let summary = Some(Summary { value: value.collect() });
        Self { wall_time, step: i64::try_from(step).unwrap_or(i64::MAX), file_version: None, summary }
    }

    /// Whether it belongs to a step, not to an epoch.
    pub(super) fn is_of_step(&self) -> bool {
        self.summary.iter().flat_map(|summary| &summary.value).any(|value| value.tag.starts_with(STEP))
    }

    /// Whether it belongs to a step up to this one.
    pub(super) fn ends_by(&self, step: usize) -> bool {
        usize::try_from(self.step).is_ok_and(|of| of <= step)
    }

    pub(super) fn into_scalars(self) -> Vec<Scalar> {
        let Self { wall_time: time, step, summary, .. } = self;
        let values = summary.unwrap_or_default().value.into_iter();
        values
            .filter_map(|Value { tag, simple_value }| Some(Scalar { tag, step, value: simple_value?, time }))
            .collect()
    }
}
