//! Certificate chains and trust anchors.
