//! Who is signed in, and ending that.

use hozon_model::{Action, Place, Resource, Session};
use jiff::Timestamp;

use super::{Acts, ask};
use crate::{Engine, Error, ErrorCode, Result, accounts::Secret, catalog::Ticket};

/// So much of a session's hash names it.
const ID_LENGTH: usize = 16;

/// What names the session of a secret, in lists.
pub fn session_id(secret: &Secret) -> String {
    named(secret.hash())
}

impl Engine {
    /// Every session, newest first; of one user where one is named.
    ///
    /// # Errors
    /// `PermissionDenied` for those of somebody else.
    pub async fn sessions(&self, by: &dyn Acts, user: Option<&str>) -> Result<Vec<Session>> {
        if user != Some(&by.actor().name) {
            ask(by, Resource::User, Action::View, &Place::Organization)?;
        }
        let tickets = self.catalog().sessions(Timestamp::now()).await?;
        let wanted = |ticket: &Ticket| user.is_none_or(|user| ticket.user == user);
        Ok(tickets.into_iter().filter(wanted).map(session).collect())
    }

    /// Ends a session, one's own or somebody else's.
    ///
    /// # Errors
    /// `SessionNotFound`, `PermissionDenied`.
    pub async fn end_session(&self, by: &dyn Acts, id: &str) -> Result<Session> {
        let ended = self.try_end_session(by, id).await;
        self.audit(by.actor(), "session.revoke", id, &ended).await?;
        ended
    }

    /// Ends all sessions of whoever asks but the one with this secret.
    ///
    /// # Errors
    /// Where the catalog does not answer.
    pub async fn end_other_sessions(&self, by: &dyn Acts, session: &Secret) -> Result<()> {
        let user = &by.actor().name;
        let ended = self
            .catalog()
            .end_sessions(user, Some(session.hash().as_str()))
            .await;
        self.audit(by.actor(), "session.clear", user, &ended)
            .await?;
        ended
    }

    async fn try_end_session(&self, by: &dyn Acts, id: &str) -> Result<Session> {
        let tickets = self.catalog().sessions(Timestamp::now()).await?;
        let found = tickets
            .into_iter()
            .find(|ticket| id.len() == ID_LENGTH && ticket.hash.starts_with(id))
            .ok_or_else(|| {
                Error::new(ErrorCode::SessionNotFound, id)
                    .hint("run `hozon user sessions` to see who is signed in")
            })?;
        if found.user != by.actor().name {
            ask(by, Resource::User, Action::Edit, &Place::Organization)?;
        }
        self.catalog().take_ticket(&found.hash).await?;
        Ok(session(found))
    }
}

fn session(ticket: Ticket) -> Session {
    Session {
        id: named(ticket.hash),
        user: ticket.user,
        created_at: ticket.created_at,
        expires_at: ticket.expires_at,
        origin: ticket.origin,
    }
}

fn named(mut hash: String) -> String {
    hash.truncate(ID_LENGTH);
    hash
}
