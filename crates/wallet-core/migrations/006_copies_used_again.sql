-- When a copy was used last. That it was given away, and when first, is another question: when fresh copies are wanted depends on
-- that alone.
ALTER TABLE copies ADD COLUMN used_at INTEGER;
