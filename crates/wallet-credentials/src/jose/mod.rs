//! JOSE: compact JWS and JWE, JWKs.

pub mod base64url;
