//! Each practice issuer in many forms: what a wallet may meet elsewhere, under an address that says which. `dvla` is plain;
//! `dvla.haip.encrypted.batch-3` takes attested wallets only, encrypts, and gives three copies.

use crate::catalogue::Issuer;
use crate::house::House;
use crate::spec::{ClientAuthName, EncryptionName, OfferFault, OfferSpec, ProofName};

/// The most copies a batch may have.
const MOST_COPIES: u32 = 50;

/// What differs from the plain form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variant {
    /// HAIP 1.0: attested wallets, pushed requests, bound tokens, `scope` only.
    pub(crate) haip: bool,
    pub(crate) encryption: Option<EncryptionName>,
    pub(crate) zip: bool,
    pub(crate) client_auth: ClientAuthName,
    /// Tokens are bound to a key, and proofs need the server's nonces.
    pub(crate) dpop: bool,
    pub(crate) proof: ProofName,
    pub(crate) batch_size: Option<u32>,
    /// Something wrong with the metadata.
    pub(crate) fault: Option<OfferFault>,
}

impl Variant {
    /// The form an offer asks for.
    pub(crate) fn of(spec: &OfferSpec) -> Self {
        Self {
            haip: spec.haip,
            encryption: spec.encryption,
            zip: spec.zip,
            client_auth: spec.client_auth,
            dpop: spec.dpop,
            proof: spec.proof,
            batch_size: spec.batch_size.filter(|size| (1..=MOST_COPIES).contains(size)),
            fault: spec.fault.filter(|fault| fault.is_about_metadata()),
        }
    }

    /// How wallets authenticate.
    pub(crate) fn client_auth(&self) -> ClientAuthName {
        if self.haip {
            ClientAuthName::Attestation
        } else {
            self.client_auth
        }
    }

    /// Whether tokens must be bound to a key.
    pub(crate) fn needs_dpop(&self) -> bool {
        self.haip || self.dpop
    }

    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut say = |when: bool, word: &str| {
            if when {
                words.push(word.to_owned());
            }
        };
        say(self.haip, "haip");
        say(self.encryption == Some(EncryptionName::Offered), "encryption");
        say(self.encryption == Some(EncryptionName::Required), "encrypted");
        say(self.zip, "zip");
        say(self.client_auth == ClientAuthName::Attestation, "attestation");
        say(self.client_auth == ClientAuthName::PrivateKeyJwt, "private-key-jwt");
        say(self.dpop, "dpop");
        say(self.proof == ProofName::JwtWithAttestation, "key-attestation");
        say(self.proof == ProofName::Attestation, "attestation-proof");
        if let Some(size) = self.batch_size {
            words.push(format!("batch-{size}"));
        }
        if let Some(fault) = self.fault {
            words.push(fault.word());
        }
        words
    }

    fn add(&mut self, word: &str) -> Option<()> {
        match word {
            "haip" => self.haip = true,
            "encryption" => self.encryption = Some(EncryptionName::Offered),
            "encrypted" => self.encryption = Some(EncryptionName::Required),
            "zip" => self.zip = true,
            "attestation" => self.client_auth = ClientAuthName::Attestation,
            "private-key-jwt" => self.client_auth = ClientAuthName::PrivateKeyJwt,
            "dpop" => self.dpop = true,
            "key-attestation" => self.proof = ProofName::JwtWithAttestation,
            "attestation-proof" => self.proof = ProofName::Attestation,
            _ => match word.strip_prefix("batch-") {
                Some(size) => {
                    let size: u32 = size.parse().ok().filter(|size| (1..=MOST_COPIES).contains(size))?;
                    self.batch_size = Some(size);
                }
                None => self.fault = Some(OfferFault::about_metadata(word)?),
            },
        }
        Some(())
    }
}

/// A practice issuer in one of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IssuerAt {
    pub(crate) issuer: Issuer,
    pub(crate) variant: Variant,
}

impl IssuerAt {
    /// The issuer a segment of an address names.
    pub(crate) fn from_path(segment: &str) -> Option<Self> {
        let mut words = segment.split('.');
        let issuer = Issuer::from_path(words.next()?)?;
        let mut variant = Variant::default();
        for word in words {
            variant.add(word)?;
        }
        let at = Self { issuer, variant };
        // One spelling for each form: identifiers are compared as text.
        (at.path() == segment).then_some(at)
    }

    /// The segment.
    pub(crate) fn path(&self) -> String {
        let mut words = vec![self.issuer.path().to_owned()];
        words.extend(self.variant.words());
        words.join(".")
    }

    /// The Credential Issuer Identifier, which is the identifier of its authorization server too.
    pub(crate) fn url(&self, house: &House) -> String {
        format!("{}/issuers/{}", house.base(), self.path())
    }

    /// The most copies of one request.
    pub(crate) fn copies(&self, usual: usize) -> usize {
        match self.variant.batch_size {
            Some(size) => usize::try_from(size).unwrap_or(usual),
            None => usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::DocumentType;

    #[test]
    fn every_form_is_found_again_by_its_address() {
        let spec = OfferSpec {
            haip: true,
            encryption: Some(EncryptionName::Required),
            zip: true,
            client_auth: ClientAuthName::PrivateKeyJwt,
            dpop: true,
            proof: ProofName::JwtWithAttestation,
            batch_size: Some(3),
            fault: Some(OfferFault::HugeMetadata),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        };
        let at = IssuerAt {
            issuer: Issuer::Dvla,
            variant: Variant::of(&spec),
        };
        assert_eq!(
            at.path(),
            "dvla.haip.encrypted.zip.private-key-jwt.dpop.key-attestation.batch-3.huge-metadata"
        );
        assert_eq!(IssuerAt::from_path(&at.path()), Some(at));
        for segment in [
            "",
            "nobody",
            "dvla.nothing",
            "dvla.zip.haip",
            "dvla.batch-0",
            "dvla.batch-03",
            "dvla.",
        ] {
            assert_eq!(IssuerAt::from_path(segment), None, "{segment}");
        }
    }
}
