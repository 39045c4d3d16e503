create table directives (
    id uuid primary key,
    dataset_id uuid not null references datasets (id) on delete cascade,
    key text not null,
    value text not null,
    context text not null default '',
    author text not null,
    broken text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table directives is 'The glossary: a word of the organisation and what a query has to make of it.';
create unique index one_directive_per_key on directives (dataset_id, lower(key));
