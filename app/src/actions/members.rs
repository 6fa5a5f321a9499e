//! Members: letting people in, saying what they may do and where, and taking that back.

mod form;

use hozon_engine::Engine;
use hozon_model::{ClusterId, ErrorCode, Grant, NewUser, ProjectId, Role, Scope, User};
use leptos::prelude::*;

pub(crate) use form::{CLUSTERS, GrantForm};

use super::{finish, typed};
use crate::{
    error::AppResult,
    flash::{Done, Form},
    one_time_link, session,
    visit::Address,
};

/// The page of a member.
pub(crate) fn member_page(name: &str) -> Address {
    Address::below("/access/members", name)
}

/// Adds a member. Without a password a one-time link is made, too, and shown on the page that follows.
#[server(prefix = "/api", endpoint = "add_member")]
pub(crate) async fn add_member(
    name: String,
    #[server(default)] role: String,
    #[server(default)] place: String,
    #[server(default)] project: String,
    #[server(default)] clusters: Vec<String>,
    #[server(default)] password: Option<String>,
) -> AppResult<()> {
    let form = GrantForm {
        role,
        place,
        project,
        clusters,
    };
    let back = form.kept_in(Address::new("/access/members/new").with("name", &name));
    let password = password.filter(|password| !password.is_empty());
    match added(name, &form, password).await {
        // The member is there, whatever becomes of the link.
        Ok(user) => {
            let page = member_page(&user.name);
            let invited = invite(&user).await.map(|()| page.to_string());
            finish(Form::Link, Done::Member, invited, page)
        }
        Err(error) => finish(Form::Member, Done::Member, Err(error), back),
    }
}

async fn added(name: String, form: &GrantForm, password: Option<String>) -> AppResult<User> {
    let (engine, actor) = (session::engine(), session::actor().await?);
    let new = NewUser {
        grants: form.grants(&engine).await?,
        name,
        password,
    };
    Ok(engine.create_user(&actor, new).await?)
}

/// Who has no password gets in by a link alone.
async fn invite(user: &User) -> AppResult<()> {
    if user.has_password {
        return Ok(());
    }
    make_and_keep_link(&user.name).await
}

async fn make_and_keep_link(name: &str) -> AppResult<()> {
    let (engine, actor) = (session::engine(), session::actor().await?);
    let link = engine.one_time_link(&actor, name).await?;
    one_time_link::hand_over(name, &link);
    Ok(())
}

/// Makes a one-time link, which the page that follows shows.
#[server(prefix = "/api", endpoint = "make_link")]
pub(crate) async fn make_link(name: String) -> AppResult<()> {
    let page = member_page(&name);
    let made = make_and_keep_link(&name).await.map(|()| page.to_string());
    finish(Form::Link, Done::Link, made, page)
}

/// Gives a member one more role.
#[server(prefix = "/api", endpoint = "grant_role")]
pub(crate) async fn grant_role(
    name: String,
    #[server(default)] role: String,
    #[server(default)] place: String,
    #[server(default)] project: String,
    #[server(default)] clusters: Vec<String>,
) -> AppResult<()> {
    let form = GrantForm {
        role,
        place,
        project,
        clusters,
    };
    let page = member_page(&name);
    let back = form.kept_in(page.clone().with("dialog", "grant"));
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let mut grants = held(&engine, &name).await?;
        grants.extend(form.grants(&engine).await?);
        engine.set_user_grants(&actor, &name, grants).await?;
        Ok(page.to_string())
    };
    finish(Form::Grant, Done::Granted, outcome.await, back)
}

/// Takes one role from a member, as it was given: by identifiers of the project and its clusters.
#[server(prefix = "/api", endpoint = "revoke_role")]
pub(crate) async fn revoke_role(
    name: String,
    role: String,
    #[server(default)] project: Option<String>,
    #[server(default)] clusters: Vec<String>,
) -> AppResult<()> {
    let gone = Grant {
        role: Role::from(role),
        scope: typed(project).map(|project| Scope {
            project_id: ProjectId::new(project),
            cluster_ids: clusters.into_iter().map(ClusterId::new).collect(),
        }),
    };
    let page = member_page(&name);
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let mut grants = held(&engine, &name).await?;
        grants.retain(|grant| *grant != gone);
        engine.set_user_grants(&actor, &name, grants).await?;
        Ok(page.to_string())
    };
    finish(Form::Revoke, Done::Revoked, outcome.await, page.clone())
}

/// What a member has now. Whether there is one of that name is the engine's to say, after it asked for the right.
async fn held(engine: &Engine, name: &str) -> AppResult<Vec<Grant>> {
    match engine.user(name).await {
        Ok(user) => Ok(user.grants),
        Err(error) if error.code() == ErrorCode::UserNotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// Removes a member, with all sessions and links of theirs.
#[server(prefix = "/api", endpoint = "remove_member")]
pub(crate) async fn remove_member(name: String) -> AppResult<()> {
    let back = member_page(&name).with("dialog", "remove");
    let outcome = async {
        session::engine()
            .remove_user(&session::actor().await?, &name)
            .await?;
        Ok("/access/members".to_owned())
    };
    finish(Form::RemoveMember, Done::MemberRemoved, outcome.await, back)
}
