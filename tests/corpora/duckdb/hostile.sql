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
copy customers to '/tmp/x.csv'
copy (select 1) to '/tmp/x'
copy customers from '/tmp/x'
export database '/tmp/x'
import database '/tmp/x'
attach '/tmp/x.db' as y
detach y
install httpfs
load httpfs
force install x
set memory_limit = '1GB'
set threads = 1
reset all
pragma database_list
call pragma_version()
checkpoint
vacuum
use x
summarize customers
describe customers
show tables
pivot orders on status using sum(total)
create macro f(x) as x
create secret s (type s3)
create type t as enum ('a')
create sequence s
create schema x
drop schema main
update extensions
comment on table orders is 'x'
select * from '/etc/passwd'
select * from 'data.csv'
select * from 's3://bucket/x.parquet'
select * from "data.parquet"
from 'data.csv'
from read_csv('x')
from duckdb_tables()
select * from read_csv('/etc/passwd')
select * from read_text('/etc/passwd')
select * from glob('*')
select * from parquet_scan('x')
select * from information_schema.tables
select * from duckdb_tables
select * from sqlite_master
select * from pg_catalog.pg_tables
select * from pg_class
select * from system.main.x
select * from temp.x
select * from query('select 1')
select * from query_table('customers')
select * from generate_series(1, 10000000000)
select * from range(10000000000)
select * from range(0, 1000000, 1) a, range(0, 1000000) b
select unnest(range(1000000000))
select * from sqlite_scan('a', 'b')
select * from postgres_scan('a', 'b', 'c')
select * from repeat(1, 1000000000)
select * from test_all_types()
with recursive n as (select 1 as i union all select i + 1 from n) select * from n
select * from customers for update
select missing from customers
select * exclude (missing) from customers
select * replace (1 as missing) from customers
select name, count(*) from customers
select country, name from customers group by country
select * from customers c, customers c
select id from customers, orders
select name from customers qualify missing = 1
select name from customers limit 5, 10
select `name` from customers
select [name from customers
insert into customers by name select 1 as id
insert or replace into customers (id) values (1)
merge into orders using customers on true when matched then delete
execute p
prepare p as select 1
deallocate p
analyze
alter database x
set variable x = 1
select getvariable('x')
load 'x.so'
begin transaction
from customers into x
select 1 as x into y
-- class: function
select read_csv('/etc/passwd')
select count(*) from orders group by status having max(case when read_csv('/etc/passwd') is null then 1 else 0 end) = 1
select name from customers order by read_csv_auto('x')
select case when 1 = 0 then read_csv_auto('x') else read_csv_auto('x') end
select * from customers c join orders o on o.customer_id = c.id and read_parquet('x') is not null
values (read_parquet('x'))
select * from (select read_json('x') as v) t
select name from customers where read_json('x') is not null
select read_text('/etc/passwd')
select count(*) from orders group by status having max(case when read_text('/etc/passwd') is null then 1 else 0 end) = 1
select name from customers order by read_blob('x')
select case when 1 = 0 then read_blob('x') else read_blob('x') end
select * from customers c join orders o on o.customer_id = c.id and glob('/*') is not null
values (glob('/*'))
select * from (select getenv('HOME') as v) t
select name from customers where getenv('HOME') is not null
select query('drop table orders')
select count(*) from orders group by status having max(case when query('drop table orders') is null then 1 else 0 end) = 1
select name from customers order by query_table('customers')
select case when 1 = 0 then query_table('customers') else query_table('customers') end
select * from customers c join orders o on o.customer_id = c.id and sniff_csv('x') is not null
values (sniff_csv('x'))
select * from (select parquet_scan('x') as v) t
select name from customers where parquet_scan('x') is not null
select parquet_metadata('x')
select count(*) from orders group by status having max(case when parquet_metadata('x') is null then 1 else 0 end) = 1
select name from customers order by duckdb_settings()
select case when 1 = 0 then duckdb_settings() else duckdb_settings() end
select * from customers c join orders o on o.customer_id = c.id and duckdb_secrets() is not null
values (duckdb_secrets())
select * from (select duckdb_tables() as v) t
select name from customers where duckdb_tables() is not null
select duckdb_functions()
select count(*) from orders group by status having max(case when duckdb_functions() is null then 1 else 0 end) = 1
select name from customers order by pragma_table_info('customers')
select case when 1 = 0 then pragma_table_info('customers') else pragma_table_info('customers') end
select * from customers c join orders o on o.customer_id = c.id and pragma_version() is not null
values (pragma_version())
select * from (select current_setting('x') as v) t
select name from customers where current_setting('x') is not null
select set_config('a', 'b', true)
select count(*) from orders group by status having max(case when set_config('a', 'b', true) is null then 1 else 0 end) = 1
select name from customers order by getvariable('x')
select case when 1 = 0 then getvariable('x') else getvariable('x') end
select * from customers c join orders o on o.customer_id = c.id and version() is not null
values (version())
select * from (select current_user as v) t
select name from customers where current_user is not null
select current_database()
select count(*) from orders group by status having max(case when current_database() is null then 1 else 0 end) = 1
select name from customers order by current_schema()
select case when 1 = 0 then current_schema() else current_schema() end
select * from customers c join orders o on o.customer_id = c.id and current_schemas(true) is not null
values (current_schemas(true))
select * from (select nextval('s') as v) t
select name from customers where nextval('s') is not null
select currval('s')
select count(*) from orders group by status having max(case when currval('s') is null then 1 else 0 end) = 1
select name from customers order by txid_current()
select case when 1 = 0 then txid_current() else txid_current() end
select * from customers c join orders o on o.customer_id = c.id and sleep(1) is not null
values (sleep(1))
select * from (select sleep_ms(1) as v) t
select name from customers where sleep_ms(1) is not null
select pg_sleep(1)
select count(*) from orders group by status having max(case when pg_sleep(1) is null then 1 else 0 end) = 1
select name from customers order by which_secret('x', 'y')
select case when 1 = 0 then which_secret('x', 'y') else which_secret('x', 'y') end
select * from customers c join orders o on o.customer_id = c.id and write_log('x') is not null
values (write_log('x'))
select * from (select repeat('x', 1000000000) as v) t
select name from customers where repeat('x', 1000000000) is not null
select lpad('x', 1000000000, 'y')
select count(*) from orders group by status having max(case when lpad('x', 1000000000, 'y') is null then 1 else 0 end) = 1
select name from customers order by rpad('x', 1000000000, 'y')
select case when 1 = 0 then rpad('x', 1000000000, 'y') else rpad('x', 1000000000, 'y') end
select * from customers c join orders o on o.customer_id = c.id and range(1000000000) is not null
values (range(1000000000))
select * from (select generate_series(1, 1000000000) as v) t
select name from customers where generate_series(1, 1000000000) is not null
select format('{:1000000000}', 'x')
select count(*) from orders group by status having max(case when format('{:1000000000}', 'x') is null then 1 else 0 end) = 1
select name from customers order by printf('%1000000000d', 1)
select case when 1 = 0 then printf('%1000000000d', 1) else printf('%1000000000d', 1) end
select * from customers c join orders o on o.customer_id = c.id and list_transform(range(1000000000), x -> x) is not null
values (list_transform(range(1000000000), x -> x))
select * from (select sqlite_scan('a', 'b') as v) t
select name from customers where sqlite_scan('a', 'b') is not null
select postgres_scan('a', 'b', 'c')
select count(*) from orders group by status having max(case when postgres_scan('a', 'b', 'c') is null then 1 else 0 end) = 1
select name from customers order by postgres_query('a', 'b')
select case when 1 = 0 then postgres_query('a', 'b') else postgres_query('a', 'b') end
select * from customers c join orders o on o.customer_id = c.id and mysql_query('a', 'b') is not null
values (mysql_query('a', 'b'))
select * from (select http_get('x') as v) t
select name from customers where http_get('x') is not null
select load_aws_credentials()
select count(*) from orders group by status having max(case when load_aws_credentials() is null then 1 else 0 end) = 1
select name from customers order by shellfs('x')
select case when 1 = 0 then shellfs('x') else shellfs('x') end
select * from customers c join orders o on o.customer_id = c.id and sql_auto_complete('x') is not null
values (sql_auto_complete('x'))
select * from (select json_execute_serialized_sql('x') as v) t
select name from customers where json_execute_serialized_sql('x') is not null
select json_serialize_sql('x')
select count(*) from orders group by status having max(case when json_serialize_sql('x') is null then 1 else 0 end) = 1
select name from customers order by icu_sort_key('a', 'b')
select case when 1 = 0 then icu_sort_key('a', 'b') else icu_sort_key('a', 'b') end
select * from customers c join orders o on o.customer_id = c.id and add_parquet_key('a', 'b') is not null
values (add_parquet_key('a', 'b'))
select * from (select create_sort_key('a', 'b') as v) t
select name from customers where create_sort_key('a', 'b') is not null
select checkpoint('x')
select count(*) from orders group by status having max(case when checkpoint('x') is null then 1 else 0 end) = 1
select name from customers order by force_checkpoint()
select case when 1 = 0 then force_checkpoint() else force_checkpoint() end
select * from customers c join orders o on o.customer_id = c.id and test_all_types() is not null
values (test_all_types())
select * from (select repeat_row(1) as v) t
select name from customers where repeat_row(1) is not null
select storage_info('x')
select count(*) from orders group by status having max(case when storage_info('x') is null then 1 else 0 end) = 1
select name from customers order by st_read('x')
select case when 1 = 0 then st_read('x') else st_read('x') end
select * from customers c join orders o on o.customer_id = c.id and iceberg_scan('x') is not null
values (iceberg_scan('x'))
select * from (select delta_scan('x') as v) t
select name from customers where delta_scan('x') is not null
select scan_arrow_ipc('x')
select count(*) from orders group by status having max(case when scan_arrow_ipc('x') is null then 1 else 0 end) = 1
select name from customers order by seq_scan('x')
select case when 1 = 0 then seq_scan('x') else seq_scan('x') end
select * from customers c join orders o on o.customer_id = c.id and nosuch(1) is not null
values (nosuch(1))
select * from (select evil.f(1) as v) t
select name from customers where evil.f(1) is not null
select main.f(1)
select count(*) from orders group by status having max(case when main.f(1) is null then 1 else 0 end) = 1
select name from customers order by lower()
select case when 1 = 0 then lower() else lower() end
select * from customers c join orders o on o.customer_id = c.id and $1 is not null
values ($1)
select * from (select ? as v) t
select name from customers where ? is not null
select in_search_path('a', 'b')
select count(*) from orders group by status having max(case when in_search_path('a', 'b') is null then 1 else 0 end) = 1
select name from customers order by error('x')
select case when 1 = 0 then error('x') else error('x') end
select * from customers c join orders o on o.customer_id = c.id and write_blob('x') is not null
values (write_blob('x'))
select * from (select copy_database('x') as v) t
select name from customers where copy_database('x') is not null
select enable_logging()
select count(*) from orders group by status having max(case when enable_logging() is null then 1 else 0 end) = 1
select name from customers order by pg_typeof(1)::regclass
select case when 1 = 0 then pg_typeof(1)::regclass else pg_typeof(1)::regclass end
select * from customers c join orders o on o.customer_id = c.id and current_query() is not null
values (current_query())
select * from (select cast(1 as evil) as v) t
select name from customers where cast(1 as evil) is not null
select setseed(0.5)
select count(*) from orders group by status having max(case when setseed(0.5) is null then 1 else 0 end) = 1
select name from customers order by uuid()
select case when 1 = 0 then uuid() else uuid() end
select * from customers c join orders o on o.customer_id = c.id and gen_random_uuid() is not null
values (gen_random_uuid())
select * from (select vector_type(1) as v) t
select name from customers where vector_type(1) is not null
select stats(1)
select count(*) from orders group by status having max(case when stats(1) is null then 1 else 0 end) = 1
select name from customers order by alias(1)
select case when 1 = 0 then alias(1) else alias(1) end
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
select levenshtein(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b')
select split_part(repeat('a', 10000) || repeat('a', 10000) || repeat('a', 10000), repeat('a', 9999) || 'b', 2)
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
select * from read_csv_auto('/etc/passwd')
select * from read_csv(['a.csv', 'b.csv'])
from read_csv('/etc/passwd')
from '/etc/passwd'
from 'data/*.parquet'
from "file.csv"
select * from 's3://bucket/x.parquet'
select * from 'https://example.com/x.csv'
select * from "orders.parquet"
select * from read_parquet('s3://b/x')
select * from parquet_scan('x')
select * from parquet_metadata('x')
select * from parquet_schema('x')
select * from parquet_kv_metadata('x')
select * from parquet_file_metadata('x')
select * from parquet_bloom_probe('x', 'a', 1)
select * from read_json('x')
select * from read_json_auto('x')
select * from read_ndjson('x')
select * from read_json_objects('x')
select * from read_ndjson_objects_auto('x')
select * from read_text('/etc/passwd')
select * from read_blob('/etc/*')
select * from read_xlsx('x.xlsx')
select * from read_duckdb('other.db')
select * from glob('/etc/*')
select * from sniff_csv('/etc/passwd')
select * from iceberg_scan('x')
select * from delta_scan('x')
select * from st_read('x')
select * from st_read_osm('x')
select * from sqlite_scan('x.db', 't')
select * from postgres_scan('host=x', 'public', 't')
select * from postgres_query('db', 'delete from t')
select * from mysql_scan('x', 'y', 'z')
select * from mysql_query('db', 'drop table t')
select * from sqlite_query('db', 'drop table t')
select * from arrow_scan(1, 2, 3)
select * from pandas_scan(1)
select * from python_map_function(1)
select * from query('delete from orders')
select * from query_table('orders')
select * from query_table(['orders', 'customers'])
select * from query_table('read_csv')
from query('select 1')
select * from seq_scan('orders')
select * from index_scan('x')
select * from duckdb_settings()
select * from duckdb_secrets()
select * from duckdb_tables()
select * from duckdb_functions()
select * from duckdb_extensions()
select * from duckdb_logs()
select * from duckdb_temporary_files()
select * from duckdb_memory()
select * from pragma_database_size()
select * from pragma_table_info('orders')
select * from pragma_storage_info('orders')
select * from pragma_last_profiling_output()
select * from pragma_user_agent()
select * from pragma_platform()
select * from force_checkpoint()
select * from checkpoint('db')
select * from enable_logging()
select * from enable_profiling()
select * from truncate_duckdb_logs()
select * from json_execute_serialized_sql('{}')
select * from json_serialize_sql('select 1')
select json_serialize_sql('select 1')
select json_deserialize_sql('{}')
select json_serialize_plan('select 1')
select * from sql_auto_complete('s')
select * from test_all_types()
select * from repeat_row(1, num_rows = 1000000000)
select * from repeat(1, 1000000000)
select * from which_secret('s3://x', 's3')
select * from unnest(read_text('x'))
select * from load_aws_credentials()
select * from ducklake_snapshots('x')
select getenv('HOME')
select getvariable('x')
select current_setting('home_directory')
select current_database()
select current_schema()
select current_schemas(true)
select current_user
select current_catalog
select version()
select current_query()
select current_connection_id()
select current_query_id()
select current_transaction_id()
select txid_current()
select nextval('s')
select currval('s')
select setseed(0.5)
select write_log('x')
select error('x')
select sleep_ms(1000)
select pg_typeof(1)
select pg_get_viewdef(1)
select obj_description(1)
select has_table_privilege('orders', 'select')
select in_search_path('a', 'b')
select stats(id) from orders
select vector_type(id) from orders
select add_parquet_key('a', 'b')
select http_get('http://x')
select http_post('http://x', {}, {})
select write_blob('x', 'y')
select copy_database('x')
select file_exists('x')
select is_histogram_other_bin(1)
select create_sort_key(id, 'asc') from orders
select aggregate_state(1)
select finalize(x) from orders
select combine(x, y) from orders
select "getenv"('HOME')
select GETENV('HOME')
select main.getenv('HOME')
select system.main.getenv('HOME')
select name.getenv() from customers
select ('HOME').getenv()
select 'HOME'.getenv()
select name.read_text() from customers
select list_transform(['HOME'], x -> getenv(x))
select list_transform(tags, x -> (select content from read_text(x))) from products
select [getenv(x) for x in ['HOME']]
select list_filter(['/etc/passwd'], lambda x : getenv(x) is not null)
select list_reduce(['a', 'b'], (x, y) -> getenv(x))
select list_aggregate(['HOME'], 'getenv')
select list_aggr([1], 'nextval')
select columns(c -> getenv(c) is not null) from customers
select columns((select getenv('HOME'))) from customers
select * replace (getenv('HOME') as name) from customers
select * exclude (name) replace (nextval('s') as id) from customers
select count(*) filter (getenv('HOME') is not null) from customers
select sum(total) over (partition by getenv('HOME')) from orders
select * from customers qualify getenv('HOME') is not null
select * from customers limit (select nextval('s'))
select * from customers limit 10% offset (select nextval('s'))
select * from customers order by getenv('HOME')
select * from customers group by all having getenv('HOME') is not null
select * from customers using sample (select 10)
select * from customers using sample 10% (getenv('x'))
select * from customers asof join read_csv('x') r using (id)
select * from customers positional join read_text('x')
select * from customers semi join read_text('x') t on true
select * from (pivot orders on getenv('HOME') in ('a') using sum(total))
pivot orders on status in ('a') using sum(getenv('HOME'))
pivot orders on status in (select getenv('x')) using sum(total)
pivot orders on status using sum(total)
pivot read_csv('x') on a in (1) using sum(b)
pivot 'x.csv' on a in (1) using sum(b)
pivot (select * from read_text('x')) on size in (1) using count(*)
pivot orders on status in ('a') using sum(total) group by getenv('HOME')
pivot orders on status in ('a') using sum(total) order by getenv('HOME')
pivot orders on status in ('a') using sum(total) limit (select nextval('s'))
pivot missing on status in ('a') using sum(total)
pivot orders on missing in ('a') using sum(total)
pivot orders on status in ('a') using sum(missing)
pivot orders on status in ('a') using total
pivot (delete from orders returning *) on status in ('a') using sum(total)
unpivot orders on getenv('x') into name n value v
unpivot read_csv('x') on a into name n value v
unpivot 'x.csv' on a, b into name n value v
unpivot missing on a into name n value v
unpivot orders on missing into name n value v
select * from orders pivot (sum(getenv('x')) for status in ('a'))
select * from orders unpivot (v for n in (getenv('x')))
select * from read_csv('x') pivot (sum(a) for b in (1))
pivot_wider orders on status using sum(total)
from customers select getenv('HOME')
from customers, read_text('x')
from (from read_text('x'))
from (copy orders to 'x')
with x as (copy orders to 'x') select 1
with x as (from read_text('/etc/passwd')) from x
with x as (delete from orders returning *) from x
with recursive x as (insert into orders (id) values (1) returning id) from x
with x as (pivot read_text('y') on size in (1) using count(*)) from x
with recursive t(n) using key (n) as (select 1 union select n + 1 from t) from t
with recursive t(l) as (select [1] union all select list_concat(l, l) from t) select * from t
with recursive t(n) as (from (values (1)) union all from t select n + 1) from t
with recursive t as (select 1 as n union all select n * 2 from t) select * from t
copy orders to '/tmp/x.csv'
copy (from orders) to '/tmp/x.parquet' (format parquet)
copy orders from '/etc/passwd'
copy orders to '/dev/stdout' (format csv)
copy from database a to b
export database '/tmp/x'
import database '/tmp/x'
attach 'x.db' as y
attach if not exists 'x.db'
attach ':memory:' as m
attach 'host=x' as pg (type postgres)
detach x
use x
install httpfs
install httpfs from 'http://x'
force install x
load 'x.duckdb_extension'
load httpfs
update extensions
set home_directory = '/tmp'
set global memory_limit = '1TB'
set variable x = 1
set session threads = 1
reset threads
pragma threads = 1
pragma database_list
pragma show_tables
pragma export_database('x')
pragma enable_profiling
pragma version
call duckdb_tables()
call pragma_version()
call checkpoint()
checkpoint
force checkpoint
vacuum analyze
analyze
create macro f(x) as getenv(x)
create or replace temp macro t(x) as table select * from read_text(x)
create function f(x) as x
create type mood as enum ('a')
create secret s (type s3)
create persistent secret s (type s3)
create sequence s
create schema s
create table x as from orders
create or replace table orders as select 1
create temp table x (a int)
create index i on orders (id)
create view v as from orders
drop table if exists orders cascade
drop macro f
alter table orders add column x int
alter table orders rename to x
comment on table orders is 'x'
insert into orders by name select * from orders
insert or replace into orders values (1)
insert into orders default values
update orders set total = 0 from customers
delete from orders using customers
truncate orders
merge into orders using customers on true when matched then delete
begin transaction
begin read only
commit
abort
prepare p as delete from orders
execute p(1)
deallocate p
explain analyze delete from orders
explain analyze from orders
explain (format json) delete from orders
describe read_text('x')
describe orders
summarize read_csv('x')
summarize orders
show all tables
show databases
from orders; drop table orders
from orders; copy orders to 'x'
select 1; ␊ install x
select 1 ; pragma x
.shell ls
.read x
.open x
!ls
from duckdb_secrets()
from pg_catalog.pg_class
from information_schema.tables
from sqlite_master
from duckdb_tables
from system.information_schema.tables
from temp.orders
from other.main.orders
table duckdb_tables
table information_schema.tables
table 'x.csv'
show tables
show orders
select * from orders o, duckdb_columns c
select * from (show tables)
select * from (describe orders)
select * from (summarize orders)
select * from range(1000000000000)
from range(100000) a, range(100000) b, range(100000) c
select range(1000000000)
select unnest(range(1000000000))
select generate_series(1, 1000000000)
select list_transform(range(1000000000), x -> x)
select repeat('x', 1000000000)
select repeat([1], 1000000000)
select lpad('x', 2000000000, 'y')
select rpad('x', 2000000000, 'y')
select bar(1, 0, 100, 1000000000)
select list_resize([1], 1000000000)
select printf('%2000000000d', 1)
select format('{:2000000000}', 1)
select format('{:>{}}', 'x', 2000000000)
select string_agg(repeat(name, 10000), '') from customers, orders, products
select list(a) from orders a, orders b, orders c
select histogram(a.id) from orders a, orders b, orders c
select regexp_extract_all(repeat('a', 9000), 'a{1,1000}{1,1000}')
select levenshtein(repeat('a', 10000) || repeat('a', 10000), repeat('b', 10000) || repeat('b', 10000))
select list_reduce(range(1000000000), (a, b) -> a + b)
select ? from customers
select $1 from customers
select $name from customers
select :name from customers
select e'\x00'
select x'00' || 'a'; delete from orders
select $$a$$; drop table orders; $$b$$
select 1 -- ␊; drop table orders
select "a"";drop table orders;--"" from customers
select name from customers collate "evil"
select name::evil from customers
select cast(name as regclass) from customers
select name::read_text from customers
select try_cast(name as evil(1)) from customers
select 1::enum('a')
select 1 operator(main.+) 2
select * from orders at (version => 1)
select * from orders at (timestamp => now())
select #1 from customers
select * like 'n%' from customers
select * from orders for update
select * into x from orders
pivot orders on status in (getenv('HOME') as x) using sum(total)
pivot orders on status in ((select content from read_text('x')) as x) using sum(total)
pivot orders on status in ($1) using sum(total)
select * from orders pivot (sum(total) for status in (nextval('s') as a, 'b'))
select * from orders pivot (sum(total) as x for getenv('HOME') in ('a'))
select * from orders pivot (sum(total) for status in ('a') default on null (getenv('HOME')))
select * from orders pivot (sum(total) for status in ('a') group by getenv('HOME'))
select * from orders unpivot (v for n in (getenv('HOME') as a))
select * from (select 1 as a) unpivot ((v, w) for n in ((getenv('x'), a)))
select columns($1) from customers
select columns(getenv('x')) from customers
select name from customers where columns(*) = 1 and getenv('x') = ''
-- class: function
select [getenv(x) for x in ['HOME']]
select [x for x in glob('/*')]
select [x for x in [1] if getenv('HOME') <> '']
select [x for x in (select list(content) from read_text('/etc/passwd'))]
select [nextval('s') for x in [1, 2]]
select [(select content from read_text('/etc/passwd')) for x in [1]]
select name.getenv() from customers
select 'HOME'.getenv()
select 'HOME'.upper().getenv()
select ('HO' || 'ME').getenv()
select name.nextval() from customers
select main.getenv('HOME')
select system.main.getenv('HOME')
select c.name.read_text() from customers c
select * from '/etc/passwd'.read_text()
select n: getenv('HOME') from customers
select n: name, m: nextval('s') from customers
select n: (select content from read_text('/etc/passwd'))
select n.x from n: read_text('/etc/passwd')
select * from f: read_csv('/etc/passwd')
select * from f: '/etc/passwd'
from read_text('/etc/passwd') where true
from '/etc/passwd' where true
from customers where getenv('HOME') <> ''
with x as (from read_csv('/etc/passwd') where true) from x where true
select try(getenv('HOME'))
select try((select content from read_text('/etc/passwd')))
select * from read_csv('/etc/passwd') tablesample 10%
select * from customers tablesample reservoir(getenv('HOME'))
select * from customers tablesample 10% where getenv('HOME') = ''
select getenv('HOME') in ['a', 'b']
select 'a' in [getenv('HOME')]
select 'a' in getenv('HOME')
-- class: statement
from customers where true insert into orders
from customers where (delete from orders returning true)
with x as (from customers where true) delete from customers
-- class: function
select name."getenv"() from customers
select 'HOME'."getenv"()
select customers.name.getenv() from customers
select [f('HOME') for f in [1]]
select [x.getenv() for x in ['HOME']]
select [y for y in [z.getenv() for z in ['HOME']]]
select 'a': getenv('HOME')
select * from t: query('select 1')
select * from customers join t: read_text('/etc/passwd') on true
from duckdb_settings() where true
from pragma_database_list where true
from information_schema.tables where true
from (from read_text('/etc/passwd') where true)
select name.list_transform(lambda x: getenv(x)) from customers
select ['HOME'].apply(lambda x: x.getenv())
select columns(c -> c.getenv() = 'x') from customers
select * replace (name.getenv() as name) from customers
select name.main.getenv() from customers
select name.current_setting() from customers
select 'HOME'::varchar.getenv()
select ['HOME'][1].getenv()
select {'a': 'HOME'}.a.getenv()
select (select 'HOME').getenv()
select {'a': [x for x in [getenv('HOME')]]}
select 'a' in (from read_text('/etc/passwd'))
select 'a' in [(select content from read_text('/etc/passwd'))]
-- class: size
select [x for x in range(1000000000)]
select repeat('x', 10000).repeat(10000)
select 'x'.repeat(1000000000)
-- class: outsider
with recursive f(n) as (select 1 union all select n * 0 + 1 from f where n < 2) select count(*) from f
with recursive f(n) as (select 1 union all select 1 + 0 * n from f where n < 2) select count(*) from f
