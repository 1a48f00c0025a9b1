-- On which record an entry was attempted: its person may be linked anew before what became of it is known. And when, by the
-- CRM's clock as far as we knew it: what it made bears that time.
ALTER TABLE attempt ADD COLUMN on_module TEXT;
ALTER TABLE attempt ADD COLUMN on_id TEXT;
ALTER TABLE attempt ADD COLUMN crm_at INTEGER;
