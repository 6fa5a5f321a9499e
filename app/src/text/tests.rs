//! No language lacks a word, and no error goes without a sentence and advice.

use std::collections::BTreeMap;

use hozon_model::ErrorCode;
use serde_json::Value;

use super::{LOCALES, advice, sentence, tag};

fn words(locale: &str) -> BTreeMap<String, String> {
    let path = format!("{}/locales/{locale}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut found = BTreeMap::new();
    collect(
        "",
        &serde_json::from_str(&text).expect("the file is JSON"),
        &mut found,
    );
    found
}

/// Plural forms are one word: English has two, Japanese and Chinese one.
fn collect(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let key = key
                    .strip_suffix("_one")
                    .or(key.strip_suffix("_other"))
                    .unwrap_or(key);
                collect(&format!("{path}.{key}"), value, found);
            }
        }
        Value::String(text) => {
            found.insert(path.to_owned(), text.clone());
        }
        other => panic!("{path} is no text: {other}"),
    }
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<_> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn every_language_has_every_word_and_no_other() {
    let english = words("en");
    for locale in ["ja", "zh"] {
        let other = words(locale);
        let missing: Vec<_> = english
            .keys()
            .filter(|key| !other.contains_key(*key))
            .collect();
        let surplus: Vec<_> = other
            .keys()
            .filter(|key| !english.contains_key(*key))
            .collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{locale}: missing {missing:?}, surplus {surplus:?}"
        );
        for (key, text) in &other {
            assert!(!text.is_empty(), "{locale}{key} is empty");
            assert_eq!(
                placeholders(&english[key]),
                placeholders(text),
                "{locale}{key}: {text}"
            );
        }
    }
}

#[test]
fn every_error_has_a_sentence_and_advice_in_every_language() {
    for locale in LOCALES {
        for code in ErrorCode::ALL {
            let (sentence, advice) = (sentence(locale, *code), advice(locale, *code));
            assert!(
                sentence.ends_with(['.', '。']),
                "{} {code:?}: {sentence}",
                tag(locale)
            );
            assert!(
                advice.ends_with(['.', '。']),
                "{} {code:?}: {advice}",
                tag(locale)
            );
        }
    }
}

#[test]
fn japanese_never_says_restore_or_cluster_the_other_way() {
    for (key, text) in words("ja") {
        assert!(
            !text.contains("リストア") && !text.replace("クラスター", "").contains("クラスタ"),
            "{key}: {text}"
        );
    }
}
