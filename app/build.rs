//! Turns `locales/*.json` into code, so that a key that does not exist does not compile.
//!
//! The parser and the generator of `leptos_i18n` are used directly: its own build crate would compile ICU's
//! data exporter beside them. A language that lacks a key, or has one too many, stops the build.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    #[cfg(feature = "ssr")]
    translations::generate();
}

#[cfg(feature = "ssr")]
mod translations {
    use std::{env, fs, path::PathBuf};

    use leptos_i18n_parser::parse_locales::{cfg_file::ConfigFile, options::Config, parse_locales};

    pub(super) fn generate() {
        let mut manifest_dir = directory("CARGO_MANIFEST_DIR");
        let mut config: Config = ConfigFile::new(&mut manifest_dir)
            .unwrap_or_else(|error| panic!("the languages in Cargo.toml: {error}"))
            .into();
        config.options.interpolate_display = true;
        let locales = parse_locales(Some(manifest_dir), config)
            .unwrap_or_else(|error| panic!("app/locales: {error}"));
        let warnings: Vec<_> = locales
            .diag
            .warnings()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(warnings.is_empty(), "app/locales:\n{}", warnings.join("\n"));
        let code = leptos_i18n_codegen::gen_code(&locales, None, false, None, false)
            .unwrap_or_else(|error| panic!("the code for app/locales: {error}"));
        let path = directory("OUT_DIR").join("translations.rs");
        fs::write(&path, code.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn directory(variable: &str) -> PathBuf {
        PathBuf::from(env::var_os(variable).unwrap_or_else(|| panic!("cargo sets {variable}")))
    }
}
