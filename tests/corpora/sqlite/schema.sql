create table customers (id int primary key, name text not null, email text, country text, city text, signup_date date, vip boolean, credit_limit numeric);
create table products (id int primary key, name text not null, category text, price numeric, weight_kg real, tags text, attributes text, discontinued boolean);
create table orders (id int primary key, customer_id int references customers(id), ordered_at datetime, status text, total numeric, discount numeric, shipped_on date, note text);
create table order_items (order_id int references orders(id), product_id int references products(id), quantity int not null, unit_price numeric, primary key (order_id, product_id));
create table employees (id int primary key, name text, manager_id int references employees(id), department_id int references departments(id), salary numeric, hired_on date, birth_date date);
create table departments (id int primary key, name text, budget numeric, location text);
create table events (id bigint primary key, user_id int, kind text, payload text, at datetime, duration_ms int);
create table "Targets" ("Year" int, "Region" text, "Amount" numeric);
