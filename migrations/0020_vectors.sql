create table vectors (
    -- provider, place, model and dimension: vectors of different embedders are never compared
    embedder text not null,
    -- SHA-256 of the text
    text_hash bytea not null,
    -- numbers of four bytes, little-endian
    vector bytea not null,
    used_at timestamptz not null default now(),
    primary key (embedder, text_hash)
);
create index vectors_by_use on vectors (used_at);
comment on table vectors is 'What an embedder made of a text, so that it is asked once; may be emptied at any time.';
