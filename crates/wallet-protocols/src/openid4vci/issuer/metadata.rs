//! Issuer metadata as an issuer publishes it (OpenID4VCI 1.0, 12.2.4).

use serde_json::{Map, Value, json};

use super::super::metadata::{
    ConfigurationFormat, CredentialConfiguration, Display, IssuerMetadata, LocalName, ProofType,
};

/// Issuer metadata as JSON, for the issuer that publishes it.
pub fn metadata_json(metadata: &IssuerMetadata) -> Value {
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("credential_issuer", json!(metadata.credential_issuer.as_str()));
    if !metadata.authorization_servers.is_empty() {
        let servers: Vec<&str> = metadata
            .authorization_servers
            .iter()
            .map(|server| server.as_str())
            .collect();
        set("authorization_servers", json!(servers));
    }
    set("credential_endpoint", json!(metadata.credential_endpoint.as_str()));
    let endpoints = [
        ("nonce_endpoint", &metadata.nonce_endpoint),
        ("deferred_credential_endpoint", &metadata.deferred_credential_endpoint),
        ("notification_endpoint", &metadata.notification_endpoint),
    ];
    for (name, endpoint) in endpoints {
        if let Some(endpoint) = endpoint {
            set(name, json!(endpoint.as_str()));
        }
    }
    if let Some(request) = &metadata.request_encryption {
        let mut value = json!({
            "jwks": {"keys": request.keys},
            "enc_values_supported": request.enc_values,
            "encryption_required": request.required,
        });
        set_zip(&mut value, &request.zip_values);
        set("credential_request_encryption", value);
    }
    if let Some(response) = &metadata.response_encryption {
        let mut value = json!({
            "alg_values_supported": response.alg_values,
            "enc_values_supported": response.enc_values,
            "encryption_required": response.required,
        });
        set_zip(&mut value, &response.zip_values);
        set("credential_response_encryption", value);
    }
    if let Some(batch) = metadata.batch {
        set("batch_credential_issuance", json!({"batch_size": batch.batch_size}));
    }
    if !metadata.display.is_empty() {
        set("display", metadata.display.iter().map(display_json).collect());
    }
    let configurations: Map<String, Value> = metadata
        .configurations
        .iter()
        .map(|(id, configuration)| (id.clone(), configuration_json(configuration)))
        .collect();
    set("credential_configurations_supported", Value::Object(configurations));
    Value::Object(members)
}

fn configuration_json(configuration: &CredentialConfiguration) -> Value {
    let (mut value, binding) = match &configuration.format {
        ConfigurationFormat::SdJwtVc { vct } => (
            json!({"format": "dc+sd-jwt", "vct": vct, "credential_signing_alg_values_supported": ["ES256"]}),
            "jwk",
        ),
        ConfigurationFormat::Mdoc { doctype } => (
            json!({"format": "mso_mdoc", "doctype": doctype, "credential_signing_alg_values_supported": [-7, -9]}),
            "cose_key",
        ),
        ConfigurationFormat::JwtVc { types } => (
            json!({"format": "jwt_vc_json", "credential_definition": {"type": types},
                "credential_signing_alg_values_supported": ["ES256"]}),
            "jwk",
        ),
    };
    let claims: Vec<Value> = configuration
        .claims
        .iter()
        .map(|claim| {
            let mut value = json!({"path": claim.path, "mandatory": claim.mandatory});
            if let (false, Some(members)) = (claim.display.is_empty(), value.as_object_mut()) {
                members.insert("display".to_owned(), claim.display.iter().map(name_json).collect());
            }
            value
        })
        .collect();
    if let Some(members) = value.as_object_mut() {
        if let Some(scope) = &configuration.scope {
            members.insert("scope".to_owned(), json!(scope));
        }
        if configuration.proof_required {
            members.insert("cryptographic_binding_methods_supported".to_owned(), json!([binding]));
            let types = [
                ("jwt", &configuration.proof_types.jwt),
                ("attestation", &configuration.proof_types.attestation),
            ];
            let proofs = types.into_iter().filter_map(|(name, kind)| {
                let kind = kind.as_ref()?;
                Some((name.to_owned(), proof_type_json(kind)))
            });
            members.insert("proof_types_supported".to_owned(), Value::Object(proofs.collect()));
        }
        let mut about = Map::new();
        if !configuration.display.is_empty() {
            about.insert(
                "display".to_owned(),
                configuration.display.iter().map(display_json).collect(),
            );
        }
        if !claims.is_empty() {
            about.insert("claims".to_owned(), Value::Array(claims));
        }
        if !about.is_empty() {
            members.insert("credential_metadata".to_owned(), Value::Object(about));
        }
    }
    value
}

fn set_zip(value: &mut Value, zip_values: &[String]) {
    if let (false, Some(members)) = (zip_values.is_empty(), value.as_object_mut()) {
        members.insert("zip_values_supported".to_owned(), json!(zip_values));
    }
}

fn proof_type_json(kind: &ProofType) -> Value {
    let mut value = json!({"proof_signing_alg_values_supported": ["ES256"]});
    if let (Some(required), Some(members)) = (&kind.key_attestation, value.as_object_mut()) {
        let lists = [
            ("key_storage", &required.key_storage),
            ("user_authentication", &required.user_authentication),
        ];
        let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
        let required = lists.map(|(name, values)| (name.to_owned(), json!(values)));
        members.insert(
            "key_attestations_required".to_owned(),
            Value::Object(required.collect()),
        );
    }
    value
}

fn name_json(name: &LocalName) -> Value {
    match &name.locale {
        Some(locale) => json!({"name": name.name, "locale": locale}),
        None => json!({"name": name.name}),
    }
}

fn display_json(display: &Display) -> Value {
    let mut members = Map::new();
    members.insert("name".to_owned(), json!(display.name));
    let texts = [
        ("locale", &display.locale),
        ("description", &display.description),
        ("background_color", &display.background_color),
        ("text_color", &display.text_color),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            members.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(logo) = &display.logo {
        let value = match &logo.alt_text {
            Some(alt_text) => json!({"uri": logo.uri, "alt_text": alt_text}),
            None => json!({"uri": logo.uri}),
        };
        members.insert("logo".to_owned(), value);
    }
    Value::Object(members)
}
