create table feedback (
    id uuid primary key,
    turn_id uuid not null references turns (id) on delete cascade,
    owner text not null,
    rating text not null check (rating in ('up', 'down')),
    category text check (category in ('wrong_table', 'wrong_columns', 'wrong_filter', 'wrong_aggregation', 'syntax_error', 'incomplete', 'other')),
    comment text,
    -- the query as it should have been
    correction text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint one_feedback_per_person unique (turn_id, owner)
);
comment on table feedback is 'What a person said of a turn: thumb, category, words, a corrected query.';
create index feedback_by_age on feedback (created_at);
