//! The issuer's side: making an SD-JWT VC (RFC 9901, 4 and 5).

use serde_json::{Map, Value, json};

use super::disclosure::DigestAlgorithm;
use super::text::MAX_DISCLOSURES;
use super::{CREDENTIAL_TYPE, PROTECTED_CLAIMS, is_protected};
use crate::claim::{ClaimPath, MAX_PATH_LENGTH, PathElement};
use crate::crypto::{PublicKey, Random, Signer};
use crate::jose::{SigningHeader, base64url};
use crate::status::StatusReference;
use crate::time::Timestamp;

/// Why a credential could not be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The claims use a name that SD-JWT reserves (`_sd`, `...`, `_sd_alg`).
    #[error("the claims use a reserved name")]
    ReservedName,
    /// The claims hold a registered claim; those have methods of their own.
    #[error("the claims hold a registered claim")]
    RegisteredClaim,
    /// A registered claim cannot be selectively disclosable (draft-ietf-oauth-sd-jwt-vc, 2.2.2.3).
    #[error("a protected claim cannot be selectively disclosable")]
    ProtectedClaim,
    /// A path that should be selectively disclosable leads to nothing.
    #[error("a path leads to no claim")]
    NoSuchClaim,
    /// Too many disclosures, or claims nested too deep.
    #[error("the credential is too large")]
    TooLarge,
    /// The source of randomness failed.
    #[error("the source of randomness failed")]
    Random,
    /// The credential could not be signed.
    #[error("the credential could not be signed")]
    NotSigned,
}

/// An SD-JWT VC about to be issued.
#[derive(Clone)]
pub struct Issuance {
    header: SigningHeader,
    registered: Map<String, Value>,
    claims: Map<String, Value>,
    disclosable: Vec<ClaimPath>,
    decoys: u8,
    algorithm: DigestAlgorithm,
}

impl Issuance {
    /// A credential of the kind `vct` with these claims about its subject; nothing is selectively disclosable yet.
    #[must_use]
    pub fn new(vct: &str, claims: Map<String, Value>) -> Self {
        let mut registered = Map::new();
        registered.insert("vct".to_owned(), vct.into());
        Self {
            header: SigningHeader::new(CREDENTIAL_TYPE),
            registered,
            claims,
            disclosable: Vec::new(),
            decoys: 0,
            algorithm: DigestAlgorithm::default(),
        }
    }

    /// With `aka_vcts`: further kinds of credential this one is (draft-ietf-oauth-sd-jwt-vc, 2.2.2.2).
    #[must_use]
    pub fn aka_vcts(self, types: &[&str]) -> Self {
        self.registered("aka_vcts", types.into())
    }

    /// With `vct#integrity`: the hash of the Type Metadata document, as in `sha256-…` (draft-ietf-oauth-sd-jwt-vc, 6).
    #[must_use]
    pub fn vct_integrity(self, integrity: &str) -> Self {
        self.registered("vct#integrity", integrity.into())
    }

    /// With `iss`.
    #[must_use]
    pub fn iss(self, iss: &str) -> Self {
        self.registered("iss", iss.into())
    }

    /// With `iat`.
    #[must_use]
    pub fn issued_at(self, instant: Timestamp) -> Self {
        self.registered("iat", instant.as_unix().into())
    }

    /// With `nbf`.
    #[must_use]
    pub fn not_before(self, instant: Timestamp) -> Self {
        self.registered("nbf", instant.as_unix().into())
    }

    /// With `exp`.
    #[must_use]
    pub fn expires_at(self, instant: Timestamp) -> Self {
        self.registered("exp", instant.as_unix().into())
    }

    /// With `status`.
    #[must_use]
    pub fn status(self, reference: &StatusReference) -> Self {
        self.registered("status", reference.to_status_claim())
    }

    /// Bound to this key (`cnf.jwk`).
    #[must_use]
    pub fn holder_key(self, key: &PublicKey) -> Self {
        self.registered("cnf", json!({"jwk": key.to_jwk()}))
    }

    /// With the issuer's certificate chain in `x5c`, without the trust anchor (HAIP 1.0, 6.1.1).
    #[must_use]
    pub fn x5c<C: AsRef<[u8]>>(mut self, chain: &[C]) -> Self {
        self.header = self.header.x5c(chain);
        self
    }

    /// With `kid` in the header.
    #[must_use]
    pub fn kid(mut self, kid: &str) -> Self {
        self.header = self.header.kid(kid);
        self
    }

    /// Makes these claims selectively disclosable: members, array elements, nested ones; a path with "all elements"
    /// makes each of them so.
    #[must_use]
    pub fn selectively_disclosable(mut self, paths: impl IntoIterator<Item = ClaimPath>) -> Self {
        self.disclosable.extend(paths);
        self
    }

    /// Adds this many decoy digests to every object with selectively disclosable members and to every array with
    /// selectively disclosable elements (RFC 9901, 4.2.5).
    #[must_use]
    pub const fn decoys(mut self, each: u8) -> Self {
        self.decoys = each;
        self
    }

    /// With another hash algorithm than SHA-256 for the digests (`_sd_alg`).
    #[must_use]
    pub const fn digest_algorithm(mut self, algorithm: DigestAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Makes the disclosures with fresh salts and signs the credential.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn sign(mut self, signer: &dyn Signer, random: &mut dyn Random) -> Result<String, IssueError> {
        let registered = |name: &String| PROTECTED_CLAIMS.contains(&name.as_str()) || name == "iat";
        if self.claims.keys().any(registered) {
            return Err(IssueError::RegisteredClaim);
        }
        if self.disclosable.iter().any(is_protected) {
            return Err(IssueError::ProtectedClaim);
        }
        let mut conceal = Conceal {
            found: vec![false; self.disclosable.len()],
            disclosable: &self.disclosable,
            decoys: self.decoys,
            algorithm: self.algorithm,
            disclosures: Vec::new(),
            path: Vec::new(),
            random,
        };
        let claims = conceal.object(self.claims)?;
        if conceal.found.contains(&false) {
            return Err(IssueError::NoSuchClaim);
        }
        let disclosures = conceal.disclosures;
        self.registered.extend(claims);
        if !disclosures.is_empty() {
            self.registered
                .insert("_sd_alg".to_owned(), self.algorithm.as_str().into());
        }
        let payload = Value::Object(self.registered);
        let mut text = self
            .header
            .sign_json(&payload, signer)
            .map_err(|_| IssueError::NotSigned)?;
        text.push('~');
        for disclosure in &disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        Ok(text)
    }

    fn registered(mut self, name: &str, value: Value) -> Self {
        self.registered.insert(name.to_owned(), value);
        self
    }
}

/// Walks the claims from the inside out and replaces what is selectively disclosable by digests.
struct Conceal<'a> {
    disclosable: &'a [ClaimPath],
    found: Vec<bool>,
    decoys: u8,
    algorithm: DigestAlgorithm,
    disclosures: Vec<String>,
    path: Vec<PathElement>,
    random: &'a mut dyn Random,
}

impl Conceal<'_> {
    fn object(&mut self, object: Map<String, Value>) -> Result<Map<String, Value>, IssueError> {
        let mut clear = Map::new();
        let mut digests = Vec::new();
        for (name, value) in object {
            if name == "_sd" || name == "..." || name == "_sd_alg" {
                return Err(IssueError::ReservedName);
            }
            let (value, hidden) = self.below(PathElement::Name(name.clone()), value)?;
            if hidden {
                let salt = self.random_text::<16>()?;
                digests.push(self.disclose(&json!([salt, name, value]))?);
            } else {
                clear.insert(name, value);
            }
        }
        if !digests.is_empty() {
            for _ in 0..self.decoys {
                digests.push(self.decoy()?);
            }
            // Sorted, so that the order says nothing about which claim is which (RFC 9901, 4.2.4.1).
            digests.sort_unstable();
            clear.insert("_sd".to_owned(), digests.into());
        }
        Ok(clear)
    }

    fn array(&mut self, array: Vec<Value>) -> Result<Vec<Value>, IssueError> {
        let mut elements = Vec::with_capacity(array.len());
        let mut some_hidden = false;
        for (at, value) in (0..).zip(array) {
            let (value, hidden) = self.below(PathElement::Index(at), value)?;
            some_hidden |= hidden;
            if hidden {
                let salt = self.random_text::<16>()?;
                elements.push(json!({"...": self.disclose(&json!([salt, value]))?}));
            } else {
                elements.push(value);
            }
        }
        for _ in 0..if some_hidden { self.decoys } else { 0 } {
            // Anywhere, or decoys would be known by standing at the end.
            let mut drawn = [0_u8; 4];
            self.random.fill(&mut drawn).map_err(|_| IssueError::Random)?;
            let at =
                usize::try_from(u32::from_be_bytes(drawn)).map_err(|_| IssueError::TooLarge)? % (elements.len() + 1);
            elements.insert(at, json!({"...": self.decoy()?}));
        }
        Ok(elements)
    }

    /// The digest of something nobody knows.
    fn decoy(&mut self) -> Result<String, IssueError> {
        Ok(self.algorithm.digest(&self.random_text::<32>()?))
    }

    /// Conceals what is inside `value`, and says whether `value` itself is to be concealed.
    fn below(&mut self, element: PathElement, value: Value) -> Result<(Value, bool), IssueError> {
        if self.path.len() >= MAX_PATH_LENGTH {
            return Err(IssueError::TooLarge);
        }
        self.path.push(element);
        let value = match value {
            Value::Object(object) => Value::Object(self.object(object)?),
            Value::Array(array) => Value::Array(self.array(array)?),
            plain => plain,
        };
        let mut hidden = false;
        for (found, path) in self.found.iter_mut().zip(self.disclosable) {
            if path.elements().len() == self.path.len() && path.covers(&self.path) {
                *found = true;
                hidden = true;
            }
        }
        self.path.pop();
        Ok((value, hidden))
    }

    fn disclose(&mut self, content: &Value) -> Result<String, IssueError> {
        if self.disclosures.len() >= MAX_DISCLOSURES {
            return Err(IssueError::TooLarge);
        }
        let content = serde_json::to_vec(content).map_err(|_| IssueError::NotSigned)?;
        let disclosure = base64url::encode(&content);
        let digest = self.algorithm.digest(&disclosure);
        self.disclosures.push(disclosure);
        Ok(digest)
    }

    fn random_text<const N: usize>(&mut self) -> Result<String, IssueError> {
        let mut bytes = [0_u8; N];
        self.random.fill(&mut bytes).map_err(|_| IssueError::Random)?;
        Ok(base64url::encode(&bytes))
    }
}
