//! `hozon user …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hozon_model::{NewUser, Project, Session, User};

use super::{
    Context,
    exit::Failure,
    grants::{self, Grants},
    table::{Align, Table, facts},
    words,
};
use crate::config::read_secret;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a user
    Add(Add),
    /// List the users
    List,
    /// Show one user
    Show(One),
    /// Set what a user may do, in place of what they may do now
    Grant(Grant),
    /// Remove a user, with all sessions and links of theirs
    Remove(One),
    /// The code that may follow a user's password
    Totp {
        #[command(subcommand)]
        command: Totp,
    },
    /// List who is signed in
    Sessions {
        /// Only this user
        #[arg(long)]
        user: Option<String>,
    },
    /// End a session
    EndSession {
        /// Identifier of the session
        session: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Totp {
    /// Switch off two-step sign-in of a user who lost phone and recovery codes
    Off(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name of the user
    user: String,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name to sign in with
    user: String,
    #[command(flatten)]
    grants: Grants,
    /// File that holds a password, 12 characters at least; without one only `hozon admin link` signs in
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Grant {
    /// Name of the user
    user: String,
    #[command(flatten)]
    grants: Grants,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Add(add) => {
            // Somebody always owns the organization.
            engine.ensure_administrator(None).await?;
            let new = NewUser {
                grants: add.grants.resolve(engine).await?,
                name: add.user,
                password: add.password_file.as_deref().map(read_secret).transpose()?,
            };
            let user = engine.create_user(actor, new).await?;
            output.answer(&user, |user| format!("Made user `{}`", user.name))?;
            if !user.has_password {
                output.hint(&format!(
                    "let them in with `hozon admin link --user {}`",
                    user.name
                ));
            }
            Ok(())
        }
        Command::List => {
            let (users, projects) = (engine.users().await?, engine.projects().await?);
            output.answer(&users, |users| list(users, &projects))
        }
        Command::Show(One { user }) => {
            let (user, projects) = (engine.user(&user).await?, engine.projects().await?);
            output.answer(&user, |user| show(user, &projects))
        }
        Command::Grant(Grant { user, grants }) => {
            let grants = grants.resolve(engine).await?;
            let projects = engine.projects().await?;
            let user = engine.set_user_grants(actor, &user, grants).await?;
            output.answer(&user, |user| show(user, &projects))
        }
        Command::Remove(One { user }) => {
            engine.remove_user(actor, &user).await?;
            output.answer(&serde_json::json!({ "user": user }), |_| {
                format!("Removed user `{user}`")
            })
        }
        Command::Totp {
            command: Totp::Off(One { user }),
        } => {
            engine.remove_totp(actor, &user).await?;
            output.answer(&serde_json::json!({ "user": user }), |_| {
                format!("Switched off two-step sign-in of user `{user}`")
            })
        }
        Command::Sessions { user } => {
            let sessions = engine.sessions(actor, user.as_deref()).await?;
            output.answer(&sessions, self::sessions)?;
            if sessions.is_empty() {
                output.note("Nobody is signed in");
            }
            Ok(())
        }
        Command::EndSession { session } => {
            let session = engine.end_session(actor, &session).await?;
            output.answer(&session, |session| {
                format!("Ended a session of `{}`", session.user)
            })
        }
    }
}

fn list(users: &Vec<User>, projects: &[Project]) -> String {
    let mut table = Table::new([
        ("Name", Align::Left),
        ("Roles", Align::Left),
        ("Password", Align::Left),
        ("Made", Align::Left),
    ]);
    for user in users {
        table.row([
            user.name.clone(),
            grants::text(&user.grants, projects),
            password(user).to_owned(),
            words::time(user.created_at),
        ]);
    }
    table.render()
}

fn show(user: &User, projects: &[Project]) -> String {
    facts([
        ("Name", user.name.clone()),
        ("Roles", grants::text(&user.grants, projects)),
        ("Password", password(user).to_owned()),
        ("Made", words::time(user.created_at)),
    ])
}

fn password(user: &User) -> &'static str {
    match (user.has_password, user.has_totp) {
        (true, true) => "yes, and a code",
        (true, false) => "yes",
        (false, _) if user.has_identity => "no, an identity provider",
        (false, _) => "no",
    }
}

fn sessions(sessions: &Vec<Session>) -> String {
    if sessions.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("ID", Align::Left),
        ("User", Align::Left),
        ("From", Align::Left),
        ("Since", Align::Left),
        ("Ends", Align::Left),
    ]);
    for session in sessions {
        table.row([
            session.id.clone(),
            session.user.clone(),
            session.origin.clone(),
            words::time(session.created_at),
            words::time(session.expires_at),
        ]);
    }
    table.render()
}
