//! The practice services: what each asks for, why, and how (`data/services.json`).

use serde::Deserialize;
use serde_json::Value;
use wallet_credentials::trust::Purpose;

use crate::pki::{Certified, Pki};
use crate::spec::{ClientIdPrefix, RequestUriMethod, ResponseModeName, ServiceName};

/// One service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) name: ServiceName,
    /// The last part of its page's path.
    pub(crate) path: String,
    pub(crate) trading_name: String,
    pub(crate) legal_name: String,
    pub(crate) title: String,
    pub(crate) intro: Vec<String>,
    pub(crate) client_id_prefix: ClientIdPrefix,
    pub(crate) response_mode: ResponseModeName,
    pub(crate) request_uri_method: RequestUriMethod,
    /// Its entry in the register, where it has one.
    #[serde(default)]
    pub(crate) register: Option<Registration>,
    /// What it asks for (OpenID4VP 1.0, 6).
    pub(crate) dcql: Value,
}

/// What a service registered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// Who asks on its behalf, where somebody does.
    #[serde(default)]
    pub(crate) intermediary: Option<String>,
    pub(crate) purposes: Vec<Purpose>,
    pub(crate) privacy_url: String,
    pub(crate) contact: String,
}

impl Service {
    /// The services that were built in.
    pub(crate) fn built_in() -> Result<Vec<Self>, serde_json::Error> {
        serde_json::from_str(include_str!("../data/services.json"))
    }

    /// The key and certificate it signs requests with.
    pub(crate) const fn certified<'a>(&self, pki: &'a Pki) -> &'a Certified {
        match self.name {
            ServiceName::GpRegistration => &pki.gp,
            ServiceName::ShopAge => &pki.shop,
            ServiceName::EmployerRightToWork => &pki.employer,
            ServiceName::TooMuch => &pki.stranger,
        }
    }

    /// The names of the details it asks for, for people: document by document.
    pub(crate) fn asks(&self) -> Vec<Ask> {
        let optional = |id: &str| {
            let sets = self.dcql.get("credential_sets").and_then(Value::as_array);
            sets.into_iter().flatten().any(|set| {
                let names_it = set
                    .get("options")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .any(|option| {
                        option
                            .as_array()
                            .into_iter()
                            .flatten()
                            .any(|member| member.as_str() == Some(id))
                    });
                names_it && set.get("required").and_then(Value::as_bool) == Some(false)
            })
        };
        let queries = self.dcql.get("credentials").and_then(Value::as_array);
        queries
            .into_iter()
            .flatten()
            .map(|query| {
                let id = query.get("id").and_then(Value::as_str).unwrap_or_default();
                let meta = query.get("meta");
                let type_id = meta
                    .and_then(|meta| {
                        meta.get("doctype_value")
                            .or_else(|| meta.get("vct_values").and_then(|values| values.get(0)))
                    })
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let claims = query.get("claims").and_then(Value::as_array);
                let elements = claims
                    .into_iter()
                    .flatten()
                    .filter_map(|claim| claim.get("path")?.as_array()?.last()?.as_str())
                    .map(str::to_owned)
                    .collect();
                Ask {
                    type_id: type_id.to_owned(),
                    elements,
                    optional: optional(id),
                }
            })
            .collect()
    }
}

/// Details asked for from one document.
pub(crate) struct Ask {
    pub(crate) type_id: String,
    pub(crate) elements: Vec<String>,
    pub(crate) optional: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{DocumentType, label};
    use wallet_protocols::dcql::DcqlQuery;

    #[test]
    fn every_service_is_there_and_its_query_is_valid() {
        let services = Service::built_in().unwrap();
        assert_eq!(
            services.iter().map(|service| service.name).collect::<Vec<_>>(),
            ServiceName::ALL
        );
        for service in &services {
            DcqlQuery::parse(service.dcql.to_string().as_bytes()).unwrap();
        }
    }

    #[test]
    fn services_ask_only_for_what_practice_documents_can_hold() {
        for service in Service::built_in().unwrap() {
            for ask in service.asks() {
                let document = DocumentType::ALL
                    .into_iter()
                    .find(|document| document.type_id() == ask.type_id)
                    .unwrap();
                let known = document.elements();
                for element in &ask.elements {
                    assert!(known.iter().any(|(_, name)| name == element), "{element}");
                    assert_ne!(&label(element).en, element);
                }
            }
        }
    }

    #[test]
    fn a_registered_service_asks_for_nothing_it_did_not_register() {
        for service in Service::built_in().unwrap() {
            let Some(register) = &service.register else { continue };
            let allowed: Vec<_> = register.purposes.iter().flat_map(|purpose| &purpose.allowed).collect();
            for ask in service.asks() {
                for element in ask.elements {
                    let names_it = |path: &wallet_credentials::claim::ClaimPath| {
                        path.to_string().contains(&format!("\"{element}\""))
                    };
                    let found = allowed
                        .iter()
                        .any(|allowed| allowed.document_type == ask.type_id && names_it(&allowed.path));
                    assert!(found, "{} {element}", service.path);
                }
            }
        }
    }
}
