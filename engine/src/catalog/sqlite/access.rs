//! Users, roles and API keys, and what they are granted.

use hozon_model::{ApiKey, CustomRole, Grant, KeyId, Role, User};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, row, set_up, two_steps};
use crate::{Error, ErrorCode, Result};

/// Users, each with how they sign in besides by a password.
macro_rules! users {
    () => {
        "SELECT *,
                EXISTS (SELECT 1 FROM totp WHERE user_name = users.name AND confirmed) AS has_totp,
                EXISTS (SELECT 1 FROM identities WHERE user_name = users.name) AS has_identity
         FROM users"
    };
}
pub(super) use users;

impl SqliteCatalog {
    pub(super) async fn insert_user(&self, user: &User, password_hash: Option<&str>) -> Result<()> {
        let mut transaction = self.begin().await?;
        refuse_unknown_roles(&mut transaction, &user.grants).await?;
        sqlx::query(
            "INSERT INTO users (name, grants, created_at, password_hash) VALUES (?, ?, ?, ?)",
        )
        .bind(&user.name)
        .bind(row::to_json(&user.grants)?)
        .bind(user.created_at.as_microsecond())
        .bind(password_hash)
        .execute(&mut *transaction)
        .await
        .map_err(|error| taken(error, ErrorCode::UserNameTaken, &user.name))?;
        set_up::forget_token(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_users(&self) -> Result<Vec<User>> {
        sqlx::query(concat!(users!(), " ORDER BY name"))
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(user)
            .collect()
    }

    pub(super) async fn update_grants(&self, name: &str, grants: &[Grant]) -> Result<()> {
        let mut transaction = self.begin().await?;
        refuse_unknown_roles(&mut transaction, grants).await?;
        if !grants.contains(&Grant::owner()) {
            refuse_last_owner(&mut transaction, name).await?;
        }
        let changed = sqlx::query("UPDATE users SET grants = ? WHERE name = ?")
            .bind(row::to_json(&grants)?)
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::UserNotFound, name));
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn delete_user(&self, name: &str) -> Result<()> {
        let mut transaction = self.begin().await?;
        refuse_last_owner(&mut transaction, name).await?;
        two_steps::forget(&mut transaction, name).await?;
        for statement in [
            "DELETE FROM tickets WHERE user_name = ?",
            "DELETE FROM identities WHERE user_name = ?",
        ] {
            sqlx::query(statement)
                .bind(name)
                .execute(&mut *transaction)
                .await?;
        }
        let gone = sqlx::query("DELETE FROM users WHERE name = ?")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::UserNotFound, name));
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn insert_role(&self, role: &CustomRole) -> Result<()> {
        sqlx::query(
            "INSERT INTO roles (name, description, privileges, created_at) VALUES (?, ?, ?, ?)",
        )
        .bind(&role.name)
        .bind(&role.description)
        .bind(row::to_json(&role.privileges)?)
        .bind(role.created_at.as_microsecond())
        .execute(&self.writer)
        .await
        .map_err(|error| taken(error, ErrorCode::RoleNameTaken, &role.name))?;
        Ok(())
    }

    pub(super) async fn select_roles(&self) -> Result<Vec<CustomRole>> {
        sqlx::query("SELECT * FROM roles ORDER BY name")
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(|line| {
                Ok(CustomRole {
                    name: line.try_get("name")?,
                    description: line.try_get("description")?,
                    privileges: row::json(line, "privileges")?,
                    created_at: row::time(line, "created_at")?,
                })
            })
            .collect()
    }

    pub(super) async fn update_role(&self, role: &CustomRole) -> Result<()> {
        let changed =
            sqlx::query("UPDATE roles SET description = ?, privileges = ? WHERE name = ?")
                .bind(&role.description)
                .bind(row::to_json(&role.privileges)?)
                .bind(&role.name)
                .execute(&self.writer)
                .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::RoleNotFound, &role.name));
        }
        Ok(())
    }

    pub(super) async fn delete_role(&self, name: &str) -> Result<()> {
        let mut transaction = self.begin().await?;
        let holder: Option<String> = sqlx::query_scalar(
            "SELECT 'user `' || name || '`' FROM users, json_each(users.grants)
             WHERE json_extract(value, '$.role') = ?1
             UNION ALL
             SELECT 'API key `' || name || '`' FROM api_keys, json_each(api_keys.grants)
             WHERE json_extract(value, '$.role') = ?1 LIMIT 1",
        )
        .bind(name)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(holder) = holder {
            return Err(Error::new(ErrorCode::RoleInUse, name)
                .because(format!("{holder} has it"))
                .hint("give it another role, or remove it, first"));
        }
        let gone = sqlx::query("DELETE FROM roles WHERE name = ?")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::RoleNotFound, name));
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn insert_key(&self, key: &ApiKey, hash: &str) -> Result<()> {
        let mut transaction = self.begin().await?;
        refuse_unknown_roles(&mut transaction, &key.grants).await?;
        sqlx::query(
            "INSERT INTO api_keys (id, name, hash, grants, created_by, created_at, expires_at, last_used_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(key.id.as_str())
        .bind(&key.name)
        .bind(hash)
        .bind(row::to_json(&key.grants)?)
        .bind(&key.created_by)
        .bind(key.created_at.as_microsecond())
        .bind(key.expires_at.map(Timestamp::as_microsecond))
        .bind(key.last_used_at.map(Timestamp::as_microsecond))
        .execute(&mut *transaction)
        .await
        .map_err(|error| taken(error, ErrorCode::InvalidInput, "name"))?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_keys(&self) -> Result<Vec<ApiKey>> {
        sqlx::query("SELECT * FROM api_keys ORDER BY name")
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(key)
            .collect()
    }

    pub(super) async fn select_key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>> {
        sqlx::query("SELECT * FROM api_keys WHERE hash = ?")
            .bind(hash)
            .fetch_optional(&self.readers)
            .await?
            .map(|line| key(&line))
            .transpose()
    }

    pub(super) async fn update_key_use(&self, id: &KeyId, at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE api_keys SET last_used_at = ? WHERE id = ?")
            .bind(at.as_microsecond())
            .bind(id.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn delete_key(&self, id: &KeyId) -> Result<()> {
        let gone = sqlx::query("DELETE FROM api_keys WHERE id = ?")
            .bind(id.as_str())
            .execute(&self.writer)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::KeyNotFound, id.as_str()));
        }
        Ok(())
    }
}

/// Roles made here may have been removed since somebody looked.
async fn refuse_unknown_roles(connection: &mut SqliteConnection, grants: &[Grant]) -> Result<()> {
    for grant in grants {
        let Role::Custom(name) = &grant.role else {
            continue;
        };
        let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM roles WHERE name = ?")
            .bind(name)
            .fetch_optional(&mut *connection)
            .await?;
        if there.is_none() {
            return Err(Error::new(ErrorCode::RoleNotFound, name)
                .hint("run `hozon role list` to see the roles"));
        }
    }
    Ok(())
}

/// Nobody could ever give a right to anybody again.
async fn refuse_last_owner(connection: &mut SqliteConnection, name: &str) -> Result<()> {
    const OWNERS: &str = "SELECT count(*) FROM users, json_each(users.grants)
         WHERE json_extract(value, '$.role') = 'organization_owner' AND (name = ?1) = ?2";
    let mut owners = [0_i64; 2];
    for (count, this_one) in owners.iter_mut().zip([true, false]) {
        *count = sqlx::query_scalar(OWNERS)
            .bind(name)
            .bind(this_one)
            .fetch_one(&mut *connection)
            .await?;
    }
    if owners[0] > 0 && owners[1] == 0 {
        return Err(Error::new(ErrorCode::LastOwner, name)
            .because("no other user owns the organization")
            .hint("make somebody else an owner first"));
    }
    Ok(())
}

fn taken(error: sqlx::Error, code: ErrorCode, subject: &str) -> Error {
    row::unless_taken(error, || {
        Error::new(code, subject)
            .because("another one has this name")
            .hint("choose another name")
    })
}

pub(super) fn user(line: &SqliteRow) -> Result<User> {
    Ok(User {
        name: line.try_get("name")?,
        grants: row::json(line, "grants")?,
        created_at: row::time(line, "created_at")?,
        has_password: line
            .try_get::<Option<String>, _>("password_hash")?
            .is_some(),
        has_totp: line.try_get("has_totp")?,
        has_identity: line.try_get("has_identity")?,
    })
}

fn key(line: &SqliteRow) -> Result<ApiKey> {
    Ok(ApiKey {
        id: KeyId::new(line.try_get::<String, _>("id")?),
        name: line.try_get("name")?,
        grants: row::json(line, "grants")?,
        created_by: line.try_get("created_by")?,
        created_at: row::time(line, "created_at")?,
        expires_at: row::time_opt(line, "expires_at")?,
        last_used_at: row::time_opt(line, "last_used_at")?,
    })
}
