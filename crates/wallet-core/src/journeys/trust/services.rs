//! Who asks: services by their certificate, by a DID, or by somebody who vouches for them (OpenID4VP 1.0, 5.9.3 and 12).

use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Profile, RegisterEntry, verify_chain};
use wallet_protocols::openid4vp::{ClientId, VerifierIdentity};

use super::{Known, NAME_MAX, Trust, local, subject, view};
use crate::labels::clean;
use crate::store::anchors::AnchorRole;
use crate::view::{Language, RecognitionView};

impl Trust {
    /// Who signed a request under this client identifier, as this wallet knows them, and what the register says of them.
    pub(crate) fn verifier(
        &self,
        client_id: &ClientId,
        identity: &VerifierIdentity,
        language: Language,
        now: Timestamp,
    ) -> (Known, Option<&RegisterEntry>) {
        match identity {
            VerifierIdentity::Certificate { chain, .. } => self.service(chain, now),
            VerifierIdentity::Key(_) => (self.service_did(client_id.value()), None),
            VerifierIdentity::Attested { chain, .. } => (self.attested(client_id, chain, language, now), None),
            // An unsigned request is by nobody this wallet could know.
            _ => (Known::stranger(), None),
        }
    }

    /// Whether a service may be told that its request breaks a rule: somebody said that it is no stranger.
    pub(crate) fn knows_verifier(&self, client_id: &ClientId, identity: &VerifierIdentity, now: Timestamp) -> bool {
        match self.verifier(client_id, identity, Language::En, now).0.recognition {
            RecognitionView::Recognised | RecognitionView::AddedByYou | RecognitionView::VouchedFor => true,
            RecognitionView::NotListed | RecognitionView::Withdrawn => false,
        }
    }

    /// Who signed a request with this chain, and what the register says of it.
    pub(crate) fn service(&self, chain: &[Certificate], now: Timestamp) -> (Known, Option<&RegisterEntry>) {
        if let Some(register) = &self.register {
            let (recognition, entry) = register.recognise(chain, &self.added, now);
            let name = entry
                .map(|entry| clean(&entry.trading_name, NAME_MAX))
                .or_else(|| subject(chain));
            return (Known::new(name, view(recognition)), entry);
        }
        let recognition = match verify_chain(chain, &self.added, now, Profile::Reader) {
            Ok(_) => RecognitionView::AddedByYou,
            Err(_) => RecognitionView::NotListed,
        };
        (Known::new(subject(chain), recognition), None)
    }

    /// A service that signs with the key of a DID.
    pub(crate) fn service_did(&self, did: &str) -> Known {
        let recognition = if self.added_did(AnchorRole::Service, did) {
            RecognitionView::AddedByYou
        } else {
            RecognitionView::NotListed
        };
        Known::new(Some(clean(did, NAME_MAX)), recognition)
    }

    /// A service that the signer of this chain vouches for, by the name it vouched for. Who vouches says who it is; nobody
    /// registered what it may ask for.
    fn attested(&self, client_id: &ClientId, chain: &[Certificate], language: Language, now: Timestamp) -> Known {
        let name = Some(clean(client_id.value(), NAME_MAX));
        let by_person = || verify_chain(chain, &self.added, now, Profile::VerifierAttestation).is_ok();
        let listed = self.list.as_ref().and_then(|list| {
            let (recognition, entry) = list.recognise(chain, &self.added, Profile::VerifierAttestation, None, now);
            Some((view(recognition), local(&entry?.name, language)))
        });
        let (recognition, vouched_by) = match listed {
            Some((RecognitionView::Recognised, attester)) => (RecognitionView::VouchedFor, Some(attester)),
            Some((recognition, _)) => (recognition, None),
            None if by_person() => (RecognitionView::AddedByYou, subject(chain)),
            None => (RecognitionView::NotListed, None),
        };
        Known {
            vouched_by: vouched_by.map(|attester| clean(&attester, NAME_MAX)),
            ..Known::new(name, recognition)
        }
    }
}
