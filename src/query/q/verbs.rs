//! The words of q that a query may use: they compute and do nothing else.

use crate::schema::ValueKind;

/// How a word is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Before its argument.
    One,
    /// Between its arguments.
    Two,
    /// Only with brackets: `aj[…;…;…]`.
    Brackets,
}

pub(super) fn verb(name: &str) -> Option<Use> {
    if ONE.contains(&name) {
        Some(Use::One)
    } else if TWO.contains(&name) {
        Some(Use::Two)
    } else if BRACKETS.contains(&name) {
        Some(Use::Brackets)
    } else {
        None
    }
}

/// Words that write, run text, reach out, wait or look around.
pub(super) fn is_harmful(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "value", "eval", "reval", "parse", "system", "hopen", "hclose", "hdel", "hsym", "hcount",
        "read0", "read1", "set", "get", "save", "load", "rsave", "rload", "dsave", "exit",
        "setenv", "getenv", "insert", "upsert", "update", "delete", "peach", "gtime", "ltime",
        "tables", "views", "view", "cross", "wj", "wj1", "fkeys", "rand", "over", "scan", "prior",
    ];
    name.starts_with('.') || NAMES.contains(&name)
}

/// The clock, as q spells it.
pub(super) fn clock(name: &str) -> Option<ValueKind> {
    Some(match name {
        ".z.d" | ".z.D" => ValueKind::Date,
        ".z.t" | ".z.T" => ValueKind::Time,
        ".z.p" | ".z.P" | ".z.z" | ".z.Z" => ValueKind::Timestamp,
        ".z.n" | ".z.N" => ValueKind::Interval,
        _ => return None,
    })
}

/// What a word gives, where that does not depend on its argument.
pub(super) fn gives(name: &str) -> Option<ValueKind> {
    Some(match name {
        "count" | "mcount" | "rank" | "iasc" | "idesc" | "type" => ValueKind::Integer,
        "avg" | "wavg" | "dev" | "var" | "sdev" | "svar" | "cor" | "mavg" | "mdev" | "med"
        | "sqrt" | "exp" | "log" | "ratios" | "ema" | "avgs" => ValueKind::Float,
        "in" | "within" | "like" | "not" | "null" | "all" | "any" | "differ" => ValueKind::Boolean,
        "string" | "lower" | "upper" | "trim" => ValueKind::Text,
        _ => return None,
    })
}

/// Words whose result is like their argument.
pub(super) fn keeps_type(name: &str) -> bool {
    [
        "sum", "max", "min", "first", "last", "neg", "abs", "sums", "maxs", "mins", "prev", "next",
        "deltas", "fills", "distinct", "reverse", "asc", "desc", "prd",
    ]
    .contains(&name)
}

const ONE: &[&str] = &[
    "abs",
    "acos",
    "all",
    "any",
    "asc",
    "asin",
    "atan",
    "avg",
    "avgs",
    "ceiling",
    "cols",
    "cos",
    "count",
    "deltas",
    "desc",
    "dev",
    "differ",
    "distinct",
    "enlist",
    "exp",
    "fills",
    "first",
    "flip",
    "floor",
    "group",
    "iasc",
    "idesc",
    "key",
    "keys",
    "last",
    "log",
    "lower",
    "ltrim",
    "max",
    "maxs",
    "med",
    "meta",
    "min",
    "mins",
    "neg",
    "next",
    "not",
    "null",
    "prd",
    "prds",
    "prev",
    "rank",
    "ratios",
    "raze",
    "reciprocal",
    "reverse",
    "rtrim",
    "sdev",
    "signum",
    "sin",
    "sqrt",
    "string",
    "sum",
    "sums",
    "svar",
    "tan",
    "til",
    "trim",
    "type",
    "ungroup",
    "upper",
    "var",
    "where",
];
const TWO: &[&str] = &[
    "and", "asof", "bin", "binr", "cor", "cov", "cut", "div", "each", "ema", "except", "fby", "ij",
    "ijf", "in", "inter", "like", "lj", "ljf", "mavg", "mcount", "mdev", "mmax", "mmin", "mod",
    "msum", "or", "pj", "rotate", "scov", "ss", "sublist", "sv", "uj", "ujf", "union", "vs",
    "wavg", "within", "wsum", "xasc", "xbar", "xcol", "xcols", "xdesc", "xgroup", "xkey", "xprev",
    "xrank",
];
const BRACKETS: &[&str] = &["aj", "aj0", "ajf", "ajf0", "ej"];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ONE.iter().chain(TWO).chain(BRACKETS).copied()
}
