//! A private PostgreSQL cluster under the data directory.
