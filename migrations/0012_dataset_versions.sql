alter table datasets
    -- how it was made: 'sample', 'ddl', 'json' or 'connection'
    add column origin text not null default 'sample' check (origin in ('sample', 'ddl', 'json', 'connection')),
    -- both rise with every change, so that a process sees with one small read what it has to load again
    add column knowledge_version bigint not null default 0,
    add column examples_version bigint not null default 0;

create table refresh_reports (
    dataset_id uuid not null references datasets (id) on delete cascade,
    -- of the snapshot that the refresh made
    version integer not null,
    report jsonb not null,
    created_at timestamptz not null default now(),
    primary key (dataset_id, version)
);
comment on table refresh_reports is 'What a changed schema broke in a dataset''s knowledge, and the rewrites proposed for it.';
