-- What DuckDB says this way.
select date_trunc('month', ordered_at) as month, sum(total) from orders group by month order by month
select date_trunc('month', ordered_at) as month, sum(total) from orders group by all order by all
select year(ordered_at), month(ordered_at), sum(total) from orders group by 1, 2
select extract(year from ordered_at) as y, count(*) from orders group by y
select strftime(ordered_at, '%Y-%m') as m, count(*) from orders group by m
select count(*) from orders where ordered_at >= current_date - interval 30 day
select count(*) from orders where ordered_at >= now() - interval '1 month'
select date_diff('day', ordered_at, shipped_on) from orders
select datediff('month', hired_on, current_date) from employees
select age(birth_date) from employees
select date_part('year', hired_on), dayname(hired_on), monthname(hired_on), last_day(hired_on) from employees
select hired_on + interval 1 year, hired_on + 30 from employees
select time_bucket(interval '15 minutes', "at") as slot, count(*) from events group by slot
select * exclude (email, credit_limit) from customers
select * replace (upper(name) as name) from customers
select c.* exclude (email) from customers c
from customers
from customers select name, country
select name from customers where vip
select name from customers qualify row_number() over (partition by country order by credit_limit desc) = 1
select status, total, row_number() over (partition by status order by total desc) as rn from orders qualify rn <= 3
select total * 1.19 as gross, gross - total as tax from orders
select total * 2 as twice from orders where twice > 100
select country as c, count(*) as n from customers group by c having n > 5
select count(*) filter (where status = 'paid') as paid from orders
select median(total), quantile_cont(total, 0.9), mode(status), approx_count_distinct(customer_id) from orders
select arg_max(name, price), arg_min(name, price), max_by(name, price) from products
select list(name order by name), array_agg(distinct country), string_agg(name, ', ') from customers
select histogram(status) from orders
select p.name, t.tag from products p, unnest(p.tags) as t(tag)
select name from products where list_contains(tags, 'new')
select name from products where 'new' = any(tags)
select tags[1], tags[1:2], len(tags), array_to_string(tags, ',') from products
select list_transform(tags, x -> upper(x)), list_filter(tags, x -> x <> 'a') from products
select [1, 2, 3] as l, {'a': 1, 'b': 'x'} as s, map {'k': 1} as m
select payload ->> '$.page' as page, count(*) from events group by page
select json_extract(payload, '$.page'), json_extract_string(payload, '$.user') from events
select payload -> 'user' ->> 'id' from events
select name ilike '%ann%', name similar to 'a.*' from customers
select regexp_matches(name, '^a'), regexp_extract(email, '@(.+)$', 1), regexp_replace(name, 'a', 'b', 'g') from customers
select split_part(email, '@', 2) as domain, count(*) from customers group by domain
select string_split(email, '@')[2] from customers
select left(name, 1), right(name, 2), reverse(name), lpad(name, 10, ' '), repeat('*', 5) from customers
select concat(name, ' ', city), concat_ws('-', country, city), name || city from customers
select printf('%.2f', total), format('{} euro', total) from orders
select total::integer, cast(total as varchar), try_cast(status as integer) from orders
select round(avg(total), 2), ceil(avg(total)), greatest(1, 2) from orders
select i from range(10) t(i)
select * from generate_series(1, 12)
select d from generate_series(date '2024-01-01', date '2024-01-31', interval 1 day) t(d)
select unnest(range(1, 10)) as n
select country, city, count(*) from customers group by rollup (country, city)
select country, city, count(*) from customers group by grouping sets ((country), (city), ())
select country, city, count(*) from customers group by cube (country, city)
select distinct on (customer_id) customer_id, total from orders order by customer_id, ordered_at desc
select * from orders semi join customers on orders.customer_id = customers.id
select * from orders anti join customers on orders.customer_id = customers.id
select * from orders full outer join customers on orders.customer_id = customers.id
select * from orders o left join lateral (select count(*) as n from order_items oi where oi.order_id = o.id) x on true
select id, o.total from customers join orders o using (id)
select sum(total) over (order by ordered_at rows between 6 preceding and current row) from orders
select lag(total) over w, lead(total, 2, 0) over w, first_value(total) over w from orders window w as (order by id)
select name from customers union by name select name from employees
select name from customers union all by name select name, salary from employees
select name from customers except select name from employees
with t as (select customer_id, sum(total) as s from orders group by customer_id) select c.name, t.s from t join customers c on c.id = t.customer_id
with recursive n as (select 1 as i union all select i + 1 from n where i < 10) select i from n
values (1, 'a'), (2, 'b')
select v.x from (values (1), (2)) v(x)
select "Region", sum("Amount") from "Targets" group by "Region"
select region, amount from targets
select main.customers.name from main.customers
select NAME from CUSTOMERS
select name from customers where name in ('a', 'b') and not vip
select name from customers where email is not distinct from null
select any_value(name), country from customers group by country
select count(*), sum(total), avg(total), min(total), max(total), stddev(total) from orders
select bool_and(vip), bool_or(vip) from customers
select customers from customers
select count(distinct status) from orders
select epoch("at"), epoch_ms("at"), to_timestamp(0) from events
select make_date(2024, 1, 1), make_timestamp(2024, 1, 1, 0, 0, 0), strptime('2024-01-01', '%Y-%m-%d')
select date '2024-01-01', timestamp '2024-01-01 00:00:00', interval '1 day'
select $$dollar$$
select name from customers order by name nulls last limit 10 offset 5
select levenshtein(name, 'ann'), jaro_winkler_similarity(name, 'ann') from customers
select corr(total, discount), regr_slope(total, discount), skewness(total) from orders
select case when total > 100 then 'big' else 'small' end as size, count(*) from orders group by size
select exists (select 1 from orders where total > 5)
select (select max(total) from orders) - total as gap from orders
select sum(case when status = 'paid' then total else 0 end) / sum(total) as share from orders
select quantile_disc(total, [0.25, 0.5, 0.75]) from orders
select percentile_cont(0.5) within group (order by total) from orders
select struct_pack(a := 1, b := name) from customers
select count_if(vip), sum(vip::int) from customers
select name[1:3], name[1] from customers
select trim(name), ltrim(name, 'x'), substring(name, 1, 3), substr(name, 2), position('a' in name) from customers
select tablesample_name from (select name as tablesample_name from customers) s
select strpos(string_agg(name, ','), 'Ann') from customers
with recursive path(id, trail) as (select id, name from employees where manager_id is null union all select e.id, p.trail || ' > ' || e.name from employees e join path p on e.manager_id = p.id) select * from path
-- Written later, by somebody who had not read the above.
from customers
from customers select name, country where vip
from orders select status, sum(total) group by all order by all
select * exclude (email, credit_limit) from customers
select * replace (upper(name) as name) from customers
select * rename (name as full_name) from customers
select columns('^(name|city)$') from customers
select columns(c -> c like '%name%') from customers
select min(columns(*)) from orders
select c.* exclude (id), o.total from customers c join orders o on o.customer_id = c.id
select status, count(*) as n from orders group by all having n > 5 order by n desc
select id, total, row_number() over (partition by customer_id order by ordered_at desc) as rn from orders qualify rn = 1
select id, total from orders qualify row_number() over (partition by status order by total desc) <= 3
select *, sum(total) over w as running from orders window w as (partition by customer_id order by ordered_at) qualify running > 100
select * from (pivot orders on status in ('paid', 'open') using count(*) group by customer_id) p
select * from orders pivot (sum(total) for status in ('paid', 'open') group by customer_id)
unpivot (select id, price, weight_kg from products) on price, weight_kg into name metric value amount
select * from (select id, price::double as price, weight_kg from products) unpivot (amount for metric in (price, weight_kg))
select list_transform(tags, x -> upper(x)) from products
select list_filter(tags, x -> x like 'eco%'), list_reduce([1, 2, 3], (a, b) -> a + b) from products
select [x.upper() for x in tags if x <> 'old'] from products
select list_aggregate([1, 2, 3], 'sum'), list_sort(tags), list_distinct(tags), list_contains(tags, 'sale'), len(tags) from products
select tags[1], tags[-1], tags[1:2], tags[2:] from products
select p.name, t.tag from products p, unnest(p.tags) as t(tag)
select list(name order by name), list(distinct country), array_agg(id) from customers
select string_agg(name, ', ' order by name desc), group_concat(name), listagg(name, '|') from customers
select arg_max(name, credit_limit), arg_min(name, credit_limit), max_by(name, credit_limit, 3), first(name order by id) from customers
select median(total), quantile_cont(total, 0.9), quantile_cont(total, [0.25, 0.5, 0.75]), mode(status), approx_count_distinct(customer_id), approx_quantile(total, 0.5) from orders
select percentile_cont(0.5) within group (order by total), percentile_disc(0.9) within group (order by total desc) from orders
select histogram(status), entropy(status), skewness(total), kurtosis(total), mad(total) from orders
select count(*) filter (status = 'paid') as paid, count(*) filter (where status <> 'paid') as other, count_if(total > 100) from orders
select sum(total) filter (where status = 'paid') over (partition by customer_id) from orders
select country, city, count(*), grouping(country, city), grouping_id(country) from customers group by cube (country, city)
select country, city, sum(credit_limit) from customers group by grouping sets ((country, city), (country), ())
select country, count(*) from customers group by rollup (country) order by country nulls first
select date_trunc('month', ordered_at) as m, sum(total) from orders group by m order by m
select strftime(ordered_at, '%Y-%m') as m, count(*) from orders group by 1
select year(ordered_at), quarter(ordered_at), monthname(ordered_at), dayname(ordered_at), isodow(ordered_at), week(ordered_at) from orders
select extract('hour' from ordered_at), date_part('dow', ordered_at), date_part(['year', 'month'], ordered_at) from orders
select date_diff('day', ordered_at, shipped_on), datediff('month', ordered_at, current_date), date_sub('hour', ordered_at, now()::timestamp) from orders
select time_bucket(interval '15 minutes', ordered_at) as slot, count(*) from orders group by slot
select ordered_at + interval 1 month, ordered_at - interval '2 days', current_date - 7, date '2024-01-01' + to_days(3) from orders
select last_day(ordered_at), make_date(2024, 1, 31), epoch(ordered_at), epoch_ms(ordered_at), to_timestamp(0), strptime('31.01.2024', '%d.%m.%Y') from orders
select ordered_at at time zone 'Europe/Berlin', timezone('UTC', ordered_at) from orders
select age(birth_date), age(current_timestamp::timestamp, birth_date::timestamp), date_part('year', age(birth_date)) from employees
select r.range::date as day, coalesce(sum(o.total), 0) from range(timestamp '2024-01-01', timestamp '2024-02-01', interval 1 day) r left join orders o on o.ordered_at::date = r.range::date group by 1
select g.generate_series as n from generate_series(1, 12) g
select unnest(generate_series(date '2024-01-01', date '2024-01-31', interval 1 day)) as d
select i from range(5) t(i)
select o.id, e.kind from orders o asof join events e on o.customer_id = e.user_id and o.ordered_at >= e."at"
select o.id, e.kind from orders o asof left join events e using (id)
select c.name from customers c semi join orders o on o.customer_id = c.id
select c.name from customers c anti join orders o on o.customer_id = c.id
select c.name, o.total from customers c positional join orders o
select c.name, x.n from customers c, lateral (select count(*) as n from orders o where o.customer_id = c.id) x
select c.name, x.total from customers c left join lateral (select total from orders o where o.customer_id = c.id order by total desc limit 1) x on true
select payload ->> '$.page' as page, payload -> '$.items[0]' , payload ->> 'user' from events
select json_extract_string(payload, '$.user.name'), json_extract(payload, ['$.a', '$.b']), payload.page from events
select json_array_length(payload, '$.items'), json_type(payload), json_keys(payload), json_valid(payload), json_structure(payload) from events
select e.id, j.key, j.value from events e, json_each(e.payload) j
select e.id, unnest(from_json(e.payload -> 'tags', '["varchar"]')) from events e
select (payload ->> 'amount')::decimal(10, 2) as amount, try_cast(payload ->> 'n' as integer) from events
select unnest(cast(payload -> 'items' as json[])) as item from events
select json_object('id', id, 'total', total), json_array(id, status), to_json(o), row_to_json(o), json_group_array(id), json_group_object(id, total) from orders o group by all
select {'name': name, 'city': city} as s, struct_pack(a := id, b := name) as t, row(id, name) from customers
select s.name, s['city'] from (select {'name': name, 'city': city} as s from customers) x
select map {'a': 1, 'b': 2}['a'], map_keys(map {'a': 1}), map_from_entries([('k', 1)]), element_at(map {'a': 1}, 'a')
select map(list(status), list(total)) from orders
select name from customers where name ilike '%ann%' or name similar to 'A.*' or name ~ '^B.*' or name ~~~ 'C*'
select name from customers where name not ilike 'x%' and email glob '*@example.com'
select regexp_extract(email, '@(.+)$', 1), regexp_replace(note, '[0-9]+', '#', 'g'), regexp_matches(email, 'x'), regexp_extract_all(note, '\d+') from customers join orders on orders.customer_id = customers.id
select regexp_extract(email, '(\w+)@(\w+)', ['user', 'host']) from customers
select split_part(email, '@', 2) as domain, string_split(email, '@')[1], count(*) from customers group by all
select lower(name), upper(name), length(name), trim(name), lpad(id::varchar, 8, '0'), reverse(name), repeat('*', 3), left(name, 1), right(name, 2), name[1:3], replace(name, 'a', 'b') from customers
select concat(name, ' ', city), concat_ws(', ', city, country), name || ' ' || coalesce(city, '?'), format('{} ({})', name, city), printf('%s-%d', name, id) from customers
select starts_with(name, 'A'), ends_with(name, 'z'), contains(name, 'nn'), prefix(name, 'A'), name ^@ 'A', position('@' in email), instr(email, '@'), strpos(email, '@') from customers
select levenshtein(name, 'ann'), jaro_winkler_similarity(name, 'ann'), damerau_levenshtein(name, 'ann'), jaccard(name, 'ann'), hamming('ab', 'ac') from customers
select md5(email), sha256(email), hash(email), hex(name), base64(name::blob) from customers
select name.upper().replace('A', 'B') as shout from customers
select total::int, total::varchar, try_cast(note as double), cast(total as decimal(18, 1)) from orders
select round(total, 1), ceil(total), floor(total), abs(total), sign(total), total // 2, total % 2, total ** 2, 2 ^ 3, sqrt(total), ln(total), log2(total), greatest(total, 1), least(total, 1) from orders where total > 0
select id & 1, id | 2, id << 1, xor(id, 3), bit_count(id), ~id from orders
select floor(total / 50) * 50 as bin, count(*), bar(count(*), 0, 100, 20) from orders group by bin order by bin
select width_bucket_ from (select 1 as width_bucket_)
select case when total > 100 then 'L' else 'S' end as size, if(total > 100, 1, 0), ifnull(note, '-'), nullif(discount, 0) from orders
select id, lag(total, 1, 0) over (order by id), lead(total) over (order by id), nth_value(total, 2) over (order by id), last_value(total ignore nulls) over (order by id) from orders
select id, avg(total) over (order by ordered_at range between interval 7 days preceding and current row) from orders
select id, sum(total) over (order by id rows between 2 preceding and current row exclude current row) from orders
select id, ntile(4) over (order by total), percent_rank() over (order by total), cume_dist() over (order by total), dense_rank() over (order by total) from orders
select id, list(total) over (order by id rows between 2 preceding and current row), median(total) over (partition by customer_id) from orders
with recursive org as (select id, name, manager_id, [name] as path from employees where manager_id is null union all select e.id, e.name, e.manager_id, list_append(o.path, e.name) from employees e join org o on e.manager_id = o.id) select array_to_string(path, ' / ') from org
with recursive t(n) as (select 1 union all select n + 1 from t where n < 10) select sum(n) from t
with s as materialized (select status, sum(total) as t from orders group by status) select * from s where t > (select avg(t) from s)
with first as (select customer_id, min(date_trunc('month', ordered_at)) as cohort from orders group by all) select cohort, date_diff('month', cohort, o.ordered_at) as k, count(distinct o.customer_id) from first join orders o using (customer_id) group by all order by all
select distinct on (customer_id) customer_id, id, total from orders order by customer_id, ordered_at desc
select * from orders using sample 10%
select * from orders using sample reservoir(50 rows) repeatable (42)
select * from orders tablesample bernoulli(10 percent)
select * from orders limit 10%
select * from orders order by all limit 5 offset 2
select name from customers union by name select name, id from employees
select name from customers union all by name select id, name from employees
select status from orders except all select 'paid' intersect select 'open'
values (1, 'a'), (2, 'b')
select v.n, v.label from (values (1, 'low'), (2, 'high')) v(n, label)
table customers
select country as land, count(*) as n from customers where land = 'DE' group by land having n > 3
select total * 0.19 as tax, total + tax as gross from orders where gross > 100
select tax: total * 0.19, gross: total * 1.19 from orders
select count() from orders
select count(*), from orders
select any_value(name), bool_and(vip), bool_or(vip), product(id), bit_xor(id), fsum(credit_limit) from customers group by country
select corr(total, discount), regr_slope(total, discount), regr_r2(total, discount), covar_samp(total, discount), stddev(total), var_pop(total) from orders
select t."Year", t."Amount" - lag(t."Amount") over (partition by t."Region" order by t."Year") as growth from "Targets" t
select year, sum(amount) from targets group by YEAR
select id from orders where (customer_id, ordered_at) in (select customer_id, max(ordered_at) from orders group by customer_id)
select id from orders where total > all (select total from orders where status = 'open') or status = any (['a', 'b'])
select id from orders where status in ('paid', 'open') and note is not distinct from null and total between 1 and 2
select name as "drop table", id as "select" from customers -- ; delete
select /* nested? */ main.customers.name from main.customers
select a.product_id, b.product_id, count(*) as n from order_items a join order_items b on a.order_id = b.order_id and a.product_id < b.product_id group by all order by n desc limit 20
select category, sum(price) / sum(sum(price)) over () as share from products group by category
select list_zip([1, 2], ['a', 'b']), list_concat([1], [2]), list_has_any(tags, ['a']), list_has_all(tags, ['a', 'b']), list_slice(tags, 1, 2), list_position(tags, 'a'), array_length(tags), list_any_value(tags), list_unique(tags) from products
select isfinite(ordered_at), ordered_at is null, coalesce(shipped_on, current_date), shipped_on - ordered_at::date from orders
pivot orders on status in ('paid', 'open') using sum(total) group by customer_id
pivot (select customer_id, status, total from orders) on status in ('paid') using sum(total) as s, count(*) as n group by customer_id order by customer_id limit 5
with p as (pivot orders on status in ('paid', 'open') using count(*) group by customer_id) select customer_id, paid + open as n from p
select paid, open from (from orders pivot (sum(total) for status in ('paid', 'open') group by customer_id))
select [x for x in [1, 2, 3] if x > 1]
select [upper(x) for x in list(name)] as names from customers group by country
select [x * i for x, i in [1, 2, 3]] as scaled, [y + 1 for y in [x * 2 for x in [1, 2]]] as nested
select name.upper(), name.lower().trim().length() as n from customers c
select c.name.upper(), (c.name || '!').lower() from customers c
select name.substring(1, 3), tags.list_contains('new') from products
select n: name, c: upper(country), 1 + 1 as two from customers
select total: sum(total), kind: case when total > 10 then 'big' else 'small' end from orders group by kind
select o.id from o: orders join c: customers on c.id = o.customer_id
from customers where country = 'DE'
from customers where vip order by name limit 5
select * from (from customers where vip) v
with x as (from customers where vip), y as materialized (from x where id > 3) from y where id > 4
from customers where vip union all from customers where not vip
select try(cast(name as integer)), try(ln(id)) from customers
select * from customers tablesample 10%
select count(*) from customers tablesample reservoir(20 rows) repeatable (7)
select * from customers c tablesample bernoulli(10%) where c.vip
select 'a' in ['a', 'b'], 'new' in tags, id in [1, 2] from products
select id from orders where status in ['paid', 'open'] and customer_id not in [1, 2]
