//! Bytes of a server that may lie, as q's values.
//!
//! Every length is held against the bytes that are there before anything is made of it; what is made counts
//! against a budget of memory; nesting ends at [`MAX_DEPTH`]. So a message costs at most its budget, whatever
//! is in it.

use super::encode::Endian;
use super::value::{Items, K, Kind, Scalar, Symbols, Table};

/// Deeper values are no answers to questions.
pub const MAX_DEPTH: usize = 48;
/// Bytes before the value: endianness, purpose, compressed or not, a spare one, the length of it all.
pub const HEADER: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("it ends within a value")]
    Cut,
    #[error("{0} bytes are left over at its end")]
    LeftOver(usize),
    #[error("it is larger than {0} bytes")]
    TooLarge(usize),
    #[error("its values nest too deep")]
    TooDeep,
    #[error("it holds a value of type {0}, which is none of q's")]
    UnknownType(u8),
    #[error("it holds a list of {0} items")]
    Length(i32),
    #[error("its compression is broken")]
    Compression,
    #[error("its table's columns do not fit together")]
    Table,
    #[error("it does not begin as a message of q")]
    Header,
}

/// The first eight bytes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub endian: Endian,
    /// 0 asynchronous, 1 a question, 2 an answer.
    pub purpose: u8,
    pub compressed: bool,
    /// Of what follows the header.
    pub length: usize,
}

impl Header {
    pub fn read(bytes: [u8; HEADER]) -> Result<Self, DecodeError> {
        let [endian, purpose, compressed, spare, a, b, c, d] = bytes;
        let endian = match endian {
            0 => Endian::Big,
            1 => Endian::Little,
            _ => return Err(DecodeError::Header),
        };
        // the spare byte extends the length beyond 4 GiB, and so does a compression of 2
        if purpose > 2 || compressed > 1 || spare != 0 {
            return Err(DecodeError::Header);
        }
        let length = match endian {
            Endian::Little => u32::from_le_bytes([a, b, c, d]),
            Endian::Big => u32::from_be_bytes([a, b, c, d]),
        };
        let length = (length as usize)
            .checked_sub(HEADER)
            .filter(|length| *length > 0)
            .ok_or(DecodeError::Header)?;
        Ok(Self {
            endian,
            purpose,
            compressed: compressed == 1,
            length,
        })
    }
}

/// The value of a message whose `header` was read; `budget` bounds the memory that it takes, in bytes.
pub fn body(header: &Header, body: &[u8], budget: usize) -> Result<K, DecodeError> {
    if header.compressed {
        let plain = decompressed(header.endian, body, budget)?;
        return value(header.endian, &plain, budget);
    }
    value(header.endian, body, budget)
}

/// One value that takes up all of `bytes`.
pub fn value(endian: Endian, bytes: &[u8], budget: usize) -> Result<K, DecodeError> {
    let mut reader = Reader {
        bytes,
        endian,
        left: budget,
        budget,
    };
    let value = if bytes.first() == Some(&128) {
        reader.byte()?;
        K::Error(String::from_utf8_lossy(reader.name()?).into_owned())
    } else {
        reader.value(0)?
    };
    match reader.bytes.len() {
        0 => Ok(value),
        rest => Err(DecodeError::LeftOver(rest)),
    }
}

/// What stood behind the header before it was compressed.
///
/// A flag byte says of the eight steps after it whether each is a byte as it is, or a repetition: two bytes that
/// were seen before (found by the exclusive or of them) and as many more as the next byte says.
fn decompressed(endian: Endian, body: &[u8], budget: usize) -> Result<Vec<u8>, DecodeError> {
    let (size, packed) = body.split_first_chunk().ok_or(DecodeError::Cut)?;
    let size = match endian {
        Endian::Little => u32::from_le_bytes(*size),
        Endian::Big => u32::from_be_bytes(*size),
    } as usize;
    if size > budget {
        return Err(DecodeError::TooLarge(budget));
    }
    if size < HEADER {
        return Err(DecodeError::Compression);
    }
    let mut packed = packed.iter().copied();
    let mut next = || packed.next().ok_or(DecodeError::Cut);
    // positions count from the header, whose bytes are not there
    let mut plain = vec![0; HEADER];
    let mut seen_at = [0_usize; 256];
    let mut noted = HEADER;
    let (mut flags, mut flag) = (0, 0_u16);
    while plain.len() < size {
        if flag == 0 {
            flags = u16::from(next()?);
            flag = 1;
        }
        let repeats = flags & flag != 0;
        let (mut from, mut more) = (0, 0);
        if repeats {
            from = seen_at[usize::from(next()?)];
            for _ in 0..2 {
                plain.push(plain[from]);
                from += 1;
            }
            more = usize::from(next()?);
        } else {
            plain.push(next()?);
        }
        while noted + 1 < plain.len() {
            seen_at[usize::from(plain[noted] ^ plain[noted + 1])] = noted;
            noted += 1;
        }
        if repeats {
            for _ in 0..more {
                plain.push(plain[from]);
                from += 1;
            }
            noted = plain.len();
        }
        flag = (flag << 1) & 0xff;
    }
    if plain.len() != size || packed.next().is_some() {
        return Err(DecodeError::Compression);
    }
    plain.drain(..HEADER);
    Ok(plain)
}

struct Reader<'a> {
    bytes: &'a [u8],
    endian: Endian,
    /// Bytes of memory that may still be taken.
    left: usize,
    budget: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<K, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        let code = self.byte()?;
        if let Some(kind) = Kind::of_code(code.wrapping_neg()) {
            return Ok(K::Atom(kind, self.scalar(kind)?));
        }
        if let Some(kind) = Kind::of_code(code) {
            let attribute = self.byte()?;
            let count = self.count()?;
            return Ok(K::Vector {
                kind,
                attribute,
                items: self.items(kind, count)?,
            });
        }
        Ok(match code {
            0 => {
                self.byte()?;
                let count = self.count()?;
                K::List(self.values(count, depth)?)
            }
            98 => self.table(depth)?,
            99 | 127 => K::Dictionary {
                keys: Box::new(self.value(depth + 1)?),
                values: Box::new(self.value(depth + 1)?),
                sorted: code == 127,
            },
            100 => K::Lambda {
                context: self.name()?.to_vec(),
                body: Box::new(self.value(depth + 1)?),
            },
            101..=103 => match (code, self.byte()?) {
                (101, 0) => K::Nothing,
                (code, index) => K::Primitive { code, index },
            },
            104 | 105 => {
                let count = self.count()?;
                K::Derived {
                    code,
                    parts: self.values(count, depth)?,
                }
            }
            106..=111 => K::Derived {
                code,
                parts: vec![self.value(depth + 1)?],
            },
            other => return Err(DecodeError::UnknownType(other)),
        })
    }

    fn values(&mut self, count: usize, depth: usize) -> Result<Vec<K>, DecodeError> {
        // no value takes less than two bytes
        if count > self.bytes.len() / 2 {
            return Err(DecodeError::Cut);
        }
        self.take_memory(count, size_of::<K>())?;
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(self.value(depth + 1)?);
        }
        Ok(values)
    }

    fn table(&mut self, depth: usize) -> Result<K, DecodeError> {
        let attribute = self.byte()?;
        let K::Dictionary { keys, values, .. } = self.value(depth + 1)? else {
            return Err(DecodeError::Table);
        };
        let K::Vector {
            items: Items::Symbols(names),
            ..
        } = *keys
        else {
            return Err(DecodeError::Table);
        };
        let columns = match *values {
            K::List(columns) => columns,
            // a table without columns has an empty list of any kind
            K::Vector { items, .. } if items.len() == 0 => Vec::new(),
            _ => return Err(DecodeError::Table),
        };
        let rows = columns.first().and_then(K::count);
        let fits = columns
            .iter()
            .all(|column| column.count().is_some() && column.count() == rows);
        if columns.len() != names.len() || !fits {
            return Err(DecodeError::Table);
        }
        Ok(K::Table(Table {
            names,
            columns,
            attribute,
        }))
    }

    fn scalar(&mut self, kind: Kind) -> Result<Scalar, DecodeError> {
        Ok(match kind {
            Kind::Boolean | Kind::Byte | Kind::Char => Scalar::Byte(self.byte()?),
            Kind::Guid => Scalar::Guid(self.array()?),
            Kind::Short => Scalar::Short(i16::from_le_bytes(self.number()?)),
            Kind::Int | Kind::Month | Kind::Date | Kind::Minute | Kind::Second | Kind::Time => {
                Scalar::Int(i32::from_le_bytes(self.number()?))
            }
            Kind::Long | Kind::Timestamp | Kind::Timespan => {
                Scalar::Long(i64::from_le_bytes(self.number()?))
            }
            Kind::Real => Scalar::Real(f32::from_le_bytes(self.number()?)),
            Kind::Float | Kind::Datetime => Scalar::Float(f64::from_le_bytes(self.number()?)),
            Kind::Symbol => {
                let name = self.name()?;
                self.take_memory(name.len(), 1)?;
                Scalar::Symbol(name.to_vec())
            }
        })
    }

    fn items(&mut self, kind: Kind, count: usize) -> Result<Items, DecodeError> {
        Ok(match kind {
            Kind::Boolean | Kind::Byte | Kind::Char => {
                self.take_memory(count, 1)?;
                Items::Bytes(self.take(count)?.to_vec())
            }
            Kind::Guid => Items::Guids(self.numbers(count, |bytes| bytes, false)?),
            Kind::Short => Items::Shorts(self.numbers(count, i16::from_le_bytes, true)?),
            Kind::Int | Kind::Month | Kind::Date | Kind::Minute | Kind::Second | Kind::Time => {
                Items::Ints(self.numbers(count, i32::from_le_bytes, true)?)
            }
            Kind::Long | Kind::Timestamp | Kind::Timespan => {
                Items::Longs(self.numbers(count, i64::from_le_bytes, true)?)
            }
            Kind::Real => Items::Reals(self.numbers(count, f32::from_le_bytes, true)?),
            Kind::Float | Kind::Datetime => {
                Items::Floats(self.numbers(count, f64::from_le_bytes, true)?)
            }
            Kind::Symbol => {
                // each ends in a NUL at least
                if count > self.bytes.len() {
                    return Err(DecodeError::Cut);
                }
                self.take_memory(count, size_of::<u32>())?;
                let mut symbols = Symbols::default();
                for _ in 0..count {
                    let name = self.name()?;
                    self.take_memory(name.len(), 1)?;
                    symbols.push(name);
                }
                Items::Symbols(symbols)
            }
        })
    }

    fn numbers<T, const N: usize>(
        &mut self,
        count: usize,
        read: impl Fn([u8; N]) -> T,
        has_ends: bool,
    ) -> Result<Vec<T>, DecodeError> {
        self.take_memory(count, N)?;
        let turned = has_ends && self.endian == Endian::Big;
        let all = self.take(count.checked_mul(N).ok_or(DecodeError::Cut)?)?;
        let (chunks, _) = all.as_chunks::<N>();
        Ok(chunks
            .iter()
            .map(|chunk| {
                let mut chunk = *chunk;
                if turned {
                    chunk.reverse();
                }
                read(chunk)
            })
            .collect())
    }

    fn count(&mut self) -> Result<usize, DecodeError> {
        let count = i32::from_le_bytes(self.number()?);
        usize::try_from(count).map_err(|_| DecodeError::Length(count))
    }

    /// Up to a NUL, which is read too.
    fn name(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self
            .bytes
            .iter()
            .position(|byte| *byte == 0)
            .ok_or(DecodeError::Cut)?;
        let name = self.take(length)?;
        self.byte()?;
        Ok(name)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut bytes = self.array()?;
        if self.endian == Endian::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (array, rest) = self.bytes.split_first_chunk().ok_or(DecodeError::Cut)?;
        self.bytes = rest;
        Ok(*array)
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        if count > self.bytes.len() {
            return Err(DecodeError::Cut);
        }
        let (taken, rest) = self.bytes.split_at(count);
        self.bytes = rest;
        Ok(taken)
    }

    fn take_memory(&mut self, count: usize, size: usize) -> Result<(), DecodeError> {
        self.left = count
            .checked_mul(size)
            .and_then(|bytes| self.left.checked_sub(bytes))
            .ok_or(DecodeError::TooLarge(self.budget))?;
        Ok(())
    }
}
