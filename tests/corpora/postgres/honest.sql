-- What only PostgreSQL says this way.
select date_trunc('month', ordered_at) as month, sum(total) from orders group by 1 order by 1
select date_trunc('month', ordered_at)::date as month, count(*) from orders group by date_trunc('month', ordered_at) order by month
select extract(year from ordered_at) as y, extract(month from ordered_at) as m, sum(total) from orders group by y, m order by y, m
select to_char(ordered_at, 'YYYY-MM') as month, sum(total) from orders group by to_char(ordered_at, 'YYYY-MM')
select count(*) from orders where ordered_at >= now() - interval '30 days'
select count(*) from orders where ordered_at >= current_date - interval '1 month'
select count(*) from orders where ordered_at::date = current_date
select count(*) from orders where shipped_on between date '2024-01-01' and date '2024-12-31'
select count(*) filter (where status = 'paid') as paid, count(*) as all_orders from orders
select round(100.0 * count(*) filter (where status = 'paid') / nullif(count(*), 0), 2) as share from orders
select status, string_agg(distinct note, ', ' order by note) from orders group by status
select customer_id, array_agg(id order by ordered_at) from orders group by customer_id
select percentile_cont(0.5) within group (order by total) as median from orders
select status, percentile_disc(0.9) within group (order by total) from orders group by status
select mode() within group (order by status) from orders
select distinct on (customer_id) customer_id, id, ordered_at from orders order by customer_id, ordered_at desc
select name from customers where name ilike '%ann%'
select name from customers where name ~* '^a.*n$'
select name from customers where email !~ '@example[.]com$'
select name from customers where city similar to '(Ber|Ham)%'
select split_part(email, '@', 2) as domain, count(*) from customers group by domain order by 2 desc
select left(name, 1) as initial, count(*) from customers group by initial
select initcap(name), reverse(name), char_length(name) from customers
select position('@' in email), strpos(email, '@') from customers
select substring(email from '@(.*)$') from customers
select substring(name from 1 for 3), substring(name, 2) from customers
select trim(both ' ' from name), ltrim(name), btrim(name, 'x') from customers
select concat(name, ' ', city), concat_ws('-', country, city) from customers
select coalesce(city, country, 'unknown') from customers
select greatest(total, discount), least(total, 100) from orders
select round(avg(total), 2), ceil(avg(total)), floor(avg(total)), trunc(avg(total), 1) from orders
select round(avg(weight_kg)::numeric, 2) from products
select stddev(total), variance(total), corr(total, discount) from orders
select sum(total)::bigint, total::text from orders group by total
select cast('2024-01-01' as date), '2024-01-01'::date, date '2024-01-01'
select age(birth_date) from employees
select extract(year from age(birth_date)) as years from employees
select date_part('year', hired_on) as y, count(*) from employees group by 1
select current_date - hired_on as days from employees
select hired_on + interval '1 year' from employees
select hired_on + 30 from employees
select extract(epoch from (max(at) - min(at))) / 3600 as hours from events
select at at time zone 'UTC' from events
select date_trunc('hour', at at time zone 'Europe/Berlin') as h, count(*) from events group by h
select payload ->> 'page' as page, count(*) from events group by payload ->> 'page'
select payload -> 'user' ->> 'id' from events
select payload #>> '{user,name}' from events
select (payload ->> 'amount')::numeric as amount from events where payload ? 'amount'
select count(*) from events where payload @> '{"kind": "x"}'
select jsonb_array_length(payload -> 'items') from events where jsonb_typeof(payload -> 'items') = 'array'
select e.id, item ->> 'sku' from events e, jsonb_array_elements(e.payload -> 'items') as item
select e.id, i.value ->> 'sku' from events e cross join lateral jsonb_array_elements(e.payload -> 'items') i
select e.id, kv.key, kv.value from events e, jsonb_each_text(e.payload) kv
select jsonb_build_object('id', id, 'total', total) from orders
select json_agg(o) from orders o
select jsonb_agg(jsonb_build_object('n', name)) from customers
select r.sku, r.qty from events e, jsonb_to_recordset(e.payload -> 'items') as r(sku text, qty int)
select unnest(tags) as tag, count(*) from products group by tag
select p.name, t.tag from products p, unnest(p.tags) as t(tag)
select p.name, t.tag, t.pos from products p cross join lateral unnest(p.tags) with ordinality as t(tag, pos)
select name from products where 'new' = any(tags)
select name from products where tags && array['new', 'sale']
select name from products where tags @> array['new'] and cardinality(tags) > 1
select array_length(tags, 1), tags[1], array_to_string(tags, ', ') from products
select name from customers where country = any(array['DE', 'FR'])
select name from products where price > all (select total from orders where status = 'open')
select d::date as day, count(o.id) from generate_series('2024-01-01'::date, '2024-01-31'::date, interval '1 day') as d left join orders o on o.ordered_at::date = d::date group by 1 order by 1
select n, n * n from generate_series(1, 10) as n
select g.n from generate_series(1, 12) as g(n)
select month::date from generate_series((select min(hired_on) from employees), current_date, '1 month') as month
select d from generate_series(date_trunc('month', now()) - interval '11 months', date_trunc('month', now()), '1 month'::interval) d
select c.name, last.total from customers c left join lateral (select o.total from orders o where o.customer_id = c.id order by o.ordered_at desc limit 1) last on true
select c.name, x.n from customers c cross join lateral (select count(*) as n from orders o where o.customer_id = c.id) x
select country, city, count(*) from customers group by rollup (country, city)
select country, city, count(*) from customers group by grouping sets ((country), (city), ())
select country, vip, grouping(country), count(*) from customers group by cube (country, vip)
select id, total, percent_rank() over (order by total), cume_dist() over (order by total) from orders
select id, last_value(total) over (order by id rows between unbounded preceding and unbounded following) from orders
select id, sum(total) over (order by ordered_at range between interval '7 days' preceding and current row) from orders
select id, count(*) filter (where status = 'paid') over (partition by customer_id) from orders
select distinct status, first_value(id) over (partition by status order by total desc) from orders
select "Region", sum("Amount") from "Targets" group by "Region"
select t."Year", t."Amount" from "Targets" t where t."Year" = 2024
select * from "Targets" order by "Year" nulls last limit 5 offset 2
select * from public.customers
select public.customers.name from public.customers
select o.id from public.orders as o fetch first 5 rows only
values (1, 'a'), (2, 'b')
select v.x, v.y from (values (1, 'a'), (2, 'b')) as v(x, y)
select c.name from customers c join (values ('DE'), ('FR')) as v(country) on v.country = c.country
select name from customers where (country, city) in (select country, city from customers where vip)
select name from customers where (country, city) = ('DE', 'Berlin')
select a is distinct from b from (select 1 as a, null::int as b) x
select vip is true, vip is not false, vip is unknown from customers
select regexp_replace(name, '[^a-z]', '', 'g'), regexp_match(email, '@(.+)$') from customers
select regexp_split_to_table(note, ',') from orders
select word, count(*) from orders, regexp_split_to_table(lower(note), ' +') as word group by word
select lpad(id::text, 8, '0'), rpad(name, 20), repeat('*', 5) from customers
select repeat('#', (total / 100)::int) as bar from orders
select md5(email) from customers
select format('%s (%s)', name, city) from customers
select to_date('2024-01-31', 'YYYY-MM-DD'), to_timestamp(0), make_date(2024, 1, 1)
select width_bucket(total, 0, 1000, 10) as bucket, count(*) from orders group by bucket order by bucket
select power(2, 10), sqrt(total), ln(total), exp(1), mod(id, 7), id % 7 from orders
select sum(total) over (partition by date_trunc('month', ordered_at)) from orders
with monthly as (select date_trunc('month', ordered_at) as m, sum(total) as s from orders group by 1) select m, s, s - lag(s) over (order by m) as diff, round(100 * (s / lag(s) over (order by m) - 1), 1) as pct from monthly order by m
with first_order as (select customer_id, min(date_trunc('month', ordered_at)) as cohort from orders group by customer_id) select f.cohort, count(distinct o.customer_id) from first_order f join orders o using (customer_id) group by f.cohort
with ranked as (select p.category, p.name, sum(oi.quantity) as q, rank() over (partition by p.category order by sum(oi.quantity) desc) as r from products p join order_items oi on oi.product_id = p.id group by p.category, p.name) select * from ranked where r <= 3
with recursive days(d) as (select date '2024-01-01' union all select d + 1 from days where d < date '2024-01-31') select d from days
with x as materialized (select * from orders) select count(*) from x
select pg_catalog.lower(name), pg_catalog.count(*) from customers group by 1
select "lower"(name) from customers
select count(*) from orders tablesample system (10)
select id from orders order by total desc nulls last limit 10
select c.name, o.total from customers c left outer join orders o on o.customer_id = c.id and o.status = 'paid' where o.id is null or o.total > 5
select * from orders full outer join order_items on orders.id = order_items.order_id
select o.* from orders o right join customers c on c.id = o.customer_id
select customers from customers
select count(customers) from customers
select o.id, o.customer_id, sum(oi.quantity) from orders o join order_items oi on oi.order_id = o.id group by o.id
select e'tab\there', $$dollar 'quoted'$$, $q$x$q$
select case when count(*) > 0 then sum(total) / count(*) end from orders
select avg(extract(epoch from shipped_on - ordered_at) / 86400) from orders
select justify_days(max(at) - min(at)) from events
select bool_and(vip), bool_or(vip), every(vip) from customers
select name collate "C" from customers order by name collate "C"
select ordered_at::date as d, sum(sum(total)) over (order by ordered_at::date) from orders group by ordered_at::date
select array(select name from customers order by name limit 3)
select overlay(name placing 'xx' from 1 for 2) from customers
select date_bin('15 minutes', at, timestamp '2024-01-01') as slot, count(*) from events group by slot
select (current_timestamp - max(at)) > interval '1 hour' from events
select string_agg(name, ', ' order by name) like '%Ann%' from customers
select strpos(string_agg(name, ','), 'Ann') from customers
select replace(string_agg(name, '|'), '|', ' / ') from customers group by country
select repeat('*', quantity) from order_items
select array_agg(product_id) @> array[1, 2] from order_items group by order_id
with recursive path(id, trail) as (select id, name::text from employees where manager_id is null union all select e.id, p.trail || ' > ' || e.name from employees e join path p on e.manager_id = p.id) select * from path
with recursive walk(id, seen) as (select id, array[id] from employees where manager_id is null union all select e.id, w.seen || e.id from employees e join walk w on e.manager_id = w.id where e.id <> all (w.seen)) select * from walk
with recursive parts(rest, part) as (select 'a,b,c', '' union all select substr(rest, strpos(rest || ',', ',') + 1), split_part(rest, ',', 1) from parts where rest <> '') select part from parts where part <> ''
with recursive m(d) as (select date '2024-01-01' union all select (d + interval '1 month')::date from m where d < date '2024-12-01') select d from m
with recursive k(v) as (select min(country) from customers union all select (select min(country) from customers where country > k.v) from k where k.v is not null) select v from k where v is not null
select d::date, p.id, c.country from generate_series(date '2024-01-01', date '2024-01-31', interval '1 day') d cross join products p cross join (select distinct country from customers) c
select c.name, x.total from customers c cross join lateral (select total from orders o where o.customer_id = c.id order by total desc limit 3) x
