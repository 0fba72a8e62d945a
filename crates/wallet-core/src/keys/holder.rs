//! Holder keys: one fresh P-256 key for every copy of every credential.
//!
//! A private key exists in the open twice: in the journey that made it, to prove possession to the issuer, and for the one
//! presentation a person agreed to. Between the two it is sealed (HPKE, RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
//! AES-256-GCM) to the wallet's public key, so that copies can be fetched without a PIN and none can be used without one.
//!
//! There are two doors (wall 2) and no "sign these bytes". This compiles:
//!
//! ```
//! # use wallet_core::keys::{HolderKeys, KeysError, holder::{IssuanceGrant, NewHolderKey}};
//! # use wallet_protocols::openid4vci::{KeyProof, ProofToSign};
//! # fn prove(keys: HolderKeys, key: NewHolderKey, grant: &impl IssuanceGrant, proof: ProofToSign)
//! #     -> Result<KeyProof, KeysError> {
//! keys.prove_possession(&key, grant, proof)
//! # }
//! ```
//!
//! and these do not:
//!
//! ```compile_fail,E0599
//! # fn climb(keys: wallet_core::keys::HolderKeys, key: wallet_core::keys::holder::NewHolderKey) {
//! keys.sign(b"anything");
//! # }
//! ```
//!
//! ```compile_fail,E0599
//! # fn climb(key: wallet_core::keys::holder::NewHolderKey) {
//! key.sign(b"anything");
//! # }
//! ```
//!
//! ```compile_fail,E0599
//! # fn climb(key: wallet_core::keys::holder::NewHolderKey) {
//! let another = key.clone();
//! # }
//! ```
//!
//! The door to presentations, `open_agreed`, is for `consent` alone, which holds the `PinVerified` of a person's yes:
//!
//! ```compile_fail,E0624
//! # use wallet_core::keys::{HolderKeys, PinVerified, QuestionId};
//! # fn climb(keys: HolderKeys, tx: &wallet_core::store::Transaction<'_>, pin: PinVerified, question: QuestionId) {
//! let opened = keys.open_agreed(tx, pin, &question, &[]);
//! # }
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};
use jiff::Timestamp;
use wallet_credentials::crypto::{CryptoError, PublicKey, Random, RandomError, Signer, SigningKey};
use wallet_protocols::openid4vci::{KeyProof, ProofToSign};
use zeroize::Zeroizing;

use super::header::Facts;
use super::wrap::{self, Blob, Label};
use super::{KeysError, PinVerified, QuestionId};
use crate::store::holder_keys::{KeyId, SealedKey};
use crate::store::{StoreError, Transaction, new_id};

type Kem = DhP256HkdfSha256;
type PrivateKey = <Kem as hpke::Kem>::PrivateKey;

/// An encapsulated P-256 key (RFC 9180, 7.1).
const ENCAPSULATED: usize = 65;
/// What every sealed holder key is bound to, before the store's id.
const INFO: &[u8] = b"citizen-wallet holder key 1\0";

/// Makes, seals and opens the holder keys of one wallet. Holds no secret.
pub struct HolderKeys {
    store_id: String,
    public: Blob,
    sealed_private: Blob,
}

/// A holder key made in this very journey, good for one thing: proving to the issuer that this wallet has it.
pub struct NewHolderKey {
    id: KeyId,
    journey: String,
    key: SigningKey,
}

impl NewHolderKey {
    /// Its id in the store.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Its public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }
}

/// A yes to an issuer: what allows a proof of possession. Journeys implement it for an accepted offer.
pub trait IssuanceGrant {
    /// The journey the yes was given in.
    fn journey(&self) -> &str;
}

/// A holder key opened for the one presentation that was agreed to. Signs until it is dropped.
pub(crate) struct AgreedKey {
    id: KeyId,
    key: SigningKey,
}

impl AgreedKey {
    /// Its id in the store.
    pub(crate) fn id(&self) -> &KeyId {
        &self.id
    }
}

impl Signer for AgreedKey {
    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], CryptoError> {
        self.key.sign(message)
    }
}

impl HolderKeys {
    pub(super) fn new(facts: &Facts) -> Self {
        Self {
            store_id: facts.store_id.clone(),
            public: facts.wallet_public_key.clone(),
            sealed_private: facts.wallet_private_key.clone(),
        }
    }

    /// Makes a key for a journey and writes it down sealed. To be committed before the issuer hears of the key.
    ///
    /// # Errors
    /// Why the store could not be written; no randomness.
    pub fn make(&self, tx: &Transaction<'_>, journey: &str, now: Timestamp) -> Result<NewHolderKey, KeysError> {
        let key = SigningKey::from_random(&mut SystemRandom).map_err(|_| StoreError::NoRandomness)?;
        let id = KeyId::stored(new_id()?);
        let public = point(&key.public_key())?;
        let row = SealedKey {
            thumbprint: URL_SAFE_NO_PAD.encode(key.public_key().thumbprint()),
            public,
            sealed: self.seal(&id, &public, &key)?,
            journey: journey.to_owned(),
            id: id.clone(),
        };
        tx.add_holder_key(&row, now)?;
        Ok(NewHolderKey {
            id,
            journey: journey.to_owned(),
            key,
        })
    }

    /// First door: proves to the issuer that this wallet has the key (OpenID4VCI 1.0, Appendix F.1). What is signed is a
    /// key proof and can be nothing else: [`ProofToSign`] has no other form.
    ///
    /// # Errors
    /// [`KeysError::OtherJourney`] when the grant is not of the journey that made the key; [`KeysError::CannotSign`] when the
    /// proof names another key.
    pub fn prove_possession(
        &self,
        key: &NewHolderKey,
        grant: &impl IssuanceGrant,
        proof: ProofToSign,
    ) -> Result<KeyProof, KeysError> {
        if key.journey != grant.journey() {
            return Err(KeysError::OtherJourney);
        }
        let proof = proof.sign(&key.key).map_err(|_| KeysError::CannotSign)?;
        if *proof.key() != key.public_key() {
            return Err(KeysError::CannotSign);
        }
        Ok(proof)
    }

    /// Second door, for `consent` alone: opens the keys of the copies a person agreed to share, with the PIN typed for
    /// that question. Consent calls it with the prompt's own id and gives the keys to nothing but the presentation.
    ///
    /// # Errors
    /// [`KeysError::OtherQuestion`] when the PIN was typed for another question; [`KeysError::HolderKeyDamaged`].
    pub(crate) fn open_agreed(
        &self,
        tx: &Transaction<'_>,
        pin: PinVerified,
        question: &QuestionId,
        keys: &[KeyId],
    ) -> Result<Vec<AgreedKey>, KeysError> {
        if pin.question() != question {
            return Err(KeysError::OtherQuestion);
        }
        let private = self.open_private(pin)?;
        keys.iter()
            .map(|id| self.open(&private, tx.sealed_holder_key(id)?))
            .collect()
    }

    fn open_private(&self, pin: PinVerified) -> Result<PrivateKey, KeysError> {
        let opening = pin.spend();
        let bytes = wrap::open_under(
            &opening,
            &self.store_id,
            Label::WalletPrivateKey,
            &self.sealed_private.0,
            &[],
        )
        .ok_or(KeysError::HolderKeyDamaged)?;
        PrivateKey::from_bytes(&bytes).map_err(|_| KeysError::HolderKeyDamaged)
    }

    fn seal(&self, id: &KeyId, public: &[u8; 65], key: &SigningKey) -> Result<Vec<u8>, KeysError> {
        let recipient = <Kem as hpke::Kem>::PublicKey::from_bytes(&self.public.0)
            .map_err(|_| KeysError::HeaderDamaged("its public key"))?;
        let (encapsulated, sealed) = hpke::single_shot_seal::<AesGcm256, HkdfSha256, Kem>(
            &OpModeS::Base,
            &recipient,
            &self.info(),
            key.to_bytes().as_slice(),
            &bound(id, public),
        )
        .map_err(|_| KeysError::HeaderDamaged("its public key"))?;
        Ok([encapsulated.to_bytes().as_slice(), &sealed].concat())
    }

    fn open(&self, private: &PrivateKey, row: SealedKey) -> Result<AgreedKey, KeysError> {
        let damaged = |_| KeysError::HolderKeyDamaged;
        let (encapsulated, sealed) = row
            .sealed
            .split_first_chunk::<ENCAPSULATED>()
            .ok_or(KeysError::HolderKeyDamaged)?;
        let scalar = Zeroizing::new(
            hpke::single_shot_open::<AesGcm256, HkdfSha256, Kem>(
                &OpModeR::Base,
                private,
                &<Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).map_err(damaged)?,
                &self.info(),
                sealed,
                &bound(&row.id, &row.public),
            )
            .map_err(damaged)?,
        );
        let key = SigningKey::from_bytes(&scalar).map_err(|_| KeysError::HolderKeyDamaged)?;
        if point(&key.public_key())? != row.public {
            return Err(KeysError::HolderKeyDamaged);
        }
        Ok(AgreedKey { id: row.id, key })
    }

    fn info(&self) -> Vec<u8> {
        [INFO, self.store_id.as_bytes()].concat()
    }
}

/// A new key pair of the wallet, to which holder keys are sealed: public point and private scalar.
pub(super) fn new_wallet_key() -> Result<(Blob, Zeroizing<Vec<u8>>), KeysError> {
    let key = SigningKey::from_random(&mut SystemRandom).map_err(|_| StoreError::NoRandomness)?;
    let private = PrivateKey::from_bytes(key.to_bytes().as_slice()).map_err(|_| KeysError::HolderKeyDamaged)?;
    let public = Kem::sk_to_pk(&private).to_bytes().to_vec();
    Ok((Blob(public), Zeroizing::new(private.to_bytes().to_vec())))
}

/// A sealed key opens only as the key of its row.
fn bound(id: &KeyId, public: &[u8; 65]) -> Vec<u8> {
    [id.as_str().as_bytes(), b"\0", public].concat()
}

/// The uncompressed point (SEC 1, 2.3.3).
fn point(key: &PublicKey) -> Result<[u8; 65], KeysError> {
    [&[4], key.x(), key.y()]
        .concat()
        .try_into()
        .map_err(|_| KeysError::HolderKeyDamaged)
}

/// The operating system's source of random bytes.
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}
