//! A door of ours before a dependency, that can be every kind of broken.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What happens to whoever comes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Clear,
    /// New connections are closed at once, and those that are open too.
    Refused,
    /// Every piece of data waits, both ways.
    Slow(Duration),
    /// Connections stay open and new ones are taken, and nothing gets through. When it is over those that were
    /// open are closed, as whatever stood in between has forgotten them.
    BlackHole,
    /// Each connection is cut in the middle of the next answer, after so many bytes of it.
    CutAnswer(usize),
    /// Each connection is cut in the middle of the next request, after so many bytes of it.
    CutRequest(usize),
    /// A request gets through and its answer does not: the connection is cut in between.
    LoseAnswer,
}

#[derive(Clone, Debug)]
enum Behind {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

pub struct Proxy {
    pub address: SocketAddr,
    weather: watch::Sender<Weather>,
    serving: JoinHandle<()>,
}

impl Proxy {
    pub async fn before_tcp(address: SocketAddr) -> Self {
        Self::before(Behind::Tcp(address)).await
    }

    pub async fn before_unix(path: PathBuf) -> Self {
        Self::before(Behind::Unix(path)).await
    }

    async fn before(behind: Behind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let weather = watch::Sender::new(Weather::Clear);
        let seen = weather.subscribe();
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                let _ = connection.set_nodelay(true);
                connections.spawn(pass(connection, behind.clone(), seen.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            address,
            weather,
            serving,
        }
    }

    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Reader = Box<dyn AsyncRead + Send + Unpin>;
type Writer = Box<dyn AsyncWrite + Send + Unpin>;

async fn pass(client: TcpStream, behind: Behind, weather: watch::Receiver<Weather>) {
    if *weather.borrow() == Weather::Refused {
        return;
    }
    let mut changed = weather.clone();
    if *weather.borrow() == Weather::BlackHole {
        let _ = changed
            .wait_for(|weather| *weather != Weather::BlackHole)
            .await;
        return;
    }
    let (from_server, to_server): (Reader, Writer) = match behind {
        Behind::Tcp(address) => match TcpStream::connect(address).await {
            Ok(server) => {
                let _ = server.set_nodelay(true);
                let (read, write) = server.into_split();
                (Box::new(read), Box::new(write))
            }
            Err(_) => return,
        },
        Behind::Unix(path) => match UnixStream::connect(path).await {
            Ok(server) => {
                let (read, write) = server.into_split();
                (Box::new(read), Box::new(write))
            }
            Err(_) => return,
        },
    };
    let (from_client, to_client) = client.into_split();
    // whichever way ends first takes the other with it
    tokio::select! {
        () = requests(Box::new(from_client), to_server, weather.clone()) => {}
        () = answers(from_server, Box::new(to_client), weather) => {}
        // those that are open are closed
        () = ended(changed) => {}
    }
}

async fn ended(mut weather: watch::Receiver<Weather>) {
    let mut before = *weather.borrow_and_update();
    loop {
        if weather.changed().await.is_err() {
            return;
        }
        let now = *weather.borrow_and_update();
        if now == Weather::Refused || before == Weather::BlackHole {
            return;
        }
        before = now;
    }
}

async fn requests(mut from: Reader, mut to: Writer, mut weather: watch::Receiver<Weather>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let piece = match through(&mut weather).await {
            Weather::CutRequest(bytes) => &buffer[..bytes.min(read)],
            _ => &buffer[..read],
        };
        if to.write_all(piece).await.is_err() || piece.len() < read {
            return;
        }
    }
}

async fn answers(mut from: Reader, mut to: Writer, mut weather: watch::Receiver<Weather>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let piece = match through(&mut weather).await {
            Weather::CutAnswer(bytes) => &buffer[..bytes.min(read)],
            Weather::LoseAnswer => return,
            _ => &buffer[..read],
        };
        if to.write_all(piece).await.is_err() || piece.len() < read {
            return;
        }
    }
}

/// Waits as long as the weather makes one wait; the weather that it is then.
async fn through(weather: &mut watch::Receiver<Weather>) -> Weather {
    let now = *weather.borrow_and_update();
    match now {
        Weather::Slow(delay) => tokio::time::sleep(delay).await,
        Weather::BlackHole => {
            let _ = weather
                .wait_for(|weather| *weather != Weather::BlackHole)
                .await;
        }
        _ => {}
    }
    *weather.borrow()
}
