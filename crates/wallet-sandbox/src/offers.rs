//! Offers and what became of them: codes, tokens and nonces of the pre-authorized code flow (OpenID4VCI 1.0, 3.5).

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use wallet_credentials::crypto::RandomError;
use wallet_credentials::time::Timestamp;

use crate::catalogue::{DocumentType, Issuer};
use crate::random::{digits, unguessable};
use crate::spec::{By, OfferFault, OfferSpec};

/// How many offers are remembered; the oldest go first.
const MOST_OFFERS: usize = 1_000;
/// How many nonces are outstanding at most.
const MOST_NONCES: usize = 10_000;
/// Wrong codes after which an offer is void.
const MOST_WRONG_CODES: u8 = 3;
/// How long an offer stands when nobody says otherwise.
const OFFER_LIFE: Duration = Duration::from_secs(15 * 60);
/// How long an access token works.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(10 * 60);
/// How long a `c_nonce` works.
const NONCE_LIFE: Duration = Duration::from_secs(5 * 60);

/// One offer.
#[derive(Clone)]
pub(crate) struct Offer {
    pub(crate) id: String,
    pub(crate) documents: Vec<DocumentType>,
    pub(crate) person: String,
    pub(crate) pre_authorized_code: String,
    pub(crate) tx_code: Option<String>,
    pub(crate) by: By,
    pub(crate) fault: Option<OfferFault>,
    pub(crate) expires_at: Timestamp,
    pub(crate) stage: Stage,
    /// Makes a fresh offer each time it is fetched by reference, like a code printed on a poster.
    pub(crate) standing: bool,
    wrong_codes: u8,
    nonces_refused: u32,
}

impl Offer {
    pub(crate) fn issuer(&self) -> Option<Issuer> {
        self.documents.first().map(|document| document.issuer())
    }

    pub(crate) fn has_fault(&self, fault: OfferFault) -> bool {
        self.fault == Some(fault)
    }
}

/// How far an offer has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nobody has taken it up.
    Waiting,
    /// The code is spent and a token was given.
    Accepted,
    /// Documents were issued: how many copies.
    Issued(usize),
    /// Too many wrong codes.
    Void,
}

/// What an access token allows.
struct Grant {
    offer: String,
    expires_at: Timestamp,
}

/// Why no token is given (RFC 6749, 5.2; OpenID4VCI 1.0, 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRefusal {
    /// Unknown, used or expired code, or a wrong `tx_code`.
    InvalidGrant,
    /// A `tx_code` is missing, or there is one where none belongs.
    InvalidRequest,
}

/// Why no offer can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferRefusal {
    /// There is no such person.
    #[error("there is no such practice person")]
    Person,
    /// The person does not have this document.
    #[error("this person does not have that document")]
    NotForPerson,
    /// The documents of one offer have to be of one issuer.
    #[error("the documents of one offer must be of one issuer")]
    SeveralIssuers,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Every offer, token and nonce.
#[derive(Default)]
pub(crate) struct Offers {
    offers: VecDeque<Offer>,
    tokens: HashMap<String, Grant>,
    nonces: VecDeque<(String, Timestamp)>,
}

impl Offers {
    /// Makes an offer for a person who was looked up before.
    pub(crate) fn make(
        &mut self,
        spec: &OfferSpec,
        person: &str,
        standing: bool,
        now: Timestamp,
    ) -> Result<Offer, OfferRefusal> {
        let mut documents = vec![spec.name];
        documents.extend(spec.also.iter().copied().filter(|document| *document != spec.name));
        if documents.iter().any(|document| document.issuer() != spec.name.issuer()) {
            return Err(OfferRefusal::SeveralIssuers);
        }
        let with_code = spec.tx_code.unwrap_or(spec.name.usually_with_code());
        let life = spec
            .expires_in
            .map_or(OFFER_LIFE, |seconds| Duration::from_secs(seconds.into()));
        let offer = Offer {
            id: unguessable(12)?,
            documents,
            person: person.to_owned(),
            pre_authorized_code: unguessable(32)?,
            tx_code: if with_code { Some(digits()?) } else { None },
            by: spec.by,
            fault: spec.fault,
            expires_at: now.plus(life),
            stage: Stage::Waiting,
            standing,
            wrong_codes: 0,
            nonces_refused: 0,
        };
        if self.offers.len() >= MOST_OFFERS {
            self.offers.pop_front();
        }
        self.offers.push_back(offer.clone());
        Ok(offer)
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Offer> {
        self.offers.iter_mut().find(|offer| offer.id == id)
    }

    /// A fresh offer like a standing one, with the same code by another way.
    pub(crate) fn copy_of_standing(&mut self, id: &str, now: Timestamp) -> Result<Option<Offer>, RandomError> {
        let Some(standing) = self.find(id).filter(|offer| offer.standing).cloned() else {
            return Ok(None);
        };
        let copy = Offer {
            id: unguessable(12)?,
            pre_authorized_code: unguessable(32)?,
            standing: false,
            stage: Stage::Waiting,
            expires_at: now.plus(OFFER_LIFE),
            ..standing
        };
        if self.offers.len() >= MOST_OFFERS {
            self.offers.pop_front();
        }
        self.offers.push_back(copy.clone());
        Ok(Some(copy))
    }

    /// Spends a pre-authorized code: once, before it expires, with the right `tx_code`. Wrong codes are counted, and the
    /// third makes the offer void.
    pub(crate) fn redeem(
        &mut self,
        issuer: Issuer,
        code: &str,
        tx_code: Option<&str>,
        now: Timestamp,
    ) -> Result<Result<Offer, TokenRefusal>, RandomError> {
        let found = self
            .offers
            .iter_mut()
            .find(|offer| offer.pre_authorized_code == code && offer.issuer() == Some(issuer));
        let Some(offer) = found.filter(|offer| offer.stage == Stage::Waiting && now < offer.expires_at) else {
            return Ok(Err(TokenRefusal::InvalidGrant));
        };
        match (&offer.tx_code, tx_code) {
            (Some(_), None) | (None, Some(_)) => return Ok(Err(TokenRefusal::InvalidRequest)),
            (Some(right), Some(given)) if right != given => {
                offer.wrong_codes = offer.wrong_codes.saturating_add(1);
                if offer.wrong_codes >= MOST_WRONG_CODES {
                    offer.stage = Stage::Void;
                }
                return Ok(Err(TokenRefusal::InvalidGrant));
            }
            _ => {}
        }
        offer.stage = Stage::Accepted;
        Ok(Ok(offer.clone()))
    }

    /// Gives an access token for an offer whose code was redeemed.
    pub(crate) fn grant(&mut self, offer: &str, now: Timestamp) -> Result<String, RandomError> {
        self.tokens.retain(|_, grant| now < grant.expires_at);
        let token = unguessable(32)?;
        self.tokens.insert(
            token.clone(),
            Grant {
                offer: offer.to_owned(),
                expires_at: now.plus(TOKEN_LIFE),
            },
        );
        Ok(token)
    }

    /// The offer an access token belongs to.
    pub(crate) fn by_token(&self, issuer: Issuer, token: &str, now: Timestamp) -> Option<&Offer> {
        let grant = self.tokens.get(token).filter(|grant| now < grant.expires_at)?;
        self.find(&grant.offer).filter(|offer| offer.issuer() == Some(issuer))
    }

    /// A fresh `c_nonce` (OpenID4VCI 1.0, 7).
    pub(crate) fn make_nonce(&mut self, now: Timestamp) -> Result<String, RandomError> {
        while self.nonces.front().is_some_and(|(_, expires)| *expires <= now) || self.nonces.len() >= MOST_NONCES {
            self.nonces.pop_front();
        }
        let nonce = unguessable(24)?;
        self.nonces.push_back((nonce.clone(), now.plus(NONCE_LIFE)));
        Ok(nonce)
    }

    /// Uses a `c_nonce` up; whether it was good, the offer's fault included.
    pub(crate) fn spend_nonce(&mut self, nonce: &str, offer: &str, now: Timestamp) -> bool {
        let Some(place) = self
            .nonces
            .iter()
            .position(|(known, expires)| known == nonce && now < *expires)
        else {
            return false;
        };
        self.nonces.remove(place);
        let Some(offer) = self.find_mut(offer) else {
            return false;
        };
        let refuse = match offer.fault {
            Some(OfferFault::InvalidNonceAlways) => true,
            Some(OfferFault::InvalidNonceOnce) => offer.nonces_refused == 0,
            _ => false,
        };
        if refuse {
            offer.nonces_refused = offer.nonces_refused.saturating_add(1);
        }
        !refuse
    }

    /// Remembers that copies were issued for an offer.
    pub(crate) fn issued(&mut self, id: &str, copies: usize) {
        if let Some(offer) = self.find_mut(id) {
            let before = if let Stage::Issued(before) = offer.stage {
                before
            } else {
                0
            };
            offer.stage = Stage::Issued(before.saturating_add(copies));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn made(offers: &mut Offers, spec: OfferSpec) -> Offer {
        offers.make(&spec, "rhiannon-specimen", false, NOW).unwrap()
    }

    #[test]
    fn a_code_works_once() {
        let mut offers = Offers::default();
        let offer = made(&mut offers, OfferSpec::of(DocumentType::DrivingLicence));
        let mut redeem = || {
            offers
                .redeem(Issuer::Dvla, &offer.pre_authorized_code, None, NOW)
                .unwrap()
                .map(|offer| offer.id)
        };
        assert_eq!(redeem(), Ok(offer.id.clone()));
        assert_eq!(redeem(), Err(TokenRefusal::InvalidGrant));
    }

    #[test]
    fn a_code_of_another_issuer_or_an_expired_one_is_no_code() {
        let mut offers = Offers::default();
        let offer = made(&mut offers, OfferSpec::of(DocumentType::DrivingLicence));
        let code = &offer.pre_authorized_code;
        assert_eq!(
            offers.redeem(Issuer::Nhs, code, None, NOW).unwrap().err(),
            Some(TokenRefusal::InvalidGrant)
        );
        assert_eq!(
            offers.redeem(Issuer::Dvla, code, None, offer.expires_at).unwrap().err(),
            Some(TokenRefusal::InvalidGrant)
        );
    }

    #[test]
    fn the_third_wrong_tx_code_makes_the_offer_void() {
        let mut offers = Offers::default();
        let offer = made(&mut offers, OfferSpec::of(DocumentType::RightToWork));
        let (code, right) = (&offer.pre_authorized_code, offer.tx_code.as_deref());
        assert_eq!(
            offers.redeem(Issuer::HomeOffice, code, None, NOW).unwrap().err(),
            Some(TokenRefusal::InvalidRequest)
        );
        for _ in 0..MOST_WRONG_CODES {
            let refused = offers.redeem(Issuer::HomeOffice, code, Some("x"), NOW).unwrap().err();
            assert_eq!(refused, Some(TokenRefusal::InvalidGrant));
        }
        assert_eq!(
            offers.redeem(Issuer::HomeOffice, code, right, NOW).unwrap().err(),
            Some(TokenRefusal::InvalidGrant)
        );
    }

    #[test]
    fn a_nonce_is_used_up_and_expires() {
        let mut offers = Offers::default();
        let offer = made(&mut offers, OfferSpec::of(DocumentType::DrivingLicence));
        let nonce = offers.make_nonce(NOW).unwrap();
        assert!(!offers.spend_nonce("unknown", &offer.id, NOW));
        assert!(offers.spend_nonce(&nonce, &offer.id, NOW));
        assert!(!offers.spend_nonce(&nonce, &offer.id, NOW));
        let late = offers.make_nonce(NOW).unwrap();
        assert!(!offers.spend_nonce(&late, &offer.id, NOW.plus(NONCE_LIFE)));
    }

    #[test]
    fn documents_of_two_issuers_do_not_fit_one_offer() {
        let spec = OfferSpec {
            also: vec![DocumentType::NhsDetails],
            ..OfferSpec::of(DocumentType::DrivingLicence)
        };
        let refused = Offers::default().make(&spec, "rhiannon-specimen", false, NOW).err();
        assert_eq!(refused, Some(OfferRefusal::SeveralIssuers));
    }
}
