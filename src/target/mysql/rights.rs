//! What an account may do besides reading, from what the server says it was granted.

use super::refused;
use crate::target::{Rights, TargetError};
use sqlx::Row;
use sqlx::mysql::MySqlConnection;

/// Privileges with which nothing can be changed.
const HARMLESS: [&str; 6] = [
    "USAGE",
    "SELECT",
    "SHOW VIEW",
    "SHOW DATABASES",
    "PROCESS",
    "REFERENCES",
];

/// The oldest versions with common table expressions: we wrap a result in one to measure its rows.
const OLDEST_MYSQL: (u32, u32) = (8, 0);
const OLDEST_MARIADB: (u32, u32) = (10, 2);

pub(super) async fn probe(connection: &mut MySqlConnection) -> Result<Rights, TargetError> {
    rights(connection).await.map_err(|error| refused(error, ""))
}

/// `MariaDB 10.11.6`.
fn server_of(version: &str) -> String {
    let name = if super::is_mariadb(version) {
        "MariaDB"
    } else {
        "MySQL"
    };
    let number = version.split('-').next().unwrap_or_default();
    format!("{name} {number}")
}

/// What is to be said of a server that calls its version so, if it is too old. One of which nothing is understood is
/// believed to be new.
pub(super) fn too_old(version: &str) -> Option<String> {
    let server = server_of(version);
    let (name, version) = server.split_once(' ')?;
    let mut numbers = version.split('.').map(str::parse);
    let found: (u32, u32) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let oldest = if name == "MariaDB" {
        OLDEST_MARIADB
    } else {
        OLDEST_MYSQL
    };
    (found < oldest).then(|| {
        format!(
            "the server is {server}; the oldest that can be asked is {name} {}.{}",
            oldest.0, oldest.1
        )
    })
}

async fn rights(connection: &mut MySqlConnection) -> Result<Rights, sqlx::Error> {
    let grants = sqlx::query("show grants")
        .fetch_all(&mut *connection)
        .await?;
    let mut can_write = Vec::new();
    for grant in grants {
        let said: String = grant.try_get_unchecked(0)?;
        can_write.extend(sentence(&said));
    }
    let version: String = sqlx::query("select version()")
        .fetch_one(&mut *connection)
        .await?
        .try_get_unchecked(0)?;
    Ok(Rights {
        can_write,
        server_version: server_of(&version),
    })
}

/// What is to be said about one line of SHOW GRANTS. Its end may hold a password's hash, so only what stands
/// before that is ever repeated.
fn sentence(grant: &str) -> Option<String> {
    let granted = grant.strip_prefix("GRANT ")?;
    let (granted, _) = granted.split_once(" TO ")?;
    let Some((privileges, place)) = granted.rsplit_once(" ON ") else {
        return Some(format!("The account has the role {granted}."));
    };
    let mut harmful: Vec<&str> = privileges_in(privileges)
        .into_iter()
        .filter(|privilege| {
            let name = privilege.split(" (").next().unwrap_or(privilege);
            !HARMLESS.contains(&name)
        })
        .collect();
    if grant.ends_with("WITH GRANT OPTION") {
        harmful.push("GRANT OPTION");
    }
    (!harmful.is_empty()).then(|| format!("The account has {} on {place}.", harmful.join(", ")))
}

/// Separated by commas, except for those between a privilege's columns.
fn privileges_in(list: &str) -> Vec<&str> {
    let mut depth = 0;
    list.split(|char| {
        match char {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        char == ',' && depth == 0
    })
    .map(str::trim)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_common_table_expressions_is_too_old() {
        for (server, is_too_old) in [
            ("5.7.44-log", true),
            ("5.6", true),
            ("8.0.36-28", false),
            ("9.4.0", false),
            ("10.1.48-MariaDB-1~xenial", true),
            ("5.5.68-MariaDB", true),
            ("10.2.1-MariaDB", false),
            ("11.4.2-MariaDB-log", false),
            ("Aurora", false),
        ] {
            assert_eq!(too_old(server).is_some(), is_too_old, "{server}");
        }
        let said = too_old("5.7.44").unwrap_or_default();
        assert!(
            said.contains("5.7.44") && said.contains("MySQL 8.0"),
            "{said}"
        );
    }

    #[test]
    fn a_grant_is_harmless_or_is_said_without_the_password() {
        for (grant, said) in [
            (
                "GRANT USAGE ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*ABC'",
                None,
            ),
            ("GRANT SELECT, SHOW VIEW ON `shop`.* TO `r`@`%`", None),
            ("GRANT SELECT (`a`, `b`) ON `shop`.`t` TO `r`@`%`", None),
            (
                "GRANT SELECT, INSERT (`a`, `b`), UPDATE ON `shop`.* TO `w`@`%`",
                Some("The account has INSERT (`a`, `b`), UPDATE on `shop`.*."),
            ),
            (
                "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED BY PASSWORD '*ABC' WITH GRANT OPTION",
                Some("The account has ALL PRIVILEGES, GRANT OPTION on *.*."),
            ),
            (
                "GRANT `writers`@`%` TO `w`@`%`",
                Some("The account has the role `writers`@`%`."),
            ),
            (
                "GRANT FILE ON *.* TO `f`@`%`",
                Some("The account has FILE on *.*."),
            ),
        ] {
            assert_eq!(sentence(grant).as_deref(), said, "{grant}");
        }
    }
}
