//! Session encryption between two devices that meet (ISO/IEC 18013-5:2021, 9.1.1): both ends as state machines from
//! message to message. Moving the messages (BLE, NFC, Wi-Fi Aware) is someone else's job.
//!
//! Each direction has a key and a counter of its own. Whatever goes wrong ends the session and destroys its keys;
//! there is no way to carry on after an error.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf;
use minicbor::Decoder;
use zeroize::Zeroizing;

use super::{DeviceEngagement, Handover, SessionTranscript};
use crate::cose::cbor::{self, CborError, Label};
use crate::crypto::{AgreementKey, CryptoError, PublicKey, SharedSecret, sha256};

/// A derived key; wiped when dropped.
pub(super) type DerivedKey = Zeroizing<[u8; 32]>;

/// The identifiers that begin the initialisation vectors of reader and device (9.1.1.5).
const READER_IDENTIFIER: [u8; 8] = [0; 8];
const DEVICE_IDENTIFIER: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];

/// The number of the first message in each direction.
const FIRST_MESSAGE: u32 = 1;

/// Why one end says the session is over (9.1.1.4, table 20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionStatus {
    /// 10: session encryption failed.
    EncryptionError,
    /// 11: the CBOR could not be read.
    DecodingError,
    /// 20: the session ends as intended.
    Termination,
    /// A number the standard gives no meaning; it ends the session too.
    Other(u64),
}

impl SessionStatus {
    const fn from_number(number: u64) -> Self {
        match number {
            10 => Self::EncryptionError,
            11 => Self::DecodingError,
            20 => Self::Termination,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::EncryptionError => 10,
            Self::DecodingError => 11,
            Self::Termination => 20,
            Self::Other(other) => other,
        }
    }

    /// The `SessionData` message that says so and carries nothing else.
    #[must_use]
    pub fn to_message(self) -> Vec<u8> {
        session_data(None, Some(self))
    }
}

/// Why a session ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The message is not CBOR this wallet reads, or of another shape than the standard's.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// `EReaderKey` is not a P-256 COSE_Key, or not a point of the curve.
    #[error("ephemeral reader key: {0}")]
    ReaderKey(CryptoError),
    /// The key given for the engagement is not the one it names, or there is no shared secret.
    #[error("the ephemeral device key is not the one of the engagement")]
    DeviceKey,
    /// Session data, before a session was established.
    #[error("there is no session yet")]
    NotEstablished,
    /// Another `EReaderKey`, after the session was established.
    #[error("the session is established already")]
    AlreadyEstablished,
    /// The data does not decrypt: altered, out of order, sent twice, or from someone else.
    #[error("the session data does not decrypt")]
    Decryption,
    /// The data could not be encrypted: too long, or the counter is used up.
    #[error("the session data could not be encrypted")]
    Encryption,
    /// The session is over; its keys are gone.
    #[error("the session is over")]
    Over,
}

impl SessionError {
    /// What to tell the other end, if it may still be listening (9.1.1.4, table 20).
    #[must_use]
    pub const fn status(self) -> Option<SessionStatus> {
        match self {
            Self::Cbor(_) => Some(SessionStatus::DecodingError),
            Self::Over | Self::DeviceKey => None,
            _ => Some(SessionStatus::EncryptionError),
        }
    }
}

/// What a message brought.
pub struct Received {
    /// The mdoc request or response; wiped when dropped.
    pub data: Option<Zeroizing<Vec<u8>>>,
    /// Set when the other end ended the session with this message.
    pub status: Option<SessionStatus>,
}

/// The holder's end, from the engagement on.
pub struct HolderSession {
    state: Holder,
    transcript: Option<SessionTranscript>,
}

enum Holder {
    Waiting(Box<Engaged>),
    Open(Channel),
    Over,
}

struct Engaged {
    engagement: DeviceEngagement,
    e_device_key: AgreementKey,
    handover: Handover,
}

impl HolderSession {
    /// Waits for a reader that has this engagement. The ephemeral key is dropped as soon as session keys are derived.
    ///
    /// # Errors
    /// [`SessionError::DeviceKey`] unless the engagement names `e_device_key`.
    pub fn new(
        engagement: DeviceEngagement,
        e_device_key: AgreementKey,
        handover: Handover,
    ) -> Result<Self, SessionError> {
        if *engagement.e_device_key() != e_device_key.public_key() {
            return Err(SessionError::DeviceKey);
        }
        let engaged = Engaged {
            engagement,
            e_device_key,
            handover,
        };
        Ok(Self {
            state: Holder::Waiting(Box::new(engaged)),
            transcript: None,
        })
    }

    /// Takes the reader's next message: `SessionEstablishment` first, `SessionData` from then on.
    ///
    /// # Errors
    /// [`SessionError`]; the session is over then, and [`SessionError::status`] is what to tell the reader.
    pub fn receive(&mut self, message: &[u8]) -> Result<Received, SessionError> {
        // Taken out, and put back only where all went well: an error leaves no key behind.
        match std::mem::replace(&mut self.state, Holder::Over) {
            Holder::Over => Err(SessionError::Over),
            Holder::Waiting(engaged) => {
                let message = Message::parse(message)?;
                let Some(key_bytes) = &message.e_reader_key else {
                    return message.ended().ok_or(SessionError::NotEstablished);
                };
                if message.data.is_none() {
                    return Err(CborError::Shape.into());
                }
                let transcript = SessionTranscript::proximity(&engaged.engagement, &key_bytes.whole, &engaged.handover);
                let reader_key = PublicKey::from_cose_key(&key_bytes.content).map_err(SessionError::ReaderKey)?;
                let shared = engaged
                    .e_device_key
                    .agree(&reader_key)
                    .map_err(SessionError::ReaderKey)?;
                let [reader, device] = directions(&shared, &transcript)?;
                self.transcript = Some(transcript);
                self.take(device.against(reader), message)
            }
            Holder::Open(channel) => {
                let message = Message::parse(message)?;
                if message.e_reader_key.is_some() {
                    return Err(SessionError::AlreadyEstablished);
                }
                self.take(channel, message)
            }
        }
    }

    fn take(&mut self, mut channel: Channel, message: Message) -> Result<Received, SessionError> {
        let received = channel.open(message)?;
        if received.status.is_none() {
            self.state = Holder::Open(channel);
        }
        Ok(received)
    }

    /// The transcript, once the reader's key is known: what device and reader authentication are bound to.
    #[must_use]
    pub const fn transcript(&self) -> Option<&SessionTranscript> {
        self.transcript.as_ref()
    }

    /// Encrypts a response.
    ///
    /// # Errors
    /// [`SessionError::NotEstablished`], [`SessionError::Over`], [`SessionError::Encryption`]; the session is over
    /// then.
    pub fn send(&mut self, response: &[u8]) -> Result<Vec<u8>, SessionError> {
        match std::mem::replace(&mut self.state, Holder::Over) {
            Holder::Open(mut channel) => {
                let data = channel.sending.seal(response)?;
                self.state = Holder::Open(channel);
                Ok(session_data(Some(&data), None))
            }
            Holder::Waiting(_) => Err(SessionError::NotEstablished),
            Holder::Over => Err(SessionError::Over),
        }
    }

    /// Encrypts the last response and ends the session with it.
    ///
    /// # Errors
    /// As [`HolderSession::send`].
    pub fn send_last(&mut self, response: &[u8]) -> Result<Vec<u8>, SessionError> {
        match std::mem::replace(&mut self.state, Holder::Over) {
            Holder::Open(mut channel) => {
                let data = channel.sending.seal(response)?;
                Ok(session_data(Some(&data), Some(SessionStatus::Termination)))
            }
            Holder::Waiting(_) => Err(SessionError::NotEstablished),
            Holder::Over => Err(SessionError::Over),
        }
    }

    /// Ends the session: its keys are destroyed, and this message tells the reader (9.1.1.4).
    pub fn terminate(&mut self) -> Vec<u8> {
        self.state = Holder::Over;
        SessionStatus::Termination.to_message()
    }
}

/// The reader's end.
pub struct ReaderSession {
    state: Reader,
    transcript: SessionTranscript,
}

enum Reader {
    /// `EReaderKeyBytes` has not been sent yet.
    New(Channel, Vec<u8>),
    Open(Channel),
    Over,
}

impl ReaderSession {
    /// Prepares a session with the device of this engagement. The caller keeps `e_reader_key` as long as a response
    /// may carry a MAC, which is checked with it, and drops it then.
    ///
    /// # Errors
    /// [`SessionError::DeviceKey`] when there is no shared secret with the device's key.
    pub fn new(
        engagement: &DeviceEngagement,
        e_reader_key: &AgreementKey,
        handover: &Handover,
    ) -> Result<Self, SessionError> {
        let key_bytes = cbor::write(|out| _ = out.tagged24(&e_reader_key.public_key().to_cose_key()));
        let transcript = SessionTranscript::proximity(engagement, &key_bytes, handover);
        let shared = e_reader_key
            .agree(engagement.e_device_key())
            .map_err(|_| SessionError::DeviceKey)?;
        let [reader, device] = directions(&shared, &transcript)?;
        Ok(Self {
            state: Reader::New(reader.against(device), key_bytes),
            transcript,
        })
    }

    /// The transcript: what device and reader authentication are bound to.
    #[must_use]
    pub const fn transcript(&self) -> &SessionTranscript {
        &self.transcript
    }

    /// Encrypts a request: the first as `SessionEstablishment`, later ones as `SessionData`.
    ///
    /// # Errors
    /// [`SessionError::Over`], [`SessionError::Encryption`]; the session is over then.
    pub fn send(&mut self, request: &[u8]) -> Result<Vec<u8>, SessionError> {
        match std::mem::replace(&mut self.state, Reader::Over) {
            Reader::New(mut channel, key_bytes) => {
                let data = channel.sending.seal(request)?;
                self.state = Reader::Open(channel);
                Ok(cbor::write(|out| {
                    out.map(2).text("eReaderKey").raw(&key_bytes).text("data").bytes(&data);
                }))
            }
            Reader::Open(mut channel) => {
                let data = channel.sending.seal(request)?;
                self.state = Reader::Open(channel);
                Ok(session_data(Some(&data), None))
            }
            Reader::Over => Err(SessionError::Over),
        }
    }

    /// Takes the device's next message.
    ///
    /// # Errors
    /// [`SessionError`]; the session is over then, and [`SessionError::status`] is what to tell the device.
    pub fn receive(&mut self, message: &[u8]) -> Result<Received, SessionError> {
        match std::mem::replace(&mut self.state, Reader::Over) {
            Reader::Over => Err(SessionError::Over),
            Reader::New(..) => Message::parse(message)?.ended().ok_or(SessionError::NotEstablished),
            Reader::Open(mut channel) => {
                let message = Message::parse(message)?;
                if message.e_reader_key.is_some() {
                    return Err(SessionError::AlreadyEstablished);
                }
                let received = channel.open(message)?;
                if received.status.is_none() {
                    self.state = Reader::Open(channel);
                }
                Ok(received)
            }
        }
    }

    /// Ends the session: its keys are destroyed, and this message tells the device (9.1.1.4).
    pub fn terminate(&mut self) -> Vec<u8> {
        self.state = Reader::Over;
        SessionStatus::Termination.to_message()
    }
}

/// The keys of a session, as one end uses them.
struct Channel {
    sending: Direction,
    receiving: Direction,
}

impl Channel {
    fn open(&mut self, message: Message) -> Result<Received, SessionError> {
        if message.data.is_none() && message.status.is_none() {
            return Err(CborError::Shape.into());
        }
        let data = message.data.map(|data| self.receiving.open(data)).transpose()?;
        Ok(Received {
            data,
            status: message.status,
        })
    }
}

/// One direction: SKReader or SKDevice, and the number of the next message.
struct Direction {
    key: DerivedKey,
    identifier: [u8; 8],
    next: Option<u32>,
}

impl Direction {
    const fn against(self, other: Self) -> Channel {
        Channel {
            sending: self,
            receiving: other,
        }
    }

    /// The key and the next initialisation vector, which never comes again: identifier ‖ counter (9.1.1.5).
    fn next(&mut self) -> Option<(LessSafeKey, Nonce)> {
        let number = self.next?;
        self.next = number.checked_add(1);
        let key = UnboundKey::new(&AES_256_GCM, &self.key[..]).ok()?;
        let mut vector = [0; 12];
        let (identifier, counter) = vector.split_at_mut(8);
        identifier.copy_from_slice(&self.identifier);
        counter.copy_from_slice(&number.to_be_bytes());
        Some((LessSafeKey::new(key), Nonce::assume_unique_for_key(vector)))
    }

    fn seal(&mut self, plaintext: &[u8]) -> Result<Vec<u8>, SessionError> {
        let (key, vector) = self.next().ok_or(SessionError::Encryption)?;
        let mut content = plaintext.to_vec();
        key.seal_in_place_append_tag(vector, Aad::empty(), &mut content)
            .map_err(|_| SessionError::Encryption)?;
        Ok(content)
    }

    fn open(&mut self, ciphertext: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, SessionError> {
        let (key, vector) = self.next().ok_or(SessionError::Decryption)?;
        let mut content = Zeroizing::new(ciphertext);
        let length = key
            .open_in_place(vector, Aad::empty(), &mut content)
            .map_err(|_| SessionError::Decryption)?
            .len();
        content.truncate(length);
        Ok(content)
    }
}

/// The reader's and the device's direction.
fn directions(shared: &SharedSecret, transcript: &SessionTranscript) -> Result<[Direction; 2], SessionError> {
    let direction = |info: &[u8], identifier| {
        Some(Direction {
            key: derive(shared, transcript, info)?,
            identifier,
            next: Some(FIRST_MESSAGE),
        })
    };
    let both = || {
        Some([
            direction(b"SKReader", READER_IDENTIFIER)?,
            direction(b"SKDevice", DEVICE_IDENTIFIER)?,
        ])
    };
    both().ok_or(SessionError::Encryption)
}

/// HKDF-SHA-256 with SHA-256 of `SessionTranscriptBytes` as its salt (9.1.1.5, 9.1.3.5).
pub(super) fn derive(shared: &SharedSecret, transcript: &SessionTranscript, info: &[u8]) -> Option<DerivedKey> {
    let salt = sha256(&transcript.to_tagged_bytes());
    let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &salt).extract(&shared[..]);
    let mut key = DerivedKey::default();
    secret
        .expand(&[info], hkdf::HKDF_SHA256)
        .ok()?
        .fill(key.as_mut())
        .ok()?;
    Some(key)
}

/// A `SessionEstablishment` or `SessionData` (9.1.1.4).
struct Message {
    e_reader_key: Option<KeyBytes>,
    data: Option<Vec<u8>>,
    status: Option<SessionStatus>,
}

struct KeyBytes {
    /// The tag-24 item as received; part of the transcript.
    whole: Vec<u8>,
    content: Vec<u8>,
}

impl Message {
    fn parse(bytes: &[u8]) -> Result<Self, CborError> {
        cbor::check(bytes)?;
        let (mut e_reader_key, mut data, mut status) = (None, None, None);
        cbor::map::<CborError>(&mut Decoder::new(bytes), |decoder, label| {
            match label {
                Label::Text("eReaderKey") => {
                    let tagged = cbor::tagged24(decoder)?;
                    e_reader_key = Some(KeyBytes {
                        whole: tagged.whole.to_vec(),
                        content: tagged.content.to_vec(),
                    });
                }
                Label::Text("data") => data = Some(cbor::byte_string(decoder)?.into_owned()),
                Label::Text("status") => status = Some(SessionStatus::from_number(decoder.u64()?)),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        Ok(Self {
            e_reader_key,
            data,
            status,
        })
    }

    /// A message that only says the session is over, where nothing else is expected.
    fn ended(&self) -> Option<Received> {
        let status = self.status.filter(|_| self.data.is_none())?;
        Some(Received {
            data: None,
            status: Some(status),
        })
    }
}

fn session_data(data: Option<&[u8]>, status: Option<SessionStatus>) -> Vec<u8> {
    cbor::write(|out| {
        out.map(usize::from(data.is_some()) + usize::from(status.is_some()));
        if let Some(data) = data {
            out.text("data").bytes(data);
        }
        if let Some(status) = status {
            out.text("status").uint(status.number());
        }
    })
}
