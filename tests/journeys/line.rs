//! A line between the wallet and the sandbox, where messages can be counted, read, changed, held up and lost.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The places of an exchange where something can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The request is on the line; the other end has not had it.
    Asked,
    /// The other end has had the request and answered; the wallet has not had the answer.
    Answered,
    /// The wallet has had the answer.
    Delivered,
}

/// Every moment, in order.
pub const MOMENTS: [Moment; 3] = [Moment::Asked, Moment::Answered, Moment::Delivered];

/// One request and its answer.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// Its place, from 1.
    pub number: usize,
    /// Method and path.
    pub target: String,
    /// Head of the request.
    pub head: String,
    /// Body of the request.
    pub body: Vec<u8>,
    /// The whole answer, head and body; empty until it is there.
    pub answer: Vec<u8>,
}

/// What becomes of the message.
pub enum Fate {
    /// It goes on.
    Pass,
    /// The connection breaks.
    Lost,
    /// Another body arrives in place of the answer's.
    Changed(Vec<u8>),
    /// Another answer arrives, head and body; before the other end was asked, it never is.
    Instead(Vec<u8>),
    /// An answer begins, and comes a byte at a time for as long as anybody listens.
    Drips,
}

type Plan = Box<dyn FnMut(Moment, &Exchange) -> Fate + Send>;

struct Inside {
    plan: Mutex<Plan>,
    seen: Mutex<Vec<Exchange>>,
    up: AtomicBool,
    to: Mutex<u16>,
}

/// A line on a port of its own.
pub struct Line {
    port: u16,
    inside: Arc<Inside>,
    listeners: Vec<thread::JoinHandle<()>>,
}

impl Line {
    /// A line that leads nowhere yet.
    pub fn new() -> Self {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        // `localhost` may mean either address.
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port));
        let inside = Arc::new(Inside {
            plan: Mutex::new(Box::new(|_, _| Fate::Pass)),
            seen: Mutex::default(),
            up: AtomicBool::new(true),
            to: Mutex::new(0),
        });
        let listeners = std::iter::once(first)
            .chain(second.ok())
            .map(|listener| {
                let inside = Arc::clone(&inside);
                thread::spawn(move || accept(&listener, &inside))
            })
            .collect();
        Self {
            port,
            inside,
            listeners,
        }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Leads to a port of this machine from now on.
    pub fn lead_to(&self, port: u16) {
        *lock(&self.inside.to) = port;
    }

    /// What happens to messages from now on. The plan is asked at every moment of every exchange.
    pub fn plan(&self, plan: impl FnMut(Moment, &Exchange) -> Fate + Send + 'static) {
        *lock(&self.inside.plan) = Box::new(plan);
    }

    /// Loses every message whose target has this in it, at this moment.
    pub fn lose(&self, when: Moment, part: &'static str) {
        self.plan(move |moment, exchange| {
            if moment == when && exchange.target.contains(part) {
                Fate::Lost
            } else {
                Fate::Pass
            }
        });
    }

    /// Gives another body to every answer whose target has this in it.
    pub fn change(&self, part: &'static str, change: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) {
        self.plan(move |moment, exchange| {
            if moment == Moment::Answered && exchange.target.contains(part) {
                Fate::Changed(change(body(&exchange.answer)))
            } else {
                Fate::Pass
            }
        });
    }

    /// Every exchange so far.
    pub fn seen(&self) -> Vec<Exchange> {
        lock(&self.inside.seen).clone()
    }

    /// Nobody answers the port any more: connections are refused.
    pub fn hang_up(&mut self) {
        self.inside.up.store(false, Ordering::SeqCst);
        // Wakes the listeners, which see that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        let _ = TcpStream::connect((Ipv6Addr::LOCALHOST, self.port));
        for listener in self.listeners.drain(..) {
            listener.join().unwrap();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.hang_up();
    }
}

impl Exchange {
    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.head.lines().find(|line| is(line, name))?;
        found.split_once(':').map(|(_, value)| value.trim())
    }

    /// The status of the answer; 0 where there was none.
    pub fn status(&self) -> u16 {
        let text = String::from_utf8_lossy(&self.answer);
        text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
    }
}

/// The body of an answer.
pub fn body(answer: &[u8]) -> &[u8] {
    let head = answer
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .map_or(answer.len(), |end| end + 4);
    &answer[head..]
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, inside: &Arc<Inside>) {
    while let Ok((stream, _)) = listener.accept() {
        if !inside.up.load(Ordering::SeqCst) {
            return;
        }
        let inside = Arc::clone(inside);
        thread::spawn(move || {
            // A connection that breaks is what this is for.
            let _ = carry(&stream, &inside);
            let _ = stream.shutdown(Shutdown::Both);
        });
    }
}

/// Carries one exchange; a connection has one here, so that every request is a new one.
fn carry(mut wallet: &TcpStream, inside: &Inside) -> std::io::Result<()> {
    let Some((head, request_body)) = read_message(&mut wallet)? else {
        return Ok(());
    };
    let target = head
        .lines()
        .next()
        .unwrap_or_default()
        .rsplit_once(' ')
        .map_or("", |(target, _)| target);
    let mut exchange = Exchange {
        target: target.to_owned(),
        head: head.clone(),
        body: request_body,
        ..Exchange::default()
    };
    {
        let mut seen = lock(&inside.seen);
        exchange.number = seen.len() + 1;
        seen.push(exchange.clone());
    }
    let fate = lock(&inside.plan)(Moment::Asked, &exchange);
    match fate {
        Fate::Lost => return Ok(()),
        Fate::Instead(answer) => return deliver(wallet, &answer),
        Fate::Drips => return drip(wallet),
        Fate::Pass | Fate::Changed(_) => {}
    }
    let mut sandbox = TcpStream::connect((Ipv4Addr::LOCALHOST, *lock(&inside.to)))?;
    let head: String = head
        .lines()
        .filter(|line| !is(line, "connection"))
        .map(|line| format!("{line}\r\n"))
        .collect();
    sandbox.write_all(format!("{}\r\nConnection: close\r\n\r\n", head.trim_end()).as_bytes())?;
    sandbox.write_all(&exchange.body)?;
    // A reply that breaks off half way is passed on as far as it came.
    let _ = sandbox.read_to_end(&mut exchange.answer);
    if let Some(seen) = lock(&inside.seen).get_mut(exchange.number - 1) {
        seen.answer.clone_from(&exchange.answer);
    }
    let fate = lock(&inside.plan)(Moment::Answered, &exchange);
    match fate {
        Fate::Lost => return Ok(()),
        Fate::Changed(other) => exchange.answer = with_body(&exchange.answer, &other),
        Fate::Instead(other) => exchange.answer = other,
        Fate::Drips => return drip(wallet),
        Fate::Pass => {}
    }
    deliver(wallet, &exchange.answer)?;
    lock(&inside.plan)(Moment::Delivered, &exchange);
    Ok(())
}

fn deliver(mut wallet: &TcpStream, answer: &[u8]) -> std::io::Result<()> {
    wallet.write_all(answer)?;
    wallet.shutdown(Shutdown::Write)?;
    // The wallet closes its end when it has read everything.
    let _ = wallet.read_to_end(&mut Vec::new());
    Ok(())
}

/// Ends when the wallet hangs up.
fn drip(mut wallet: &TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n";
    wallet.write_all(head.as_bytes())?;
    loop {
        wallet.write_all(b" ")?;
        // What makes it slow.
        thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// An answer with this status, these further header lines and this body.
pub fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Said\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// An answer in JSON.
pub fn json_answer(status: u16, body: &serde_json::Value) -> Vec<u8> {
    let headers = "Content-Type: application/json\r\nCache-Control: no-store\r\n";
    answer(status, headers, body.to_string().as_bytes())
}

/// Reads one request: its head without the empty line, and its body.
fn read_message(stream: &mut &TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let end = bytes.windows(4).position(|part: &[u8]| part == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head
                .lines()
                .find(|line| is(line, "content-length"))
                .and_then(|line| line.split(':').nth(1)?.trim().parse().ok())
                .unwrap_or(0);
            let mut rest = bytes.split_off(end + 4);
            while rest.len() < length {
                match stream.read(&mut buffer)? {
                    0 => return Ok(None),
                    n => rest.extend_from_slice(&buffer[..n]),
                }
            }
            return Ok(Some((head, rest)));
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            n => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}

fn is(line: &str, header: &str) -> bool {
    line.split(':')
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case(header))
}

fn with_body(answer: &[u8], other: &[u8]) -> Vec<u8> {
    let head = &answer[..answer.len() - body(answer).len()];
    let head: String = String::from_utf8_lossy(head)
        .lines()
        .filter(|line| !line.is_empty() && !is(line, "content-length") && !is(line, "transfer-encoding"))
        .map(|line| format!("{line}\r\n"))
        .collect();
    [
        format!("{head}Content-Length: {}\r\n\r\n", other.len()).as_bytes(),
        other,
    ]
    .concat()
}
