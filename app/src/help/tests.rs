//! Every guide says the same in every language, and what it points to is there.

use std::{collections::BTreeSet, path::Path};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::{Guide, index, is_help, locale_of, pictures, render, translated};
use crate::text::{LOCALES, Locale, tag};

/// What must not differ between languages.
#[derive(Debug, Default, PartialEq, Eq)]
struct Bones {
    headings: Vec<(HeadingLevel, Option<String>)>,
    code: Vec<(String, String)>,
    links: BTreeSet<String>,
    pictures: Vec<String>,
    cells: usize,
}

fn bones(guide: Guide, locale: Locale) -> Bones {
    let mut bones = Bones::default();
    let mut code = None;
    for event in render::parser(guide.source(locale)) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                bones
                    .headings
                    .push((level, id.map(pulldown_cmark::CowStr::into_string)));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                code = Some((language.into_string(), String::new()));
            }
            Event::End(TagEnd::CodeBlock) => bones.code.extend(code.take()),
            Event::Text(text) => {
                if let Some((_, block)) = &mut code {
                    block.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                bones.links.insert(dest_url.into_string());
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let name = dest_url.replace(&format!("/help/{}/", tag(locale)), "/help/…/");
                bones.pictures.push(name);
            }
            Event::End(TagEnd::TableCell) => bones.cells += 1,
            Event::Html(text) | Event::InlineHtml(text) => {
                panic!("{} in {} has HTML: {text}", guide.slug(), tag(locale))
            }
            _ => {}
        }
    }
    bones
}

fn each(check: impl Fn(Guide, Locale)) {
    for guide in Guide::ALL {
        for locale in LOCALES {
            check(*guide, locale);
        }
    }
}

#[test]
fn a_guide_is_built_alike_in_every_language() {
    each(|guide, locale| {
        let (here, english) = (bones(guide, locale), bones(guide, Locale::en));
        assert_eq!(here, english, "{} in {}", guide.slug(), tag(locale));
        let (first, others) = here.headings.split_first().expect("a guide has a title");
        assert_eq!(*first, (HeadingLevel::H1, None));
        let ids: BTreeSet<_> = others
            .iter()
            .map(|(level, id)| {
                assert_ne!(*level, HeadingLevel::H1, "{} has two titles", guide.slug());
                id.as_ref().expect("every heading has an anchor")
            })
            .collect();
        assert_eq!(
            ids.len(),
            others.len(),
            "{} has an anchor twice",
            guide.slug()
        );
    });
}

#[test]
fn a_guide_has_a_title_a_line_and_parts() {
    each(|guide, locale| {
        let written = guide.read(locale);
        for text in [&written.title, &written.about, &written.html] {
            assert!(
                !text.trim().is_empty(),
                "{} in {}",
                guide.slug(),
                tag(locale)
            );
        }
        assert!(written.title.chars().count() < 40 && written.about.chars().count() < 140);
        assert!(written.parts.len() > 1);
        // Emphasis beside full-width punctuation may not close; then its marks are shown.
        assert!(
            !written.html.contains("**"),
            "{} in {}: {}",
            guide.slug(),
            tag(locale),
            written.html
        );
    });
}

#[test]
fn links_between_guides_lead_somewhere() {
    each(|guide, locale| {
        let what = format!("{} in {}", guide.slug(), tag(locale));
        let known = |guide: Guide, anchor: &str| {
            guide
                .read(locale)
                .html
                .contains(&format!("id=\"{anchor}\""))
        };
        for link in bones(guide, locale).links {
            let (target, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match target.strip_suffix(".md") {
                Some(slug) => Guide::named(slug).unwrap_or_else(|| panic!("{what}: {link}")),
                None if target.is_empty() => guide,
                None => {
                    // Pages of the console are visited by the browser tests.
                    assert!(
                        target.starts_with('/') || target.starts_with("https://"),
                        "{what}: {link}"
                    );
                    continue;
                }
            };
            assert!(anchor.is_empty() || known(target, anchor), "{what}: {link}");
        }
    });
}

/// Each picture of a guide, as it is served, with what it is said to show.
fn shown(guide: Guide, locale: Locale) -> Vec<(String, String)> {
    let what = format!("{} in {}", guide.slug(), tag(locale));
    let events: Vec<_> = render::parser(guide.source(locale)).collect();
    let mut found = Vec::new();
    for (at, event) in events.iter().enumerate() {
        if let Event::Start(Tag::Image { dest_url, .. }) = event {
            // Alone in its paragraph, so that nothing else goes where it is not there.
            let [
                Event::Start(Tag::Paragraph),
                _,
                Event::Text(words),
                Event::End(TagEnd::Image),
                Event::End(TagEnd::Paragraph),
            ] = &events[at - 1..at + 4]
            else {
                panic!("{what}: {dest_url} is not alone, or says nothing");
            };
            found.push((render::picture(dest_url), words.to_string()));
        }
    }
    found
}

#[test]
fn pictures_are_of_their_guide_and_say_what_they_show_in_its_language() {
    let is_kana = |c: char| matches!(c, '\u{3041}'..='\u{30ff}');
    let is_han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    each(|guide, locale| {
        let pictures = shown(guide, locale);
        assert!(pictures.len() < 2, "{} in {}", guide.slug(), tag(locale));
        for (served, words) in pictures {
            assert_eq!(
                served,
                format!("/help/{}/{}.webp", tag(locale), guide.slug())
            );
            let (kana, han) = (words.contains(is_kana), words.contains(is_han));
            let right = match locale {
                Locale::en => words.is_ascii(),
                Locale::ja => kana && han,
                Locale::zh => han && !kana,
            };
            assert!(
                right && (10..120).contains(&words.chars().count()),
                "{served}: {words}"
            );
        }
    });
}

#[test]
fn pictures_are_taken_all_or_none() {
    let mut named = BTreeSet::new();
    for guide in Guide::ALL {
        for locale in LOCALES {
            for (served, words) in shown(*guide, locale) {
                let image = format!("<img src=\"{served}\" alt=\"{words}\" />");
                let html = &guide.read(locale).html;
                let is_taken = pictures::TAKEN.contains(&&*served);
                assert_eq!(html.contains(&image), is_taken, "{served}");
                assert_eq!(html.contains("<img"), is_taken, "{served}");
                named.insert(served);
            }
        }
    }
    let taken: BTreeSet<String> = pictures::TAKEN
        .iter()
        .map(|one| (*one).to_owned())
        .collect();
    assert!(
        taken.is_empty() || taken == named,
        "take them anew: docs/CONTRIBUTING.md says how; {:?}",
        taken.symmetric_difference(&named).collect::<Vec<_>>()
    );
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    for served in taken {
        let file = public.join(served.trim_start_matches('/'));
        let bytes = std::fs::read(&file).expect("a picture");
        assert!(
            bytes.starts_with(b"RIFF") && bytes[8..].starts_with(b"WEBP"),
            "{served}"
        );
    }
}

#[test]
fn a_picture_that_was_not_taken_is_not_shown() {
    let source = "# T\n\nAbout.\n\n## One {#one}\n\n![The first](../../../public/help/en/one.webp)\n\nText.\n\n\
                  ![The second](../../../public/help/en/two.webp)\n";
    let written = render::written(source, Locale::en, &["/help/en/two.webp"]);
    assert!(
        !written.html.contains("first") && !written.html.contains("one.webp"),
        "{}",
        written.html
    );
    let second = "<p><img src=\"/help/en/two.webp\" alt=\"The second\" /></p>";
    assert!(
        written.html.contains("<p>Text.</p>") && written.html.contains(second),
        "{}",
        written.html
    );
    assert_eq!(written.html.matches("<p>").count(), 2);
}

#[test]
fn what_is_set_in_bold_stands_on_the_screen() {
    for locale in LOCALES {
        let path = format!(
            "{}/locales/{}.json",
            env!("CARGO_MANIFEST_DIR"),
            tag(locale)
        );
        let words: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
        let words: BTreeSet<&str> = words
            .as_object()
            .expect("sections")
            .values()
            .filter_map(|section| section.as_object())
            .flat_map(|section| section.values())
            .filter_map(|word| word.as_str())
            .collect();
        for guide in Guide::ALL {
            let mut bold = None;
            for event in render::parser(guide.source(locale)) {
                match event {
                    Event::Start(Tag::Strong) => bold = Some(String::new()),
                    Event::End(TagEnd::Strong) => {
                        let text = bold.take().expect("it began");
                        assert!(
                            words.contains(&*text),
                            "{} in {}: {text}",
                            guide.slug(),
                            tag(locale)
                        );
                    }
                    Event::Text(text) => {
                        if let Some(bold) = &mut bold {
                            bold.push_str(&text);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn no_guide_is_left_out_of_the_directory_or_of_the_code() {
    for locale in LOCALES {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("help")
            .join(tag(locale));
        let files: BTreeSet<String> = std::fs::read_dir(directory)
            .expect("a directory")
            .map(|file| {
                file.expect("a file")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        let known: BTreeSet<String> = Guide::ALL
            .iter()
            .map(|guide| format!("{}.md", guide.slug()))
            .collect();
        assert_eq!(files, known, "{}", tag(locale));
    }
}

#[test]
fn html_in_a_guide_is_shown_and_not_obeyed() {
    let written = render::written(
        "# T\n\nAbout <b>it</b>\n\nA <script>alert(1)</script> and [a guide](create.md#console)\n\n<p onclick=x>\n\n> [!WARNING]\n> So.\n",
        Locale::ja,
        &[],
    );
    assert!(
        !written.html.contains("<script") && !written.html.contains("<p onclick"),
        "{}",
        written.html
    );
    assert!(written.html.contains("&lt;script&gt;"), "{}", written.html);
    assert!(
        written.html.contains("href=\"/ja/help/create#console\""),
        "{}",
        written.html
    );
    assert!(
        written.html.contains("role=\"note\"") && written.html.contains("注意"),
        "{}",
        written.html
    );
    assert_eq!(written.about, "About it");
}

#[test]
fn the_address_says_the_language() {
    assert_eq!(locale_of("/ja/help/create"), Some(Locale::ja));
    assert_eq!(locale_of("/zh/help"), Some(Locale::zh));
    for elsewhere in [
        "/help",
        "/ja",
        "/ja/helper",
        "/de/help",
        "/backups",
        "/ja/x/help",
        "/",
    ] {
        assert_eq!(locale_of(elsewhere), None, "{elsewhere}");
        assert_eq!(translated(elsewhere, Locale::zh), elsewhere);
    }
    assert_eq!(
        translated("/ja/help/create?x=/en/help#console", Locale::zh),
        "/zh/help/create?x=/en/help#console"
    );
    assert_eq!(translated("/en/help", Locale::ja), index(Locale::ja));
    for open in ["/help", "/help/create", "/en/help", "/zh/help/create"] {
        assert!(is_help(open), "{open}");
    }
    for closed in ["/helper", "/en/helper", "/en/backups", "/fr/help", "/"] {
        assert!(!is_help(closed), "{closed}");
    }
}
