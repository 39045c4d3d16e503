-- Questions that every engine answers, over the shop of schema.sql.
select * from customers
select * from orders limit 100
select name, email from customers where country = 'DE'
select c.* from customers c
select c.name, o.* from customers c join orders o on o.customer_id = c.id
select count(*) from orders
select count(id), count(distinct status) from orders
select distinct country from customers order by country
select name as customer from customers order by customer
select name from customers where id = 1;
select name from customers where name = 'O''Brien'
select name from customers where name = 'a; drop table orders' -- only a string
select /* the total */ sum(total) from orders
select 1
select 1 as one, 'x' as letter, null as missing
select -1, +2, 3.5, 1e3
select (1 + 2) * 3
select total * 1.19 as gross from orders
select id, total, total / 2 as half from orders where (total > 10 and status = 'paid') or discount > 5
select name from customers where email is null
select name from customers where vip
select name from products where price < (select avg(price) from products)
select name, price - (select avg(price) from products) as above from products
select name from customers where id in (select customer_id from orders where total > 1000)
select name from customers c where not exists (select 1 from orders o where o.customer_id = c.id)
select name from customers c where (select count(*) from orders o where o.customer_id = c.id) > 3
select country, count(*) as n from customers group by country having count(*) > 10 order by n desc
select country, count(*) from customers group by country order by count(*) desc limit 5
select country, city, count(*) from customers group by country, city order by country, city
select country, count(*) from customers group by 1 order by 2 desc
select status, sum(total) as revenue, avg(total) as mean from orders group by status order by revenue desc
select o.status, count(*) from orders o left join order_items oi on oi.order_id = o.id where oi.order_id is null group by o.status
select c.name, count(o.id) as orders from customers c left join orders o on o.customer_id = c.id group by c.id, c.name order by orders desc
select c.name from customers c inner join orders o on c.id = o.customer_id where o.status = 'paid' group by c.name
select p.category, sum(oi.quantity) from products p join order_items oi on p.id = oi.product_id group by p.category
select e.name, m.name as manager from employees e left join employees m on m.id = e.manager_id
select e.name from employees e join departments d on d.id = e.department_id where d.name = 'Sales' and e.salary > 5000
select d.name, avg(e.salary) from departments d join employees e on e.department_id = d.id group by d.name having avg(e.salary) > 4000
select * from customers c cross join departments d
select a.name, b.name from customers a, customers b where a.country = b.country and a.id < b.id
select name from customers union select name from employees
select name from customers union all select name from employees order by name limit 10
select id from customers except select customer_id from orders
select id from customers intersect select customer_id from orders
select name, 'customer' as kind from customers union all select name, 'employee' from employees order by kind, name
select x.country, x.n from (select country, count(*) as n from customers group by country) x where x.n > 5
select avg(n) from (select customer_id, count(*) as n from orders group by customer_id) t
select t.status from (select distinct status from orders) as t order by t.status
with big as (select * from orders where total > 1000) select count(*) from big
with big as (select id, customer_id from orders where total > 1000) select c.name from customers c join big b on b.customer_id = c.id
with per as (select customer_id, sum(total) as s from orders group by customer_id), top as (select * from per where s > 100) select c.name, top.s from top join customers c on c.id = top.customer_id order by top.s desc
with a(x, y) as (select id, name from customers) select y from a where x > 3
with a as (select 1 as n), b as (select n + 1 as n from a) select n from b
with customers2 as (select * from customers) select customers2.name from customers2
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select i from n
with recursive chain as (select id, name, manager_id, 0 as depth from employees where manager_id is null union all select e.id, e.name, e.manager_id, c.depth + 1 from employees e join chain c on c.id = e.manager_id) select name, depth from chain order by depth, name
select name, case when credit_limit > 10000 then 'high' when credit_limit > 1000 then 'mid' else 'low' end as band from customers
select case status when 'paid' then 1 when 'open' then 0 end as flag from orders
select sum(case when vip then 1 else 0 end) as vips from customers
select sum(case when status = 'paid' then total else 0 end) * 100.0 / sum(total) as share from orders
select coalesce(note, 'none') as note, nullif(discount, 0) from orders
select upper(name), lower(email), length(city) from customers
select replace(name, 'a', 'b') from customers
select substr(name, 1, 3) from customers
select trim(name) from customers where trim(name) <> ''
select abs(total - 100), round(total, 2) from orders
select max(ordered_at), min(ordered_at) from orders
select id from orders where ordered_at >= '2024-01-01' and ordered_at < '2025-01-01'
select cast(total as decimal(10, 2)) from orders
select count(*) as n from orders where status like 'p%' or status like '%_d'
select id from orders where total not between 10 and 20
select name from customers where country not in ('DE', 'FR')
select row_number() over (order by total desc) as rank_no, id, total from orders
select customer_id, total, sum(total) over (partition by customer_id order by ordered_at) as running from orders
select id, rank() over (partition by status order by total desc) as r from orders
select id, dense_rank() over (order by total desc) from orders order by 2, 1
select id, total - lag(total) over (order by ordered_at) as change from orders
select id, lead(total, 1) over (order by id) as next_total from orders
select id, ntile(4) over (order by total) as quartile from orders
select id, first_value(total) over (partition by customer_id order by ordered_at) from orders
select id, avg(total) over (order by id rows between 6 preceding and current row) as moving from orders
select id, sum(total) over w as s, avg(total) over w as a from orders window w as (partition by status order by id)
select status, sum(total) as s, sum(sum(total)) over () as whole from orders group by status
select * from (select id, customer_id, row_number() over (partition by customer_id order by total desc) as rn from orders) x where x.rn = 1
select status, count(*) * 1.0 / (select count(*) from orders) as share from orders group by status
select c.name, (select max(o.total) from orders o where o.customer_id = c.id) as biggest from customers c
select c.country, sum(o.total) from customers c join orders o on o.customer_id = c.id where o.id in (select order_id from order_items group by order_id having sum(quantity) > 10) group by c.country
select name from products where category = 'toys' order by price desc, name asc limit 1
select name from employees where salary = (select max(salary) from employees)
select name from employees where salary = (select max(e2.salary) from employees e2 where e2.department_id = employees.department_id)
select department_id, max(salary) - min(salary) as spread from employees group by department_id
select count(*) from events where kind = 'login' and duration_ms > 1000
select kind, avg(duration_ms) from events group by kind having count(*) >= 100
select user_id, count(distinct kind) as kinds from events group by user_id order by kinds desc limit 20
select o.id from orders as o where o.customer_id = 5 and (o.status = 'open' or o.status = 'paid')
select id from orders where 1 = 1
select id from orders where total > 10 order by ordered_at desc, id
select min(price), max(price), avg(price), sum(price), count(price) from products
select category from products group by category having count(*) = (select max(n) from (select count(*) as n from products group by category) t)
select p.name from products p where p.id not in (select product_id from order_items)
select p.name, sum(oi.quantity * oi.unit_price) as revenue from products p join order_items oi on oi.product_id = p.id group by p.id, p.name order by revenue desc limit 10
select (select count(*) from customers) as customers, (select count(*) from orders) as orders
select c.id as customer, o.id as purchase from customers c join orders o on o.customer_id = c.id order by customer, purchase
select id, total from orders where total = (select max(total) from orders) and status in ('paid', 'open')
select id from customers natural join (select 1 as id) x
select id, o.total from customers join orders o using (id)
select c.name from (customers c join orders o on o.customer_id = c.id) where o.total > 5
select count(*) from (select 1 as one union all select 2) u
select exists (select 1 from orders where total > 1000000) as any_big
select not vip from customers
select name from customers where (country = 'DE') = (vip = true)
select status || '!' from orders
select 'a' || name || 'b' from customers
SELECT Name, COUNTRY FROM customers WHERE Country = 'DE' ORDER BY NAME
-- revenue and counts by one or two groups, filtered, ranked
select c.city, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.city having min(oi.quantity) < 3 order by m0 desc
select c.country, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total > 1000 group by c.country having sum(o.total) >= 1000 order by m0 desc
select c.name, p.name, sum(oi.quantity * oi.unit_price) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' and o.status = 'paid' group by c.name, p.name having count(*) > 5 order by 2 desc
select o.status, p.name, avg(o.total) as m0, sum(o.total) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.note is not null and o.note <> '' and o.id not in (select order_id from order_items where quantity > 100) group by o.status, p.name having min(oi.quantity) < 3
select c.city, p.category, avg(case when o.status = 'paid' then o.total end) as m0, sum(o.total - coalesce(o.discount, 0)) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where not c.name = 'Ann' group by c.city, p.category having count(*) > 5
select c.country, min(o.total) as m0, avg(case when o.status = 'paid' then o.total end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.discount is null group by c.country having count(*) > 5 order by min(o.total) desc, c.country limit 10
select p.category, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category order by p.category limit 10 offset 10
select p.category, c.country, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where exists (select 1 from events e where e.user_id = c.id and e.kind = 'login') group by p.category, c.country having min(oi.quantity) < 3 order by min(o.total) desc, p.category limit 100
select p.category, avg(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total > 1000 and not c.name = 'Ann' group by p.category having sum(o.total) >= 1000 order by 2 desc limit 100
select p.category, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total between 50 and 500 group by p.category order by avg(case when o.status = 'paid' then o.total end) desc, p.category
select p.category, c.city, sum(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category, c.city having min(oi.quantity) < 3 order by sum(o.total) desc, p.category
select o.status, count(*) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by o.status order by o.status
select p.name, c.name, count(distinct oi.product_id) as m0, count(*) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.id not in (select order_id from order_items where quantity > 100) group by p.name, c.name having sum(o.total) >= 1000 order by count(distinct oi.product_id) desc, p.name limit 1
select c.city, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' and o.total > 1000 group by c.city order by c.city
select c.city, sum(o.total - coalesce(o.discount, 0)) as m0, avg(o.total) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' or o.discount is null group by c.city order by sum(o.total - coalesce(o.discount, 0)) desc, c.city
select p.category, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category having min(oi.quantity) < 3 order by p.category limit 3
select p.name, avg(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.price >= 10.5 or o.status = 'paid' group by p.name
select p.name, avg(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.country in ('DE', 'FR', 'JP') group by p.name order by 2 desc
select c.name, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where not c.name = 'Ann' and o.discount is null group by c.name limit 3
select c.name, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.name having count(*) > 5 order by c.name limit 1 offset 10
select o.status, c.country, sum(o.total) as m0, sum(o.total - coalesce(o.discount, 0)) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.country in ('DE', 'FR', 'JP') and not c.name = 'Ann' group by o.status, c.country order by m0 desc
select p.category, c.name, max(oi.quantity) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category, c.name order by 2 desc limit 100
select p.name, p.category, count(distinct o.customer_id) as m0, avg(o.total) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.price >= 10.5 and o.total between 50 and 500 group by p.name, p.category having min(oi.quantity) < 3 order by 2 desc limit 3
select o.status, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.country in ('DE', 'FR', 'JP') or o.note is not null and o.note <> '' group by o.status having sum(o.total) >= 1000 limit 10 offset 10
select p.name, c.name, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.name, c.name order by m0 desc
select p.name, avg(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.name having min(oi.quantity) < 3
select c.name, avg(case when o.status = 'paid' then o.total end) as m0, max(oi.quantity) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total > 1000 group by c.name having sum(o.total) >= 1000 order by m0 desc
select c.country, c.name, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.price >= 10.5 and o.note is not null and o.note <> '' group by c.country, c.name order by count(distinct o.customer_id) desc, c.country
select c.name, min(o.total) as m0, avg(case when o.status = 'paid' then o.total end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.name order by m0 desc limit 10
select c.city, p.category, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' and o.total > 1000 group by c.city, p.category order by c.city limit 3 offset 10
select c.name, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total between 50 and 500 group by c.name having sum(o.total) >= 1000 limit 100
select o.status, max(oi.quantity) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by o.status order by m0 desc limit 10
select c.city, sum(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' group by c.city order by 2 desc
select o.status, p.category, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.note is not null and o.note <> '' or not c.name = 'Ann' group by o.status, p.category having count(*) > 5 limit 1
select c.name, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.name order by c.name
select c.country, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' group by c.country having min(oi.quantity) < 3 order by m0 desc
select c.country, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.id not in (select order_id from order_items where quantity > 100) group by c.country order by max(o.total) desc, c.country
select o.status, count(*) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by o.status having min(oi.quantity) < 3 order by 2 desc
select p.category, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' or o.id not in (select order_id from order_items where quantity > 100) group by p.category
select c.name, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.country in ('DE', 'FR', 'JP') group by c.name order by m0 desc
select c.country, max(oi.quantity) as m0, min(o.total) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total between 50 and 500 group by c.country having sum(o.total) >= 1000
select p.name, max(oi.quantity) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by p.name having sum(o.total) >= 1000 order by p.name limit 10
select c.country, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total between 50 and 500 group by c.country having count(*) > 5 order by 2 desc limit 1
select c.country, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' and c.email like '%@example.com' group by c.country having min(oi.quantity) < 3 order by 2 desc
select p.name, p.category, max(oi.quantity) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total between 50 and 500 group by p.name, p.category order by m0 desc
select p.name, p.category, max(oi.quantity) as m0, avg(case when o.status = 'paid' then o.total end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.name, p.category
select c.name, max(oi.quantity) as m0, count(distinct oi.product_id) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.id not in (select order_id from order_items where quantity > 100) and c.country in ('DE', 'FR', 'JP') group by c.name having count(*) > 5 order by m0 desc limit 100
select c.country, p.name, max(o.total) as m0, sum(case when o.status = 'returned' then 1 else 0 end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by c.country, p.name
select c.country, p.name, max(oi.quantity) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where not c.name = 'Ann' and p.category <> 'toys' group by c.country, p.name order by 2 desc limit 100 offset 10
select c.country, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by c.country having count(*) > 5 order by c.country
select c.country, count(*) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' group by c.country order by c.country
select p.category, sum(case when o.status = 'returned' then 1 else 0 end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category order by p.category
select c.country, sum(case when o.status = 'returned' then 1 else 0 end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.country limit 10 offset 10
select c.city, sum(oi.quantity * oi.unit_price) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.city having min(oi.quantity) < 3 order by c.city limit 10
select o.status, c.city, sum(case when o.status = 'returned' then 1 else 0 end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by o.status, c.city having sum(o.total) >= 1000 order by sum(case when o.status = 'returned' then 1 else 0 end) desc, o.status limit 3 offset 10
select p.category, sum(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by p.category limit 3
select o.status, c.name, sum(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' group by o.status, c.name having sum(o.total) >= 1000
select c.country, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.id not in (select order_id from order_items where quantity > 100) group by c.country having sum(o.total) >= 1000 order by c.country limit 10 offset 10
select c.name, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.country in ('DE', 'FR', 'JP') and o.total > 1000 group by c.name order by 2 desc
select p.category, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category having sum(o.total) >= 1000 order by p.category limit 10 offset 10
select c.city, o.status, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' and o.total > 1000 group by c.city, o.status order by avg(case when o.status = 'paid' then o.total end) desc, c.city
select o.status, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by o.status order by 2 desc limit 1
select o.status, sum(oi.quantity * oi.unit_price) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by o.status limit 100
select o.status, count(*) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' group by o.status having min(oi.quantity) < 3 order by 2 desc limit 3 offset 10
select c.name, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' group by c.name having min(oi.quantity) < 3
select p.category, c.country, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where not c.name = 'Ann' and exists (select 1 from events e where e.user_id = c.id and e.kind = 'login') group by p.category, c.country order by 2 desc
select c.country, p.category, avg(case when o.status = 'paid' then o.total end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.country, p.category having count(*) > 5 order by m0 desc
select c.city, min(o.total) as m0, avg(case when o.status = 'paid' then o.total end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' and o.total > 1000 group by c.city having min(oi.quantity) < 3 limit 10
select c.country, c.name, min(o.total) as m0, sum(case when o.status = 'returned' then 1 else 0 end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.discount is null group by c.country, c.name order by 2 desc limit 100
select c.country, sum(case when o.status = 'returned' then 1 else 0 end) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.id not in (select order_id from order_items where quantity > 100) and c.email like '%@example.com' group by c.country having min(oi.quantity) < 3 order by c.country limit 1
select p.category, o.status, sum(o.total - coalesce(o.discount, 0)) as m0, max(o.total) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category, o.status
select p.category, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category having count(*) > 5 order by p.category limit 100
select p.category, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.category order by count(distinct oi.product_id) desc, p.category limit 1
select c.country, count(*) as m0, avg(o.total) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where not c.name = 'Ann' group by c.country
select c.city, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where exists (select 1 from events e where e.user_id = c.id and e.kind = 'login') and not c.name = 'Ann' group by c.city having min(oi.quantity) < 3 order by c.city
select c.city, count(*) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.city having sum(o.total) >= 1000 order by m0 desc
select p.category, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.total > 1000 group by p.category order by min(o.total) desc, p.category limit 10 offset 10
select c.name, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' or o.status = 'paid' group by c.name having count(*) > 5 limit 3
select o.status, c.name, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.status = 'paid' or p.category <> 'toys' group by o.status, c.name order by m0 desc limit 3
select c.name, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where c.email like '%@example.com' group by c.name having sum(o.total) >= 1000 order by c.name
select p.name, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where not c.name = 'Ann' group by p.name order by 2 desc limit 3
select c.country, count(*) as m0, sum(case when o.status = 'returned' then 1 else 0 end) as m1 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.price >= 10.5 and o.discount is null group by c.country
select p.name, max(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.name
select c.city, sum(o.total - coalesce(o.discount, 0)) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.note is not null and o.note <> '' group by c.city
select o.status, min(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where p.category <> 'toys' or o.discount is null group by o.status order by 2 desc limit 3
select p.name, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by p.name having count(*) > 5 order by 2 desc
select c.name, count(*) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by c.name having count(*) > 5
select o.status, sum(o.total) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id group by o.status having min(oi.quantity) < 3 order by m0 desc limit 3 offset 10
select o.status, c.country, count(distinct oi.product_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where exists (select 1 from events e where e.user_id = c.id and e.kind = 'login') or o.note is not null and o.note <> '' group by o.status, c.country having sum(o.total) >= 1000 order by m0 desc limit 10
select c.name, c.city, count(distinct o.customer_id) as m0 from orders o join customers c on c.id = o.customer_id join order_items oi on oi.order_id = o.id join products p on p.id = oi.product_id where o.id not in (select order_id from order_items where quantity > 100) group by c.name, c.city having sum(o.total) >= 1000 order by m0 desc
select a.name, b.name from customers a join customers b on a.country = b.country and a.id < b.id
select p.name, c.country, count(o.id) from products p cross join (select distinct country from customers) c left join orders o on o.id = p.id group by p.name, c.country
select c.name, o.total, m.most from customers c join orders o on o.customer_id = c.id cross join (select max(total) as most from orders) m
select c.name, p.name from customers c, orders o, order_items oi, products p where c.id = o.customer_id and o.id = oi.order_id and oi.product_id = p.id
select replace(replace(replace(name, ' ', ''), '-', ''), '.', '') from customers
select c.name from customers c join products p on c.name like p.name
select c.name from customers c, products p where replace(lower(c.name), ' ', '') = replace(lower(p.name), ' ', '')
with recursive fib(a, b, n) as (select 0, 1, 1 union all select b, a + b, n + 1 from fib where n < 30) select a from fib
with recursive f(n, p) as (select 1, 1 union all select n + 1, p * (n + 1) from f where n < 12) select * from f
with recursive down(n) as (select 10 union all select n - 1 from down where n > 0) select n from down
with recursive up as (select id, manager_id, 1 as level from employees where name = 'Ann' union all select e.id, e.manager_id, u.level + 1 from employees e, up u where u.manager_id = e.id) select * from up
with recursive up as (select id, manager_id from employees union select e.id, e.manager_id from employees e join up u on u.manager_id = e.id) select * from up
with recursive twice(n) as (select 1 union all select n * 2 from twice where n < 1000) select n from twice
with recursive c(n, steps) as (select 27, 0 union all select case when n % 2 = 0 then n / 2 else 3 * n + 1 end, steps + 1 from c where n > 1) select max(steps) from c
with recursive g(a, b) as (select 48, 18 union all select b, a % b from g where b > 0) select max(a) from g
with recursive n(i) as (select 1 union all select i + 1 from n where i < (select count(*) from customers)) select i from n
with recursive n(i) as (select 1 union all select i + 1 from n where i between 1 and 9) select i from n
