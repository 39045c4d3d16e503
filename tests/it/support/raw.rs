//! A WebSocket peer without manners: it writes whatever bytes a test wants, and answers nothing by itself.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Raw {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What the server did in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A Close frame with this code.
    Closed(u16),
    /// The connection ended without one.
    Dropped,
}

impl Raw {
    /// After the handshake.
    pub async fn open(address: SocketAddr, conversation: Uuid) -> Self {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let request = format!(
            "GET /ws/{conversation} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut raw = Self {
            stream,
            buffer: Vec::new(),
        };
        let head = loop {
            if let Some(end) = raw.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break raw.buffer.drain(..end + 4).collect::<Vec<u8>>();
            }
            assert!(raw.read().await, "the handshake is answered");
        };
        assert!(
            head.starts_with(b"HTTP/1.1 101"),
            "{}",
            String::from_utf8_lossy(&head)
        );
        raw
    }

    async fn read(&mut self) -> bool {
        let reading = self.stream.read_buf(&mut self.buffer);
        let read = tokio::time::timeout(PATIENCE, reading).await;
        matches!(read.expect("the server does something within 30 s"), Ok(n) if n > 0)
    }

    /// Whether the server still took it.
    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// The next frame: its opcode and its payload; `None` when the connection ended.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((opcode, payload, length)) = parsed(&self.buffer) {
                self.buffer.drain(..length);
                return Some((opcode, payload));
            }
            if !self.read().await {
                return None;
            }
        }
    }

    /// Reads to the end, which this peer does nothing for.
    pub async fn ended(&mut self) -> Ended {
        while let Some((opcode, payload)) = self.frame().await {
            if opcode == 8 {
                let code = payload
                    .first_chunk()
                    .map_or(1005, |code| u16::from_be_bytes(*code));
                return Ended::Closed(code);
            }
        }
        Ended::Dropped
    }

    /// Gone at once, so that many of them leave no connection behind.
    pub fn reset(self) {
        // a connection that ended already needs no reset
        let _ = self.stream.set_zero_linger();
    }
}

fn parsed(bytes: &[u8]) -> Option<(u8, Vec<u8>, usize)> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    let (length, at) = match second & 127 {
        126 => (
            u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?) as usize,
            4,
        ),
        127 => (
            u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?) as usize,
            10,
        ),
        short => (usize::from(short), 2),
    };
    let payload = bytes.get(at..at + length)?;
    Some((first & 15, payload.to_vec(), at + length))
}

/// A frame as a client sends it; `first` is FIN, the reserved bits and the opcode.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x12, 0x34, 0x56, 0x78];
    let mut bytes = head(first, payload.len() as u64, true);
    bytes.extend(mask);
    bytes.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// The beginning of a frame that claims this length.
pub fn head(first: u8, length: u64, masked: bool) -> Vec<u8> {
    let mask_bit = if masked { 128 } else { 0 };
    let mut bytes = vec![first];
    match length {
        0..126 => bytes.push(mask_bit | length as u8),
        126..65536 => {
            bytes.push(mask_bit | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(mask_bit | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes
}
