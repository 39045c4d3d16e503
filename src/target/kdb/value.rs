//! q's values as they cross the wire.

/// The eighteen types of which q has atoms and vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Guid,
    Byte,
    Short,
    Int,
    Long,
    Real,
    Float,
    Char,
    Symbol,
    Timestamp,
    Month,
    Date,
    Datetime,
    Timespan,
    Minute,
    Second,
    Time,
}

/// Anything that a server can send.
#[derive(Clone, Debug, PartialEq)]
pub enum K {
    Atom(Kind, Scalar),
    Vector {
        kind: Kind,
        /// Sorted, unique, parted or grouped, as q numbers them; 0 for none.
        attribute: u8,
        items: Items,
    },
    List(Vec<K>),
    Table(Table),
    Dictionary {
        keys: Box<K>,
        values: Box<K>,
        sorted: bool,
    },
    /// `::`, what an expression without a value gives.
    Nothing,
    Lambda {
        context: Vec<u8>,
        body: Box<K>,
    },
    /// A built-in function, by its number among those of its type code (101, 102 or 103).
    Primitive {
        code: u8,
        index: u8,
    },
    /// A projection (104), a composition (105), or a function with an adverb (106 to 111).
    Derived {
        code: u8,
        parts: Vec<K>,
    },
    /// The server's answer when the question failed: `type`, `length`, `nyi`, …
    Error(String),
}

/// Columns of one length, which [`super::decode`] sees to.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub names: Symbols,
    pub columns: Vec<K>,
    pub attribute: u8,
}

/// The value of an atom; its [`Kind`] says what the number counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Boolean, byte, char.
    Byte(u8),
    Guid([u8; 16]),
    Short(i16),
    /// Int; month, date, minute, second, time.
    Int(i32),
    /// Long; timestamp and timespan in nanoseconds.
    Long(i64),
    Real(f32),
    /// Float; datetime in days.
    Float(f64),
    /// Usually UTF-8, but nobody promises it.
    Symbol(Vec<u8>),
}

/// The values of a vector.
#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    Bytes(Vec<u8>),
    Guids(Vec<[u8; 16]>),
    Shorts(Vec<i16>),
    Ints(Vec<i32>),
    Longs(Vec<i64>),
    Reals(Vec<f32>),
    Floats(Vec<f64>),
    Symbols(Symbols),
}

/// Many symbols in one piece of memory: a million empty ones cost five megabytes, not sixty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbols {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Kind {
    pub const ALL: [Self; 18] = [
        Self::Boolean,
        Self::Guid,
        Self::Byte,
        Self::Short,
        Self::Int,
        Self::Long,
        Self::Real,
        Self::Float,
        Self::Char,
        Self::Symbol,
        Self::Timestamp,
        Self::Month,
        Self::Date,
        Self::Datetime,
        Self::Timespan,
        Self::Minute,
        Self::Second,
        Self::Time,
    ];

    /// The number q has for it; there is no 3.
    pub fn code(self) -> u8 {
        match self {
            Self::Boolean => 1,
            Self::Guid => 2,
            Self::Byte => 4,
            Self::Short => 5,
            Self::Int => 6,
            Self::Long => 7,
            Self::Real => 8,
            Self::Float => 9,
            Self::Char => 10,
            Self::Symbol => 11,
            Self::Timestamp => 12,
            Self::Month => 13,
            Self::Date => 14,
            Self::Datetime => 15,
            Self::Timespan => 16,
            Self::Minute => 17,
            Self::Second => 18,
            Self::Time => 19,
        }
    }

    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The letter that `meta` shows for it.
    pub fn letter(self) -> char {
        match self {
            Self::Boolean => 'b',
            Self::Guid => 'g',
            Self::Byte => 'x',
            Self::Short => 'h',
            Self::Int => 'i',
            Self::Long => 'j',
            Self::Real => 'e',
            Self::Float => 'f',
            Self::Char => 'c',
            Self::Symbol => 's',
            Self::Timestamp => 'p',
            Self::Month => 'm',
            Self::Date => 'd',
            Self::Datetime => 'z',
            Self::Timespan => 'n',
            Self::Minute => 'u',
            Self::Second => 'v',
            Self::Time => 't',
        }
    }

    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Guid => "guid",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Int => "int",
            Self::Long => "long",
            Self::Real => "real",
            Self::Float => "float",
            Self::Char => "char",
            Self::Symbol => "symbol",
            Self::Timestamp => "timestamp",
            Self::Month => "month",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Timespan => "timespan",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Time => "time",
        }
    }
}

impl K {
    pub fn long(number: i64) -> Self {
        Self::Atom(Kind::Long, Scalar::Long(number))
    }

    pub fn symbol(name: &str) -> Self {
        Self::Atom(Kind::Symbol, Scalar::Symbol(name.as_bytes().to_vec()))
    }

    /// A string, which in q is a vector of chars.
    pub fn text(text: &str) -> Self {
        Self::vector(Kind::Char, Items::Bytes(text.as_bytes().to_vec()))
    }

    pub fn vector(kind: Kind, items: Items) -> Self {
        Self::Vector {
            kind,
            attribute: 0,
            items,
        }
    }

    /// How many items it has, if it has items.
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::Vector { items, .. } => Some(items.len()),
            Self::List(items) => Some(items.len()),
            Self::Table(table) => Some(table.rows()),
            _ => None,
        }
    }

    /// A string's bytes.
    pub fn chars(&self) -> Option<&[u8]> {
        match self {
            Self::Vector {
                kind: Kind::Char,
                items: Items::Bytes(bytes),
                ..
            } => Some(bytes),
            _ => None,
        }
    }

    pub fn symbols(&self) -> Option<&Symbols> {
        match self {
            Self::Vector {
                items: Items::Symbols(symbols),
                ..
            } => Some(symbols),
            _ => None,
        }
    }
}

impl Table {
    pub fn rows(&self) -> usize {
        self.columns.first().and_then(K::count).unwrap_or(0)
    }

    pub fn column(&self, name: &str) -> Option<&K> {
        let at = self
            .names
            .iter()
            .position(|known| known == name.as_bytes())?;
        self.columns.get(at)
    }
}

#[allow(clippy::len_without_is_empty, reason = "nobody asks")]
impl Items {
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(items) => items.len(),
            Self::Guids(items) => items.len(),
            Self::Shorts(items) => items.len(),
            Self::Ints(items) => items.len(),
            Self::Longs(items) => items.len(),
            Self::Reals(items) => items.len(),
            Self::Floats(items) => items.len(),
            Self::Symbols(items) => items.len(),
        }
    }

    pub fn get(&self, at: usize) -> Option<Scalar> {
        Some(match self {
            Self::Bytes(items) => Scalar::Byte(*items.get(at)?),
            Self::Guids(items) => Scalar::Guid(*items.get(at)?),
            Self::Shorts(items) => Scalar::Short(*items.get(at)?),
            Self::Ints(items) => Scalar::Int(*items.get(at)?),
            Self::Longs(items) => Scalar::Long(*items.get(at)?),
            Self::Reals(items) => Scalar::Real(*items.get(at)?),
            Self::Floats(items) => Scalar::Float(*items.get(at)?),
            Self::Symbols(items) => Scalar::Symbol(items.get(at)?.to_vec()),
        })
    }
}

#[allow(clippy::len_without_is_empty, reason = "nobody asks")]
impl Symbols {
    pub fn push(&mut self, name: &[u8]) {
        self.bytes.extend_from_slice(name);
        self.ends
            .push(u32::try_from(self.bytes.len()).expect("a message is smaller than 4 GiB"));
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, at: usize) -> Option<&[u8]> {
        let end = *self.ends.get(at)? as usize;
        let start = match at {
            0 => 0,
            _ => self.ends[at - 1] as usize,
        };
        Some(&self.bytes[start..end])
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<'a> FromIterator<&'a str> for Symbols {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut symbols = Self::default();
        for name in names {
            symbols.push(name.as_bytes());
        }
        symbols
    }
}
