create table departments (id int primary key, name varchar(200), budget decimal(12,2), location varchar(200));
create table customers (id int primary key, name varchar(200) not null, email varchar(200), country varchar(200), city varchar(200), signup_date date, vip boolean, credit_limit decimal(12,2));
create table products (id int primary key, name varchar(200) not null, category varchar(200), price decimal(12,2), weight_kg double, tags json, attributes json, discontinued boolean);
create table orders (id int primary key, customer_id int references customers(id), ordered_at datetime, status varchar(200), total decimal(12,2), discount decimal(12,2), shipped_on date, note varchar(200));
create table employees (id int primary key, name varchar(200), manager_id int references employees(id), department_id int references departments(id), salary decimal(12,2), hired_on date, birth_date date);
create table order_items (order_id int references orders(id), product_id int references products(id), quantity int not null, unit_price decimal(12,2), primary key (order_id, product_id));
create table events (id bigint primary key, user_id int, kind varchar(200), payload json, at datetime, duration_ms int);
create table `Targets` (`Year` int, `Region` varchar(200), `Amount` decimal(12,2));
