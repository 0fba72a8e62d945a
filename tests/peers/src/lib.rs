//! Nothing stands here: the benches and tests are the content.
