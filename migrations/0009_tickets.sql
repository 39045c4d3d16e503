create table tickets (
    -- of the word itself: whoever reads this table can open nothing with it
    digest bytea primary key,
    owner text not null,
    expires_at timestamptz not null
);
comment on table tickets is 'Words that open one socket each, at whichever process; they live for half a minute.';
create index tickets_by_owner on tickets (owner, expires_at desc);

-- how many questions a person asked within the last minute, wherever
create index turns_by_owner on turns (owner, started_at desc);
