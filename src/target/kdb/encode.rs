//! q's values as bytes.

use super::value::{Items, K, Scalar, Symbols};

/// Which end of a number comes first. Servers write what their machine has; we read both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    Little,
    Big,
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Nobody answers.
    Async = 0,
    Question = 1,
    Answer = 2,
}

/// A whole message, uncompressed. Compressing is the server's business: questions are short.
pub fn message(purpose: Purpose, value: &K, endian: Endian) -> Vec<u8> {
    let mut writer = Writer {
        out: vec![u8::from(endian == Endian::Little), purpose as u8, 0, 0],
        endian,
    };
    writer.int(0);
    writer.value(value);
    let mut out = writer.out;
    let length = u32::try_from(out.len()).expect("nobody asks a question of 4 GiB");
    out[4..8].copy_from_slice(&match endian {
        Endian::Little => length.to_le_bytes(),
        Endian::Big => length.to_be_bytes(),
    });
    out
}

struct Writer {
    out: Vec<u8>,
    endian: Endian,
}

impl Writer {
    fn value(&mut self, value: &K) {
        match value {
            K::Atom(kind, scalar) => {
                self.out.push(kind.code().wrapping_neg());
                self.scalar(scalar);
            }
            K::Vector {
                kind,
                attribute,
                items,
            } => {
                self.out.extend([kind.code(), *attribute]);
                self.length(items.len());
                self.items(items);
            }
            K::List(items) => {
                self.out.extend([0, 0]);
                self.length(items.len());
                items.iter().for_each(|item| self.value(item));
            }
            K::Table(table) => {
                self.out.extend([98, table.attribute, 99]);
                self.symbols(&table.names);
                self.out.extend([0, 0]);
                self.length(table.columns.len());
                table.columns.iter().for_each(|column| self.value(column));
            }
            K::Dictionary {
                keys,
                values,
                sorted,
            } => {
                self.out.push(if *sorted { 127 } else { 99 });
                self.value(keys);
                self.value(values);
            }
            K::Nothing => self.out.extend([101, 0]),
            K::Lambda { context, body } => {
                self.out.push(100);
                self.name(context);
                self.value(body);
            }
            K::Primitive { code, index } => self.out.extend([*code, *index]),
            K::Derived { code, parts } => {
                self.out.push(*code);
                if matches!(code, 104 | 105) {
                    self.length(parts.len());
                }
                parts.iter().for_each(|part| self.value(part));
            }
            K::Error(said) => {
                self.out.push(128);
                self.name(said.as_bytes());
            }
        }
    }

    fn symbols(&mut self, symbols: &Symbols) {
        self.out.extend([11, 0]);
        self.length(symbols.len());
        symbols.iter().for_each(|symbol| self.name(symbol));
    }

    fn scalar(&mut self, scalar: &Scalar) {
        match scalar {
            Scalar::Byte(byte) => self.out.push(*byte),
            Scalar::Guid(bytes) => self.out.extend(bytes),
            Scalar::Short(number) => self.number(number.to_le_bytes()),
            Scalar::Int(number) => self.int(*number),
            Scalar::Long(number) => self.number(number.to_le_bytes()),
            Scalar::Real(number) => self.number(number.to_le_bytes()),
            Scalar::Float(number) => self.number(number.to_le_bytes()),
            Scalar::Symbol(name) => self.name(name),
        }
    }

    fn items(&mut self, items: &Items) {
        match items {
            Items::Bytes(bytes) => self.out.extend(bytes),
            Items::Guids(guids) => guids.iter().for_each(|guid| self.out.extend(guid)),
            Items::Shorts(all) => all.iter().for_each(|n| self.number(n.to_le_bytes())),
            Items::Ints(all) => all.iter().for_each(|n| self.number(n.to_le_bytes())),
            Items::Longs(all) => all.iter().for_each(|n| self.number(n.to_le_bytes())),
            Items::Reals(all) => all.iter().for_each(|n| self.number(n.to_le_bytes())),
            Items::Floats(all) => all.iter().for_each(|n| self.number(n.to_le_bytes())),
            Items::Symbols(symbols) => symbols.iter().for_each(|symbol| self.name(symbol)),
        }
    }

    /// Ended by a NUL, so nothing behind one of its own would arrive.
    fn name(&mut self, bytes: &[u8]) {
        self.out
            .extend(bytes.iter().take_while(|byte| **byte != 0).copied());
        self.out.push(0);
    }

    fn length(&mut self, length: usize) {
        self.int(i32::try_from(length).expect("q has no list of more than 2^31 items here"));
    }

    fn int(&mut self, number: i32) {
        self.number(number.to_le_bytes());
    }

    fn number<const N: usize>(&mut self, mut little: [u8; N]) {
        if self.endian == Endian::Big {
            little.reverse();
        }
        self.out.extend(little);
    }
}
