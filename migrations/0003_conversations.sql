create table conversations (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    owner text not null,
    title text not null default '',
    dataset_id uuid references datasets (id) on delete set null,
    -- every event sequence number up to this one is allocated; see conversation::log
    seq_hi bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
comment on table conversations is 'One chat of one person; threadId on the wire.';
create index conversations_by_owner on conversations (owner, updated_at desc) where deleted_at is null;

create table turns (
    id uuid primary key,
    conversation_id uuid not null references conversations (id) on delete cascade,
    dataset_id uuid references datasets (id) on delete set null,
    -- of everything that makes the input: a repeated submit attaches, a different one is refused
    input_hash bytea not null,
    input jsonb not null,
    question text not null,
    status text not null check (status in ('running', 'succeeded', 'failed', 'cancelled', 'interrupted')),
    lease_owner uuid not null,
    lease_until timestamptz not null,
    stages jsonb not null default '[]',
    -- messages so far of a turn that is running, saved about every second
    partial jsonb not null default '[]',
    -- RUN_FINISHED.result of a turn that succeeded
    result jsonb,
    error jsonb,
    interrupt jsonb,
    usage jsonb not null default '[]',
    -- the terminal event, byte for byte, and its sequence number
    terminal_event text,
    terminal_seq bigint,
    trace_id text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz
);
comment on table turns is 'One question and everything done to answer it; runId on the wire.';
create unique index one_running_turn_per_conversation on turns (conversation_id) where status = 'running';
create index turns_by_conversation on turns (conversation_id, started_at);
create index turns_by_lease on turns (lease_until) where status = 'running';

create table messages (
    conversation_id uuid not null references conversations (id) on delete cascade,
    -- made by a client for a user's message, by us for the others
    id text not null,
    turn_id uuid not null references turns (id) on delete cascade,
    -- order within the conversation
    position bigint generated always as identity,
    -- a whole message as on the wire
    message jsonb not null,
    created_at timestamptz not null default now(),
    primary key (conversation_id, id)
);
comment on table messages is 'What was said in a conversation: questions, queries, results and answers.';
create index messages_by_position on messages (conversation_id, position);
create index messages_by_turn on messages (turn_id);
