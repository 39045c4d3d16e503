create table datasets (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    name text not null,
    description text not null default '',
    dialect text not null,
    -- {"kind": "postgres", "url": …} or {"kind": "sqlite", "path": …}; no secret is kept here
    connection jsonb not null,
    -- questions to begin with
    questions jsonb not null default '[]',
    created_at timestamptz not null default now(),
    constraint datasets_name_is_taken unique (workspace_id, name)
);
comment on table datasets is 'A named schema that questions are asked about, and how to reach the database behind it.';

create table schema_snapshots (
    dataset_id uuid not null references datasets (id) on delete cascade,
    version integer not null,
    schema jsonb not null,
    taken_at timestamptz not null default now(),
    primary key (dataset_id, version)
);
comment on table schema_snapshots is 'Immutable readings of a dataset''s schema with sample values; the highest version is in force.';
