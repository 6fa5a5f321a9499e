//! Turns `locales/*.json` into code, so that a key that does not exist does not compile, and lists the pictures of the
//! guides, so that one that was not taken is not shown.
//!
//! The parser and the generator of `leptos_i18n` are used directly: its own build crate would compile ICU's
//! data exporter beside them. A language that lacks a key, or has one too many, stops the build.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=../public");
    #[cfg(feature = "ssr")]
    {
        translations::generate();
        pictures::list();
    }
}

#[cfg(feature = "ssr")]
fn directory(variable: &str) -> std::path::PathBuf {
    let value = std::env::var_os(variable);
    value
        .unwrap_or_else(|| panic!("cargo sets {variable}"))
        .into()
}

#[cfg(feature = "ssr")]
mod translations {
    use std::fs;

    use leptos_i18n_parser::parse_locales::{cfg_file::ConfigFile, options::Config, parse_locales};

    use super::directory;

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
}

#[cfg(feature = "ssr")]
mod pictures {
    use std::{
        fs,
        io::ErrorKind,
        path::{Path, PathBuf},
    };

    use super::directory;

    /// Writes down, as they are served, the pictures in `public/help/<language>`.
    pub(super) fn list() {
        let public = directory("CARGO_MANIFEST_DIR").join("../public");
        let mut served: Vec<String> = entries(&public.join("help"))
            .iter()
            .filter(|language| language.is_dir())
            .flat_map(|language| entries(language))
            .filter(|file| file.extension().is_some_and(|ending| ending == "webp"))
            .filter_map(|file| Some(format!("/{}", file.strip_prefix(&public).ok()?.display())))
            .collect();
        served.sort();
        let path = directory("OUT_DIR").join("pictures.rs");
        fs::write(&path, format!("&{served:?}\n"))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn entries(directory: &Path) -> Vec<PathBuf> {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            // None was taken yet.
            Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
            Err(error) => panic!("{}: {error}", directory.display()),
        };
        entries
            .map(|entry| match entry {
                Ok(entry) => entry.path(),
                Err(error) => panic!("{}: {error}", directory.display()),
            })
            .collect()
    }
}
