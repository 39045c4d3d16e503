create table annotations (
    id uuid primary key,
    dataset_id uuid not null references datasets (id) on delete cascade,
    table_name text not null,
    -- null: about the table itself
    column_name text,
    description text not null,
    synonyms text[] not null default '{}',
    status text not null default 'approved' check (status in ('suggested', 'approved', 'rejected')),
    author text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint one_annotation_per_place unique nulls not distinct (dataset_id, table_name, column_name)
);
comment on table annotations is 'What an expert says a table or column means; laid over the schema snapshot.';
