create table turn_records (
    turn_id uuid primary key references turns (id) on delete cascade,
    -- of the schema snapshot
    dataset_version integer not null,
    -- of the program
    version text not null,
    -- JSON, kept byte for byte: what the turn was told from outside, and a digest of each of its events
    record text not null,
    created_at timestamptz not null default now()
);
comment on table turn_records is 'What a turn can be played again from: prompts, replies, what was found and decided.';

create table turn_signals (
    turn_id uuid primary key references turns (id) on delete cascade,
    -- what confidence was made from; see answering::confidence
    signals jsonb not null,
    -- in 0..=1, as it was shown
    confidence real not null,
    created_at timestamptz not null default now()
);
comment on table turn_signals is 'What spoke for and against an answer; with what people said of it, confidence is calibrated.';
create index turn_signals_by_age on turn_signals (created_at);
