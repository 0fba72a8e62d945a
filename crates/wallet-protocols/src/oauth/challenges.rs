//! `WWW-Authenticate` (RFC 9110, 11.6.1): a list of challenges, each a scheme with parameters, in whatever spelling servers
//! use.

use crate::http::HttpResponse;

/// The most characters of one header that are read.
const MAX_HEADER: usize = 4096;

/// One challenge: its scheme in lower case, and its parameters with names in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) scheme: String,
    pub(super) parameters: Vec<(String, String)>,
}

impl Challenge {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Whether a resource server says of the token that it does not count (any more): RFC 6750, 3.1, and RFC 9449, 7.1, in the
/// header, whatever the status; some say 403.
pub(crate) fn refuses_token(response: &HttpResponse) -> bool {
    let client_error = (400..500).contains(&response.status);
    client_error
        && response
            .headers_named("www-authenticate")
            .flat_map(read)
            .any(|challenge| challenge.parameter("error") == Some("invalid_token"))
}

/// The challenges of one header value; what cannot be read is left out.
pub(super) fn read(value: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = value.get(..value.len().min(MAX_HEADER)).unwrap_or_default();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        let after = after.trim_start_matches([' ', '\t']);
        if token.is_empty() {
            // Either the end, or something like `=` that opens nothing.
            match after.chars().next() {
                None => return challenges,
                Some(odd) => rest = after.get(odd.len_utf8()..).unwrap_or_default(),
            }
            continue;
        }
        let name = token.to_ascii_lowercase();
        match after.strip_prefix('=') {
            Some(after) => {
                let (value, after) = parameter_value(after.trim_start_matches([' ', '\t']));
                if let Some(challenge) = challenges.last_mut() {
                    challenge.parameters.push((name, value));
                }
                rest = after;
            }
            None => {
                challenges.push(Challenge {
                    scheme: name,
                    parameters: Vec::new(),
                });
                rest = after;
            }
        }
    }
}

/// A token or quoted string, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        return (value.to_owned(), after);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, quoted.get(at.saturating_add(1)..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            plain => value.push(plain),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_refused_in_the_header_whatever_the_status() {
        let answer =
            |status, value: &str| HttpResponse::new(status, "text/plain", "").with_header("www-authenticate", value);
        for (status, value, refused) in [
            (401, r#"DPoP error="invalid_token""#, true),
            (
                403,
                r#"DPoP error="invalid_token", error_description="Token is not valid", scope"#,
                true,
            ),
            (401, "Bearer error=invalid_token", true),
            (403, r#"Bearer error="insufficient_scope""#, false),
            (401, r#"DPoP error="use_dpop_nonce""#, false),
            (500, r#"Bearer error="invalid_token""#, false),
            (200, r#"Bearer error="invalid_token""#, false),
        ] {
            assert_eq!(refuses_token(&answer(status, value)), refused, "{status} {value}");
        }
    }

    #[test]
    fn challenges_are_read_in_any_spelling() {
        for text in [
            r#"DPoP error="use_dpop_nonce", error_description="a \"nonce\", please""#,
            r#"dpop   ERROR = "use_dpop_nonce""#,
            r#"Bearer realm="x", dPoP algs="ES256",error=use_dpop_nonce"#,
            r#"Basic abc==, DPOP error="use_dpop_nonce""#,
        ] {
            let found = read(text);
            let dpop = found.iter().find(|challenge| challenge.scheme == "dpop").unwrap();
            assert_eq!(dpop.parameter("error"), Some("use_dpop_nonce"), "{text}");
        }
        assert!(read("").is_empty());
        assert_eq!(read("Bearer").len(), 1);
    }

    proptest! {
        #[test]
        fn any_header_ends(text in ".{0,200}") {
            let _ = read(&text);
        }
    }
}
