//! Small built-in word lists: what English says about data, whatever the data is about.

/// Words that carry no meaning for a query once the grammar has been read.
pub fn is_filler(word: &str) -> bool {
    const FILLER: &str = " a an the of in on at to for from by with and or is are was were be been being am do does did done \
        has have had having i me my we us our you your they them their it its he she his her this that these those there \
        who whom whose which what where when how why all any some each every both please could would can will shall \
        should may might let show list give find get tell display return present see want need like know fetch retrieve \
        print report provide identify determine calculate compute select output enumerate bring look up out as than then \
        so if also just only ever total respectively corresponding respective following available exist existing exists \
        listed recorded data database dataset table tables record records row rows entry entries information info detail \
        details using use used uses their one ones thing things made make makes happen happened happening happens \
        occur occurred held hold called named belong belongs belonging related associated various now \
        most least more many much number amount count different distinct unique several among within into between \
        per about over during while after before since until through via across along together too very not no \
        place places placed there's kind kinds type sort okay ok hi hello hey thanks thank question answer query \
        altogether overall case cases time times such we've come comes came go goes went got it's whether \
        part including include includes included contain contains contained containing word words \
        live lives living lived locate located based show shows shown appear appears say value values actually \
        exactly really simply quickly full complete entire whole ";
    FILLER.contains(&format!(" {word} "))
}

/// Verbs and nouns that almost any two tables can stand behind; not knowing them costs little.
pub fn is_weak(word: &str) -> bool {
    const WEAK: &str = " bought buy buys purchased purchase made placed place ordered orders sold sell sells selling release \
        released releases issued issue created create creates generated generate generates produced produce produces \
        work works worked working play plays played playing perform performed performs handle handled handles manage \
        manages managed deliver delivered delivers provide provides provided supplied supply supplies offer offers \
        offered own owns owned written directed enrolled enroll registered register cover covers covered assigned serve \
        served serves supports support start started starting starts end ended ending ends took take takes taken spent \
        spend spends cost costs costing priced earned earn earns earning brought bring brings customer's \
        submitted received receive receives visit visited attended attend wrote composed hired born shipped ship ships \
        listen rent rented booked paid pay pays charged charge weigh weighs weighing posted post sent send contributed \
        contribute contributes installed run runs using hosted published published record recorded worth every \
        participated participate won win wins using compare compared versus vs gone going year years day days month \
        months week weeks quarter quarters minutes minute hours hour seconds second average mean dollars dollar euros \
        usd eur percent percentage share ratio proportion everything everyone anything anyone other others across current currently \
        break down breakdown split group grouped summary summarize overview statistics stats trend performance history \
        alphabetical alphabetically order descending ascending highest lowest first last top bottom best worst date ";
    WEAK.contains(&format!(" {word} "))
}

/// Computations that people name and the generator does not write; never a typing error of something else.
pub fn is_statistic(word: &str) -> bool {
    const STATISTICS: &str = " median percentile percentiles quartile quartiles quantile quantiles variance deviation stddev \
        correlation correlate regression forecast forecasts predict prediction growth running cumulative rolling moving \
        mode skew outlier outliers weekend weekends difference differences increase decrease delta twice thrice double \
        triple differs differ ";
    STATISTICS.contains(&format!(" {word} "))
}

/// Words of one meaning; any of them may stand in a name. Stems, most telling first.
const SYNONYMS: &[&[&str]] = &[
    &["custom", "client", "buyer", "shopper", "purchas", "consum"],
    &[
        "employe",
        "staff",
        "worker",
        "personnel",
        "colleagu",
        "rep",
        "agent",
        "salesperson",
    ],
    &["supplier", "vendor", "provid"],
    &["product", "item", "articl", "good", "merchandis"],
    &["order", "purchas"],
    &["invoic", "bill", "purchas"],
    &["track", "song"],
    &["artist", "band", "musician", "singer"],
    &["film", "movi"],
    &["countri", "nation", "nationalit"],
    &["zip", "postal", "postcod"],
    &["phone", "telephon", "mobil", "cell"],
    &["email", "mail"],
    &["price", "cost", "fee", "rate"],
    &["salari", "wage", "pay", "earn", "incom"],
    &["lat", "latitud"],
    &["long", "lng", "lon", "longitud"],
    &[
        "durat",
        "length",
        "runtim",
        "millisecond",
        "second",
        "minut",
    ],
    &["sex", "gender"],
    &["birth", "born", "dob", "birthday"],
    &["job", "posit", "role", "titl", "occup"],
    &["compani", "firm", "busi", "corpor"],
    &["depart", "dept", "divis"],
    &["student", "pupil"],
    &["teacher", "instructor", "lectur"],
    &["descript", "desc", "describ"],
    &["quantiti", "qty", "unit", "volum"],
    &["manufactur", "maker", "produc"],
    &["vehicl", "car", "automobil"],
    &["locat", "place", "address", "citi"],
    &["citi", "town"],
    &["categori", "type", "kind", "class", "genr"],
    &["temperatur", "temp"],
    &["date", "day", "time", "when"],
    &["precipit", "rain", "rainfal"],
    &["bike", "bicycl"],
    &["rate", "score", "rank"],
    &["popul", "inhabit"],
    &["name", "titl", "label"],
    &["surnam", "lastnam"],
    &["abbrevi", "abbr", "short"],
    &["number", "no", "num", "nr"],
    &["mpg", "gallon"],
    &["invoic", "order", "sale", "transact", "payment"],
    &["freight", "ship"],
    &["stock", "inventori"],
    &["manag", "boss", "supervisor"],
    &["stori", "plot"],
    &["websit", "homepag", "url"],
    &["director", "direct"],
    &["author", "writer", "written", "write"],
    &["compos", "composit"],
    &["enrol", "enrolment", "enrollment", "regist", "registr"],
    &["degre", "program"],
    &["vote", "voter", "ballot"],
    &["friend", "friendship"],
    &["like", "liker"],
];

/// Other stems for one; empty for most words.
pub fn synonyms(stem: &str) -> impl Iterator<Item = &'static str> + '_ {
    SYNONYMS
        .iter()
        .filter(move |group| group.contains(&stem))
        .flat_map(|group| group.iter().copied())
        .filter(move |other| *other != stem)
}

/// Words in a name that say how it is written down, not what it is.
pub fn is_light(stem: &str) -> bool {
    [
        "id", "name", "code", "number", "no", "num", "nr", "desc", "descript", "text", "valu",
        "count", "f", "c", "mph", "mile", "inch", "km", "kg", "usd", "eur", "tbl", "dim", "fact",
        "data", "list", "info", "inform", "detail", "tabl", "m", "s", "ms", "txt", "val", "key",
        "cd", "amt", "in", "of", "the", "at", "by", "via", "to", "and", "par", "ppv",
    ]
    .contains(&stem)
}

/// What an adjective in -est, -er or its plain form is about: stems of column names, and whether "most" of it is large.
#[derive(Clone, Copy, Debug)]
pub struct Adjective {
    pub large: bool,
    /// Stems of columns it can be about, best first.
    pub columns: &'static [&'static str],
    /// It is about dates, so that a date column may stand for a missing number; large means late.
    pub dates: &'static [&'static str],
}

const LENGTH: &[&str] = &[
    "durat",
    "length",
    "runtim",
    "millisecond",
    "minut",
    "second",
    "hour",
    "playtim",
    "time",
    "lasting",
];
const PRICE: &[&str] = &[
    "price", "cost", "amount", "fee", "rate", "total", "msrp", "valu",
];
const SIZE: &[&str] = &[
    "size", "area", "capac", "popul", "squar", "total", "amount", "valu", "quantiti", "byte",
    "count", "dock",
];
const TIME: &[&str] = &["date", "time", "day", "year", "when"];

/// Reads "longest", "longer", "cheap", …
pub fn adjective(word: &str) -> Option<Adjective> {
    let found = |large, columns, dates| {
        Some(Adjective {
            large,
            columns,
            dates,
        })
    };
    match word {
        "longest" | "longer" | "lengthiest" => found(true, LENGTH, &[]),
        "shortest" | "shorter" => found(
            false,
            &[
                "durat",
                "length",
                "runtim",
                "millisecond",
                "minut",
                "second",
                "hour",
                "height",
                "time",
            ],
            &[],
        ),
        "oldest" | "older" | "eldest" => Some(Adjective {
            large: true,
            columns: &["age"],
            dates: &[
                "birth", "born", "dob", "found", "built", "hire", "creat", "open", "year", "date",
            ],
        }),
        "youngest" | "younger" => Some(Adjective {
            large: false,
            columns: &["age"],
            dates: &[
                "birth", "born", "dob", "found", "built", "hire", "creat", "open", "year", "date",
            ],
        }),
        "newest" | "newer" | "latest" | "later" | "recent" | "recently" => found(true, &[], TIME),
        "earliest" | "earlier" => found(false, &[], TIME),
        "cheapest" | "cheaper" | "inexpensive" | "affordable" => found(false, PRICE, &[]),
        "expensive" | "priciest" | "pricier" | "costliest" | "costly" | "pricey" => {
            found(true, PRICE, &[])
        }
        "largest" | "larger" | "biggest" | "bigger" | "big" | "large" => found(true, SIZE, &[]),
        "smallest" | "smaller" | "tiniest" => found(false, SIZE, &[]),
        "heaviest" | "heavier" | "heavy" => found(true, &["weight", "mass", "kg"], &[]),
        "lightest" | "lighter" => found(false, &["weight", "mass", "kg"], &[]),
        "tallest" | "taller" | "tall" => found(true, &["height", "elev", "length", "floor"], &[]),
        "fastest" | "faster" => found(true, &["speed", "mph", "veloc", "acceler", "horsepow"], &[]),
        "slowest" | "slower" => found(
            false,
            &["speed", "mph", "veloc", "acceler", "horsepow"],
            &[],
        ),
        "hottest" | "hotter" | "warmest" | "warmer" => found(true, &["temperatur", "temp"], &[]),
        "coldest" | "colder" | "coolest" | "cooler" => found(false, &["temperatur", "temp"], &[]),
        "windiest" => found(true, &["wind", "gust"], &[]),
        "rainiest" | "wettest" => found(true, &["precipit", "rainfal", "rain"], &[]),
        "driest" => found(false, &["precipit", "rainfal", "humid"], &[]),
        "humid" => found(true, &["humid"], &[]),
        "richest" | "wealthiest" => found(
            true,
            &["net", "wealth", "incom", "salari", "asset", "gdp"],
            &[],
        ),
        "poorest" => found(
            false,
            &["net", "wealth", "incom", "salari", "asset", "gdp"],
            &[],
        ),
        "deepest" => found(true, &["depth"], &[]),
        "northernmost" => found(true, &["lat", "latitud"], &[]),
        "southernmost" => found(false, &["lat", "latitud"], &[]),
        "easternmost" => found(true, &["long", "lng", "lon", "longitud"], &[]),
        "westernmost" => found(false, &["long", "lng", "lon", "longitud"], &[]),
        "populous" | "populated" => found(true, &["popul"], &[]),
        "powerful" | "strongest" => found(true, &["power", "horsepow", "strength"], &[]),
        "rated" => found(true, &["rate", "score", "star"], &[]),
        "paid" => found(true, &["salari", "wage", "pay", "incom"], &[]),
        _ => None,
    }
}

/// Words for what a business takes in.
pub fn is_revenue(word: &str) -> bool {
    [
        "revenue", "revenues", "sales", "turnover", "earnings", "income", "takings", "spending",
        "spend", "spent", "spends",
    ]
    .contains(&word)
}

/// Column stems that hold money taken in, best first.
pub const REVENUE_COLUMNS: &[&str] = &[
    "revenu", "sale", "turnov", "total", "amount", "paid", "payment", "subtot", "price",
];

/// Names people use for a place and how data may spell it, folded.
const ALIASES: &[&[&str]] = &[
    &[
        "usa",
        "us",
        "united states",
        "united states of america",
        "america",
        "american",
        "americans",
        "u s",
        "u s a",
        "states",
    ],
    &[
        "uk",
        "united kingdom",
        "great britain",
        "britain",
        "england",
        "british",
    ],
    &["germany", "german", "germans", "deutschland", "de"],
    &["france", "french", "fr"],
    &["italy", "italian", "italians", "it"],
    &["spain", "spanish", "es"],
    &["canada", "canadian", "canadians", "ca"],
    &["brazil", "brazilian", "brazilians", "br"],
    &["mexico", "mexican", "mx"],
    &["japan", "japanese", "jp"],
    &["china", "chinese", "cn"],
    &["india", "indian", "in"],
    &["netherlands", "dutch", "holland", "the netherlands", "nl"],
    &["sweden", "swedish", "se"],
    &["norway", "norwegian", "no"],
    &["denmark", "danish", "dk"],
    &["finland", "finnish", "fi"],
    &["austria", "austrian", "at"],
    &["switzerland", "swiss", "ch"],
    &["belgium", "belgian", "be"],
    &["portugal", "portuguese", "pt"],
    &["poland", "polish", "pl"],
    &["russia", "russian", "russian federation", "ru"],
    &["korea", "korean", "south korea"],
    &["australia", "australian", "au"],
    &["ireland", "irish", "ie"],
    &["argentina", "argentinian", "argentine"],
    &["europe", "european", "eu"],
    &["asia", "asian"],
    &["africa", "african"],
    &["south america", "south american"],
    &["north america", "north american"],
    &["czech republic", "czechia", "czech"],
    &["hungary", "hungarian"],
    &["chile", "chilean"],
    &["turkey", "turkish"],
    &["greece", "greek"],
    &["egypt", "egyptian"],
    &["california", "ca"],
    &["new york", "ny"],
    &["male", "m", "men", "man"],
    &["female", "f", "women", "woman"],
];

/// Other spellings of a folded name; empty for most.
///
/// Two-letter codes only ever come out, never go in: "in", "no" and "it" are words.
pub fn aliases(text: &str) -> Vec<&'static str> {
    if text.len() < 3 && !["us", "uk"].contains(&text) {
        return Vec::new();
    }
    ALIASES
        .iter()
        .filter(|group| group.contains(&text))
        .flat_map(|group| group.iter().copied())
        .filter(|other| *other != text)
        .collect()
}
