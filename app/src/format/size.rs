//! Sizes in decimal units, counts with groups of three digits, durations in their two largest units.

/// `1234567` → `1.23 MB`: three digits that matter, as storage is sold and listed.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    // 999.5 would be shown as 1000 of the smaller unit.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let decimals = match value {
        _ if unit == 0 => 0,
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {}", UNITS[unit])
}

/// `1234567` → `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Hours, minutes and seconds; of a long time only the two largest that matter, so that it can be read at a glance.
fn seconds_parts(seconds: u64) -> [Option<u64>; 3] {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        [Some(hours), (minutes > 0).then_some(minutes), None]
    } else if minutes > 0 {
        [None, Some(minutes), (rest > 0).then_some(rest)]
    } else {
        [None, None, Some(rest)]
    }
}

/// A duration in words: `units` are templates for hours, minutes and seconds, with `{n}` for the number.
pub fn duration(seconds: u64, units: &[String; 3]) -> String {
    let words: Vec<_> = seconds_parts(seconds)
        .into_iter()
        .zip(units)
        .filter_map(|(part, unit)| part.map(|number| unit.replace("{n}", &number.to_string())))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.00 KB"),
            (12_345, "12.3 KB"),
            (999_499, "999 KB"),
            (999_500, "1.00 MB"),
            (1_234_567_890, "1.23 GB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn long_times_lose_their_seconds() {
        assert_eq!(seconds_parts(0), [None, None, Some(0)]);
        assert_eq!(seconds_parts(60), [None, Some(1), None]);
        assert_eq!(seconds_parts(61), [None, Some(1), Some(1)]);
        assert_eq!(seconds_parts(3_661), [Some(1), Some(1), None]);
    }
}
