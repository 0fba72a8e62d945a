//! `wallet-sandbox`: the practice sandbox as a program.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wallet_sandbox::{DEFAULT_PORT, FirstLine, GovUkConfig, Sandbox, SandboxConfig, SandboxError};

/// Practice issuers and services for the wallet, on this machine only.
///
/// Open the wallet in its practice profile (`citizen-wallet --practice` or `wallet --practice`) and the address this program
/// prints in a browser. Everything is invented; the keys are public and worthless.
#[derive(Parser)]
#[command(name = "wallet-sandbox", version, after_long_help = AFTER_HELP)]
struct Arguments {
    /// Port on localhost; 0 picks a free one.
    #[arg(long, value_name = "P", default_value_t = DEFAULT_PORT)]
    port: u16,
    /// Where issued documents and their status are kept, so that they survive a restart; default the platform's data directory.
    #[arg(long, value_name = "DIR", env = "WALLET_SANDBOX_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The token server of the issuer that speaks GOV.UK's dialect, such as a test harness that plays One Login; the sandbox
    /// itself when left out.
    #[arg(long, value_name = "URL", help_heading = "GOV.UK's dialect")]
    govuk_auth_server: Option<String>,
    /// That issuer's client with the token server.
    #[arg(long, value_name = "ID", help_heading = "GOV.UK's dialect")]
    govuk_client_id: Option<String>,
    /// The wallet its documents are issued to.
    #[arg(long, value_name = "ID", help_heading = "GOV.UK's dialect")]
    wallet_subject_id: Option<String>,
    /// Print one JSON object on the first line: url, trust_list, offers, requests.
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = r#"HTTP interface for programs. Bodies are JSON; all but "name" may be left out.

POST /control/offer      makes an offer: {"id","name","uri","tx_code"}
  name        driving-licence, right-to-work, proof-of-age-mdoc,
              nhs-details, proof-of-age-sd-jwt
  also        more documents of the same issuer: [name]
  person      whom it is about; GET /control/people lists them
  tx_code     true or false: whether a code is needed
  by          value or reference
  expires_in  seconds
  grant       pre-authorized_code or authorization_code
  deferred    how often the wallet is told to wait for the document
  encryption  offered or required;  zip  true: answers compressed
  client_auth none, private_key_jwt, attest_jwt_client_auth
  dpop        true: tokens bound to a key, with nonces
  proof       jwt, jwt+key_attestation, attestation
  batch_size  copies one request may ask for
  haip        true: HAIP 1.0
  dialect     govuk: GOV.UK Wallet's, with by value or reference for
              percent-encoded or base64url
  fault       bad-signature, wrong-key, wrong-type, expired-document,
              invalid-nonce-once, invalid-nonce-always, missing-copy,
              shared-key, reverse-order, not-json, error-500-on-token,
              error-500-on-credential, drop-connection-on-credential,
              wrong-iss, missing-iss, wrong-state, missing-state,
              no-expires-in, odd-token-type, odd-dpop-scheme,
              dpop-nonce-forever, plain-response, other-encryption-key,
              zip-bomb, changing-transaction,
              deferred-denied, no-refresh, huge-metadata, slow-metadata,
              endless-redirects, foreign-redirect, other-issuer-metadata,
              other-server-metadata, deep-metadata, bidi-names,
              internal-endpoint
GET /control/offer/ID    how far it has come

POST /control/client     {"client_id","jwk"}: a client that uses
                         private_key_jwt
GET /.well-known/wallet-provider/wallet-provider   the wallet provider

POST /control/request    makes a request: {"id","name","uri"}
  name        gp-registration, shop-age, employer-right-to-work, too-much
  client_id_prefix    x509_hash, x509_san_dns, redirect_uri,
                      verifier_attestation, did_jwk, did_key, did_web,
                      openid_federation, pre_registered
  response_mode       direct_post, direct_post.jwt, fragment
  request_method      request_uri, value, url_query, multi_signed
  state       true or false: whether the request has a state
  transaction_data    [objects of the types a wallet knows]
  request_uri_method  get or post
  redirect    true or false: whether the reply names a page to return to
  dcql_query  another query than the service's own
  expires_in  seconds
  fault       bad-signature, expired, client-id-mismatch, unknown-prefix,
              wrong-typ, missing-nonce, redirect-uri, wrong-wallet-nonce,
              unknown-transaction-data, foreign-response-uri,
              response-uri-not-client-id, from-the-future, alternate,
              one-invalid-signature, unusable-encryption-keys,
              no-usable-encryption-key, attestation-expired,
              attestation-of-another, attested-elsewhere,
              untrusted-attester, no-did-document, did-document-of-another,
              did-document-with-another-key, signed-redirect-uri, unsigned,
              encryption-key-off-the-curve, encryption-key-without-alg,
              unsupported-enc, unknown-response-mode, nonce-with-space,
              query-and-scope, no-query, duplicate-query-ids,
              exponential-sets, malformed-transaction-data,
              transaction-data-hash-algorithm, huge-request-object,
              redirected-request,
              nothing-matches, optional-nothing-matches,
              drop-connection-on-request, error-500-on-request,
              drop-connection-on-response, error-500, error-400,
              empty-reply, html-reply
GET /control/request/ID  what the service learnt and how each check came
                         out; ID may also be a service's name

POST /control/withdraw   {"document": ID or name, "status"}
  status      revoked (when left out), suspended, valid
GET /control/documents   what was issued
POST /control/lists      serves other signed lists from now on
  withdrawn_services  [name]
  revoked_signers     [type of document]
  signs_metadata      [type of document]
  fault       older, expired, from-the-future, tampered, wrong-signer
GET /trust-list, /register, /certificates/root.pem"#;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wallet-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), SandboxError> {
    let mut config = SandboxConfig::new().port(arguments.port);
    let mut gov_uk = GovUkConfig::default();
    gov_uk.auth_server = arguments.govuk_auth_server;
    gov_uk.client_id = arguments.govuk_client_id;
    gov_uk.wallet_subject_id = arguments.wallet_subject_id;
    config = config.gov_uk(gov_uk);
    match arguments.data_dir.or_else(platform_data_dir) {
        Some(folder) => config = config.data_dir(folder),
        None => eprintln!("wallet-sandbox: no data directory; practice documents will not survive a restart"),
    }
    let sandbox = Sandbox::start(config).await?;
    let line = sandbox.first_line()?;
    if arguments.json {
        println!("{}", serde_json::to_string(&line)?);
    } else {
        introduce(&line);
    }
    // Without signals there is no polite way to stop; then the program runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    sandbox.stop().await;
    Ok(())
}

fn introduce(line: &FirstLine) {
    println!("The practice sandbox runs at {}", line.url);
    eprintln!("Open it in a browser, or give one of its links to the wallet. Stop it with Ctrl+C.");
}

/// Where the platform wants programs to keep their data.
fn platform_data_dir() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = if cfg!(target_os = "windows") {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("citizen-wallet-sandbox"))
}
