//! More ways of asking (OpenID4VP 1.0, 5.9 and 5.10), and what no wallet may answer.

use serde_json::json;
use wallet_credentials::trust::ChainError;
use wallet_protocols::openid4vp::{RequestError as Error, TransactionDataProblem as Problem};

use super::holder::{Held, Holder};
use super::sandbox;
use crate::Sandbox;
use crate::spec::{
    ClientIdPrefix as Prefix, DocumentType, OfferSpec, RequestFault as Fault, RequestMethod, RequestSpec,
    RequestUriMethod, ResponseModeName, ServiceName,
};

/// The shop's request by this prefix, to be answered encrypted.
fn shop(prefix: Prefix) -> RequestSpec {
    RequestSpec {
        client_id_prefix: Some(prefix),
        response_mode: Some(ResponseModeName::DirectPostJwt),
        ..RequestSpec::of(ServiceName::ShopAge)
    }
}

fn with(fault: Fault, prefix: Prefix) -> RequestSpec {
    RequestSpec {
        fault: Some(fault),
        ..shop(prefix)
    }
}

async fn one(sandbox: &Sandbox, holder: &Holder, name: DocumentType) -> Held {
    let made = sandbox.offer(&OfferSpec::of(name)).unwrap();
    holder.add(&made.uri, made.tx_code.as_deref()).await.copies.remove(0)
}

#[tokio::test]
async fn services_that_publish_their_key_and_requests_in_a_link_are_answered() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeSdJwt).await;
    let licence = one(&sandbox, &holder, DocumentType::DrivingLicence).await;
    let signed = [
        Prefix::X509Hash,
        Prefix::X509SanDns,
        Prefix::VerifierAttestation,
        Prefix::DidJwk,
        Prefix::DidKey,
        Prefix::DidWeb,
        Prefix::RedirectUri,
    ];
    let mut specs: Vec<RequestSpec> = signed
        .into_iter()
        .map(|prefix| RequestSpec {
            request_method: Some(RequestMethod::Value),
            ..shop(prefix)
        })
        .collect();
    specs.push(shop(Prefix::DidWeb));
    specs.push(RequestSpec {
        request_uri_method: Some(RequestUriMethod::Post),
        ..shop(Prefix::DidWeb)
    });
    for spec in specs {
        for document in [("age_sd_jwt", &age), ("licence", &licence)] {
            let made = sandbox.request(spec.clone()).unwrap();
            let request = holder.read_request(&made.uri).await.unwrap();
            holder.answer(&request, &[document]).await.unwrap();
            let report = sandbox.outcome(&made.id).unwrap();
            assert_eq!(report["valid"], true, "{spec:?} {report}");
        }
    }
}

#[tokio::test]
async fn what_no_wallet_may_answer_is_refused_for_its_reason() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let hash = |fault| with(fault, Prefix::X509Hash);
    let mut unhashable = hash(Fault::TransactionDataHashAlgorithm);
    unhashable.transaction_data = Some(vec![json!({
        "type": "org.citizen-wallet.payment.1", "credential_ids": ["age_sd_jwt"],
        "payee": "Corner Shop", "amount": "1", "currency": "GBP",
    })]);
    for (spec, expected) in [
        (shop(Prefix::OpenidFederation), Error::ClientIdNotSupported),
        (shop(Prefix::PreRegistered), Error::NotRegistered),
        (with(Fault::SignedRedirectUri, Prefix::RedirectUri), Error::SignedOrNot),
        (with(Fault::ClientIdMismatch, Prefix::DidKey), Error::OtherSigner),
        (hash(Fault::NonceWithSpace), Error::Nonce),
        (hash(Fault::UnknownResponseMode), Error::ResponseMode),
        (hash(Fault::QueryAndScope), Error::QueryOrScope),
        (hash(Fault::NoQuery), Error::QueryOrScope),
        (hash(Fault::EncryptionKeyOffTheCurve), Error::Encryption),
        (hash(Fault::EncryptionKeyWithoutAlg), Error::Encryption),
        (hash(Fault::UnsupportedEnc), Error::Encryption),
        (
            hash(Fault::MalformedTransactionData),
            Error::TransactionData(Problem::Malformed),
        ),
        (unhashable, Error::TransactionData(Problem::HashAlgorithm)),
        (hash(Fault::HugeRequestObject), Error::Malformed),
        (hash(Fault::RedirectedRequest), Error::NotFetched { status: 303 }),
        (
            with(Fault::NoDidDocument, Prefix::DidWeb),
            Error::NotFetched { status: 404 },
        ),
        (
            with(Fault::UntrustedAttester, Prefix::VerifierAttestation),
            Error::Chain(ChainError::ExtendedKeyUsage),
        ),
    ] {
        let what = format!("{spec:?}");
        let uri = sandbox.request(spec).unwrap().uri;
        assert_eq!(holder.read_request(&uri).await.err(), Some(expected), "{what}");
    }
    let refused = async |spec| holder.read_request(&sandbox.request(spec).unwrap().uri).await.err();
    assert!(matches!(
        refused(hash(Fault::DuplicateQueryIds)).await,
        Some(Error::Query(_))
    ));
    let other_document = with(Fault::DidDocumentOfAnother, Prefix::DidWeb);
    assert!(matches!(refused(other_document).await, Some(Error::Did(_))));
    let other_key = with(Fault::DidDocumentWithAnotherKey, Prefix::DidWeb);
    assert!(matches!(refused(other_key).await, Some(Error::Signature(_))));
}

#[tokio::test]
async fn a_request_that_nobody_signed_is_not_a_signed_one() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    for prefix in [
        Prefix::X509Hash,
        Prefix::X509SanDns,
        Prefix::VerifierAttestation,
        Prefix::DidJwk,
        Prefix::DidKey,
        Prefix::DidWeb,
    ] {
        let made = sandbox.request(with(Fault::Unsigned, prefix)).unwrap();
        let error = holder.read_request(&made.uri).await.err().unwrap();
        assert!(
            matches!(error, Error::OtherSigner | Error::Attestation),
            "{prefix:?} {error}"
        );
    }
}

#[tokio::test]
async fn a_query_with_more_ways_than_anybody_can_count_is_read() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox.request(with(Fault::ExponentialSets, Prefix::X509Hash)).unwrap();
    let request = holder.read_request(&made.uri).await.unwrap();
    assert_eq!(request.query().sets().len(), 64);
}
