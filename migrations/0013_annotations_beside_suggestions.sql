-- an approved description and a suggestion for the same place live side by side
alter table annotations drop constraint one_annotation_per_place;
create unique index one_annotation_per_place
    on annotations (dataset_id, table_name, column_name, status) nulls not distinct where status <> 'rejected';
alter table annotations
    -- a column's value dictionary: [{"value": as stored, "meaning": what people call it}]
    add column meanings jsonb not null default '[]',
    -- who wrote it: 'expert', or the name of a model
    add column source text not null default 'expert',
    -- why it no longer fits the schema; null while it does
    add column broken text;
