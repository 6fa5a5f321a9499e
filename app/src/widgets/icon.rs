//! Line icons on a grid of 16, one stroke weight. They never stand for a word: one is always beside them.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Alert,
    Archive,
    Arrow,
    Book,
    Check,
    ChevronLeft,
    ChevronRight,
    Clock,
    Cluster,
    Cross,
    Dots,
    Exit,
    Export,
    Folder,
    Globe,
    Jobs,
    Key,
    Ledger,
    Lines,
    Minus,
    Moon,
    Pause,
    Pen,
    People,
    Person,
    Play,
    Plus,
    Restore,
    Search,
    Seal,
    Sort,
    SortDown,
    SortUp,
    Trash,
    Turning,
}

impl Glyph {
    /// Its strokes, as the `d` of a path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 3.5v5.5M8 11.6v.9",
            Self::Archive => "M2.5 3h11v3.2h-11zM3.5 6.2V13h9V6.2M6.3 8.8h3.4",
            Self::Arrow => "M3 8h10M9 4l4 4-4 4",
            Self::Book => {
                "M8 4.200C6.500 3.200 4.500 2.800 2.500 2.800v9.400c2 0 4 .4 5.500 1.400 1.500-1 3.500-1.400 5.500-1.400V2.800c-2 0-4 .4-5.500 1.400zM8 4.200v9.400"
            }
            Self::Check => "M3 8.6l3.2 3.2L13 4.6",
            Self::ChevronLeft => "M10 3.5L5.5 8l4.5 4.5",
            Self::ChevronRight => "M6 3.5L10.5 8 6 12.5",
            Self::Clock => "M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.800V8l2.300 1.500",
            Self::Cluster => "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Dots => "M3.5 8h.01M8 8h.01M12.5 8h.01",
            Self::Exit => "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
            Self::Export => "M8 10V2.500M4.800 5.500L8 2.300l3.200 3.200M2.500 8.500v5h11v-5",
            Self::Folder => "M2.500 3.500h4l1.500 1.800h5.500v7.700h-11z",
            Self::Globe => {
                "M8 2a6 6 0 100 12A6 6 0 008 2zM2.2 8h11.6M8 2c3.2 3.4 3.2 8.6 0 12M8 2C4.800 5.400 4.800 10.600 8 14"
            }
            Self::Jobs => "M6 4h7.500M6 8h7.500M6 12h7.500M2.500 4h.8M2.500 8h.8M2.500 12h.8",
            Self::Key => {
                "M10.500 2.500a3 3 0 100 6 3 3 0 000-6zM8.400 7.600L3 13M4.800 11.200L6.500 12.900"
            }
            Self::Ledger => {
                "M3.500 2.500h9v11h-9zM5.800 5.500h4.400M5.800 8h4.400M5.800 10.500h2.200"
            }
            Self::Lines => "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
            Self::Minus => "M4 8h8",
            Self::Moon => "M13 9.600A5.500 5.500 0 016.400 3 5.500 5.500 0 1013 9.600z",
            Self::Pause => "M5.500 3.500v9M10.500 3.500v9",
            Self::Pen => "M3 13l.6-2.600L10.800 3.200l2 2-7.200 7.200zM9.300 4.700l2 2",
            Self::People => {
                "M6 3a2.300 2.300 0 100 4.600A2.300 2.300 0 006 3zM1.800 12.800c.4-2.300 2-3.600 4.200-3.600s3.800 1.300 4.200 3.600M10.600 3.300a2.200 2.200 0 010 4M11.800 9.500c1.400.500 2.200 1.700 2.400 3.300"
            }
            Self::Person => {
                "M8 2.500a2.700 2.700 0 100 5.400 2.700 2.700 0 000-5.400zM2.800 13.500c.6-2.600 2.600-4 5.200-4s4.600 1.400 5.200 4"
            }
            Self::Play => "M5 3.200l7 4.800-7 4.800z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Restore => {
                "M3 3v3.500h3.500M3.300 6.300A5.200 5.200 0 112.900 9.500M8 5.500V8l1.800 1.400"
            }
            Self::Search => "M7 2.500a4.500 4.500 0 100 9 4.500 4.500 0 000-9zM10.400 10.400L14 14",
            Self::Seal => {
                "M8 1.800l1.700 1.200 2.100-.1.600 2 1.700 1.200-.7 2 .7 2-1.700 1.200-.6 2-2.100-.1L8 14.400l-1.700-1.200-2.100.1-.6-2-1.700-1.200.7-2-.7-2 1.700-1.200.6-2 2.100.1zM5.700 8.200l1.700 1.700 3-3.400"
            }
            Self::Sort => "M5 6.500L8 3.500l3 3M5 9.500l3 3 3-3",
            Self::SortDown => "M8 3.500v9M4.500 9L8 12.500 11.500 9",
            Self::SortUp => "M8 12.500v-9M4.500 7L8 3.500 11.500 7",
            Self::Trash => {
                "M2.800 4.300h10.400M6 4.300V2.600h4v1.700M4.200 4.300l.6 9.100h6.400l.6-9.100M6.700 7v4M9.300 7v4"
            }
            Self::Turning => "M8 2.5A5.5 5.5 0 1 0 13.5 8",
        }
    }
}

/// A line icon.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    let class = if glyph == Glyph::Turning {
        "icon turning"
    } else {
        "icon"
    };
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <path d=glyph.path() />
        </svg>
    }
}
