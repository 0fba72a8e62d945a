//! Device engagement: how a holder's device says where it can be reached, and with which ephemeral key
//! (ISO/IEC 18013-5:2021, 8.2.1).

use minicbor::Decoder;

use crate::cose::cbor::{self, CborError, Label, Writer};
use crate::crypto::{CryptoError, PublicKey};
use crate::jose::base64url;

/// The scheme of a QR code with a device engagement (8.2.2.3).
const SCHEME: &str = "mdoc:";

/// The one cipher suite: ECDH, HKDF-SHA-256, AES-256-GCM (9.1.5.2, table 22).
const CIPHER_SUITE: u64 = 1;

/// The most transfer methods of one engagement.
const MAX_METHODS: usize = 16;

/// Numbers of the transfer methods (8.2.1.1, table 1).
const NFC: u64 = 1;
const BLE: u64 = 2;

/// Why a device engagement was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngagementError {
    /// Not CBOR this wallet reads, or CBOR of another shape than the standard's.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// The text of the QR code does not begin with `mdoc:`, or no unpadded base64url follows (8.2.2.3).
    #[error("not an mdoc URI")]
    Uri,
    /// The major version is not 1 (8.2.1.1).
    #[error("the version of the engagement is not 1")]
    Version,
    /// Not cipher suite 1 (9.1.5.2).
    #[error("the cipher suite is not supported")]
    CipherSuite,
    /// `EDeviceKey` is not a P-256 COSE_Key; other curves of cipher suite 1 are not supported.
    #[error("ephemeral device key: {0}")]
    DeviceKey(CryptoError),
}

/// A `DeviceEngagement` (8.2.1.1). Its bytes stay as received: they are part of the session transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEngagement {
    bytes: Vec<u8>,
    version: String,
    e_device_key: PublicKey,
    retrieval_methods: Vec<RetrievalMethod>,
}

/// A way to fetch documents from the device (`DeviceRetrievalMethod`; 8.2.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetrievalMethod {
    /// Near field communication, version 1.
    Nfc {
        /// The most bytes of the data field of a command.
        max_command: u64,
        /// The most bytes of the data field of a response.
        max_response: u64,
    },
    /// Bluetooth Low Energy, version 1.
    Ble(BleOptions),
    /// Wi-Fi Aware, another version, or a method unknown here; carried through.
    Other {
        /// The method's number.
        kind: u64,
        /// The method's version.
        version: u64,
        /// `RetrievalOptions`, one CBOR data item.
        options: Vec<u8>,
    },
}

/// `BleOptions` (8.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BleOptions {
    /// The device supports mdoc peripheral server mode.
    pub peripheral_server_mode: bool,
    /// The device supports mdoc central client mode.
    pub central_client_mode: bool,
    /// UUID of the service in peripheral server mode.
    pub peripheral_server_uuid: Option<[u8; 16]>,
    /// UUID of the service in central client mode.
    pub central_client_uuid: Option<[u8; 16]>,
    /// BLE device address in peripheral server mode.
    pub peripheral_server_address: Option<[u8; 6]>,
}

impl DeviceEngagement {
    /// An engagement of version 1.0 for this ephemeral key.
    #[must_use]
    pub fn new(e_device_key: PublicKey, retrieval_methods: Vec<RetrievalMethod>) -> Self {
        let has_methods = !retrieval_methods.is_empty();
        let bytes = cbor::write(|out| {
            out.map(2 + usize::from(has_methods)).uint(0).text("1.0");
            out.uint(1).array(2).uint(CIPHER_SUITE);
            out.tagged24(&e_device_key.to_cose_key());
            if has_methods {
                out.uint(2).array(retrieval_methods.len());
                retrieval_methods.iter().for_each(|method| method.write(out));
            }
        });
        Self {
            bytes,
            version: "1.0".to_owned(),
            e_device_key,
            retrieval_methods,
        }
    }

    /// Reads the CBOR form. Members it does not know are ignored.
    ///
    /// # Errors
    /// [`EngagementError`], never [`EngagementError::Uri`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EngagementError> {
        cbor::check(bytes)?;
        let (mut version, mut security, mut retrieval_methods) = (None, None, Vec::new());
        cbor::map::<EngagementError>(&mut Decoder::new(bytes), |decoder, label| {
            match label {
                Label::Int(0) => version = Some(cbor::text(decoder)?.into_owned()),
                Label::Int(1) => security = Some(read_security(decoder)?),
                Label::Int(2) => cbor::array::<EngagementError>(decoder, |decoder| {
                    if retrieval_methods.len() == MAX_METHODS {
                        return Err(CborError::TooLarge.into());
                    }
                    retrieval_methods.push(RetrievalMethod::read(decoder)?);
                    Ok(())
                })?,
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        let (Some(version), Some(e_device_key)) = (version, security) else {
            return Err(CborError::Shape.into());
        };
        // Minor versions add members; a reader of 1.0 ignores them.
        if !version.starts_with("1.") {
            return Err(EngagementError::Version);
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            version,
            e_device_key,
            retrieval_methods,
        })
    }

    /// Reads the text of a QR code: `mdoc:` and unpadded base64url (8.2.2.3).
    ///
    /// # Errors
    /// [`EngagementError`].
    pub fn from_qr(text: &str) -> Result<Self, EngagementError> {
        let (scheme, content) = text.split_at_checked(SCHEME.len()).ok_or(EngagementError::Uri)?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return Err(EngagementError::Uri);
        }
        Self::parse(&base64url::decode(content).map_err(|_| EngagementError::Uri)?)
    }

    /// The text of a QR code.
    #[must_use]
    pub fn to_qr(&self) -> String {
        let mut text = SCHEME.to_owned();
        base64url::encode_into(&self.bytes, &mut text);
        text
    }

    /// The CBOR, as received or made.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The version, such as "1.0".
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// `EDeviceKey`: the device's ephemeral key of this session.
    #[must_use]
    pub const fn e_device_key(&self) -> &PublicKey {
        &self.e_device_key
    }

    /// How the device can be reached.
    #[must_use]
    pub fn retrieval_methods(&self) -> &[RetrievalMethod] {
        &self.retrieval_methods
    }
}

/// `Security`: the cipher suite, then `EDeviceKeyBytes`.
fn read_security(decoder: &mut Decoder<'_>) -> Result<PublicKey, EngagementError> {
    let (mut position, mut key) = (0, None);
    cbor::array::<EngagementError>(decoder, |decoder| {
        position += 1;
        match position {
            1 if decoder.u64().map_err(CborError::from)? != CIPHER_SUITE => return Err(EngagementError::CipherSuite),
            1 => {}
            2 => {
                let encoded = cbor::tagged24(decoder)?;
                key = Some(PublicKey::from_cose_key(&encoded.content).map_err(EngagementError::DeviceKey)?);
            }
            _ => _ = cbor::skip(decoder)?,
        }
        Ok(())
    })?;
    Ok(key.ok_or(CborError::Shape)?)
}

impl RetrievalMethod {
    fn read(decoder: &mut Decoder<'_>) -> Result<Self, CborError> {
        let (mut position, mut kind, mut version, mut options) = (0, 0, 0, None);
        cbor::array::<CborError>(decoder, |decoder| {
            position += 1;
            match position {
                1 => kind = decoder.u64()?,
                2 => version = decoder.u64()?,
                3 => options = Some(cbor::raw(decoder)?),
                _ => return Err(CborError::Shape),
            }
            Ok(())
        })?;
        let options = options.ok_or(CborError::Shape)?;
        match (kind, version) {
            (NFC, 1) => read_nfc(options),
            (BLE, 1) => BleOptions::read(options).map(Self::Ble),
            _ => Ok(Self::Other {
                kind,
                version,
                options: options.to_vec(),
            }),
        }
    }

    fn write(&self, out: &mut Writer) {
        out.array(3);
        match self {
            Self::Nfc {
                max_command,
                max_response,
            } => {
                out.uint(NFC).uint(1).map(2);
                out.uint(0).uint(*max_command).uint(1).uint(*max_response);
            }
            Self::Ble(options) => {
                out.uint(BLE).uint(1);
                options.write(out);
            }
            Self::Other { kind, version, options } => _ = out.uint(*kind).uint(*version).raw(options),
        }
    }
}

fn read_nfc(options: &[u8]) -> Result<RetrievalMethod, CborError> {
    let (mut max_command, mut max_response) = (None, None);
    cbor::map::<CborError>(&mut Decoder::new(options), |decoder, label| {
        match label {
            Label::Int(0) => max_command = Some(decoder.u64()?),
            Label::Int(1) => max_response = Some(decoder.u64()?),
            _ => _ = cbor::skip(decoder)?,
        }
        Ok(())
    })?;
    match (max_command, max_response) {
        (Some(max_command), Some(max_response)) => Ok(RetrievalMethod::Nfc {
            max_command,
            max_response,
        }),
        _ => Err(CborError::Shape),
    }
}

impl BleOptions {
    fn read(options: &[u8]) -> Result<Self, CborError> {
        let mut found = Self::default();
        cbor::map::<CborError>(&mut Decoder::new(options), |decoder, label| {
            match label {
                Label::Int(0) => found.peripheral_server_mode = decoder.bool()?,
                Label::Int(1) => found.central_client_mode = decoder.bool()?,
                Label::Int(10) => found.peripheral_server_uuid = Some(exactly(decoder)?),
                Label::Int(11) => found.central_client_uuid = Some(exactly(decoder)?),
                Label::Int(20) => found.peripheral_server_address = Some(exactly(decoder)?),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn write(&self, out: &mut Writer) {
        let strings: [(u64, Option<&[u8]>); 3] = [
            (10, self.peripheral_server_uuid.as_ref().map(<[u8; 16]>::as_slice)),
            (11, self.central_client_uuid.as_ref().map(<[u8; 16]>::as_slice)),
            (20, self.peripheral_server_address.as_ref().map(<[u8; 6]>::as_slice)),
        ];
        let present = strings.iter().filter(|(_, value)| value.is_some()).count();
        out.map(2 + present);
        out.uint(0).bool(self.peripheral_server_mode);
        out.uint(1).bool(self.central_client_mode);
        for (label, value) in strings {
            if let Some(value) = value {
                out.uint(label).bytes(value);
            }
        }
    }
}

fn exactly<const N: usize>(decoder: &mut Decoder<'_>) -> Result<[u8; N], CborError> {
    decoder.bytes()?.try_into().map_err(|_| CborError::Shape)
}
