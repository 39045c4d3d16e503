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
trade:0#trade
trade::()
.trade.x:1
`trade set 0#trade
@[`trade;0;:;()]
.[`trade;();:;()]
.[`trade;(0;`price);:;0f]
@[`.;`trade;0#]
`trade insert (2024.01.02;09:30;`A;1f;1;`B;`N;"x")
`trade upsert trade
trade upsert trade
insert[`trade;trade]
delete from `trade where i<10
delete price from `trade
delete trade from `.
update price:0f from `trade where sym=`AAPL
update price:0f from trade
![`trade;();0b;`symbol$()]
![`trade;enlist(=;`sym;enlist`A);0b;(enlist`price)!enlist 0f]
![`.;();0b;enlist`trade]
`:/tmp/x set trade
`:/tmp/x 0: csv 0: trade
`:/tmp/x 1: 0x00
save `:trade.csv
save `trade
`trade save `:x
dsave[`:db;`trade]
.Q.dpft[`:db;2024.01.02;`sym;`trade]
.Q.dpt[`:db;2024.01.02;`trade]
.Q.en[`:db;trade]
.Q.chk `:db
.Q.l `:db
.Q.gc[]
.Q.w[]
.Q.opt .z.x
.Q.fs[0N!;`:x]
.Q.fps[{x};`:fifo]
.Q.hp["http://x";"text";"y"]
.Q.hmb["http://x";`GET;()]
.Q.s1 trade
.Q.trp[system;"ls";{x}]
.Q.bt[]
.Q.addmonths[.z.d;1]
.Q.view 2024.01.02
.Q.MAP[]
.Q.pv
.Q.P
.h.hy[`csv;"x"]
.h.ht "x"
.j.k "{}"
.j.j trade
.m.x
.z.pw:{[u;p]1b}
.z.ps:{value x}
.z.ts:{system "rm -rf /"}
.z.exit:{x}
.z.ac
.z.h
.z.u
.z.a
.z.K
.z.k
.z.l
.z.o
.z.x
.z.X
.z.W
.z.e
.z.vs
.z.po:0
\t 1000
\p 5000
\w 0
\d .evil
\l script.q
\x .z.pg
\1 /tmp/out
\! rm -rf /
\c 1000 1000
\_ 
system "rm -rf /"
system"p 0"
system each ("ls";"pwd")
first system "id"
count system "id"
value "delete from `trade"
value (`system;"ls")
value `trade
eval parse "1+1"
eval (system;"ls")
reval (value;"x:1")
parse "select from trade"
get `:/etc/passwd
get `trade
read0 `:/etc/passwd
read1 (`:/etc/passwd;0;10)
"\n" vs read0 `:x
hopen 5000
hopen `:unix://5000
h:hopen `:x:1
hclose 3
3 "delete from `trade"
0 "delete from `trade"
-1 "printed"
1 "printed"
-2 trade
neg[1] "printed"
(neg 3)"x:1"
3@"x"
0@"delete from `trade"
0(value;"1+1")
hdel `:/tmp/x
hcount `:/etc/passwd
hsym `$"/etc/passwd"
key `:/
key `
key `.
key `.q
getenv `HOME
`PATH setenv "x"
exit 1
rload `:x
load `:x
-8!trade
-9!0x01
-11!`:log
-15!"x"
-16!trade
-18!trade
-21!`:x
-25!(3 4;"x")
-30!(3;0b;1)
-33!"x"
-120!trade
0N!trade
2:[`:/lib/x.so;(`f;1)]
`:/lib/x.so 2:(`f;1)
`libc 2: (`system;1)
("SFJ";enlist",") 0: `:x.csv
("I";4) 1: `:x
0: trade
`trade`quote set' (1;2)
select system "ls" from trade
select value cond from trade
select @[value;cond;0] from trade
select .[value;enlist cond] from trade
select (value) each cond from trade
select {value x} each cond from trade
select {hopen x}[5000] by sym from trade
select {x:y}[1;2] from trade
select (0#`)!() from trade
select from trade where {system "ls";1b} each sym
select from trade where value "1b"
select from trade where 1b in eval each cond
select price:value "system \"ls\"" by sym from trade
select by {x} sym from trade
select from value "trade"
select from get `trade
select from `trade
select from `:db/trade
select from .Q.pt
select from ([]a:system "ls")
select from trade where sym in value `x
select from trade lj get `:x
exec value cond from trade
exec system each cond from trade
exec {hdel x} each sym from trade
?[trade;enlist(value;"1b");0b;()]
?[trade;enlist(system;"ls");0b;()]
?[trade;();0b;(enlist`x)!enlist(value;enlist"1")]
?[trade;();(enlist`x)!enlist({system x};"ls");()]
?[trade;();0b;(enlist`x)!enlist(`system;"ls")]
?[trade;();0b;(enlist`x)!enlist(each;value;`cond)]
?[trade;();0b;(enlist`x)!enlist(';value;`cond)]
?[trade;enlist(parse;"1b");0b;()]
?[value"trade";();0b;()]
?[trade;();0b;()!()] ; delete from `trade
?[trade;();0b;(`a`b)!(`price;(hopen;5000))]
select from trade;system "ls"
select from trade;trade:()
k)system"ls"
k){x}
p)import os
q)system "ls"
a)x
select from trade where sym=`AAPL,(x:1)
select x:(y:price) from trade
(x:1;select from trade)
{select from trade}[]
{[x]delete from `trade}[1]
@[{delete from `trade};1;0]
.[{x};enlist 1;{y}]
$[1b;system "ls";0]
if[1b;delete from `trade]
while[1b;x:1]
do[1000000000;1]
do[3;system"ls"]
{x}/[1000000000;1]
{x+1}\[1000000000;1]
{1b}{x}/1
(1+)/[1000000000;1]
til 1000000000
til 10000000000
count til 1000000000
sum til 1000000000
1000000000#0
1000000000?1f
1000000000 rand 1
-1000000?1000000
select 1000000000#price from trade
select x:til 1000000000 from trade
select x:1000000000?1f from trade
select raze 1000000#enlist price from trade
select where 100000000 100000000 from trade
trade cross trade
trade cross trade cross trade
(til 100000) cross til 100000
select price cross size from trade
raze 100000#enlist trade
trade,/:\:trade
trade+\:/:trade
select price +/:\: size from trade
wj[(0;1);`sym`time;trade;(quote;(system;`bid))]
wj1[(0;1);`sym`time;trade;(quote;(max;`ask))]
value each ("a:1";"b:2")
value'("a:1";"b:2")
(value;eval)@\:"1+1"
(system')("ls";"id")
system/["ls"]
system@"ls"
system . enlist "ls"
@[system;"id"]
.[system;enlist"id"]
`system "ls"
`.q.system . enlist "ls"
(`.q.system)"ls"
.q.system "ls"
.q.value "1+1"
.q.hopen 5000
.q.set[`x;1]
first[(system;value)]"ls"
(system;value)[0]"ls"
peach[system;("ls";"id")]
system peach ("ls";"id")
@[`trade;`sym;`p#]
@[`trade;`price;+;1]
`s#`trade
`trade lsq trade
attr trade
views `.
view `x
tables `.
tables[]
fkeys trade
.Q.ty trade
.Q.id trade
.Q.ft[{x};trade]
select gtime placed from orders
select ltime placed from orders
select rand 10 from trade
select from trade where i=rand count trade
`x xkey `trade
`sym xasc `trade
`sym xdesc `:db/trade
`a`b xcol `trade
0!`trade
1!`trade
0!`:db/trade
-19!(`:a;`:b;17;2;6)
-11!`:log
-21!trade
0 -19!trade
(neg 19)!trade
0.5!trade
100!trade
`a!trade
sym!trade
0!value "trade"
0!get `trade
select 0!`trade from trade
exec -8!price from trade
exec sym!price from trade
0!update price:0 from trade
0!delete from `trade
0!'trade
0!/trade
![trade;();0b;()]
![0;trade]
?[trade;();0b;(enlist`a)!enlist(!;-6;(!;-5;"system \"ls\""))]
?[trade;();0b;(enlist`a)!enlist(!;-5;`sym)]
?[trade;enlist(!;-6;`sym);0b;()]
?[trade;();0b;(enlist`a)!enlist(!;(neg;6);`sym)]
?[trade;();0b;(enlist`a)!enlist(!;`size;`sym)]
?[trade;();0b;(enlist`a)!enlist(!;-11;`sym)]
?[trade;();0b;(enlist`a)!enlist(!;-19;`sym)]
?[trade;();0b;(enlist`a)!enlist(!;-38;1)]
