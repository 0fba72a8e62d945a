//! DCQL: queries, and their matching over a small wallet.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::{Value, json};
use wallet_credentials::claim;
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::{
    Candidate, CredentialQuery, DcqlQuery, HeldCredential, HeldIndex, Matches, NoMatch, RequestedType, TrustedAuthority,
};

use crate::corpus::SEPARATOR;
use crate::made;

/// A credential in the wallet, as plain data.
#[derive(Clone)]
struct Held {
    format: Format,
    kind: String,
    bound: bool,
    authorities: Vec<Vec<u8>>,
    claims: Value,
}

impl HeldCredential for Held {
    fn format(&self) -> Format {
        self.format
    }

    fn credential_type(&self) -> &str {
        &self.kind
    }

    fn is_holder_bound(&self) -> bool {
        self.bound
    }

    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &self.authorities
    }

    fn claims(&self) -> Cow<'_, Value> {
        Cow::Borrowed(&self.claims)
    }
}

/// Credentials of both formats, bound and not, from two authorities.
fn wallet() -> &'static [Held] {
    static WALLET: LazyLock<Vec<Held>> = LazyLock::new(|| {
        let held = |format, kind: &str, bound, authority: u8, claims| Held {
            format,
            kind: kind.to_owned(),
            bound,
            authorities: vec![vec![authority, 2, 3]],
            claims,
        };
        let licence = |age| json!({made::ISO: {"family_name": "Morgan", "age_over_18": age, "sex": 2}});
        let person = Value::Object(made::claims());
        vec![
            held(Format::MsoMdoc, made::MDL, true, 1, licence(true)),
            held(Format::MsoMdoc, made::MDL, true, 9, licence(false)),
            held(
                Format::MsoMdoc,
                "eu.europa.ec.av.1",
                false,
                1,
                json!({"eu.europa.ec.av.1": {"age_over_18": true}}),
            ),
            held(Format::DcSdJwt, made::VCT, true, 1, person.clone()),
            held(Format::DcSdJwt, made::VCT, false, 9, person),
            held(
                Format::DcSdJwt,
                "x",
                true,
                1,
                json!({"a": [[1, 2], [3]], "b": {"c": null}, "d": 1.0, "e": "1"}),
            ),
        ]
    });
    &WALLET
}

/// A query for type `x`, and a credential of it.
pub fn seed() -> Vec<u8> {
    let claims = json!([{"path": ["a", null, 0], "values": ["1", 1, true]}, {"path": ["b", "c"]}]);
    let query =
        json!({"credentials": [{"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}, "claims": claims}]});
    format!("{query}\u{1e}{}", json!({"a": [[1, 2], [3]], "b": {"c": null}})).into_bytes()
}

/// A query in JSON, and perhaps, after a separator, the claims of one more credential of type `x`. What matches obeys the
/// query to the letter; what does not has a reason.
pub fn dcql(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == SEPARATOR);
    let query = parts.next().unwrap_or_default();
    let Ok(query) = DcqlQuery::parse(query) else {
        return;
    };
    let mut held = wallet().to_vec();
    if let Some(claims) = parts
        .next()
        .and_then(|claims| serde_json::from_slice::<Value>(claims).ok())
    {
        let (bound, authorities) = (true, vec![vec![1, 2, 3]]);
        for format in [Format::DcSdJwt, Format::MsoMdoc] {
            held.push(Held {
                format,
                kind: "x".to_owned(),
                bound,
                authorities: authorities.clone(),
                claims: claims.clone(),
            });
        }
    }
    let found = query.matches(&held, &HeldIndex::new(&held));
    assert_eq!(found.queries.len(), query.credentials().len());
    for (asked, found) in query.credentials().iter().zip(&found.queries) {
        assert_eq!(found.id, asked.id);
        assert_eq!(found.miss.is_some(), found.candidates.is_empty());
        for (position, credential) in held.iter().enumerate() {
            let candidate = found
                .candidates
                .iter()
                .find(|candidate| candidate.credential == position);
            assert_eq!(
                expected(asked, credential),
                candidate.map(|c| (c.claim_set, c.disclose.clone()))
            );
        }
        let Some(miss) = &found.miss else { continue };
        assert!(miss.nearest.is_none_or(|nearest| nearest < held.len()));
        if let NoMatch::ClaimsMissing(missing) = &miss.reason {
            assert!(!missing.is_empty());
            assert!(missing.iter().all(|one| asked.claims[one.claim].path == one.path));
        }
    }
    sets(&query, &found);
}

/// What section 6.4.1 says about one credential, told in another way than the matcher does: `None`, or the claim set and
/// the paths to disclose.
fn expected(query: &CredentialQuery, held: &Held) -> Option<(Option<usize>, Vec<claim::ClaimPath>)> {
    let right_type = match &query.requested {
        RequestedType::SdJwtVc(types) => {
            held.format == Format::DcSdJwt && types.as_ref().is_none_or(|types| types.contains(&held.kind))
        }
        RequestedType::Mdoc(kind) => {
            held.format == Format::MsoMdoc && kind.as_ref().is_none_or(|kind| *kind == held.kind)
        }
        _ => false,
    };
    let accepted = |authority: &TrustedAuthority| match authority {
        TrustedAuthority::KeyIdentifiers(known) => known.iter().any(|known| held.authorities.contains(known)),
        _ => false,
    };
    let authorities = &query.trusted_authorities;
    let fits = right_type
        && (held.bound || !query.require_holder_binding)
        && (authorities.is_empty() || authorities.iter().any(accepted));
    if !fits {
        return None;
    }
    let has = |at: &usize| {
        let claim = &query.claims[*at];
        claim::select(&held.claims, &claim.path).is_ok_and(|found| {
            let right =
                |value: &&Value| claim.values.is_empty() || claim.values.iter().any(|wanted| wanted.equals(value));
            found.iter().any(right)
        })
    };
    let disclose = |set: &[usize]| {
        let mut paths = Vec::new();
        for at in set {
            if !paths.contains(&query.claims[*at].path) {
                paths.push(query.claims[*at].path.clone());
            }
        }
        paths
    };
    if query.claim_sets.is_empty() {
        let all: Vec<usize> = (0..query.claims.len()).collect();
        return all.iter().all(has).then(|| (None, disclose(&all)));
    }
    let chosen = query.claim_sets.iter().position(|set| set.iter().all(has))?;
    Some((Some(chosen), disclose(&query.claim_sets[chosen])))
}

/// Section 6.4.2: which queries are answered.
fn sets(query: &DcqlQuery, found: &Matches) {
    let answerable = |at: &usize| -> bool {
        let candidates: &[Candidate] = &found.queries[*at].candidates;
        !candidates.is_empty()
    };
    assert_eq!(found.sets.len(), query.sets().len());
    for (asked, found) in query.sets().iter().zip(&found.sets) {
        assert_eq!(found.required, asked.required);
        let possible: Vec<_> = asked
            .options
            .iter()
            .filter(|option| option.iter().all(answerable))
            .cloned()
            .collect();
        assert_eq!(found.satisfiable_options, possible);
    }
    let all: Vec<usize> = (0..found.queries.len()).collect();
    let satisfiable = if found.sets.is_empty() {
        all.iter().all(answerable)
    } else {
        found
            .sets
            .iter()
            .all(|set| !set.required || !set.satisfiable_options.is_empty())
    };
    assert_eq!(found.satisfiable, satisfiable);
    assert_eq!(found.unsatisfied().is_empty(), satisfiable);
    let Some(proposal) = found.proposal() else {
        assert!(!satisfiable, "an answer exists and none is proposed");
        return;
    };
    let answered = found
        .queries_to_answer(&proposal.choice)
        .expect("what is proposed can be chosen");
    assert!(
        satisfiable && answered.iter().all(answerable),
        "an answer for which there is no credential"
    );
    let proposed: Vec<usize> = proposal.answers.iter().map(|answer| answer.query).collect();
    assert_eq!(proposed, answered.into_iter().collect::<Vec<_>>());
    assert_eq!(found.proposal_for(&proposal.choice).as_ref(), Ok(&proposal));
}
