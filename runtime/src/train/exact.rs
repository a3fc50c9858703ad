//! Numbers in JSON that come back bit for bit, infinities and what is not a number included: as text.

use serde::{Deserialize, Deserializer, Serializer};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    // The shortest text that is read as the same number.
    serializer.collect_str(number)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

fn parse<E: serde::de::Error>(text: &str) -> Result<f64, E> {
    text.parse().map_err(|_| E::custom(format!("`{text}` is not a number")))
}

/// The same for several.
pub(crate) mod all {
    use super::parse;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(numbers.iter().map(ToString::to_string))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Vec::<String>::deserialize(deserializer)?.iter().map(|text| parse(text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Numbers {
        #[serde(with = "super")]
        one: f64,
        #[serde(with = "super::all")]
        several: Vec<f64>,
    }

    #[test]
    fn every_bit_comes_back() {
        let several = vec![0.1 + 0.2, -0.0, 5e-324, f64::MAX, f64::INFINITY, 1.0 / 3.0, 1e23];
        let text = serde_json::to_string(&Numbers { one: f64::NAN, several: several.clone() }).unwrap();
        let read: Numbers = serde_json::from_str(&text).unwrap();
        assert!(read.one.is_nan());
        let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read.several), bits(&several));
        assert!(serde_json::from_str::<Numbers>(r#"{"one": "1,5", "several": []}"#).is_err());
    }
}
