CREATE TABLE lists (
    -- The newest signed lists fetched from the scheme of this profile. A list that is older is never taken.
    kind       TEXT PRIMARY KEY CHECK (kind IN ('trust-list', 'register')),
    -- Who issued it, and its number: what may not go back.
    iss        TEXT NOT NULL,
    sequence   INTEGER NOT NULL CHECK (sequence >= 0),
    -- SHA-256 of the text.
    sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
    -- The list as it was signed (compact JWS); verified anew each time it is read.
    text       TEXT NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT;
