create table review_items (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    dataset_id uuid references datasets (id) on delete cascade,
    turn_id uuid not null references turns (id) on delete cascade,
    reason text not null check (reason in ('low_confidence', 'failed_validation', 'thumbs_down', 'thumbs_up', 'clarifications')),
    priority text not null check (priority in ('low', 'normal', 'high')),
    status text not null default 'open' check (status in ('open', 'approved', 'rejected', 'corrected', 'skipped', 'escalated')),
    question text not null,
    query text,
    confidence real,
    category text,
    comment text,
    correction text,
    decided_by text,
    decided_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table review_items is 'Answers that an expert should look at, and why.';
create unique index one_open_review_per_turn on review_items (turn_id) where status = 'open';
create index review_items_by_queue on review_items (workspace_id, status, created_at);
create index turns_by_dataset on turns (dataset_id, started_at);
