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
select time_bucket(interval '15 minutes', at) as slot, count(*) from events group by slot
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
select unnest(tags) as tag, count(*) from products group by tag
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
select epoch(at), epoch_ms(at), to_timestamp(0) from events
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
