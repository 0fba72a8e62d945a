//! Offers and what became of them: codes, tokens and nonces of the pre-authorized code flow (OpenID4VCI 1.0, 3.5).

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use wallet_credentials::crypto::RandomError;
use wallet_credentials::time::{CivilDate, Timestamp};

use crate::catalogue::{DocumentType, Issuer};
use crate::random::{digits, unguessable};
use crate::spec::{Again, By, DialectName, GrantName, OfferFault, OfferSpec};
use crate::variant::{IssuerAt, Variant};

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
    pub(crate) grant: GrantName,
    pub(crate) dialect: Option<DialectName>,
    /// What is different when it is had anew.
    pub(crate) again: Option<Again>,
    /// The documents that were issued, and the day of each: had anew, a document says the same.
    pub(crate) issued: Vec<(DocumentType, CivilDate)>,
    /// What the wallet gives back when the person signs in (5.1.3).
    pub(crate) issuer_state: String,
    /// The form of the issuer it is from.
    pub(crate) variant: Variant,
    /// How often a wallet is told to wait, where the document is not ready at once.
    pub(crate) deferred: Option<u32>,
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

    /// The issuer in the form it offers this.
    pub(crate) fn issuer_at(&self) -> Option<IssuerAt> {
        Some(IssuerAt {
            issuer: self.issuer()?,
            variant: self.variant,
        })
    }

    fn is_of(&self, at: IssuerAt) -> bool {
        self.dialect.is_none() && self.issuer_at() == Some(at)
    }

    pub(crate) fn has_fault(&self, fault: OfferFault) -> bool {
        self.fault == Some(fault)
    }

    /// The day a document of it was first issued, where it was.
    pub(crate) fn issued_on(&self, document: DocumentType) -> Option<CivilDate> {
        let found = self.issued.iter().find(|(issued, _)| *issued == document);
        found.map(|(_, on)| *on)
    }

    /// The offer as it is for a document that is had anew.
    pub(crate) fn had_anew(self, document: DocumentType) -> Self {
        match self.again.filter(|_| self.issued_on(document).is_some()) {
            Some(again) => Self {
                fault: again.fault,
                deferred: again.deferred,
                ..self
            },
            None => self,
        }
    }

    /// Whether the person's details changed since it was first issued.
    pub(crate) fn is_changed(&self, document: DocumentType) -> bool {
        self.issued_on(document).is_some() && self.again.is_some_and(|again| again.changed)
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

/// What a token allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// The offer it is for.
    pub(crate) offer: String,
    /// The thumbprint of the key it is bound to (RFC 9449, 6).
    pub(crate) jkt: Option<String>,
    /// Who it was given to.
    pub(crate) client_id: Option<String>,
    /// Whether credentials are asked for by `credential_identifier`.
    pub(crate) identifiers: bool,
}

/// The `credential_identifier` of a document: each person has one of a kind.
pub(crate) fn identifier_of(document: DocumentType) -> String {
    format!("{}/1", document.as_str())
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
    /// GOV.UK's dialect has the driving licence, and nothing of what else can be asked for.
    #[error("GOV.UK's dialect is for a driving licence by pre-authorized code, with nothing else")]
    NotOfDialect,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// A refresh token, and the one it took the place of: that one counts until this one is used (RFC 9700, 4.14.2), so that a
/// wallet that never heard of this one is not locked out.
struct Refresh {
    token: String,
    before: Option<String>,
    grant: Grant,
}

/// Every offer, token and nonce.
#[derive(Default)]
pub(crate) struct Offers {
    offers: VecDeque<Offer>,
    tokens: HashMap<String, (Grant, Timestamp)>,
    refresh_tokens: VecDeque<Refresh>,
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
        let plain = spec.grant == GrantName::PreAuthorizedCode
            && Variant::of(spec) == Variant::default()
            && spec.deferred.is_none()
            && spec.tx_code != Some(true);
        if spec.dialect.is_some() && (documents != [crate::gov_uk::DOCUMENT] || !plain) {
            return Err(OfferRefusal::NotOfDialect);
        }
        let with_code =
            spec.grant == GrantName::PreAuthorizedCode && spec.tx_code.unwrap_or(spec.name.usually_with_code());
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
            grant: spec.grant,
            dialect: spec.dialect,
            again: spec.again,
            issued: Vec::new(),
            issuer_state: unguessable(16)?,
            variant: Variant::of(spec),
            deferred: spec.deferred,
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
            issuer_state: unguessable(16)?,
            standing: false,
            stage: Stage::Waiting,
            issued: Vec::new(),
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
        at: IssuerAt,
        code: &str,
        tx_code: Option<&str>,
        now: Timestamp,
    ) -> Result<Result<Offer, TokenRefusal>, RandomError> {
        let found = self
            .offers
            .iter_mut()
            .find(|offer| offer.pre_authorized_code == code && offer.is_of(at));
        let standing = |offer: &&mut Offer| {
            offer.grant == GrantName::PreAuthorizedCode && offer.stage == Stage::Waiting && now < offer.expires_at
        };
        let Some(offer) = found.filter(standing) else {
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

    /// The offer a person who signs in was given, by what the wallet brings back of it; it counts until it ends.
    pub(crate) fn by_issuer_state(&self, at: IssuerAt, state: &str, now: Timestamp) -> Option<&Offer> {
        self.offers.iter().find(|offer| {
            offer.issuer_state == state && offer.is_of(at) && offer.stage == Stage::Waiting && now < offer.expires_at
        })
    }

    /// The last document that was issued in the other dialect.
    pub(crate) fn newest_of_dialect(&self) -> Option<&Offer> {
        let issued = |offer: &&Offer| offer.dialect.is_some() && matches!(offer.stage, Stage::Issued(_));
        self.offers.iter().rev().find(issued)
    }

    /// The code of a sign-in was redeemed.
    pub(crate) fn accepted(&mut self, id: &str) {
        if let Some(offer) = self.find_mut(id).filter(|offer| offer.stage == Stage::Waiting) {
            offer.stage = Stage::Accepted;
        }
    }

    /// Gives an access token.
    pub(crate) fn grant(&mut self, grant: Grant, now: Timestamp) -> Result<String, RandomError> {
        self.tokens.retain(|_, (_, expires)| now < *expires);
        let token = unguessable(32)?;
        self.tokens.insert(token.clone(), (grant, now.plus(TOKEN_LIFE)));
        Ok(token)
    }

    /// Gives a refresh token; `before` is the one it takes the place of.
    pub(crate) fn grant_refresh(&mut self, grant: Grant, before: Option<String>) -> Result<String, RandomError> {
        if self.refresh_tokens.len() >= MOST_OFFERS {
            self.refresh_tokens.pop_front();
        }
        let token = unguessable(32)?;
        let once = self
            .find(&grant.offer)
            .is_some_and(|offer| offer.has_fault(OfferFault::RefreshTokenOnce));
        if once {
            self.refresh_tokens
                .retain(|known| Some(&known.token) != before.as_ref());
        }
        self.refresh_tokens.push_back(Refresh {
            token: token.clone(),
            before,
            grant,
        });
        Ok(token)
    }

    /// What a refresh token allows.
    pub(crate) fn refresh(&self, at: IssuerAt, token: &str) -> Option<(&Offer, &Grant)> {
        let known = self.refresh_tokens.iter().find(|known| known.token == token)?;
        let offer = self.find(&known.grant.offer).filter(|offer| offer.is_of(at))?;
        Some((offer, &known.grant))
    }

    /// A refresh token is used: the one before it has had its time.
    pub(crate) fn refresh_used(&mut self, token: &str) {
        let known = self.refresh_tokens.iter().find(|known| known.token == token);
        if let Some(before) = known.and_then(|known| known.before.clone()) {
            self.refresh_tokens.retain(|known| known.token != before);
        }
    }

    /// The offer an access token belongs to, and what else it says.
    pub(crate) fn by_token(&self, at: IssuerAt, token: &str, now: Timestamp) -> Option<(&Offer, &Grant)> {
        let (grant, _) = self.tokens.get(token).filter(|(_, expires)| now < *expires)?;
        let offer = self.find(&grant.offer).filter(|offer| offer.is_of(at))?;
        Some((offer, grant))
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

    /// Remembers that copies of a document were issued for an offer.
    pub(crate) fn issued(&mut self, id: &str, document: DocumentType, copies: usize, today: CivilDate) {
        if let Some(offer) = self.find_mut(id) {
            if offer.issued_on(document).is_none() {
                offer.issued.push((document, today));
            }
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

    fn plain(issuer: Issuer) -> IssuerAt {
        IssuerAt {
            issuer,
            variant: Variant::default(),
        }
    }

    fn made(offers: &mut Offers, spec: OfferSpec) -> Offer {
        offers.make(&spec, "rhiannon-specimen", false, NOW).unwrap()
    }

    #[test]
    fn a_code_works_once() {
        let mut offers = Offers::default();
        let offer = made(&mut offers, OfferSpec::of(DocumentType::DrivingLicence));
        let mut redeem = || {
            offers
                .redeem(plain(Issuer::Dvla), &offer.pre_authorized_code, None, NOW)
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
            offers.redeem(plain(Issuer::Nhs), code, None, NOW).unwrap().err(),
            Some(TokenRefusal::InvalidGrant)
        );
        assert_eq!(
            offers
                .redeem(plain(Issuer::Dvla), code, None, offer.expires_at)
                .unwrap()
                .err(),
            Some(TokenRefusal::InvalidGrant)
        );
    }

    #[test]
    fn the_third_wrong_tx_code_makes_the_offer_void() {
        let mut offers = Offers::default();
        let offer = made(&mut offers, OfferSpec::of(DocumentType::RightToWork));
        let (code, right) = (&offer.pre_authorized_code, offer.tx_code.as_deref());
        assert_eq!(
            offers.redeem(plain(Issuer::HomeOffice), code, None, NOW).unwrap().err(),
            Some(TokenRefusal::InvalidRequest)
        );
        for _ in 0..MOST_WRONG_CODES {
            let refused = offers
                .redeem(plain(Issuer::HomeOffice), code, Some("x"), NOW)
                .unwrap()
                .err();
            assert_eq!(refused, Some(TokenRefusal::InvalidGrant));
        }
        assert_eq!(
            offers
                .redeem(plain(Issuer::HomeOffice), code, right, NOW)
                .unwrap()
                .err(),
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
