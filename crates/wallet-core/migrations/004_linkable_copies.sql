-- Whether this copy can be told to belong to another by something both carry beside their details: an issuer that makes copies
-- alike makes visits comparable, and the person is told.
ALTER TABLE copies ADD COLUMN linkable INTEGER NOT NULL DEFAULT 0 CHECK (linkable IN (0, 1));
