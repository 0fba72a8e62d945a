//! See the crate description in `docs/architecture.md`.
