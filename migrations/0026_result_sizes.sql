-- What a person's results take is looked at after a turn: it must not mean reading all of them.
alter table results add column size_bytes bigint not null default 0;
comment on column results.size_bytes is 'Of the text of its pages.';
update results
   set size_bytes = (select coalesce(sum(octet_length(rows)), 0)
                       from result_pages where result_id = results.id);
create index results_by_owner on results (owner, created_at desc, id desc) include (size_bytes);
