-- Bytes that are kept, once per content in a workspace. They lie in the file store, under their id.
CREATE TABLE file (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    digest TEXT NOT NULL,            -- SHA-256, hexadecimal
    size INTEGER NOT NULL,              -- bytes
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, digest)
) STRICT;

-- A file that a message names: to be fetched, kept, or held with a reason.
CREATE TABLE attachment (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    place INTEGER NOT NULL,             -- among the files of its message, from 0
    conversation_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    declared TEXT NOT NULL,          -- JSON: what the provider said of it
    state TEXT NOT NULL CHECK (state IN ('due', 'kept', 'held')),
    due_at INTEGER,                     -- when it is asked for next; set while it is due
    in_hand INTEGER NOT NULL DEFAULT 0, -- the number of the try that is under way; 0: none is
    tries INTEGER NOT NULL DEFAULT 0,   -- this one included
    reason TEXT,                     -- why it is held
    detail TEXT,                     -- the last trouble, in words
    file_id INTEGER,                    -- the bytes; set once they are kept
    media_type TEXT,                 -- by its first bytes
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, item_id, place)
) STRICT;
CREATE INDEX attachment_due ON attachment (due_at) WHERE state = 'due';
CREATE INDEX attachment_held ON attachment (workspace_id, account_id, reason) WHERE state = 'held';
CREATE INDEX attachment_file ON attachment (workspace_id, file_id) WHERE file_id IS NOT NULL;

-- Which files are kept, as JSON; null: the usual rules.
ALTER TABLE workspace ADD COLUMN file_rules TEXT;
