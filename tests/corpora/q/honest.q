select from trade
trade
select[10] from trade
select[-5] from trade
select[10;>price] from trade
select[>size] from trade
10#select from trade
-5#select from trade
10 sublist select from trade
10#trade
count trade
count select from trade
select sym,price from trade
select sym, price, size from trade where sym=`AAPL
select from trade where sym in `AAPL`MSFT
select from trade where date=2024.01.02, sym=`AAPL
select from trade where date within 2024.01.01 2024.01.31
select from trade where time within 09:30 16:00
select from trade where time within 09:30:00.000 16:00:00.000, price>100
select from trade where price>100, size<500
select from trade where (price>100) and size<500
select from trade where (price>100) or (size<500)
select from trade where not sym=`AAPL
select from trade where sym<>`AAPL
select from trade where null price
select from trade where not null price
select from trade where cond like "A*"
select from trade where sym like "A*"
select distinct sym from trade
select count i from trade
select n:count i by sym from trade
select count i by sym,side from trade
select avg price by sym from trade
select avgPrice:avg price, total:sum size by sym from trade
select vwap:size wavg price by sym from trade
select vwap:size wavg price by sym, date from trade where date within 2024.01.01 2024.01.31
select vwap:(sum price*size)%sum size by sym from trade
select max price, min price by date from trade
select open:first price, high:max price, low:min price, close:last price by sym from trade
select open:first price, high:max price, low:min price, close:last price by sym, 5 xbar time.minute from trade
select sum size by 5 xbar time.minute from trade where sym=`AAPL
select last price by sym from trade
select first price, last price by date, sym from trade
select notional:price*size from trade
select sym, notional:price*size from trade where 1000000<price*size
select sum price*size by sym from trade
select spread:ask-bid by sym from quote
select avg ask-bid by sym from quote
select mid:0.5*bid+ask from quote
select mid:(bid+ask)%2 from quote where sym=`AAPL
select from quote where bid>ask
select dev price by sym from trade
select med price by sym from trade
select var price, sdev price by sym from trade
select price cor size by sym from trade
select sym, ret:deltas price from trade
select ret:-1+price%prev price by sym from trade
select sums size by sym from trade
select 20 mavg price by sym from trade
select sym, time, ma:20 mavg price from trade where sym=`AAPL
select 10 msum size, 10 mmax price from trade
select next price, prev price from trade
select rank price from trade
select i, sym from trade where i<10
select from trade where i within 100 200
select from trade where price=max price
select from trade where price=(max;price) fby sym
select from trade where size>(avg;size) fby sym
select from trade where sym in exec sym from instrument where sector=`Tech
select from trade where sym in (exec sym from instrument where currency=`USD)
exec distinct sym from trade
exec price from trade where sym=`AAPL
exec max price by sym from trade
exec count i from trade
`price xdesc select from trade
`price xdesc select avg price by sym from trade
`sym`time xasc select from trade
10#`price xdesc select from trade
5#`n xdesc select n:count i by sym from trade
`sym xkey select from instrument
trade lj `sym xkey instrument
select from trade lj `sym xkey instrument
select avg price by sector from trade lj `sym xkey instrument
(select from trade where sym=`AAPL) lj `sym xkey instrument
select sum size by sector from (trade lj `sym xkey instrument)
trade ij `sym xkey instrument
aj[`sym`time;trade;quote]
aj[`sym`time;select from trade where sym=`AAPL;quote]
select sym,price,mid:(bid+ask)%2 from aj[`sym`time;trade;quote]
select from aj[`sym`time;trade;select sym,time,bid,ask from quote]
ej[`sym;trade;instrument]
select from (select avg price by sym from trade) where price>100
select from select n:count i by sym from trade
select from (select s:sum size by sym from trade) where s=max s
select from orders where placed>.z.p-0D01:00:00
select from orders where placed.date=.z.d
select count i by placed.date from orders
select from trade where date=.z.d
select from trade where date=.z.d-1
select date.month, sum size by date.month from trade
select sum size by date.year from trade
select `date$placed, qty from orders
select sum qty by `date$placed from orders
select "i"$size from trade
select string sym from trade
select upper sym, lower side from trade
select n:count distinct sym by date from trade
select count distinct sym from trade
select sym, bucket:100 xbar price from trade
select count i by 100 xbar size from trade
select sym, $[side=`B;size;neg size] from trade
select signed:?[side=`B;size;neg size] by sym from trade
select sum ?[side=`B;size;neg size] by sym from trade
select wsum:size wsum price by sym from trade
select abs bid-ask from quote
select floor price, ceiling price from trade
select sqrt var price from trade
select log price from trade
select price mod 10, size div 100 from trade
select 3 xprev price by sym from trade
select fills price by sym from trade
select first sym, last sym from trade
select reverse price from trade
select all price>0, any size=0 by sym from trade
select from trade where side=`B, ex=`N, price within 100 200
select from trade where price within (100;200)
select from instrument where name like "*Inc*"
select name, sector from instrument where lot>=100
select sector, n:count i by currency from instrument
meta trade
cols trade
distinct select sym from trade
first select from trade
last trade
reverse select from trade
asc exec distinct sym from trade
sum exec size from trade where sym=`AAPL
max exec price from trade
avg exec price from trade where date=2024.01.02
(exec sum size from trade where side=`B)-exec sum size from trade where side=`S
count exec distinct sym from trade
select trader, sum qty by trader from orders
select sum qty*limit_price by trader from orders where qty>0
select from orders where trader in `ann`bob, qty>100
?[trade;enlist(=;`sym;enlist`AAPL);0b;()]
?[trade;();(enlist`sym)!enlist`sym;(enlist`price)!enlist(avg;`price)]
?[`trade;enlist(>;`price;100);0b;`sym`price!`sym`price]
`sym`price#select from trade
`a`b xcol select sym,price from trade
ungroup select sym,price from trade
(select from trade where sym=`AAPL) uj select from trade where sym=`MSFT
(select sym from trade) union select sym from quote
select from trade where sym=first exec sym from instrument
select
  avg price by sym
  from trade
  where date=2024.01.02
select avg price by sym from trade / the mean by symbol
select hi:max price,lo:min price,range:(max price)-min price by sym from trade
select pct:100*size%sum size by sym from trade
select from trade where size=max size
select sym,time,price from trade where price>avg price
select `minute$time, price from trade
select count i by time.hh from trade
select last price by sym,time.minute from trade where date=2024.01.02
select from trade where (sym=`AAPL)&price>100
select max price-min price from trade
select cnt:count i, tot:sum size, mx:max price by sym, side from trade where ex in `N`Q
select from orders where placed within 2024.01.01D00:00:00 2024.02.01D00:00:00
select from orders where placed>=2024.01.01D09:30:00.000000000
select from trade where time>09:30:00.123
select from trade where date in 2024.01.02 2024.01.03
select from trade where date>2024.01.01, date<2024.02.01
select n:count i by date.month from trade
select n:count i, avg price by sym from trade where side=`B
`n xdesc select n:count i by sym from trade
3#`total xdesc select total:sum size by sym from trade
select[5;>price] sym,price from trade
select[3;<price] from trade where sym=`AAPL
10 sublist `time xasc select from trade
-10 sublist trade
select from trade where 0=i mod 100
select price, prev price, next price by sym from trade
select chg:price-prev price by sym from trade
select 0^price from trade
select 0w|price from trade
select from trade where price<0w
select from trade where size=0N
select from trade where side in `B`S, not ex in `N`Q
select from trade where not sym like "A*"
select from trade where sym like "*[0-9]"
select sector:first sector by sym from instrument
select sum size*price, n:count i by sym, date from trade where date within 2024.01.01 2024.03.31
select vwap:size wavg price by 15 xbar time.minute from trade where sym=`MSFT
select count i by 0D00:05:00 xbar placed from orders
select from trade lj `sym xkey select sym, sector from instrument
select total:sum size by sector from trade lj `sym xkey instrument
exec first price from trade where sym=`AAPL
exec distinct side from trade where date=2024.01.02
count select from trade where sym=`AAPL
count distinct exec sym from trade
?[trade;((=;`sym;enlist`AAPL);(>;`price;100));0b;()]
?[trade;enlist(in;`sym;enlist`AAPL`MSFT);(enlist`sym)!enlist`sym;`n`total!((count;`i);(sum;`size))]
?[trade;enlist(within;`time;09:30 16:00);0b;(enlist`price)!enlist(max;`price)]
?[trade;();0b;`a`b!((%;(sum;(*;`price;`size));(sum;`size));(avg;`price))]
select last price by sym from trade where date=.z.d, time>09:30
select vwap:size wavg price, vol:sum size, n:count i by sym, 15 xbar time.minute from trade where date=2024.03.15
select open:first price, high:max price, low:min price, close:last price, vol:sum size by date, sym from trade where date within 2024.01.01 2024.03.31, sym in `AAPL`MSFT`GOOG
select twap:avg price by sym, 60 xbar time.minute from trade where date=2024.01.02
select n:count i by date, ex from trade where date within 2024.01.01 2024.01.31
select from trade where date=max date
select from trade where date=last date, sym=`AAPL, price=max price
select from trade where date=2024.01.02, sym=`AAPL, time within 09:30:00.000 09:35:00.000
select time, price, chg:deltas price, pct:100*-1+price%prev price from trade where date=2024.01.02, sym=`AAPL
select time, price, ma5:5 mavg price, sd5:5 mdev price, hi:5 mmax price, lo:5 mmin price from trade where sym=`MSFT
select time, cum:sums size, run:(sums price*size)%sums size from trade where sym=`AAPL
select sym, spread:1e4*(ask-bid)%0.5*ask+bid from quote where date=2024.01.02
select avgSpread:avg ask-bid, maxSpread:max ask-bid, minBid:min bid by sym from quote where bid>0, ask>bid
select avg 10000*(ask-bid)%(ask+bid)%2 by sym, time.hh from quote
select bid wavg bsize, ask wavg asize by sym from quote
select imbalance:(sum bsize-asize)%sum bsize+asize by sym from quote
select from quote where (ask-bid)>3*avg ask-bid
select from trade where price>(avg;price) fby sym, size>100
select from trade where price=(max;price) fby ([]sym;date)
select sym, time, price from trade where i=(last;i) fby sym
select from trade where 1000<(sum;size) fby sym
5#`vol xdesc select vol:sum size by sym from trade where date=2024.01.02
-3#`price xasc select last price by sym from trade
`date`sym xasc select sum size by date, sym from trade
10 sublist `notional xdesc select notional:sum price*size by sym from trade
3 sublist select from trade
select[5;>size] sym, size from trade where date=2024.01.02
select[20] from quote where sym=`AAPL
select[<price] from trade where sym=`AAPL
exec sym from trade where size=max size
exec last price by sym from trade
exec sum price*size from trade where sym=`AAPL
exec first time, last time from trade
exec distinct ex from trade where date=2024.01.02
exec price from trade where sym=`AAPL, i<100
count select from trade where date=2024.01.02
count exec distinct sym from trade
select from trade where sym in exec distinct sym from orders
select from trade where not sym in exec sym from instrument where sector=`Energy
select from instrument where name like "*Corp*"
select from instrument where currency=`USD, lot>=100
select sym, upper name from instrument
select n:count i, avgLot:avg lot by sector, currency from instrument
select sum size by sector from (select from trade where date=2024.01.02) lj `sym xkey instrument
select vwap:size wavg price by currency from trade lj `sym xkey select sym, currency from instrument
select from (trade lj `sym xkey instrument) where sector=`Tech, price>100
select sym, time, price, bid, ask from aj[`sym`time;select from trade where date=2024.01.02;select from quote where date=2024.01.02]
select slippage:avg price-0.5*bid+ask by sym from aj[`sym`time;trade;quote]
select n:sum price>ask, m:sum price<bid by sym from aj[`sym`time;select sym,time,price from trade;select sym,time,bid,ask from quote]
aj0[`sym`time;select from trade where sym=`AAPL;select sym,time,bid,ask from quote]
aj[`date`sym`time;trade;quote]
ej[`sym;select sum size by sym from trade;instrument]
(select last price by sym from trade) lj select last bid, last ask by sym from quote
(select sum size by sym from trade) uj select sum qty by sym from orders
(select last price by sym from trade) ij `sym xkey instrument
select filled:sum size by sym from trade where sym in exec sym from orders where trader=`bob
select trader, notional:qty*limit_price from orders where placed.date=.z.d
select sum qty by trader, placed.date from orders
select count i by placed.hh from orders
select count i by 0D00:05 xbar placed from orders
select from orders where placed within (.z.p-1D;.z.p)
select from orders where placed>.z.p-0D02:00
select from orders where placed.date within (.z.d-7;.z.d-1)
select from trade where date within (.z.d-30;.z.d)
select from trade where date in 2024.01.02 2024.01.03
select from trade where date.month=2024.01m
select sum size by date.week, sym from trade
select sum size by `month$date from trade
select avg price by date.dd from trade
select count i by time.hh from trade
select time.second, price from trade where sym=`AAPL
select side, n:count i, pct:100*(count i)%count trade by side from trade
select buys:sum size*side=`B, sells:sum size*side=`S by sym from trade
select net:sum size*?[side=`B;1;-1] by sym from trade
select sym, bucket:?[size>1000;`large;?[size>100;`mid;`small]] from trade
select count i by bucket:?[size>1000;`large;`small] from trade
select label:$[`B=first side;`buy;`sell] by sym from trade
select range:(max price)-min price, rel:((max price)-min price)%min price by sym from trade
select vol:dev deltas log price by sym from trade
select hv:sqrt[252]*dev deltas log price by sym from trade
select corr:price cor size, cv:price cov size by sym from trade
select med price, var price, sdev size by sym from trade
select beta:(price cov size)%var size by sym from trade
select ema:0.1 ema price by sym from trade
select r:rank price, pr:(rank price)%count price by date from trade
select q:4 xrank price, sym from trade
select price, prev1:1 xprev price, next1:-1 xprev price from trade
select filled:fills price, zero:0^size from trade
select price:0n^price, sym:`none^sym from trade
select differ sym, changed:differ price from trade
select ratios price by sym from trade
select maxs price, mins price, dd:price-maxs price from trade where sym=`AAPL
select maxdd:min price-maxs price by sym from trade
select tags:distinct ex, n:count distinct ex by sym from trade
ungroup select price, size by sym from trade where i<10
`sym xgroup select sym, price from trade where i<100
select sym, len:count each cond from trade
select first each cond from trade where i<10
select sum each (size;size) from trade
select string sym, "f"$size, `long$price, `int$size from trade
select "d"$placed, `time$placed, `minute$placed from orders
select from trade where (`date$date)=2024.01.02
select from trade where sym=`$"BRK.B"
select from trade where cond like "*@*", ex<>`N
select from trade where sym like "[A-C]*"
select from trade where null cond, not null price
select from trade where (sym=`AAPL)|sym=`MSFT
select from trade where (price>100)&size>50
select from trade where price>100, (side=`B) or ex=`Q
select from trade where size in 100 200 300
select from trade where 0=size mod 100
select from trade where price<>0n, abs[price]<1e6
distinct select sym, ex from trade
reverse select last price by date from trade
cols trade
meta trade
select sym, price from trade where date=2024.01.02, sym=`AAPL, size>=100, price within 100 200.5
?[trade;enlist(=;`sym;enlist`AAPL);0b;()]
?[trade;();(enlist`sym)!enlist`sym;(enlist`vol)!enlist(sum;`size)]
?[trade;enlist(>;`price;100f);0b;`sym`price!`sym`price]
?[trade;((=;`date;2024.01.02);(in;`sym;enlist`AAPL`MSFT));`sym`ex!`sym`ex;`n`v!((count;`i);(wavg;`size;`price))]
?[quote;enlist(within;`bid;100 200f);0b;()]
select from trade where date=2024.01.02 / the close
select n:count i, s:sum size, a:avg price, mx:max price, mn:min price, f:first price, l:last price by sym, side, ex from trade where date within 2024.01.01 2024.01.31, size>0
0!select sum size by sym from trade
1!select sym, price from trade
0!`sym xkey select sum size by sym from trade
select from 0!select sum size by sym from trade
`size xdesc 0!select sum size by sym from trade
select sym, price from 2!select sym, time, price from trade
5!trade
