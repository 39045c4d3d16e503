create table token_reservations (
    -- no reference: a turn may be deleted while its calls are under way
    turn_id uuid not null,
    workspace_id uuid not null references workspaces (id),
    -- empty: the workspace as a whole
    owner text not null,
    -- UTC
    day date not null,
    tokens bigint not null,
    expires_at timestamptz not null,
    primary key (turn_id, owner)
);
comment on table token_reservations is 'Whose turn holds how many of token_days.reserved, and until when: a process that dies settles nothing.';
create index token_reservations_by_expiry on token_reservations (expires_at);

-- what was held before there were rows for it
update token_days set reserved = 0 where reserved > 0;
