//! Keys for work that is no sharing: binding an issuer's tokens (DPoP), and being an attested wallet towards one issuer. They
//! are other types than holder keys: a presentation takes a holder key a person's PIN opened, and nothing else.
//!
//! ```compile_fail,E0603
//! # use wallet_core::keys::service_keys::DpopKey;
//! ```

use serde::{Deserialize, Serialize};
use wallet_credentials::crypto::{CryptoError, PublicKey, Signer, SigningKey};
use zeroize::Zeroizing;

use super::holder::SystemRandom;

macro_rules! service_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub(crate) struct $name(SigningKey);

        impl $name {
            /// A fresh key.
            ///
            /// # Errors
            /// The source of randomness failed.
            pub(crate) fn make() -> Result<Self, CryptoError> {
                SigningKey::from_random(&mut SystemRandom).map(Self)
            }

            /// For the encrypted store, and nowhere else.
            pub(crate) fn save(&self) -> SavedKey {
                SavedKey(self.0.to_bytes())
            }

            /// Reads what was saved.
            ///
            /// # Errors
            /// It is no key.
            pub(crate) fn resume(saved: &SavedKey) -> Result<Self, CryptoError> {
                SigningKey::from_bytes(saved.0.as_slice()).map(Self)
            }
        }

        impl Signer for $name {
            fn public_key(&self) -> PublicKey {
                self.0.public_key()
            }

            fn sign(&self, message: &[u8]) -> Result<[u8; 64], CryptoError> {
                self.0.sign(message)
            }
        }
    };
}

service_key! {
    /// The key one issuer's tokens are bound to (RFC 9449). Fresh for each yes to an issuer.
    DpopKey
}

service_key! {
    /// The key a wallet attestation is for. Fresh for each issuer, so that two of them cannot tell that they meet the same
    /// wallet.
    InstanceKey
}

/// A key's bytes on their way into the encrypted store. No `Debug`; wiped when dropped.
pub(crate) struct SavedKey(Zeroizing<[u8; 32]>);

impl Serialize for SavedKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_slice().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SavedKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Zeroizing::new(Vec::<u8>::deserialize(deserializer)?);
        let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| serde::de::Error::custom("not 32 bytes"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_the_store_and_nothing_else_does() {
        let key = DpopKey::make().unwrap();
        let text = serde_json::to_string(&key.save()).unwrap();
        let again = DpopKey::resume(&serde_json::from_str(&text).unwrap()).unwrap();
        assert!(again.public_key() == key.public_key());
        assert!(serde_json::from_str::<SavedKey>("[1,2,3]").is_err());
        let zero = serde_json::to_string(&[0; 32].as_slice()).unwrap();
        assert!(InstanceKey::resume(&serde_json::from_str(&zero).unwrap()).is_err());
    }
}
