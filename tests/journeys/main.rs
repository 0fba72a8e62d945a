//! Whole journeys: the real core, an encrypted store on the disk and the sandbox's issuers and services, over HTTP.
//! Nothing here is a stand-in; where something must go wrong, it goes wrong on the line or at the other end.

#![cfg_attr(
    test,
    expect(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "tests: a failed expectation ends them"
    )
)]

mod add;
mod agreeing;
mod asking;
mod choosing;
mod error_responses;
mod history;
mod hostile_issuers;
mod hostile_services;
mod issuance;
mod keystore;
mod kill;
mod kill_issuing;
mod line;
mod lists;
mod modules;
mod network;
mod overasking;
mod program;
mod promises;
mod refresh;
mod share;
mod show;
mod terminal;
mod town;
mod variants;
mod veteran;
mod who_asks;
