//! `hozon role …`

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use hozon_model::{CustomRole, Privilege, Role};
use serde::Serialize;

use super::{
    Context,
    exit::Failure,
    table::{Align, Table, facts},
    words,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a role from privileges
    Create(Create),
    /// List the roles, those that are always there and those made here
    List,
    /// Show what a role may do
    Show(One),
    /// Change a role made here; what is not given stays
    Edit(Edit),
    /// Remove a role that nobody has
    Remove(One),
    /// List every privilege, and which of the roles that are always there have it
    Privileges,
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name of the role
    role: String,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What to call it
    role: String,
    /// For people
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    description: String,
    /// What it may do, like `backup:create`; several are separated by commas
    #[arg(
        long = "privilege",
        value_name = "PRIVILEGE",
        required = true,
        value_delimiter = ','
    )]
    privileges: Vec<Privilege>,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Name of the role
    role: String,
    /// For people
    #[arg(long, value_name = "TEXT", required_unless_present = "privileges")]
    description: Option<String>,
    /// What it may do, in place of what it may do now; several are separated by commas
    #[arg(long = "privilege", value_name = "PRIVILEGE", value_delimiter = ',')]
    privileges: Vec<Privilege>,
}

/// A role of either kind.
#[derive(Serialize)]
struct Line {
    name: String,
    description: String,
    built_in: bool,
    privileges: BTreeSet<Privilege>,
}

impl From<CustomRole> for Line {
    fn from(role: CustomRole) -> Self {
        Self {
            name: role.name,
            description: role.description,
            built_in: false,
            privileges: role.privileges,
        }
    }
}

fn built_in() -> impl Iterator<Item = Line> {
    Role::BUILT_IN.into_iter().filter_map(|role| {
        Some(Line {
            name: role.to_string(),
            description: "always there".to_owned(),
            built_in: true,
            privileges: role.privileges()?,
        })
    })
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Create(create) => {
            let privileges = create.privileges.into_iter().collect();
            let role = engine
                .create_role(actor, &create.role, &create.description, privileges)
                .await?;
            output.answer(&role, |role| format!("Made role `{}`", role.name))
        }
        Command::List => {
            let made = engine.roles().await?.into_iter().map(Line::from);
            let lines: Vec<Line> = built_in().chain(made).collect();
            output.answer(&lines, list)
        }
        Command::Show(One { role }) => {
            let line = match built_in().find(|line| line.name == role) {
                Some(line) => line,
                None => engine.role(&role).await?.into(),
            };
            output.answer(&line, show)
        }
        Command::Edit(edit) => {
            let privileges: BTreeSet<_> = edit.privileges.into_iter().collect();
            let privileges = (!privileges.is_empty()).then_some(privileges);
            let role = engine
                .edit_role(actor, &edit.role, edit.description.as_deref(), privileges)
                .await?;
            output.answer(&Line::from(role), show)
        }
        Command::Remove(One { role }) => {
            engine.remove_role(actor, &role).await?;
            output.answer(&serde_json::json!({ "role": role }), |_| {
                format!("Removed role `{role}`")
            })
        }
        Command::Privileges => {
            let all: Vec<Privilege> = Privilege::all().collect();
            output.answer(&all, privileges)
        }
    }
}

fn list(lines: &Vec<Line>) -> String {
    let mut table = Table::new([
        ("Name", Align::Left),
        ("Privileges", Align::Right),
        ("Description", Align::Left),
    ]);
    for line in lines {
        table.row([
            line.name.clone(),
            words::number(line.privileges.len() as u64),
            line.description.clone(),
        ]);
    }
    table.render()
}

fn show(line: &Line) -> String {
    let names: Vec<_> = line.privileges.iter().map(ToString::to_string).collect();
    facts([
        ("Name", line.name.clone()),
        ("Description", line.description.clone()),
        ("Privileges", names.join(" ")),
    ])
}

fn privileges(all: &Vec<Privilege>) -> String {
    let mut table = Table::new([
        ("Privilege", Align::Left),
        ("Owner", Align::Left),
        ("Project admin", Align::Left),
        ("Read-write", Align::Left),
        ("Read-only", Align::Left),
    ]);
    for privilege in all {
        let [owner, admin, write, read] = Role::BUILT_IN.map(|role| {
            let has = role
                .privileges()
                .is_some_and(|privileges| privileges.contains(privilege));
            if has { "yes" } else { "-" }.to_owned()
        });
        table.row([privilege.to_string(), owner, admin, write, read]);
    }
    table.render()
}
