//! The console's widgets, each made once: native elements, named by words, usable with no script.

mod badge;
mod button;
mod copyable;
mod dialog;
mod empty;
mod facts;
mod field;
mod help;
mod icon;
mod mark;
mod menu;
mod pager;
mod problem;
mod qr;
mod seal;
mod table;
mod tabs;
mod time;
mod toast;
mod withheld;

pub(crate) use badge::{
    BackupBadge, ChainBadge, CheckBadge, ExpiredBadge, HereBadge, JobBadge, OutcomeBadge,
    PolicyBadge, TwoStepsBadge,
};
pub(crate) use button::{Button, ButtonLink, Look};
pub(crate) use copyable::{Command, CopyableId};
pub(crate) use dialog::{Dialog, DialogButtons};
pub(crate) use empty::{Drawing, Empty};
pub(crate) use facts::{Fact, Facts};
pub(crate) use field::{Choice, Choices, Field, FileText, Input, Select};
pub(crate) use help::HelpLink;
pub(crate) use icon::{Glyph, Icon};
pub(crate) use mark::WordMark;
pub(crate) use menu::{Menu, MenuLink};
pub(crate) use pager::Pager;
pub(crate) use problem::{Alert, Problem};
pub(crate) use qr::Qr;
pub(crate) use seal::Seal;
pub(crate) use table::{Column, Filter, SortHeader, Table};
pub(crate) use tabs::{Tab, Tabs};
pub(crate) use time::{At, When};
pub(crate) use toast::Toast;
pub(crate) use withheld::{GuardedLink, Missing, Withheld};
