//! The pages as people and other sites meet them.

use reqwest::Client;
use reqwest::redirect::Policy;

use super::sandbox;
use crate::spec::{DocumentType, OfferSpec, RequestSpec, ServiceName};

fn client() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

#[tokio::test]
async fn every_page_says_that_it_is_practice_and_loads_nothing_from_elsewhere() {
    let sandbox = sandbox().await;
    let offer = sandbox.offer(&OfferSpec::of(DocumentType::RightToWork)).unwrap();
    let request = sandbox.request(RequestSpec::of(ServiceName::GpRegistration)).unwrap();
    let mut paths = vec!["/".to_owned(), "/checker".to_owned(), "/nowhere".to_owned()];
    paths.extend(["dvla", "home-office", "age", "nhs"].map(|issuer| format!("/organisations/{issuer}")));
    paths.extend(["gp", "shop", "employer", "loans"].map(|service| format!("/services/{service}")));
    paths.extend([format!("/offers/{}", offer.id), format!("/requests/{}", request.id)]);
    for path in paths {
        let response = client().get(format!("{}{path}", sandbox.url())).send().await.unwrap();
        assert_eq!(response.status().is_success(), path != "/nowhere", "{path}");
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        let html = response.text().await.unwrap();
        assert!(
            html.contains("Practice only.") && html.contains("lang=\"en-GB\""),
            "{path}"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert!(
            !html.contains("src=\"http") && !html.contains("<script>") && !html.contains(" style=\""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_of_an_offer_has_its_link_its_code_and_its_picture() {
    let sandbox = sandbox().await;
    let form = [
        ("name", "right-to-work"),
        ("person", "hiroshi-skilled"),
        ("tx_code", "yes"),
    ];
    let url = format!("{}/organisations/home-office", sandbox.url());
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let made = client()
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 303);
    let page = format!("{}{}", sandbox.url(), made.headers()["location"].to_str().unwrap());
    let html = client().get(page).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("href=\"openid-credential-offer://?credential_offer="));
    assert!(html.contains("<svg") && html.contains("class=\"code\"") && html.contains("Hiroshi Skilled"));
}

#[tokio::test]
async fn other_sites_and_other_names_are_turned_away() {
    let sandbox = sandbox().await;
    let control = format!("{}/control/withdraw", sandbox.url());
    let foreign = client()
        .post(&control)
        .header("origin", "https://evil.example")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    let own = client()
        .post(&control)
        .header("origin", sandbox.url())
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(own.status(), 400, "read, and refused for what it says");
    let rebound = client()
        .get(sandbox.url())
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(rebound.status(), 421);
}

#[tokio::test]
async fn bodies_are_bounded() {
    let sandbox = sandbox().await;
    let large = vec![b'x'; 3 * 1024 * 1024];
    let response = client()
        .post(format!("{}/control/offer", sandbox.url()))
        .body(large)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let first = sandbox().await;
    let second = crate::Sandbox::start(crate::SandboxConfig::new().port(first.port())).await;
    let error = second.err().unwrap().to_string();
    assert!(error.contains(&first.port().to_string()), "{error}");
}
