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
-- Written later, by somebody who had not read the above.
select date_trunc('week', ordered_at)::date as week, count(*) filter (where status = 'paid') as paid, count(*) filter (where status <> 'paid') as other from orders group by 1 order by 1
select to_char(date_trunc('quarter', ordered_at), 'YYYY "Q"Q') as quarter, sum(total) from orders group by date_trunc('quarter', ordered_at) order by min(ordered_at)
select extract(isodow from ordered_at) as dow, extract(hour from ordered_at) as hour, count(*) from orders group by 1, 2 order by 1, 2
select trim(to_char(ordered_at, 'Day')) as weekday, avg(total)::numeric(10,2) from orders group by 1
select ordered_at at time zone 'America/New_York' as local, id from orders where (ordered_at at time zone 'America/New_York')::date = date '2024-03-10'
select timezone('Asia/Kolkata', ordered_at)::date as d, count(*) from orders group by d
select count(*) from orders where ordered_at >= date_trunc('month', current_date) - interval '1 month' and ordered_at < date_trunc('month', current_date)
select (date_trunc('month', current_date) + interval '1 month - 1 day')::date as last_day
select make_interval(days => 10), make_interval(months => 2, days => 3)
select justify_interval(sum(shipped_on - ordered_at::date) * interval '1 day') from orders
select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by total) from orders
select country, percentile_cont(0.95) within group (order by o.total) - percentile_cont(0.05) within group (order by o.total) as spread from orders o join customers c on c.id = o.customer_id group by country
select status, rank(100) within group (order by total) from orders group by status
select dense_rank(50) within group (order by total desc), percent_rank(50) within group (order by total), cume_dist(50) within group (order by total) from orders
select regr_slope(total, discount), regr_intercept(total, discount), regr_r2(total, discount), regr_sxx(total, discount), regr_syy(total, discount), regr_sxy(total, discount) from orders
select covar_pop(total, discount), covar_samp(total, discount), stddev_pop(total), var_samp(total) from orders
select country, city, grouping(country, city) as level, sum(credit_limit) from customers group by rollup (country, city) having grouping(country) = 0
select country, vip, count(*) from customers group by grouping sets ((country, vip), (country), ()) order by country nulls first, vip nulls first
select coalesce(country, 'all') as country, coalesce(vip::text, 'all') as vip, count(*) from customers group by cube (country, vip)
select id, sum(total) over (order by ordered_at rows between unbounded preceding and current row exclude current row) from orders
select id, avg(total) over (order by ordered_at groups between 1 preceding and 1 following) from orders
select id, count(*) over (order by total range between 10 preceding and 10 following exclude ties) from orders
select id, nth_value(total, 2) over (partition by customer_id order by ordered_at rows between unbounded preceding and unbounded following) from orders
select id, sum(total) over w, row_number() over (w rows between unbounded preceding and current row) from orders window w as (partition by customer_id order by ordered_at)
select id, total, total - avg(total) over (partition by customer_id) as above, 100 * total / sum(total) over () as pct from orders
select customer_id, ordered_at, ordered_at - lag(ordered_at) over (partition by customer_id order by ordered_at) as gap from orders
select customer_id, count(*) filter (where gap > interval '30 days') from (select customer_id, ordered_at - lag(ordered_at) over (partition by customer_id order by ordered_at) as gap from orders) g group by customer_id
with e as (select user_id, at, case when at - lag(at) over (partition by user_id order by at) > interval '30 minutes' then 1 else 0 end as fresh from events), s as (select user_id, at, sum(fresh) over (partition by user_id order by at) as session_no from e) select user_id, session_no, min(at), max(at), count(*) from s group by user_id, session_no
with d as (select customer_id, ordered_at::date as day, ordered_at::date - (row_number() over (partition by customer_id order by ordered_at::date))::int as island from (select distinct customer_id, ordered_at::date as ordered_at from orders) x) select customer_id, min(day), max(day), count(*) from d group by customer_id, island having count(*) >= 3
with cohort as (select customer_id, date_trunc('month', min(ordered_at)) as m from orders group by customer_id) select c.m, extract(year from age(date_trunc('month', o.ordered_at), c.m)) * 12 + extract(month from age(date_trunc('month', o.ordered_at), c.m)) as month_no, count(distinct o.customer_id) from cohort c join orders o using (customer_id) group by 1, 2 order by 1, 2
select a.day, count(distinct e.user_id) as mau from generate_series(date '2024-01-01', date '2024-03-31', interval '1 day') as a(day) left join events e on e.at >= a.day - interval '29 days' and e.at < a.day + interval '1 day' group by a.day
select d.day::date, coalesce(sum(o.total), 0) from generate_series('2024-01-01'::timestamptz, '2024-12-31', '1 month') as d(day) left join orders o on date_trunc('month', o.ordered_at) = d.day group by 1 order by 1
with recursive org as (select id, name, manager_id, 1 as level, array[name] as path from employees where manager_id is null union all select e.id, e.name, e.manager_id, o.level + 1, o.path || e.name from employees e join org o on e.manager_id = o.id) select repeat('  ', level - 1) || name as tree, array_to_string(path, ' / ') from org order by path
with recursive org as (select id, manager_id, salary from employees union all select e.id, o.manager_id, e.salary from employees e join org o on e.manager_id = o.id where o.manager_id is not null) select manager_id, sum(salary) from org group by manager_id
with recursive chain as (select id, manager_id, 0 as hops from employees where id = 42 union all select m.id, m.manager_id, hops + 1 from employees m join chain c on m.id = c.manager_id) cycle id set looped using trail select * from chain
with recursive t as (select id, manager_id from employees where manager_id is null union all select e.id, e.manager_id from employees e, t where e.manager_id = t.id) search breadth first by id set ord select * from t order by ord
select c.name, o.ids from customers c join lateral (select array_agg(o.id order by o.ordered_at desc) as ids from orders o where o.customer_id = c.id) o on o.ids is not null
select c.id, x.total, x.rn from customers c, lateral (select o.total, row_number() over (order by o.total desc) as rn from orders o where o.customer_id = c.id limit 3) x
select distinct on (c.country) c.country, c.name, o.total from customers c join orders o on o.customer_id = c.id order by c.country, o.total desc nulls last, o.id
select string_agg(distinct c.country, ', ' order by c.country) from customers c
select customer_id, string_agg(status, '>' order by ordered_at) as journey from orders group by customer_id
select (array_agg(status order by ordered_at desc))[1] as latest from orders group by customer_id
select customer_id, (array_agg(total order by total desc))[1:3] as top3 from orders group by customer_id
select p.name, tag from products p cross join unnest(p.tags) as tag where tag ilike 'eco%'
select tag, round(avg(price), 2) from products, unnest(tags) as u(tag) group by tag having count(*) > 2
select name, tags[array_upper(tags, 1)] as last_tag, array_position(tags, 'sale') from products
select name from products where tags <@ array['a', 'b', 'c'] and not 'x' = any (tags)
select array_remove(tags, 'old') || array['new'] from products
select array_agg(distinct t order by t) from products, unnest(tags) t
select id, attributes -> 'size' ->> 'width' as width, (attributes #>> '{size,height}')::numeric as height from products
select attributes ->> 'color' as color, count(*) from products where attributes ? 'color' group by 1 order by 2 desc
select id from products where attributes @> '{"color": "red"}'::jsonb and attributes ->> 'fragile' is distinct from 'true'
select id from products where attributes ?& array['color', 'size'] or attributes ?| array['a', 'b']
select jsonb_path_query_first(payload, '$.items[*].price') from events
select id from events where jsonb_path_exists(payload, '$.items[*] ? (@.price > 10)')
select id from events where payload @? '$.items[*] ? (@.qty > 1)'
select id from events where payload @@ '$.amount > 100'
select e.id, x.item ->> 'sku' as sku, x.pos from events e, jsonb_array_elements(e.payload -> 'items') with ordinality as x(item, pos)
select k, count(*) from events, jsonb_object_keys(payload) as k group by k
select r.* from events e, jsonb_to_record(e.payload) as r(page text, ms int)
select jsonb_object_agg(status, n) from (select status, count(*) as n from orders group by status) s
select json_build_object('country', country, 'cities', json_agg(distinct city)) from customers group by country
select to_jsonb(c) - 'email' from customers c
select payload - 'secret' as public_part, payload #- '{user,ip}' from events
select row_to_json(t) from (select id, total from orders) t
select jsonb_set(attributes, '{color}', '"red"') from products
select coalesce(jsonb_agg(to_jsonb(o)) filter (where o.id is not null), '[]'::jsonb) from customers c left join orders o on o.customer_id = c.id group by c.id
select case when total >= 1000 then 'large' when total >= 100 then 'medium' else 'small' end as bucket, count(*) from orders group by 1
select width_bucket(total, array[0, 10, 100, 1000]::numeric[]) as b, count(*) from orders group by b
select floor(total / 50) * 50 as bin, count(*), repeat('■', (count(*) / 10)::int) from orders group by bin order by bin
select name from customers where lower(email) similar to '%@(gmail|yahoo)\.com'
select name from customers where name ~ '^[A-Z][a-z]+ [A-Z]' and name !~* 'test'
select regexp_replace(phone, '\D', '', 'g') from (select note as phone from orders) p
select (regexp_match(email, '@([^.]+)\.'))[1] as host, count(*) from customers group by 1
select substring(note from '#([0-9]+)')::int as ticket from orders where note ~ '#[0-9]+'
select m[1] from orders, regexp_matches(note, '([a-z]+)=([0-9]+)', 'g') as m
select word, count(*) from orders, string_to_table(lower(note), ' ') as word group by word order by 2 desc limit 20
select upper(left(name, 1)) || lower(substr(name, 2)) from customers
select lpad(extract(month from ordered_at)::text, 2, '0') from orders
select concat_ws(', ', nullif(city, ''), nullif(country, '')) from customers
select translate(name, 'äöü', 'aou'), ascii(name), chr(65) from customers
select encode(sha256(email::bytea), 'hex') from customers
select md5(id::text || ':' || name) from customers
select count(*) from customers where signup_date <@ daterange('2024-01-01', '2024-07-01')
select id from orders where tstzrange(ordered_at, ordered_at + interval '1 day') && tstzrange('2024-01-01', '2024-01-02')
select (ordered_at, ordered_at + interval '2 days') overlaps (timestamptz '2024-01-01', timestamptz '2024-02-01') from orders
select lower(r), upper(r) from (select int4range(1, 10) as r) x
select name from products where to_tsvector('english', name) @@ plainto_tsquery('english', 'garden chair')
select name, ts_rank(to_tsvector('english', name), websearch_to_tsquery('english', 'chair -plastic')) as score from products order by score desc
with v(country, region) as (values ('DE', 'EU'), ('FR', 'EU'), ('US', 'NA')) select v.region, count(*) from customers c join v using (country) group by v.region
select * from (values (1, 'low'), (2, 'high')) as t(n, label) order by n desc
select o.status, sum(oi.quantity * oi.unit_price) * (1 - 0.19) as net from orders o join order_items oi on oi.order_id = o.id group by o.status having sum(oi.quantity) > 0
select p.category, sum(oi.quantity * oi.unit_price) as revenue, rank() over (order by sum(oi.quantity * oi.unit_price) desc) from products p join order_items oi on oi.product_id = p.id group by p.category
select category, name, revenue from (select p.category, p.name, sum(oi.quantity * oi.unit_price) as revenue, row_number() over (partition by p.category order by sum(oi.quantity * oi.unit_price) desc) as rn from products p join order_items oi on oi.product_id = p.id group by p.category, p.name) t where rn <= 3
select sum(revenue) filter (where running <= 0.8 * whole) from (select total as revenue, sum(total) over (order by total desc) as running, sum(total) over () as whole from orders) p
select a.product_id, b.product_id, count(*) from order_items a join order_items b on a.order_id = b.order_id and a.product_id < b.product_id group by 1, 2 order by 3 desc limit 20
select count(*) from customers c where not exists (select from orders o where o.customer_id = c.id and o.ordered_at > now() - interval '90 days')
select c.id from customers c left join orders o on o.customer_id = c.id and o.status = 'refunded' where o.id is null
select id from orders where (customer_id, ordered_at) in (select customer_id, max(ordered_at) from orders group by customer_id)
select id from orders where total > all (select total from orders where status = 'open') or total = some (select 5)
select exists (select 1 from events where kind = 'error') and not exists (select 1 from events where kind = 'ok') as only_errors
(select id, total from orders order by total desc limit 5) union all (select id, total from orders order by total limit 5)
select status from orders except all select 'paid' intersect select 'open'
select name from customers order by country collate "C", name desc nulls last offset 10 rows fetch next 5 rows with ties
table customers
select num_nonnulls(email, city, country) as filled, count(*) from customers group by 1
select count(*) - count(email) as missing, round(100.0 * count(email) / nullif(count(*), 0), 1) as pct from customers
select bool_or(status = 'refunded'), bool_and(total > 0), bit_or(id) from orders
select greatest(total, discount, 0), least(total, discount), sign(total - 10), abs(-total), mod(id, 10), div(id, 10) from orders
select round(total, -2), trunc(total), ceil(total), total::int, total::numeric(12, 1), cast(total as double precision) from orders
select extract(epoch from max(ordered_at) - min(ordered_at)) / 86400.0 as days, extract(doy from now()), date_part('week', now()) from orders
select age(current_date, birth_date), extract(year from age(birth_date))::int / 10 * 10 as decade, count(*) from employees group by 1, 2
select date_bin('6 hours', at, '2024-01-01') as slot, kind, count(*) from events group by slot, kind
select ordered_at::time as t, to_char(ordered_at, 'HH24:MI'), to_char(total, 'FM999G999D00') from orders
select current_date - 7, current_date + interval '1 week', now() - '2 hours'::interval, date '2024-02-29' + 365
select to_timestamp(1700000000) at time zone 'UTC', to_timestamp('2024-01-31 10:00', 'YYYY-MM-DD HH24:MI'), make_timestamp(2024, 1, 31, 10, 0, 0)
select isfinite(ordered_at), ordered_at is null, ordered_at between symmetric '2025-01-01' and '2024-01-01' from orders
select * from customers natural left join (select id, total as spent from orders) o
select e.name, d.name from employees e full join departments d on e.department_id = d.id where e.id is null or d.id is null
select d.name, count(e.*) from departments d left join employees e on e.department_id = d.id group by d.id
select id, total from orders tablesample bernoulli (5) repeatable (42) where total > 0
select "Year", "Amount" - lag("Amount") over (partition by "Region" order by "Year") as growth from "Targets"
select $$it's fine$$ as a, $tag$ $$ $tag$ as b, E'\u00e9' as d␊from orders limit 1
select 'a'␊'b' as joined from customers
select name as "select", email as "drop table" from customers where name = '/* not a comment */' -- ' trailing
select /* outer /* nested */ still a comment */ count(*) from customers
select b'101'::bit(3)::int, x'ff'::int, 1e-3, .5, 5. from orders limit 1
select count(*) filter (where c.vip is true) over (partition by c.country) from customers c
select case c.country when 'DE' then 'Germany' else c.country end as land, array_length(array_agg(c.id), 1) from customers c group by land
select min(x), max(x), mode() within group (order by x) from (select unnest(array[1, 2, 2, 3]) as x) s
with recursive t(id, manager_id) as (select id, manager_id from employees where manager_id is null union all select e.id, e.manager_id from employees e join t on e.manager_id = t.id) cycle id set is_cycle using path select id, path from t where not is_cycle
with recursive t(id, manager_id) as (select id, manager_id from employees where manager_id is null union all select e.id, e.manager_id from employees e join t on e.manager_id = t.id) cycle id, manager_id set is_cycle to 'Y' default 'N' using path select id, is_cycle, path from t
with recursive t(id, manager_id) as (select id, manager_id from employees where manager_id is null union all select e.id, e.manager_id from employees e join t on e.manager_id = t.id) search depth first by id set ordercol select * from t order by ordercol
with recursive t as (select id, manager_id from employees where manager_id is null union all select e.id, e.manager_id from employees e join t on e.manager_id = t.id) search breadth first by id, manager_id set o cycle id set c using p select t.id, c, p from t order by o
select name from customers where name like any (array['a%', 'b%'])
select name from customers where name not like all (array['a%', 'b%'])
select name from customers where name ilike any (array['%a%', '%b%']) and country not ilike some (array['d%'])
select name from customers where name like any ('{a%,b%}')
select name from customers where name like any (select country || '%' from customers)
select (o).id, (o).total from orders o
select count(*) from orders tablesample bernoulli (5.5) repeatable (42) where total > 3
