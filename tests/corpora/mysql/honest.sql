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
