create table model_replies (
    turn_id uuid not null references turns (id) on delete cascade,
    -- of `prompts/`
    task text not null,
    attempt integer not null,
    -- of the whole request: a reply is only of use to the same words
    request_hash bytea not null,
    -- {"provider", "model", "text", "usage", "stop"}
    reply jsonb not null,
    created_at timestamptz not null default now(),
    primary key (turn_id, task, attempt)
);
comment on table model_replies is 'Finished model calls of turns that have not ended well: a retry after a crash does not pay for them again.';
create index model_replies_by_age on model_replies (created_at);
