//! All settings, read from the environment (and `.env`) in one place.
//!
//! Each setting's name, default and unit stands in [`Settings::from_env`], and nowhere else; the
//! README's table is checked against [`NAMES`] by a test. A limit of 0 is no limit.

use secrecy::SecretString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Settings {
    pub host: IpAddr,
    pub port: u16,
    pub data_dir: PathBuf,
    /// Our own PostgreSQL; none means the private cluster under `data_dir`.
    pub database_url: Option<SecretString>,
    pub redis_url: Option<SecretString>,
    /// A JSON file of datasets besides the samples.
    pub datasets: Option<PathBuf>,
    /// None: where the system's loader looks.
    pub duckdb_library: Option<PathBuf>,
    /// The program that reads DuckDB files for us: this one.
    pub duckdb_worker: PathBuf,
    /// Origins besides our own that a browser may come from.
    pub allowed_origins: Vec<String>,
    /// Host names besides loopback's that a request may name.
    pub allowed_hosts: Vec<String>,
    pub models: ModelSettings,
    pub limits: Limits,
}

#[derive(Clone, Debug)]
pub struct ModelSettings {
    pub openai_base_url: String,
    pub openai_api_key: Option<SecretString>,
    /// None means no OpenAI-compatible endpoint is configured.
    pub openai_model: Option<String>,
    pub anthropic: Option<HostedModel>,
    pub gemini: Option<HostedModel>,
    pub ollama_base_url: String,
    /// Look for a local Ollama when nothing else is configured.
    pub ollama_discovery: bool,
    pub temperature: f32,
    pub max_tokens: u32,
    pub first_token: Duration,
    pub silence: Duration,
}

/// A provider that is configured by its key.
#[derive(Clone, Debug)]
pub struct HostedModel {
    pub api_key: SecretString,
    pub model: String,
    pub temperature: f32,
    pub max_tokens: u32,
}

#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall clock of one turn.
    pub turn: Option<Duration>,
    pub statement: Duration,
    pub result_rows: usize,
    pub result_bytes: usize,
    pub refinements: u32,
    pub escalations: u32,
    /// Of one question, in bytes.
    pub question_bytes: usize,
    pub submits_per_minute: u32,
    pub running_turns_per_owner: usize,
    pub sockets_per_owner: usize,
    /// Tables put before the generator, at most.
    pub retrieved_tables: usize,
    /// Results are deleted after this.
    pub result_lifetime: Duration,
    pub clarification_lifetime: Duration,
}

/// A setting whose value cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name} is '{value}', but must be {expected}. Change it in the environment or in .env.")]
pub struct SettingError {
    name: &'static str,
    value: String,
    expected: &'static str,
}

/// Every variable that is read, as the README lists them.
pub const NAMES: &[&str] = &[
    "HOST",
    "PORT",
    "QF_DATA_DIR",
    "XDG_DATA_HOME",
    "HOME",
    "DATABASE_URL",
    "REDIS_URL",
    "QF_DATASETS",
    "QF_DUCKDB_LIBRARY",
    "ALLOWED_ORIGINS",
    "ALLOWED_HOSTS",
    "OPENAI_BASE_URL",
    "OPENAI_API_KEY",
    "OPENAI_MODEL",
    "ANTHROPIC_API_KEY",
    "CLAUDE_MODEL",
    "CLAUDE_TEMPERATURE",
    "CLAUDE_MAX_TOKENS",
    "GEMINI_API_KEY",
    "GEMINI_MODEL",
    "GEMINI_TEMPERATURE",
    "GEMINI_MAX_TOKENS",
    "OLLAMA_BASE_URL",
    "QF_OLLAMA_DISCOVERY",
    "QF_TEMPERATURE",
    "QF_MAX_TOKENS",
    "QF_FIRST_TOKEN_SECONDS",
    "QF_SILENCE_SECONDS",
    "QF_TURN_SECONDS",
    "QF_STATEMENT_SECONDS",
    "QF_RESULT_ROWS",
    "QF_RESULT_BYTES",
    "MAX_REFINEMENT_ITERATIONS",
    "MAX_ESCALATION_ITERATIONS",
    "QF_QUESTION_BYTES",
    "QF_SUBMITS_PER_MINUTE",
    "QF_RUNNING_TURNS",
    "QF_SOCKETS",
    "MAX_RETRIEVED_TABLES",
    "QF_RESULT_HOURS",
    "QF_CLARIFICATION_MINUTES",
];

impl Settings {
    pub fn from_env() -> Result<Self, SettingError> {
        // an absent or unreadable .env is an ordinary installation
        let _ = dotenvy::dotenv();
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// From any source of variables; an empty value counts as absent.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, SettingError> {
        let read = Reader {
            variable: &|name| {
                debug_assert!(NAMES.contains(&name), "{name} is missing from NAMES");
                variable(name)
                    .map(|value| value.trim().to_owned())
                    .filter(|value| !value.is_empty())
            },
        };
        let secret = |name| (read.variable)(name).map(SecretString::from);
        Ok(Self {
            host: read.parsed("HOST", "127.0.0.1", "an IP address")?,
            port: read.parsed("PORT", "8000", "a port number, 0 to 65535")?,
            data_dir: match (read.variable)("QF_DATA_DIR") {
                Some(dir) => PathBuf::from(dir),
                None => default_data_dir((read.variable)("XDG_DATA_HOME"), (read.variable)("HOME")),
            },
            database_url: secret("DATABASE_URL"),
            redis_url: secret("REDIS_URL"),
            datasets: (read.variable)("QF_DATASETS").map(PathBuf::from),
            duckdb_library: (read.variable)("QF_DUCKDB_LIBRARY").map(PathBuf::from),
            duckdb_worker: std::env::current_exe().unwrap_or_else(|_| PathBuf::from("queryforge")),
            allowed_origins: read.list("ALLOWED_ORIGINS"),
            allowed_hosts: read.list("ALLOWED_HOSTS"),
            models: ModelSettings {
                openai_base_url: read.text("OPENAI_BASE_URL", "https://api.openai.com/v1"),
                openai_api_key: secret("OPENAI_API_KEY"),
                openai_model: (read.variable)("OPENAI_MODEL"),
                anthropic: read.hosted(
                    "ANTHROPIC_API_KEY",
                    ("CLAUDE_MODEL", "claude-sonnet-4-5"),
                    ("CLAUDE_TEMPERATURE", "0.2"),
                    ("CLAUDE_MAX_TOKENS", "4096"),
                )?,
                gemini: read.hosted(
                    "GEMINI_API_KEY",
                    ("GEMINI_MODEL", "gemini-2.5-pro"),
                    ("GEMINI_TEMPERATURE", "0.2"),
                    ("GEMINI_MAX_TOKENS", "8192"),
                )?,
                ollama_base_url: read.text("OLLAMA_BASE_URL", "http://127.0.0.1:11434"),
                ollama_discovery: read.flag("QF_OLLAMA_DISCOVERY", true)?,
                temperature: read.parsed("QF_TEMPERATURE", "0.2", "a number, 0 to 2")?,
                max_tokens: read.parsed("QF_MAX_TOKENS", "4096", "a number of tokens")?,
                first_token: read
                    .seconds("QF_FIRST_TOKEN_SECONDS", "20")?
                    .unwrap_or(FOREVER),
                silence: read.seconds("QF_SILENCE_SECONDS", "30")?.unwrap_or(FOREVER),
            },
            limits: Limits {
                turn: read.seconds("QF_TURN_SECONDS", "120")?,
                statement: read
                    .seconds("QF_STATEMENT_SECONDS", "30")?
                    .unwrap_or(FOREVER),
                result_rows: read.limit("QF_RESULT_ROWS", "10000")?,
                result_bytes: read.limit("QF_RESULT_BYTES", "16777216")?,
                refinements: read.parsed("MAX_REFINEMENT_ITERATIONS", "3", "a whole number")?,
                escalations: read.parsed("MAX_ESCALATION_ITERATIONS", "2", "a whole number")?,
                question_bytes: read.limit("QF_QUESTION_BYTES", "16384")?,
                submits_per_minute: read
                    .limit("QF_SUBMITS_PER_MINUTE", "20")?
                    .try_into()
                    .unwrap_or(u32::MAX),
                running_turns_per_owner: read.limit("QF_RUNNING_TURNS", "8")?,
                sockets_per_owner: read.limit("QF_SOCKETS", "32")?,
                retrieved_tables: read.limit("MAX_RETRIEVED_TABLES", "12")?,
                result_lifetime: read
                    .seconds_of("QF_RESULT_HOURS", "168", 3600)?
                    .unwrap_or(FOREVER),
                clarification_lifetime: read
                    .seconds_of("QF_CLARIFICATION_MINUTES", "1440", 60)?
                    .unwrap_or(FOREVER),
            },
        })
    }
}

/// `/var/lib/queryforge` for root, whose home the user that PostgreSQL runs as may not enter; else below
/// the person's own data directory.
fn default_data_dir(xdg_data_home: Option<String>, home: Option<String>) -> PathBuf {
    if nix::unistd::geteuid().is_root() {
        return PathBuf::from("/var/lib/queryforge");
    }
    match (xdg_data_home, home) {
        (Some(data), _) => PathBuf::from(data).join("queryforge"),
        (None, Some(home)) => PathBuf::from(home).join(".local/share/queryforge"),
        (None, None) => PathBuf::from("data"),
    }
}

/// What a limit of 0 comes to where a duration is needed: a century.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

struct Reader<'a> {
    variable: &'a dyn Fn(&'static str) -> Option<String>,
}

impl Reader<'_> {
    fn text(&self, name: &'static str, default: &str) -> String {
        (self.variable)(name).unwrap_or_else(|| default.to_owned())
    }

    fn parsed<T: std::str::FromStr>(
        &self,
        name: &'static str,
        default: &str,
        expected: &'static str,
    ) -> Result<T, SettingError> {
        let value = self.text(name, default);
        value.parse().map_err(|_| SettingError {
            name,
            value,
            expected,
        })
    }

    fn limit(&self, name: &'static str, default: &str) -> Result<usize, SettingError> {
        let limit: usize = self.parsed(name, default, "a whole number; 0 turns the limit off")?;
        Ok(if limit == 0 { usize::MAX } else { limit })
    }

    fn seconds(&self, name: &'static str, default: &str) -> Result<Option<Duration>, SettingError> {
        self.seconds_of(name, default, 1)
    }

    fn seconds_of(
        &self,
        name: &'static str,
        default: &str,
        unit_seconds: u32,
    ) -> Result<Option<Duration>, SettingError> {
        const EXPECTED: &str = "a number, 0 or more; 0 turns the limit off";
        let number: f64 = self.parsed(name, default, EXPECTED)?;
        let seconds = number * f64::from(unit_seconds);
        if seconds == 0.0 {
            return Ok(None);
        }
        Duration::try_from_secs_f64(seconds)
            .map(|duration| Some(duration.min(FOREVER)))
            .map_err(|_| SettingError {
                name,
                value: number.to_string(),
                expected: EXPECTED,
            })
    }

    fn flag(&self, name: &'static str, default: bool) -> Result<bool, SettingError> {
        match self
            .text(name, if default { "on" } else { "off" })
            .to_lowercase()
            .as_str()
        {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            other => Err(SettingError {
                name,
                value: other.to_owned(),
                expected: "on or off",
            }),
        }
    }

    /// `None` without a key.
    fn hosted(
        &self,
        key: &'static str,
        model: (&'static str, &str),
        temperature: (&'static str, &str),
        max_tokens: (&'static str, &str),
    ) -> Result<Option<HostedModel>, SettingError> {
        let Some(api_key) = (self.variable)(key) else {
            return Ok(None);
        };
        Ok(Some(HostedModel {
            api_key: SecretString::from(api_key),
            model: self.text(model.0, model.1),
            temperature: self.parsed(temperature.0, temperature.1, "a number, 0 to 2")?,
            max_tokens: self.parsed(max_tokens.0, max_tokens.1, "a number of tokens")?,
        }))
    }

    fn list(&self, name: &'static str) -> Vec<String> {
        (self.variable)(name)
            .map(|value| {
                value
                    .split(',')
                    .map(|part| part.trim().trim_end_matches('/').to_owned())
                    .filter(|part| !part.is_empty())
                    .collect()
            })
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_a_complete_configuration() {
        let settings = Settings::from_variables(|_| None).expect("defaults are valid");
        assert_eq!(
            (settings.host.to_string(), settings.port),
            ("127.0.0.1".into(), 8000)
        );
        assert_eq!(settings.limits.turn, Some(Duration::from_secs(120)));
    }

    #[test]
    fn the_readme_lists_every_setting_and_no_other() {
        let readme = include_str!("../README.md");
        let table: Vec<&str> = readme
            .lines()
            .filter(|line| line.starts_with("| `"))
            .flat_map(|line| {
                line.split('|')
                    .nth(1)
                    .unwrap_or_default()
                    .split('`')
                    .skip(1)
                    .step_by(2)
            })
            .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .collect();
        for name in NAMES {
            // where the data directory is by default, not settings of ours
            let is_default = ["XDG_DATA_HOME", "HOME"].contains(name);
            assert!(
                is_default || table.contains(name),
                "{name} is not in the README"
            );
        }
        for name in table {
            assert!(
                NAMES.contains(&name),
                "the README lists {name}, which is not read"
            );
        }
    }

    #[test]
    fn zero_turns_a_limit_off() {
        let settings = Settings::from_variables(|name| match name {
            "QF_TURN_SECONDS" | "QF_RESULT_ROWS" => Some("0".into()),
            _ => None,
        })
        .expect("0 is a value");
        assert_eq!(settings.limits.turn, None);
        assert_eq!(settings.limits.result_rows, usize::MAX);
    }

    #[test]
    fn a_wrong_value_is_named_with_what_is_expected() {
        for (name, value) in [
            ("PORT", "eighty"),
            ("PORT", "70000"),
            ("HOST", "example"),
            ("QF_TURN_SECONDS", "-1"),
            ("QF_TURN_SECONDS", "NaN"),
            ("QF_OLLAMA_DISCOVERY", "maybe"),
        ] {
            let error = Settings::from_variables(|asked| (asked == name).then(|| value.into()))
                .expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
