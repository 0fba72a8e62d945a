//! `provider set URL`, `provider show`.

use super::{Context, Outcome};
use crate::answer::Answer;
use crate::args::Provider;

pub async fn run(context: &Context, command: Provider) -> Outcome {
    context.unlock().await?;
    let provider = match command {
        Provider::Set(set) => context.wallet.set_provider(&set.url).await?,
        Provider::Show => context.wallet.provider().await?,
    };
    let rows = [
        (context.say("cli-provider-client"), provider.client_id.clone()),
        (context.say("cli-provider-issuer"), provider.issuer.clone()),
    ];
    let mut text = crate::paint::rows(0, &rows);
    for (title, pem) in [
        ("cli-provider-anchor", &provider.trust_anchor_pem),
        ("cli-provider-key-anchor", &provider.key_attestation_trust_anchor_pem),
    ] {
        text.push_str(&format!("\n{}\n{}\n", context.say(title), pem.trim_end()));
    }
    Ok(Answer::new(serde_json::to_value(&provider).unwrap_or_default(), text))
}
