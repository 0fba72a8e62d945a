-- A fourth thing an anchor can be trusted for. SQLite cannot change a CHECK, so the table is made anew.
CREATE TABLE anchors_2 (
    -- Private trust anchors the person added, and those of the practice profile.
    id        TEXT PRIMARY KEY,
    -- `attester`: signs Verifier Attestation JWTs, and so vouches for who a service is.
    role      TEXT NOT NULL CHECK (role IN ('issuer', 'service', 'status', 'attester')),
    -- PEM of one certificate, or a DID.
    material  TEXT NOT NULL,
    -- Certificate subject or the DID, as listed.
    subject   TEXT NOT NULL,
    not_after INTEGER,
    added_at  INTEGER NOT NULL,
    sandbox   INTEGER NOT NULL CHECK (sandbox IN (0, 1)),
    UNIQUE (role, material)
) STRICT;
INSERT INTO anchors_2 SELECT id, role, material, subject, not_after, added_at, sandbox FROM anchors;
DROP TABLE anchors;
ALTER TABLE anchors_2 RENAME TO anchors;
