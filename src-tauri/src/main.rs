//! Entry point of the app.
fn main() { citizen_wallet_lib::run() }
