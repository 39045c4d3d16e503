create table departments (id int primary key, name text, budget numeric(12,2), location text);
create table customers (id int primary key, name text not null, email text, country text, city text, signup_date date, vip boolean, credit_limit numeric(12,2));
create table products (id int primary key, name text not null, category text, price numeric(12,2), weight_kg double precision, tags text[], attributes jsonb, discontinued boolean);
create table orders (id int primary key, customer_id int references customers(id), ordered_at timestamptz, status text, total numeric(12,2), discount numeric(12,2), shipped_on date, note text);
create table employees (id int primary key, name text, manager_id int references employees(id), department_id int references departments(id), salary numeric(12,2), hired_on date, birth_date date);
create table order_items (order_id int references orders(id), product_id int references products(id), quantity int not null, unit_price numeric(12,2), primary key (order_id, product_id));
create table events (id bigint primary key, user_id int, kind text, payload jsonb, at timestamptz, duration_ms int);
create table "Targets" ("Year" int, "Region" text, "Amount" numeric(12,2));
