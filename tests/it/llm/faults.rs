//! Every fault a provider can have, in three wire formats: 96 cases, each a typed end within its deadline.
//!
//! The provider is a third party's, npm `@copilotkit/aimock`; what it cannot do, a loopback proxy before it does to
//! its bytes. Needs Node and `npm install --prefix tests/aimock`, as [`super::aimock`].

use super::aimock::{adapters_at, start};
use super::question;
use futures::StreamExt;
use queryforge::llm::{ChatModel, ChatRequest, Chunk, Limits, LlmError, StopReason, Tool};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// No case may take longer. Their own limits are some seconds; the rest is for a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

const TEXT: &str = "```sql\nselect count(*) from orders where name = 'Zoë 😀'\n```";

/// A fault, who makes it, and what the caller has to see.
struct Case {
    name: &'static str,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// The whole text, with that stop.
    Whole(StopReason),
    /// An end without any text.
    Silence,
    Tools(&'static str),
    RateLimited(Option<u64>),
    Provider(u16),
    Unauthorized,
    ContextTooLong,
    BadRequest,
    Timeout,
    Broken,
    Unreachable,
    /// A busy machine may be slower than the limit on silence, before the line is too long.
    BrokenOrTimeout,
    /// aimock repairs what it sends in one of the formats.
    BrokenOrTools,
    /// None of the others.
    Odd,
}

const CASES: [Case; 32] = [
    case("a stream", End::Whole(StopReason::End)),
    case("tool calls", End::Tools("sample_data")),
    case("structured output", End::Whole(StopReason::End)),
    case("thoughts first", End::Whole(StopReason::End)),
    case("length", End::Whole(StopReason::Length)),
    case("429 with Retry-After", End::RateLimited(Some(7_000))),
    case("429 without Retry-After", End::RateLimited(None)),
    case("500", End::Provider(500)),
    case("502 with HTML", End::Provider(502)),
    case("503", End::Provider(503)),
    case("529", End::Provider(529)),
    case("401", End::Unauthorized),
    case("400", End::BadRequest),
    case("context too long", End::ContextTooLong),
    case("refused connection", End::Unreachable),
    case("hung up at once", End::Unreachable),
    case("silence from the start", End::Timeout),
    case("first token too late", End::Timeout),
    case("stall", End::Timeout),
    case("a byte now and then", End::Timeout),
    case("cut mid-stream", End::Broken),
    case("malformed JSON", End::Broken),
    case("split code points", End::Whole(StopReason::End)),
    case("unknown events", End::Whole(StopReason::End)),
    case("missing end mark", End::Broken),
    case("doubled end mark", End::Whole(StopReason::End)),
    case("a 10 MB line", End::BrokenOrTimeout),
    case("a million tokens", End::BrokenOrTimeout),
    case("no tokens", End::Silence),
    case("broken tool arguments", End::BrokenOrTools),
    case("unknown tool", End::Tools("drop_everything")),
    case("redirect to a private address", End::BadRequest),
];

const fn case(name: &'static str, end: End) -> Case {
    Case { name, end }
}

#[tokio::test]
async fn ninety_six_faults_each_have_a_typed_end_within_their_deadline() {
    let Some((_process, url)) = start("faults.json").await else {
        return;
    };
    let proxy = Proxy::start(&url).await;
    let nobody = {
        // bound and dropped: nobody listens there
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        format!("http://{}", listener.local_addr().expect("bound"))
    };
    // long enough for a busy machine, short enough for the four cases that wait for them
    let limits = Limits {
        first_token: Duration::from_secs(6),
        silence: Duration::from_secs(4),
        ..Limits::default()
    };
    // all at once, because some only wait
    let cases = CASES.iter().map(|case| {
        let base = match case.name {
            "refused connection" => &nobody,
            _ => &proxy.url,
        };
        async move {
            let all = adapters_at(base, limits);
            let asked = all.iter().map(|adapter| ask(adapter.as_ref(), case.name));
            let seen = futures::future::join_all(asked).await;
            all.iter()
                .zip(seen)
                .map(|(adapter, seen)| (case, adapter.provider().to_owned(), seen))
                .collect::<Vec<_>>()
        }
    });
    let all: Vec<_> = futures::future::join_all(cases)
        .await
        .into_iter()
        .flatten()
        .collect();
    let mut wrong = Vec::new();
    for (case, provider, seen) in &all {
        let fits = match (case.end, &seen.end) {
            (End::BrokenOrTimeout, End::Broken | End::Timeout) => true,
            (End::BrokenOrTools, End::Broken | End::Tools(_)) => true,
            (expected, seen) => expected == *seen,
        };
        if !fits {
            wrong.push(format!(
                "{provider}: {}: {:?} instead of {:?} ({})",
                case.name, seen.end, case.end, seen.words
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(all.len(), 96);
}

struct Seen {
    end: End,
    words: String,
}

async fn ask(adapter: &dyn ChatModel, name: &str) -> Seen {
    let mut request: ChatRequest = question(&format!("case: {name}."));
    if name == "structured output" {
        request.response_schema = Some(json!({"type": "object", "additionalProperties": false,
            "required": ["query"], "properties": {"query": {"type": "string"}}}));
    }
    if name.contains("tool") {
        request.tools = vec![Tool {
            name: "sample_data".into(),
            description: "rows of a table".into(),
            parameters: json!({"type": "object", "properties": {"table": {"type": "string"}}}),
        }];
    }
    let began = Instant::now();
    match tokio::time::timeout(DEADLINE, read(adapter, request)).await {
        Ok((end, words)) => Seen { end, words },
        Err(_) => panic!(
            "{}: {name}: no end after {:?}",
            adapter.provider(),
            began.elapsed()
        ),
    }
}

async fn read(adapter: &dyn ChatModel, request: ChatRequest) -> (End, String) {
    let (mut text, mut tool, mut stop) = (String::new(), None, None);
    let mut stream = match adapter.stream(request).await {
        Ok(stream) => stream,
        Err(error) => return (kind(&error), error.to_string()),
    };
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(Chunk::Text(part)) => {
                assert!(stop.is_none(), "text behind the stop");
                text.push_str(&part);
            }
            Ok(Chunk::ToolCall(call)) => tool = Some(call.name),
            Ok(Chunk::Usage(_)) => {}
            Ok(Chunk::Stop(reason)) => {
                assert!(stop.is_none(), "two stops");
                stop = Some(reason);
            }
            Err(error) => return (kind(&error), error.to_string()),
        }
    }
    let Some(stop) = stop else {
        return (End::Odd, "neither a stop nor an error".into());
    };
    let end = match tool.as_deref() {
        Some("sample_data") => End::Tools("sample_data"),
        Some("drop_everything") => End::Tools("drop_everything"),
        Some(_) => End::Odd,
        None if text.is_empty() => End::Silence,
        None if text == TEXT || text == r#"{"query": "select 1"}"# => End::Whole(stop),
        None => End::Odd,
    };
    (end, text.chars().take(200).collect())
}

fn kind(error: &LlmError) -> End {
    match error {
        LlmError::Unreachable(_) => End::Unreachable,
        LlmError::Timeout(_) => End::Timeout,
        LlmError::RateLimited { retry_after_ms } => End::RateLimited(*retry_after_ms),
        LlmError::Unauthorized => End::Unauthorized,
        LlmError::ContextTooLong => End::ContextTooLong,
        LlmError::BadRequest(_) => End::BadRequest,
        LlmError::Provider { status } => End::Provider(*status),
        LlmError::Broken(_) => End::Broken,
    }
}

/// Between the adapters and aimock: passes on what it answers, or does something to it.
struct Proxy {
    url: String,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Proxy {
    async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let upstream = upstream.to_owned();
        let serving = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                let upstream = upstream.clone();
                connections.spawn(async move {
                    // a client that goes away is what many of these cases are about
                    let _ = serve(connection, &upstream).await;
                });
            }
        });
        Self { url, serving }
    }
}

async fn serve(mut connection: TcpStream, upstream: &str) -> std::io::Result<()> {
    let (head, body) = request(&mut connection).await?;
    let text = String::from_utf8_lossy(&body);
    let name = text
        .split_once("case: ")
        .and_then(|(_, rest)| rest.split_once('.'))
        .map(|(name, _)| name.to_owned())
        .unwrap_or_default();
    let head_of = |status: &str, more: &str| {
        format!("HTTP/1.1 {status}\r\nconnection: close\r\n{more}\r\n").into_bytes()
    };
    match name.as_str() {
        "hung up at once" => return Ok(()),
        "silence from the start" => {
            tokio::time::sleep(DEADLINE).await;
            return Ok(());
        }
        "502 with HTML" => {
            let page = "<html><body>Bad gateway</body></html>";
            connection
                .write_all(&head_of("502 Bad Gateway", "content-type: text/html\r\n"))
                .await?;
            return connection.write_all(page.as_bytes()).await;
        }
        "redirect to a private address" => {
            let location = "location: http://169.254.169.254/latest/meta-data/\r\n";
            return connection
                .write_all(&head_of("307 Temporary Redirect", location))
                .await;
        }
        _ => {}
    }

    let path = head.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let mut forwarded = reqwest::Client::new()
        .post(format!("{upstream}{path}"))
        .body(body);
    for line in head.lines().skip(1) {
        if let Some((header, value)) = line.split_once(':') {
            let header = header.trim().to_ascii_lowercase();
            if matches!(
                header.as_str(),
                "content-type"
                    | "authorization"
                    | "x-api-key"
                    | "x-goog-api-key"
                    | "anthropic-version"
            ) {
                forwarded = forwarded.header(header, value.trim());
            }
        }
    }
    let answer = forwarded.send().await.map_err(std::io::Error::other)?;
    let status = answer.status();
    let mut headers = String::new();
    for (header, value) in answer.headers() {
        let drop = matches!(
            header.as_str(),
            "transfer-encoding" | "content-length" | "connection"
        ) || (name == "429 without Retry-After" && header == "retry-after");
        if !drop {
            headers.push_str(&format!(
                "{header}: {}\r\n",
                value.to_str().unwrap_or_default()
            ));
        }
    }
    connection
        .write_all(&head_of(status.as_str(), &headers))
        .await?;
    if matches!(name.as_str(), "cut mid-stream" | "first token too late") {
        // as it comes, so that its own faults pass through
        let mut stream = answer.bytes_stream();
        while let Some(part) = stream.next().await {
            match part {
                Ok(part) => connection.write_all(&part).await?,
                Err(_) => return Ok(()),
            }
        }
        return Ok(());
    }
    let body = answer.bytes().await.map_err(std::io::Error::other)?;
    let text = String::from_utf8_lossy(&body).into_owned();
    let events: Vec<&str> = text.split_inclusive("\n\n").collect();
    let (begin, rest) = events.split_at(events.len().min(4));
    match name.as_str() {
        "split code points" => {
            for byte in body.iter() {
                connection.write_all(&[*byte]).await?;
                connection.flush().await?;
            }
        }
        "unknown events" => {
            for event in &events {
                let odd = ": a comment\n\nevent: weather\ndata: {\"type\":\"weather\",\"sunny\":true}\n\n";
                connection.write_all(odd.as_bytes()).await?;
                connection.write_all(event.as_bytes()).await?;
            }
        }
        "malformed JSON" => {
            connection.write_all(begin.concat().as_bytes()).await?;
            connection
                .write_all(b"data: {\"choices\": [{\"delta\": \n\n")
                .await?;
            connection.write_all(rest.concat().as_bytes()).await?;
        }
        "missing end mark" => connection.write_all(begin.concat().as_bytes()).await?,
        "doubled end mark" => {
            connection.write_all(text.as_bytes()).await?;
            let last = events.last().copied().unwrap_or_default();
            // Gemini's last event has text in it, which is no end mark
            let mark = match last.contains("candidates") {
                true => {
                    "data: {\"candidates\":[{\"content\":{\"parts\":[]},\"finishReason\":\"STOP\"}]}\n\n"
                }
                false => last,
            };
            connection.write_all(mark.as_bytes()).await?;
        }
        "a 10 MB line" => {
            connection.write_all(begin.concat().as_bytes()).await?;
            connection.write_all(b"data: ").await?;
            for _ in 0..10 {
                connection.write_all(&vec![b'x'; 1 << 20]).await?;
            }
            connection.write_all(b"\n\n").await?;
        }
        "a million tokens" => {
            connection.write_all(begin.concat().as_bytes()).await?;
            // an event with text in it, again and again
            let event = begin.last().copied().unwrap_or_default().repeat(1_000);
            for _ in 0..1_000 {
                connection.write_all(event.as_bytes()).await?;
            }
            connection.write_all(rest.concat().as_bytes()).await?;
        }
        "stall" => {
            connection.write_all(begin.concat().as_bytes()).await?;
            connection.flush().await?;
            tokio::time::sleep(DEADLINE).await;
        }
        "a byte now and then" => {
            for byte in body.iter() {
                connection.write_all(&[*byte]).await?;
                connection.flush().await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        _ => connection.write_all(&body).await?,
    }
    connection.flush().await
}

/// One request: its head and its body.
async fn request(connection: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    loop {
        let read = connection.read(&mut part).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&part[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length: usize = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .unwrap_or(0);
        let mut body = bytes.split_off(end + 4);
        while body.len() < length {
            let read = connection.read(&mut part).await?;
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            body.extend_from_slice(&part[..read]);
        }
        return Ok((head, body));
    }
}
