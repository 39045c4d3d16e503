-- What MySQL and MariaDB say this way.
select date_format(ordered_at, '%Y-%m') as month, sum(total) from orders group by month order by month
select date_format(ordered_at, '%Y-%m'), count(*) from orders group by date_format(ordered_at, '%Y-%m')
select year(ordered_at) as y, month(ordered_at) as m, sum(total) from orders group by year(ordered_at), month(ordered_at)
select count(*) from orders where ordered_at >= date_sub(now(), interval 30 day)
select count(*) from orders where ordered_at >= curdate() - interval 1 month
select count(*) from orders where date(ordered_at) = current_date
select count(*) from orders where ordered_at between '2024-01-01' and '2024-12-31 23:59:59'
select datediff(now(), hired_on) as days from employees
select timestampdiff(year, birth_date, curdate()) as age from employees
select timestampadd(month, 3, hired_on) from employees
select date_add(hired_on, interval 1 year), adddate(hired_on, 30), last_day(hired_on) from employees
select str_to_date('31.01.2024', '%d.%m.%Y')
select extract(year from ordered_at), extract(quarter from ordered_at) from orders
select dayname(ordered_at) as d, count(*) from orders group by d order by count(*) desc
select weekday(ordered_at), dayofweek(ordered_at), week(ordered_at), quarter(ordered_at) from orders
select hour(at) as h, count(*) from events group by hour(at)
select from_unixtime(unix_timestamp(at)) from events
select if(vip, 'yes', 'no') from customers
select ifnull(note, ''), coalesce(note, status, 'none') from orders
select group_concat(name) from customers group by country
select group_concat(distinct name order by name desc separator ', ') from customers
select concat(name, ' (', city, ')') from customers
select concat_ws('-', country, city) from customers
select substring_index(email, '@', -1) as domain, count(*) from customers group by domain order by 2 desc
select left(name, 1), right(name, 2), mid(name, 2, 3) from customers
select substring(name, 1, 3), substring(name from 2 for 2), substr(name, 2) from customers
select trim(both ' ' from name), trim(leading 'x' from name), ltrim(name) from customers
select lpad(id, 8, '0'), rpad(name, 20, ' '), repeat('*', 5), space(3) from customers
select locate('@', email), instr(email, '@'), position('@' in email) from customers
select char_length(name), length(name), reverse(name), ucase(name) from customers
select name from customers where name regexp '^a.*n$'
select name from customers where name not regexp '[0-9]'
select name from customers where name rlike 'a|b'
select name from customers where name like 'a\_%'
select name from customers where name like '%!%%' escape '!'
select name from customers where name = "Ann"
select name from customers where name = 'it\'s'
select `name`, `country` from `customers` where `country` = 'DE'
select c.`name` from `customers` as c
select NAME from customers where COUNTRY = 'DE'
select name from customers limit 5, 10
select name from customers limit 10 offset 5
select sum(if(status = 'paid', total, 0)) as paid from orders
select sum(status = 'paid') as paid, avg(status = 'paid') from orders
select count(distinct customer_id, status) from orders
select country, count(*) from customers group by country with rollup
select country, count(*) as n from customers group by country having n > 5
select total * 1.19 as gross from orders having gross > 100
select name, country from customers group by country
select country c, count(*) n from customers group by c order by n desc
select cast(total as signed), cast(id as char), cast('2024-01-01' as date), cast(total as decimal(10, 2)) from orders
select convert(total, signed), convert(name using utf8mb4) from orders, customers
select round(total, 2), truncate(total, 1), ceil(total), floor(total), mod(id, 7), id % 7, id div 7 from orders
select greatest(total, discount), least(total, 100) from orders
select rand() from customers limit 1
select name from customers order by rand() limit 5
select json_extract(payload, '$.page') from events
select payload->'$.page', payload->>'$.user.name' from events
select json_unquote(json_extract(payload, '$.page')) as page, count(*) from events group by page
select json_length(payload, '$.items'), json_contains(payload, '1', '$.ids') from events
select json_object('id', id, 'name', name), json_arrayagg(name) from customers group by id, name
select j.sku from events e, json_table(e.payload, '$.items[*]' columns (sku varchar(20) path '$.sku')) as j
select row_number() over (partition by customer_id order by total desc) as rn from orders
select id, sum(total) over (order by ordered_at rows between 6 preceding and current row) from orders
select id, lag(total) over w, lead(total) over w from orders window w as (order by id)
select status, sum(total) / sum(sum(total)) over () as share from orders group by status
select stddev(total), std(total), variance(total), var_samp(total) from orders
select null <=> null, 1 <> 2, 1 != 2, true and not false, 1 xor 0
select 5 / 2, 5 div 2, 5 % 2, 5 & 2, 5 | 2, 1 << 3, ~5, 2 ^ 3
select name from customers where vip is true and email is not null
select (select name from customers where id = o.customer_id) as customer from orders o
select name from customers where (country, city) in (select country, city from customers where vip)
select name from products where price > all (select total from orders where status = 'open')
select name from products where price > any (select total from orders)
select * from orders o left join customers c on o.customer_id = c.id
select * from orders inner join customers on orders.customer_id = customers.id
select * from orders join customers
select * from orders straight_join customers on orders.customer_id = customers.id
select * from customers right join orders on orders.customer_id = customers.id
select * from orders use index (primary) where total > 5
select * from orders natural join order_items
select id, o.total from customers join orders o using (id)
select name from customers union select name from employees order by name
(select name from customers order by id limit 3) union all (select name from employees limit 3)
select x.n from (select count(*) as n from orders group by customer_id) as x
with t as (select customer_id, sum(total) as s from orders group by customer_id) select c.name, t.s from t join customers c on c.id = t.customer_id order by t.s desc
with recursive d as (select date('2024-01-01') as x union all select x + interval 1 day from d where x < '2024-01-31') select x from d
with recursive n as (select 1 as i union all select i + 1 from n where i < 10) select i from n
with recursive chain as (select id, manager_id from employees where id = 1 union all select e.id, e.manager_id from employees e join chain c on e.manager_id = c.id) select * from chain
select 'a' 'b'
select 1 # a comment
select 1 -- a comment
select /* a comment */ 1
select n'text', _utf8mb4'text', x'4142', 0x41, b'01'
select distinct c.country from customers c where c.id in (select o.customer_id from orders o where o.total > 100)
select `Region`, sum(`Amount`) from `Targets` group by `Region`
select t.Year, t.Amount from Targets t where t.year = 2024
select md5(email), sha2(email, 256), crc32(email), hex(name) from customers
select field(status, 'open', 'paid', 'returned') as o from orders order by o
select name from customers order by field(country, 'DE', 'FR'), name
select find_in_set('a', 'a,b'), elt(2, 'a', 'b'), strcmp('a', 'b'), format(total, 2) from orders
select sec_to_time(avg(time_to_sec(at))) from events
select max(total) - min(total) as spread, any_value(status) from orders
select case when count(*) > 0 then sum(total) / count(*) end as mean from orders
select binary name from customers
select exists(select 1 from orders where total > 5)
select not exists(select 1 from orders) as none_at_all
select avg(timestampdiff(hour, ordered_at, shipped_on)) from orders
select name from customers where email is null or email = ''
select u.country, u.n from (select country, count(*) as n from customers group by country) u where u.n = (select max(n) from (select count(*) as n from customers group by country) v)
select instr(group_concat(name), 'Ann') from customers
with recursive m(d) as (select date('2024-01-01') union all select date_add(d, interval 1 month) from m where d < '2024-12-01') select d from m
with recursive path(id, trail) as (select id, cast(name as char(500)) from employees where manager_id is null union all select e.id, concat(p.trail, ' > ', e.name) from employees e join path p on e.manager_id = p.id) select * from path
-- Written later, by somebody who had not read the above.
select date_format(ordered_at, '%x-W%v') as iso_week, sum(total) from orders group by iso_week order by iso_week
select year(ordered_at) as y, quarter(ordered_at) as q, sum(total) as s from orders group by y, q with rollup
select coalesce(country, 'all') as c, coalesce(city, 'all') as t, count(*) from customers group by country, city with rollup
select last_day(ordered_at) as month_end, count(distinct customer_id) from orders group by last_day(ordered_at)
select date(ordered_at - interval weekday(ordered_at) day) as monday, sum(total) from orders group by monday
select dayname(ordered_at) as d, hour(ordered_at) as h, count(*) from orders group by d, h, dayofweek(ordered_at) order by dayofweek(ordered_at), h
select count(*) from orders where ordered_at >= date_sub(curdate(), interval 30 day)
select count(*) from orders where ordered_at >= curdate() - interval 1 month and ordered_at < curdate() + interval '1:30' hour_minute
select count(*) from orders where ordered_at between date_format(now(), '%Y-%m-01') and last_day(now())
select count(*) from orders where yearweek(ordered_at, 3) = yearweek(now(), 3)
select timestampdiff(month, signup_date, now()) as tenure, count(*) from customers group by tenure
select timestampdiff(second, min(ordered_at), max(ordered_at)) / 3600.0 from orders
select timestampadd(week, 1, ordered_at), adddate(shipped_on, 31), subdate(shipped_on, interval 1 year) from orders
select convert_tz(ordered_at, '+00:00', '+05:30') as local from orders
select from_unixtime(unix_timestamp(ordered_at) div 900 * 900) as slot, count(*) from orders group by slot
select sec_to_time(avg(time_to_sec(time(ordered_at)))) from orders
select str_to_date('31.01.2024', '%d.%m.%Y'), date_format('2024-01-31', '%W %M %Y'), makedate(2024, 60)
select extract(year_month from ordered_at) as ym, sum(total) from orders group by ym
select extract(day_hour from ordered_at), extract(week from ordered_at) from orders
select group_concat(distinct country order by country separator ', ') from customers
select customer_id, group_concat(status order by ordered_at desc separator ' > ') as journey from orders group by customer_id
select department_id, group_concat(name order by salary desc limit 3) from employees group by department_id
select substring_index(group_concat(id order by total desc), ',', 1) as best from orders group by customer_id
select if(total > 100, 'big', 'small') as size, count(*) from orders group by size
select ifnull(note, '-'), nullif(discount, 0), coalesce(note, status, 'x'), isnull(note) from orders
select sum(status = 'paid') as paid, sum(status <> 'paid') as other, avg(status = 'paid') * 100 as pct from orders
select count(if(status = 'paid', 1, null)) as paid, count(distinct customer_id, status) from orders
select elt(quarter(ordered_at), 'Q1', 'Q2', 'Q3', 'Q4') as q, count(*) from orders group by q
select field(status, 'new', 'paid', 'shipped') as step, status from orders order by field(status, 'new', 'paid', 'shipped'), id
select find_in_set('de', lower(country)) from customers
select interval(total, 10, 100, 1000) as bucket, count(*) from orders group by bucket
select truncate(total, 0), format(total, 2), round(total, -1), mod(id, 10), id % 10, id div 10, total div 100 from orders
select lpad(id, 8, '0'), rpad(name, 10, '.'), repeat('*', 5), space(3), reverse(name) from customers
select substring_index(email, '@', -1) as domain, count(*) as n from customers group by domain having n > 1 order by n desc
select substring(name, 1, 3), substr(name from 2 for 4), mid(name, 2, 2), left(name, 1), right(name, 1) from customers
select locate('@', email), position('@' in email), instr(email, '@'), char_length(name), length(name) from customers
select concat_ws(', ', city, country), concat(upper(left(name, 1)), lower(substring(name, 2))) from customers
select replace(trim(both '"' from note), '\\', '/'), trim(leading '0' from note), insert(name, 1, 1, 'X') from orders, customers where orders.customer_id = customers.id
select name from customers where name like 'A\_%' or name like '50!%' escape '!'
select name from customers where name regexp '^[A-M]' and email not regexp 'test'
select name from customers where email rlike '@(gmail|yahoo)[.]com$'
select regexp_replace(note, '[^0-9]', ''), regexp_substr(note, '[0-9]+'), regexp_instr(note, 'x') from orders
select name from customers where name = 'ann' collate utf8mb4_bin
select name from customers order by name collate utf8mb4_general_ci
select binary name = 'Ann', cast(name as char(10)), convert(name using utf8mb4), cast('12' as unsigned), cast(total as signed), convert(total, decimal(10, 1)) from customers join orders on orders.customer_id = customers.id
select cast('2024-01-31' as date), cast(now() as datetime(3)), cast('10:00' as time), cast(total as double) from orders
select soundex(name) = soundex('Smith'), name sounds like 'Smith' from customers
select hex(name), md5(email), sha2(email, 256), crc32(name) from customers
select conv(id, 10, 16), bin(id), bit_count(id), id & 1, id | 2, id ^ 3, id << 1, ~id & 255 from orders
select json_extract(payload, '$.page') as page, json_unquote(json_extract(payload, '$.page')) from events
select payload->'$.page', payload->>'$.user.name' from events
select json_value(payload, '$.amount') as amount, count(*) from events group by amount
select json_length(payload, '$.items'), json_type(payload), json_depth(payload), json_valid(payload), json_keys(payload) from events
select id from events where json_contains(payload, '"red"', '$.color') or json_contains_path(payload, 'one', '$.a', '$.b')
select json_search(payload, 'one', 'x%'), json_overlaps(payload, '[1]') from events
select json_arrayagg(name), json_objectagg(id, name) from customers group by country
select json_object('id', id, 'total', total), json_array(id, status) from orders
select jt.sku, jt.qty from events e, json_table(e.payload, '$.items[*]' columns (sku varchar(20) path '$.sku', qty int path '$.qty')) as jt
select e.id, t.n, t.tag from events e join json_table(e.payload, '$.tags[*]' columns (n for ordinality, tag varchar(40) path '$')) t
select jt.* from events e left join json_table(e.payload, '$' columns (page varchar(99) path '$.page' default '"-"' on empty null on error, nested path '$.items[*]' columns (sku varchar(20) path '$.sku'))) jt on true
select json_set(payload, '$.a', 1), json_remove(payload, '$.secret'), json_insert(payload, '$.b', 2), json_replace(payload, '$.c', 3) from events
select json_merge_patch(payload, '{"a": 1}'), json_merge_preserve(payload, '{}') from events
select json_pretty(payload), json_quote(kind), json_array_append(payload, '$.items', 1) from events
select straight_join c.name, o.total from customers c join orders o on o.customer_id = c.id
select c.name, o.total from customers c straight_join orders o on o.customer_id = c.id
select sql_no_cache count(*) from orders
select sql_calc_found_rows_ from (select 1 as sql_calc_found_rows_) x
select o.id from orders o use index (primary) where o.id > 10
select o.id from orders o force index for order by (primary) order by o.id
select o.id from orders o ignore index (primary) join customers c use index () on c.id = o.customer_id
select id, total, sum(total) over (order by ordered_at rows between unbounded preceding and current row) as running from orders
select id, avg(total) over (partition by customer_id order by ordered_at range between interval 7 day preceding and current row) from orders
select id, ntile(10) over w, percent_rank() over w, cume_dist() over w from orders window w as (order by total)
select id, lag(total, 2, 0) over (order by id), nth_value(total, 2) over (order by id), first_value(status) over (partition by customer_id order by id) from orders
select customer_id, ordered_at, timestampdiff(day, lag(ordered_at) over (partition by customer_id order by ordered_at), ordered_at) as gap from orders
with ranked as (select p.category, p.name, sum(oi.quantity) as q, dense_rank() over (partition by p.category order by sum(oi.quantity) desc) as r from products p join order_items oi on oi.product_id = p.id group by p.category, p.name) select * from ranked where r <= 3
with recursive days as (select date('2024-01-01') as d union all select d + interval 1 day from days where d < '2024-01-31') select days.d, count(o.id) from days left join orders o on date(o.ordered_at) = days.d group by days.d
with recursive org as (select id, name, manager_id, cast(name as char(500)) as path, 0 as level from employees where manager_id is null union all select e.id, e.name, e.manager_id, concat(o.path, ' > ', e.name), o.level + 1 from employees e join org o on e.manager_id = o.id) select concat(repeat('  ', level), name) as tree from org order by path
with recursive months as (select date_format(min(ordered_at), '%Y-%m-01') as m from orders union all select m + interval 1 month from months where m < '2024-12-01') select m from months
with first as (select customer_id, min(date_format(ordered_at, '%Y-%m')) as cohort from orders group by customer_id) select cohort, period_diff(date_format(o.ordered_at, '%Y%m'), replace(cohort, '-', '')) as k, count(distinct o.customer_id) from first join orders o on o.customer_id = first.customer_id group by cohort, k
select a.product_id, b.product_id, count(*) as n from order_items a join order_items b on a.order_id = b.order_id and a.product_id < b.product_id group by a.product_id, b.product_id order by n desc limit 10
select c.name from customers c left join orders o on o.customer_id = c.id and o.ordered_at > now() - interval 90 day where o.id is null
select id from orders where (customer_id, ordered_at) in (select customer_id, max(ordered_at) from orders group by customer_id)
select id from orders where total > all (select total from orders where status = 'open') or total <=> null
select id from orders limit 20, 10
select id from orders order by id desc limit 10 offset 20
(select id, total from orders order by total desc limit 5) union (select id, total from orders order by total limit 5) order by total
select customer_id from orders except select id from customers
select customer_id from orders intersect select id from customers
select status, count(*) from orders group by status order by null
select `name` as `select`, `name` as 'the name', name "quoted" from customers
select "a string", 'it''s', 'it\'s', "say ""hi""", N'national', _utf8mb4'x' from customers
select 0x4D, x'4D', b'101', 1e3, .5, -1, true, null from customers
select name from customers where "drop table" <> name -- a comment
select name # trailing comment␊from customers
select /* multi␊line */ name from customers
select name from customers where signup_date > '2024-01-01' && vip || country = 'DE'
select name from customers where not vip xor country = 'DE'
select !vip, vip is true, vip is not unknown, id <> 1, id != 2, id <=> 3 from customers
select total * 1.19 as gross from orders having gross > 100
select status, sum(total) as s from orders group by status having s > 100 and max(total) < 1000 order by s
select max(total), min(total), std(total), stddev_samp(total), var_pop(total), bit_or(id), bit_and(id), bit_xor(id) from orders
select greatest(total, discount), least(total, 5), sign(total), abs(-1), ceil(total), floor(total), sqrt(total), pow(2, 3), exp(1), ln(2), log(2, 8), log2(8), log10(100), pi() from orders
select degrees(pi()), radians(180), sin(0), cos(0), tan(0), atan2(1, 1), cot(1), rand(42) from orders
select * from customers natural join (select id, sum(total) as spent from orders group by id) s
select c.name, d.name from customers c cross join departments d order by c.name, d.name limit 10
select c.name, x.n from customers c join (select customer_id, count(*) as n from orders group by customer_id) x on x.customer_id = c.id and x.n > 3
select `t`.`Year`, `t`.`Amount` from `Targets` as `t` where `t`.`Region` in ('North', 'South')
select Year, Amount from Targets order by YEAR desc
select p.category, sum(oi.quantity * oi.unit_price) / sum(sum(oi.quantity * oi.unit_price)) over () as share from products p join order_items oi on oi.product_id = p.id group by p.category
select case when total between 0 and 100 then 'S' when total > 100 then 'L' end as size, count(*) from orders group by 1 order by 2 desc
select d.name, (select count(*) from employees e where e.department_id = d.id) as heads, exists (select 1 from employees e where e.department_id = d.id and e.salary > 9000) as rich from departments d
with v(n, label) as (select 1, 'low' union all select 2, 'high') select * from v
select floor(datediff(curdate(), birth_date) / 365.25) as age, count(*) from employees group by age
select week(ordered_at, 1), weekofyear(ordered_at), dayofyear(ordered_at), to_days(ordered_at), microsecond(ordered_at) from orders
select count(*) over () as total_rows, o.* from orders o limit 10
select any_value(name), country from customers group by country
select utc_timestamp(), current_timestamp(3), localtime, sysdate(), curtime(), utc_date()
select period_add(202401, 3), addtime('10:00:00', '01:30:00'), timediff('12:00:00', '10:30:00'), maketime(10, 30, 0), time_format('10:30:00', '%H')
select json_extract(attributes, '$."weird key"', '$.sizes[0]', '$**.price') from products
select p.name from products p where json_contains(p.tags, json_quote('sale'))
select o.id from orders as o where exists (select * from order_items as oi where oi.order_id = o.id having sum(oi.quantity) > 5)
select avg(x.s) from (select sum(total) as s from orders group by customer_id, year(ordered_at)) as x
select (select count(*) from orders) - (select count(*) from customers) as difference from dual
select id mod 2, (total + 1) mod 3 from orders
select count(*) from orders where id mod 2 = 0 and id mod (1 + 2) = 1
select mod(id, 3) mod 2 from orders
select cast(name as char character set utf8mb4) from customers
select cast(name as char(10) character set utf8mb4), convert(name, char(5) charset latin1) from customers
select cast(id as char charset utf8mb4) as c from orders order by c
select char(65, 66 using utf8mb4)
select inet_ntoa(1), inet_aton('1.2.3.4'), inet6_ntoa(inet6_aton('::1'))
