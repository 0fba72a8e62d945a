//! COSE structures of mdoc (RFC 9052).
