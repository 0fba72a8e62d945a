//! A service that asks in every way there is, and a holder with a document of each format.

use serde_json::{Value, json};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, Signer as _, SigningKey};
use wallet_credentials::jose::{EncryptionKey, SigningHeader, base64url, did};
use wallet_credentials::mdoc::{DeviceResponse, DeviceResponseContext, IssuerSigned};
use wallet_credentials::sd_jwt_vc::{
    KeyBinding, PresentationCheck, SdJwtVc, TransactionDataHashes, verify_presentation,
};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Role, TrustAnchor, TrustAnchors};

use self::support::{ISO, MDL, Party, VCT};
use super::{HTTPS, Service, follow_to, service};
use crate::dcql::{HeldCredential, HeldIndex, RequestedType};
use crate::http::HttpResponse;
use crate::openid4vp::verifier::{
    self, AttestationToSign, ReceivedResponse, RequestSignature, RequestToSend, answer_in_fragment, multi_sign,
    sign_attested, sign_with_did, unsigned, unsigned_link,
};
use crate::openid4vp::{
    ClientId, Delivery, PresentationRequest, RefusedRequest, RequestError, RequestLink, RequestUriMethod,
    UnverifiedRequest, VpToken,
};

#[expect(dead_code, reason = "each crate measures and tests with a part of it")]
#[path = "../../../../wallet-credentials/benches/support/mod.rs"]
pub(super) mod support;

pub(super) const RESPONSE_URI: &str = "https://shop.example/response?session=1";
pub(super) const NONCE: &str = "n-0S6_WzA2MjAbCdEfGhIjKlMnOpQrStUvWxYz01234";
const REQUEST_URI: &str = "https://shop.example/request/1";
const ATTESTER: &str = "attester.example";

pub(super) fn now() -> Timestamp {
    Timestamp::from_unix(1_780_000_000)
}

/// How the service names itself and how its request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    X509Hash,
    X509SanDns,
    Attestation,
    DidWeb,
    DidJwk,
    DidKey,
    /// Unsigned, by reference.
    RedirectUri,
    /// Unsigned, in the link.
    UrlQuery,
    /// Signed twice, the first time by somebody else.
    MultiSigned,
}

impl Way {
    pub(super) const ALL: [Self; 9] = [
        Self::X509Hash,
        Self::X509SanDns,
        Self::Attestation,
        Self::DidWeb,
        Self::DidJwk,
        Self::DidKey,
        Self::RedirectUri,
        Self::UrlQuery,
        Self::MultiSigned,
    ];
    pub(super) const fn is_signed(self) -> bool {
        !matches!(self, Self::RedirectUri | Self::UrlQuery)
    }
}

/// Both ends.
pub(super) struct World {
    pub(super) service: Service,
    attester: Service,
    pub(super) response_key: AgreementKey,
    issuers: TrustAnchors,
    issuer: Certificate,
    holder: SigningKey,
    mdoc: IssuerSigned,
    sd_jwt_vc: SdJwtVc,
    pub(super) anchors: TrustAnchors,
}

/// A request on its way: what a test may spoil.
pub(super) struct Draft {
    pub(super) way: Way,
    pub(super) client_id: String,
    pub(super) claims: Value,
    /// The client identifier in the link, when it is another.
    pub(super) outer_client_id: Option<String>,
    pub(super) signer: SigningKey,
    pub(super) typ: String,
    pub(super) post: bool,
    /// Changes the attestation: subject, redirect_uris, end.
    pub(super) attested: (String, Option<Vec<String>>, Timestamp),
    pub(super) attested_by: SigningKey,
}

/// What a wallet holds, to DCQL.
struct Document<'a> {
    world: &'a World,
    mdoc: bool,
    claims: Value,
}

impl HeldCredential for Document<'_> {
    fn format(&self) -> wallet_credentials::credential::Format {
        use wallet_credentials::credential::Format;
        if self.mdoc { Format::MsoMdoc } else { Format::DcSdJwt }
    }
    fn credential_type(&self) -> &str {
        if self.mdoc { MDL } else { self.world.sd_jwt_vc.vct() }
    }
    fn is_holder_bound(&self) -> bool {
        true
    }
    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &[]
    }
    fn claims(&self) -> std::borrow::Cow<'_, Value> {
        std::borrow::Cow::Borrowed(&self.claims)
    }
}

impl World {
    pub(super) fn new() -> Self {
        let (shop, attester) = (service("shop.example"), service(ATTESTER));
        let root = Party::authority("Issuers");
        let issuer = root.certify("Issuer", support::DOCUMENT_SIGNER);
        let holder = support::holder(4);
        let licence = support::licence(&issuer, &holder.public_key(), MDL, b"portrait", now());
        let person = support::person_credential(&issuer, &holder.public_key(), VCT, now());
        let attests = TrustAnchor::authority(attester.root.clone(), Role::VerifierAttestation);
        Self {
            anchors: shop.anchors.iter().cloned().chain([attests]).collect(),
            response_key: AgreementKey::from_random(&mut PredictableRandom::from_seed(3)).unwrap(),
            issuers: root.as_anchor(Role::Issuer),
            issuer: issuer.certificate.clone(),
            mdoc: IssuerSigned::parse(&licence)
                .unwrap()
                .dangerous_assume_verified()
                .into_inner(),
            sd_jwt_vc: SdJwtVc::parse(&person)
                .unwrap()
                .dangerous_assume_verified()
                .into_inner(),
            service: shop,
            attester,
            holder,
        }
    }

    /// Asks for three details of one document, the licence or the person.
    pub(super) fn query(mdoc: bool) -> Value {
        if mdoc {
            let claims = ["family_name", "age_over_18"].map(|name| json!({"path": [ISO, name]}));
            return json!({"credentials": [{"id": "doc", "format": "mso_mdoc", "meta": {"doctype_value": MDL}, "claims": claims}]});
        }
        let claims = ["given_name", "family_name"].map(|name| json!({"path": [name]}));
        json!({"credentials": [{"id": "doc", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "claims": claims}]})
    }

    pub(super) fn client_id(&self, way: Way) -> String {
        let key = self.service.key.public_key();
        match way {
            Way::X509Hash | Way::MultiSigned => ClientId::x509_hash(&self.service.chain[0]).as_str().to_owned(),
            Way::X509SanDns => "x509_san_dns:shop.example".to_owned(),
            Way::Attestation => "verifier_attestation:the-shop".to_owned(),
            Way::DidWeb => "decentralized_identifier:did:web:shop.example:verifier".to_owned(),
            Way::DidJwk => {
                let jwk = base64url::encode(key.to_jwk().to_string().as_bytes());
                format!("decentralized_identifier:did:jwk:{jwk}")
            }
            Way::DidKey => format!("decentralized_identifier:{}", did::did_key(&key)),
            Way::RedirectUri | Way::UrlQuery => format!("redirect_uri:{RESPONSE_URI}"),
        }
    }

    /// A request that is in order.
    pub(super) fn draft(&self, way: Way, encrypted: bool, query: &Value) -> Draft {
        let client_id = self.client_id(way);
        let id = ClientId::parse(&client_id).unwrap();
        let key = EncryptionKey {
            key: self.response_key.public_key(),
            kid: Some("k1".to_owned()),
        };
        let claims = RequestToSend {
            client_id: &id,
            response_uri: RESPONSE_URI,
            nonce: NONCE,
            state: None,
            dcql_query: query,
            encrypt_to: encrypted.then_some(&key),
            client_name: Some("The shop"),
            wallet_nonce: None,
            issued_at: now(),
            expires_at: None,
        }
        .claims();
        Draft {
            way,
            client_id,
            claims,
            outer_client_id: None,
            signer: copy(&self.service.key),
            typ: "oauth-authz-req+jwt".to_owned(),
            post: false,
            attested: (
                "the-shop".to_owned(),
                None,
                now().plus(std::time::Duration::from_secs(60)),
            ),
            attested_by: copy(&self.attester.key),
        }
    }

    pub(super) fn issuer_key(&self) -> Option<wallet_credentials::crypto::VerificationKey> {
        self.issuer.verification_key().ok()
    }

    /// Puts the request on the wire and reads it as a wallet does.
    pub(super) fn send(&self, draft: &Draft) -> Result<PresentationRequest, RefusedRequest> {
        self.receive(draft)?.verify_or_answer(&self.anchors, now())
    }

    pub(super) fn receive(&self, draft: &Draft) -> Result<UnverifiedRequest, RequestError> {
        let outer = draft.outer_client_id.as_ref().unwrap_or(&draft.client_id);
        if draft.way == Way::UrlQuery {
            let mut members = draft.claims.as_object().unwrap().clone();
            if let Some(outer) = &draft.outer_client_id {
                members.insert("client_id".to_owned(), json!(outer));
            }
            return follow_to(
                RequestLink::parse(&unsigned_link("openid4vp", &members), HTTPS)?,
                "",
                |_| unreachable!(),
            );
        }
        let method = if draft.post {
            RequestUriMethod::Post
        } else {
            RequestUriMethod::Get
        };
        let id = ClientId::parse(outer)?;
        let link = RequestLink::parse(&verifier::request_link("haip-vp", &id, REQUEST_URI, method), HTTPS)?;
        let request = follow_to(link, "w4llet-nonce", |asked| {
            let mut claims = draft.claims.clone();
            if let Some(nonce) = verifier::read_wallet_nonce(&asked.body).unwrap() {
                claims["wallet_nonce"] = json!(nonce);
            }
            verifier::request_object_response(self.object(draft, &claims))
        })?;
        match request.to_fetch() {
            None => Ok(request),
            Some(asked) => {
                assert_eq!(asked.url.as_str(), "https://shop.example/verifier/did.json");
                request.fetched(&HttpResponse::json(200, &self.did_document()))
            }
        }
    }

    fn did_document(&self) -> Value {
        let did = "did:web:shop.example:verifier";
        json!({"id": did, "verificationMethod": [{
            "id": format!("{did}#key-1"), "type": "JsonWebKey2020", "controller": did,
            "publicKeyJwk": self.service.key.public_key().to_jwk(),
        }]})
    }

    /// The request object in the draft's way.
    pub(super) fn object(&self, draft: &Draft, claims: &Value) -> String {
        let did = draft.client_id.split_once(':').map_or("", |(_, did)| did);
        let header = || {
            let chain: Vec<&[u8]> = self.service.chain.iter().map(Certificate::as_der).collect();
            SigningHeader::new(&draft.typ).x5c(&chain)
        };
        match draft.way {
            Way::X509Hash | Way::X509SanDns => header().sign_json(claims, &draft.signer).unwrap(),
            Way::DidWeb => sign_with_did(claims, &format!("{did}#key-1"), &draft.signer).unwrap(),
            Way::DidJwk => sign_with_did(claims, &format!("{did}#0"), &draft.signer).unwrap(),
            Way::DidKey => {
                let fragment = did.trim_start_matches("did:key:");
                sign_with_did(claims, &format!("{did}#{fragment}"), &draft.signer).unwrap()
            }
            Way::Attestation => {
                let (subject, uris, end) = &draft.attested;
                let uris: Option<Vec<&str>> = uris.as_ref().map(|uris| uris.iter().map(String::as_str).collect());
                let attestation = AttestationToSign {
                    issuer: "https://attester.example/verifiers",
                    subject,
                    key: &self.service.key.public_key(),
                    redirect_uris: uris.as_deref(),
                    expires_at: *end,
                };
                let attestation = attestation.sign(&self.attester.chain, &draft.attested_by).unwrap();
                sign_attested(claims, &attestation, &draft.signer).unwrap()
            }
            Way::MultiSigned => self.multi_signed(draft, claims).to_string(),
            Way::RedirectUri | Way::UrlQuery => unsigned(claims),
        }
    }

    /// Two signatures: one of a client nobody can check, one of the service.
    pub(super) fn multi_signed(&self, draft: &Draft, claims: &Value) -> Value {
        let other = ClientId::parse("openid_federation:https://federation.example").unwrap();
        let own = ClientId::parse(&draft.client_id).unwrap();
        let chain: Vec<&[u8]> = self.service.chain.iter().map(Certificate::as_der).collect();
        let signatures = [
            RequestSignature {
                client_id: &other,
                header: SigningHeader::new(&draft.typ),
                signer: &self.attester.key,
            },
            RequestSignature {
                client_id: &own,
                header: SigningHeader::new(&draft.typ).x5c(&chain),
                signer: &draft.signer,
            },
        ];
        multi_sign(claims, &signatures).unwrap()
    }

    /// What DCQL proposes, presented; `None` when nothing can be.
    pub(super) fn token(&self, request: &PresentationRequest) -> Option<VpToken> {
        let id = request.client_id().as_str();
        self.token_for(
            request.query(),
            id,
            request.nonce(),
            &request.session_transcript(),
            None,
        )
    }

    pub(super) fn token_for(
        &self,
        query: &crate::dcql::DcqlQuery,
        audience: &str,
        nonce: &str,
        transcript: &wallet_credentials::mdoc::SessionTranscript,
        transaction_data: Option<&TransactionDataHashes>,
    ) -> Option<VpToken> {
        let mut spaces = serde_json::Map::new();
        for (space, element) in self.mdoc.elements() {
            let members = spaces.entry(space).or_insert_with(|| json!({}));
            members[element.identifier()] = element.value().to_json();
        }
        let held = [
            Document {
                world: self,
                mdoc: true,
                claims: Value::Object(spaces),
            },
            Document {
                world: self,
                mdoc: false,
                claims: Value::Object(self.sd_jwt_vc.claims().clone()),
            },
        ];
        let found = query.matches(&held, &HeldIndex::new(&held));
        let proposal = found.proposal()?;
        let mut token = VpToken::new();
        for answer in proposal.answers {
            let candidate = &found.queries[answer.query].candidates[answer.candidate];
            let presentation = if held[candidate.credential].mdoc {
                let paths: Vec<Vec<String>> = candidate.disclose.iter().map(|path| names(&json!(path))).collect();
                let wanted: Vec<(&str, &str)> = paths.iter().map(|path| (path[0].as_str(), path[1].as_str())).collect();
                let narrowed = self.mdoc.narrow(&wanted).unwrap();
                base64url::encode(&narrowed.sign(transcript, &self.holder).unwrap())
            } else {
                let binding = KeyBinding {
                    audience,
                    nonce,
                    issued_at: now(),
                    transaction_data,
                };
                self.sd_jwt_vc
                    .narrow(&candidate.disclose)
                    .unwrap()
                    .present(&binding, &self.holder)
                    .unwrap()
            };
            token
                .add(query, query.credentials()[answer.query].id.as_str(), presentation)
                .unwrap();
        }
        Some(token)
    }

    /// Answers, and reads the answer as the service does; the claims it learnt by query, and the state.
    pub(super) fn exchange(&self, draft: &Draft, request: &PresentationRequest) -> (Value, Option<String>) {
        let random = &mut PredictableRandom::from_seed(8);
        let delivery = request.respond(&self.token(request).unwrap(), random).unwrap();
        let encrypted = draft.claims["response_mode"] == "direct_post.jwt";
        let body = match delivery {
            Delivery::Post(message) => {
                assert_eq!(message.url.as_str(), RESPONSE_URI);
                assert_eq!(
                    message.header("content-type"),
                    Some("application/x-www-form-urlencoded")
                );
                message.body.to_vec()
            }
            Delivery::Open(url) => {
                assert_eq!(url.as_str().split('#').next(), Some(RESPONSE_URI));
                url.fragment().unwrap().as_bytes().to_vec()
            }
        };
        if encrypted {
            let form = crate::http::decode_form(&body).unwrap();
            assert!(form.len() == 1 && form[0].0 == "response", "only `response`");
        }
        let received = ReceivedResponse::read(&body, encrypted.then_some(&self.response_key)).unwrap();
        let ReceivedResponse::Presented { vp_token, state } = received else {
            panic!("presented")
        };
        let address = draft
            .claims
            .get("response_uri")
            .or_else(|| draft.claims.get("redirect_uri"));
        let address = address.and_then(Value::as_str).unwrap_or(RESPONSE_URI);
        let thumbprint = self.response_key.public_key().thumbprint();
        let transcript = wallet_credentials::mdoc::SessionTranscript::openid4vp(
            &draft.client_id,
            NONCE,
            encrypted.then_some(&thumbprint),
            address,
        );
        let query = request.query();
        let mut learnt = serde_json::Map::new();
        for (id, presentations) in vp_token {
            assert_eq!(presentations.len(), 1);
            let asked = query.credential(&id).unwrap();
            let claims = self.check(&asked.requested, &presentations[0], &draft.client_id, &transcript);
            learnt.insert(id, claims);
        }
        (Value::Object(learnt), state)
    }

    /// Verifies one presentation as the service does.
    pub(super) fn check(
        &self,
        requested: &RequestedType,
        presentation: &str,
        audience: &str,
        transcript: &wallet_credentials::mdoc::SessionTranscript,
    ) -> Value {
        if matches!(requested, RequestedType::Mdoc(_)) {
            assert!(!presentation.contains('='), "unpadded");
            let context = DeviceResponseContext {
                anchors: &self.issuers,
                transcript,
                reader_key: None,
            };
            let bytes = base64url::decode(presentation).unwrap();
            let response = DeviceResponse::parse(&bytes).unwrap().verify(context, now()).unwrap();
            assert_eq!(response.documents().len(), 1, "each mdoc in its own DeviceResponse");
            let document = &response.documents()[0];
            assert!(document.device_elements().is_empty());
            assert_eq!(document.doc_type(), MDL);
            return document
                .issuer_signed()
                .elements()
                .map(|(_, element)| json!(element.identifier()))
                .collect();
        }
        let check = PresentationCheck::new(audience, NONCE, now());
        let verified = verify_presentation(presentation, &check, |reference| {
            assert_eq!(reference.x5c.len(), 1, "the chain without its anchor");
            self.issuer.verification_key().ok()
        });
        let verified = verified.unwrap();
        assert_eq!(verified.vct(), VCT);
        verified
            .disclosed()
            .iter()
            .map(|path| json!(names(&json!(path))[0]))
            .collect()
    }
}

fn names(path: &Value) -> Vec<String> {
    path.as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

pub(super) fn copy(key: &SigningKey) -> SigningKey {
    SigningKey::from_bytes(&*key.to_bytes()).unwrap()
}

impl Draft {
    pub(super) fn set(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }
    pub(super) fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name);
        self
    }
    pub(super) fn in_fragment(mut self) -> Self {
        answer_in_fragment(&mut self.claims, RESPONSE_URI);
        self
    }
}
