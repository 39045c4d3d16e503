//! Where a page begins: a moment alone is not enough, because two rows can share one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A row's time and its id, as text `<RFC 3339>_<uuid>`; a time alone is a cursor too, before all rows of
/// that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = self.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        write!(f, "{at}_{}", self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "`before` is the `next` of the page before";
        let (at, id) = text.split_once('_').unwrap_or((text, ""));
        let at = DateTime::parse_from_rfc3339(at).map_err(|_| EXPECTED)?;
        let id = match id {
            "" => Uuid::nil(),
            id => id.parse().map_err(|_| EXPECTED)?,
        };
        Ok(Self {
            at: at.with_timezone(&Utc),
            id,
        })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Cursor {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for Cursor {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_a_bare_time_is_one() {
        let cursor: Cursor = "2026-01-02T03:04:05.678901Z_0190a7f0-0000-7000-8000-000000000001"
            .parse()
            .expect("a cursor");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let bare: Cursor = "2026-01-02T03:04:05Z".parse().expect("a time");
        assert_eq!(bare.id, Uuid::nil());
        for wrong in ["", "_", "yesterday", "2026-01-02T03:04:05Z_1"] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }
}
