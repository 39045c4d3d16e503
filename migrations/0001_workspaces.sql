create table workspaces (
    id uuid primary key,
    name text not null,
    created_at timestamptz not null default now()
);
comment on table workspaces is 'The unit of isolation: people, connections, datasets and knowledge belong to one.';

insert into workspaces (id, name) values ('00000000-0000-7000-8000-000000000001', 'Local');
