//! Which of our languages somebody reads best.

use crate::text::{LOCALES, Locale, tag};

/// The locale of a language tag, whatever its region or script.
pub(crate) fn from_tag(text: &str) -> Option<Locale> {
    let language = text.split('-').next().unwrap_or_default();
    LOCALES
        .into_iter()
        .find(|locale| tag(*locale).eq_ignore_ascii_case(language))
}

/// The best of what a browser accepts; English if it accepts none of ours.
pub(super) fn negotiate(accepted: &str) -> Locale {
    let mut best = (0.0, Locale::en);
    for range in accepted.split(',') {
        let (name, parameters) = range.trim().split_once(';').unwrap_or((range.trim(), ""));
        let weight = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())
            .unwrap_or(0.0);
        if let Some(locale) = from_tag(name)
            && weight > best.0
        {
            best = (weight, locale);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_of_ours_wins() {
        for (accepted, locale) in [
            ("", Locale::en),
            ("ja", Locale::ja),
            ("zh-CN,zh;q=0.9,en;q=0.8", Locale::zh),
            ("fr-FR, ja;q=0.4, en;q=0.3", Locale::ja),
            ("en;q=0.5, zh-Hant-TW;q=0.7", Locale::zh),
            ("ja;q=nonsense", Locale::en),
            ("de", Locale::en),
        ] {
            assert_eq!(negotiate(accepted), locale, "{accepted}");
        }
    }
}
