//! What a role may do besides reading.

use super::refused;
use super::session::Sessions;
use crate::target::{Rights, TargetError};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Row};

/// Names at most this many tables; the rest is a number.
const NAMED: usize = 3;

pub(super) async fn probe(sessions: &Sessions) -> Result<Rights, TargetError> {
    let mut connection = sessions.connect().await?;
    let rights = rights(&mut connection)
        .await
        .map_err(|error| refused(error, 0));
    let _ = connection.close().await;
    rights
}

async fn rights(connection: &mut PgConnection) -> Result<Rights, sqlx::Error> {
    sqlx::query("begin read only")
        .execute(&mut *connection)
        .await?;
    sqlx::query("set local statement_timeout = '15s'")
        .execute(&mut *connection)
        .await?;
    let role = sqlx::query(ROLE).fetch_one(&mut *connection).await?;
    let name: String = role.try_get("name")?;
    let mut can_write = Vec::new();
    let mut say = |holds: bool, sentence: &str| {
        if holds {
            can_write.push(format!("The role {name} {sentence}."));
        }
    };
    say(
        role.try_get("superuser")?,
        "is a superuser, or may become one: it can change and delete everything",
    );
    say(role.try_get("createrole")?, "may create roles");
    say(role.try_get("createdb")?, "may create databases");
    say(
        role.try_get("replication")?,
        "may replicate the whole server",
    );
    say(
        role.try_get("create_in_database")?,
        "may create schemas in this database",
    );
    for membership in sqlx::query_scalar::<_, String>(MEMBERSHIPS)
        .fetch_all(&mut *connection)
        .await?
    {
        say(true, &format!("is a member of {membership}"));
    }
    let namespaces: Vec<String> = sqlx::query_scalar(NAMESPACES)
        .fetch_all(&mut *connection)
        .await?;
    say(
        !namespaces.is_empty(),
        &format!("may create objects in {}", few(&namespaces)),
    );
    let mut changes: Vec<(&str, Vec<String>)> = Vec::new();
    for row in sqlx::query(TABLES).fetch_all(&mut *connection).await? {
        let table: String = row.try_get("name")?;
        for verb in ["insert", "update", "delete", "truncate"] {
            if row.try_get(verb)? {
                match changes.iter_mut().find(|(known, _)| *known == verb) {
                    Some((_, tables)) => tables.push(table.clone()),
                    None => changes.push((verb, vec![table.clone()])),
                }
            }
        }
    }
    for (verb, tables) in &changes {
        say(true, &format!("has the right to {verb} in {}", few(tables)));
    }
    let sequences: Vec<String> = sqlx::query_scalar(SEQUENCES)
        .fetch_all(&mut *connection)
        .await?;
    say(
        !sequences.is_empty(),
        &format!("may advance the sequences {}", few(&sequences)),
    );
    let server_version = sqlx::query_scalar("select current_setting('server_version')")
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query("rollback").execute(&mut *connection).await?;
    Ok(Rights {
        can_write,
        server_version: format!("PostgreSQL {}", short(server_version)),
    })
}

/// Without the packager's words.
fn short(version: String) -> String {
    version.split(' ').next().unwrap_or_default().to_owned()
}

fn few(names: &[String]) -> String {
    let mut said = names[..names.len().min(NAMED)].join(", ");
    if names.len() > NAMED {
        said.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    said
}

/// What the role is, and what it may turn into with `set role`.
const ROLE: &str = "
select current_user::text as name,
       coalesce(bool_or(r.rolsuper), false) as superuser,
       coalesce(bool_or(r.rolcreaterole), false) as createrole,
       coalesce(bool_or(r.rolcreatedb), false) as createdb,
       coalesce(bool_or(r.rolreplication), false) as replication,
       has_database_privilege(current_database(), 'create') as create_in_database
  from pg_roles r
 where pg_has_role(current_user, r.oid, 'member')
   and (r.rolname = current_user or not exists (
        select from pg_roles me where me.rolname = current_user and me.rolsuper))";

/// The predefined roles that reach beyond reading tables. A superuser is a member of all: said once is enough.
const MEMBERSHIPS: &str = "
select r.rolname::text
  from pg_roles r
 where r.rolname in ('pg_write_all_data', 'pg_write_server_files', 'pg_read_server_files',
                     'pg_execute_server_program', 'pg_signal_backend', 'pg_maintain',
                     'pg_create_subscription', 'pg_checkpoint', 'pg_use_reserved_connections')
   and pg_has_role(current_user, r.oid, 'member')
   and not exists (select from pg_roles me where me.rolname = current_user and me.rolsuper)
 order by 1";

const NAMESPACES: &str = "
select n.nspname::text
  from pg_namespace n
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and has_schema_privilege(n.oid, 'create')
 order by 1";

const TABLES: &str = "
select * from (
  select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as name,
         has_table_privilege(c.oid, 'insert') or has_any_column_privilege(c.oid, 'insert') as \"insert\",
         has_table_privilege(c.oid, 'update') or has_any_column_privilege(c.oid, 'update') as \"update\",
         has_table_privilege(c.oid, 'delete') as \"delete\",
         has_table_privilege(c.oid, 'truncate') as \"truncate\"
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'f')
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema') as t
 where \"insert\" or \"update\" or \"delete\" or \"truncate\"
 order by name";

const SEQUENCES: &str = "
select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'S'
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and (has_sequence_privilege(c.oid, 'usage') or has_sequence_privilege(c.oid, 'update'))
 order by 1";
