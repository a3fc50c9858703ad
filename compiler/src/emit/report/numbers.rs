//! Numbers as people read them.

/// `13378280` as `13,378,280`.
pub fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `13,378,280` as `13.4M`, with three digits or a few more, for narrow places.
pub(super) fn short(text: &str) -> String {
    let Ok(number) = text.replace(',', "").parse::<u64>() else { return text.into() };
    scaled(number, 1000, &["", "k", "M", "G", "T", "P", "E"])
}

/// `802816` as `784.0 KiB`; nothing for zero.
pub(super) fn bytes(number: u64) -> String {
    match number {
        0 => String::new(),
        // Where counting ends.
        u64::MAX => "over 16 EiB".to_owned(),
        _ => scaled(number, 1024, &[" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"]),
    }
}

/// In the largest unit of which there is at least one, with one decimal unless it is the smallest. Rounds half up.
fn scaled(number: u64, step: u64, units: &[&str]) -> String {
    let mut unit = 0;
    let mut size = 1_u128;
    let number = u128::from(number);
    // What would round to a whole step belongs to the next unit.
    while unit + 1 < units.len() && tenths(number, size) >= u128::from(step) * 10 {
        size *= u128::from(step);
        unit += 1;
    }
    if unit == 0 {
        return format!("{number}{}", units[0]);
    }
    let tenths = tenths(number, size);
    format!("{}.{}{}", tenths / 10, tenths % 10, units[unit])
}

fn tenths(number: u128, size: u128) -> u128 {
    (number * 20 + size) / (size * 2)
}

#[cfg(test)]
mod tests {
    use super::{bytes, grouped, short};

    #[test]
    fn numbers_for_people() {
        assert_eq!([0_u64, 999, 1000, 13_378_280].map(grouped), ["0", "999", "1,000", "13,378,280"]);
        assert_eq!([0, 40, 1023, 1024, 1536].map(bytes), ["", "40 B", "1023 B", "1.0 KiB", "1.5 KiB"]);
        assert_eq!(bytes(1024 * 1024 - 1), "1.0 MiB");
        assert_eq!(bytes(u64::MAX), "over 16 EiB");
        let numbers = ["", "9,472", "999,960", "13,378,280", "1,591,044,096", "7"];
        assert_eq!(numbers.map(short), ["", "9.5k", "1.0M", "13.4M", "1.6G", "7"]);
    }
}
