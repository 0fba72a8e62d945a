//! The credential formats of this wallet.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Credential Format Identifier (OpenID4VCI 1.0, Appendix A; OpenID4VP 1.0, Appendix B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// ISO mdoc (ISO/IEC 18013-5:2021).
    #[serde(rename = "mso_mdoc")]
    MsoMdoc,
    /// SD-JWT VC (RFC 9901 and draft-ietf-oauth-sd-jwt-vc).
    #[serde(rename = "dc+sd-jwt")]
    DcSdJwt,
    /// W3C credential in a JWT, shown whole (W3C VCDM 1.1 and 2.0; OpenID4VP 1.0, B.1.3.1).
    #[serde(rename = "jwt_vc_json")]
    JwtVcJson,
}

impl Format {
    /// The identifier as it stands in protocol messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MsoMdoc => "mso_mdoc",
            Self::DcSdJwt => "dc+sd-jwt",
            Self::JwtVcJson => "jwt_vc_json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
