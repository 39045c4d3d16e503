-- A turn's lease: who may write it, as whose, and whether somebody wants it stopped.
alter table turns
    -- rises with every taking of the lease: the end of the block of sequence numbers that came with it.
    -- Every write of an owner names it; one that finds another number comes from a process that was taken for dead
    add column fence bigint not null default 0,
    -- whose question it is, here too so that limits are a matter of one index
    add column owner text not null default '',
    add column workspace_id uuid references workspaces (id),
    -- one of as many places as the person, or the workspace, may have running at once; null: not counted
    add column owner_slot integer,
    add column workspace_slot integer,
    -- somebody asked for it to be stopped; its owner looks twice a second
    add column cancel_at timestamptz,
    -- the last event that `partial`, `stages` and `open_items` know of
    add column progress_seq bigint not null default 0,
    -- stages and texts that have begun and not ended
    add column open_items jsonb not null default '{}';

update turns set owner = c.owner, workspace_id = c.workspace_id, fence = c.seq_hi
  from conversations c where c.id = turns.conversation_id;

create unique index one_turn_per_owner_slot on turns (owner, owner_slot) where status = 'running';
create unique index one_turn_per_workspace_slot on turns (workspace_id, workspace_slot) where status = 'running';
create index turns_by_lease_owner on turns (lease_owner) where status = 'running';
create index turns_by_end on turns (finished_at);

alter table conversations
    -- of the newest lease: only its owner is given more sequence numbers
    add column fence bigint not null default 0,
    -- of the newest turn's terminal event: what a log that stands here has nothing to add to
    add column terminal_seq bigint not null default 0;

update conversations set fence = seq_hi;
update conversations set terminal_seq = ended.seq
  from (select conversation_id, max(terminal_seq) as seq from turns group by conversation_id) ended
 where ended.conversation_id = conversations.id and ended.seq is not null;

create index turns_by_terminal on turns (conversation_id, terminal_seq desc nulls last);
