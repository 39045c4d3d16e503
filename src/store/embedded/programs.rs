//! PostgreSQL's own programs, and the user they run as.

use super::EmbeddedError;
use nix::unistd::{Gid, Uid, User};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One installed PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Programs {
    pub major: u32,
    dir: PathBuf,
}

impl Programs {
    /// All that are installed, newest first.
    pub fn installed() -> Vec<Self> {
        let mut dirs: Vec<PathBuf> = search_path();
        for family in ["/usr/lib/postgresql", "/usr/lib64/postgresql"] {
            dirs.extend(below(Path::new(family)).map(|version| version.join("bin")));
        }
        dirs.extend(
            below(Path::new("/usr"))
                .filter(|dir| dir.to_string_lossy().starts_with("/usr/pgsql-"))
                .map(|dir| dir.join("bin")),
        );
        Self::in_dirs(dirs)
    }

    fn in_dirs(dirs: impl IntoIterator<Item = PathBuf>) -> Vec<Self> {
        // where the programs really are, so that a link on PATH is not a second installation
        let homes: BTreeSet<PathBuf> = dirs
            .into_iter()
            .filter_map(|dir| {
                let postgres = fs::canonicalize(dir.join("postgres")).ok()?;
                let home = postgres.parent()?.to_path_buf();
                home.join("initdb").is_file().then_some(home)
            })
            .collect();
        let mut found: Vec<Self> = homes
            .into_iter()
            .filter_map(|dir| {
                let major = major_version(&dir.join("postgres"))?;
                Some(Self { major, dir })
            })
            .collect();
        found.sort_by(|one, other| other.cmp(one));
        found
    }

    /// Nothing of our environment reaches the program: `PGDATA` and its like would change what it does.
    pub fn command(&self, program: &str, account: &Account) -> Command {
        let mut command = Command::new(self.dir.join(program));
        command
            .env_clear()
            .env("PATH", &self.dir)
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .current_dir("/");
        if account.change {
            command.uid(account.uid.as_raw()).gid(account.gid.as_raw());
        }
        command
    }
}

fn search_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter(|dir| dir.is_absolute())
        .collect()
}

fn below(dir: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}

fn major_version(postgres: &Path) -> Option<u32> {
    let said = Command::new(postgres)
        .arg("--version")
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .ok()?;
    version_in(&String::from_utf8_lossy(&said.stdout))
}

/// `postgres (PostgreSQL) 15.20 (Debian …)` and `… 17beta1` alike.
fn version_in(said: &str) -> Option<u32> {
    let number = said.split_whitespace().nth(2)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Who the server runs as.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub uid: Uid,
    pub gid: Gid,
    pub name: String,
    /// We are root, so programs are started as this user and its directories given to it.
    pub change: bool,
}

impl Account {
    /// Ourselves, unless we are root; then who owns the existing cluster, `postgres`, or `nobody`.
    pub fn choose(pgdata: &Path) -> Result<Self, EmbeddedError> {
        let uid = Uid::effective();
        if !uid.is_root() {
            let name = match User::from_uid(uid) {
                Ok(Some(user)) => user.name,
                _ => uid.to_string(),
            };
            return Ok(Self {
                uid,
                gid: Gid::effective(),
                name,
                change: false,
            });
        }
        let owner = fs::metadata(pgdata)
            .ok()
            .filter(|metadata| metadata.uid() != 0)
            .map(|metadata| (Uid::from_raw(metadata.uid()), Gid::from_raw(metadata.gid())));
        if let Some((uid, gid)) = owner {
            let name = match User::from_uid(uid) {
                Ok(Some(user)) => user.name,
                _ => uid.to_string(),
            };
            return Ok(Self {
                uid,
                gid,
                name,
                change: true,
            });
        }
        for name in ["postgres", "nobody"] {
            if let Ok(Some(user)) = User::from_name(name)
                && !user.uid.is_root()
            {
                return Ok(Self {
                    uid: user.uid,
                    gid: user.gid,
                    name: user.name,
                    change: true,
                });
            }
        }
        Err(EmbeddedError::NoUser)
    }

    /// The server has to be able to walk down to `dir`; the first directory where it cannot is the error.
    pub fn must_reach(&self, dir: &Path) -> Result<(), EmbeddedError> {
        if !self.change {
            return Ok(());
        }
        let mut way: Vec<&Path> = dir.ancestors().collect();
        way.reverse();
        for step in way {
            let metadata = fs::metadata(step).map_err(|source| EmbeddedError::NotWritable {
                dir: step.to_path_buf(),
                source,
            })?;
            let mode = metadata.permissions().mode();
            let may_enter = if metadata.uid() == self.uid.as_raw() {
                mode & 0o100 != 0
            } else if metadata.gid() == self.gid.as_raw() {
                mode & 0o010 != 0
            } else {
                mode & 0o001 != 0
            };
            if !may_enter {
                return Err(EmbeddedError::NotTraversable {
                    dir: step.to_path_buf(),
                    user: self.name.clone(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_postgres_says() {
        for (said, major) in [
            (
                "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n",
                Some(15),
            ),
            ("postgres (PostgreSQL) 17beta1\n", Some(17)),
            ("postgres (PostgreSQL) 9.6.24\n", Some(9)),
            ("command not found", None),
            ("", None),
        ] {
            assert_eq!(version_in(said), major, "{said}");
        }
    }

    #[test]
    fn a_directory_without_both_programs_is_no_installation() {
        let dir = tempfile::tempdir().expect("a directory of the test's own");
        fs::write(dir.path().join("postgres"), "").expect("writable");
        assert_eq!(Programs::in_dirs([dir.path().to_path_buf()]), []);
    }
}
