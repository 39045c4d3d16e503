//! Vectors by the hash of their text, so that no text is embedded twice.

use super::{Result, Store};
use std::collections::HashMap;

/// SHA-256 of a text.
pub type TextHash = [u8; 32];

impl Store {
    /// The vectors known of these texts; they count as used today.
    pub async fn vectors(
        &self,
        embedder: &str,
        texts: &[TextHash],
    ) -> Result<HashMap<TextHash, Vec<f32>>> {
        let hashes: Vec<&[u8]> = texts.iter().map(|hash| &hash[..]).collect();
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "with used as (
                update vectors set used_at = now()
                 where embedder = $1 and text_hash = any($2) and used_at < now() - interval '1 day'
             )
             select text_hash, vector from vectors where embedder = $1 and text_hash = any($2)",
        )
        .bind(embedder)
        .bind(hashes)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(hash, bytes)| Some((hash.try_into().ok()?, numbers(&bytes))))
            .collect())
    }

    /// Keeps vectors for later; of a text that has one already the new one counts.
    pub async fn keep_vectors(
        &self,
        embedder: &str,
        vectors: &[(TextHash, Vec<f32>)],
    ) -> Result<()> {
        let hashes: Vec<&[u8]> = vectors.iter().map(|(hash, _)| &hash[..]).collect();
        let bytes: Vec<Vec<u8>> = vectors.iter().map(|(_, vector)| bytes(vector)).collect();
        sqlx::query(
            "insert into vectors (embedder, text_hash, vector)
             select distinct on (text_hash) $1, text_hash, vector
               from unnest($2::bytea[], $3::bytea[]) as given (text_hash, vector)
             on conflict (embedder, text_hash)
                do update set vector = excluded.vector, used_at = now()",
        )
        .bind(embedder)
        .bind(hashes)
        .bind(bytes)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Drops what nobody used for so long, and returns how many vectors that were.
    pub async fn forget_vectors(&self, unused_days: i32) -> Result<u64> {
        let done =
            sqlx::query("delete from vectors where used_at < now() - make_interval(days => $1)")
                .bind(unused_days)
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected())
    }
}

pub fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|x| x.to_le_bytes()).collect()
}

pub fn numbers(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers
        .iter()
        .map(|four| f32::from_le_bytes(*four))
        .collect()
}
