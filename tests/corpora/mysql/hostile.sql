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
replace into customers (id) values (1)
load data infile '/etc/passwd' into table customers
load data local infile '/etc/passwd' into table customers
select * from customers into outfile '/tmp/x'
select * from customers into dumpfile '/tmp/x'
select 1 into @x
select name into @x from customers limit 1
select * into outfile '/tmp/x' from customers
select '<?php' into outfile '/var/www/x.php'
(select 1) into outfile '/tmp/x'
select 1 union select 2 into outfile '/tmp/x'
select * from customers lock in share mode
select * from customers for update
select * from customers for share
select * from customers for update nowait
handler customers open
handler customers read first
do sleep(10)
set global general_log = 1
set @x = 1
set session sql_mode = ''
show tables
show databases
show grants
show variables
describe customers
desc customers
use mysql
flush tables
kill 1
purge binary logs to 'x'
change master to master_host = 'x'
install plugin x soname 'y'
create function f returns string soname 'x.so'
create event e on schedule every 1 day do delete from orders
create user x
rename table orders to o2
optimize table orders
repair table orders
analyze table orders
check table orders
lock tables orders write
unlock tables
prepare p from 'drop table orders'
execute p
deallocate prepare p
xa start 'x'
signal sqlstate '45000'
select /*!50000 sleep(10) */
select 1 /*! union select 2 */
/*!50000 drop table orders */
select /*M!100000 sleep(1) */ 1
select /*+ SET_VAR(max_execution_time=0) */ 1
select /*+ MAX_EXECUTION_TIME(0) */ * from customers
select 1 /*!, sleep(10) */
select * from mysql.user
select * from information_schema.tables
select * from performance_schema.threads
select * from sys.session
select * from customers, mysql.user
select user from mysql.user
select * from `mysql`.`user`
select * from INFORMATION_SCHEMA.COLUMNS
select @@datadir
select @a := id from customers
select sql_calc_found_rows * from customers
select * from customers procedure analyse()
select name from customers where name = any(array['x'])
select name::char from customers
select timestampdiff(id, birth_date, now()) from employees
select country, count(*) from customers group by country having city = 1
select * from (select 1)
select * from customers full outer join orders on 1 = 1
select nullif(1)
select id from customers natural join nothere
select [name] from customers
select distinct on (name) name from customers
select name from customers order by name nulls first
select count(*) filter (where vip) from customers
select interval '1 day'
select extract(epoch from ordered_at) from nothere
select date_add(ordered_at, interval '1 day') from nothere
with recursive n as (select 1 as i union all select i + 1 from n) select * from n
with recursive n as (select 1 as i union all select i + 1 from n where i < 1000000000) select count(*) from n
select 'it\'s' ; drop table orders
select 'a\\'; drop table orders #'
select 1 # x␊; drop table orders
select 1 -- x␊, sleep(1)
select 1 --x from customers
select ‘a’
select COUNT（*） from customers
delete c from customers c join orders o on c.id = o.customer_id
update customers c join orders o on c.id = o.customer_id set c.name = 'x'
insert ignore into customers (id) values (1)
insert into customers (id) values (1) on duplicate key update id = 2
table customers into outfile '/tmp/x'
values row(1) into outfile '/tmp/x'
import table from '/tmp/x'
clone local data directory = '/tmp/x'
restart
shutdown
reset master
cache index orders in x
help 'select'
binlog 'x'
grant all on *.* to x
revoke all on *.* from x
select benchmark(1, (select 1))
select * from customers partition (p0)
-- class: function
select sleep(10)
select count(*) from orders group by status having max(case when sleep(10) is null then 1 else 0 end) = 1
select name from customers order by benchmark(100000000, md5('a'))
select case when 1 = 0 then benchmark(100000000, md5('a')) else benchmark(100000000, md5('a')) end
select * from customers c join orders o on o.customer_id = c.id and load_file('/etc/passwd') is not null
values (load_file('/etc/passwd'))
select * from (select get_lock('a', 10) as v) t
select name from customers where get_lock('a', 10) is not null
select release_lock('a')
select count(*) from orders group by status having max(case when release_lock('a') is null then 1 else 0 end) = 1
select name from customers order by is_free_lock('a')
select case when 1 = 0 then is_free_lock('a') else is_free_lock('a') end
select * from customers c join orders o on o.customer_id = c.id and is_used_lock('a') is not null
values (is_used_lock('a'))
select * from (select release_all_locks() as v) t
select name from customers where release_all_locks() is not null
select master_pos_wait('a', 1)
select count(*) from orders group by status having max(case when master_pos_wait('a', 1) is null then 1 else 0 end) = 1
select name from customers order by source_pos_wait('a', 1)
select case when 1 = 0 then source_pos_wait('a', 1) else source_pos_wait('a', 1) end
select * from customers c join orders o on o.customer_id = c.id and version() is not null
values (version())
select * from (select user() as v) t
select name from customers where user() is not null
select current_user()
select count(*) from orders group by status having max(case when current_user() is null then 1 else 0 end) = 1
select name from customers order by session_user()
select case when 1 = 0 then session_user() else session_user() end
select * from customers c join orders o on o.customer_id = c.id and system_user() is not null
values (system_user())
select * from (select database() as v) t
select name from customers where database() is not null
select schema()
select count(*) from orders group by status having max(case when schema() is null then 1 else 0 end) = 1
select name from customers order by connection_id()
select case when 1 = 0 then connection_id() else connection_id() end
select * from customers c join orders o on o.customer_id = c.id and last_insert_id() is not null
values (last_insert_id())
select * from (select last_insert_id(5) as v) t
select name from customers where last_insert_id(5) is not null
select row_count()
select count(*) from orders group by status having max(case when row_count() is null then 1 else 0 end) = 1
select name from customers order by found_rows()
select case when 1 = 0 then found_rows() else found_rows() end
select * from customers c join orders o on o.customer_id = c.id and name_const('a', 1) is not null
values (name_const('a', 1))
select * from (select uuid() as v) t
select name from customers where uuid() is not null
select uuid_short()
select count(*) from orders group by status having max(case when uuid_short() is null then 1 else 0 end) = 1
select name from customers order by extractvalue('<a/>', '/a')
select case when 1 = 0 then extractvalue('<a/>', '/a') else extractvalue('<a/>', '/a') end
select * from customers c join orders o on o.customer_id = c.id and updatexml('<a/>', '/a', 'b') is not null
values (updatexml('<a/>', '/a', 'b'))
select * from (select sys_exec('id') as v) t
select name from customers where sys_exec('id') is not null
select sys_eval('id')
select count(*) from orders group by status having max(case when sys_eval('id') is null then 1 else 0 end) = 1
select name from customers order by lib_mysqludf_sys_info()
select case when 1 = 0 then lib_mysqludf_sys_info() else lib_mysqludf_sys_info() end
select * from customers c join orders o on o.customer_id = c.id and repeat('x', 1000000000) is not null
values (repeat('x', 1000000000))
select * from (select lpad('x', 1000000000, 'y') as v) t
select name from customers where lpad('x', 1000000000, 'y') is not null
select rpad('x', 1000000000, 'y')
select count(*) from orders group by status having max(case when rpad('x', 1000000000, 'y') is null then 1 else 0 end) = 1
select name from customers order by space(1000000000)
select case when 1 = 0 then space(1000000000) else space(1000000000) end
select * from customers c join orders o on o.customer_id = c.id and @x := 1 is not null
values (@x := 1)
select * from (select @x as v) t
select name from customers where @x is not null
select @@version
select count(*) from orders group by status having max(case when @@version is null then 1 else 0 end) = 1
select name from customers order by @@global.secure_file_priv
select case when 1 = 0 then @@global.secure_file_priv else @@global.secure_file_priv end
select * from customers c join orders o on o.customer_id = c.id and nextval(s) is not null
values (nextval(s))
select * from (select setval(s, 1) as v) t
select name from customers where setval(s, 1) is not null
select lastval(s)
select count(*) from orders group by status having max(case when lastval(s) is null then 1 else 0 end) = 1
select name from customers order by mysql.f(1)
select case when 1 = 0 then mysql.f(1) else mysql.f(1) end
select * from customers c join orders o on o.customer_id = c.id and pg_sleep(1) is not null
values (pg_sleep(1))
select * from (select to_char(now(), 'x') as v) t
select name from customers where to_char(now(), 'x') is not null
select strftime('%Y', now())
select count(*) from orders group by status having max(case when strftime('%Y', now()) is null then 1 else 0 end) = 1
select name from customers order by string_agg(name, ',')
select case when 1 = 0 then string_agg(name, ',') else string_agg(name, ',') end
select * from customers c join orders o on o.customer_id = c.id and date_trunc('month', now()) is not null
values (date_trunc('month', now()))
select * from (select encrypt('x') as v) t
select name from customers where encrypt('x') is not null
select aes_encrypt('a', 'b')
select count(*) from orders group by status having max(case when aes_encrypt('a', 'b') is null then 1 else 0 end) = 1
select name from customers order by des_decrypt('a')
select case when 1 = 0 then des_decrypt('a') else des_decrypt('a') end
select * from customers c join orders o on o.customer_id = c.id and password('x') is not null
values (password('x'))
select * from (select old_password('x') as v) t
select name from customers where old_password('x') is not null
select wsrep_last_seen_gtid()
select count(*) from orders group by status having max(case when wsrep_last_seen_gtid() is null then 1 else 0 end) = 1
select name from customers order by gtid_subset('a', 'b')
select case when 1 = 0 then gtid_subset('a', 'b') else gtid_subset('a', 'b') end
select * from customers c join orders o on o.customer_id = c.id and wait_for_executed_gtid_set('a', 1) is not null
values (wait_for_executed_gtid_set('a', 1))
select * from (select roles_graphml() as v) t
select name from customers where roles_graphml() is not null
select ps_thread_id(1)
select count(*) from orders group by status having max(case when ps_thread_id(1) is null then 1 else 0 end) = 1
select name from customers order by format_bytes(1)
select case when 1 = 0 then format_bytes(1) else format_bytes(1) end
select * from customers c join orders o on o.customer_id = c.id and statement_digest('x') is not null
values (statement_digest('x'))
select * from (select json_table('a', 'b') as v) t
select name from customers where json_table('a', 'b') is not null
select name::text
select count(*) from orders group by status having max(case when name::text is null then 1 else 0 end) = 1
select name from customers order by name ilike 'x'
select case when 1 = 0 then name ilike 'x' else name ilike 'x' end
select * from customers c join orders o on o.customer_id = c.id and nosuch(1) is not null
values (nosuch(1))
select * from (select evil.f(1) as v) t
select name from customers where evil.f(1) is not null
select SLEEP(1)
select count(*) from orders group by status having max(case when SLEEP(1) is null then 1 else 0 end) = 1
select name from customers order by Sleep(1)
select case when 1 = 0 then Sleep(1) else Sleep(1) end
select * from customers c join orders o on o.customer_id = c.id and `sleep`(1) is not null
values (`sleep`(1))
select * from (select benchmark(1e9, sha2('a', 256)) as v) t
select name from customers where benchmark(1e9, sha2('a', 256)) is not null
select lower()
select count(*) from orders group by status having max(case when lower() is null then 1 else 0 end) = 1
select name from customers order by ifnull(1)
select case when 1 = 0 then ifnull(1) else ifnull(1) end
select * from customers c join orders o on o.customer_id = c.id and count(1) over nothere is not null
values (count(1) over nothere)
select * from (select coalesce() as v) t
select name from customers where coalesce() is not null
select substr('a')
select count(*) from orders group by status having max(case when substr('a') is null then 1 else 0 end) = 1
select name from customers order by left('a')
select case when 1 = 0 then left('a') else left('a') end
select * from customers c join orders o on o.customer_id = c.id and load_file(0x2f6574632f706173737764) is not null
values (load_file(0x2f6574632f706173737764))
select * from (select load_file(concat('/etc', '/passwd')) as v) t
select name from customers where load_file(concat('/etc', '/passwd')) is not null
select load_file(char(47, 101))
select count(*) from orders group by status having max(case when load_file(char(47, 101)) is null then 1 else 0 end) = 1
select name from customers order by lower(load_file('/etc/passwd'))
select case when 1 = 0 then lower(load_file('/etc/passwd')) else lower(load_file('/etc/passwd')) end
select * from customers c join orders o on o.customer_id = c.id and ifnull(load_file('/x'), '') is not null
values (ifnull(load_file('/x'), ''))
-- class: size
select instr(concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)), concat(repeat('a', 9999), 'b'))
select count(*) from customers where instr(concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)), concat(repeat('a', 9999), 'b')) > 0
select replace(concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)), concat(repeat('a', 9999), 'b'), '')
select length(replace(replace(replace(x.t, 'a', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'), 'c', 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd')) from (select concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)) as t) x
select instr(x.hay, x.needle) from (select concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)) as hay, concat(repeat('a', 9999), 'b') as needle) x
with x as (select concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)) as hay) select instr(hay, concat(hay, 'b')) from x
select 1 from customers where concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)) like concat('%', concat(repeat('a', 9999), 'b'))
select case when id > 0 then instr(concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)), concat(repeat('a', 9999), 'b')) end from customers
select coalesce(instr(upper(concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000))), lower(concat(repeat('a', 9999), 'b'))), 0)
select max(instr(t, t)) from (select concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)) as t union all select name from customers) x
select instr(group_concat('a' separator ''), name) from customers group by name
select instr(h, n) from (select group_concat('a' separator '') as h from orders) x, (select group_concat('a' separator '') as n from orders) y
select locate(concat(repeat('a', 9999), 'b'), concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)))
select find_in_set(concat(repeat('a', 9999), 'b'), concat(concat(repeat('a', 10000), repeat('a', 10000)), repeat('a', 10000)))
select substring_index(repeat('a', 10000), concat(repeat('a', 9999), 'bb'), 1), locate(concat(repeat('a', 9999), 'bb'), concat(repeat('a', 10000), repeat('a', 10000)))
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
with recursive s(t, i) as (select 'a', 1 union all select concat(t, t), i + 1 from s where i < 30) select * from s
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
-- class: spelling
select * from Customers
select * from ORDERS
select C.name from customers c
-- class: outsider
select name into @x from customers
select name from customers into @x
select name from customers limit 1 into outfile '/tmp/x'
select 'x' into dumpfile '/tmp/x'
select name into outfile '/tmp/x' character set utf8mb4 fields terminated by ',' from customers
(select name from customers) into outfile '/tmp/x'
select * from (select 1) x into outfile '/tmp/x'
select 1 union select name from customers into outfile '/tmp/x'
with x as (select 1) select * from x into dumpfile '/tmp/x'
select @x := 1
select @x := @x + 1 as n, name from customers, (select @x := 0) i
select @a, @b
select @@version
select @@global.secure_file_priv
select @@session.sql_mode
select @@datadir, @@hostname
select @`x` := 5
select @'x' := 5
select name from customers where (@r := @r + 1) > 0
select name from customers order by @x := id
select name from customers limit @x
set @x = 1
set global general_log = 1
set session sql_mode = ''
set names utf8
set password = 'x'
select load_file('/etc/passwd')
select LOAD_FILE(0x2f6574632f706173737764)
select load_file(concat('/etc', '/passwd'))
select hex(load_file('/etc/passwd'))
select `load_file`('/etc/passwd')
select sleep(5)
select name from customers where sleep(1)
select name from customers where id = 1 or sleep(1)
select if(1 = 1, sleep(1), 0)
select name from customers order by if(id > 1, sleep(1), 0)
select SLEEP /* x */ (5)
select `sleep`(5)
select mysql.sleep(5)
select benchmark(1000000000, md5('x'))
select 1 and benchmark(99999999, sha1(1))
select get_lock('a', 10)
select release_lock('a'), release_all_locks()
select is_free_lock('a'), is_used_lock('a')
select master_pos_wait('x', 1)
select source_pos_wait('x', 1)
select wait_for_executed_gtid_set('x', 10)
select wait_until_sql_thread_after_gtids('x')
select gtid_subset('a', 'b')
select master_gtid_wait('0-1-1', 100)
select binlog_gtid_pos('x', 1)
select uuid_short()
select last_insert_id(5)
select last_insert_id()
select row_count(), found_rows()
select connection_id()
select current_user()
select current_user
select user(), session_user(), system_user()
select current_role()
select database(), schema()
select version()
select charset(user())
select nextval(s)
select next value for s from customers
select previous value for s
select lastval(s), setval(s, 10)
select s.nextval from dual
select extractvalue('<a/>', concat('~', (select 1)))
select updatexml('<a/>', '/a', 'x')
select name_const('x', sleep(1))
select sys_exec('id')
select sys_eval('id')
select lib_mysqludf_sys_info()
select encode('a', 'b'), decode('a', 'b'), des_encrypt('a')
select aes_encrypt('a', 'b'), aes_decrypt('a', 'b')
select compress(repeat('a', 1000)), uncompress('x')
select random_bytes(1024)
select old_password('x'), password('x')
select encrypt('a')
select ps_current_thread_id()
select format_bytes(1), sys.format_bytes(1)
select sys.ps_kill(1)
select statement_digest('select 1')
select roles_graphml()
select mysql_query_rewrite('x')
select can_access_table('a', 'b')
select internal_table_rows('a', 'b', 'c')
select keyring_key_fetch('x')
select service_get_read_locks('a', 'b', 1)
select version_tokens_show()
select asynchronous_connection_failover_reset()
select group_replication_set_as_primary('x')
select audit_log_read()
select spider_direct_sql('delete from orders', 'x', 'y')
select spider_bg_direct_sql('delete from orders', 'x', 'y')
select mroonga_command('truncate x')
select column_get(payload, 'a' as char) from events
select json_storage_free(payload) from events
select load_file(name) from customers
select st_geomfromtext(repeat('POINT(1 1)', 100000))
select json_schema_valid('{}', '{}') and sleep(1)
select json_extract(load_file('/etc/passwd'), '$')
select 1 /*! + sleep(5) */
select /*!50000 sleep(5) */
select /*!99999 1 */ 2
select /*M! sleep(5) */ 1
select /*M!100100 sleep(5) */ 1
select 1 /*!; drop table orders */
/*! drop table orders */
/*!40000 select */ 1
select /*!50000 name into outfile '/tmp/x' */ from customers
select name /*!12345 , load_file('/etc/passwd') */ from customers
select 1 from customers where 1 /*!union select sleep(5)*/
select /*+ set_var(max_execution_time=0) */ name from customers
select /*+ set_var(sql_mode='') */ 1
select /*+ max_execution_time(0) */ name from customers
select /*+ resource_group(x) */ name from customers
select 1 -- x␊; drop table orders
select 1 # ; ␊; drop table orders
select 1--1; drop table orders
select '\'; drop table orders; -- '; drop table orders
select 'a''; drop table orders; -- '' ; drop table orders
select "\"; drop table orders; #"; delete from orders
select 1;␊delete from orders
select 1 union select 2; insert into orders (id) values (1)
delimiter //
select 1 // drop table orders //
\! id
\. /tmp/x.sql
source /tmp/x.sql
system id
handler orders open
handler orders read first
handler orders read `primary` = (1)
do sleep(5)
do release_lock('x')
call wipe()
call mysql.rds_kill(1)
load data infile '/etc/passwd' into table customers
load data local infile '/etc/passwd' into table customers
load xml infile 'x' into table customers
load index into cache orders
replace into orders (id) values (1)
replace orders set id = 1
insert ignore into orders values (1)
insert into orders (id) values (1) on duplicate key update total = 0
insert into orders table customers
update low_priority orders set total = 0 limit 1
update orders o join customers c on c.id = o.customer_id set o.total = 0
delete o from orders o join customers c on c.id = o.customer_id
delete quick from orders
truncate orders
with x as (select 1) delete from orders
with x as (select 1) update orders set total = 0
select * from orders for update
select * from orders for update skip locked
select * from orders for share of orders nowait
select * from orders lock in share mode
select * from (select * from orders for update) x
(select * from orders) for update
select * from orders procedure analyse(10, 2000)
select * from orders partition (p0) for update
select sql_calc_found_rows * from orders
select high_priority * from orders for update
lock tables orders write
unlock tables
flush tables with read lock
flush privileges
reset master
reset query cache
purge binary logs to 'x'
kill 1
kill query 1
shutdown
restart
install plugin x soname 'x.so'
install component 'file://x'
uninstall plugin x
create function x returns string soname 'udf.so'
create temporary table t select * from customers
create table t like orders
create or replace view v as select 1
create event e on schedule every 1 minute do delete from orders
create trigger t before insert on orders for each row set @x = 1
create user x identified by 'y'
create definer=root@localhost procedure p() delete from orders
create server s foreign data wrapper mysql options (host 'x')
alter user root identified by ''
alter table orders discard tablespace
alter instance rotate innodb master key
rename table orders to x
rename user a to b
drop database shop
drop prepare p
grant file on *.* to x
revoke all privileges, grant option from x
set role all
set default role all to x
prepare p from 'delete from orders'
execute p using @x
execute immediate 'delete from orders'
begin not atomic delete from orders; end
if 1 then delete from orders; end if
xa start 'x'
xa recover
start transaction read write
savepoint x
release savepoint x
change master to master_host = 'x'
start slave
stop replica
binlog 'x'
cache index orders in k
optimize table orders
analyze table orders
analyze select * from orders
analyze format=json delete from orders
check table orders
checksum table orders
repair table orders
explain analyze delete from orders
explain analyze select sleep(5)
explain for connection 1
explain extended select 1
describe orders
desc orders
show tables
show grants
show variables like 'datadir'
show create table orders
show processlist
help 'select'
use mysql
get diagnostics @x = number
signal sqlstate '45000'
resignal
import table from 'x.sdi'
clone local data directory = '/tmp/x'
select * from mysql.user
select * from `mysql`.`user`
select * from information_schema.tables
select * from INFORMATION_SCHEMA.PROCESSLIST
select * from performance_schema.threads
select * from sys.session
select user from mysql.global_priv
select * from customers, mysql.user
select * from customers where name in (select user from mysql.user)
select * from customers union select host, user, 1, 1, 1, 1, 1, 1 from mysql.user
table mysql.user
table customers into outfile '/tmp/x'
values row(1), row(sleep(5))
values row(load_file('/etc/passwd'))
select repeat('x', 1000000000)
select repeat(repeat('x', 60000), 60000)
select space(2000000000)
select lpad('x', 2000000000, 'y')
select rpad('x', 1 << 30, 'y')
select concat(repeat('x', 9000000), repeat('y', 9000000))
select insert(repeat('a', 900000), 1, 1, repeat('b', 900000))
select replace(repeat('a', 10000), 'a', repeat('b', 100000))
select export_set(1, repeat('x', 1000000), repeat('y', 1000000))
select make_set(7, repeat('a', 10000000))
select hex(repeat('x', 100000000))
select group_concat(repeat(a.name, 1000)) from customers a, customers b, customers c
select count(*) from orders a, orders b, orders c
select count(*) from orders a join customers b join products c join events d
select * from orders a, orders b, orders c where a.id <> b.id
with recursive n as (select 1 as i union all select i + 1 from n) select * from n
with recursive n as (select 1 as i union all select i + 1 from n where i < 2000000000) select count(*) from n
with recursive s(t) as (select 'a' union all select concat(t, t) from s) select length(t) from s
with recursive n(i) as (select 1 union all select i * -1 from n) select * from n
with recursive n as (select 1 as i union all select n.i + 1 from n, orders) select count(*) from n
select json_array_append(json_array(), '$', repeat('a', 100000000))
select * from json_table(concat('[', repeat('1,', 90000000), '1]'), '$[*]' columns (a int path '$')) t
select * from json_table('[1]', '$[*]' columns (a int path '$')) t, json_table(load_file('x'), '$[*]' columns (a int path '$')) u
select * from seq_1_to_1000000000
select * from seq_1_to_100000 a, seq_1_to_100000 b
select * from seq_0_to_9 s
select cast(name as evil) from customers
select convert(load_file('x') using utf8mb4)
select ? from customers
select :x
select * from orders for system_time as of timestamp '2020-01-01'
select * from orders for system_time all
select * from dual where sleep(1)
select name from customers where match (name) against (sleep(1))
select name from customers where match (name) against ((select load_file('x')))
select count(*) from orders group by status having sleep(1)
select sum(total) over (partition by sleep(1)) from orders
select group_concat(name order by sleep(1)) from customers
select group_concat(name separator sleep(1)) from customers
select case when 1 then sleep(1) end
select (select sleep(1) from dual)
select exists (select sleep(1))
select name from customers limit 1 offset sleep(1)
select interval(sleep(1), 1)
select date_add(now(), interval sleep(5) second)
select extract(year from sleep(1))
select trim(load_file('x') from name) from customers
select char(sleep(1) using utf8mb4)
select cast(sleep(1) as char)
select binary sleep(1)
select -sleep(1), !sleep(1), ~sleep(1)
select sleep(1) between 0 and 1
select 1 in (sleep(1))
select (1, sleep(1)) = (1, 1)
select name from customers c join orders o on sleep(1)
select sql_no_cache(1)
select sql_no_cache (load_file('/etc/passwd'))
select sql_big_result sleep(5) from orders
select sql_buffer_result * from orders for update
select !sleep(5)
select extract(year_month from sleep(5))
select date_add(now(), interval sleep(5) hour_minute)
select interval(1, sleep(5), 3)
select interval (sleep(5)) day + now()
select name sounds like sleep(5) from customers
table customers for update
table customers into @x
(table customers for share)
with x as (table customers for update) select * from x
select * from (table customers lock in share mode) x
-- class: function
select id mod sleep(10) from orders
select sleep(3) mod 2
select id mod (select benchmark(1000000, 1)) from orders
select cast(load_file('/etc/passwd') as char character set utf8mb4)
select cast(name as char(10) character set utf8mb4), sleep(5) from customers
select char(load_file('/etc/passwd') using utf8mb4)
select char(65 using sleep(3))
select cast(name as char character set sleep(3)) from customers
-- class: statement
select id mod 2 into outfile '/tmp/x' from orders
select cast(name as char character set utf8mb4) into @x from customers
-- class: function
select mod(sleep(1), 2) mod 3
select cast(name as char(sleep(1)) character set utf8mb4) from customers
select char(sleep(1) using utf8mb4)
select char(65 using utf8mb4), sleep(1)
select convert(sleep(1), char character set utf8mb4)
-- class: outsider
select cast('a' as binary(1000000000))
select convert('a', binary(1000000000))
select cast(name as binary(1000000000)) from customers
with recursive f(n) as (select 1 union all select n * 0 + 1 from f where n < 2) select count(*) from f
with recursive f(n) as (select 1 union all select 1 + 0 * n from f where n < 2) select count(*) from f
