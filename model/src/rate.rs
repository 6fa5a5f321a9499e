//! How fast bytes may pass.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The least that may be asked for: below it, services close connections that seem to be stuck.
const LEAST: u64 = 1_000_000;

/// Bytes a second, at least a million. Written like `100 MB/s` or `20 MiB/s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct ByteRate(u64);

impl ByteRate {
    /// As a number.
    pub fn bytes_per_second(self) -> u64 {
        self.0
    }
}

impl From<ByteRate> for u64 {
    fn from(rate: ByteRate) -> Self {
        rate.0
    }
}

impl TryFrom<u64> for ByteRate {
    type Error = String;

    fn try_from(bytes_per_second: u64) -> Result<Self, String> {
        if bytes_per_second < LEAST {
            return Err("it is less than 1 MB/s".to_owned());
        }
        Ok(Self(bytes_per_second))
    }
}

const UNITS: [(&str, u64); 7] = [
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("B", 1),
];

impl FromStr for ByteRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no rate of bytes; write it like `100 MB/s`, `1.5 GB/s` or `20 MiB/s`"
            )
        };
        let amount = text.trim();
        let amount = amount.strip_suffix("/s").unwrap_or(amount).trim_end();
        let (number, unit) = UNITS
            .iter()
            .find_map(|(name, unit)| Some((amount.strip_suffix(*name)?, *unit)))
            .ok_or_else(wrong)?;
        let number: f64 = number.trim_end().parse().map_err(|_| wrong())?;
        if !number.is_finite() || number < 0. {
            return Err(wrong());
        }
        Self::try_from((number * unit as f64) as u64).map_err(|why| format!("`{text}`: {why}"))
    }
}

impl fmt::Display for ByteRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = UNITS[..6]
            .iter()
            .filter(|(_, unit)| self.0.is_multiple_of(*unit))
            .max_by_key(|(_, unit)| *unit);
        let (name, unit) = exact.unwrap_or(&UNITS[6]);
        write!(f, "{} {name}/s", self.0 / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("100 MB/s", 100_000_000),
            ("100MB", 100_000_000),
            (" 1.5 GB/s ", 1_500_000_000),
            ("20 MiB/s", 20 << 20),
            ("1000 kB/s", 1_000_000),
            ("2000000 B/s", 2_000_000),
        ] {
            let rate: ByteRate = text.parse().unwrap();
            assert_eq!(rate.bytes_per_second(), bytes, "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "100",
            "MB/s",
            "100 Mb/s",
            "100 Mbit/s",
            "-5 MB/s",
            "inf MB/s",
            "NaN GB/s",
            "1 kB/s",
            "0 MB/s",
            "a lot",
        ] {
            let why = text.parse::<ByteRate>().unwrap_err();
            assert!(why.contains(text), "{why}");
        }
        assert!(serde_json::from_str::<ByteRate>("5").is_err());
    }

    #[test]
    fn rates_are_written_as_they_are_read() {
        for text in ["100 MB/s", "20 MiB/s", "1500 MB/s", "2 GB/s", "1000001 B/s"] {
            assert_eq!(text.parse::<ByteRate>().unwrap().to_string(), text);
        }
        let rate: ByteRate = "3 MB/s".parse().unwrap();
        let json = serde_json::to_string(&rate).unwrap();
        assert_eq!(json, "3000000");
        assert_eq!(serde_json::from_str::<ByteRate>(&json).unwrap(), rate);
    }
}
