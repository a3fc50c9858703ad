//! A server on this machine that answers as a test wants it to.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What somebody asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// `/name`
    pub path: String,
    /// The first byte of `Range: bytes=FIRST-`.
    pub first: Option<usize>,
    /// `If-Range`
    pub if_range: Option<String>,
}

/// What the server says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub status: &'static str,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
    /// Sends so many bytes of the body and closes the connection.
    pub cut: Option<usize>,
    /// Sends the body so many bytes at a time, with a pause before each.
    pub slow: Option<(usize, Duration)>,
    /// Does not say how long the body is.
    pub no_length: bool,
}

impl Reply {
    pub(crate) fn status(status: &'static str) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self { headers: vec![format!("Location: {to}")], ..Self::status("302 Found") }
    }

    pub(crate) fn whole(body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..Self::status("200 OK") }
    }

    /// The part that was asked for, as servers do that know ranges.
    pub(crate) fn part(request: &Request, body: &[u8]) -> Self {
        let Some(first) = request.first else { return Self::whole(body) };
        if first >= body.len() {
            let range = format!("Content-Range: bytes */{}", body.len());
            return Self { headers: vec![range], ..Self::status("416 Range Not Satisfiable") };
        }
        let range = format!("Content-Range: bytes {first}-{}/{}", body.len() - 1, body.len());
        Self { body: body[first..].to_vec(), headers: vec![range], ..Self::status("206 Partial Content") }
    }

    pub(crate) fn tagged(mut self, tag: &str) -> Self {
        self.headers.push(format!("ETag: {tag}"));
        self
    }

    pub(crate) fn cut(mut self, after: usize) -> Self {
        self.cut = Some(after.min(self.body.len()));
        self
    }
}

/// Listens until the program ends.
pub(crate) struct Server {
    /// The address of the folder of all files, with `/` at its end.
    pub url: String,
    log: Arc<Mutex<Vec<(Request, usize)>>>,
}

impl Server {
    /// `answer` is given what is asked for, and the number of requests before.
    pub(crate) fn new(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("http", answer, |connection| Box::new(connection))
    }

    /// The same with encryption, by a certificate that tests know.
    pub(crate) fn secure(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
        let certificate = CertificateDer::from_pem_file(folder.join("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
        Self::start("https", answer, move |connection| {
            Box::new(StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), connection))
        })
    }

    fn start(
        scheme: &str,
        answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{scheme}://{}/", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer, wrap) = (Arc::clone(&log), Arc::new(answer), Arc::new(wrap));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (log, answer, wrap) = (Arc::clone(&kept), Arc::clone(&answer), Arc::clone(&wrap));
                std::thread::spawn(move || {
                    let mut connection = wrap(connection.unwrap());
                    // The other side may not like the certificate.
                    let Some(request) = read(&mut *connection) else { return };
                    let number = log.lock().unwrap().len();
                    let reply = answer(&request, number);
                    let sent = reply.cut.unwrap_or(reply.body.len());
                    log.lock().unwrap().push((request, sent));
                    // The other side may have gone.
                    let _ = write(&mut *connection, &reply);
                });
            }
        });
        Self { url, log }
    }

    /// Everything that was asked for.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().iter().map(|(request, _)| request.clone()).collect()
    }

    /// How many bytes of files were sent.
    pub(crate) fn sent(&self) -> usize {
        self.log.lock().unwrap().iter().map(|(_, sent)| sent).sum()
    }
}

trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

fn read(connection: &mut dyn Stream) -> Option<Request> {
    let mut lines = BufReader::new(connection).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut request = Request { path: first.split(' ').nth(1).unwrap_or_default().to_owned(), ..Request::default() };
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap();
        match name.to_lowercase().as_str() {
            "range" => request.first = Some(value["bytes=".len()..].trim_end_matches('-').parse().unwrap()),
            "if-range" => request.if_range = Some(value.to_owned()),
            _ => {}
        }
    }
    Some(request)
}

fn write(connection: &mut dyn Stream, reply: &Reply) -> std::io::Result<()> {
    write!(connection, "HTTP/1.1 {}\r\nConnection: close\r\n", reply.status)?;
    if !reply.no_length {
        write!(connection, "Content-Length: {}\r\n", reply.body.len())?;
    }
    for header in &reply.headers {
        write!(connection, "{header}\r\n")?;
    }
    write!(connection, "\r\n")?;
    let body = &reply.body[..reply.cut.unwrap_or(reply.body.len())];
    let Some((size, pause)) = reply.slow else {
        connection.write_all(body)?;
        return connection.flush();
    };
    for bytes in body.chunks(size) {
        std::thread::sleep(pause);
        connection.write_all(bytes)?;
        connection.flush()?;
    }
    Ok(())
}
