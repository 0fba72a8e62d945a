//! The steps from an empty database to the newest format, in order, frozen once released.

use super::StoreError;

/// One step and the SHA-256 of its text.
struct Migration {
    sql: &'static str,
    #[cfg(test)]
    sha256: &'static str,
}

/// Every step; its place is its number, from 1.
const MIGRATIONS: &[Migration] = &[
    Migration {
        sql: include_str!("../../migrations/001_first_tables.sql"),
        #[cfg(test)]
        sha256: "8f5adb1c215219b7050f00ae2b90a4d7810cec749d05f6a46add9eb12ce809c6",
    },
    Migration {
        sql: include_str!("../../migrations/002_signed_lists.sql"),
        #[cfg(test)]
        sha256: "8fa3865601a588a7ea755e1267efaa0cf2ffb5e4d1aaf0681ad75f8e30d7467c",
    },
    Migration {
        sql: include_str!("../../migrations/003_jwt_vc.sql"),
        #[cfg(test)]
        sha256: "32b35ca0e97eba9ec3399873fb22a4c346020094c19d67bdb843df494d27cdab",
    },
    Migration {
        sql: include_str!("../../migrations/004_linkable_copies.sql"),
        #[cfg(test)]
        sha256: "14e6aa1e95e1d491ec401a3343ab0fc40638b16ac3e2c6bf096dbecb554501f6",
    },
    Migration {
        sql: include_str!("../../migrations/005_verifier_attesters.sql"),
        #[cfg(test)]
        sha256: "1c9257fbc1ba0236ab05f37b733ee4c19bd87254005aca9266a6b61e241708de",
    },
    Migration {
        sql: include_str!("../../migrations/006_copies_used_again.sql"),
        #[cfg(test)]
        sha256: "ef7b9254885cfbccf53211ced51fb48722d9e4db45042f36beb26414613346be",
    },
];

/// The newest format this program knows.
pub(super) const NEWEST: u32 = 6;
const _: () = assert!(
    NEWEST as usize == MIGRATIONS.len(),
    "NEWEST is the number of migrations"
);

/// Brings the database to [`NEWEST`], each step in a transaction of its own.
pub(super) fn run(connection: &mut rusqlite::Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found > NEWEST {
        return Err(StoreError::FromNewerApp { found, known: NEWEST });
    }
    for (number, migration) in (1u32..).zip(MIGRATIONS).skip_while(|(number, _)| *number <= found) {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration.sql)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The format of the database.
pub(super) fn version(connection: &rusqlite::Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};
    use std::fmt::Write as _;

    #[test]
    fn released_steps_are_frozen() {
        for (number, migration) in (1..).zip(MIGRATIONS) {
            let hash = Sha256::digest(migration.sql.as_bytes())
                .iter()
                .fold(String::new(), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
            assert_eq!(
                hash, migration.sha256,
                "migration {number} changed: add a new step instead"
            );
        }
    }

    /// What a person has survives: the documents of format 1, their copies, and the ties between them.
    #[test]
    fn making_room_for_jwt_vcs_loses_nothing() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON;").unwrap();
        connection.execute_batch(MIGRATIONS[0].sql).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO parties (id, role, identifier, name, first_seen, last_seen) VALUES ('p', 'issuer', 'x', 'X', 1, 1);
                 INSERT INTO documents VALUES ('d', 't', 'mso_mdoc', 'n', 'p', 'c', '{}', '', NULL, 9, 'none', NULL, 1, 1);
                 INSERT INTO holder_keys VALUES ('k', 'th', zeroblob(65), x'01', 'j', 'bound', 1);
                 INSERT INTO copies VALUES ('c', 'd', x'02', 'k', 'u', 7, NULL);",
            )
            .unwrap();
        run(&mut connection).unwrap();
        let copies = |connection: &rusqlite::Connection| -> u32 {
            connection
                .query_row("SELECT count(*) FROM copies", [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(copies(&connection), 1);
        connection
            .execute_batch("UPDATE documents SET format = 'jwt_vc_json'")
            .unwrap();
        assert!(
            connection
                .execute_batch("UPDATE documents SET format = 'other'")
                .is_err()
        );
        assert!(connection.execute_batch("UPDATE copies SET document = 'none'").is_err());
        // A copy still goes with its document.
        connection.execute_batch("DELETE FROM documents").unwrap();
        assert_eq!(copies(&connection), 0);
    }

    /// Whom a person trusts survives, each for what they were trusted for and nothing else.
    #[test]
    fn making_room_for_attesters_loses_nobody() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch(MIGRATIONS[0].sql).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO anchors VALUES ('a', 'issuer', 'pem', 'A', 9, 1, 0);
                 INSERT INTO anchors VALUES ('b', 'status', 'pem', 'A', NULL, 2, 1);",
            )
            .unwrap();
        run(&mut connection).unwrap();
        let anchors: Vec<(String, String, Option<i64>, bool)> = connection
            .prepare("SELECT id, role, not_after, sandbox FROM anchors ORDER BY id")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let expected = [("a", "issuer", Some(9), false), ("b", "status", None, true)];
        assert_eq!(
            anchors,
            expected.map(|(id, role, end, sandbox)| (id.to_owned(), role.to_owned(), end, sandbox))
        );
        let add =
            |role: &str| connection.execute("INSERT INTO anchors VALUES (?1, ?1, 'pem', 'A', NULL, 3, 0)", [role]);
        assert!(add("attester").is_ok());
        assert!(add("issuer").is_err(), "the same in the same role is one");
        assert!(add("anything").is_err());
    }

    #[test]
    fn a_newer_format_is_refused() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", NEWEST + 1).unwrap();
        assert_eq!(
            run(&mut connection),
            Err(StoreError::FromNewerApp {
                found: NEWEST + 1,
                known: NEWEST
            })
        );
    }
}
