//! IPC tests.
