-- Deliveries and channels as people look at them.

-- Entries are listed newest first: by state under a connection or an account, and what is held by its cause. None of
-- these begins with the workspace: where nothing else is known of an entry, its key is the way to it.
ALTER TABLE entry ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0;
UPDATE entry SET account_id = COALESCE((SELECT c.account_id FROM conversation c
    WHERE c.workspace_id = entry.workspace_id AND c.id = entry.conversation_id), 0);
CREATE INDEX entry_list ON entry (connection_id, state, id);
CREATE INDEX entry_account ON entry (account_id, state, id);
CREATE INDEX entry_held ON entry (reason, workspace_id, id) WHERE state = 'held';
CREATE INDEX entry_part_unknown ON entry_part (workspace_id, entry_id) WHERE unknown_since IS NOT NULL;

-- What a raw request came to when it was last read; null: not read yet, or before this was kept.
ALTER TABLE intake ADD COLUMN made INTEGER;     -- messages and events that were new
ALTER TABLE intake ADD COLUMN changed INTEGER;  -- that changed something
ALTER TABLE intake ADD COLUMN repeated INTEGER; -- that were known already
CREATE INDEX intake_source ON intake (workspace_id, source_key, id);
CREATE INDEX quarantine_workspace ON quarantine (workspace_id, intake_id);
CREATE INDEX account_source ON account (workspace_id, source_key);
