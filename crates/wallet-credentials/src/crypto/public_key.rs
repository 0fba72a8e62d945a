//! P-256 public keys and their forms: SEC1, JWK and COSE_Key.

use std::fmt;

use coset::{CborSerializable, CoseKey, Label, iana, iana::EnumI64};
use serde_json::{Value, json};

use super::{CryptoError, sha256};
use crate::cose::cbor;
use crate::jose::base64url;

/// Members that make a JWK private (RFC 7518, 6.2.2, 6.3.2, 6.4.1; `priv` of key type AKP).
const PRIVATE_JWK_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// A public key on the curve P-256, checked to be a point of that curve.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey {
    /// Uncompressed SEC1: `04 ‖ x ‖ y`.
    sec1: [u8; 65],
}

impl PublicKey {
    /// Reads a SEC1 point, compressed or not.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPublicKey`] when it is not a point of P-256 or is the point at infinity.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, CryptoError> {
        let key = p256::PublicKey::from_sec1_bytes(bytes).map_err(|_| CryptoError::InvalidPublicKey)?;
        Self::from_p256(&key)
    }

    pub(super) fn from_p256(key: &p256::PublicKey) -> Result<Self, CryptoError> {
        use p256::elliptic_curve::sec1::ToSec1Point;
        let point = key.to_sec1_point(false);
        let sec1 = point.as_bytes().try_into().map_err(|_| CryptoError::InvalidPublicKey)?;
        Ok(Self { sec1 })
    }

    /// The point from its affine coordinates, 32 bytes each, big-endian.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPublicKey`] when the lengths or the point are wrong.
    pub fn from_coordinates(x: &[u8], y: &[u8]) -> Result<Self, CryptoError> {
        if x.len() != 32 || y.len() != 32 {
            return Err(CryptoError::InvalidPublicKey);
        }
        Self::from_sec1(&[&[4], x, y].concat())
    }

    /// The uncompressed SEC1 form: `04 ‖ x ‖ y`.
    #[must_use]
    pub const fn as_sec1(&self) -> &[u8; 65] {
        &self.sec1
    }

    /// The affine x coordinate, 32 bytes, big-endian.
    #[must_use]
    pub fn x(&self) -> &[u8] {
        self.sec1.get(1..33).unwrap_or_default()
    }

    /// The affine y coordinate, 32 bytes, big-endian.
    #[must_use]
    pub fn y(&self) -> &[u8] {
        self.sec1.get(33..65).unwrap_or_default()
    }

    /// Reads a JWK (RFC 7518, 6.2.1); members it does not know are ignored.
    ///
    /// # Errors
    /// [`CryptoError::PrivateKeyMaterial`] when the JWK is private, [`CryptoError::Unsupported`] for another key type
    /// or curve, [`CryptoError::InvalidPublicKey`] when the coordinates are wrong.
    pub fn from_jwk(jwk: &Value) -> Result<Self, CryptoError> {
        refuse_private_members(jwk)?;
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        if member("kty") != Some("EC") || member("crv") != Some("P-256") {
            return Err(CryptoError::Unsupported);
        }
        let coordinate = |name: &str| {
            member(name)
                .and_then(|text| base64url::decode(text).ok())
                .ok_or(CryptoError::InvalidPublicKey)
        };
        Self::from_coordinates(&coordinate("x")?, &coordinate("y")?)
    }

    /// The JWK with only the required members `kty`, `crv`, `x`, `y`.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": base64url::encode(self.x()),
            "y": base64url::encode(self.y()),
        })
    }

    /// The JWK thumbprint with SHA-256 (RFC 7638), as raw bytes.
    #[must_use]
    pub fn thumbprint(&self) -> [u8; 32] {
        let (x, y) = (base64url::encode(self.x()), base64url::encode(self.y()));
        sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes())
    }

    /// Reads a COSE_Key (RFC 9052, 7; RFC 9053, 7.1.1); labels it does not know are ignored.
    ///
    /// # Errors
    /// As [`PublicKey::from_jwk`].
    pub fn from_cose_key(bytes: &[u8]) -> Result<Self, CryptoError> {
        cbor::check(bytes).map_err(|_| CryptoError::InvalidPublicKey)?;
        let key = CoseKey::from_slice(bytes).map_err(|_| CryptoError::InvalidPublicKey)?;
        let parameter = |name: iana::Ec2KeyParameter| {
            let label = Label::Int(name.to_i64());
            key.params
                .iter()
                .find(|(other, _)| *other == label)
                .map(|(_, value)| value)
        };
        if parameter(iana::Ec2KeyParameter::D).is_some() {
            return Err(CryptoError::PrivateKeyMaterial);
        }
        let curve = parameter(iana::Ec2KeyParameter::Crv).and_then(|value| value.as_integer());
        if key.kty != coset::KeyType::Assigned(iana::KeyType::EC2)
            || curve != Some(iana::EllipticCurve::P_256.to_i64().into())
        {
            return Err(CryptoError::Unsupported);
        }
        Self::from_sec1(&key.to_sec1_octet_string().map_err(|_| CryptoError::InvalidPublicKey)?)
    }

    /// The COSE_Key with only kty, crv, x and y, deterministically encoded (RFC 8949, 4.2.1).
    #[must_use]
    pub fn to_cose_key(&self) -> Vec<u8> {
        // {1: 2, -1: 1, -2: x, -3: y}: 75 bytes, always the same shape.
        [
            &[0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20],
            self.x(),
            &[0x22, 0x58, 0x20],
            self.y(),
        ]
        .concat()
    }
}

/// Refuses a JWK that carries private or symmetric key members.
pub(crate) fn refuse_private_members(jwk: &Value) -> Result<(), CryptoError> {
    if PRIVATE_JWK_MEMBERS.iter().any(|name| jwk.get(name).is_some()) {
        return Err(CryptoError::PrivateKeyMaterial);
    }
    Ok(())
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", base64url::encode(&self.thumbprint()))
    }
}
