//! The front page.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::{Part, page};
use crate::catalogue::{DocumentType, Issuer};
use crate::house::House;
use crate::services::Service;
use crate::spec::ServiceName;

/// What the sandbox offers, in the order a newcomer needs it.
pub(crate) fn front(house: &House) -> Response {
    let content = html! {
        h1 { "Try the wallet with nothing at stake" }
        p.lead { "This program plays the organisations that give out documents and the services that ask for them. "
            "Open the wallet in its practice profile, get a document here, then show it to a service." }
        ol.steps {
            li { "Pick an organisation and let it offer you a document." }
            li { "Pick a service and answer what it asks." }
            li { "Come back to see what the service learnt, and withdraw the document to see what happens." }
        }
        section aria-labelledby="documents" {
            h2 #documents tabindex="-1" { "Get a document" }
            ul.grid { @for issuer in Issuer::ALL { (issuer_tile(issuer)) } }
        }
        section aria-labelledby="services" {
            h2 #services tabindex="-1" { "Show it to a service" }
            ul.grid { @for service in house.services() { (service_tile(service)) } }
        }
        section aria-labelledby="offline" {
            h2 #offline { "Check a code without a connection" }
            p { "The wallet can show a proof of age as a code that works for a short time. " a href="/checker" { "Check such a code" } "." }
        }
        section aria-labelledby="people" {
            h2 #people { "Who the documents are about" }
            p { "Each is good for trying something. Choose one when you make an offer." }
            table {
                thead { tr { th scope="col" { "Person" } th scope="col" { "Good for trying" } th scope="col" { "Documents" } } }
                tbody {
                    @for person in house.people().all() {
                        tr {
                            th scope="row" { (person.full_name()) }
                            td.note { (person.note) }
                            td.small { (documents_of(person)) }
                        }
                    }
                }
            }
        }
        section aria-labelledby="machines" {
            h2 #machines { "For programs" }
            p { "Offers and requests can be made over HTTP: " code { "POST /control/offer" } ", " code { "POST /control/request" } ", "
                code { "POST /control/withdraw" } ", and " code { "GET /control/request/ID" } " for what a service learnt. "
                "Run " code { "wallet-sandbox --help" } " for what can be asked for." }
            p { "Lists: " a href="/trust-list" { "trust list" } ", " a href="/register" { "register of services" } ". Certificates: "
                a href="/certificates/root.pem" { "practice root" } "." }
        }
    };
    page(StatusCode::OK, "Start", Part::None, content)
}

fn documents_of(person: &crate::people::Person) -> String {
    let mut names: Vec<&str> = Vec::new();
    for document in DocumentType::ALL.into_iter().filter(|document| document.is_for(person)) {
        if !names.contains(&document.name().0) {
            names.push(document.name().0);
        }
    }
    names.join(", ")
}

/// The class that gives a document's kind its colour.
pub(super) const fn kind(document: DocumentType) -> &'static str {
    match document {
        DocumentType::DrivingLicence => "licence",
        DocumentType::RightToWork => "status-doc",
        DocumentType::ProofOfAgeMdoc | DocumentType::ProofOfAgeSdJwt => "age",
        DocumentType::NhsDetails => "health",
        DocumentType::VeteranCard => "veteran",
    }
}

fn issuer_tile(issuer: Issuer) -> Markup {
    let first = issuer.documents().next();
    let class = first.map_or("", kind);
    html! {
        li class={ "card tile " (class) } {
            h3 { a href={ "/organisations/" (issuer.path()) } { (first.map_or("", |document| document.name().0)) } }
            p.muted { "From " (issuer.name().0) }
            span.go aria-hidden="true" { "Get it" }
        }
    }
}

/// The class that gives a service's paper its colour.
pub(super) const fn service_kind(service: ServiceName) -> &'static str {
    match service {
        ServiceName::GpRegistration => "health",
        ServiceName::ShopAge => "age",
        ServiceName::EmployerRightToWork => "status-doc",
        ServiceName::TooMuch => "stranger",
    }
}

fn service_tile(service: &Service) -> Markup {
    let class = service_kind(service.name);
    let what = match service.name {
        ServiceName::GpRegistration => "Registers patients. Asks for name, date of birth and address.",
        ServiceName::ShopAge => "Checks that you are 18 or over. Asks for a photo and a yes or no.",
        ServiceName::EmployerRightToWork => "Checks that you may work. Asks for what the check needs.",
        ServiceName::TooMuch => "Is on no register and asks for too much. See what the wallet does.",
    };
    html! {
        li class={ "card tile " (class) } {
            h3 { a href={ "/services/" (service.path) } { (service.trading_name) } }
            p.muted { (what) }
            span.go aria-hidden="true" { "Visit" }
        }
    }
}
