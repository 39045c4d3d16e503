create table examples (
    id uuid primary key,
    dataset_id uuid not null references datasets (id) on delete cascade,
    question text not null,
    -- of the question, folded: see knowledge::wording
    question_key text not null,
    -- other wordings of the same question
    variants text[] not null default '{}',
    query text not null,
    kind text not null check (kind in ('sql', 'q', 'pipeline')),
    trust text not null check (trust in ('staged', 'verified', 'negative')),
    -- category, complexity, business_rule, department, frequency
    tags jsonb not null default '{}',
    -- where it came from: {"source", "turn_id", "by"}
    provenance jsonb not null,
    note text not null default '',
    -- tables that the query reads
    reads text[] not null default '{}',
    executed_at timestamptz,
    row_count integer,
    verified_at timestamptz,
    verified_by text,
    -- findings of the checker against the newest schema; null while it fits
    broken jsonb,
    -- of datasets.examples_version, when it last changed
    version bigint not null,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint verified_means_executed check (trust <> 'verified' or executed_at is not null)
);
comment on table examples is 'Questions with the query that answers them, or that must not: staged, verified by being executed, or negative.';
create index examples_by_version on examples (dataset_id, version);
create index examples_by_age on examples (dataset_id, updated_at desc, id) where deleted_at is null;
create unique index example_is_there on examples (dataset_id, question_key, md5(query), (trust = 'negative'))
    where deleted_at is null;
