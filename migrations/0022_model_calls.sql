create table model_calls (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    owner text not null,
    -- what was paid for stays when its conversation is deleted
    turn_id uuid references turns (id) on delete set null,
    -- the prompt's folder
    task text not null,
    attempt integer not null,
    tries integer not null,
    provider text not null,
    model text not null,
    outcome text not null,
    input_tokens bigint not null,
    cached_input_tokens bigint not null,
    output_tokens bigint not null,
    -- the provider did not say; counted from the words
    estimated boolean not null,
    -- null: the price is not known
    cost_usd double precision,
    first_token_ms bigint,
    ms bigint not null,
    started_at timestamptz not null
);
comment on table model_calls is 'Every try of every call of a model: what it was for, what it came to, what it cost.';
create index model_calls_by_age on model_calls (workspace_id, started_at);
create index model_calls_by_turn on model_calls (turn_id);

create table token_days (
    workspace_id uuid not null references workspaces (id),
    -- empty: the workspace as a whole
    owner text not null,
    -- UTC
    day date not null,
    used bigint not null default 0,
    -- by calls that are under way
    reserved bigint not null default 0,
    primary key (workspace_id, owner, day)
);
comment on table token_days is 'Tokens of models a day: reserved before a call, settled after it.';
