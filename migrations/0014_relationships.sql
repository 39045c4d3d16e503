create table relationships (
    id uuid primary key,
    dataset_id uuid not null references datasets (id) on delete cascade,
    from_table text not null,
    from_columns text[] not null,
    to_table text not null,
    to_columns text[] not null,
    kind text not null check (kind in ('one_to_one', 'one_to_many', 'many_to_one', 'many_to_many')),
    note text not null default '',
    author text not null,
    broken text,
    created_at timestamptz not null default now(),
    constraint one_relationship_per_pair unique (dataset_id, from_table, from_columns, to_table, to_columns)
);
comment on table relationships is 'Joins that an expert declared where the database has no foreign key; laid over the schema snapshot.';
