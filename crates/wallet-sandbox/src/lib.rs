//! The practice sandbox: fictional people, four issuers and four services of the United Kingdom on loopback, speaking
//! OpenID4VCI 1.0 and OpenID4VP 1.0, with a trust list, a register of services and a status list. One process, no account.
//!
//! `wallet-sandbox` is the program; [`Sandbox::start`] runs the same in a test, so what newcomers try is what is tested.
//!
//! | part | where |
//! |---|---|
//! | people, documents, services | `data/`, `people`, `catalogue`, `services` |
//! | worthless keys, signed lists | `pki`, `lists` |
//! | OpenID4VCI, the issuer's side | `issuance`, `credential`, `issue`, `offers`, `variant`, `records`, `status` |
//! | its authorization servers | `sign_in`, `token`, `access` |
//! | GOV.UK's dialect; the wallet provider | `gov_uk`; `provider` |
//! | what can go wrong | `spec`, `faults` |
//! | OpenID4VP, the service's side | `asking`, `ways`, `verify`, `agreed`, `requests` |
//! | pages and the control interface | `pages`, `front_desk`, `control`, `checker` |

mod access;
mod agreed;
mod asking;
mod catalogue;
mod checker;
mod clock;
mod control;
mod credential;
mod did_web;
mod faults;
mod front_desk;
mod gov_uk;
mod house;
mod issuance;
mod issue;
mod lists;
mod offers;
mod pages;
mod people;
mod pki;
mod portrait;
mod practice;
mod provider;
mod random;
mod records;
mod reply;
mod request_faults;
mod requests;
mod sandbox;
mod server;
mod services;
mod show;
mod sign_in;
pub mod spec;
mod status;
mod token;
mod variant;
mod verify;
mod ways;

pub use gov_uk::GovUkConfig;
pub use house::RequestRefusal;
pub use lists::LIST_ISSUER;
pub use offers::OfferRefusal;
pub use people::PeopleError;
pub use pki::PkiError;
pub use practice::{PracticeError, practice_files};
pub use records::RecordsError;
pub use sandbox::{DEFAULT_PORT, FirstLine, FirstOffer, FirstRequest, Sandbox, SandboxConfig, SandboxError};

#[cfg(test)]
mod tests;
