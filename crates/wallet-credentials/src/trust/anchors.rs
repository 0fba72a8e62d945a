//! Whom this wallet was told to trust, and for what.

use super::certificate::Certificate;
use super::crl::ListedRevocations;

/// What a trust anchor is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Issues credentials.
    Issuer,
    /// Asks for credentials.
    Service,
    /// Says whether credentials of the issuers it is bound to still count ([`TrustAnchor::speaking_for`]). An
    /// [`Role::Issuer`] says it of its own.
    Status,
    /// Gives wallet and key attestations.
    WalletProvider,
    /// Vouches for the keys of services in Verifier Attestation JWTs (OpenID4VP 1.0, 12).
    VerifierAttestation,
    /// Signs trust lists and registers.
    ListSigner,
}

/// How far the trust in an anchor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Reach {
    /// A CA: the certificates it signed are trusted too.
    Authority,
    /// One certificate, and nothing below it.
    Pinned,
}

/// One certificate that is trusted because someone said so.
#[derive(Clone, Debug)]
pub struct TrustAnchor {
    certificate: Certificate,
    role: Role,
    reach: Reach,
    /// SHA-256 of the issuers' certificates a [`Role::Status`] anchor speaks for.
    issuers: Vec<[u8; 32]>,
    revocations: Vec<ListedRevocations>,
}

impl TrustAnchor {
    /// A CA certificate (ISO: an IACA or reader CA); what it signed is trusted in this role.
    #[must_use]
    pub const fn authority(certificate: Certificate, role: Role) -> Self {
        Self {
            certificate,
            role,
            reach: Reach::Authority,
            issuers: Vec::new(),
            revocations: Vec::new(),
        }
    }

    /// A signer's own certificate, self-signed or not, trusted directly and without a chain. It signs nothing else.
    #[must_use]
    pub const fn pinned(certificate: Certificate, role: Role) -> Self {
        Self {
            certificate,
            role,
            reach: Reach::Pinned,
            issuers: Vec::new(),
            revocations: Vec::new(),
        }
    }

    /// An authority when the certificate says it is a CA, else a pinned certificate.
    #[must_use]
    pub fn from_certificate(certificate: Certificate, role: Role) -> Self {
        let reach = if certificate.is_ca() {
            Reach::Authority
        } else {
            Reach::Pinned
        };
        Self {
            certificate,
            role,
            reach,
            issuers: Vec::new(),
            revocations: Vec::new(),
        }
    }

    /// Binds a [`Role::Status`] anchor to the issuers whose credentials it may say something about, each named by the
    /// SHA-256 of its anchor's certificate. One that is bound to none speaks for nobody.
    #[must_use]
    pub fn speaking_for(mut self, issuers: impl IntoIterator<Item = [u8; 32]>) -> Self {
        self.issuers = issuers.into_iter().collect();
        self
    }

    /// With revocation lists that stood beside it on a trust list: no chain that holds a certificate they revoke leads to this
    /// anchor.
    #[must_use]
    pub fn revoking(mut self, lists: impl IntoIterator<Item = ListedRevocations>) -> Self {
        self.revocations = lists.into_iter().collect();
        self
    }

    /// Whether a list beside this anchor revokes this certificate.
    pub(super) fn revokes(&self, certificate: &Certificate) -> bool {
        self.revocations.iter().any(|list| list.revokes(certificate))
    }

    /// Whether this anchor is bound to the issuer with this certificate.
    #[must_use]
    pub fn speaks_for(&self, issuer: &[u8; 32]) -> bool {
        self.issuers.contains(issuer)
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What it is trusted for.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether only this certificate itself is trusted.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.reach == Reach::Pinned
    }
}

/// All trust anchors one verification may end at.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors(Vec<TrustAnchor>);

impl TrustAnchors {
    /// No anchors: nothing is trusted.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an anchor.
    pub fn add(&mut self, anchor: TrustAnchor) {
        self.0.push(anchor);
    }

    /// Adds what a person chose, as `trust add` does with a file: a CA for what it signed, any other certificate alone.
    /// A CA counts as a signer too, where its key usage lets it sign data: `openssl req -x509` makes such certificates,
    /// and people sign with them directly.
    pub fn add_chosen(&mut self, certificate: Certificate, role: Role) {
        if certificate.is_ca() {
            self.add(TrustAnchor::authority(certificate.clone(), role));
        }
        self.add(TrustAnchor::pinned(certificate, role));
    }

    /// Every anchor.
    pub fn iter(&self) -> impl Iterator<Item = &TrustAnchor> {
        self.0.iter()
    }

    /// Whether there is no anchor.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn authorities(&self, roles: &'static [Role]) -> impl Iterator<Item = &TrustAnchor> {
        self.0
            .iter()
            .filter(move |anchor| !anchor.is_pinned() && roles.contains(&anchor.role))
    }

    pub(super) fn pinned(&self, leaf: &Certificate, roles: &[Role]) -> Option<&TrustAnchor> {
        self.0
            .iter()
            .find(|anchor| anchor.is_pinned() && roles.contains(&anchor.role) && anchor.certificate == *leaf)
    }
}

impl FromIterator<TrustAnchor> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = TrustAnchor>>(anchors: I) -> Self {
        Self(anchors.into_iter().collect())
    }
}

impl Extend<TrustAnchor> for TrustAnchors {
    fn extend<I: IntoIterator<Item = TrustAnchor>>(&mut self, anchors: I) {
        self.0.extend(anchors);
    }
}
