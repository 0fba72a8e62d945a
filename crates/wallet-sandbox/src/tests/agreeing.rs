//! What a service makes of an mdoc whose device signed an agreement, or did not (OpenID4VP 1.0, B.2.1).

use serde_json::json;
use wallet_credentials::jose::base64url;
use wallet_credentials::mdoc::IssuerSigned;
use wallet_protocols::openid4vp::VpToken;
use wallet_protocols::openid4vp::transaction_data::MDOC_ELEMENT;

use super::holder::Holder;
use super::sandbox;
use crate::random::OsRandom;
use crate::spec::{DocumentType, OfferSpec, RequestSpec, ServiceName};

const PAYMENT: &str = "org.citizen-wallet.payment.1";
const AGREEMENT: &str = "org.citizen-wallet.agreement.1";

#[tokio::test]
async fn an_agreed_payment_must_be_signed_by_the_device_of_an_mdoc() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let licence = holder.add(&made.uri, None).await.copies.remove(0);
    let spec = RequestSpec {
        transaction_data: Some(vec![json!({
            "type": PAYMENT, "credential_ids": ["licence"], "payee": "Corner Shop", "amount": "3.20", "currency": "GBP",
        })]),
        dcql_query: Some(json!({"credentials": [{
            "id": "licence", "format": "mso_mdoc", "meta": {"doctype_value": "org.iso.18013.5.1.mDL"},
            "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}],
        }]})),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    // What the device signs beside the presentation: name space and value.
    for (signed, valid) in [
        (&[(PAYMENT, true)][..], true),
        (&[], false),
        (&[(PAYMENT, false)], false),
        (&[(AGREEMENT, true)], false),
        (&[(PAYMENT, true), (AGREEMENT, true)], false),
    ] {
        let made = sandbox.request(spec.clone()).unwrap();
        let request = holder.read_request(&made.uri).await.unwrap();
        let document = IssuerSigned::parse_base64url(&licence.credential).unwrap();
        let mut narrowed = document
            .dangerous_assume_verified()
            .narrow(&[("org.iso.18013.5.1", "age_over_18")])
            .unwrap();
        for (kind, right) in signed {
            let hash = request.transaction_data()[0].mdoc_hash();
            let value = if *right { hash } else { [7; 32] };
            narrowed.add_device_signed(kind, MDOC_ELEMENT, &value).unwrap();
        }
        let response = narrowed.sign(&request.session_transcript(), &licence.key).unwrap();
        let mut token = VpToken::new();
        token
            .add(request.query(), "licence", base64url::encode(&response))
            .unwrap();
        holder
            .send(request.respond(&token, &mut OsRandom).unwrap().into_post().unwrap())
            .await;
        let report = sandbox.outcome(&made.id).unwrap();
        assert_eq!(report["valid"], valid, "{signed:?} {report}");
        let checks = report["answers"][0]["checks"].as_array().unwrap();
        let transaction = checks.iter().find(|check| check["name"] == "transaction").unwrap();
        assert_eq!(transaction["ok"], valid, "{signed:?} {transaction}");
    }
}
