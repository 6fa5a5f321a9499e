//! Signing in by an identity provider: whoever it vouches for becomes a user here, or is one already.
//!
//! What names a person is the provider's issuer and subject, which it never gives to anybody else. Names are not: a
//! person is bound to the user of their name once, and only where nobody else can lose anything by it.

use hozon_model::{Grant, User};
use jiff::Timestamp;

use super::{Secret, actor, sign_in::NOBODY};
use crate::{Engine, Error, ErrorCode, Result, access::checked_name, audit::Change};

/// Who the audit says made or changed somebody whom a provider vouches for.
const PROVIDER: &str = "(identity provider)";

/// Somebody whom a provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvidedIdentity {
    /// The provider, by its address.
    pub issuer: String,
    /// What the provider never gives to anybody else.
    pub subject: String,
    /// What they are called there.
    pub name: String,
    /// All that they may do, where what the provider says of them decides that; none leaves what was given here.
    pub grants: Option<Vec<Grant>>,
}

impl Engine {
    /// Signs somebody in whom a provider vouches for. Whoever comes for the first time is bound to the user of their
    /// name, unless that one has a password or owns the organization; where there is none, one is made if
    /// `let_in_unknown`.
    ///
    /// # Errors
    /// `IdentityRefused` for somebody who is not known and not let in, and for who would be the first user without being
    /// an owner; `RoleNotFound` and its like for grants that do not fit.
    pub async fn sign_in_by_provider(
        &self,
        identity: &ProvidedIdentity,
        let_in_unknown: bool,
        origin: &str,
    ) -> Result<(User, Secret)> {
        let known = self
            .catalog()
            .identity(&identity.issuer, &identity.subject)
            .await?;
        let outcome = self
            .try_provided(known.as_deref(), identity, let_in_unknown, origin)
            .await;
        let name = match &outcome {
            Ok((user, _)) => user.name.clone(),
            Err(_) => known.unwrap_or_else(|| NOBODY.to_owned()),
        };
        self.audit(&actor(&name, origin), "session.begin", &name, &outcome)
            .await?;
        outcome
    }

    async fn try_provided(
        &self,
        known: Option<&str>,
        identity: &ProvidedIdentity,
        let_in_unknown: bool,
        origin: &str,
    ) -> Result<(User, Secret)> {
        let user = match known {
            Some(name) => self.known_user(name).await?,
            None => self.bind(identity, let_in_unknown, origin).await?,
        };
        if let Some(grants) = &identity.grants {
            self.follow(&user, grants, origin).await?;
        }
        self.begin_session(&user.name, origin).await
    }

    /// Somebody comes for the first time.
    async fn bind(
        &self,
        identity: &ProvidedIdentity,
        let_in_unknown: bool,
        origin: &str,
    ) -> Result<User> {
        let provider = actor(PROVIDER, origin);
        let name = checked_name(&identity.name)
            .map_err(|error| refused(&identity.name, &error.report().detail))?;
        let user = match self.catalog().user(name).await? {
            Some((user, hash)) if hash.is_some() || user.grants.contains(&Grant::owner()) => {
                return Err(refused(
                    name,
                    "a user of this name has a password, or owns the organization",
                ));
            }
            Some((user, _)) => user,
            None if let_in_unknown => {
                self.refuse_without_owner(identity).await?;
                let user = User {
                    name: name.to_owned(),
                    grants: Vec::new(),
                    created_at: Timestamp::now(),
                    has_password: false,
                    has_totp: false,
                    has_identity: false,
                };
                let added = self.catalog().add_user(&user, None).await;
                let made = added.map(|()| user);
                let change = Change::made(made.as_ref().ok());
                self.audit_change(&provider, "user.add", name, change, &made)
                    .await?;
                made?
            }
            None => return Err(refused(name, "no user of this name was added here")),
        };
        let bound = self
            .catalog()
            .bind_identity(
                &identity.issuer,
                &identity.subject,
                &user.name,
                Timestamp::now(),
            )
            .await;
        self.audit(&provider, "user.bind", &user.name, &bound)
            .await?;
        bound.map(|()| user)
    }

    /// Whoever comes first owns the organization: nobody else could ever give a right to anybody.
    async fn refuse_without_owner(&self, identity: &ProvidedIdentity) -> Result<()> {
        let owner = identity
            .grants
            .as_ref()
            .is_some_and(|grants| grants.contains(&Grant::owner()));
        if owner || self.is_set_up().await? {
            return Ok(());
        }
        Err(refused(&identity.name, "nobody owns the organization yet")
            .hint("open the link that `hozon serve` printed, and set the console up first"))
    }

    /// Makes what a user may do what the provider's word gives them. Somebody always owns the organization: the last
    /// owner stays one.
    async fn follow(&self, user: &User, grants: &[Grant], origin: &str) -> Result<()> {
        if user.grants == grants {
            return Ok(());
        }
        let set = match self.checked_grants(grants.to_vec()).await {
            Ok(grants) => self
                .catalog()
                .set_grants(&user.name, &grants)
                .await
                .map(|()| User {
                    grants,
                    ..user.clone()
                }),
            Err(error) => Err(error),
        };
        let change = Change::from(Some(user)).to(&set);
        let provider = actor(PROVIDER, origin);
        self.audit_change(&provider, "user.grant", &user.name, change, &set)
            .await?;
        match set {
            Err(error) if error.code() == ErrorCode::LastOwner => {
                tracing::warn!(user = user.name, "the last owner keeps the organization");
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }
}

fn refused(name: &str, why: &str) -> Error {
    Error::new(ErrorCode::IdentityRefused, name)
        .because(why)
        .hint("ask an owner of the organization to add a user of this name, without a password")
}
