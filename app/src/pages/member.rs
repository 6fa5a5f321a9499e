//! One member: what they may do and where, how they get in, and where they are signed in.

pub(crate) mod grants;
pub(crate) mod remove;
mod sessions;
pub(crate) mod two_steps;

use hozon_engine::access::Acts;
use hozon_model::{Action, CustomRole, Place, Privilege, Resource, Session, User};
use leptos::{prelude::*, server_fn::ServerFn};

use self::{grants::Grants, sessions::Sessions};
use super::{
    access::{AccessTab, AccessTabs, opened, places::Places},
    members::signs_in,
};
use crate::{
    actions::{MakeLink, member_page},
    error::AppResult,
    help::Guide,
    layout::{Page, Section},
    one_time_link, session,
    text::say,
    visit::{Address, Visit},
    widgets::{Button, ButtonLink, CopyableId, Fact, Facts, Glyph, Look, When, Withheld},
};

/// The links that open the dialogs, and have the focus again when these are left.
const OPEN_GRANT: &str = "open-grant";
const OPEN_REMOVE: &str = "open-remove";
const OPEN_TWO_STEPS: &str = "open-two-steps";

/// Everything that the page tells. Nothing prints it: it may hold the secret of a link.
pub(crate) struct Told {
    pub user: User,
    pub places: Places,
    /// The roles made here.
    pub roles: Vec<CustomRole>,
    pub sessions: Vec<Session>,
    /// The link that was just made, whole.
    pub link: Option<String>,
    /// Whether whoever looks is this member.
    pub own: bool,
    pub may_edit: bool,
    pub may_delete: bool,
}

impl Told {
    fn here(&self) -> Address {
        member_page(&self.user.name)
    }

    /// One's own second step takes a code to be switched off, under Sessions.
    fn may_end_two_steps(&self) -> bool {
        self.user.has_totp && self.may_edit && !self.own
    }
}

/// One member.
#[component]
pub(crate) fn MemberPage() -> impl IntoView {
    opened(AccessTab::Members, shown(super::part("name")))
}

/// The page of the member of that name, with the dialog that the address asks for.
pub(super) async fn shown(name: String) -> AppResult<AnyView> {
    let (engine, caller) = (session::engine(), session::actor().await?);
    caller.check(
        Privilege::new(Resource::User, Action::View),
        &Place::Organization,
    )?;
    let user = engine.user(&name).await?;
    let [may_edit, may_delete] = [Action::Edit, Action::Delete]
        .map(|action| caller.may(Resource::User, action, &Place::Organization));
    let told = Told {
        places: Places::seen(&engine, &caller).await?,
        roles: engine.roles().await?,
        sessions: engine.sessions(&caller, Some(&user.name)).await?,
        link: one_time_link::take(&user.name),
        own: caller.actor().name == user.name,
        user,
        may_edit,
        may_delete,
    };
    let query = Visit::current().address.query;
    let dialog = match query.get("dialog") {
        Some("grant") if may_edit => Some(grants::dialog(&told, &query)),
        Some("remove") if may_delete => Some(remove::dialog(&told)),
        Some("two-steps") if told.may_end_two_steps() => Some(two_steps::dialog(&told)),
        _ => None,
    };
    Ok(page(told, dialog))
}

/// The page for what is known of a member.
pub(crate) fn page(told: Told, dialog: Option<AnyView>) -> AnyView {
    let (name, here) = (told.user.name.clone(), told.here());
    let remove = if told.may_delete {
        let href = here.clone().with("dialog", "remove").to_string();
        view! { <ButtonLink id=OPEN_REMOVE look=Look::Quiet glyph=Glyph::Trash href label=say!(members.remove) /> }
            .into_any()
    } else {
        let privilege = Privilege::new(Resource::User, Action::Delete);
        view! { <Withheld glyph=Glyph::Trash label=say!(members.remove) missing=privilege /> }
            .into_any()
    };
    let make_link = if told.may_edit {
        view! {
            <form method="post" action=MakeLink::url()>
                <input type="hidden" name="name" value=name.clone() />
                <Button label=say!(members.link_make) />
            </form>
        }
        .into_any()
    } else {
        let privilege = Privilege::new(Resource::User, Action::Edit);
        view! { <Withheld label=say!(members.link_make) missing=privilege /> }.into_any()
    };
    let two_steps = if told.may_end_two_steps() {
        let href = here.clone().with("dialog", "two-steps").to_string();
        Some(
            view! { <ButtonLink id=OPEN_TWO_STEPS look=Look::Quiet href label=say!(two_steps.member_off) /> }
                .into_any(),
        )
    } else {
        (told.user.has_totp && !told.own).then(|| {
            let privilege = Privilege::new(Resource::User, Action::Edit);
            view! { <Withheld label=say!(two_steps.member_off) missing=privilege /> }.into_any()
        })
    };
    let badge = told
        .own
        .then(|| view! { <span class="tag">{say!(members.you)}</span> });
    let (signs_in, added) = (signs_in(&told.user), told.user.created_at);
    let link = told
        .link
        .map(|link| view! { <Link user=name.clone() link /> });
    view! {
        <Page
            section=Section::Access
            title=name.clone() help=Guide::Access
            crumbs=vec![("/access/members".to_owned(), say!(access.members).to_owned())]
            badge=badge.into_any()
            action=(remove, two_steps, make_link).into_any()
            dialog
        >
            <AccessTabs current=AccessTab::Members />
            {link}
            <Facts>
                <Fact name=say!(members.signs_in)>{signs_in}</Fact>
                <Fact name=say!(members.added)><When at=added exact=true /></Fact>
            </Facts>
            <Grants user=told.user places=told.places here may_edit=told.may_edit />
            <Sessions user=name sessions=told.sessions />
        </Page>
    }
    .into_any()
}

/// A link that was just made. It is not shown a second time.
#[component]
fn Link(user: String, link: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="link-title">
            <h2 id="link-title">{say!(members.link_title)}</h2>
            <p>{say!(members.link_about, name = user).to_string()}</p>
            <CopyableId id=link />
        </section>
    }
}
