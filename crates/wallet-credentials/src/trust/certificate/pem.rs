//! Certificates in PEM (RFC 7468) and in the base64 of `x5c` (RFC 7515, 4.1.6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Certificate, CertificateError};

const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const PEM_END: &str = "-----END CERTIFICATE-----";

impl Certificate {
    /// Reads the first CERTIFICATE block of a PEM text (RFC 7468). Text around the blocks, and lines of any length, are
    /// as tools write them.
    ///
    /// # Errors
    /// [`CertificateError::NotPem`] without such a block, else what [`Certificate::from_der`] says about the content.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateError> {
        Self::read_pem_block(pem).map(|(certificate, _)| certificate)
    }

    /// Reads every CERTIFICATE block of a PEM text, in order; at least one.
    ///
    /// # Errors
    /// As [`Certificate::from_pem`].
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, CertificateError> {
        let (first, mut rest) = Self::read_pem_block(pem)?;
        let mut certificates = vec![first];
        while rest.contains(PEM_BEGIN) {
            let (next, after) = Self::read_pem_block(rest)?;
            certificates.push(next);
            rest = after;
        }
        Ok(certificates)
    }

    /// The first certificate and the text after it.
    fn read_pem_block(pem: &str) -> Result<(Self, &str), CertificateError> {
        let (_, block) = pem.split_once(PEM_BEGIN).ok_or(CertificateError::NotPem)?;
        let (base64, rest) = block.split_once(PEM_END).ok_or(CertificateError::NotPem)?;
        let base64: String = base64.split_ascii_whitespace().collect();
        let der = STANDARD.decode(base64).map_err(|_| CertificateError::NotPem)?;
        Ok((Self::from_der(&der)?, rest))
    }

    /// The certificate as one PEM block.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let base64 = STANDARD.encode(self.as_der());
        let mut pem = format!("{PEM_BEGIN}\n");
        for (position, character) in base64.chars().enumerate() {
            if position > 0 && position % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str(&format!("\n{PEM_END}\n"));
        pem
    }
}

impl serde::Serialize for Certificate {
    /// Padded base64 of the DER, as in `x5c` (RFC 7515, 4.1.6).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.as_der()))
    }
}

impl<'de> serde::Deserialize<'de> for Certificate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let der = STANDARD
            .decode(String::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)?;
        Self::from_der(&der).map_err(serde::de::Error::custom)
    }
}
