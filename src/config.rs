//! All settings, read from the environment (and `.env`) in one place.
//!
//! Each setting's name, default and unit stands in [`Settings::from_env`], and nowhere else; the
//! README's table is checked against [`NAMES`] by a test. A limit of 0 is no limit.

mod embedding;

pub use embedding::{EmbeddingProvider, EmbeddingSettings};

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
    pub telemetry: TelemetrySettings,
    /// None: search is by words alone.
    pub embedding: Option<EmbeddingSettings>,
    pub limits: Limits,
}

#[derive(Clone, Debug)]
pub struct ModelSettings {
    pub openai_base_url: String,
    pub openai_api_key: Option<SecretString>,
    /// None means no OpenAI-compatible endpoint is configured.
    pub openai_model: Option<String>,
    pub azure: Option<AzureModel>,
    pub anthropic: Option<HostedModel>,
    pub gemini: Option<HostedModel>,
    pub vertex: Option<VertexModel>,
    pub stages: StageModels,
    /// `model=input/cached/output`, US dollars for a million tokens, comma-separated.
    pub prices: String,
    pub ollama_base_url: String,
    /// Look for a local Ollama when nothing else is configured.
    pub ollama_discovery: bool,
    pub temperature: f32,
    pub max_tokens: u32,
    pub first_token: Duration,
    pub silence: Duration,
    /// Of all turns of this process, at once; twice as many may wait.
    pub calls: usize,
}

/// A provider that is configured by its key.
#[derive(Clone, Debug)]
pub struct HostedModel {
    pub api_key: SecretString,
    /// The provider's own unless set.
    pub base_url: Option<String>,
    pub model: String,
    pub temperature: f32,
    pub max_tokens: u32,
}

/// A deployment in Azure OpenAI.
#[derive(Clone, Debug)]
pub struct AzureModel {
    pub endpoint: String,
    pub api_key: SecretString,
    pub deployment: String,
    /// None: the API without versions.
    pub api_version: Option<String>,
}

/// Gemini in Vertex AI. Model, temperature and tokens are those of Gemini.
#[derive(Clone, Debug)]
pub struct VertexModel {
    pub project: String,
    pub location: String,
    /// A service account's key file.
    pub credentials: PathBuf,
    pub model: String,
    pub temperature: f32,
    pub max_tokens: u32,
}

/// Which model does what, where that is not the first one configured.
#[derive(Clone, Debug, Default)]
pub struct StageModels {
    /// Classifies what rules are unsure of; none: rules decide alone.
    pub intent: Option<StageModel>,
    pub generation: Option<StageModel>,
    /// Puts results and schemas into words; none: templates do.
    pub answer: Option<StageModel>,
    /// Shortens what is old in a long conversation; none: the one that generates.
    pub summary: Option<StageModel>,
}

/// `provider:model`, or a provider with the model that is configured for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageModel {
    pub provider: String,
    pub model: Option<String>,
}

/// Where traces go; nowhere unless set.
#[derive(Clone, Debug, Default)]
pub struct TelemetrySettings {
    /// The base of an OTLP/HTTP collector; `/v1/traces` follows.
    pub otlp_endpoint: Option<String>,
    /// `name=value`, comma-separated.
    pub otlp_headers: Option<SecretString>,
    pub service_name: String,
    /// Questions, prompts and replies are part of what is sent.
    pub content: bool,
    pub langfuse: Option<Langfuse>,
}

#[derive(Clone, Debug)]
pub struct Langfuse {
    pub host: String,
    pub public_key: SecretString,
    pub secret_key: SecretString,
}

#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall clock of one turn.
    pub turn: Option<Duration>,
    pub statement: Duration,
    pub result_rows: usize,
    pub result_bytes: usize,
    /// A query that would read more rows than this runs only after the person said so.
    pub ask_above_rows: usize,
    pub refinements: u32,
    pub escalations: u32,
    /// Of one question, in bytes.
    pub question_bytes: usize,
    pub submits_per_minute: u32,
    pub running_turns_per_owner: usize,
    pub running_turns_per_workspace: usize,
    /// Turns that one process takes on at a time.
    pub running_turns_per_process: usize,
    pub sockets_per_owner: usize,
    /// Of models, a day (UTC).
    pub tokens_per_workspace: Option<u64>,
    pub tokens_per_owner: Option<u64>,
    /// Queries that people wrote or edited, per person.
    pub executes_per_minute: u32,
    /// Schemas read anew, per person.
    pub refreshes_per_minute: u32,
    /// Stored results of one person, together.
    pub stored_bytes: usize,
    /// Between two pings on an open connection.
    pub ping: Duration,
    /// Tables put before the generator, at most.
    pub retrieved_tables: usize,
    /// Results are deleted after this.
    pub result_lifetime: Duration,
    pub clarification_lifetime: Duration,
    /// How long an owner may be silent before its turns are taken for dead. It speaks every fifth of it, and others look as often: 15 s are at most 18.
    pub lease: Duration,
}

impl Limits {
    /// After so much silence something is said that a page can see.
    pub fn silence(&self) -> Duration {
        self.ping * 3 / 4
    }

    /// Two pings missed.
    pub fn peer_gone(&self) -> Duration {
        self.ping * 9 / 4
    }
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
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_DEPLOYMENT",
    "AZURE_OPENAI_API_VERSION",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "CLAUDE_MODEL",
    "CLAUDE_TEMPERATURE",
    "CLAUDE_MAX_TOKENS",
    "GEMINI_API_KEY",
    "GEMINI_MODEL",
    "GEMINI_TEMPERATURE",
    "GEMINI_MAX_TOKENS",
    "GEMINI_BASE_URL",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "INTENT_MODEL",
    "GENERATION_MODEL",
    "ANSWER_MODEL",
    "SUMMARY_MODEL",
    "QF_MODEL_PRICES",
    "QF_TOKENS_PER_DAY",
    "QF_TOKENS_PER_DAY_PER_USER",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    "LANGFUSE_PUBLIC_KEY",
    "LANGFUSE_SECRET_KEY",
    "LANGFUSE_HOST",
    "OLLAMA_BASE_URL",
    "QF_OLLAMA_DISCOVERY",
    "EMBEDDING_PROVIDER",
    "EMBEDDING_MODEL",
    "EMBEDDING_DIMENSION",
    "EMBEDDING_BASE_URL",
    "EMBEDDING_API_KEY",
    "QF_EMBEDDING_SECONDS",
    "QF_TEMPERATURE",
    "QF_MAX_TOKENS",
    "QF_FIRST_TOKEN_SECONDS",
    "QF_SILENCE_SECONDS",
    "QF_MODEL_CALLS",
    "QF_TURN_SECONDS",
    "QF_STATEMENT_SECONDS",
    "QF_RESULT_ROWS",
    "QF_RESULT_BYTES",
    "QF_ASK_ABOVE_ROWS",
    "MAX_REFINEMENT_ITERATIONS",
    "MAX_ESCALATION_ITERATIONS",
    "QF_QUESTION_BYTES",
    "QF_SUBMITS_PER_MINUTE",
    "QF_RUNNING_TURNS",
    "QF_WORKSPACE_TURNS",
    "QF_PROCESS_TURNS",
    "QF_SOCKETS",
    "QF_EXECUTES_PER_MINUTE",
    "QF_REFRESHES_PER_MINUTE",
    "QF_STORED_RESULT_BYTES",
    "QF_PING_SECONDS",
    "QF_SERVER",
    "QF_TOKEN",
    "RUST_LOG",
    "MAX_RETRIEVED_TABLES",
    "QF_RESULT_HOURS",
    "QF_CLARIFICATION_MINUTES",
    "QF_LEASE_SECONDS",
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
            allowed_origins: read.list(
                "ALLOWED_ORIGINS",
                is_origin,
                "a list of origins such as https://bi.example.com, without a path, separated by commas",
            )?,
            allowed_hosts: read.list(
                "ALLOWED_HOSTS",
                is_host,
                "a list of host names such as bi.example.com, without scheme, port or path, separated by commas",
            )?,
            models: ModelSettings {
                openai_base_url: read.url("OPENAI_BASE_URL", "https://api.openai.com/v1")?,
                openai_api_key: secret("OPENAI_API_KEY"),
                openai_model: (read.variable)("OPENAI_MODEL"),
                azure: read.azure()?,
                vertex: read.vertex()?,
                stages: StageModels {
                    intent: read.stage("INTENT_MODEL")?,
                    generation: read.stage("GENERATION_MODEL")?,
                    answer: read.stage("ANSWER_MODEL")?,
                    summary: read.stage("SUMMARY_MODEL")?,
                },
                prices: read.text("QF_MODEL_PRICES", ""),
                anthropic: read.hosted(
                    "ANTHROPIC_API_KEY",
                    "ANTHROPIC_BASE_URL",
                    ("CLAUDE_MODEL", "claude-sonnet-4-5"),
                    ("CLAUDE_TEMPERATURE", "0.2"),
                    ("CLAUDE_MAX_TOKENS", "4096"),
                )?,
                gemini: read.hosted(
                    "GEMINI_API_KEY",
                    "GEMINI_BASE_URL",
                    ("GEMINI_MODEL", "gemini-2.5-pro"),
                    ("GEMINI_TEMPERATURE", "0.2"),
                    ("GEMINI_MAX_TOKENS", "8192"),
                )?,
                ollama_base_url: read.url("OLLAMA_BASE_URL", "http://127.0.0.1:11434")?,
                ollama_discovery: read.flag("QF_OLLAMA_DISCOVERY", true)?,
                temperature: read.temperature("QF_TEMPERATURE", "0.2")?,
                max_tokens: read.max_tokens("QF_MAX_TOKENS", "4096")?,
                first_token: read
                    .seconds("QF_FIRST_TOKEN_SECONDS", "20")?
                    .unwrap_or(FOREVER),
                silence: read.seconds("QF_SILENCE_SECONDS", "30")?.unwrap_or(FOREVER),
                calls: read.parsed("QF_MODEL_CALLS", "32", "a whole number, 1 or more")?,
            },
            telemetry: TelemetrySettings {
                otlp_endpoint: (read.variable)("OTEL_EXPORTER_OTLP_ENDPOINT"),
                otlp_headers: secret("OTEL_EXPORTER_OTLP_HEADERS"),
                service_name: read.text("OTEL_SERVICE_NAME", "queryforge"),
                content: read.flag("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", false)?,
                langfuse: read.langfuse()?,
            },
            embedding: EmbeddingSettings::read(&read)?,
            limits: Limits {
                turn: read.seconds("QF_TURN_SECONDS", "120")?,
                statement: read
                    .seconds("QF_STATEMENT_SECONDS", "30")?
                    .unwrap_or(FOREVER),
                result_rows: read.limit("QF_RESULT_ROWS", "10000")?,
                result_bytes: read.limit("QF_RESULT_BYTES", "16777216")?,
                ask_above_rows: read.limit("QF_ASK_ABOVE_ROWS", "20000000")?,
                refinements: read.parsed("MAX_REFINEMENT_ITERATIONS", "3", "a whole number")?,
                escalations: read.parsed("MAX_ESCALATION_ITERATIONS", "2", "a whole number")?,
                question_bytes: read.limit("QF_QUESTION_BYTES", "16384")?,
                submits_per_minute: read.per_minute("QF_SUBMITS_PER_MINUTE", "20")?,
                running_turns_per_owner: read.limit("QF_RUNNING_TURNS", "8")?,
                running_turns_per_workspace: read.limit("QF_WORKSPACE_TURNS", "256")?,
                running_turns_per_process: read.limit("QF_PROCESS_TURNS", "512")?,
                sockets_per_owner: read.limit("QF_SOCKETS", "32")?,
                tokens_per_workspace: read.tokens("QF_TOKENS_PER_DAY")?,
                tokens_per_owner: read.tokens("QF_TOKENS_PER_DAY_PER_USER")?,
                executes_per_minute: read.per_minute("QF_EXECUTES_PER_MINUTE", "60")?,
                refreshes_per_minute: read.per_minute("QF_REFRESHES_PER_MINUTE", "10")?,
                stored_bytes: read.limit("QF_STORED_RESULT_BYTES", "1073741824")?,
                ping: read.pause("QF_PING_SECONDS", "20")?,
                retrieved_tables: read.limit("MAX_RETRIEVED_TABLES", "12")?,
                result_lifetime: read
                    .seconds_of("QF_RESULT_HOURS", "168", 3600)?
                    .unwrap_or(FOREVER),
                clarification_lifetime: read
                    .seconds_of("QF_CLARIFICATION_MINUTES", "1440", 60)?
                    .unwrap_or(FOREVER),
                lease: read.seconds("QF_LEASE_SECONDS", "15")?.unwrap_or(FOREVER),
            },
        })
    }
}

/// Of `failpoint`; not a setting, and not there in a release build.
#[cfg(debug_assertions)]
pub fn test_variable(name: &'static str) -> Option<String> {
    std::env::var(name).ok()
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

/// What a stage's model may come from.
const PROVIDERS: [&str; 6] = ["openai", "azure", "anthropic", "gemini", "vertex", "ollama"];

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

    fn per_minute(&self, name: &'static str, default: &str) -> Result<u32, SettingError> {
        Ok(self.limit(name, default)?.try_into().unwrap_or(u32::MAX))
    }

    /// A duration that cannot be off.
    fn pause(&self, name: &'static str, default: &str) -> Result<Duration, SettingError> {
        let seconds: f64 = self.between(
            name,
            default,
            0.1..=3600.0,
            "a number of seconds, 0.1 to 3600",
        )?;
        Ok(Duration::from_secs_f64(seconds))
    }

    fn between<T: std::str::FromStr + PartialOrd>(
        &self,
        name: &'static str,
        default: &str,
        range: std::ops::RangeInclusive<T>,
        expected: &'static str,
    ) -> Result<T, SettingError> {
        let number: T = self.parsed(name, default, expected)?;
        if range.contains(&number) {
            return Ok(number);
        }
        Err(SettingError {
            name,
            value: self.text(name, default),
            expected,
        })
    }

    fn temperature(&self, name: &'static str, default: &str) -> Result<f32, SettingError> {
        self.between(name, default, 0.0..=2.0, "a number, 0 to 2")
    }

    fn max_tokens(&self, name: &'static str, default: &str) -> Result<u32, SettingError> {
        self.between(name, default, 1..=u32::MAX, "a number of tokens, 1 or more")
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
        base_url: &'static str,
        model: (&'static str, &str),
        temperature: (&'static str, &str),
        max_tokens: (&'static str, &str),
    ) -> Result<Option<HostedModel>, SettingError> {
        // a wrong value is told at once, not on the day that the key comes
        let temperature = self.temperature(temperature.0, temperature.1)?;
        let max_tokens = self.max_tokens(max_tokens.0, max_tokens.1)?;
        Ok((self.variable)(key).map(|api_key| HostedModel {
            api_key: SecretString::from(api_key),
            base_url: (self.variable)(base_url),
            model: self.text(model.0, model.1),
            temperature,
            max_tokens,
        }))
    }

    /// What belongs together is set together: the first name decides.
    fn with(
        &self,
        first: &'static str,
        name: &'static str,
        expected: &'static str,
    ) -> Result<String, SettingError> {
        (self.variable)(name).ok_or_else(|| SettingError {
            name,
            value: format!("not set, and {first} is"),
            expected,
        })
    }

    fn azure(&self) -> Result<Option<AzureModel>, SettingError> {
        const ENDPOINT: &str = "AZURE_OPENAI_ENDPOINT";
        if (self.variable)(ENDPOINT).is_none() {
            return Ok(None);
        }
        Ok(Some(AzureModel {
            endpoint: self.url(ENDPOINT, "")?,
            api_key: self
                .with(ENDPOINT, "AZURE_OPENAI_API_KEY", "a key of that resource")?
                .into(),
            deployment: self.with(ENDPOINT, "AZURE_OPENAI_DEPLOYMENT", "a deployment's name")?,
            api_version: (self.variable)("AZURE_OPENAI_API_VERSION"),
        }))
    }

    fn vertex(&self) -> Result<Option<VertexModel>, SettingError> {
        const PROJECT: &str = "GOOGLE_CLOUD_PROJECT";
        let Some(project) = (self.variable)(PROJECT) else {
            return Ok(None);
        };
        // the project may be named for embeddings alone, which have a token of their own
        let embeds = (self.variable)("EMBEDDING_PROVIDER").as_deref() == Some("vertex");
        if embeds && (self.variable)("GOOGLE_APPLICATION_CREDENTIALS").is_none() {
            return Ok(None);
        }
        let credentials = self.with(
            PROJECT,
            "GOOGLE_APPLICATION_CREDENTIALS",
            "the path of a service account's key file",
        )?;
        Ok(Some(VertexModel {
            project,
            location: self.text("GOOGLE_CLOUD_LOCATION", "global"),
            credentials: credentials.into(),
            model: self.text("GEMINI_MODEL", "gemini-2.5-pro"),
            temperature: self.temperature("GEMINI_TEMPERATURE", "0.2")?,
            max_tokens: self.max_tokens("GEMINI_MAX_TOKENS", "8192")?,
        }))
    }

    fn langfuse(&self) -> Result<Option<Langfuse>, SettingError> {
        const PUBLIC: &str = "LANGFUSE_PUBLIC_KEY";
        let Some(public_key) = (self.variable)(PUBLIC) else {
            return Ok(None);
        };
        Ok(Some(Langfuse {
            host: self.url("LANGFUSE_HOST", "https://cloud.langfuse.com")?,
            public_key: public_key.into(),
            secret_key: self
                .with(
                    PUBLIC,
                    "LANGFUSE_SECRET_KEY",
                    "the secret key of the same project",
                )?
                .into(),
        }))
    }

    fn stage(&self, name: &'static str) -> Result<Option<StageModel>, SettingError> {
        let Some(value) = (self.variable)(name) else {
            return Ok(None);
        };
        let (provider, model) = match value.split_once(':') {
            Some((provider, model)) => (provider, Some(model.trim().to_owned())),
            None => (value.as_str(), None),
        };
        if !PROVIDERS.contains(&provider) || model.as_deref() == Some("") {
            return Err(SettingError {
                name,
                value,
                expected: "provider:model, where the provider is openai, azure, anthropic, gemini, vertex or ollama",
            });
        }
        Ok(Some(StageModel {
            provider: provider.to_owned(),
            model,
        }))
    }

    fn tokens(&self, name: &'static str) -> Result<Option<u64>, SettingError> {
        let tokens: u64 = self.parsed(name, "0", "a number of tokens; 0 turns the limit off")?;
        Ok((tokens > 0).then_some(tokens))
    }

    fn list(
        &self,
        name: &'static str,
        is_one: fn(&str) -> bool,
        expected: &'static str,
    ) -> Result<Vec<String>, SettingError> {
        let value = self.text(name, "");
        let parts: Vec<String> = value
            .split(',')
            .map(|part| part.trim().trim_end_matches('/').to_owned())
            .filter(|part| !part.is_empty())
            .collect();
        match parts.iter().find(|part| !is_one(part)) {
            None => Ok(parts),
            Some(wrong) => Err(SettingError {
                name,
                value: wrong.clone(),
                expected,
            }),
        }
    }

    /// The address of an HTTP endpoint.
    fn url(&self, name: &'static str, default: &str) -> Result<String, SettingError> {
        let value = self.text(name, default);
        let rest = ["http://", "https://"]
            .iter()
            .find_map(|scheme| value.strip_prefix(scheme));
        if rest.is_some_and(|rest| {
            !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace)
        }) {
            return Ok(value);
        }
        Err(SettingError {
            name,
            value,
            expected: "an address that begins with http:// or https://",
        })
    }
}

fn is_origin(text: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .is_some_and(|rest| {
            let host = match rest.rsplit_once(':') {
                Some((host, port)) if !port.ends_with(']') => {
                    if port.parse::<u16>().is_err() {
                        return false;
                    }
                    host
                }
                _ => rest,
            };
            is_host(host)
        })
}

fn is_host(text: &str) -> bool {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        }
    }
}

/// What is logged, in the form of `tracing`'s directives.
pub fn log_directives() -> String {
    std::env::var("RUST_LOG")
        .ok()
        .filter(|directives| !directives.trim().is_empty())
        .unwrap_or_else(|| "info,sqlx=warn,hyper=warn".to_owned())
}

/// The server that the verbs `ask`, `onboard`, `import` and `replay` talk to.
pub fn server_url() -> String {
    let _ = dotenvy::dotenv();
    std::env::var("QF_SERVER")
        .ok()
        .filter(|url| !url.trim().is_empty())
        .unwrap_or_else(|| "http://127.0.0.1:8000".to_owned())
}

/// Who `queryforge ask`, `replay`, `import` and `onboard` are for their server; none for one that asks nobody.
pub fn server_token() -> Option<SecretString> {
    let _ = dotenvy::dotenv();
    std::env::var("QF_TOKEN")
        .ok()
        .filter(|token| !token.trim().is_empty())
        .map(SecretString::from)
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
            ("INTENT_MODEL", "gpt"),
            ("QF_TOKENS_PER_DAY", "many"),
            ("QF_TEMPERATURE", "2.1"),
            ("QF_TEMPERATURE", "NaN"),
            ("CLAUDE_TEMPERATURE", "-0.1"),
            ("GEMINI_TEMPERATURE", "hot"),
            ("CLAUDE_MAX_TOKENS", "0"),
            ("GEMINI_MAX_TOKENS", "many"),
            ("QF_PING_SECONDS", "0"),
            ("ALLOWED_ORIGINS", "bi.example.com"),
            ("ALLOWED_ORIGINS", "https://bi.example.com/app"),
            (
                "ALLOWED_ORIGINS",
                "https://ok.example,https://bad.example:port",
            ),
            ("ALLOWED_HOSTS", "https://bi.example.com"),
            ("ALLOWED_HOSTS", "bi.example.com:8000"),
            ("OPENAI_BASE_URL", "api.openai.com/v1"),
            ("OLLAMA_BASE_URL", "localhost:11434"),
        ] {
            let error = Settings::from_variables(|asked| (asked == name).then(|| value.into()))
                .expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
