create table conversation_summaries (
    conversation_id uuid primary key references conversations (id) on delete cascade,
    summary text not null,
    -- turns that began up to here are in it
    upto timestamptz not null,
    updated_at timestamptz not null default now()
);
comment on table conversation_summaries is 'The older part of a long conversation in a few sentences, for the prompts of later turns.';
