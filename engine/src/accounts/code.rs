//! Codes of an authenticator app: RFC 6238 as every app knows it, with SHA-1, six digits and steps of 30 s. The code of
//! the step before and of the step after counts, too: clocks differ, and typing takes time.

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Builder, Totp};

use crate::{Error, ErrorCode, Result};

/// What RFC 4226 recommends: as much as SHA-1 yields.
const SECRET_BYTES: usize = 20;
const DIGITS: usize = 6;

/// A new secret for an app to share.
pub(super) fn new_secret() -> Result<Vec<u8>> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret)
        .map_err(|error| Error::new(ErrorCode::Internal, "random numbers").caused_by(error))?;
    Ok(secret)
}

/// What was typed, as it is compared: without the spaces and hyphens that make it easy to read, in small letters, and
/// with the wide digits of East Asian keyboards made narrow.
pub(super) fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Whether that is a code of an app; else it may be a recovery code.
pub(super) fn is_of_app(plain: &str) -> bool {
    plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit())
}

/// The codes of one secret.
pub(super) struct Codes(Totp);

impl Codes {
    pub(super) fn of(secret: Vec<u8>) -> Result<Self> {
        let totp = Builder::new().with_secret(secret).build();
        totp.map(Self).map_err(|error| {
            Error::new(ErrorCode::Internal, "authenticator secret").caused_by(error)
        })
    }

    /// The time step that a code is of, if it is one of those that count now.
    pub(super) fn step_of(&self, plain: &str, now: Timestamp) -> Option<u64> {
        self.0.check(plain, u64::try_from(now.as_second()).ok()?)
    }

    /// The secret as people type it into an app.
    pub(super) fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// All that an app must know, as it reads it from a picture.
    pub(super) fn url(&self, user: &str) -> String {
        let user = utf8_percent_encode(user, NON_ALPHANUMERIC);
        let secret = self.secret();
        format!("otpauth://totp/Hozon:{user}?secret={secret}&issuer=Hozon")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's own test vectors; the codes are the last six of their eight digits.
    fn codes() -> Codes {
        Codes::of(b"12345678901234567890".to_vec()).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (second, code) in [
            (59_i64, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = second.unsigned_abs() / 30;
            assert_eq!(codes().step_of(code, at(second)), Some(step), "{second}");
        }
    }

    #[test]
    fn a_code_counts_for_a_step_before_and_after() {
        let step = 59 / 30;
        for (second, counts) in [(29, true), (0, true), (89, true), (90, false), (120, false)] {
            let found = codes().step_of("287082", at(second));
            assert_eq!(found, counts.then_some(step), "{second}");
        }
        for wrong in ["287083", "28708", "2870820", "", "28708a"] {
            assert_eq!(codes().step_of(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_typed_is_read_kindly() {
        assert_eq!(plain(" 287 082 "), "287082");
        assert_eq!(plain("２８７０８２"), "287082");
        assert_eq!(plain("ABCD-efgh"), "abcdefgh");
        assert!(is_of_app("287082"));
        for other in ["28708", "2870822", "28708a", "abcdefghijklmnop", ""] {
            assert!(!is_of_app(other), "{other}");
        }
    }

    #[test]
    fn an_app_is_told_whose_secret_it_is() {
        assert_eq!(codes().secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            codes().url("花 a"),
            "otpauth://totp/Hozon:%E8%8A%B1%20a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hozon"
        );
        assert_ne!(new_secret().unwrap(), new_secret().unwrap());
    }
}
