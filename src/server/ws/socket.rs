//! The socket that a request becomes, and how a long message is written to it.
//!
//! A socket's write buffer takes whatever is written to it at once, copies it, and keeps its room for as long as the
//! socket is open. With a conversation of a megabyte in one frame, a thousand peers that never read held 1.8 GB. So
//! a long message goes out as a fragmented one (RFC 6455, 5.4): its pieces share the message's bytes, and the next one
//! is copied when the peer has taken the one before. axum's own socket writes whole messages only.

use crate::protocol::{MAX_CLIENT_FRAME_BYTES, SUBPROTOCOL};
use crate::server::ApiError;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures::SinkExt;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
pub use tokio_tungstenite::tungstenite::protocol::frame::coding::Data;
use tokio_tungstenite::tungstenite::protocol::frame::coding::OpCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// What a client says is short; a longer message is read in several pieces. Each socket has this much for as long as it is
/// open.
const READ_BUFFER_BYTES: usize = 1024;
/// What is written to the connection at once, and in one frame.
const PIECE_BYTES: usize = 16 * 1024;
/// A buffer that is nearly full, a piece, and answers to pings.
const MAX_WRITE_BUFFER_BYTES: usize = 8 * PIECE_BYTES;
/// A peer that takes nothing for this long is gone.
const TAKEN_WITHIN: Duration = Duration::from_secs(15);

pub type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// What a socket is on.
pub trait Transport: AsyncRead + AsyncWrite + Unpin {}
impl<C: AsyncRead + AsyncWrite + Unpin> Transport for C {}

/// The peer has gone, or does not read.
#[derive(Debug)]
pub struct Gone;

/// A request that can become a socket.
pub struct Upgrade {
    response: Response,
    connection: OnUpgrade,
    longest_bytes: usize,
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let not_one = || {
            ApiError::new(
                StatusCode::UPGRADE_REQUIRED,
                "upgrade_required",
                "This is a WebSocket: open it with a WebSocket client, or POST to /api/v1/agui for a stream over HTTP.",
            )
        };
        // tungstenite looks at the first of several, and not into the key
        let is_one = |name| parts.headers.get_all(name).iter().count() == 1;
        if !is_one(header::SEC_WEBSOCKET_VERSION)
            || !is_one(header::SEC_WEBSOCKET_KEY)
            || !has_key(&parts.headers)
        {
            return Err(not_one());
        }
        let mut asked = Request::new(());
        *asked.method_mut() = parts.method.clone();
        *asked.version_mut() = parts.version;
        *asked.headers_mut() = parts.headers.clone();
        let mut response = create_response_with_body(&asked, Body::empty).map_err(|_| not_one())?;
        if speaks_ours(&parts.headers) {
            let ours = HeaderValue::from_static(SUBPROTOCOL);
            let headers = response.headers_mut();
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, ours);
        }
        let connection = parts.extensions.remove::<OnUpgrade>();
        Ok(Self {
            response,
            connection: connection.ok_or_else(not_one)?,
            longest_bytes: MAX_CLIENT_FRAME_BYTES,
        })
    }
}

impl Upgrade {
    /// How long a message of the peer may be, if not [`MAX_CLIENT_FRAME_BYTES`].
    pub fn reading_up_to(self, longest_bytes: usize) -> Self {
        Self {
            longest_bytes,
            ..self
        }
    }

    /// The answer to the request; `then` has the socket once it is sent.
    pub fn then<F>(self, then: impl FnOnce(Socket) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let connection = self.connection;
        let config = config(self.longest_bytes);
        tokio::spawn(async move {
            // whoever has gone meanwhile gets no socket
            let Ok(upgraded) = connection.await else {
                return;
            };
            let connection = TokioIo::new(upgraded);
            let socket = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config));
            then(socket.await).await;
        });
        self.response
    }
}

fn config(longest_bytes: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(longest_bytes))
        .max_frame_size(Some(longest_bytes))
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(PIECE_BYTES)
        .max_write_buffer_size(MAX_WRITE_BUFFER_BYTES)
}

/// 16 bytes in base64 (RFC 6455, 4.1).
fn has_key(headers: &HeaderMap) -> bool {
    let key = headers
        .get(header::SEC_WEBSOCKET_KEY)
        .map(HeaderValue::as_bytes);
    key.and_then(|key| key.strip_suffix(b"=="))
        .is_some_and(|key| {
            let in_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
            key.len() == 22 && key.iter().all(in_base64)
        })
}

fn speaks_ours(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|protocol| protocol.trim() == SUBPROTOCOL)
}

/// Writes texts to a peer and sends them on their way. Dropped before its end, it leaves a socket that is of no more use.
pub async fn write_texts<C: Transport>(
    socket: &mut WebSocketStream<C>,
    texts: impl IntoIterator<Item = Bytes>,
) -> Result<(), Gone> {
    for text in texts {
        feed(socket, Data::Text, text).await?;
    }
    in_time(socket.flush()).await
}

/// Writes one message, like [`write_texts`].
pub async fn write_message<C: Transport>(
    socket: &mut WebSocketStream<C>,
    kind: Data,
    message: Bytes,
) -> Result<(), Gone> {
    feed(socket, kind, message).await?;
    in_time(socket.flush()).await
}

pub async fn write_ping<C: Transport>(socket: &mut WebSocketStream<C>) -> Result<(), Gone> {
    in_time(socket.send(Message::Ping(Bytes::new()))).await
}

pub async fn write_close<C: Transport>(
    socket: &mut WebSocketStream<C>,
    frame: CloseFrame,
) -> Result<(), Gone> {
    in_time(socket.send(Message::Close(Some(frame)))).await
}

async fn feed<C: Transport>(
    socket: &mut WebSocketStream<C>,
    mut kind: Data,
    mut rest: Bytes,
) -> Result<(), Gone> {
    loop {
        let piece = rest.split_to(PIECE_BYTES.min(rest.len()));
        let frame = Frame::message(piece, OpCode::Data(kind), rest.is_empty());
        in_time(socket.feed(Message::Frame(frame))).await?;
        if rest.is_empty() {
            return Ok(());
        }
        kind = Data::Continue;
    }
}

async fn in_time(taken: impl Future<Output = Result<(), Error>>) -> Result<(), Gone> {
    match tokio::time::timeout(TAKEN_WITHIN, taken).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use tokio::io::{AsyncReadExt, DuplexStream, duplex};

    async fn pair(room_bytes: usize) -> (WebSocketStream<DuplexStream>, DuplexStream) {
        let (ours, theirs) = duplex(room_bytes);
        let ours = WebSocketStream::from_raw_socket(
            ours,
            Role::Server,
            Some(config(MAX_CLIENT_FRAME_BYTES)),
        )
        .await;
        (ours, theirs)
    }

    fn long() -> Bytes {
        "a long text, with ü and €, ".repeat(10_000).into()
    }

    #[tokio::test]
    async fn a_long_message_goes_out_in_pieces_and_is_one_message() {
        let (mut ours, theirs) = pair(1024).await;
        let texts = ["short", "also"].map(Bytes::from);
        let sent = [texts[0].clone(), long(), texts[1].clone()];
        let writing = write_texts(&mut ours, sent.clone());
        let reading = async {
            let mut client = WebSocketStream::from_raw_socket(
                theirs,
                Role::Client,
                Some(config(MAX_CLIENT_FRAME_BYTES)),
            )
            .await;
            let mut read = Vec::new();
            while read.len() < sent.len() {
                let message = client.next().await.expect("open").expect("well-formed");
                read.push(message.into_data());
            }
            read
        };
        let (written, read) = tokio::join!(writing, reading);
        written.expect("it is read");
        assert_eq!(read, sent);
    }

    #[tokio::test]
    async fn no_frame_is_longer_than_a_piece() {
        let (mut ours, mut theirs) = pair(1024).await;
        let text = long();
        let writing = async {
            write_texts(&mut ours, [text.clone()])
                .await
                .expect("it is read");
            drop(ours);
        };
        let reading = async {
            let mut lengths = Vec::new();
            while let Ok(_first) = theirs.read_u8().await {
                let length = match theirs.read_u8().await.expect("a length") {
                    126 => usize::from(theirs.read_u16().await.expect("a length")),
                    127 => theirs.read_u64().await.expect("a length") as usize,
                    short => usize::from(short),
                };
                theirs
                    .read_exact(&mut vec![0; length])
                    .await
                    .expect("a payload");
                lengths.push(length);
            }
            lengths
        };
        let ((), lengths) = tokio::join!(writing, reading);
        assert_eq!(lengths.iter().sum::<usize>(), text.len());
        assert!(
            lengths.iter().all(|length| *length <= PIECE_BYTES),
            "{lengths:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_peer_is_waited_for_and_one_that_takes_nothing_is_gone() {
        let (mut ours, mut theirs) = pair(1024).await;
        let began = tokio::time::Instant::now();
        let reading = async {
            let mut taken = vec![0; PIECE_BYTES];
            for _ in 0..4 {
                tokio::time::sleep(TAKEN_WITHIN / 2).await;
                theirs.read_exact(&mut taken).await.expect("a piece");
            }
            theirs
        };
        let (written, _theirs) = tokio::join!(write_texts(&mut ours, [long()]), reading);
        assert!(written.is_err(), "it stopped reading");
        assert!(began.elapsed() >= TAKEN_WITHIN * 3, "{:?}", began.elapsed());
    }
}
