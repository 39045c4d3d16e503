create table customers (id int primary key, name varchar not null, email varchar, country varchar, city varchar, signup_date date, vip boolean, credit_limit decimal(12,2));
create table products (id int primary key, name varchar not null, category varchar, price decimal(12,2), weight_kg double, tags varchar[], attributes json, discontinued boolean);
create table orders (id int primary key, customer_id int references customers(id), ordered_at timestamp, status varchar, total decimal(12,2), discount decimal(12,2), shipped_on date, note varchar);
create table order_items (order_id int references orders(id), product_id int references products(id), quantity int not null, unit_price decimal(12,2), primary key (order_id, product_id));
create table employees (id int primary key, name varchar, manager_id int references employees(id), department_id int references departments(id), salary decimal(12,2), hired_on date, birth_date date);
create table departments (id int primary key, name varchar, budget decimal(12,2), location varchar);
create table events (id bigint primary key, user_id int, kind varchar, payload json, "at" timestamp, duration_ms int);
create table "Targets" ("Year" int, "Region" varchar, "Amount" decimal(12,2));
