//! One connection to a kdb+ process: handshake, question, answer.

use super::Address;
use super::decode::{self, HEADER, Header};
use super::encode::{self, Endian, Purpose};
use super::value::K;
use crate::target::TargetError;
use secrecy::ExposeSecret;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// What we understand: timestamps, compression and GUIDs, that is kdb+ 3.0 and later.
const CAPABILITY: u8 = 3;
/// A server may push messages that nobody asked for; this many are passed over.
const MOST_PUSHED: usize = 100;
/// Decoded, a value takes up to this much more memory than its bytes: a list of atoms is the worst.
const IN_MEMORY: usize = 4;

pub(super) struct Session {
    stream: TcpStream,
}

impl Session {
    pub async fn open(address: &Address) -> Result<Self, TargetError> {
        timeout(CONNECT_PATIENCE, greet(address))
            .await
            .unwrap_or_else(|_| {
                Err(TargetError::Unreachable(
                    "no answer within ten seconds".to_owned(),
                ))
            })
    }

    /// The answer to `question`, which is refused when its message is longer than `most` bytes.
    pub async fn ask(&mut self, question: &K, most: usize) -> Result<K, TargetError> {
        let message = encode::message(Purpose::Question, question, Endian::Little);
        self.stream.write_all(&message).await.map_err(lost)?;
        for _ in 0..MOST_PUSHED {
            let mut header = [0; HEADER];
            self.stream.read_exact(&mut header).await.map_err(lost)?;
            let header = Header::read(header).map_err(unreadable)?;
            if header.length > most {
                return Err(unreadable(decode::DecodeError::TooLarge(most)));
            }
            let mut body = Vec::new();
            // what is announced need not come, so memory is taken as it comes
            (&mut self.stream)
                .take(header.length as u64)
                .read_to_end(&mut body)
                .await
                .map_err(lost)?;
            if body.len() < header.length {
                return Err(lost(io::ErrorKind::UnexpectedEof.into()));
            }
            match header.purpose {
                0 => continue,
                2 => {}
                _ => return Err(unreadable(decode::DecodeError::Header)),
            }
            return match decode::body(&header, &body, most * IN_MEMORY).map_err(unreadable)? {
                K::Error(said) => Err(refused(&said)),
                value => Ok(value),
            };
        }
        Err(TargetError::Other(
            "the kdb+ server sends messages that nobody asked for".to_owned(),
        ))
    }
}

async fn greet(address: &Address) -> Result<Session, TargetError> {
    let password = address
        .password
        .as_ref()
        .map_or("", |password| password.expose_secret());
    // a NUL would end the greeting early, a colon the name
    if address.user.contains([':', '\0']) || password.contains('\0') {
        return Err(TargetError::Unreachable(
            "a user of kdb+ has no colon in the name, and no NUL".to_owned(),
        ));
    }
    let mut stream = TcpStream::connect((address.host.as_str(), address.port))
        .await
        .map_err(lost)?;
    stream.set_nodelay(true).map_err(lost)?;
    let mut greeting = format!("{}:{password}", address.user).into_bytes();
    greeting.extend([CAPABILITY, 0]);
    stream.write_all(&greeting).await.map_err(lost)?;
    match stream.read_u8().await {
        Ok(_common_capability) => Ok(Session { stream }),
        // that is how q says no
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
            ) =>
        {
            Err(TargetError::Unreachable(
                "the kdb+ server refused the user and password".to_owned(),
            ))
        }
        Err(error) => Err(lost(error)),
    }
}

fn lost(error: io::Error) -> TargetError {
    TargetError::Unreachable(match error.kind() {
        io::ErrorKind::UnexpectedEof => "the kdb+ server closed the connection".to_owned(),
        _ => error.to_string(),
    })
}

fn unreadable(error: decode::DecodeError) -> TargetError {
    TargetError::Other(format!("the kdb+ server's answer cannot be read: {error}"))
}

/// q says a word; what it means is added.
fn refused(said: &str) -> TargetError {
    let word = said.split([':', ' ']).next().unwrap_or_default();
    let meaning = match word {
        // the server's own time limit, -T
        "stop" => {
            return TargetError::Other(
                "the kdb+ server stopped the query: its -T limit".to_owned(),
            );
        }
        "wsfull" => {
            return TargetError::Other(
                "the kdb+ server has no memory left for this query".to_owned(),
            );
        }
        "type" => "an argument has the wrong type",
        "length" => "two lists are not of the same length",
        "rank" => "a function got the wrong number of arguments",
        "nyi" => "kdb+ cannot do this",
        "noupdate" => "the query tried to change something",
        "access" => "the user may not do this",
        "par" => {
            "this does not work on a partitioned table; put a condition on its partition first"
        }
        "limit" => "a list would be too long",
        "domain" => "an argument is out of range",
        "mismatch" => "columns do not match",
        "cast" => "a value is not in the enumeration",
        "from" | "parse" => "the syntax is wrong",
        _ => "",
    };
    TargetError::Query {
        message: match meaning {
            "" => format!("'{said}"),
            meaning => format!("'{said} ({meaning})"),
        },
        position: None,
        hint: None,
    }
}
