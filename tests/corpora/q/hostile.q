select top 10 from trade
select top 5 sym from trade
select * from trade
select from trade limit 10
select sym from trade order by price
select sym, count(*) from trade group by sym
select from trade where sym='AAPL'
select from trade where sym=="AAPL"
select from trade where sym != `AAPL
select from trade join quote on trade.sym = quote.sym
select sym from trade where price > 100 and size < 5
update price:0 from `trade
update price:0 from trade
update price:0 from `trade where sym=`AAPL
delete from trade
delete from `trade
delete price from `trade
delete from `trade where sym=`AAPL
insert[`trade;(1;2;3)]
`trade insert (1;2;3)
`trade upsert (1;2;3)
trade:select from trade
t:select from trade
x::1
trade:()
.z.ps:{x}
.z.pg:value
select from trade; delete from `trade
select from trade;system "rm -rf /"
select from trade;
system "ls"
system"ls"
\ls
\l evil.q
\rm -rf /
\\
value "delete from `trade"
eval parse "delete from `trade"
parse "delete from `trade"
reval(value;"x")
get `:file
`:file set trade
set[`:file;trade]
`:out.csv 0: csv 0: trade
read0 `:/etc/passwd
read1 `:/etc/passwd
select from read0 `:/etc/passwd
hopen `:localhost:5000
h:hopen 5000
hopen 5000
hdel `:file
hcount `:file
hsym `file
exit 0
save `:trade
load `:trade
rsave `trade
getenv `HOME
setenv[`X;"y"]
{x+1} 5
{system x} "ls"
{while[1b;x]} 0
select {system "ls"} each sym from trade
select {x+1} price from trade
select price from trade where {1b} each price
@[trade;`price;:;0]
@[`trade;`price;:;0]
.[`trade;();:;()]
@[system;"ls";0]
.[system;enlist "ls";0]
![`trade;();0b;`symbol$()]
![trade;();0b;enlist`price]
![`trade;enlist(=;`sym;enlist`AAPL);0b;`symbol$()]
-8!trade
-9!0x00
-11!`:log
-18!trade
-19!(`:a;`:b;17;2;6)
0N!trade
.Q.dpft[`:db;2024.01.01;`sym;`trade]
.Q.hg `:http://x
.Q.gc[]
.Q.w[]
.Q.s trade
.h.hp trade
.j.j trade
.z.w
.z.u
.z.h
.z.f
.z.x
.z.exit
.z.pg "x"
select .z.u from trade
select .z.h, sym from trade
select value string sym from trade
select system string sym from trade
select get sym from trade
select hopen each sym from trade
select parse cond from trade
exec value cond from trade
select eval cond from trade
til 1000000000
select til 1000000000 from trade
1000000000#trade
1000000000#select from trade
100000 100000#0
select x:1000000000#0 from trade
til count trade
trade cross trade
(select from trade) cross select from quote
select from missing
select from trades
select missing from trade
select prices from trade
select price from trade where syms=`AAPL
select price by symbol from trade
select bid from trade
select sector from trade
`prices xdesc select from trade
`bid xasc trade
aj[`sym`tme;trade;quote]
aj[`sym`time;trade]
select from trade where
select by from trade
select price, from trade
select price size from trade
select from
select
exec from
select avg from trade
select (price from trade
select price) from trade
select price from trade where (sym=`AAPL
select from trade where sym in
select from trade where price>
select price+ from trade
select +price from trade
select from "trade"
select from `trade where price>1
trade where price>1
1+1
2*3
`a`b`c
"hello"
avg 1 2 3
.z.p
`
()
peach[neg;trade]
select neg peach price from trade
select price from trade where sym like 'A*'
+/[1 2 3]
select (+/) price from trade
select price from trade where .z.pw
`:localhost:5000 "delete from `trade"
(`:host:1234) "x"
.Q.fs[{x};`:file]
.Q.ind[trade;1 2]
select from .Q.pv
dsave[`:db;`trade]
rload `trade
lsq[1;2]
view `x
tables[]
tables `.
views[]
a:b:c:1
if[1b;system "ls"]
while[1b;0]
do[10;0]
$[1b;system "ls";0]
?[trade;enlist({system x};"ls");0b;()]
?[trade;();0b;(enlist`x)!enlist(system;"ls")]
?[trade;();0b;(enlist`x)!enlist(value;`cond)]
?[missing;();0b;()]
?[trade;();0b]
?[10;trade]
10?trade
1000000000?10
select 1000000000?10 from trade
select `$cond from trade
select 0: cond from trade
2:[`lib;(`f;1)]
`lib 2: (`f;1)
drop table trade
DROP TABLE trade
insert into trade values (1)
SELECT * FROM trade
Here is the query: select from trade
with t as (select 1) select from t
select from ([] a:1 2 3)
([] a:1 2 3)
flip `a`b!(1 2;3 4)
select from trade where sym=`:file
wj[1 2;`sym`time;trade;(quote;(max;`ask))]
select price from trade where date=2024.01.02;;
select price!size from trade
select price@0 from trade
select price . 0 from trade
select `system["ls"] from trade
select `.q.system["ls"] from trade
select x:`.q.value["delete from `trade"] from trade
select (first `a`.q.system)["ls"] from trade
(first exec sym from trade)["ls"]
select "abc"[0] from trade
select (`.q.system;cond) fby sym from trade
select from trade where price=(`f;price) fby sym
select from trade where price=(sym;price) fby sym
select `f each cond from trade
select each[`.q.system;cond] from trade
select prior[`f;price] from trade
select `f prior price from trade
select (-) prior price from trade
select `.q.system/cond from trade
select `f/[price] from trade
select `f'[price] from trade
select `a:b from trade
select from trade where sym=`http://x
select 10system from trade
select 1til from trade
select 0xzz from trade
select 10gg from trade
select where size from trade
select where 1000000000 1000000000 from trade
count where 1000000000 1000000000
select key `.q from trade
select key sym from trade
select cols `trade from trade
select meta `:file from trade
?[trade;enlist(`.q.system;"ls");0b;()]
?[trade;enlist((`f;`g);`price);0b;()]
?[trade;();0b;(enlist`x)!enlist(`.q.value;`cond)]
?[trade;();0b;(enlist`x)!enlist((first;enlist`f);`price)]
?[trade;();0b;(enlist`x)!enlist(fby;(enlist;`f;`price);`sym)]
?[trade;();0b;(enlist`x)!enlist(each;`f;`price)]
?[trade;();0b;(enlist`x)!enlist(til;1000000000)]
?[trade;();0b;(enlist`x)!enlist(#;1000000000;0)]
?[trade;();0b;(enlist`x)!enlist(?;1000000000;10)]
?[trade;();0b;(enlist`x)!enlist(where;`size)]
?[trade;();0b;(enlist`x)!enlist(key;enlist`.q)]
?[trade;`f;0b;()]
?[trade;{x};0b;()]
?[trade;();0b;`a`b!`price`missing]
?[trade;enlist(=;`syms;enlist`AAPL);0b;()]
?[trade;();f;()]
?[trade;();0b;();5]
?[`.q;();0b;()]
update from trade
select from delete from trade
select sym from update price:0 from trade
select .Q.s1 sym from trade
select .h.ht cond from trade
select .z.s from trade
select .z.i from trade
@[trade;0]
trade . (0;`sym)
trade@0
`trade@0
select sym from trade where system
select hdel from trade
