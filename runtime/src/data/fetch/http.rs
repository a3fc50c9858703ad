//! Asking a server for a file. This is the only place in the project that opens a connection.

use super::download::Failure;
use crate::error;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::Duration;
pub(super) use ureq::Agent;
use ureq::http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use ureq::http::{Response, StatusCode};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Body, Error};

const REDIRECTS: u32 = 5;

/// What a server sends.
pub(super) struct Answer {
    /// The first byte of the file that is sent.
    pub(super) start: u64,
    /// The size of the whole file, if the server says it.
    pub(super) total: Option<u64>,
    /// What tells this version of the file from others.
    pub(super) tag: Option<String>,
    /// The bytes.
    pub(super) body: Box<dyn Read>,
}

/// Connections that wait for at most `stall` whenever nothing comes, and trust Mozilla's certificate authorities or those in a file.
pub(super) fn agent(stall: Duration, authorities: Option<&Path>) -> error::Result<Agent> {
    let roots = authorities.map_or(Ok(RootCerts::WebPki), read_authorities)?;
    let config = Agent::config_builder()
        .user_agent(concat!("googlenetc/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        .timeout_resolve(Some(stall))
        .timeout_connect(Some(stall))
        .timeout_recv_response(Some(stall))
        .timeout_per_read(Some(stall))
        .tls_config(TlsConfig::builder().root_certs(roots).build());
    Ok(config.build().new_agent())
}

/// The host and port of the proxy that is used.
pub(super) fn proxy(agent: &Agent) -> Option<String> {
    agent.config().proxy().map(|proxy| format!("{}:{}", proxy.host(), proxy.port()))
}

fn read_authorities(path: &Path) -> error::Result<RootCerts> {
    let text = std::fs::read(path).map_err(|e| error::Error::io("read", path, &e))?;
    let authorities: Vec<_> = parse_pem(&text)
        .filter_map(|item| if let Ok(PemItem::Certificate(certificate)) = item { Some(certificate) } else { None })
        .collect();
    if authorities.is_empty() {
        let path = path.display();
        return Err(error::Error::failed(format!("`{path}` has no certificates: a file in PEM format is expected")));
    }
    Ok(RootCerts::from(authorities))
}

/// Asks for the file at `url` from byte `from` on; with a tag, only if the file is still the one that it was.
pub(super) fn get(agent: &Agent, url: &str, from: u64, tag: Option<&str>) -> Result<Answer, Failure> {
    let secure = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    // The checksum is that of the file as it lies there.
    let mut request = agent.get(url).header(ACCEPT_ENCODING, "identity");
    if from > 0 {
        request = request.header(RANGE, format!("bytes={from}-"));
        if let Some(tag) = tag {
            request = request.header(IF_RANGE, tag);
        }
    }
    // This also refuses to be led from https to http.
    let response = request.config().https_only(secure).build().call().map_err(failure)?;
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    // Weak tags do not promise that the bytes are the same.
    let tag = text(ETAG).filter(|tag| tag.starts_with('"')).map(str::to_owned);
    let (start, total) = match response.status() {
        StatusCode::OK => (0, text(CONTENT_LENGTH).and_then(|length| length.parse().ok())),
        StatusCode::PARTIAL_CONTENT => match text(CONTENT_RANGE).and_then(range) {
            Some((start, total)) if start == from => (start, total),
            _ => return Err(Failure::Final("it answers with another range than was asked for".to_owned())),
        },
        status => return Err(refusal(status, &response)),
    };
    Ok(Answer { start, total, tag, body: Box::new(response.into_body().into_reader()) })
}

/// The first byte and the size of the whole, from `bytes 100-199/200` or `bytes 100-199/*`.
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}

fn refusal(status: StatusCode, response: &Response<Body>) -> Failure {
    if status == StatusCode::RANGE_NOT_SATISFIABLE {
        let range = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
        let total = range.and_then(|range| range.strip_prefix("bytes */"));
        return Failure::Final(match total {
            Some(total) => format!("the file has only {total} bytes there"),
            None => "the file is shorter there".to_owned(),
        });
    }
    let reason = format!("it answers {status}");
    match status.as_u16() {
        408 | 425 | 429 | 500 | 502 | 503 | 504 => Failure::Passing(reason),
        _ => Failure::Final(reason),
    }
}

/// Whether to try again after there was no answer at all.
#[expect(clippy::wildcard_enum_match_arm, reason = "most of these cannot come of asking for a file")]
fn failure(error: Error) -> Failure {
    match error {
        Error::HostNotFound => Failure::Final("there is no such host, or no network".to_owned()),
        Error::TooManyRedirects => Failure::Final(format!("it redirects more than {REDIRECTS} times")),
        Error::RequireHttpsOnly(to) => Failure::Final(format!("it redirects from https to `{to}`")),
        Error::Timeout(_) => Failure::Passing("it does not answer in time".to_owned()),
        Error::Io(e) if is_away(e.kind()) => Failure::Final(e.to_string()),
        Error::Io(e) => Failure::Passing(e.to_string()),
        Error::Protocol(e) => Failure::Passing(e.to_string()),
        other => Failure::Final(other.to_string()),
    }
}

/// Whether reading an answer took too long.
pub(super) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
        || matches!(error.get_ref().and_then(|inner| inner.downcast_ref()), Some(Error::Timeout(_)))
}

/// Whether nobody is there, which a second or two will not change.
fn is_away(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_read() {
        assert_eq!(range("bytes 100-199/200"), Some((100, Some(200))));
        assert_eq!(range("bytes 0-0/*"), Some((0, None)));
        for wrong in ["", "bytes */200", "items 0-1/2", "bytes 1/2", "bytes -1-2/3"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
