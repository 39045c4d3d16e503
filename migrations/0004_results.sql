create table results (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    owner text not null,
    turn_id uuid references turns (id) on delete cascade,
    columns jsonb not null,
    row_count integer not null,
    truncated boolean not null,
    elapsed_ms bigint not null,
    chart jsonb,
    created_at timestamptz not null default now()
);
comment on table results is 'What one executed query returned; its rows are in result_pages.';
create index results_by_age on results (created_at);
create index results_by_turn on results (turn_id);

create table result_pages (
    result_id uuid not null references results (id) on delete cascade,
    -- of the first row of the page
    first_row integer not null,
    -- a JSON array of rows, each an array of values
    rows text not null,
    primary key (result_id, first_row)
);
comment on table result_pages is 'Rows of a result, some hundreds to a page.';
