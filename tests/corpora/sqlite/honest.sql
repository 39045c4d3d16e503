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
