-- What SQLite says this way.
select strftime('%Y-%m', ordered_at) as month, sum(total) from orders group by month order by month
select strftime('%Y', ordered_at), count(*) from orders group by strftime('%Y', ordered_at)
select date(ordered_at) as d, count(*) from orders group by d
select count(*) from orders where date(ordered_at) >= date('now', '-30 days')
select julianday('now') - julianday(hired_on) as days from employees
select cast((julianday('now') - julianday(birth_date)) / 365.25 as integer) as age from employees
select datetime('now'), date('now', 'start of month', '+1 month', '-1 day'), time('now')
select unixepoch(ordered_at) from orders
select iif(vip, 'yes', 'no') from customers
select ifnull(note, '') from orders
select instr(email, '@'), substr(email, instr(email, '@') + 1) as domain from customers
select group_concat(name, ', ') from customers group by country
select group_concat(distinct country) from customers
select total(total), avg(total) from orders
select name from customers where name glob 'A*'
select name from customers where name like 'a%' escape '\'
select printf('%.2f', total), printf('%05d', id) from orders
select typeof(total), hex(name), quote(name) from orders, customers
select cast(total as integer), cast(total as text), cast(id as real) from orders
select round(total), round(total, 1), abs(-total), sign(total) from orders
select max(total, discount, 0), min(total, discount) from orders
select random() % 10 from orders limit 3
select rowid, name from customers
select c.rowid, c._rowid_, c.oid from customers c
select [name], [country] from [customers]
select `name` from `customers`
select "name" from "customers" where "country" = "DE"
select name from customers where country = "Germany"
select NAME from Customers where COUNTRY = 'DE'
select Customers.Name from CUSTOMERS
select main.customers.name from main.customers
select json_extract(payload, '$.page') as page, count(*) from events group by page
select payload ->> '$.page', payload -> 'user' from events
select e.id, j.value from events e, json_each(e.payload, '$.items') j
select p.name, j.value from products p join json_each(p.tags) as j
select j.key, j.atom, j.fullkey from events, json_tree(events.payload) j where j.type = 'integer'
select json_array_length(payload), json_type(payload), json_valid(payload) from events
select json_object('id', id, 'n', name) from customers
select json_group_array(name) from customers
select distinct name from customers order by name collate nocase
select name from customers where name = 'ann' collate nocase
select country, count(*) as n from customers group by country having n > 5
select total * 2 as twice from orders where twice > 100
select country c, count(*) n from customers group by c order by n desc
select name, country from customers group by country
select max(total), id from orders
select * from orders limit 5, 10
select * from orders limit 10 offset 5
select name from customers where vip is true
select name from customers where country is 'DE'
select name from customers where country is not 'DE'
select name from customers where email isnull or city notnull
select 5 / 2, 5 % 2, 5 & 2, 5 | 2, 1 << 3, ~5
select 'a' || 1
select 1 == 1, 1 <> 2, 1 != 2
select id from orders where (customer_id, status) in (select customer_id, status from orders where total > 5)
select (select name from customers where id = o.customer_id) from orders o
select count(*) filter (where status = 'paid') from orders
select sum(total) filter (where status = 'paid') over (partition by customer_id) from orders
select id, total, row_number() over (partition by status order by total desc nulls last) from orders
select id, sum(total) over (order by id rows between 2 preceding and 2 following) from orders
select id, sum(total) over (order by id groups between 1 preceding and current row) from orders
select id, nth_value(total, 2) over (order by id) from orders
select id, percent_rank() over w, cume_dist() over w from orders window w as (order by total)
values (1, 'a'), (2, 'b')
select * from (values (1, 'a'), (2, 'b'))
select column1 from (values (1), (2))
with v(x, y) as (values (1, 'a'), (2, 'b')) select x from v
with recursive d(x) as (select date('2024-01-01') union all select date(x, '+1 day') from d where x < '2024-01-31') select x from d
with d(x) as (select 1 union all select x + 1 from d limit 50) select sum(x) from d
with recursive t as (select id, manager_id from employees where id = 1 union select e.id, e.manager_id from employees e, t where e.manager_id = t.id) select * from t
select * from orders left join customers on orders.customer_id = customers.id
select * from orders o left outer join customers c on o.customer_id = c.id where c.id is null
select * from orders full join order_items on orders.id = order_items.order_id
select * from customers right join orders on orders.customer_id = customers.id
select * from customers natural join departments
select * from orders join order_items
select name from customers union select name from employees order by 1
select name as n from customers union select name from employees order by n
select id from orders where status in ()
select likely(total > 5), unlikely(vip) from orders, customers
select trim(name, 'x'), ltrim(name), rtrim(name, '.') from customers
select upper(substr(name, 1, 1)) || lower(substr(name, 2)) from customers
select length(name) - length(replace(name, 'a', '')) as a_count from customers
select cast(strftime('%H', at) as integer) as hour, count(*) from events group by hour
select case cast(strftime('%w', at) as integer) when 0 then 'Sun' else 'other' end as day, count(*) from events group by day
select sqrt(total), power(total, 2), ln(10), log(100), exp(1), ceil(total), floor(total), pi() from orders
select coalesce(city, country) from customers
select nullif(total, 0) from orders
select char(65, 66), unicode('a') from orders
select exists(select 1 from orders where total > 5)
select not exists(select 1 from orders)
select count(*) from orders, customers where orders.customer_id = customers.id
select o.id from orders o where o.total > (select avg(total) from orders where status = o.status)
select t.n from (select count(*) as n from orders group by customer_id) as t
select customers.*, orders.total from customers, orders where customers.id = orders.customer_id
select distinct c.country from customers c where c.id in (select o.customer_id from orders o where o.total > 100)
select name from customers order by length(name) desc, name
select name from customers order by random() limit 5
select "Region", sum("Amount") from "Targets" group by "Region"
select region, year from targets where amount > 5
select count(distinct case when total > 5 then customer_id end) from orders
select round(100.0 * sum(status = 'paid') / count(*), 2) as pct from orders
select sum(total > 100) as big from orders
select avg(status = 'paid') from orders
select date(max(ordered_at), '+7 days') from orders
select cast(substr(hired_on, 1, 4) as int) as y, count(*) from employees group by y
select x'4142', 0x1f, 1e3, .5
select current_date, current_timestamp, current_time
select name from products where attributes is not null and json_extract(attributes, '$.color') = 'red'
select cast(sum(total) as real) / count(distinct customer_id) as per_customer from orders
select name from customers except select name from employees
select a.id from orders a join orders b on a.customer_id = b.customer_id and a.id <> b.id group by a.id
select instr(group_concat(name), 'Ann') from customers
select replace(group_concat(name), ',', ' / ') from customers group by country
with recursive parts(rest, part) as (select 'a,b,c,', '' union all select substr(rest, instr(rest, ',') + 1), substr(rest, 1, instr(rest, ',') - 1) from parts where rest <> '') select part from parts where part <> ''
with recursive path(id, trail) as (select id, name from employees where manager_id is null union all select e.id, p.trail || ' > ' || e.name from employees e join path p on e.manager_id = p.id) select * from path
with recursive n(i) as (select 1 union all select i + 1 from n limit 10) select i from n
with recursive m(d) as (select '2024-01-01' union all select date(d, '+1 month') from m where d < '2024-12-01') select d from m
with recursive m(d) as (select '2024-12-01' union all select date(d, '-1 month') from m where d > '2024-01-01') select d from m
-- Written later, by somebody who had not read the above.
select strftime('%Y-%m', ordered_at) as month, sum(total) as revenue from orders group by month order by month
select strftime('%Y', ordered_at) || '-Q' || ((cast(strftime('%m', ordered_at) as integer) + 2) / 3) as quarter, count(*) from orders group by 1
select strftime('%w', ordered_at) as dow, strftime('%H', ordered_at) as hour, count(*) from orders group by dow, hour
select date(ordered_at, 'start of month') as m, date(ordered_at, 'start of month', '+1 month', '-1 day') as month_end from orders
select date(ordered_at, 'weekday 0', '-6 days') as monday, sum(total) from orders group by monday
select count(*) from orders where ordered_at >= date('now', '-30 days') and ordered_at < datetime('now', 'localtime')
select count(*) from orders where date(ordered_at) between date('now', 'start of year') and date('now')
select cast(julianday(shipped_on) - julianday(ordered_at) as integer) as days, count(*) from orders group by days
select (julianday('now') - julianday(birth_date)) / 365.25 as age from employees
select unixepoch(ordered_at) / 900 * 900 as slot, count(*) from orders group by slot
select datetime(1700000000, 'unixepoch'), datetime('now', 'utc'), time('12:00', '+90 minutes'), strftime('%s', 'now')
select strftime('%Y-W%W', ordered_at) as week, count(distinct customer_id) from orders group by week
select julianday(max(ordered_at)) - julianday(min(ordered_at)) from orders
select date(julianday(ordered_at) - 1) from orders
select substr(ordered_at, 1, 7) as month, total(discount) from orders group by substr(ordered_at, 1, 7)
select printf('%.2f', avg(total)), printf('%05d', id), printf('%s (%s)', status, id), printf('%,d', sum(total)) from orders
select format('%-10s|%8.2f', status, total) from orders
select iif(total > 100, 'big', 'small') as size, count(*) from orders group by size
select ifnull(note, '-'), nullif(discount, 0), coalesce(note, status, 'x') from orders
select sum(status = 'paid') as paid, avg(status = 'paid') * 100 as pct, total(total) from orders
select count(*) filter (where status = 'paid') as paid, sum(total) filter (where status <> 'paid') from orders
select group_concat(distinct country) from customers
select group_concat(name, '; ') from (select name from customers order by name)
select string_agg(name, ', ' order by name desc) from customers
select group_concat(status, '>' order by ordered_at) as journey from orders group by customer_id
select customer_id, group_concat(id) over (partition by customer_id order by ordered_at) from orders
select json_extract(payload, '$.page') as page, count(*) from events group by page
select payload ->> '$.user.name', payload -> 'items' -> 0 ->> 'sku', payload ->> 'page' from events
select e.id, j.value from events e, json_each(e.payload, '$.items') j
select e.id, json_extract(j.value, '$.sku') as sku, j.key from events e join json_each(e.payload, '$.items') as j where json_extract(j.value, '$.qty') > 1
select e.id, t.fullkey, t.atom from events e, json_tree(e.payload) t where t.type = 'text'
select p.name, t.value as tag from products p, json_each(p.tags) t where t.value like 'eco%'
select t.value as tag, count(*) from products, json_each(products.tags) as t group by tag order by 2 desc
select json_array_length(payload, '$.items'), json_type(payload, '$.page'), json_valid(payload) from events
select json_object('id', id, 'total', total), json_array(id, status), json_quote(note) from orders
select json_group_array(name), json_group_object(id, name) from customers group by country
select json_group_array(json_object('id', id, 'total', total)) from orders group by customer_id
select json_group_array(name order by name) from customers
select json_set(payload, '$.a', 1), json_remove(payload, '$.secret'), json_insert(payload, '$.b', 2), json_replace(payload, '$.c', 3), json_patch(payload, '{"x": 1}') from events
select json_pretty(payload) from events
select row_number() over (partition by customer_id order by ordered_at desc) as rn, id from orders
select id, sum(total) over (order by ordered_at rows between unbounded preceding and current row) as running from orders
select id, avg(total) over (order by ordered_at rows between 6 preceding and current row) as moving from orders
select id, sum(total) over (order by total groups between 1 preceding and 1 following exclude ties) from orders
select id, count(*) over (order by total range between 10 preceding and 10 following exclude current row) from orders
select id, ntile(4) over w, percent_rank() over w, cume_dist() over w, rank() over w from orders window w as (order by total desc)
select id, lag(total, 1, 0) over (order by id), lead(total) over (order by id), nth_value(total, 2) over (order by id), last_value(total) over (order by id rows between unbounded preceding and unbounded following) from orders
select id, sum(total) filter (where status = 'paid') over (partition by customer_id) from orders
select customer_id, julianday(ordered_at) - julianday(lag(ordered_at) over (partition by customer_id order by ordered_at)) as gap from orders
select id, sum(total) over (w rows 2 preceding) from orders window w as (partition by status order by id)
with ranked as (select p.category, p.name, sum(oi.quantity) as q, dense_rank() over (partition by p.category order by sum(oi.quantity) desc) as r from products p join order_items oi on oi.product_id = p.id group by p.category, p.name) select * from ranked where r <= 3
with recursive days(d) as (select '2024-01-01' union all select date(d, '+1 day') from days where d < '2024-01-31') select d, count(o.id) from days left join orders o on date(o.ordered_at) = d group by d
with recursive months(m) as (values ('2024-01-01') union all select date(m, '+1 month') from months where m < '2024-12-01') select m from months
with recursive org(id, name, path, level) as (select id, name, name, 0 from employees where manager_id is null union all select e.id, e.name, o.path || ' > ' || e.name, o.level + 1 from employees e join org o on e.manager_id = o.id) select substr('          ', 1, level * 2) || name as tree from org order by path
with recursive up(id, manager_id) as (select id, manager_id from employees where id = 5 union select e.id, e.manager_id from employees e join up on up.manager_id = e.id) select count(*) from up
with recursive split(word, rest) as (select '', 'a,b,c' || ',' union all select substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) from split where rest <> '') select word from split where word <> ''
with recursive n(i) as (values (1) union all select i + 1 from n limit 100) select sum(i) from n
with first as (select customer_id, min(strftime('%Y-%m', ordered_at)) as cohort from orders group by customer_id) select cohort, strftime('%Y-%m', o.ordered_at) as m, count(distinct o.customer_id) from first join orders o using (customer_id) group by 1, 2
with s as materialized (select status, sum(total) as t from orders group by status) select status, t * 100.0 / (select sum(t) from s) from s
with s as not materialized (select * from orders) select count(*) from s
select max(total), id from orders
select customer_id, max(ordered_at), status from orders group by customer_id
select name, country from customers group by country having count(*) > 1
select typeof(total), cast(total as integer), cast(total as real), cast(id as text) from orders
select round(total), round(total, 1), abs(total), max(total, discount, 0), min(total, 5), sign(total) from orders
select total / 2, total % 7, id / 2, id * 1.0 / 2, id & 1, id | 2, id << 1, ~id, -id from orders
select sqrt(total), pow(2, 3), exp(1), ln(2), log(100), log2(8), ceil(total), floor(total), trunc(total), mod(id, 3), pi() from orders
select lower(name), upper(name), length(name), trim(name, ' x'), ltrim(name), rtrim(name), replace(name, 'a', 'b'), instr(email, '@') from customers
select substr(email, instr(email, '@') + 1) as domain, count(*) from customers group by domain
select hex(name), unicode(name), char(65, 66), quote(name) from customers
select name from customers where name like 'a!_%' escape '!' and email not like '%test%'
select name from customers where name glob 'A*' or name not glob '*[0-9]*'
select name from customers where name = 'ann' collate nocase order by name collate nocase
select country, city from customers where (country, city) in (select country, city from customers where vip)
select name from customers where country is 'DE' and city is not null and email notnull
select name from customers where vip is true or vip is not false
select name from customers where email isnull
select id from orders where total between 10 and 20 and status in ('paid', 'open')
select id from orders where not exists (select 1 from order_items oi where oi.order_id = orders.id)
select c.name, o.total from customers c left join orders o on o.customer_id = c.id and o.status = 'paid' where o.id is null
select * from customers natural join (select 1 as id)
select c.name, d.name from customers c, departments d limit 10
select o.id from orders o right join customers c on c.id = o.customer_id
select * from orders full join order_items on orders.id = order_items.order_id
select o.rowid, o.* from orders o where o.rowid > 100 order by o.rowid
select * from orders indexed by sqlite_autoindex_orders_1 where id = 1
select * from orders not indexed where id = 1
select id from orders limit 10, 5
select id from orders limit 5 offset 10
select id from orders order by total desc nulls last, id asc limit 10
select name from customers union select name from employees order by 1 collate nocase
select status from orders except select 'paid' union all select 'x'
values (1, 'a'), (2, 'b')
select column1, column2 from (values (1, 'low'), (2, 'high'))
with v(n, label) as (values (1, 'low'), (2, 'high')) select * from v
select c.* from customers c join (values ('DE'), ('FR')) v on v.column1 = c.country
select [name] as [the name], "name", `name` from [customers]
select name 'alias', email as "drop table" from customers
select 'it''s', x'4d', 1e3, .5, 0x1F, true, null, -1, +1, 1_000 from customers limit 1
select name from customers -- delete from orders
select /* ; drop table */ name from customers /* unclosed
select 'a' || 'b' || name, 'x' <> name, id == 1, id != 2 from customers
select case when total >= 100 then 'L' else 'S' end as size, count(*) from orders group by size
select case status when 'paid' then 1 else 0 end from orders
select cast(total / 50 as integer) * 50 as bin, count(*), sum(count(*)) over (order by cast(total / 50 as integer)) from orders group by bin
select a.product_id, b.product_id, count(*) as n from order_items a join order_items b on a.order_id = b.order_id and a.product_id < b.product_id group by 1, 2 order by n desc limit 20
select d.name, (select count(*) from employees e where e.department_id = d.id) as heads from departments d order by heads desc
select p.category, sum(oi.quantity * oi.unit_price) as rev, 100.0 * sum(oi.quantity * oi.unit_price) / sum(sum(oi.quantity * oi.unit_price)) over () as pct from products p join order_items oi on oi.product_id = p.id group by p.category
select "Year", "Amount" - lag("Amount") over (partition by "Region" order by "Year") as growth from "Targets"
select year, sum(amount) from targets group by YEAR
select avg(total) from (select total from orders order by total limit 2 - (select count(*) from orders) % 2 offset (select (count(*) - 1) / 2 from orders))
select likely(vip), unlikely(vip), likelihood(vip, 0.5) from customers
select concat(name, ' ', city), concat_ws(', ', city, country) from customers
select octet_length(name), soundex(name) from customers
select count(distinct customer_id), count(distinct date(ordered_at)) from orders
select exists (select 1 from orders where total > 1000) as any_big, not exists (select 1 from events) as none
select total, sum(total) over () as whole, round(100.0 * total / sum(total) over (), 1) as pct from orders
select main.customers.name from main.customers
select o.id from main.orders as o
select timediff('2024-02-01', '2024-01-01')
select current_date, current_time, current_timestamp
select changes_ from (select 1 as changes_)
select e.name, m.name as boss, coalesce(g.name, '-') as grand from employees e left join employees m on m.id = e.manager_id left join employees g on g.id = m.manager_id
select strftime('%j', ordered_at), strftime('%f', ordered_at), strftime('%G-W%V', ordered_at), strftime('%u', ordered_at) from orders
