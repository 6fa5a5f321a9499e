//! From Markdown to HTML. Only what Markdown itself says becomes markup; HTML in a guide is shown as text.
//!
//! On disk guides name each other and their pictures by relative paths, so that they also work where the files are
//! browsed. Here these become addresses of the console.

use pulldown_cmark::{
    BlockQuoteKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};

use super::index;
use crate::{
    text::{Locale, say_in},
    widgets::Glyph,
};

/// From a guide's directory to the files that the console serves.
const PUBLIC: &str = "../../../public/";

/// A guide, ready to be shown.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// Its title.
    pub title: String,
    /// What it is about, in a line.
    pub about: String,
    /// Its parts, for a table of contents.
    pub parts: Vec<Heading>,
    /// All below title and first line, as HTML.
    pub html: String,
}

/// The heading of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// Its anchor, the same in every language.
    pub id: String,
    /// Its words.
    pub title: String,
}

/// What a Markdown file may use.
pub(super) fn parser(source: &str) -> Parser<'_> {
    Parser::new_ext(
        source,
        Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_GFM,
    )
}

/// Reads a guide: its title, its first paragraph, and the rest, with those pictures that were taken.
pub(super) fn written(source: &str, locale: Locale, taken: &[&str]) -> Written {
    let mut events = parser(source);
    let mut text_until = |end: TagEnd| -> String {
        events
            .by_ref()
            .take_while(|event| *event != Event::End(end))
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.into_string()),
                Event::SoftBreak => Some(" ".to_owned()),
                _ => None,
            })
            .collect()
    };
    let title = text_until(TagEnd::Heading(HeadingLevel::H1));
    let about = text_until(TagEnd::Paragraph);
    let rest = without_missing(events, taken);
    let parts = headings(&rest);
    let mut body = String::with_capacity(source.len() * 2);
    html::push_html(
        &mut body,
        rest.into_iter().flat_map(|event| shown(event, locale)),
    );
    Written {
        title,
        about,
        parts,
        html: body,
    }
}

/// Leaves out the pictures that were not taken. Each stands in a paragraph of its own, which goes with it.
fn without_missing<'a>(events: Parser<'a>, taken: &[&str]) -> Vec<Event<'a>> {
    let mut kept = Vec::new();
    let mut events = events.peekable();
    while let Some(event) = events.next() {
        let is_missing = event == Event::Start(Tag::Paragraph)
            && events.peek().is_some_and(|next| match next {
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let served = picture(dest_url);
                    taken.iter().all(|one| *one != served)
                }
                _ => false,
            });
        if is_missing {
            let end = Event::End(TagEnd::Paragraph);
            events.by_ref().find(|event| *event == end);
        } else {
            kept.push(event);
        }
    }
    kept
}

/// The headings one step below the title.
fn headings(events: &[Event<'_>]) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut inside = false;
    for event in events {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                id,
                ..
            }) => {
                inside = true;
                let id = id.as_deref().unwrap_or_default().to_owned();
                let title = String::new();
                found.push(Heading { id, title });
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => {
                if let Some(heading) = found.last_mut() {
                    heading.title.push_str(text);
                }
            }
            _ => {}
        }
    }
    found
}

/// What stands in the page for an event.
fn shown(event: Event<'_>, locale: Locale) -> Vec<Event<'_>> {
    let markup = |text: &'static str| Event::Html(CowStr::Borrowed(text));
    match event {
        Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => vec![Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: if link_type == LinkType::Email {
                format!("mailto:{dest_url}").into()
            } else {
                address(&dest_url, locale).into()
            },
            title,
            id,
        })],
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => vec![Event::Start(Tag::Image {
            link_type,
            dest_url: picture(&dest_url).into(),
            title,
            id,
        })],
        Event::Start(Tag::Table(columns)) => vec![
            markup("<div class=\"table-frame\">"),
            Event::Start(Tag::Table(columns)),
        ],
        Event::End(TagEnd::Table) => vec![Event::End(TagEnd::Table), markup("</div>")],
        Event::Start(Tag::BlockQuote(Some(kind))) => vec![Event::Html(remark(kind, locale).into())],
        Event::End(TagEnd::BlockQuote(Some(_))) => vec![markup("</div>")],
        other => vec![other],
    }
}

/// Where a link leads: guides are named by their files.
fn address(destination: &str, locale: Locale) -> String {
    match destination.split_once(".md") {
        Some((guide, anchor)) if !guide.contains(['/', ':']) => {
            format!("{}/{guide}{anchor}", index(locale))
        }
        _ => destination.to_owned(),
    }
}

/// Where a picture is served.
pub(super) fn picture(destination: &str) -> String {
    destination
        .strip_prefix(PUBLIC)
        .map_or_else(|| destination.to_owned(), |path| format!("/{path}"))
}

/// The beginning of a remark: its icon and its word.
fn remark(kind: BlockQuoteKind, locale: Locale) -> String {
    let (class, word) = match kind {
        BlockQuoteKind::Warning | BlockQuoteKind::Caution => {
            ("remark warning", say_in!(locale, help.warning))
        }
        BlockQuoteKind::Note | BlockQuoteKind::Tip | BlockQuoteKind::Important => {
            ("remark", say_in!(locale, help.note))
        }
    };
    let icon = Glyph::Alert.path();
    format!(
        "<div class=\"{class}\" role=\"note\"><p class=\"remark-word\">\
         <svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"{icon}\"/></svg>{word}</p>"
    )
}
